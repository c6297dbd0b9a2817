use expect_test::expect;

use super::*;
use crate::capability::{Capabilities, uri};
use crate::error::Error;
use crate::limits::Limits;
use crate::rpc_error::RpcError;

/// Every operation in every form it has.
fn table() -> Vec<(Request, &'static str)> {
    let subtree = |xml: &str| Some(Filter::Subtree(xml.to_owned()));
    let text = |text: &str| Some(text.to_owned());
    let cfg = "<top xmlns=\"urn:t\"><x>1</x></top>".to_owned();
    vec![
        (Request::Get { filter: None, with_defaults: None }, "<get/>"),
        (
            Request::Get {
                filter: subtree("<top xmlns=\"urn:t\"/>"),
                with_defaults: Some(WithDefaults::ReportAllTagged),
            },
            "<get><filter type=\"subtree\"><top xmlns=\"urn:t\"/></filter><with-defaults \
             xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">\
             report-all-tagged</with-defaults></get>",
        ),
        (
            Request::GetConfig {
                source: Datastore::Candidate,
                filter: subtree(""),
                with_defaults: None,
            },
            "<get-config><source><candidate/></source><filter type=\"subtree\"/></get-config>",
        ),
        (
            Request::EditConfig {
                target: Datastore::Running,
                default_operation: None,
                test_option: None,
                error_option: None,
                config: Edit::Config(cfg.clone()),
            },
            "<edit-config><target><running/></target><config><top xmlns=\"urn:t\"><x>1</x></top>\
             </config></edit-config>",
        ),
        (
            Request::EditConfig {
                target: Datastore::Candidate,
                default_operation: Some(DefaultOperation::None),
                test_option: Some(TestOption::TestThenSet),
                error_option: Some(ErrorOption::RollbackOnError),
                config: Edit::Url("file:///a?b&c".to_owned()),
            },
            "<edit-config><target><candidate/></target><default-operation>none\
             </default-operation><test-option>test-then-set</test-option><error-option>\
             rollback-on-error</error-option><url>file:///a?b&amp;c</url></edit-config>",
        ),
        (
            Request::CopyConfig {
                target: Target::Datastore(Datastore::Startup),
                source: Source::Datastore(Datastore::Running),
                with_defaults: None,
            },
            "<copy-config><target><startup/></target><source><running/></source></copy-config>",
        ),
        (
            Request::CopyConfig {
                target: Target::Url("file:///b".to_owned()),
                source: Source::Config(cfg.clone()),
                with_defaults: Some(WithDefaults::Trim),
            },
            "<copy-config><target><url>file:///b</url></target><source><config>\
             <top xmlns=\"urn:t\"><x>1</x></top></config></source><with-defaults \
             xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">trim\
             </with-defaults></copy-config>",
        ),
        (
            Request::DeleteConfig { target: Target::Datastore(Datastore::Startup) },
            "<delete-config><target><startup/></target></delete-config>",
        ),
        (
            Request::Lock { target: Datastore::Candidate },
            "<lock><target><candidate/></target></lock>",
        ),
        (
            Request::Unlock { target: Datastore::Running },
            "<unlock><target><running/></target></unlock>",
        ),
        (
            Request::Validate { source: Source::Datastore(Datastore::Candidate) },
            "<validate><source><candidate/></source></validate>",
        ),
        (
            Request::Validate { source: Source::Config(cfg) },
            "<validate><source><config><top xmlns=\"urn:t\"><x>1</x></top></config></source>\
             </validate>",
        ),
        (
            Request::Validate { source: Source::Url("ftp://x/y".to_owned()) },
            "<validate><source><url>ftp://x/y</url></source></validate>",
        ),
        (Request::Commit, "<commit/>"),
        (
            Request::CommitConfirmed { timeout_s: None, persist: None, persist_id: None },
            "<commit><confirmed/></commit>",
        ),
        (
            Request::CommitConfirmed {
                timeout_s: Some(30),
                persist: text("tx<1>"),
                persist_id: text("tx-0"),
            },
            "<commit><confirmed/><confirm-timeout>30</confirm-timeout><persist>tx&lt;1&gt;\
             </persist><persist-id>tx-0</persist-id></commit>",
        ),
        (
            Request::ConfirmCommit { persist_id: "tx-1".to_owned() },
            "<commit><persist-id>tx-1</persist-id></commit>",
        ),
        (Request::CancelCommit { persist_id: None }, "<cancel-commit/>"),
        (
            Request::CancelCommit { persist_id: text("tx-1") },
            "<cancel-commit><persist-id>tx-1</persist-id></cancel-commit>",
        ),
        (Request::DiscardChanges, "<discard-changes/>"),
        (
            Request::GetSchema {
                identifier: "ietf-interfaces".to_owned(),
                version: text("2018-02-20"),
                format: text("yang"),
            },
            "<get-schema xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring\">\
             <identifier>ietf-interfaces</identifier><version>2018-02-20</version>\
             <format>yang</format></get-schema>",
        ),
        (
            Request::CreateSubscription {
                stream: text("NETCONF"),
                filter: subtree("<e xmlns=\"urn:e\"/>"),
                start_time: text("2026-01-01T00:00:00Z"),
                stop_time: None,
            },
            "<create-subscription xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">\
             <stream>NETCONF</stream><filter type=\"subtree\"><e xmlns=\"urn:e\"/></filter>\
             <startTime>2026-01-01T00:00:00Z</startTime></create-subscription>",
        ),
        (Request::CloseSession, "<close-session/>"),
        (
            Request::KillSession { session_id: SessionId::new(4).unwrap() },
            "<kill-session><session-id>4</session-id></kill-session>",
        ),
        (
            Request::Raw(
                "<action xmlns=\"urn:ietf:params:xml:ns:yang:1\"><a/></action>".to_owned(),
            ),
            "<action xmlns=\"urn:ietf:params:xml:ns:yang:1\"><a/></action>",
        ),
    ]
}

#[test]
fn every_operation_is_written_and_read_back() {
    let limits = Limits::default();
    for (request, inside) in table() {
        let message = request.clone().encode("7", &limits).unwrap();
        let base = "urn:ietf:params:xml:ns:netconf:base:1.0";
        let expected = format!("<rpc xmlns=\"{base}\" message-id=\"7\">{inside}</rpc>");
        assert_eq!(message, expected);
        let read = Rpc::decode(message.as_bytes(), &limits).unwrap();
        assert_eq!(read.message_id.as_deref(), Some("7"));
        assert_eq!(read.request, Ok(request));
    }
}

#[test]
fn operations_are_read_under_a_prefix() {
    let base = "urn:ietf:params:xml:ns:netconf:base:1.0";
    let table = [
        ("<nc:commit/>", Request::Commit),
        (
            "<nc:commit><nc:persist-id>x</nc:persist-id></nc:commit>",
            Request::ConfirmCommit { persist_id: "x".to_owned() },
        ),
        (
            "<nc:lock><nc:target><nc:running/></nc:target></nc:lock>",
            Request::Lock { target: Datastore::Running },
        ),
        (
            "<nc:edit-config><nc:target><nc:candidate/></nc:target><nc:config/></nc:edit-config>",
            Request::EditConfig {
                target: Datastore::Candidate,
                default_operation: None,
                test_option: None,
                error_option: None,
                config: Edit::Config(String::new()),
            },
        ),
    ];
    for (inside, expected) in table {
        let message = format!("<nc:rpc xmlns:nc='{base}' message-id='7'>{inside}</nc:rpc>");
        let read = Rpc::decode(message.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(read.request, Ok(expected), "{message}");
        let unprefixed = message.replacen("nc:rpc ", "rpc ", 1).replace("</nc:rpc>", "</rpc>");
        let read = Rpc::decode(unprefixed.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(read.request.unwrap_err().tag, crate::ErrorTag::UnknownNamespace);
    }
}

/// The tag of a refusal, and the element it names.
fn refusal(error: &RpcError) -> String {
    assert_eq!(error.error_type, crate::ErrorType::Protocol);
    assert!(error.message.is_some());
    format!("{} {}", error.tag.as_str(), error.bad_element().unwrap_or_default())
}

#[test]
fn what_is_wrong_inside_an_rpc() {
    let table = [
        ("", "missing-element operation"),
        ("<get/><commit/>", "unknown-element commit"),
        ("<frobnicate/>", "operation-not-supported "),
        ("<x xmlns=''/>", "unknown-namespace x"),
        ("<get><x/></get>", "unknown-element x"),
        ("<get-config/>", "missing-element source"),
        ("<get-config><source/></get-config>", "missing-element source"),
        ("<get-config><source><flash/></source></get-config>", "unknown-element flash"),
        ("<get-config><source><running/><startup/></source></get-config>", "bad-element startup"),
        (
            "<lock><target><running/></target><target><running/></target></lock>",
            "bad-element target",
        ),
        ("<get><filter type='regex'/></get>", "bad-attribute filter"),
        ("<get><filter type='xpath'/></get>", "missing-attribute filter"),
        ("<edit-config><config/></edit-config>", "missing-element target"),
        ("<edit-config><target><running/></target></edit-config>", "missing-element config"),
        (
            "<edit-config><target><running/></target><default-operation>delete\
             </default-operation><config/></edit-config>",
            "invalid-value default-operation",
        ),
        (
            "<edit-config><target><running/></target><test-option>x</test-option><config/>\
             </edit-config>",
            "invalid-value test-option",
        ),
        (
            "<edit-config><target><running/></target><error-option/><config/></edit-config>",
            "invalid-value error-option",
        ),
        (
            "<edit-config><target><running/></target><config/><url>u</url></edit-config>",
            "bad-element url",
        ),
        ("<commit><confirm-timeout>5</confirm-timeout></commit>", "missing-element confirmed"),
        (
            "<commit><confirmed/><confirm-timeout>0</confirm-timeout></commit>",
            "invalid-value confirm-timeout",
        ),
        (
            "<commit><confirmed/><confirm-timeout>soon</confirm-timeout></commit>",
            "invalid-value confirm-timeout",
        ),
        ("<commit><confirmed/><persist/></commit>", "invalid-value persist"),
        ("<commit><confirmed/><persist><x/></persist></commit>", "bad-element persist"),
        ("<kill-session/>", "missing-element session-id"),
        ("<kill-session><session-id>0</session-id></kill-session>", "invalid-value session-id"),
        (
            "<get><with-defaults xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults'>\
             some</with-defaults></get>",
            "invalid-value with-defaults",
        ),
        (
            "<get-schema xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring'/>",
            "missing-element identifier",
        ),
        (
            "<create-subscription xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'>\
             <stopTime>2026-01-01T00:00:00Z</stopTime></create-subscription>",
            "missing-element startTime",
        ),
    ];
    let base = "urn:ietf:params:xml:ns:netconf:base:1.0";
    for (inside, expected) in table {
        let message = format!("<rpc xmlns='{base}' message-id='1'>{inside}</rpc>");
        let read = Rpc::decode(message.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(refusal(&read.request.expect_err(inside)), expected, "{inside}");
    }
}

#[test]
fn refusals_say_the_way_out() {
    let message = "<rpc xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'>\
        <edit-config><target><running/></target><test-option>x</test-option><config/>\
        </edit-config></rpc>";
    let read = Rpc::decode(message.as_bytes(), &Limits::default()).unwrap();
    let message = read.request.unwrap_err().message.unwrap();
    expect!["<test-option> is one of test-then-set, set, test-only"].assert_eq(&message.text);
    expect![[r#"
        operation-not-supported: operation commit needs the capability :candidate"#]]
    .assert_eq(&refuse(&Request::Commit, &Capabilities::base()).unwrap().to_string());
}

#[test]
fn a_missing_message_id_is_the_example_of_the_rfc() {
    // RFC 6241 section 4.1.
    let message = b"<rpc xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><get/></rpc>";
    let read = Rpc::decode(message, &Limits::default()).unwrap();
    let error = read.request.unwrap_err();
    assert_eq!(read.message_id, None);
    assert_eq!(error.error_type, crate::ErrorType::Rpc);
    assert_eq!(error.tag, crate::ErrorTag::MissingAttribute);
    assert_eq!((error.bad_attribute(), error.bad_element()), (Some("message-id"), Some("rpc")));
}

#[test]
fn an_rpc_of_another_namespace_is_refused_with_its_id() {
    let read = Rpc::decode(b"<rpc message-id='9'><get/></rpc>", &Limits::default()).unwrap();
    assert_eq!(read.envelope, Envelope::of_message("9"));
    assert_eq!(read.request.unwrap_err().tag, crate::ErrorTag::UnknownNamespace);
}

#[test]
fn what_is_no_rpc_at_all() {
    let decode = |text: &str| Rpc::decode(text.as_bytes(), &Limits::default());
    let hello = decode("<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'/>");
    assert!(matches!(hello, Err(Error::UnexpectedMessage { .. })));
    assert!(matches!(decode("<rpc>"), Err(Error::BadXml { .. })));
    assert!(matches!(decode("<!DOCTYPE rpc><rpc/>"), Err(Error::RefusedXml { .. })));
}

#[test]
fn filters_as_clients_really_write_them() {
    let filter_of = |xml: &str| {
        let message = format!(
            "<nc:rpc xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1' \
             xmlns:if='urn:if'><nc:get>{xml}</nc:get></nc:rpc>"
        );
        match Rpc::decode(message.as_bytes(), &Limits::default()).unwrap().request.unwrap() {
            Request::Get { filter, .. } => filter.unwrap(),
            other => panic!("{other:?}"),
        }
    };
    let Filter::XPath { select, namespaces } =
        filter_of("<nc:filter nc:type='xpath' nc:select=\"/if:interfaces[x='1']\"/>")
    else {
        panic!("no xpath")
    };
    assert_eq!(select, "/if:interfaces[x='1']");
    assert!(namespaces.contains(&("if".to_owned(), "urn:if".to_owned())));
    let subtree = filter_of("<nc:filter>\n<if:interfaces/>\n</nc:filter>");
    let Filter::Subtree(xml) = subtree else { panic!("no subtree") };
    assert!(xml.starts_with("\n<if:interfaces xmlns:"), "{xml}");
}

#[test]
fn parameters_as_scripts_really_write_them() {
    // The script's part has no namespace, its library's has a prefix.
    let message = "<nc:rpc xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'>\
        <nc:edit-config><nc:target><nc:running/></nc:target><config xmlns:xc='urn:ietf:params:xml:\
        ns:netconf:base:1.0'><top xmlns='urn:t' xc:operation='delete'/></config></nc:edit-config>\
        </nc:rpc>";
    let read = Rpc::decode(message.as_bytes(), &Limits::default()).unwrap();
    let Ok(Request::EditConfig { config: Edit::Config(xml), .. }) = read.request else {
        panic!("{read:?}")
    };
    assert!(xml.contains("xmlns:xc=\"urn:ietf:params:xml:ns:netconf:base:1.0\""), "{xml}");
}

#[test]
fn an_xpath_filter_is_written_and_read_back() {
    let filter = Filter::XPath {
        select: "/p:a[p:b=\"1\" and p:c<'2']".to_owned(),
        namespaces: vec![("p".to_owned(), "urn:p&q".to_owned())],
    };
    let request = Request::Get { filter: Some(filter), with_defaults: None };
    let message = request.clone().encode("1", &Limits::default()).unwrap();
    let mut read = Rpc::decode(message.as_bytes(), &Limits::default()).unwrap().request.unwrap();
    if let Request::Get { filter: Some(Filter::XPath { namespaces, .. }), .. } = &mut read {
        namespaces.retain(|(prefix, _)| !prefix.is_empty());
    }
    assert_eq!(read, request);
}

#[test]
fn a_piece_of_configuration_keeps_the_prefixes_of_the_message() {
    let message = "<rpc xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' \
        xmlns:xc='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'><edit-config><target>\
        <candidate/></target><config xmlns:t='urn:types'><i xmlns='urn:i' xc:operation='remove'>\
        <type>t:eth</type></i></config></edit-config></rpc>";
    let read = Rpc::decode(message.as_bytes(), &Limits::default()).unwrap();
    let Ok(Request::EditConfig { config: Edit::Config(xml), .. }) = read.request else {
        panic!("no edit")
    };
    assert_eq!(
        xml,
        "<i xmlns:t=\"urn:types\" xmlns:xc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" \
         xmlns='urn:i' xc:operation='remove'><type>t:eth</type></i>"
    );
}

#[test]
fn an_identity_of_a_format_loses_its_prefix() {
    let message = "<rpc xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'><get-schema \
        xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring' \
        xmlns:m='urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring'><identifier> a </identifier>\
        <format>m:yang</format></get-schema></rpc>";
    let read = Rpc::decode(message.as_bytes(), &Limits::default()).unwrap();
    let format = Some("yang".to_owned());
    let expected = Request::GetSchema { identifier: "a".to_owned(), version: None, format };
    assert_eq!(read.request, Ok(expected));
}

#[test]
fn what_cannot_be_sent() {
    let limits = Limits::default();
    let edit = |xml: &str| Request::EditConfig {
        target: Datastore::Running,
        default_operation: None,
        test_option: None,
        error_option: None,
        config: Edit::Config(xml.to_owned()),
    };
    let confirmed = |timeout_s, persist: &str| Request::CommitConfirmed {
        timeout_s,
        persist: Some(persist.to_owned()),
        persist_id: None,
    };
    let xpath = |prefix: &str| Request::Get {
        filter: Some(Filter::XPath {
            select: "/a".to_owned(),
            namespaces: vec![(prefix.to_owned(), "urn:a".to_owned())],
        }),
        with_defaults: None,
    };
    let bad = [
        edit("<a>"),
        edit("</config></edit-config><commit/><edit-config><config>"),
        edit("<p:a/>"),
        confirmed(Some(0), "x"),
        confirmed(None, ""),
        confirmed(None, "a\0b"),
        xpath("a='' b"),
        Request::Raw("<a/><b/>".to_owned()),
        Request::Raw(String::new()),
        Request::GetSchema { identifier: String::new(), version: None, format: None },
    ];
    for request in bad {
        assert!(request.clone().encode("1", &limits).is_err(), "{request:?}");
    }
    let message = edit("<a/>").encode("1", &limits).unwrap();
    assert!(message.contains("<config><a xmlns=\"\"/></config>"), "{message}");
}

#[track_caller]
fn check_capability(request: &Request, without: &[&str], with: &str, expected: &str) {
    let few: Capabilities = without.iter().copied().collect();
    let enough: Capabilities = without.iter().copied().chain([with]).collect();
    assert_eq!(refuse(request, &enough), None);
    assert_eq!(refusal(&refuse(request, &few).unwrap()), expected);
}

fn edit(
    target: Datastore,
    test_option: Option<TestOption>,
    error_option: Option<ErrorOption>,
) -> Request {
    let config = Edit::Config(String::new());
    Request::EditConfig { target, default_operation: None, test_option, error_option, config }
}

#[test]
fn edits_that_need_a_capability() {
    let check = check_capability;
    let (candidate, running) = (Datastore::Candidate, Datastore::Running);
    let edited = edit(candidate, None, None);
    check(&edited, &[], uri::CANDIDATE, "unknown-element candidate");
    let edited = edit(running, None, None);
    check(&edited, &[], uri::WRITABLE_RUNNING, "unknown-element running");
    let with = [uri::CANDIDATE];
    let edited = edit(candidate, Some(TestOption::Set), None);
    check(&edited, &with, uri::VALIDATE_1_0, "unknown-element test-option");
    let edited = edit(candidate, None, Some(ErrorOption::RollbackOnError));
    check(&edited, &with, uri::ROLLBACK_ON_ERROR, "invalid-value error-option");
    let with = [uri::CANDIDATE, uri::VALIDATE_1_0];
    let edited = edit(candidate, Some(TestOption::TestOnly), None);
    check(&edited, &with, uri::VALIDATE_1_1, "invalid-value test-option");
}

#[test]
fn commits_that_need_a_capability() {
    let check = check_capability;
    let confirmed = |persist: Option<&str>| Request::CommitConfirmed {
        timeout_s: None,
        persist: persist.map(str::to_owned),
        persist_id: None,
    };
    check(&Request::Commit, &[], uri::CANDIDATE, "operation-not-supported ");
    check(&Request::DiscardChanges, &[], uri::CANDIDATE, "operation-not-supported ");
    let with = [uri::CANDIDATE];
    check(&confirmed(None), &with, uri::CONFIRMED_COMMIT_1_0, "unknown-element confirmed");
    let with = [uri::CANDIDATE, uri::CONFIRMED_COMMIT_1_0];
    check(&confirmed(Some("x")), &with, uri::CONFIRMED_COMMIT_1_1, "unknown-element persist");
    for request in [
        Request::CancelCommit { persist_id: None },
        Request::ConfirmCommit { persist_id: "x".to_owned() },
    ] {
        check(&request, &with, uri::CONFIRMED_COMMIT_1_1, "operation-not-supported ");
    }
}

#[test]
fn others_that_need_a_capability() {
    let check = check_capability;
    let url = "urn:ietf:params:netconf:capability:url:1.0?scheme=file";
    let trim = "urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=trim";
    let validate = Request::Validate { source: Source::Datastore(Datastore::Running) };
    check(&validate, &[], uri::VALIDATE_1_1, "operation-not-supported ");
    let delete = |target| Request::DeleteConfig { target };
    let startup = delete(Target::Datastore(Datastore::Startup));
    check(&startup, &[], uri::STARTUP, "unknown-element startup");
    check(&delete(Target::Url("file:///x".to_owned())), &[], url, "unknown-element url");
    let lock = Request::Lock { target: Datastore::Candidate };
    check(&lock, &[], uri::CANDIDATE, "unknown-element candidate");
    let xpath = Filter::XPath { select: "/".to_owned(), namespaces: Vec::new() };
    let get = Request::Get { filter: Some(xpath), with_defaults: None };
    check(&get, &[], uri::XPATH, "bad-attribute filter");
    let get = Request::Get { filter: None, with_defaults: Some(WithDefaults::Trim) };
    check(&get, &[], trim, "unknown-element with-defaults");
    let subscribe = Request::CreateSubscription {
        stream: None,
        filter: None,
        start_time: None,
        stop_time: None,
    };
    check(&subscribe, &[], uri::NOTIFICATION, "operation-not-supported ");
}

#[test]
fn what_no_capability_allows() {
    let all = [uri::CANDIDATE, uri::STARTUP, uri::WRITABLE_RUNNING];
    let all: Capabilities = all.into_iter().collect();
    for datastore in [Datastore::Running, Datastore::Candidate] {
        let delete = Request::DeleteConfig { target: Target::Datastore(datastore) };
        assert!(refuse(&delete, &all).is_some());
    }
    assert!(refuse(&edit(Datastore::Startup, None, None), &all).is_some());
}
