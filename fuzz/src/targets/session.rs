//! Whole NETCONF sessions, both ends.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use netconf_proto::{
    Body, Capabilities, Client, ClientConfig, ClientOutput, Input, Reply, Request, Server,
    ServerConfig, ServerEvent, ServerOutput, SessionId,
};

use super::Target;
use super::messages::WORDS;

/// What either end does with a stream does not depend on the pieces it comes in.
pub(super) const SESSION: Target = Target {
    name: "netconf-session",
    reads: "a stream, for a client and for a server; `@1.0` or `@1.1` in front says hello first",
    run: session,
    dictionary: WORDS,
};

fn session(bytes: &[u8]) {
    let (opening, stream) = match (bytes.strip_prefix(b"@1.0"), bytes.strip_prefix(b"@1.1")) {
        (Some(stream), _) => (Some("1.0"), stream),
        (_, Some(stream)) => (Some("1.1"), stream),
        _ => (None, bytes),
    };
    let now = Instant::now();
    let client =
        |size| client(now, &stream_to(opening, "<session-id>4</session-id>", stream), size);
    let server = |size| server(now, &stream_to(opening, "", stream), size);
    let (of_client, of_server) = (client(usize::MAX), server(usize::MAX));
    for size in [1, 7] {
        assert!(client(size) == of_client, "the client, in pieces of {size}: {}", of_client.1);
        let (sent, told) = server(size);
        assert_eq!(told, of_server.1, "the server, in pieces of {size}");
        // What ends the session may come before the answer to a call or, in pieces, behind it.
        assert!(sent.starts_with(&of_server.0), "the server, in pieces of {size}");
    }
}

fn stream_to(opening: Option<&str>, session_id: &str, stream: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    if let Some(base) = opening {
        let hello = format!(
            "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><capabilities><capability>\
             urn:ietf:params:netconf:base:{base}</capability></capabilities>{session_id}</hello>\
             ]]>]]>"
        );
        all.extend_from_slice(hello.as_bytes());
    }
    all.extend_from_slice(stream);
    all
}

/// What a client with two open requests sends and tells.
fn client(now: Instant, stream: &[u8], size: usize) -> (Vec<u8>, String) {
    let mut client = Client::new(ClientConfig::default(), now);
    for request in [Request::Get { filter: None, with_defaults: None }, Request::Commit] {
        client.request(now, request, Duration::from_secs(1)).expect("a request is taken");
    }
    let (mut sent, mut told) = (Vec::new(), String::new());
    let mut drain = |client: &mut Client| {
        while let Some(output) = client.poll_output() {
            match output {
                ClientOutput::Transmit(bytes) => sent.extend(bytes),
                other => drop(writeln!(told, "{other:?}")),
            }
        }
    };
    for piece in stream.chunks(size) {
        // What is wrong shows in the outputs too.
        let _ = client.handle_input(now, Input::Received(piece));
        drain(&mut client);
    }
    client.handle_timeout(now + Duration::from_secs(1_000));
    drain(&mut client);
    client.abort("enough");
    drain(&mut client);
    assert!(client.is_ended());
    (sent, told)
}

/// What a server that answers each call sends and tells.
fn server(now: Instant, stream: &[u8], size: usize) -> (Vec<u8>, String) {
    let id = SessionId::new(1).expect("1 is a session id");
    let mut server = Server::new(ServerConfig::new(id, Capabilities::base()), now);
    let (mut sent, mut told) = (Vec::new(), String::new());
    for piece in stream.chunks(size) {
        let _ = server.handle_input(now, Input::Received(piece));
        while let Some(output) = server.poll_output() {
            match output {
                ServerOutput::Transmit(bytes) => sent.extend(bytes),
                ServerOutput::Event(ServerEvent::Called { id, request }) => {
                    told += &format!("{id:?} {request:?}\n");
                    // The session may have ended by now; then there is nobody to answer.
                    let _ = server.answer(now, id, Reply::new(Body::Ok));
                }
                other => drop(writeln!(told, "{other:?}")),
            }
        }
    }
    (sent, told)
}
