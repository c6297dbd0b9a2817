use super::*;
use crate::schema::ModuleId;

fn parsed(text: &str) -> Result<Expr, XPathError> {
    let resolve = |prefix: &str| (prefix == "p").then_some(ModuleId(7));
    parse(text, &Scope { default: Some(ModuleId(1)), resolve: &resolve })
}

/// A compact notation: every operator with its operands in parentheses.
fn show(expr: &Expr) -> String {
    match expr {
        Expr::Or(a, b) => format!("({} or {})", show(a), show(b)),
        Expr::And(a, b) => format!("({} and {})", show(a), show(b)),
        Expr::Compare(op, a, b) => format!("({} {op:?} {})", show(a), show(b)),
        Expr::Arithmetic(op, a, b) => format!("({} {op:?} {})", show(a), show(b)),
        Expr::Negate(a) => format!("-{}", show(a)),
        Expr::Union(a, b) => format!("({} | {})", show(a), show(b)),
        Expr::Number(value) => value.to_string(),
        Expr::Literal(text) => format!("'{text}'"),
        Expr::Call(call) => {
            let arguments: Vec<_> = call.arguments.iter().map(show).collect();
            format!("{}({})", call.function.name(), arguments.join(","))
        }
        Expr::Path(path) => {
            let start = match &path.start {
                Start::Root => "/".to_owned(),
                Start::Context => String::new(),
                Start::Filter { expr, predicates } => {
                    format!("{}{}/", show(expr), shown_predicates(predicates))
                }
            };
            let steps: Vec<_> = path.steps.iter().map(shown_step).collect();
            start + &steps.join("/")
        }
    }
}

fn shown_step(step: &Step) -> String {
    let test = match &step.test {
        NodeTest::Name { module, name } => format!("{}:{name}", module.map_or(0, |id| id.0)),
        other => format!("{other:?}"),
    };
    format!("{:?}::{test}{}", step.axis, shown_predicates(&step.predicates))
}

fn shown_predicates(predicates: &[Expr]) -> String {
    predicates.iter().map(|predicate| format!("[{}]", show(predicate))).collect()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let found = parsed(text).map_or_else(|error| error.to_string(), |expr| show(&expr));
    assert_eq!(found, expected, "{text}");
}

#[test]
fn precedence_follows_the_grammar() {
    check(
        "1 or 2 and 3 = 4 < 5 + 6 * -7",
        "(1 or (2 and (3 Equal (4 Less (5 Add (6 Multiply -7))))))",
    );
    check("1 - 2 - 3", "((1 Subtract 2) Subtract 3)");
    check("a | b = c", "((Child::1:a | Child::1:b) Equal Child::1:c)");
    check("--1", "--1");
}

#[test]
fn names_that_are_also_operators() {
    check("or or and", "(Child::1:or or Child::1:and)");
    check("div div mod mod 2", "((Child::1:div Divide Child::1:mod) Modulo 2)");
    check("* * *", "(Child::Any Multiply Child::Any)");
    check("../* > 3", "(Parent::Node/Child::Any Greater 3)");
    check("a-b - c", "(Child::1:a-b Subtract Child::1:c)");
}

#[test]
fn paths_have_modules_axes_and_predicates() {
    check(
        "/p:a/b[p:c = current()/../d]/e",
        concat!(
            "/Child::7:a/Child::1:b[(Child::7:c Equal current()/Parent::Node/Child::1:d)]",
            "/Child::1:e"
        ),
    );
    check("//a", "/DescendantOrSelf::Node/Child::1:a");
    check("ancestor-or-self::p:x/@*", "AncestorOrSelf::7:x/Attribute::Any");
    check("p:*", "Child::AnyOf(ModuleId(7))");
    check("/", "/");
    check("text()", "Child::Text");
    check(
        "deref(../x)/../y[1][last()]",
        "deref(Parent::Node/Child::1:x)/Parent::Node/Child::1:y[1][last()]",
    );
    check("(a | b)[1]", "(Child::1:a | Child::1:b)[1]/");
}

#[test]
fn faults_name_their_place() {
    check("a = ", "expected a name or a value, at character 4 of the expression");
    check("a b", "expected an operator, at character 2 of the expression");
    check("q:a", "unknown prefix \"q\", at character 0 of the expression");
    check("foo(1)", "unknown function \"foo\", at character 0 of the expression");
    check("not()", "function \"not\" does not take 0 arguments, at character 0 of the expression");
    check("'open", "string without closing quote, at character 0 of the expression");
    check("$x", "unknown variable \"$x\", at character 0 of the expression");
    check("a[1", "expected \"]\", at character 3 of the expression");
    check("a # b", "unexpected character, at character 2 of the expression");
    check("", "expected a name or a value, at character 0 of the expression");
    check("up::a", "expected an axis, at character 0 of the expression");
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(parsed(&deep).map_err(|error| error.kind), Err(XPathErrorKind::TooComplex));
    let negative = format!("{}1", "-".repeat(10_000));
    let too_many = Err(XPathErrorKind::TooManyOperators);
    assert_eq!(parsed(&negative).map_err(|error| error.kind), too_many);
    let long = "a or ".repeat(50_000) + "a";
    assert_eq!(parsed(&long).map_err(|error| error.kind), Err(XPathErrorKind::TooComplex));
}

#[test]
fn operators_are_counted() {
    use crate::limits::XPATH_OPERATORS_MAX;
    let fits = "1+".repeat(XPATH_OPERATORS_MAX) + "1";
    assert!(parsed(&fits).is_ok());
    let too_many = Err(XPathErrorKind::TooManyOperators);
    for operator in ["or", "and", "=", "<", "+", "*", "|", "- -"] {
        let one = format!("a {operator} ");
        let text = one.repeat(XPATH_OPERATORS_MAX + 1) + "a";
        let text = if text.len() > 60_000 { text.replace(' ', "") } else { text };
        assert_eq!(parsed(&text).map_err(|error| error.kind), too_many, "{operator}");
    }
    // Chains inside each other are as deep as their sum.
    let nested = (0..60).fold("1".to_owned(), |inner, _| format!("({inner}{})", "+1".repeat(80)));
    assert_eq!(parsed(&nested).map_err(|error| error.kind), too_many);
    let told = parsed(&nested).unwrap_err().to_string();
    assert!(told.starts_with("more than 4000 operators, at character "), "{told}");
}
