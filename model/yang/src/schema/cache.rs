//! The cache form: header, word tables, text; little-endian throughout.
//!
//! Reading checks length and checksum of everything and then every index once, so that corrupt or
//! forged bytes yield an error and no later panic.

use super::Schema;
use super::node::NodeKind;
use super::tables::{
    NONE, TABLE_COUNT, Tables, expr, extension, extra, identity, module, must, node, type_,
};
use super::types::TypeKind;
use crate::hash::{checksum, child_slot};

/// First bytes of the cache form.
const MAGIC: [u8; 8] = *b"WEFTYANG";
/// To be raised with every change of tables, compiler rules or hash.
const FORMAT_VERSION: u32 = 1;
/// Magic, version, number of tables, checksum, lengths of tables and text.
const HEADER_BYTES: usize = 8 + 4 + 4 + 8 + 4 * (TABLE_COUNT + 1);

/// Why bytes are no schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CacheError {
    /// They do not start like the cache form.
    #[error("not a compiled schema")]
    NotASchema,
    /// They were written by another version: compile again.
    #[error("compiled schema of format {found}, this program reads {FORMAT_VERSION}")]
    OtherVersion {
        /// The version in the bytes.
        found: u32,
    },
    /// They are cut short or too long.
    #[error("compiled schema is {found} bytes long, its header says {expected}")]
    Length {
        /// Bytes that are there.
        found: usize,
        /// Bytes that should be.
        expected: usize,
    },
    /// Some byte changed.
    #[error("compiled schema does not match its checksum")]
    Checksum,
    /// The checksum is right but the content is not.
    #[error("compiled schema is inconsistent: {what}")]
    Inconsistent {
        /// The table concerned.
        what: &'static str,
    },
}

impl Schema {
    /// The cache form, to be opened with [`Schema::from_bytes`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let body = body(&self.tables);
        let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes.extend_from_slice(&(TABLE_COUNT as u32).to_le_bytes());
        bytes.extend_from_slice(&self.fingerprint.to_le_bytes());
        for table in self.tables.all() {
            bytes.extend_from_slice(&(table.len() as u32).to_le_bytes());
        }
        bytes.extend_from_slice(&(self.tables.text.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&body);
        bytes
    }

    /// Opens the cache form; `bytes` may be a mapped file and is not kept.
    ///
    /// # Errors
    /// When the bytes are of another version, damaged or forged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CacheError> {
        let (header, body) = bytes.split_at_checked(HEADER_BYTES).ok_or(CacheError::NotASchema)?;
        let word = |at: usize| {
            u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        if header[..8] != MAGIC {
            return Err(CacheError::NotASchema);
        }
        if word(8) != FORMAT_VERSION || word(12) as usize != TABLE_COUNT {
            return Err(CacheError::OtherVersion { found: word(8) });
        }
        let fingerprint = u64::from(word(16)) | u64::from(word(20)) << 32;
        let lengths: Vec<usize> =
            (0..=TABLE_COUNT).map(|table| word(24 + 4 * table) as usize).collect();
        let text_bytes = lengths[TABLE_COUNT];
        let expected =
            lengths[..TABLE_COUNT].iter().map(|length| 4 * length).sum::<usize>() + text_bytes;
        if body.len() != expected {
            return Err(CacheError::Length {
                found: bytes.len(),
                expected: expected + HEADER_BYTES,
            });
        }
        if checksum(body) != fingerprint {
            return Err(CacheError::Checksum);
        }
        let tables = read_tables(body, &lengths)?;
        check(&tables)?;
        Ok(Self::with_fingerprint(tables, fingerprint))
    }
}

/// The fingerprint of tables is the checksum of their cache form.
pub(super) fn fingerprint(tables: &Tables) -> u64 {
    checksum(&body(tables))
}

fn body(tables: &Tables) -> Vec<u8> {
    let words: usize = tables.all().iter().map(|table| table.len()).sum();
    let mut body = Vec::with_capacity(4 * words + tables.text.len());
    for table in tables.all() {
        body.extend(table.iter().flat_map(|word| word.to_le_bytes()));
    }
    body.extend_from_slice(tables.text.as_bytes());
    body
}

fn read_tables(body: &[u8], lengths: &[usize]) -> Result<Tables, CacheError> {
    let mut tables = Tables::default();
    let mut rest = body;
    for (table, length) in tables.all_mut().into_iter().zip(lengths) {
        let (words, after) = rest.split_at(4 * length);
        let (words, _) = words.as_chunks::<4>();
        *table = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
        rest = after;
    }
    let text = std::str::from_utf8(rest).map_err(|_| inconsistent("text"))?;
    tables.text = text.into();
    Ok(tables)
}

fn inconsistent(what: &'static str) -> CacheError {
    CacheError::Inconsistent { what }
}

/// Numbers of records, to compare indices with.
struct Counts {
    nodes: u32,
    extras: u32,
    types: u32,
    modules: u32,
    identities: u32,
    exprs: u32,
    musts: u32,
    extensions: u32,
    strings: u32,
}

/// Looks at every index once; afterwards no accessor can leave its table or run in a circle.
fn check(tables: &Tables) -> Result<(), CacheError> {
    let counts = count(tables)?;
    check_strings(tables)?;
    let checker = Checker { tables, counts: &counts };
    checker.nodes()?;
    checker.extras()?;
    checker.types()?;
    checker.modules()?;
    checker.identities()?;
    checker.exprs()?;
    checker.musts()?;
    checker.extensions()?;
    checker.index()
}

fn count(tables: &Tables) -> Result<Counts, CacheError> {
    let records = |table: &Vec<u32>, width: usize, what| {
        if table.len().is_multiple_of(width) {
            Ok((table.len() / width) as u32)
        } else {
            Err(inconsistent(what))
        }
    };
    Ok(Counts {
        nodes: records(&tables.nodes, node::WIDTH, "nodes")?,
        extras: records(&tables.extras, extra::WIDTH, "extras")?,
        types: records(&tables.types, type_::WIDTH, "types")?,
        modules: records(&tables.modules, module::WIDTH, "modules")?,
        identities: records(&tables.identities, identity::WIDTH, "identities")?,
        exprs: records(&tables.exprs, expr::WIDTH, "expressions")?,
        musts: records(&tables.musts, must::WIDTH, "musts")?,
        extensions: records(&tables.extensions, extension::WIDTH, "extensions")?,
        strings: tables.strings.len() as u32,
    })
}

fn check_strings(tables: &Tables) -> Result<(), CacheError> {
    let mut last = 0;
    for end in &tables.strings {
        if *end < last || !tables.text.is_char_boundary(*end as usize) {
            return Err(inconsistent("strings"));
        }
        last = *end;
    }
    Ok(())
}

struct Checker<'t> {
    tables: &'t Tables,
    counts: &'t Counts,
}

impl Checker<'_> {
    fn nodes(&self) -> Result<(), CacheError> {
        let ok = !self.tables.nodes.is_empty()
            && self
                .tables
                .nodes
                .chunks_exact(node::WIDTH)
                .enumerate()
                .all(|(id, record)| self.node(id as u32, record));
        if ok { Ok(()) } else { Err(inconsistent("nodes")) }
    }

    fn node(&self, id: u32, record: &[u32]) -> bool {
        let counts = self.counts;
        let kind = (record[node::KIND_FLAGS] & 0xff) as usize;
        let parent = record[node::PARENT];
        let tree = if id == 0 {
            parent == NONE && record[node::DATA_PARENT] == NONE && record[node::END] == counts.nodes
        } else {
            // The parent precedes and its subtree encloses; data parents likewise precede.
            parent < id
                && record[node::END] <= self.tables.node(parent, node::END)
                && record[node::DATA_PARENT] <= parent
        };
        let special = record[node::SPECIAL];
        tree && record[node::END] > id
            && record[node::END] <= counts.nodes
            && kind < NodeKind::ALL.len()
            && match NodeKind::ALL[kind] {
                NodeKind::List => self.list_below(special, counts.nodes),
                NodeKind::Choice => special == NONE || special < counts.nodes,
                NodeKind::Leaf => self.string_opt(special),
                _ => true,
            }
            && record[node::NAME] < counts.strings
            && record[node::MODULE] < counts.modules.max(1)
            && below_opt(record[node::TYPE], counts.types)
            && self.string_opt(record[node::DESCRIPTION])
            && record[node::EXTRA] < counts.extras
            && record[node::FILE] < counts.strings
    }

    fn extras(&self) -> Result<(), CacheError> {
        self.records(&self.tables.extras, extra::WIDTH, "extras", |_, record| {
            let uniques = self.list(record[extra::UNIQUES]);
            self.string_opt(record[extra::UNITS])
                && self.string_opt(record[extra::REFERENCE])
                && self.string_opt(record[extra::PRESENCE])
                && self.list_below(record[extra::MUSTS], self.counts.musts)
                && self.list(record[extra::WHENS]).is_some_and(|pairs| {
                    pairs.chunks(2).all(|pair| {
                        pair.len() == 2
                            && pair[0] < self.counts.exprs
                            && pair[1] < self.counts.nodes
                    })
                })
                && self.list_below(record[extra::EXTENSIONS], self.counts.extensions)
                && self.list_below(record[extra::DEFAULTS], self.counts.strings)
                && uniques.is_some_and(|lists| {
                    lists.iter().all(|list| self.list_below(*list, self.counts.nodes))
                })
        })
    }

    fn types(&self) -> Result<(), CacheError> {
        let counts = self.counts;
        self.records(&self.tables.types, type_::WIDTH, "types", |id, record| {
            let kind = (record[type_::KIND_FLAGS] & 0xff) as usize;
            let multiple = |list, of| self.list(list).is_some_and(|items| items.len() % of == 0);
            kind < TypeKind::ALL.len()
                && self.string_opt(record[type_::TYPEDEF])
                && below_opt(record[type_::TYPEDEF_MODULE], counts.modules)
                // Types are made after what they rest on, so chains end.
                && below_opt(record[type_::BASE], id)
                && self.string_opt(record[type_::DEFAULT])
                && self.string_opt(record[type_::UNITS])
                && multiple(record[type_::RANGES], 4)
                && multiple(record[type_::LENGTHS], 4)
                && self.firsts(record[type_::PATTERNS], 2, counts.strings)
                && self.members(TypeKind::ALL[kind], id, record[type_::MEMBERS])
                && below_opt(record[type_::PATH], counts.exprs)
                && below_opt(record[type_::TARGET], counts.nodes)
                && below_opt(record[type_::REAL], counts.types)
                && self.list(record[type_::MESSAGES]).is_some_and(|entries| {
                    entries.chunks(3).all(|entry| {
                        entry.len() == 3 && self.string_opt(entry[1]) && self.string_opt(entry[2])
                    })
                })
                && self.list_below(record[type_::EXTENSIONS], counts.extensions)
        })
    }

    fn members(&self, kind: TypeKind, id: u32, list: u32) -> bool {
        match kind {
            TypeKind::Enumeration | TypeKind::Bits => self.firsts(list, 2, self.counts.strings),
            TypeKind::IdentityRef => self.list_below(list, self.counts.identities),
            TypeKind::Union => self.list_below(list, id),
            _ => self.list(list).is_some(),
        }
    }

    fn modules(&self) -> Result<(), CacheError> {
        self.records(&self.tables.modules, module::WIDTH, "modules", |_, record| {
            let strings = self.counts.strings;
            [module::NAME, module::NAMESPACE, module::PREFIX, module::FILE]
                .iter()
                .all(|field| record[*field] < strings)
                && self.string_opt(record[module::REVISION])
                && self.string_opt(record[module::DESCRIPTION])
                && self.list_below(record[module::FEATURES], strings)
                && self.list(record[module::SUBMODULES]).is_some_and(|pairs| {
                    pairs.chunks(2).all(|pair| {
                        pair.len() == 2 && pair[0] < strings && self.string_opt(pair[1])
                    })
                })
                && self.list_below(record[module::EXTENSIONS], self.counts.extensions)
                && self.prefixes(record[module::PREFIXES])
                && self.list_below(record[module::DEVIATIONS], self.counts.modules)
        })
    }

    fn identities(&self) -> Result<(), CacheError> {
        let count = self.counts.identities;
        self.records(&self.tables.identities, identity::WIDTH, "identities", |_, record| {
            record[identity::NAME] < self.counts.strings
                && record[identity::MODULE] < self.counts.modules
                && self.list_below(record[identity::BASES], count)
                && self.list_below(record[identity::ANCESTORS], count)
                && self.string_opt(record[identity::DESCRIPTION])
        })
    }

    fn exprs(&self) -> Result<(), CacheError> {
        self.records(&self.tables.exprs, expr::WIDTH, "expressions", |_, record| {
            record[expr::TEXT] < self.counts.strings
                && below_opt(record[expr::MODULE], self.counts.modules)
                && self.prefixes(record[expr::PREFIXES])
        })
    }

    fn musts(&self) -> Result<(), CacheError> {
        self.records(&self.tables.musts, must::WIDTH, "musts", |_, record| {
            record[must::EXPR] < self.counts.exprs
                && record[must::EXPR + 1..].iter().all(|id| self.string_opt(*id))
        })
    }

    fn extensions(&self) -> Result<(), CacheError> {
        self.records(&self.tables.extensions, extension::WIDTH, "extensions", |id, record| {
            below_opt(record[extension::MODULE], self.counts.modules)
                && record[extension::KEYWORD] < self.counts.strings
                && self.string_opt(record[extension::ARGUMENT])
                // Substatements are made first.
                && self.list_below(record[extension::CHILDREN], id)
        })
    }

    fn index(&self) -> Result<(), CacheError> {
        let index = &self.tables.index;
        let ok = (index.is_empty() || index.len().is_power_of_two())
            && index.iter().all(|slot| *slot <= self.counts.nodes);
        if ok { Ok(()) } else { Err(inconsistent("index")) }
    }

    fn records(
        &self,
        table: &[u32],
        width: usize,
        what: &'static str,
        ok: impl Fn(u32, &[u32]) -> bool,
    ) -> Result<(), CacheError> {
        let mut records = table.chunks_exact(width).enumerate();
        if records.all(|(id, record)| ok(id as u32, record)) {
            Ok(())
        } else {
            Err(inconsistent(what))
        }
    }

    fn list(&self, index: u32) -> Option<&[u32]> {
        let start = index as usize;
        let count = *self.tables.lists.get(start)? as usize;
        self.tables.lists.get(start + 1..)?.get(..count)
    }

    fn list_below(&self, index: u32, bound: u32) -> bool {
        self.list(index).is_some_and(|items| items.iter().all(|item| *item < bound))
    }

    fn firsts(&self, index: u32, of: usize, bound: u32) -> bool {
        let ok = |group: &[u32]| group.len() == of && group[0] < bound;
        self.list(index).is_some_and(|items| items.chunks(of).all(ok))
    }

    fn prefixes(&self, index: u32) -> bool {
        let ok = |pair: &[u32]| pair.get(1).is_some_and(|module| *module < self.counts.modules);
        self.firsts(index, 2, self.counts.strings)
            && self.list(index).is_some_and(|items| items.chunks(2).all(ok))
    }

    fn string_opt(&self, id: u32) -> bool {
        below_opt(id, self.counts.strings)
    }
}

fn below_opt(id: u32, bound: u32) -> bool {
    id == NONE || id < bound
}

/// Fills the child index from the nodes.
pub(crate) fn build_index(tables: &mut Tables) {
    let count = tables.nodes.len() / node::WIDTH;
    let mut index = vec![0u32; (count * 2).next_power_of_two().max(2)];
    let mask = index.len() - 1;
    for id in 1..count as u32 {
        let kind = NodeKind::ALL[(tables.node(id, node::KIND_FLAGS) & 0xff) as usize];
        if kind.is_choice_or_case() {
            continue;
        }
        let name = tables.string(tables.node(id, node::NAME));
        let mut at = child_slot(tables.node(id, node::DATA_PARENT), name) as usize & mask;
        while index[at] != 0 {
            at = (at + 1) & mask;
        }
        index[at] = id + 1;
    }
    tables.index = index;
}

#[cfg(test)]
mod tests;
