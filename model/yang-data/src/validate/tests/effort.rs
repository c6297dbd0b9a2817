//! Cost: of the whole per entry, of a change per change.

use std::rc::Rc;

use super::super::check::Check;
use super::super::{Referrers, Validator, change};
use super::{module, validator};
use crate::sample;
use crate::{Origin, Path, Tree, Value};

const BODY: &str = r#"
    container net {
      leaf mode { type string; default x; }
      list node {
        key name; leaf name { type string; }
        leaf kind { type string; }
        leaf a { when "../kind = 'a'"; type string; }
        leaf other { type leafref { path "/net/node/name"; } }
        leaf mode { type string; must "/net/mode = 'x'"; }
        must "not(other = name)";
        list if { key n; leaf n { type uint8; } leaf v { type string; must "../../kind"; } }
        leaf main { type leafref { path "../if/n"; } }
      }
    }"#;

fn network(validator: &Validator, nodes: usize) -> Tree {
    let types = validator.types();
    let mut tree = sample::tree(types, "/m:net/mode = x");
    let example = sample::path(types, "/m:net/node[name='x']");
    for number in 0..nodes {
        let mut path = example.clone();
        path.0[1].key = Some(format!("n{number}").into());
        let leaf = |name: &str| {
            let node = types.schema().data_child(path.0[1].node, None, name).unwrap();
            path.child(node)
        };
        let mut set = |path: &Path, value: &str| {
            tree.set(path, Value::str(value), Origin::NONE);
        };
        set(&leaf("kind"), "a");
        set(&leaf("a"), "1");
        set(&leaf("mode"), "m");
        set(&leaf("other"), &format!("n{}", (number + 1) % nodes));
    }
    tree
}

fn whole(validator: &Validator, tree: &Tree) -> u64 {
    let mut check = Check::new(validator, tree.root());
    let root = Rc::clone(check.evaluator.root());
    check.children(&root);
    let spent = check.evaluator.spent();
    assert_eq!(check.finish(), []);
    spent
}

fn changed(validator: &Validator, old: &Tree, new: &Tree, referrers: &Referrers) -> u64 {
    let mut check = Check::new(validator, new.root());
    change::check_change(&mut check, old.root(), new.root(), Some(referrers));
    let spent = check.evaluator.spent();
    assert_eq!(check.finish(), []);
    spent
}

#[test]
fn grows_with_the_tree_and_not_faster() {
    let validator = validator(&module(BODY));
    let small = whole(&validator, &network(&validator, 100));
    let large = whole(&validator, &network(&validator, 1_000));
    assert!(large < small * 11, "{small} {large}");
}

#[test]
fn of_a_change_does_not_grow_with_the_tree() {
    let validator = validator(&module(BODY));
    let types = validator.types();
    let spent = |nodes, edit: &[&str]| {
        let old = network(&validator, nodes);
        let referrers = Referrers::new(&validator, old.root());
        let mut new = old.clone();
        for line in edit {
            match line.strip_prefix('-') {
                Some(path) => assert!(new.remove(&sample::path(types, path))),
                None => sample::set(&mut new, types, line),
            }
        }
        changed(&validator, &old, &new, &referrers)
    };
    let edits: [&[&str]; 4] = [
        &["/m:net/node[name='n5']/if[n='1']/v = x"],
        &["/m:net/node[name='new']/kind = b", "/m:net/node[name='new']/other = n7"],
        &["/m:net/node[name='n3']/other = n5", "-/m:net/node[name='n4']"],
        &["/m:net/node[name='n3']/kind = a"],
    ];
    for edit in edits {
        let (small, large) = (spent(100, edit), spent(1_000, edit));
        assert_eq!(small, large, "{edit:?}");
        assert!(large < 100, "{edit:?}");
    }
}
