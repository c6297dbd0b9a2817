//! A change is judged as the whole new tree is, on random trees and edits.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::{Referrers, Rule, Validator, Violation};
use super::{module, print, validator};
use crate::{Tree, sample};

/// Every kind of rule, reading near and far, with defaults, cases and conditions in between.
pub(super) const BODY: &str = r#"
    identity animal; identity dog { base animal; } identity puppy { base dog; }
    container top {
      leaf mode { type enumeration { enum a; enum b; enum c; } default a; }
      leaf kind { type identityref { base animal; } }
      leaf limit { type uint8; default 3; }
      container only-b {
        when "../mode = 'b'";
        leaf x { type string; mandatory true; }
        leaf y { type string; default q; must "../x != ."; }
      }
      container np {
        leaf m1 { type string; must "../../limit > 2"; }
        container deep { leaf d { type uint8; default 5; must ". <= /top/limit + 4"; } }
      }
      container pres {
        presence p; leaf need { type string; mandatory true; }
        leaf at { type leafref { path "/sites/site/id"; } default s1; }
      }
      choice ch {
        default one;
        case one {
          leaf c1 { type string; default dd; must "count(../item) < 3"; }
          container c1c { leaf c1d { type uint8; default 1; must ". != 1 or ../../limit != 1"; } }
        }
        case two { leaf c2 { type string; mandatory true; } leaf c2b { type string; } }
        case three {
          when "mode != 'c'"; leaf c3 { type empty; }
          choice sub { mandatory true; leaf c3a { type string; } leaf c3b { type string; } }
        }
      }
      leaf reads-default { type string; must "../c1 or ../c1c/c1d = 1 or ../only-b/y"; }
      leaf reads-when { type string; must "../../top/only-b"; }
      list item {
        key name; unique "addr port"; unique "in/z"; max-elements 3;
        leaf name { type string; }
        leaf addr { type string; }
        leaf port { type uint8; default 1; }
        leaf ref { type leafref { path "../../item/name"; } }
        leaf site { type leafref { path "/sites/site/id"; } }
        leaf acc { type leafref { path "/sites/site[id=current()/../site]/access/id"; } }
        leaf barks { when "derived-from(../../kind, 'm:dog')"; type string; }
        container in { leaf z { type string; } leaf w { type string; must "../z"; } }
        must "not(port = 7) or ref";
        must "not(following-sibling::item/addr = addr) or port";
        leaf-list tag { type string; max-elements 2; must ". != ../name"; }
        choice c { mandatory true; leaf l { type string; } leaf r { type string; when "../addr"; } }
        leaf up { type string; must "deref(../ref)/../site or not(../ref)"; }
      }
      leaf count { type uint8; must ". = count(../item)"; }
      leaf total { type uint8; must ". >= sum(//vlan)"; }
      leaf-list lrefs { type leafref { path "/sites/site/access/id"; } }
      leaf two {
        type union { type leafref { path "/top/item/in/z"; } type leafref { path "../limit"; } }
      }
      leaf ii { type instance-identifier; }
    }
    container sites {
      list site {
        key id; leaf id { type string; }
        list access {
          key id; leaf id { type string; }
          leaf vlan { type uint16; must "not(../../access[id != current()/../id]/vlan = .)"; }
          min-elements 1;
        }
        leaf up { type leafref { path "/top/item/name"; } }
        leaf to-default { type leafref { path "/top/c1"; } }
        leaf loose { type leafref { path "/top/item/name"; require-instance false; } }
        container s { when "../access/vlan = 1"; leaf m { type string; mandatory true; } }
      }
    }
    augment /top { when "mode = 'c'"; leaf aug { type string; mandatory true; } }
    container used { uses g { when "/top/limit = 4"; } }
    grouping g {
      leaf g1 { type string; default "x"; must "/top/pres"; }
      list gl { key k; leaf k { type string; } min-elements 1; }
    }"#;

pub(super) static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| validator(&module(BODY)));

/// Nodes that a tree may have; `|` separates values.
const NODES: &[&str] = &[
    "/m:top/mode = a|b|c",
    "/m:top/kind = dog|puppy",
    "/m:top/limit = 1|2|4",
    "/m:top/only-b/x = 1|q",
    "/m:top/only-b/y = 1|2",
    "/m:top/np/m1 = 1",
    "/m:top/np/deep/d = 1|8",
    "/m:top/pres",
    "/m:top/pres/need = 1",
    "/m:top/pres/at = s1|s2",
    "/m:top/c1 = dd|ee",
    "/m:top/c1c/c1d = 1|2",
    "/m:top/c2 = 1",
    "/m:top/c2b = 1",
    "/m:top/c3",
    "/m:top/c3a = 1",
    "/m:top/c3b = 1",
    "/m:top/reads-default = 1",
    "/m:top/reads-when = 1",
    "/m:top/item[name='{i}']",
    "/m:top/item[name='{i}']/addr = 1|2",
    "/m:top/item[name='{i}']/port = 1|7",
    "/m:top/item[name='{i}']/ref = i1|i2|i3",
    "/m:top/item[name='{i}']/site = s1|s2",
    "/m:top/item[name='{i}']/acc = a1|a2",
    "/m:top/item[name='{i}']/barks = 1",
    "/m:top/item[name='{i}']/in/z = 1|2",
    "/m:top/item[name='{i}']/in/w = 1",
    "/m:top/item[name='{i}']/tag[.='i1']",
    "/m:top/item[name='{i}']/tag[.='t1']",
    "/m:top/item[name='{i}']/tag[.='t2']",
    "/m:top/item[name='{i}']/l = 1",
    "/m:top/item[name='{i}']/r = 1",
    "/m:top/item[name='{i}']/up = 1",
    "/m:top/count = 0|1|2",
    "/m:top/total = 1|9",
    "/m:top/lrefs[.='a1']",
    "/m:top/lrefs[.='a2']",
    "/m:top/two = 1|4",
    "/m:top/ii = /m:top/item[name='i1']|/m:top/only-b/y|/m:top/c1",
    "/m:top/aug = 1",
    "/m:sites/site[id='{s}']",
    "/m:sites/site[id='{s}']/access[id='a1']",
    "/m:sites/site[id='{s}']/access[id='a2']",
    "/m:sites/site[id='{s}']/access[id='a1']/vlan = 1|2",
    "/m:sites/site[id='{s}']/access[id='a2']/vlan = 1|2",
    "/m:sites/site[id='{s}']/up = i1|i2",
    "/m:sites/site[id='{s}']/to-default = dd|ee",
    "/m:sites/site[id='{s}']/loose = i1",
    "/m:sites/site[id='{s}']/s/m = 1",
    "/m:used/g1 = 1",
    "/m:used/gl[k='1']",
];

/// One edit: which node, which of its values, which entry; whether it is taken out.
#[derive(Clone, Debug)]
struct Edit {
    node: prop::sample::Index,
    value: prop::sample::Index,
    entry: u8,
    is_removal: bool,
}

fn edit(removals: bool) -> impl Strategy<Value = Edit> {
    let is_removal = if removals { any::<bool>().boxed() } else { Just(false).boxed() };
    (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1..=3u8, is_removal)
        .prop_map(|(node, value, entry, is_removal)| Edit { node, value, entry, is_removal })
}

fn apply(tree: &mut Tree, edit: &Edit) {
    let types = VALIDATOR.types();
    let line = NODES[edit.node.index(NODES.len())];
    let line = line.replace("{i}", &format!("i{}", edit.entry));
    let line = line.replace("{s}", &format!("s{}", edit.entry));
    let (path, values) = line.split_once(" = ").unwrap_or((&line, ""));
    if edit.is_removal {
        tree.remove(&sample::path(types, path));
        return;
    }
    let values: Vec<_> = values.split('|').collect();
    match values[edit.value.index(values.len())] {
        "" => sample::set(tree, types, path),
        value => sample::set(tree, types, &format!("{path} = {value}")),
    }
}

fn grown(edits: &[Edit]) -> Tree {
    let mut tree = sample::tree(VALIDATOR.types(), "");
    edits.iter().for_each(|edit| apply(&mut tree, edit));
    tree
}

/// The tree without what breaks a rule, so that most rules are in play and none is broken.
fn repaired(mut tree: Tree) -> Option<Tree> {
    for _ in 0..60 {
        let violations = VALIDATOR.validate(tree.root());
        let Some(violation) = violations.first() else { return Some(tree) };
        if supplied(&mut tree, violation) {
            continue;
        }
        let mut path = violation.path.clone();
        while !path.0.is_empty() && !tree.remove(&path) {
            path.0.pop();
        }
        if path.0.is_empty() {
            return None;
        }
    }
    None
}

/// Puts in what is missing. Returns whether something was.
fn supplied(tree: &mut Tree, violation: &Violation) -> bool {
    let path = &violation.location;
    let line = match violation.rule {
        Rule::Mandatory => format!("{path} = 1"),
        Rule::MinElements if path.ends_with("/access") => format!("{path}[id='a1']"),
        Rule::MinElements => format!("{path}[k='1']"),
        Rule::MandatoryChoice { .. } if path.ends_with(']') => format!("{path}/l = 1"),
        Rule::MandatoryChoice { .. } => format!("{path}/c3a = 1"),
        _ => return false,
    };
    sample::set(tree, VALIDATOR.types(), &line);
    true
}

/// What must be found: violations that the old tree does not have. A group of entries that agree
/// may have shrunk without a sign, which takes an old tree that broke the rule.
fn new_ones(before: &[Violation], after: Vec<Violation>) -> BTreeSet<Violation> {
    let is_new = |violation: &Violation| {
        !before.contains(violation) && !matches!(violation.rule, Rule::Unique { .. })
    };
    after.into_iter().filter(is_new).collect()
}

/// Valid trees, and such with a few edits.
pub(super) fn random_trees() -> impl Strategy<Value = Tree> {
    let start = prop::collection::vec(edit(false), 20..120);
    (start, prop::collection::vec(edit(true), 0..3)).prop_map(|(start, edits)| {
        let mut tree = repaired(grown(&start)).unwrap_or_else(|| grown(&[]));
        edits.iter().for_each(|edit| apply(&mut tree, edit));
        tree
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn from_valid_trees(
        start in prop::collection::vec(edit(false), 20..160),
        edits in prop::collection::vec(edit(true), 1..6),
    ) {
        let Some(before) = repaired(grown(&start)) else { return Ok(()) };
        let mut after = before.clone();
        edits.iter().for_each(|edit| apply(&mut after, edit));
        let whole = VALIDATOR.validate(after.root());
        let changed = VALIDATOR.validate_change(before.root(), after.root(), None);

        prop_assert_eq!(print(&changed), print(&whole));
        let mut referrers = Referrers::new(&VALIDATOR, before.root());
        let looked_up =
            VALIDATOR.validate_change(before.root(), after.root(), Some(&referrers));
        prop_assert_eq!(looked_up, whole);
        referrers.update(before.root(), after.root());
        prop_assert_eq!(referrers, Referrers::new(&VALIDATOR, after.root()));
    }

    #[test]
    fn from_any_tree(
        start in prop::collection::vec(edit(false), 0..120),
        edits in prop::collection::vec(edit(true), 1..6),
    ) {
        let before = grown(&start);
        let mut after = before.clone();
        edits.iter().for_each(|edit| apply(&mut after, edit));
        let old = VALIDATOR.validate(before.root());
        let whole = VALIDATOR.validate(after.root());
        let changed = VALIDATOR.validate_change(before.root(), after.root(), None);
        let known: BTreeSet<_> = whole.iter().cloned().collect();
        prop_assert!(changed.iter().all(|violation| known.contains(violation)));
        let found: BTreeSet<_> = changed.into_iter().collect();
        let missed: Vec<_> =
            new_ones(&old, whole).into_iter().filter(|one| !found.contains(one)).collect();
        prop_assert_eq!(print(&missed), "");
    }
}
