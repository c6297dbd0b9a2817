//! The flat form of a schema: tables of `u32` words and one text.
//!
//! Nothing in here is an address, so the tables can be written to a file as they are. Records
//! have a fixed width per table; lists of variable length live in [`Tables::lists`] as a count
//! followed by the items, and index 0 there is the empty list. [`NONE`] stands for absence.

/// Absent id, string or index.
pub(crate) const NONE: u32 = u32::MAX;

/// Number of word tables, in the order of [`Tables::all`].
pub(crate) const TABLE_COUNT: usize = 11;

/// Word tables and the text they point into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tables {
    /// Schema nodes: [`node`].
    pub(crate) nodes: Vec<u32>,
    /// Rare properties of nodes: [`extra`]; record 0 is the empty one.
    pub(crate) extras: Vec<u32>,
    /// Types: [`type_`].
    pub(crate) types: Vec<u32>,
    /// Modules: [`module`].
    pub(crate) modules: Vec<u32>,
    /// Identities: [`identity`], ordered by module, then name.
    pub(crate) identities: Vec<u32>,
    /// XPath expressions: [`expr`].
    pub(crate) exprs: Vec<u32>,
    /// `must` statements: [`must`].
    pub(crate) musts: Vec<u32>,
    /// Extension statements: [`extension`].
    pub(crate) extensions: Vec<u32>,
    /// Lists of variable length.
    pub(crate) lists: Vec<u32>,
    /// Ends of the strings in [`Tables::text`]; string n starts at the end of n - 1.
    pub(crate) strings: Vec<u32>,
    /// Child index: open addressing over [`crate::hash::child_slot`], node id + 1 or 0.
    pub(crate) index: Vec<u32>,
    /// All strings, one after the other.
    pub(crate) text: Box<str>,
}

/// Words of a node record.
pub(crate) mod node {
    pub(crate) const WIDTH: usize = 12;
    /// Kind in the low byte, flags above.
    pub(crate) const KIND_FLAGS: usize = 0;
    pub(crate) const NAME: usize = 1;
    pub(crate) const MODULE: usize = 2;
    pub(crate) const PARENT: usize = 3;
    pub(crate) const DATA_PARENT: usize = 4;
    /// Id after the last descendant.
    pub(crate) const END: usize = 5;
    pub(crate) const TYPE: usize = 6;
    /// Leaf: default string. Choice: default case. List: list of key ids.
    pub(crate) const SPECIAL: usize = 7;
    pub(crate) const DESCRIPTION: usize = 8;
    pub(crate) const EXTRA: usize = 9;
    /// String: name of the file.
    pub(crate) const FILE: usize = 10;
    pub(crate) const LINE: usize = 11;

    pub(crate) const CONFIG: u32 = 1 << 8;
    pub(crate) const MANDATORY: u32 = 1 << 9;
    pub(crate) const PRESENCE: u32 = 1 << 10;
    pub(crate) const USER_ORDERED: u32 = 1 << 11;
    pub(crate) const KEY: u32 = 1 << 12;
    pub(crate) const DEPRECATED: u32 = 1 << 13;
    pub(crate) const OBSOLETE: u32 = 1 << 14;
    pub(crate) const AUGMENTED: u32 = 1 << 15;
}

/// Words of a record of rare node properties.
pub(crate) mod extra {
    pub(crate) const WIDTH: usize = 10;
    pub(crate) const UNITS: usize = 0;
    pub(crate) const MIN: usize = 1;
    /// [`super::NONE`]: unbounded.
    pub(crate) const MAX: usize = 2;
    pub(crate) const MUSTS: usize = 3;
    /// Pairs of expression and context node.
    pub(crate) const WHENS: usize = 4;
    pub(crate) const EXTENSIONS: usize = 5;
    /// List of lists of node ids.
    pub(crate) const UNIQUES: usize = 6;
    /// Leaf-list defaults: strings.
    pub(crate) const DEFAULTS: usize = 7;
    pub(crate) const REFERENCE: usize = 8;
    pub(crate) const PRESENCE: usize = 9;
}

/// Words of a type record.
pub(crate) mod type_ {
    pub(crate) const WIDTH: usize = 16;
    /// Kind in the low byte, flags above.
    pub(crate) const KIND_FLAGS: usize = 0;
    /// Name of the outermost typedef, or none for a type used directly.
    pub(crate) const TYPEDEF: usize = 1;
    pub(crate) const TYPEDEF_MODULE: usize = 2;
    /// The type this one restricts.
    pub(crate) const BASE: usize = 3;
    pub(crate) const DEFAULT: usize = 4;
    pub(crate) const UNITS: usize = 5;
    /// Quadruples: low word and high word of low, then of high bound.
    pub(crate) const RANGES: usize = 6;
    /// As ranges.
    pub(crate) const LENGTHS: usize = 7;
    /// Pairs of string and invert flag.
    pub(crate) const PATTERNS: usize = 8;
    /// Enumeration, bits: pairs of string and value. Identityref: identities. Union: types.
    pub(crate) const MEMBERS: usize = 9;
    pub(crate) const FRACTION_DIGITS: usize = 10;
    pub(crate) const PATH: usize = 11;
    pub(crate) const TARGET: usize = 12;
    pub(crate) const REAL: usize = 13;
    /// Triples of message, app-tag and which restriction: see [`super::super::Type`].
    pub(crate) const MESSAGES: usize = 14;
    /// Extension statements.
    pub(crate) const EXTENSIONS: usize = 15;

    pub(crate) const REQUIRE_INSTANCE: u32 = 1 << 8;
}

/// Words of a module record.
pub(crate) mod module {
    pub(crate) const WIDTH: usize = 12;
    pub(crate) const NAME: usize = 0;
    pub(crate) const NAMESPACE: usize = 1;
    pub(crate) const PREFIX: usize = 2;
    pub(crate) const REVISION: usize = 3;
    pub(crate) const FLAGS: usize = 4;
    /// Strings: features that are on.
    pub(crate) const FEATURES: usize = 5;
    /// Pairs of name and revision.
    pub(crate) const SUBMODULES: usize = 6;
    pub(crate) const EXTENSIONS: usize = 7;
    pub(crate) const FILE: usize = 8;
    /// Pairs of string and module: prefixes as the main file of the module declares them.
    pub(crate) const PREFIXES: usize = 9;
    /// Modules that deviate this one.
    pub(crate) const DEVIATIONS: usize = 10;
    pub(crate) const DESCRIPTION: usize = 11;

    pub(crate) const IMPLEMENTED: u32 = 1;
    pub(crate) const VERSION_1_1: u32 = 2;
}

/// Words of an identity record.
pub(crate) mod identity {
    pub(crate) const WIDTH: usize = 6;
    pub(crate) const NAME: usize = 0;
    pub(crate) const MODULE: usize = 1;
    pub(crate) const BASES: usize = 2;
    /// Every identity this one derives from, ascending.
    pub(crate) const ANCESTORS: usize = 3;
    /// Status in the low bits.
    pub(crate) const FLAGS: usize = 4;
    pub(crate) const DESCRIPTION: usize = 5;

    pub(crate) const DEPRECATED: u32 = 1;
    pub(crate) const OBSOLETE: u32 = 2;
    /// Switched off by `if-feature`: no value.
    pub(crate) const DISABLED: u32 = 4;
}

/// Words of an expression record.
pub(crate) mod expr {
    pub(crate) const WIDTH: usize = 3;
    pub(crate) const TEXT: usize = 0;
    /// Module of names without a prefix.
    pub(crate) const MODULE: usize = 1;
    /// Pairs of prefix string and module.
    pub(crate) const PREFIXES: usize = 2;
}

/// Words of a `must` record.
pub(crate) mod must {
    pub(crate) const WIDTH: usize = 4;
    pub(crate) const EXPR: usize = 0;
    pub(crate) const MESSAGE: usize = 1;
    pub(crate) const APP_TAG: usize = 2;
    pub(crate) const DESCRIPTION: usize = 3;
}

/// Words of an extension record.
pub(crate) mod extension {
    pub(crate) const WIDTH: usize = 4;
    /// None for a statement of YANG itself below an extension statement.
    pub(crate) const MODULE: usize = 0;
    pub(crate) const KEYWORD: usize = 1;
    pub(crate) const ARGUMENT: usize = 2;
    /// Extension records of the substatements.
    pub(crate) const CHILDREN: usize = 3;
}

impl Tables {
    /// The word tables in the order of the cache form.
    pub(crate) fn all(&self) -> [&Vec<u32>; TABLE_COUNT] {
        [
            &self.nodes,
            &self.extras,
            &self.types,
            &self.modules,
            &self.identities,
            &self.exprs,
            &self.musts,
            &self.extensions,
            &self.lists,
            &self.strings,
            &self.index,
        ]
    }

    /// As [`Tables::all`], to fill.
    pub(crate) fn all_mut(&mut self) -> [&mut Vec<u32>; TABLE_COUNT] {
        [
            &mut self.nodes,
            &mut self.extras,
            &mut self.types,
            &mut self.modules,
            &mut self.identities,
            &mut self.exprs,
            &mut self.musts,
            &mut self.extensions,
            &mut self.lists,
            &mut self.strings,
            &mut self.index,
        ]
    }

    pub(crate) fn node(&self, id: u32, field: usize) -> u32 {
        self.nodes[id as usize * node::WIDTH + field]
    }

    pub(crate) fn extra(&self, record: u32, field: usize) -> u32 {
        self.extras[record as usize * extra::WIDTH + field]
    }

    pub(crate) fn type_(&self, id: u32, field: usize) -> u32 {
        self.types[id as usize * type_::WIDTH + field]
    }

    pub(crate) fn module(&self, id: u32, field: usize) -> u32 {
        self.modules[id as usize * module::WIDTH + field]
    }

    pub(crate) fn identity(&self, id: u32, field: usize) -> u32 {
        self.identities[id as usize * identity::WIDTH + field]
    }

    pub(crate) fn expr(&self, id: u32, field: usize) -> u32 {
        self.exprs[id as usize * expr::WIDTH + field]
    }

    pub(crate) fn must(&self, id: u32, field: usize) -> u32 {
        self.musts[id as usize * must::WIDTH + field]
    }

    pub(crate) fn extension(&self, id: u32, field: usize) -> u32 {
        self.extensions[id as usize * extension::WIDTH + field]
    }

    /// The list at an index: its items.
    pub(crate) fn list(&self, index: u32) -> &[u32] {
        let start = index as usize;
        let count = self.lists[start] as usize;
        &self.lists[start + 1..start + 1 + count]
    }

    /// The string of an id.
    pub(crate) fn string(&self, id: u32) -> &str {
        let at = id as usize;
        let start = if at == 0 { 0 } else { self.strings[at - 1] as usize };
        &self.text[start..self.strings[at] as usize]
    }

    /// The string of an id that may be absent.
    pub(crate) fn string_opt(&self, id: u32) -> Option<&str> {
        (id != NONE).then(|| self.string(id))
    }
}

/// `id` unless it stands for absence.
pub(crate) fn present(id: u32) -> Option<u32> {
    (id != NONE).then_some(id)
}
