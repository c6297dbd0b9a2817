use super::*;
use crate::id::SessionId;
use crate::rpc_error::{ErrorInfo, ErrorTag, ErrorType, Message};

const NS: &str = "xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'";

fn read(inside: &str, expect: Expect) -> Result<Reply, Error> {
    let message = format!("<rpc-reply {NS} message-id='1'>{inside}</rpc-reply>");
    Reply::decode(message.as_bytes(), expect, &Limits::default())
}

fn written_and_read(reply: Reply, expect: Expect) -> Reply {
    let limits = Limits::default();
    let message = reply.encode(&Envelope::of_message("1"), &limits).unwrap();
    Reply::decode(message.as_bytes(), expect, &limits).unwrap()
}

#[test]
fn every_body_is_written_and_read_back() {
    let bodies = [
        (Body::Ok, Expect::Ok),
        (Body::Data(String::new()), Expect::Data),
        (Body::Data("<a xmlns='urn:a'/> <b xmlns='urn:b'>&lt;</b>".to_owned()), Expect::Data),
        (Body::Schema("module a {\r\n  // <&>\n}\n".to_owned()), Expect::Schema),
        (Body::Schema(String::new()), Expect::Schema),
        (Body::Ok, Expect::Output),
        (Body::Output("<id xmlns='urn:x'>7</id><e xmlns='urn:x'/>".to_owned()), Expect::Output),
        (Body::Errors(vec![RpcError::new(ErrorType::Application, ErrorTag::InUse)]), Expect::Data),
    ];
    for (body, expect) in bodies {
        let reply = Reply::new(body);
        assert_eq!(written_and_read(reply.clone(), expect), reply);
    }
}

/// One error of every tag, type and kind of information.
fn errors() -> Vec<RpcError> {
    let types = [ErrorType::Transport, ErrorType::Rpc, ErrorType::Protocol, ErrorType::Application];
    let tags = ErrorTag::ALL.iter().cloned().chain([ErrorTag::Other("acme-7".to_owned())]);
    let plain = tags.zip(types.into_iter().cycle()).map(|(tag, ty)| RpcError::new(ty, tag));
    let mut full = RpcError::new(ErrorType::Application, ErrorTag::BadElement)
        .with_app_tag("data-not-unique")
        .with_path("/t:top/t:x[t:k='<1>']", vec![("t".to_owned(), "urn:t&u".to_owned())])
        .with_message("wrong <value> & \"more\"")
        .with_info(ErrorInfo::BadElement("t:x".to_owned()))
        .with_info(ErrorInfo::BadAttribute("operation".to_owned()))
        .with_info(ErrorInfo::BadNamespace("urn:n".to_owned()))
        .with_info(ErrorInfo::Session(SessionId::new(7)))
        .with_info(ErrorInfo::Session(None))
        .with_info(ErrorInfo::Other("<more xmlns='urn:m'>1</more>".to_owned()));
    full.message = Some(Message { text: "falsch".to_owned(), lang: Some("de".to_owned()) });
    plain.chain([full, RpcError::not_supported("x"), RpcError::lock_denied(None)]).collect()
}

#[test]
fn errors_go_round_in_full() {
    for error in errors() {
        let reply = Reply::new(Body::Errors(vec![error]));
        assert_eq!(written_and_read(reply.clone(), Expect::Ok), reply);
        let mut warned = Reply::new(Body::Ok);
        if let Body::Errors(errors) = reply.body {
            warned.warnings = errors.into_iter().map(RpcError::as_warning).collect();
        }
        assert_eq!(written_and_read(warned.clone(), Expect::Ok), warned);
    }
    let all = Reply::new(Body::Errors(errors()));
    assert_eq!(written_and_read(all.clone(), Expect::Data), all);
}

#[test]
fn an_envelope_is_repeated_with_its_prefix() {
    let rpc = "<nc:rpc xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:x=\"&lt;\" \
        message-id='a&amp;b' ><nc:commit/></nc:rpc>";
    let rpc = crate::Rpc::decode(rpc.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(rpc.message_id.as_deref(), Some("a&b"));
    let reply = Reply::new(Body::Data("<a xmlns='urn:a'/><b/>".to_owned()));
    assert_eq!(
        reply.encode(&rpc.envelope, &Limits::default()).unwrap(),
        "<nc:rpc-reply xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:x=\"&lt;\" \
         message-id='a&amp;b'><nc:data><a xmlns='urn:a'/><b xmlns=\"\"/></nc:data></nc:rpc-reply>"
    );
}

#[test]
fn successes_as_devices_write_them() {
    let ok = [
        "<ok/>",
        " \n<ok/>\n ",
        "",
        "<!-- nothing -->",
        "<load-configuration-results><ok/></load-configuration-results>",
        "<commit-results><routing-engine><name>re0</name><commit-success/></routing-engine>\
         </commit-results>",
    ];
    for inside in ok {
        assert_eq!(read(inside, Expect::Ok).map(|r| r.body), Ok(Body::Ok), "{inside}");
    }
    // Without a namespace, with a namespace of its own, with attributes.
    let bare = "<rpc-reply message-id='1'><ok/></rpc-reply>";
    let reply = Reply::decode(bare.as_bytes(), Expect::Ok, &Limits::default()).unwrap();
    assert_eq!(reply.body, Body::Ok);
    let junos = format!(
        "<!-- user root -->\n<nc:rpc-reply xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' \
         xmlns:junos='http://xml.juniper.net/junos/23.2R1/junos' {NS} message-id='1' \
         junos:style='x' seq='2'>\n<nc:data><configuration xmlns='urn:c' junos:commit-seconds='5'/>\
         </nc:data>\n</nc:rpc-reply>\n<!-- end -->"
    );
    let reply = Reply::decode(junos.as_bytes(), Expect::Data, &Limits::default()).unwrap();
    let Body::Data(data) = reply.body else { panic!("no data") };
    assert!(data.contains("xmlns:junos=\"http://xml.juniper.net/junos/23.2R1/junos\""), "{data}");
    assert!(data.contains("junos:commit-seconds='5'"), "{data}");
    let names: Vec<_> =
        reply.attributes.iter().map(|a| (a.name.as_str(), a.value.as_str())).collect();
    assert_eq!(names, [("style", "x"), ("seq", "2")]);
}

#[test]
fn warnings_do_not_fail() {
    let warning = "<rpc-error><error-type>application</error-type><error-tag>invalid-value\
        </error-tag><error-severity>warning</error-severity><error-message>\nmgd: statement has no \
        contents; ignored\n</error-message></rpc-error>";
    let reply = read(&format!("{warning}<ok/>"), Expect::Ok).unwrap();
    assert_eq!((reply.body, reply.warnings.len()), (Body::Ok, 1));
    let text = &reply.warnings[0].message.as_ref().unwrap().text;
    assert_eq!(text, "mgd: statement has no contents; ignored");
    assert_eq!(reply.warnings[0].severity, Severity::Warning);

    let wrapped =
        format!("<load-configuration-results>{warning}<ok/></load-configuration-results>");
    let reply = read(&wrapped, Expect::Ok).unwrap();
    assert_eq!((reply.body, reply.warnings.len()), (Body::Ok, 1));

    let output = read(&format!("{warning}<x xmlns='urn:x'/>"), Expect::Output).unwrap();
    assert_eq!(output.body, Body::Output("<x xmlns='urn:x'/>".to_owned()));

    let severe = warning.replace("<error-severity>warning</error-severity>", "");
    let reply = read(&format!("{warning}{severe}"), Expect::Data).unwrap();
    assert_eq!(reply.warnings.len(), 1);
    assert!(matches!(reply.body, Body::Errors(errors) if errors.len() == 1));
}

#[test]
fn errors_as_devices_write_them() {
    // In the wrappers of Junos, with a path of its own and elements of its own.
    let junos = "<commit-results><routing-engine><name>re0</name><rpc-error><error-type>protocol\
        </error-type><error-tag>operation-failed</error-tag><error-severity>error</error-severity>\
        <source-daemon>bgp</source-daemon><error-path>\n[edit protocols]\n</error-path>\
        <error-info><bad-element>bgp</bad-element></error-info><error-message>\n bad peer\n\
        </error-message></rpc-error></routing-engine></commit-results>";
    let Body::Errors(errors) = read(junos, Expect::Ok).unwrap().body else { panic!("no error") };
    assert_eq!(errors[0].path.as_deref(), Some("[edit protocols]"));
    assert_eq!(errors[0].bad_element(), Some("bgp"));
    assert_eq!(
        errors[0].to_string(),
        "operation-failed at [edit protocols]: bad peer, element bgp"
    );
    // Nearly empty, and with words of no RFC.
    let Body::Errors(errors) = read("<rpc-error/>", Expect::Data).unwrap().body else {
        panic!("no error")
    };
    assert_eq!(errors[0], RpcError::new(ErrorType::Application, ErrorTag::OperationFailed));
    let odd = "<rpc-error><error-type>server</error-type><error-tag> acme-7 </error-tag>\
        <error-severity>fatal</error-severity><error-info><acme:x xmlns:acme='urn:acme'/>\
        <session-id>0</session-id></error-info></rpc-error>";
    let Body::Errors(errors) = read(odd, Expect::Ok).unwrap().body else { panic!("no error") };
    assert_eq!(errors[0].tag, ErrorTag::Other("acme-7".to_owned()));
    assert_eq!(errors[0].severity, Severity::Error);
    assert_eq!(errors[0].info[1], ErrorInfo::Session(None));
    assert!(
        matches!(&errors[0].info[0], ErrorInfo::Other(xml) if xml.starts_with("<acme:x xmlns"))
    );
}

#[test]
fn the_example_of_a_denied_lock() {
    // RFC 6241 section 7.5.
    let denied = "<rpc-error> <error-type>protocol</error-type> <error-tag>lock-denied</error-tag>\
        <error-severity>error</error-severity><error-message>Lock failed, lock is already held\
        </error-message><error-info><session-id>454</session-id></error-info></rpc-error>";
    let Body::Errors(errors) = read(denied, Expect::Ok).unwrap().body else { panic!("no error") };
    assert_eq!(errors[0].tag, ErrorTag::LockDenied);
    assert_eq!(errors[0].session_id(), SessionId::new(454));
}

#[test]
fn paths_keep_their_prefixes() {
    let error = "<rpc-error xmlns:if='urn:if'><error-tag>data-missing</error-tag><error-path \
        xmlns:t='urn:t'>/if:a/t:b</error-path></rpc-error>";
    let Body::Errors(errors) = read(error, Expect::Ok).unwrap().body else { panic!("no error") };
    let pair = |p: &str, u: &str| (p.to_owned(), u.to_owned());
    assert_eq!(errors[0].path_namespaces, [pair("if", "urn:if"), pair("t", "urn:t")]);
}

#[test]
fn replies_that_do_not_fit() {
    let bad = [
        ("<data/>", Expect::Ok),
        ("<ok/>", Expect::Data),
        ("", Expect::Data),
        ("<ok/>", Expect::Schema),
        ("<x xmlns='urn:x'/>", Expect::Ok),
    ];
    for (inside, expect) in bad {
        let result = read(inside, expect);
        assert!(matches!(result, Err(Error::BadReply { .. })), "{inside}: {result:?}");
    }
    assert!(matches!(read("<data><a/></data>", Expect::Schema), Err(Error::BadXml { .. })));
    let other = Reply::decode(b"<rpc xmlns='urn:x'/>", Expect::Ok, &Limits::default());
    assert!(matches!(other, Err(Error::UnexpectedMessage { .. })));
}

#[test]
fn what_a_server_cannot_send() {
    let limits = Limits::default();
    let envelope = Envelope::of_message("1");
    let warning = RpcError::new(ErrorType::Application, ErrorTag::InUse).as_warning();
    let mut path = RpcError::new(ErrorType::Application, ErrorTag::InUse);
    path.path = Some("/x".to_owned());
    path.path_namespaces = vec![("a='' b".to_owned(), "urn:a".to_owned())];
    let info = RpcError::new(ErrorType::Application, ErrorTag::InUse)
        .with_info(ErrorInfo::Other("<x>".to_owned()));
    let bad = [
        Body::Data("<a>".to_owned()),
        Body::Data("</data>".to_owned()),
        Body::Output("&x;".to_owned()),
        Body::Errors(Vec::new()),
        Body::Errors(vec![warning]),
        Body::Errors(vec![path]),
        Body::Errors(vec![info]),
    ];
    for body in bad {
        assert!(Reply::new(body.clone()).encode(&envelope, &limits).is_err(), "{body:?}");
    }
}
