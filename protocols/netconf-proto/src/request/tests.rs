use expect_test::{Expect as Snapshot, expect};

use super::*;
use crate::capability::{Capabilities, uri};
use crate::error::Error;
use crate::limits::Limits;

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

#[track_caller]
fn check_refused(rpc: &str, expected: Snapshot) {
    let message =
        format!("<rpc xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'>{rpc}</rpc>");
    let read = Rpc::decode(message.as_bytes(), &Limits::default()).unwrap();
    let error = read.request.expect_err(rpc);
    assert_eq!(error.error_type, crate::ErrorType::Protocol);
    expected.assert_eq(&error.to_string());
}

#[test]
fn what_is_wrong_inside_an_rpc() {
    let check = check_refused;
    check("", expect!["missing-element: <rpc> is empty, element operation"]);
    check(
        "<get/><commit/>",
        expect!["unknown-element: <rpc> holds more than one operation, element commit"],
    );
    check(
        "<frobnicate/>",
        expect!["operation-not-supported: operation frobnicate is not supported"],
    );
    check(
        "<x xmlns=''/>",
        expect![
            "unknown-namespace: <x> is not in the namespace urn:ietf:params:xml:ns:netconf:base:1.0, element x, namespace "
        ],
    );
    check("<get><x/></get>", expect!["unknown-element: <x> is not expected here, element x"]);
    check("<get-config/>", expect!["missing-element: <source> is missing, element source"]);
    check(
        "<get-config><source/></get-config>",
        expect!["missing-element: <source> names no datastore, element source"],
    );
    check(
        "<get-config><source><flash/></source></get-config>",
        expect!["unknown-element: <flash> is not expected here, element flash"],
    );
    check(
        "<get-config><source><running/><startup/></source></get-config>",
        expect!["bad-element: <source> names more than one datastore, element startup"],
    );
    check(
        "<get-config><source><running/></source><source><running/></source></get-config>",
        expect!["bad-element: <source> stands more than once, element source"],
    );
    check(
        "<get><filter type='regex'/></get>",
        expect![
            "bad-attribute: the type of a filter is subtree or xpath, attribute type, element filter"
        ],
    );
    check(
        "<get><filter type='xpath'/></get>",
        expect![
            "missing-attribute: an xpath filter needs select, attribute select, element filter"
        ],
    );
    check(
        "<edit-config><target><running/></target></edit-config>",
        expect!["missing-element: <config> is missing, element config"],
    );
    check(
        "<edit-config><target><running/></target><default-operation>delete</default-operation><config/></edit-config>",
        expect![
            "invalid-value: <default-operation> is one of merge, replace, none, element default-operation"
        ],
    );
    check(
        "<edit-config><target><running/></target><test-option>x</test-option><config/></edit-config>",
        expect![
            "invalid-value: <test-option> is one of test-then-set, set, test-only, element test-option"
        ],
    );
    check(
        "<edit-config><target><running/></target><config/><url>u</url></edit-config>",
        expect!["bad-element: <config> and <url> exclude each other, element url"],
    );
    check(
        "<commit><confirm-timeout>5</confirm-timeout></commit>",
        expect!["missing-element: <confirmed> is missing, element confirmed"],
    );
    check(
        "<commit><confirmed/><confirm-timeout>0</confirm-timeout></commit>",
        expect![
            "invalid-value: the time is a number of seconds from 1 to 4294967295, element confirm-timeout"
        ],
    );
    check(
        "<commit><confirmed/><confirm-timeout>soon</confirm-timeout></commit>",
        expect![
            "invalid-value: the time is a number of seconds from 1 to 4294967295, element confirm-timeout"
        ],
    );
    check(
        "<commit><confirmed/><persist/></commit>",
        expect!["invalid-value: <persist> is empty, element persist"],
    );
    check(
        "<commit><confirmed/><persist><x/></persist></commit>",
        expect![
            "bad-element: bad XML at byte 99: <persist> holds elements, text was expected, element persist"
        ],
    );
    check(
        "<kill-session/>",
        expect!["missing-element: <session-id> is missing, element session-id"],
    );
    check(
        "<kill-session><session-id>0</session-id></kill-session>",
        expect!["invalid-value: a session-id is a number from 1 to 4294967295, element session-id"],
    );
    check(
        "<get><with-defaults xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults'>some</with-defaults></get>",
        expect![
            "invalid-value: the mode is report-all, trim, explicit or report-all-tagged, element with-defaults"
        ],
    );
    check(
        "<get-schema xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring'/>",
        expect!["missing-element: <identifier> is missing, element identifier"],
    );
    check(
        "<create-subscription xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'><stopTime>2026-01-01T00:00:00Z</stopTime></create-subscription>",
        expect!["missing-element: <startTime> is missing, element startTime"],
    );
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
    expect![[r#"<i xmlns:t="urn:types" xmlns:xc="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns='urn:i' xc:operation='remove'><type>t:eth</type></i>"#]]
    .assert_eq(&xml);
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
fn check_capability(request: Request, without: &[&str], with: &str, expected: Snapshot) {
    let few: Capabilities = without.iter().copied().collect();
    let enough: Capabilities = without.iter().copied().chain([with]).collect();
    assert_eq!(refuse(&request, &enough), None);
    expected.assert_eq(&refuse(&request, &few).unwrap().to_string());
}

#[test]
fn what_needs_a_capability() {
    let check = check_capability;
    let edit = |target, test_option, error_option| Request::EditConfig {
        target,
        default_operation: None,
        test_option,
        error_option,
        config: Edit::Config(String::new()),
    };
    let confirmed = |persist: Option<&str>| Request::CommitConfirmed {
        timeout_s: None,
        persist: persist.map(str::to_owned),
        persist_id: None,
    };
    let url = "urn:ietf:params:netconf:capability:url:1.0?scheme=file";
    let with_defaults = "urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=trim";
    let file = || Target::Url("file:///x".to_owned());
    check(
        Request::Commit,
        &[],
        uri::CANDIDATE,
        expect!["operation-not-supported: operation commit needs the capability :candidate"],
    );
    check(
        Request::DiscardChanges,
        &[],
        uri::CANDIDATE,
        expect![
            "operation-not-supported: operation discard-changes needs the capability :candidate"
        ],
    );
    check(
        edit(Datastore::Candidate, None, None),
        &[],
        uri::CANDIDATE,
        expect!["unknown-element: <candidate> needs the capability :candidate, element candidate"],
    );
    check(
        edit(Datastore::Running, None, None),
        &[],
        uri::WRITABLE_RUNNING,
        expect![
            "unknown-element: <running> needs the capability :writable-running, element running"
        ],
    );
    check(
        edit(Datastore::Candidate, Some(TestOption::Set), None),
        &[uri::CANDIDATE],
        uri::VALIDATE_1_0,
        expect![
            "unknown-element: <test-option> needs the capability :validate, element test-option"
        ],
    );
    check(
        edit(Datastore::Candidate, Some(TestOption::TestOnly), None),
        &[uri::CANDIDATE, uri::VALIDATE_1_0],
        uri::VALIDATE_1_1,
        expect!["invalid-value: test-only needs the capability :validate:1.1, element test-option"],
    );
    check(
        edit(Datastore::Candidate, None, Some(ErrorOption::RollbackOnError)),
        &[uri::CANDIDATE],
        uri::ROLLBACK_ON_ERROR,
        expect![
            "invalid-value: rollback-on-error needs the capability :rollback-on-error, element error-option"
        ],
    );
    check(
        confirmed(None),
        &[uri::CANDIDATE],
        uri::CONFIRMED_COMMIT_1_0,
        expect![
            "unknown-element: <confirmed> needs the capability :confirmed-commit, element confirmed"
        ],
    );
    check(
        confirmed(Some("x")),
        &[uri::CANDIDATE, uri::CONFIRMED_COMMIT_1_0],
        uri::CONFIRMED_COMMIT_1_1,
        expect![
            "unknown-element: <persist> needs the capability :confirmed-commit:1.1, element persist"
        ],
    );
    check(
        Request::CancelCommit { persist_id: None },
        &[uri::CANDIDATE, uri::CONFIRMED_COMMIT_1_0],
        uri::CONFIRMED_COMMIT_1_1,
        expect![
            "operation-not-supported: operation cancel-commit needs the capability :confirmed-commit:1.1"
        ],
    );
    check(
        Request::Validate { source: Source::Datastore(Datastore::Running) },
        &[],
        uri::VALIDATE_1_1,
        expect!["operation-not-supported: operation validate needs the capability :validate"],
    );
    check(
        Request::DeleteConfig { target: Target::Datastore(Datastore::Startup) },
        &[],
        uri::STARTUP,
        expect!["unknown-element: <startup> needs the capability :startup, element startup"],
    );
    check(
        Request::DeleteConfig { target: file() },
        &[],
        url,
        expect!["unknown-element: <url> needs the capability :url, element url"],
    );
    check(
        Request::Lock { target: Datastore::Candidate },
        &[],
        uri::CANDIDATE,
        expect!["unknown-element: <candidate> needs the capability :candidate, element candidate"],
    );
    let xpath = Filter::XPath { select: "/".to_owned(), namespaces: Vec::new() };
    check(
        Request::Get { filter: Some(xpath), with_defaults: None },
        &[],
        uri::XPATH,
        expect![
            "bad-attribute: filters of type xpath need the capability :xpath, attribute type, element filter"
        ],
    );
    check(
        Request::Get { filter: None, with_defaults: Some(WithDefaults::Trim) },
        &[],
        with_defaults,
        expect![
            "unknown-element: <with-defaults> needs the capability :with-defaults, element with-defaults"
        ],
    );
    let subscribe = Request::CreateSubscription {
        stream: None,
        filter: None,
        start_time: None,
        stop_time: None,
    };
    check(
        subscribe,
        &[],
        uri::NOTIFICATION,
        expect![
            "operation-not-supported: operation create-subscription needs the capability :notification"
        ],
    );
    let all: Capabilities =
        [uri::CANDIDATE, uri::STARTUP, uri::WRITABLE_RUNNING].into_iter().collect();
    let delete = Request::DeleteConfig { target: Target::Datastore(Datastore::Running) };
    assert!(refuse(&delete, &all).is_some());
    assert!(refuse(&edit(Datastore::Startup, None, None), &all).is_some());
}
