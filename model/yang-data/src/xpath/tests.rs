//! Expressions on small trees.

mod keyed;
mod library;
mod paths;
mod visibility;

use std::sync::Arc;

use yang::xpath::{Scope, parse};

use super::{Defaults, Evaluator, Object, View};
use crate::sample;
use crate::text::Types;
use crate::{Path, Tree};

const MODULE: &str = r#"
module m {
  yang-version 1.1; namespace "urn:m"; prefix p;
  identity animal;
  identity dog { base animal; }
  identity puppy { base dog; }
  identity cat { base animal; }
  container top {
    leaf name { type string; }
    leaf number { type int32; }
    leaf big { type uint64; }
    leaf ratio { type decimal64 { fraction-digits 2; } }
    leaf flag { type boolean; }
    leaf kind { type identityref { base animal; } }
    leaf level { type enumeration { enum low { value 3; } enum high { value 10; } } }
    leaf rights { type bits { bit read; bit write; bit run; } }
    leaf size { type uint8; default 7; }
    leaf-list tag { type string; ordered-by user; }
    leaf-list port { type uint16; default 80; default 443; }
    leaf pick { type leafref { path "../item/name"; } }
    leaf far { type leafref { path "/top/item[name=current()/../pick]/sub/id"; } }
    leaf where { type instance-identifier; }
    container inner {
      leaf deep { type string; default "d"; }
      container more { leaf x { type string; } }
    }
    container here { presence "yes"; leaf y { type string; default "z"; } }
    list item {
      key name;
      leaf name { type string; }
      leaf value { type uint8; }
      leaf owner { type string; default "none"; }
      list sub { key id; leaf id { type uint8; } leaf note { type string; } }
    }
    list pair {
      key "a b"; leaf a { type uint8; }
      leaf b { type identityref { base animal; } } leaf v { type string; }
    }
    list address {
      key ip; leaf ip { type union { type uint8; type string; } } leaf v { type string; }
    }
    list user { key n; ordered-by user; leaf n { type string; } }
    choice way {
      default slow;
      case slow {
        leaf speed { type uint8; default 1; }
        container road { leaf width { type uint8; default 2; } }
      }
      case fast { leaf wings { type uint8; default 2; } leaf jet { type string; } }
    }
    leaf conditional { when "../flag = 'true'"; type string; default "there"; }
    container guarded { when "../number > 5"; leaf inside { type string; default "g"; } }
  }
  container state { config false; leaf count { type uint8; } }
}
"#;

struct Case {
    types: Arc<Types>,
    defaults: Defaults,
    tree: Tree,
}

fn case(lines: &str) -> Case {
    let types = sample::types(&[MODULE]);
    let tree = sample::tree(&types, lines);
    Case { defaults: Defaults::new(Arc::clone(&types)), types, tree }
}

impl Case {
    /// The result of an expression in print, with the node at a path (`/` for the root) as its
    /// context.
    fn eval(&self, context: &str, text: &str) -> String {
        self.eval_in(View::All, context, text)
    }

    fn eval_in(&self, view: View, context: &str, text: &str) -> String {
        let schema = self.types.schema();
        let module = schema.module_named("m").unwrap();
        let resolve = |prefix: &str| (prefix == "p").then_some(module);
        let scope = Scope { default: Some(module), resolve: &resolve };
        let expr = parse(text, &scope).unwrap_or_else(|error| panic!("{text}: {error}"));
        let evaluator = Evaluator::new(&self.defaults, self.tree.root(), view);
        let path = if context == "/" { Path::ROOT } else { sample::path(&self.types, context) };
        let node = evaluator.instance(&path).expect("the context exists");
        let result = evaluator.evaluate(&expr, &node, &resolve);
        let truth = evaluator.test(&expr, &node, &resolve);
        assert_eq!(result.as_ref().map(Object::truth).ok(), truth.ok(), "{text:.80}");
        match result {
            Err(failure) => format!("failure: {failure}"),
            Ok(Object::Boolean(truth)) => truth.to_string(),
            Ok(object @ Object::Number(_)) => evaluator.text_of(&object).unwrap().to_string(),
            Ok(Object::Text(text)) => format!("{text:?}"),
            Ok(Object::Nodes(nodes)) => {
                let paths = nodes.iter().map(|node| {
                    let text = evaluator.node_text(node).unwrap();
                    let is_leaf = node.value().is_some();
                    let path = node.path(schema).text(schema);
                    if is_leaf { format!("{path}={text}") } else { path }
                });
                paths.collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn check(&self, context: &str, expected: &[(&str, &str)]) {
        for (text, result) in expected {
            assert_eq!(self.eval(context, text), *result, "{text}");
        }
    }
}
