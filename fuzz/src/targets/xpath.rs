//! Expressions of `must`, `when` and `path`, on a tree.

use yang::ModuleId;
use yang::xpath::{Scope, parse};
use yang_data::xpath::{Object, View};

use super::{Target, first_line, text};
use crate::model::MODEL;

/// An expression and where it is asked: evaluation ends, gives the same again, the same in
/// parentheses, and the opposite negated.
pub(super) const EXPRESSION: Target = Target {
    name: "xpath",
    reads: "a line with an instance path, then an expression of XPath 1.0",
    run: expression,
    dictionary: &[
        "/",
        "//",
        "..",
        ".",
        "*",
        "@",
        "[",
        "]",
        "(",
        ")",
        "|",
        " or ",
        " and ",
        " = ",
        " != ",
        " < ",
        " >= ",
        " + ",
        " - ",
        "-",
        " div ",
        " mod ",
        "z:zoo",
        "z:animal",
        "z:name",
        "k:keeper",
        "k:*",
        "current()",
        "last()",
        "position()",
        "count(",
        "not(",
        "string(",
        "number(",
        "sum(",
        "concat(",
        "contains(",
        "starts-with(",
        "substring(",
        "translate(",
        "substring-before(",
        "normalize-space(",
        "string-length(",
        "floor(",
        "round(",
        "deref(",
        "re-match(",
        "derived-from(",
        "derived-from-or-self(",
        "enum-value(",
        "bit-is-set(",
        "local-name(",
        "namespace-uri(",
        "id(",
        "lang(",
        "true()",
        "boolean(",
        "text()",
        "node()",
        "comment()",
        "processing-instruction('",
        "ancestor::",
        "ancestor-or-self::",
        "descendant::",
        "descendant-or-self::",
        "following::",
        "following-sibling::",
        "preceding::",
        "preceding-sibling::",
        "parent::",
        "self::",
        "child::",
        "attribute::",
        "namespace::",
        "'auk'",
        "\"z:bird\"",
        ",",
        "1.5",
        "$v",
        "/z:zoo/z:tour[2]\n",
        "/zoo:zoo/animal[name='auk']\n",
    ],
};

fn expression(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let (place, expression) = first_line(text);
    let schema = MODEL.schema();
    let resolve = |prefix: &str| -> Option<ModuleId> {
        schema.modules().find(|module| module.prefix() == prefix).map(|module| module.id())
    };
    let default = schema.module_named("zoo");
    let scope = Scope { default, resolve: &resolve };
    let Ok(expr) = parse(expression, &scope) else { return };
    let negated = parse(&format!("not({expression})"), &scope);
    let enclosed = parse(&format!("({expression})"), &scope);
    for view in [View::All, View::Configuration] {
        let evaluator =
            yang_data::xpath::Evaluator::new(MODEL.validator.defaults(), MODEL.tree.root(), view);
        let root = evaluator.root().as_ref().clone();
        let context = evaluator.instance_of_text(place).unwrap_or(root);
        let first = evaluator.evaluate(&expr, &context, &resolve).map(|object| show(&object));
        let again = evaluator.evaluate(&expr, &context, &resolve).map(|object| show(&object));
        assert_eq!(first, again, "asked twice, answered the same");
        // Deeper by one, or one operator more, may be too much.
        if let (Ok(_), Ok(enclosed)) = (&first, &enclosed) {
            let enclosed = evaluator.evaluate(enclosed, &context, &resolve);
            assert!(enclosed.is_err() || enclosed.map(|object| show(&object)) == first);
        }
        if let (Ok(truth), Ok(negated)) = (evaluator.test(&expr, &context, &resolve), &negated) {
            let opposite = evaluator.test(negated, &context, &resolve);
            assert!(opposite.is_err() || opposite == Ok(!truth), "not() is the opposite");
        }
    }
}

fn show(object: &Object<'_>) -> String {
    match object {
        Object::Nodes(nodes) => {
            let schema = MODEL.schema();
            let paths: Vec<_> = nodes.iter().map(|node| node.path(schema).text(schema)).collect();
            paths.join("\n")
        }
        Object::Boolean(truth) => truth.to_string(),
        Object::Number(number) => format!("{number:?}"),
        Object::Text(text) => format!("'{text}'"),
    }
}
