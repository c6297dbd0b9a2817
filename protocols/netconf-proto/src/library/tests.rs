use super::*;

fn read(inventory: Inventory, data: &str) -> Option<Vec<Module>> {
    inventory.read(data, &Limits::default()).unwrap()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn the_library_of_rfc_8525() {
    let data = "<yang-library xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-library' \
        xmlns:ds='urn:ietf:params:xml:ns:yang:ietf-datastores'>\
        <module-set><name>config</name>\
        <module><name>ietf-interfaces</name><revision>2018-02-20</revision>\
        <namespace>urn:if</namespace><location>https://x.example/a.yang</location>\
        <feature>if-mib</feature><feature>pre-provisioning</feature>\
        <deviation>vendor-dev</deviation></module>\
        <module><name>main</name><namespace>urn:m</namespace>\
        <submodule><name>part</name><revision>2020-01-01</revision></submodule></module>\
        <import-only-module><name>ietf-yang-types</name><revision>2013-07-15</revision>\
        <namespace>urn:yt</namespace></import-only-module></module-set>\
        <module-set><name>state</name>\
        <module><name>ietf-interfaces</name><revision>2018-02-20</revision>\
        <namespace>urn:if</namespace></module>\
        <module><name>ietf-yang-types</name><revision>2013-07-15</revision>\
        <namespace>urn:yt</namespace></module></module-set>\
        <schema><name>c</name><module-set>config</module-set></schema>\
        <datastore><name>ds:running</name><schema>c</schema></datastore>\
        <content-id>75a43df9</content-id></yang-library>";
    let modules = read(Inventory::YangLibrary, data).unwrap();
    let names: Vec<_> = modules.iter().map(|m| (m.name.as_str(), m.conformance)).collect();
    let implement = Conformance::Implement;
    let expected =
        [("ietf-interfaces", implement), ("main", implement), ("ietf-yang-types", implement)];
    assert_eq!(names, expected);
    assert_eq!(modules[0].revision, text("2018-02-20"));
    assert_eq!(modules[0].features, ["if-mib", "pre-provisioning"]);
    assert_eq!(modules[0].deviations, ["vendor-dev"]);
    assert_eq!(modules[1].revision, None);
    let part = Submodule { name: "part".to_owned(), revision: text("2020-01-01") };
    assert_eq!(modules[1].submodules, [part]);
    assert_eq!(read(Inventory::ModulesState, data), None);
    assert_eq!(read(Inventory::Schemas, data), None);
}

#[test]
fn the_list_of_rfc_7895() {
    let data = "<other xmlns='urn:o'/><yl:modules-state \
        xmlns:yl='urn:ietf:params:xml:ns:yang:ietf-yang-library'>\
        <yl:module-set-id>9</yl:module-set-id>\
        <yl:module><yl:name>a</yl:name><yl:revision/><yl:namespace>urn:a</yl:namespace>\
        <yl:deviation><yl:name>a-dev</yl:name><yl:revision>2020-01-01</yl:revision></yl:deviation>\
        <yl:conformance-type>implement</yl:conformance-type></yl:module>\
        <yl:module><yl:name>t</yl:name><yl:revision>2019-01-01</yl:revision>\
        <yl:namespace>urn:t</yl:namespace><yl:conformance-type>import</yl:conformance-type>\
        </yl:module></yl:modules-state>";
    let modules = read(Inventory::ModulesState, data).unwrap();
    assert_eq!(modules[0].revision, None);
    assert_eq!(modules[0].deviations, ["a-dev"]);
    assert_eq!(modules[1].conformance, Conformance::Import);
}

#[test]
fn the_schemas_of_rfc_6022() {
    let schema = |name: &str, version: &str, format: &str| {
        format!(
            "<schema><identifier>{name}</identifier><version>{version}</version>\
             <format>{format}</format><namespace>urn:{name}</namespace>\
             <location>NETCONF</location></schema>"
        )
    };
    let data = format!(
        "<netconf-state xmlns='{MONITORING}' xmlns:ncm='{MONITORING}'><schemas>{}{}{}{}{}</schemas>\
         </netconf-state>",
        schema("a", "2020-01-01", "ncm:yang"),
        schema("a", "2020-01-01", "ncm:yin"),
        schema("a", "2020-01-01", "yang"),
        schema("a", "2021-01-01", "yang"),
        schema("b", "", "yang"),
    );
    let modules = read(Inventory::Schemas, &data).unwrap();
    let facts: Vec<_> = modules.iter().map(|m| (m.name.as_str(), m.revision.clone())).collect();
    assert_eq!(facts, [("a", text("2020-01-01")), ("a", text("2021-01-01")), ("b", None)]);
    assert_eq!(modules[2].namespace, "urn:b");
}

#[test]
fn inventories_are_written_and_read_back() {
    let module = Module {
        revision: text("2020-01-01"),
        features: vec!["f1".to_owned(), "f2".to_owned()],
        deviations: vec!["b".to_owned()],
        submodules: vec![Submodule { name: "a-sub".to_owned(), revision: None }],
        ..Module::new("a", "urn:a?x&y")
    };
    let import = Module {
        conformance: Conformance::Import,
        revision: text("2019-01-01"),
        ..Module::new("t", "urn:t")
    };
    let modules = vec![module, Module::new("b", "urn:b"), import];
    for inventory in [Inventory::YangLibrary, Inventory::ModulesState] {
        let data = inventory.write(&modules, "id-1");
        assert!(data.contains(">id-1<"));
        assert_eq!(read(inventory, &data), Some(modules.clone()), "{inventory:?}");
    }
    let data = Inventory::Schemas.write(&modules, "");
    let names: Vec<_> = read(Inventory::Schemas, &data).unwrap();
    let names: Vec<_> = names.into_iter().map(|m| (m.name, m.revision)).collect();
    let expected = [("a", "2020-01-01"), ("a-sub", ""), ("b", ""), ("t", "2019-01-01")];
    let expected = expected.map(|(n, r)| (n.to_owned(), text(r).filter(|r| !r.is_empty())));
    assert_eq!(names, expected);
}

#[test]
fn what_is_asked_for() {
    let filter = |inventory: Inventory| match inventory.filter() {
        Filter::Subtree(xml) => xml,
        other @ Filter::XPath { .. } => panic!("{other:?}"),
    };
    let library = "urn:ietf:params:xml:ns:yang:ietf-yang-library";
    assert_eq!(filter(Inventory::YangLibrary), format!("<yang-library xmlns=\"{library}\"/>"));
    assert_eq!(filter(Inventory::ModulesState), format!("<modules-state xmlns=\"{library}\"/>"));
    let expected = format!("<netconf-state xmlns=\"{MONITORING}\"><schemas/></netconf-state>");
    assert_eq!(filter(Inventory::Schemas), expected);
}

#[test]
fn bad_lists() {
    let limits = Limits::default();
    let nameless = format!("<modules-state xmlns='{YANG_LIBRARY}'><module/></modules-state>");
    let error = Inventory::ModulesState.read(&nameless, &limits).unwrap_err();
    assert_eq!(error.to_string(), "unreadable module list: a module has no name");
    assert!(matches!(Inventory::Schemas.read("<a>", &limits), Err(Error::BadXml { .. })));
    assert_eq!(Inventory::Schemas.read("", &limits), Ok(None));
}

#[test]
fn a_byte_order_mark_shifts_nothing() {
    let data = "\u{feff}<modules-state xmlns='urn:ietf:params:xml:ns:yang:ietf-yang-library'>\
        <module><name>m</name><revision/><namespace>urn:m</namespace></module></modules-state>";
    let modules = read(Inventory::ModulesState, data).unwrap();
    assert_eq!(modules.iter().map(|module| module.name.as_str()).collect::<Vec<_>>(), ["m"]);
}
