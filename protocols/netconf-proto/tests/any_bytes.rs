//! No bytes, however wrong, make a decoder or a machine panic or run on.

use std::time::{Duration, Instant};

use netconf_proto::framing::{Decoder, Framing};
use netconf_proto::{
    Body, Capabilities, Client, ClientConfig, ClientOutput, Expect, Hello, Input, Inventory,
    Limits, Notification, Reply, Request, Rpc, Server, ServerConfig, ServerEvent, ServerOutput,
    SessionId, Side,
};
use proptest::prelude::*;

/// Some time to start from; what is tested depends on differences only.
#[expect(clippy::disallowed_methods, reason = "an Instant can only be had from the clock")]
fn anchor() -> Instant {
    Instant::now()
}

/// Good messages, to be spoilt.
const SEEDS: [&str; 8] = [
    "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><capabilities><capability>\
     urn:ietf:params:netconf:base:1.1</capability></capabilities><session-id>4</session-id>\
     </hello>",
    "<rpc xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" message-id=\"1\"><edit-config><target>\
     <running/></target><config xmlns:p='urn:p'><a xmlns=\"urn:a\" p:o='1'>&lt;&#65;<![CDATA[x]]>\
     </a><b/></config></edit-config></rpc>",
    "<nc:rpc xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" message-id=\"1\"><nc:commit>\
     <nc:confirmed/><nc:confirm-timeout>5</nc:confirm-timeout></nc:commit></nc:rpc>",
    "<rpc-reply xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" message-id=\"1\"><rpc-error>\
     <error-type>rpc</error-type><error-tag>in-use</error-tag><error-path xmlns:t='urn:t'>/t:a\
     </error-path><error-info><session-id>3</session-id><x xmlns='urn:x'/></error-info>\
     </rpc-error></rpc-reply>",
    "<!-- c --><rpc-reply message-id=\"1\"><data><a xmlns=\"urn:a\"/></data></rpc-reply>",
    "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"><eventTime>\
     2026-01-01T00:00:00Z</eventTime><e xmlns='urn:e'/></notification>",
    "<yang-library xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-library\"><module-set><name>a\
     </name><module><name>m</name><namespace>urn:m</namespace></module></module-set>\
     </yang-library>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a xmlns:b=\"c\" b:d='&quot;'><?pi x?><b:e/></a>",
];

/// Pieces of syntax that a spoilt message gets.
const SPLINTERS: [&str; 20] = [
    "<",
    ">",
    "/",
    "&",
    ";",
    "\"",
    "'",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE a [",
    "<?",
    "?>",
    "xmlns=",
    ":",
    "\0",
    "]]>]]>",
    "\n#3\n",
    "\n##\n",
];

fn spoilt() -> impl Strategy<Value = Vec<u8>> {
    let cut = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let splinter = prop_oneof![
        proptest::sample::select(&SPLINTERS[..]).prop_map(|s| s.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
    ];
    let edits = proptest::collection::vec((cut, splinter), 0..5);
    (proptest::sample::select(&SEEDS[..]), edits).prop_map(|(seed, edits)| {
        let mut bytes = seed.as_bytes().to_vec();
        for ((from, length), splinter) in edits {
            let from = from.index(bytes.len() + 1);
            let to = from + length.index(8).min(bytes.len() - from);
            bytes.splice(from..to, splinter);
        }
        bytes
    })
}

fn anything() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => proptest::collection::vec(any::<u8>(), 0..200),
        4 => spoilt(),
    ]
}

/// Whether a piece that was cut out stands alone: sending it again is the proof.
fn assert_stands_alone(xml: &str) {
    let reply = Reply::new(Body::Output(xml.to_owned()));
    let envelope = netconf_proto::Envelope::of_message("1");
    reply.encode(&envelope, &Limits::default()).expect("a piece that was read can be sent");
}

fn decode_all(bytes: &[u8]) {
    let limits = Limits::default();
    let _ = Hello::decode(bytes, Side::Server, &limits);
    let _ = Hello::decode(bytes, Side::Client, &limits);
    if let Ok(Rpc { request: Ok(request), .. }) = Rpc::decode(bytes, &limits) {
        request.encode("1", &limits).expect("a request that was read can be sent");
    }
    for expect in [Expect::Ok, Expect::Data, Expect::Schema, Expect::Output] {
        let body = Reply::decode(bytes, expect, &limits).map(|reply| reply.body);
        if let Ok(Body::Data(xml) | Body::Output(xml)) = body {
            assert_stands_alone(&xml);
        }
    }
    if let Ok(note) = Notification::decode(bytes, &limits) {
        assert_stands_alone(&note.xml);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        for inventory in Inventory::ALL {
            let _ = inventory.read(text, &limits);
        }
    }
}

fn feed_client(client: &mut Client, now: Instant, bytes: &[u8]) {
    let _ = client.handle_input(now, Input::Received(bytes));
    let mut closed = false;
    while let Some(output) = client.poll_output() {
        assert!(!closed, "nothing comes behind Close");
        closed = output == ClientOutput::Close;
    }
    assert!(!closed || client.is_ended());
}

fn feed_server(server: &mut Server, now: Instant, bytes: &[u8]) {
    let _ = server.handle_input(now, Input::Received(bytes));
    while let Some(output) = server.poll_output() {
        if let ServerOutput::Event(ServerEvent::Called { id, .. }) = output {
            let _ = server.answer(now, id, Reply::new(Body::Ok));
        }
    }
}

#[test]
fn the_seeds_are_good() {
    // Spoiling tells something only about what was good before.
    let limits = Limits::default();
    assert!(Hello::decode(SEEDS[0].as_bytes(), Side::Server, &limits).is_ok());
    for rpc in &SEEDS[1..3] {
        assert!(Rpc::decode(rpc.as_bytes(), &limits).unwrap().request.is_ok());
    }
    for reply in &SEEDS[3..5] {
        assert!(Reply::decode(reply.as_bytes(), Expect::Data, &limits).is_ok());
    }
    assert!(Notification::decode(SEEDS[5].as_bytes(), &limits).is_ok());
    assert!(matches!(Inventory::YangLibrary.read(SEEDS[6], &limits), Ok(Some(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn decoders_never_panic(bytes in anything()) {
        decode_all(&bytes);
    }

    #[test]
    fn framing_never_panics(
        pieces in proptest::collection::vec(anything(), 0..6),
        chunked in any::<bool>(),
    ) {
        let mut decoder = Decoder::new(&Limits { message_bytes_max: 300, ..Limits::default() });
        decoder.set_framing(if chunked { Framing::Chunked } else { Framing::EndOfMessage });
        for piece in &pieces {
            decoder.push(piece);
            while let Ok(Some(message)) = decoder.next_message() {
                prop_assert!(message.len() <= 300);
            }
            prop_assert!(decoder.undecoded_bytes() <= 300 + 2 * piece.len() + 10);
        }
    }

    #[test]
    fn machines_never_panic(
        opening in any::<bool>(),
        pieces in proptest::collection::vec(anything(), 1..6),
        chunked in any::<bool>(),
    ) {
        let now = anchor();
        let session_id = SessionId::new(1).unwrap();
        let mut client = Client::new(ClientConfig::default(), now);
        let mut server = Server::new(ServerConfig::new(session_id, Capabilities::base()), now);
        for _ in 0..4 {
            let get = Request::Get { filter: None, with_defaults: None };
            client.request(now, get, Duration::from_secs(1)).unwrap();
        }
        if opening {
            let base = if chunked { "1.1" } else { "1.0" };
            let hello = SEEDS[0].replace("base:1.1", &format!("base:{base}"));
            feed_client(&mut client, now, format!("{hello}]]>]]>").as_bytes());
            let hello = hello.replace("<session-id>4</session-id>", "");
            feed_server(&mut server, now, format!("{hello}]]>]]>").as_bytes());
        }
        for piece in &pieces {
            let framing = if chunked { Framing::Chunked } else { Framing::EndOfMessage };
            let framed = netconf_proto::framing::encode(framing, piece).unwrap_or(piece.clone());
            feed_client(&mut client, now, &framed);
            feed_server(&mut server, now, &framed);
        }
        client.handle_timeout(now + Duration::from_secs(100));
        server.handle_timeout(now + Duration::from_secs(100));
        client.abort("the test is over");
        prop_assert!(client.is_ended());
    }
}

/// An attack on a reader that expands entities, and two on one that counts badly.
#[test]
fn attacks_are_refused() {
    let laughs = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><rpc>&b;</rpc>";
    assert!(Rpc::decode(laughs.as_bytes(), &Limits::default()).is_err());
    let deep = "<a>".repeat(1_000_000);
    assert!(Rpc::decode(deep.as_bytes(), &Limits::default()).is_err());
    let wide: String = (0..200_000).map(|n| format!(" a{n}=''")).collect();
    assert!(Rpc::decode(format!("<rpc{wide}/>").as_bytes(), &Limits::default()).is_err());
    let scopes: String = (0..200_000).map(|n| format!("<a xmlns:p{n}='u'>")).collect();
    assert!(Rpc::decode(scopes.as_bytes(), &Limits::default()).is_err());
}
