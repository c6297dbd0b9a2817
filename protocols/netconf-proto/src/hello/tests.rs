use super::*;
use crate::capability::uri;

const NS: &str = "xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'";
const BASE_CAPABILITY: &str =
    "<capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities>";

fn decode(text: &str, from: Side) -> Result<Hello, Error> {
    Hello::decode(text.as_bytes(), from, &Limits::default())
}

#[test]
fn both_sides_are_written_and_read_back() {
    let capabilities: Capabilities =
        [uri::BASE_1_1, "urn:x?module=x&revision=1"].into_iter().collect();
    let client = Hello { capabilities: capabilities.clone(), session_id: None };
    let server = Hello { capabilities, session_id: SessionId::new(u32::MAX) };
    assert_eq!(decode(&client.encode(), Side::Client), Ok(client.clone()));
    assert_eq!(decode(&server.encode(), Side::Server), Ok(server.clone()));
    assert!(matches!(decode(&client.encode(), Side::Server), Err(Error::BadHello { .. })));
    assert!(matches!(decode(&server.encode(), Side::Client), Err(Error::BadHello { .. })));
}

#[test]
fn hellos_of_real_devices() {
    let good = [
        // Comments in front, white space around the values, unknown elements.
        format!(
            "<!-- No zombies were killed during the creation of this user interface -->\n\
             <!-- user root, class super-user -->\n<hello {NS}>\n<capabilities>\n<capability>\n \
             urn:ietf:params:netconf:base:1.0\n</capability><capability/></capabilities>\n\
             <session-id> 12 </session-id><motd>hi</motd></hello>\n"
        ),
        format!("<hello>{BASE_CAPABILITY}<session-id>12</session-id></hello>"),
        "\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<nc:hello xmlns:nc='urn:ietf:params:xml:\
             ns:netconf:base:1.0'><nc:capabilities><nc:capability>urn:ietf:params:netconf:base:1.0\
             </nc:capability></nc:capabilities><nc:session-id>12</nc:session-id></nc:hello>"
            .to_owned(),
    ];
    for text in good {
        let hello = decode(&text, Side::Server).unwrap_or_else(|e| panic!("{e}: {text}"));
        assert_eq!(hello.session_id, SessionId::new(12), "{text}");
        assert!(hello.capabilities.has_base_1_0() && hello.capabilities.len() == 1, "{text}");
    }
}

#[test]
fn bad_hellos() {
    let id = |text: &str| format!("<hello {NS}>{BASE_CAPABILITY}{text}</hello>");
    let bad = [
        (id(""), "must send a session-id"),
        (id("<session-id>0</session-id>"), "not a number from 1"),
        (id("<session-id>4294967296</session-id>"), "not a number from 1"),
        (id("<session-id>-1</session-id>"), "not a number from 1"),
        (id("<session-id>+1</session-id>"), "not a number from 1"),
        (id("<session-id/>"), "not a number from 1"),
        (id("<session-id>1</session-id><session-id>1</session-id>"), "two session-ids"),
        (format!("<hello {NS}><session-id>1</session-id></hello>"), "no <capabilities>"),
        (format!("<helo {NS}/>"), "expected <hello>"),
        ("<hello xmlns='urn:other'/>".to_owned(), "expected <hello>"),
        ("hello".to_owned(), "outside"),
    ];
    for (text, reason) in bad {
        let error = decode(&text, Side::Server).expect_err(&text).to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
    let bare = format!("<hello>{BASE_CAPABILITY}</hello>");
    assert!(decode(&bare, Side::Client).is_err());
}

#[test]
fn limits_hold() {
    let limits = Limits { capabilities_max: 2, capability_bytes_max: 40, ..Limits::default() };
    let hello = |uris: &[&str]| {
        let capabilities = uris.iter().copied().collect();
        let text = Hello { capabilities, session_id: None }.encode();
        Hello::decode(text.as_bytes(), Side::Client, &limits).map(|h| h.capabilities.len())
    };
    assert_eq!(hello(&["a", "b"]), Ok(2));
    assert!(matches!(hello(&["a", "b", "c"]), Err(Error::BadHello { .. })));
    assert!(matches!(hello(&[&"x".repeat(41)]), Err(Error::BadHello { .. })));
}

#[test]
fn the_framing_that_follows() {
    let of = |uris: &[&str]| -> Capabilities { uris.iter().copied().collect() };
    let (old, new, both) = (of(&[uri::BASE_1_0]), of(&[uri::BASE_1_1]), Capabilities::base());
    assert_eq!(negotiated_framing(&both, &both), Ok(Framing::Chunked));
    assert_eq!(negotiated_framing(&both, &new), Ok(Framing::Chunked));
    assert_eq!(negotiated_framing(&both, &old), Ok(Framing::EndOfMessage));
    assert_eq!(negotiated_framing(&old, &both), Ok(Framing::EndOfMessage));
    assert_eq!(negotiated_framing(&old, &new), Err(Error::NoCommonBase));
    assert_eq!(negotiated_framing(&both, &of(&["urn:x"])), Err(Error::NoCommonBase));
}
