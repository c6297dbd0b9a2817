//! What the schema says about nodes.

use yang::{NodeKind, Schema, Status};

use crate::{compile, module, schema, schema_of};

#[track_caller]
fn node<'s>(schema: &'s Schema, path: &str) -> yang::Node<'s> {
    schema.node(schema.find(path).unwrap_or_else(|| panic!("no node {path}")))
}

/// Kind, name and flags of every node below the root, indented.
fn tree(schema: &Schema) -> String {
    let mut text = String::new();
    let mut below = vec![(schema.root().children(), 0)];
    while let Some((children, depth)) = below.last_mut() {
        let depth = *depth;
        let Some(id) = children.next() else {
            below.pop();
            continue;
        };
        let node = schema.node(id);
        text += &format!(
            "{:1$}{2} {3}:{4}",
            "",
            depth * 2,
            node.kind().keyword(),
            node.module_name(),
            node.name()
        );
        for (on, word) in [
            (node.is_key(), " key"),
            (!node.is_config(), " state"),
            (node.is_mandatory(), " mandatory"),
            (node.is_presence(), " presence"),
        ] {
            text += if on { word } else { "" };
        }
        for default in node.defaults() {
            text += &format!(" ={default}");
        }
        text.push('\n');
        below.push((node.children(), depth + 1));
    }
    text
}

#[test]
fn keys_come_first_and_augmented_nodes_last() {
    let schema = schema_of(
        "augment /m:l { leaf added { type string; } }
list l { key \"b a\"; leaf x { type string; } leaf a { type string; } leaf b { type string; } }",
    );
    expect_test::expect![[r#"
        list m:l
          leaf m:b key
          leaf m:a key
          leaf m:x
          leaf m:added
    "#]]
    .assert_eq(&tree(&schema));
    let list = node(&schema, "/m:l");
    let keys: Vec<_> = list.keys().collect();
    assert_eq!(keys, list.data_children().take(2).collect::<Vec<_>>());
    assert!(node(&schema, "/m:l/added").is_augmented());
    assert!(!list.is_augmented());
}

#[test]
fn choices_are_transparent_to_data() {
    let schema = schema_of(
        "container c { choice way { default fast; leaf slow { type string; }
  case fast { leaf speed { type int8; default 5; } choice inner { container deep; } } } }",
    );
    expect_test::expect![[r#"
        container m:c
          choice m:way
            case m:slow
              leaf m:slow
            case m:fast
              leaf m:speed =5
              choice m:inner
                case m:deep
                  container m:deep
    "#]]
    .assert_eq(&tree(&schema));
    let container = node(&schema, "/m:c");
    let names: Vec<_> = container.data_children().map(|id| schema.node(id).name()).collect();
    assert_eq!(names, ["slow", "speed", "deep"]);
    let deep = node(&schema, "/m:c/deep");
    assert_eq!(deep.data_parent(), Some(container.id()));
    assert_eq!(deep.path(), "/m:c/deep");
    let choice = schema.node(container.children().next().unwrap());
    assert_eq!(choice.default_case().map(|id| schema.node(id).name()), Some("fast"));
    assert!(schema.data_child(container.id(), None, "way").is_none());
}

#[test]
fn groupings_take_the_namespace_of_their_user() {
    let base = module(
        "base",
        "grouping g { container c { leaf a { type t; default 3; } leaf r { type leafref { path \
         ../a; } } } } typedef t { type int8 { range 1..9; } }",
    );
    let user = module(
        "user",
        "import base { prefix b; } uses b:g { refine c/a { default 4; mandatory false; }
augment c { leaf extra { type b:t; } } when \"true()\"; }",
    );
    let schema = schema(compile(&[&base, &user]));
    expect_test::expect![[r#"
        container user:c
          leaf user:a =4
          leaf user:r
          leaf user:extra
    "#]]
    .assert_eq(&tree(&schema));
    let container = node(&schema, "/user:c");
    let when = container.whens().next().unwrap();
    assert_eq!((when.text(), when.context()), ("true()", Schema::ROOT));
    let target = schema.type_(node(&schema, "/user:c/r").type_id().unwrap()).target();
    assert_eq!(target.map(|id| schema.path(id)).as_deref(), Some("/user:c/a"));
}

#[test]
fn augments_reach_augmented_nodes_of_other_modules() {
    let a = module("a", "container top;");
    let b = module("b", "import a { prefix a; } augment /a:top { container mid; }");
    let c = module(
        "c",
        "import a { prefix a; } import b { prefix b; }
augment /a:top/b:mid { when \"../mid\"; leaf end { type string; } }",
    );
    // Whatever the order of adding, the schema is the same.
    let one = schema(compile(&[&a, &b, &c]));
    expect_test::expect![[r#"
        container a:top
          container b:mid
            leaf c:end
    "#]]
    .assert_eq(&tree(&one));
    let end = node(&one, "/a:top/b:mid/c:end");
    let when = end.whens().next().unwrap();
    assert_eq!(one.path(when.context()), "/a:top/b:mid");
    assert_eq!(one.path(end.id()), "/a:top/b:mid/c:end");
}

#[test]
fn operations_have_input_and_output() {
    let schema = schema_of(
        "rpc r; container c { action act { output { leaf o { type string; config true; } } } }
notification n { leaf x { type string; mandatory true; } }
augment /m:r/m:input { leaf late { type leafref { path ../other; } } leaf other { type int8; } }",
    );
    expect_test::expect![[r#"
        rpc m:r state
          input m:input state
            leaf m:late state
            leaf m:other state
          output m:output state
        container m:c
          action m:act state
            input m:input state
            output m:output state
              leaf m:o state
        notification m:n state
          leaf m:x state mandatory
    "#]]
    .assert_eq(&tree(&schema));
    assert!(schema.data_child(Schema::ROOT, None, "r").is_none());
    assert_eq!(node(&schema, "/m:r/input/late").path(), "/m:r/input/late");
    assert_eq!(node(&schema, "/m:c/act").kind(), NodeKind::Action);
    assert!(node(&schema, "/m:c").data_children().next().is_none());
}

#[test]
fn config_and_status_are_inherited() {
    let schema = schema_of(
        "container s { config false; status deprecated; list l { ordered-by user; leaf a { type \
         string; } } }
leaf-list o { type string; ordered-by user; min-elements 1; max-elements 4; }",
    );
    let leaf = node(&schema, "/m:s/l/a");
    assert!(!leaf.is_config());
    assert_eq!(leaf.status(), Status::Deprecated);
    assert!(!node(&schema, "/m:s/l").is_user_ordered(), "state is ordered by the system");
    let list = node(&schema, "/m:o");
    assert!(list.is_user_ordered());
    assert_eq!((list.min_elements(), list.max_elements()), (1, Some(4)));
}

#[test]
fn constraints_keep_their_texts() {
    let schema = schema_of(
        "container c { must \"a > 1\" { error-message \"too small\"; error-app-tag small; }
  must \"count(../c) = 1\"; presence \"on\";
  leaf a { type int8; units m; reference R; description D; } }
list l { key k; unique \"x c/y\"; leaf k { type string; } leaf x { type string; }
  container c { leaf y { type string; } } }",
    );
    let container = node(&schema, "/m:c");
    let musts: Vec<_> = container.musts().collect();
    assert_eq!(musts.len(), 2);
    assert_eq!(musts[0].error_message(), Some("too small"));
    assert_eq!(musts[0].error_app_tag(), Some("small"));
    assert_eq!(musts[1].text(), "count(../c) = 1");
    assert!(matches!(musts[0].xpath(), yang::xpath::Expr::Compare(..)));
    assert_eq!(container.presence(), Some("on"));
    let leaf = node(&schema, "/m:c/a");
    assert_eq!(
        (leaf.units(), leaf.reference(), leaf.description(), leaf.line()),
        (Some("m"), Some("R"), Some("D"), 4)
    );
    let uniques: Vec<Vec<String>> = node(&schema, "/m:l")
        .uniques()
        .map(|set| set.map(|id| schema.path(id)).collect())
        .collect();
    assert_eq!(uniques, [["/m:l/x", "/m:l/c/y"]]);
}

#[test]
fn extension_statements_are_visible_on_the_node() {
    let ext = module("ext", "extension transform { argument function; } extension flag;");
    let text = module(
        "m",
        "import ext { prefix sw; } container c { sw:transform one.Two; leaf l { type string; \
         sw:flag { description inner; sw:transform deeper; } } }
list e { sw:flag; key k; leaf k { type string; } }
augment /m:c { sw:transform added; leaf x { type string; } }
grouping g { container h; } uses g { refine h { sw:transform refined; } }
deviation /m:e { deviate add { sw:transform deviated; max-elements 3; } }
sw:transform top;",
    );
    let schema = schema(compile(&[&ext, &text]));
    let arguments = |path: &str| -> Vec<Option<&str>> {
        let node = node(&schema, path);
        node.extensions().filter(|it| it.is("ext", "transform")).map(|it| it.argument()).collect()
    };
    assert_eq!(arguments("/m:c"), [Some("one.Two"), Some("added")]);
    assert_eq!(arguments("/m:h"), [Some("refined")]);
    assert_eq!(arguments("/m:e"), [Some("deviated")]);
    let flag = node(&schema, "/m:c/l").extension("ext", "flag").expect("the leaf has a flag");
    let inner: Vec<_> =
        flag.substatements().map(|it| (it.module_name(), it.keyword(), it.argument())).collect();
    assert_eq!(
        inner,
        [(None, "description", Some("inner")), (Some("ext"), "transform", Some("deeper"))]
    );
    let top = schema.module(schema.module_named("m").unwrap());
    assert_eq!(top.extensions().next().and_then(|it| it.argument()), Some("top"));
}

#[test]
fn deviations_change_the_schema() {
    let base = module(
        "base",
        "container c { leaf gone { type string; } leaf a { type string; default x; units u; must \
         \"1\"; } leaf-list l { type int8; } leaf b { type string; mandatory true; } }",
    );
    let deviating = module(
        "dev",
        "import base { prefix b; }
deviation /b:c/b:gone { deviate not-supported; }
deviation /b:c/b:a { deviate delete { default x; units u; must \"1\"; } \
 deviate add { mandatory true; must \"2\"; } deviate replace { type int8; } }
deviation /b:c/b:l { deviate add { max-elements 5; default 1; default 2; } }
deviation /b:c/b:b { deviate replace { mandatory false; config false; } }",
    );
    let schema = schema(compile(&[&base, &deviating]));
    expect_test::expect![[r#"
        container base:c
          leaf base:a mandatory
          leaf-list base:l =1 =2
          leaf base:b state
    "#]]
    .assert_eq(&tree(&schema));
    let leaf = node(&schema, "/base:c/a");
    assert_eq!((leaf.units(), leaf.musts().map(|must| must.text()).collect()), (None, vec!["2"]));
    assert_eq!(node(&schema, "/base:c/l").max_elements(), Some(5));
    let base = schema.module(schema.module_named("base").unwrap());
    let by: Vec<_> = base.deviated_by().map(|id| schema.module(id).name()).collect();
    assert_eq!(by, ["dev"]);
}

#[test]
fn children_are_found_by_module_and_name() {
    let a = module("a", "container c { leaf x { type string; } }");
    let b = module("b", "import a { prefix a; } augment /a:c { leaf x { type string; } }");
    let schema = schema(compile(&[&a, &b]));
    let container = schema.find("/a:c").unwrap();
    let (own, other) = (schema.module_named("a").unwrap(), schema.module_named("b").unwrap());
    let found = |module| {
        let id = schema.data_child(container, module, "x");
        id.map(|id| schema.node(id).module_name())
    };
    assert_eq!(found(Some(own)), Some("a"));
    assert_eq!(found(Some(other)), Some("b"));
    assert_eq!(found(None), Some("a"), "the parent's module comes first");
    assert_eq!(schema.find("/a:c/b:x").map(|id| schema.path(id)).as_deref(), Some("/a:c/b:x"));
    for missing in ["", "a:c", "/a:c/y", "/z:c", "/a:c/x/x", "//"] {
        assert_eq!(schema.find(missing), None, "{missing}");
    }
    assert_eq!(schema.find("/"), Some(Schema::ROOT));
    for node in schema.nodes() {
        assert_eq!(schema.find(&node.path()), Some(node.id()), "{node:?}");
    }
}
