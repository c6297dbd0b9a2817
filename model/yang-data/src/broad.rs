//! A test schema with a node of every kind and a leaf of every type, in two modules.

use std::sync::{Arc, OnceLock};

use yang::{NodeId, NodeKind, Schema};

use crate::{
    AnyData, Branch, Content, Entry, LeafList, LeafListEntry, List, Ordered, Origin, Place, Placed,
    Slot, Tree, Types, Value, sample,
};

/// The main module.
pub(crate) const BROAD: &str = r#"
module broad {
  yang-version 1.1;
  namespace "urn:broad";
  prefix b;
  identity shape;
  identity round { base shape; }
  identity square { base shape; }
  typedef percent { type uint8 { range "0..100"; } }
  typedef name {
    type string { length "1..20"; pattern "[a-z][a-z0-9\\-_]*"; }
  }
  typedef level {
    type union {
      type uint8 { range "1..10"; }
      type int64;
      type enumeration { enum low; enum high { value 7; } }
      type string { pattern "x.*"; }
    }
  }
  container top {
    leaf i8 { type int8; }
    leaf i16 { type int16 { range "-5..5 | 100"; } }
    leaf i32 { type int32; }
    leaf i64 { type int64; }
    leaf u8 { type percent; default 50; }
    leaf u16 { type uint16; }
    leaf u32 { type uint32; }
    leaf u64 { type uint64; }
    leaf dec { type decimal64 { fraction-digits 3; range "-10..10.5"; } }
    leaf str { type string; }
    leaf short {
      type name { pattern ".*bad.*" { modifier invert-match; error-message "no bad names"; } }
    }
    leaf truth { type boolean; default true; }
    leaf colour {
      type enumeration { enum red; enum green { value 10; } enum "deep blue"; }
      default green;
    }
    leaf flags { type bits { bit read { position 2; } bit write { position 0; } bit run; } }
    leaf blob { type binary { length "1..8"; } }
    leaf mark { type empty; }
    leaf form { type identityref { base shape; } }
    leaf where { type instance-identifier { require-instance false; } }
    leaf level { type level; }
    leaf ref { type leafref { path "../u16"; } }
    leaf-list sizes { type uint16; default 1; default 2; }
    leaf-list steps { type string; ordered-by user; }
    leaf-list forms { type identityref { base shape; } }
    container always { leaf a { type string; } leaf b { type string; default bee; } }
    container maybe { presence "there"; leaf a { type string; } leaf c { type uint8; default 3; } }
    choice way {
      default fast;
      case fast { leaf speed { type uint32; default 10; } leaf gear { type uint8; } }
      case slow { leaf delay { type uint32; } container queue { leaf depth { type uint8; } } }
      leaf still { type empty; }
    }
    list item {
      key "name";
      leaf name { type string; }
      leaf size { type uint32; }
      leaf note { type string; }
      leaf kind { type string; default plain; }
      list part {
        key "x y";
        leaf y { type string; }
        leaf x { type int16; }
        leaf z { type string; }
      }
    }
    list rank {
      key "id";
      ordered-by user;
      leaf id { type uint8; }
      leaf note { type string; }
    }
    list by-form {
      key form;
      leaf form { type identityref { base shape; } }
      leaf v { type string; }
    }
    anydata any;
    container state {
      config false;
      leaf up { type boolean; }
      leaf-list seen { type string; }
      list event { leaf what { type string; } }
      list port { key n; leaf n { type uint8; } leaf rate { type uint64; } }
    }
  }
  leaf lone { type string; }
  list ring { key id; leaf id { type uint8; } leaf counter { config false; type uint64; } }
  rpc ping { input { leaf host { type string; } } output { leaf ok { type boolean; } } }
}
"#;

/// Augments the main module, also with names that are there already.
pub(crate) const EXTRA: &str = r#"
module extra {
  yang-version 1.1;
  namespace "urn:extra?a=1&b=2";
  prefix x;
  import broad { prefix b; }
  identity oval { base b:round; }
  augment "/b:top" { leaf str { type string; } leaf shape { type identityref { base b:shape; } } }
  augment "/b:top/b:item" { leaf weight { type decimal64 { fraction-digits 1; } } }
  container outer { container broad { leaf str { type string; } } }
}
"#;

/// The types of both.
pub(crate) fn types() -> Arc<Types> {
    sample::types(&[BROAD, EXTRA])
}

/// The same, compiled once for tests with many cases.
pub(crate) fn types_shared() -> &'static Types {
    static TYPES: OnceLock<Arc<Types>> = OnceLock::new();
    TYPES.get_or_init(types)
}

/// A small generator of pseudo-random numbers (xorshift64*).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize) % bound
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// What a generated tree has besides everything else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anys {
    With,
    Without,
}

/// Trees that differ with the seed: any kind of node, any type, valid but for missing nodes.
pub(crate) struct Generator<'a> {
    pub(crate) types: &'a Types,
    pub(crate) random: Random,
    pub(crate) anys: Anys,
}

impl<'a> Generator<'a> {
    pub(crate) fn new(types: &'a Types, seed: u64, anys: Anys) -> Self {
        Self { types, random: Random::new(seed), anys }
    }

    pub(crate) fn tree(&mut self) -> Tree {
        let root = self.branch(Schema::ROOT);
        Tree::from_root(Arc::clone(self.types.schema()), root)
    }

    fn branch(&mut self, parent: NodeId) -> Branch {
        let mut slots = Vec::new();
        for node in self.types.schema().node(parent).data_children() {
            if self.types.schema().node(node).is_key() || self.random.once_in(2) {
                slots.extend(self.slot(node));
            }
        }
        self.one_case_each(Branch::from_slots(slots))
    }

    fn slot(&mut self, node: NodeId) -> Option<Slot> {
        let definition = self.types.schema().node(node);
        let content = match definition.kind() {
            NodeKind::Leaf => Content::Leaf(self.value(node)),
            NodeKind::Container => {
                let branch = self.branch(node);
                if branch.is_empty() && !definition.is_presence() {
                    return None;
                }
                Content::Container(branch)
            }
            NodeKind::List => {
                let mut list =
                    List::new(definition.is_user_ordered() || definition.keys().is_empty());
                for _ in 0..=self.random.below(6) {
                    list.insert(self.entry(node));
                }
                Content::List(list)
            }
            NodeKind::LeafList => {
                let mut list = LeafList::new(definition.is_user_ordered());
                for _ in 0..=self.random.below(6) {
                    list.insert(LeafListEntry::new(self.value(node), self.origin()));
                }
                Content::LeafList(list)
            }
            NodeKind::AnyData if self.anys == Anys::With => {
                let text = format!("[{}]", self.random.below(3));
                Content::Any(Arc::new(AnyData::Json(text)))
            }
            _ => return None,
        };
        Some(Slot { node, origin: self.origin(), content })
    }

    fn origin(&mut self) -> Origin {
        Origin(self.random.below(300) as u32)
    }

    fn entry(&mut self, list: NodeId) -> Entry {
        let keys = self.types.schema().node(list).keys().len();
        let branch = self.branch(list);
        Entry::new(branch, keys as u8, self.origin())
    }

    fn value(&mut self, node: NodeId) -> Value {
        const NAMES: &[&str] = &["a", "b", "it's", "x/y,z", "q\"r", "'\"", " s ", "é😀"];
        const TEXTS: &[&str] = &["", "plain", "<&>\"'", "a\r\nb\tc", "]]>", "{\"}\\", "\u{fffd}"];
        let definition = self.types.schema().node(node);
        let name = definition.name();
        let texts: &[&str] = match name {
            "i8" | "u8" | "u16" | "u32" | "size" | "speed" | "delay" | "depth" | "gear" | "id"
            | "n" | "c" | "x" | "i16" => &["1", "2", "3", "4", "5"],
            "i32" => &["-2147483648", "7"],
            "i64" => &["-9223372036854775808", "12"],
            "u64" | "counter" | "rate" => &["18446744073709551615", "5"],
            "dec" | "weight" => &["-9.5", "10.0", "0.1"],
            "short" => &["abc", "z-1"],
            "truth" | "up" => &["true", "false"],
            "colour" => &["red", "deep blue", "green"],
            "flags" => &["", "read", "run write"],
            "blob" => &["AA==", "AAECAw=="],
            "mark" | "still" => &[""],
            "form" | "forms" | "shape" => &["round", "square", "oval"],
            "where" => {
                &["/broad:top/item[name=\"it's\"]/size", "/broad:top/by-form[form='extra:oval']"]
            }
            "level" => &["1", "99", "low", "xyz", "-3"],
            "ref" | "sizes" => &["1", "2", "3", "9"],
            "name" | "y" | "steps" => NAMES,
            _ => TEXTS,
        };
        let text = *self.random.pick(texts);
        self.types.parse_leaf(node, text).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Keeps the nodes of the first case of each choice.
    fn one_case_each(&self, mut branch: Branch) -> Branch {
        let schema = self.types.schema();
        let case_of = |node: NodeId| {
            let case = schema.node(node).parent()?;
            (schema.node(case).kind() == NodeKind::Case).then_some(case)
        };
        let mut chosen: Vec<(NodeId, NodeId)> = Vec::new();
        for node in branch.slots().iter().map(|slot| slot.node).collect::<Vec<_>>() {
            let Some(case) = case_of(node) else { continue };
            let choice = schema.node(case).parent().expect("a case is in a choice");
            match chosen.iter().find(|(known, _)| *known == choice) {
                Some((_, first)) if *first != case => branch.unset(node),
                Some(_) => {}
                None => chosen.push((choice, case)),
            }
        }
        branch
    }

    /// Another version: parts dropped, made anew, added, moved; the rest shared.
    pub(crate) fn changed(&mut self, tree: &Tree) -> Tree {
        let root = self.changed_branch(Schema::ROOT, tree.root());
        Tree::from_root(Arc::clone(self.types.schema()), root)
    }

    fn changed_branch(&mut self, parent: NodeId, branch: &Branch) -> Branch {
        let mut changed = branch.clone();
        for node in self.types.schema().node(parent).data_children() {
            if self.types.schema().node(node).is_key() || !self.random.once_in(4) {
                continue;
            }
            match changed.content(node).cloned() {
                Some(content) if self.random.once_in(2) => self.change(&mut changed, node, content),
                Some(_) if self.random.once_in(2) => changed.unset(node),
                _ => {
                    if let Some(slot) = self.slot(node) {
                        changed.set(slot);
                    }
                }
            }
        }
        self.one_case_each(changed)
    }

    fn change(&mut self, branch: &mut Branch, node: NodeId, content: Content) {
        let content = match content {
            Content::Container(inside) => {
                let inside = self.changed_branch(node, &inside);
                if inside.is_empty() && !self.types.schema().node(node).is_presence() {
                    return branch.unset(node);
                }
                Content::Container(inside)
            }
            Content::List(list) => Content::List(self.changed_list(node, list)),
            Content::LeafList(mut list) => {
                list.insert(LeafListEntry::new(self.value(node), self.origin()));
                self.shuffle(&mut list);
                Content::LeafList(list)
            }
            Content::Leaf(_) => Content::Leaf(self.value(node)),
            Content::Any(_) => return,
        };
        branch.set(Slot { node, origin: self.origin(), content });
    }

    fn changed_list(&mut self, node: NodeId, mut list: List) -> List {
        if self.types.schema().node(node).keys().is_empty() {
            list.insert(self.entry(node));
            return list;
        }
        for entry in list.clone().iter() {
            let key = entry.key_value();
            match self.random.below(4) {
                0 if list.len() > 1 => drop(list.remove(&key)),
                1 => {
                    let inside = self.changed_branch(node, &entry.branch);
                    list.get_mut(&key).expect("it is there").branch = inside;
                }
                _ => {}
            }
        }
        list.insert(self.entry(node));
        self.shuffle(&mut list);
        list
    }

    fn shuffle<T: Placed>(&mut self, list: &mut Ordered<T>) {
        let keys: Vec<_> = list.iter().map(|entry| entry.key()).collect();
        for _ in 0..self.random.below(4) {
            let (key, anchor) = (self.random.pick(&keys).clone(), self.random.pick(&keys).clone());
            let place = match self.random.below(4) {
                0 => Place::First,
                1 => Place::Last,
                2 => Place::Before(anchor),
                _ => Place::After(anchor),
            };
            list.move_to(&key, &place).expect("both are there");
        }
    }
}
