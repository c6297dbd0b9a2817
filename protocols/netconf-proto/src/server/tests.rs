use super::*;
use crate::capability::uri;
use crate::request::Datastore;

const NS: &str = "xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'";
const SECOND: Duration = Duration::from_secs(1);

/// Some time to start from; what is tested depends on differences only.
#[expect(clippy::disallowed_methods, reason = "an Instant can only be had from the clock")]
fn anchor() -> Instant {
    Instant::now()
}

struct Bench {
    server: Server,
    start: Instant,
}

impl Bench {
    fn new(change: impl FnOnce(&mut ServerConfig)) -> Self {
        let capabilities = [uri::BASE_1_0, uri::BASE_1_1, uri::CANDIDATE].into_iter().collect();
        let mut config = ServerConfig::new(SessionId::new(4).unwrap(), capabilities);
        change(&mut config);
        let start = anchor();
        Self { server: Server::new(config, start), start }
    }

    fn established(base: &str, change: impl FnOnce(&mut ServerConfig)) -> Self {
        let mut bench = Self::new(change);
        bench.receive(&format!("{}]]>]]>", hello(base))).unwrap();
        bench.outputs();
        bench
    }

    fn receive(&mut self, bytes: &str) -> Result<(), Error> {
        self.server.handle_input(self.start, Input::Received(bytes.as_bytes()))
    }

    fn outputs(&mut self) -> Vec<ServerOutput> {
        std::iter::from_fn(|| self.server.poll_output()).collect()
    }

    /// The calls that came, answers aside.
    fn calls(&mut self) -> Vec<CallId> {
        let calls = self.outputs().into_iter().filter_map(|output| match output {
            ServerOutput::Event(ServerEvent::Called { id, .. }) => Some(id),
            _ => None,
        });
        calls.collect()
    }

    /// What was sent, as text.
    fn sent(&mut self) -> String {
        let sent = self.outputs().into_iter().filter_map(|output| match output {
            ServerOutput::Transmit(bytes) => Some(String::from_utf8(bytes).unwrap()),
            _ => None,
        });
        sent.collect()
    }

    fn answer_ok(&mut self, id: CallId) -> Result<(), Error> {
        self.server.answer(self.start, id, Reply::new(Body::Ok))
    }
}

fn hello(base: &str) -> String {
    format!("<hello {NS}><capabilities><capability>{base}</capability></capabilities></hello>")
}

fn rpc(id: &str, operation: &str) -> String {
    format!("<rpc {NS} message-id='{id}'>{operation}</rpc>]]>]]>")
}

fn chunked(message: &str) -> String {
    format!("\n#{}\n{message}\n##\n", message.len())
}

#[test]
fn a_session_from_hello_to_close() {
    let mut bench = Bench::new(|_| {});
    let greeting = bench.sent();
    assert!(greeting.contains("<session-id>4</session-id>") && greeting.ends_with("]]>]]>"));
    assert_eq!(bench.server.poll_timeout().map(|(_, why)| why), Some("hello"));
    bench.receive(&format!("{}]]>]]>", hello(uri::BASE_1_1))).unwrap();
    let events = bench.outputs();
    let [ServerOutput::Event(ServerEvent::Established { framing, capabilities })] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert!(*framing == Framing::Chunked && capabilities.has_base_1_1());
    assert_eq!(bench.server.poll_timeout(), None);
    bench.receive(&chunked(&format!("<rpc {NS} message-id='1'><get/></rpc>"))).unwrap();
    bench.receive(&chunked(&format!("<rpc {NS} message-id='2'><close-session/></rpc>"))).unwrap();
    let [call] = bench.calls()[..] else { panic!("one call") };
    // The get comes first; until it is answered the session stays open.
    assert!(!bench.server.is_ended());
    bench.server.answer(bench.start, call, Reply::new(Body::Data(String::new()))).unwrap();
    let outputs = bench.outputs();
    assert_eq!(outputs.len(), 4, "{outputs:?}");
    assert!(
        matches!(&outputs[1], ServerOutput::Transmit(b) if b.windows(5).any(|w| w == b"<ok/>"))
    );
    assert_eq!(outputs[2], ServerOutput::Event(ServerEvent::Ended { cause: None }));
    assert_eq!(outputs[3], ServerOutput::Close);
    assert_eq!(bench.answer_ok(call), Err(Error::SessionEnded));
}

#[test]
fn answers_leave_in_the_order_of_the_calls() {
    let mut bench = Bench::established(uri::BASE_1_0, |_| {});
    // The second is refused at once; its error waits for the answer to the first.
    let input = [rpc("a", "<get/>"), rpc("b", "<bogus/>"), rpc("c", "<commit/>")].concat();
    bench.receive(&input).unwrap();
    let [a, c] = bench.calls()[..] else { panic!("two calls") };
    bench.answer_ok(c).unwrap();
    assert_eq!(bench.sent(), "");
    assert_eq!(bench.answer_ok(c), Err(Error::UnknownCall { id: c }));
    bench.server.answer(bench.start, a, Reply::new(Body::Data(String::new()))).unwrap();
    let sent = bench.sent();
    let place = |id: &str| sent.find(&format!("message-id='{id}'")).expect(id);
    assert!(place("a") < place("b") && place("b") < place("c"), "{sent}");
    assert_eq!(bench.answer_ok(a), Err(Error::UnknownCall { id: a }));
}

#[test]
fn an_answer_that_cannot_be_sent_can_be_given_again() {
    let mut bench = Bench::established(uri::BASE_1_0, |_| {});
    bench.receive(&rpc("1", "<get/>")).unwrap();
    let [call] = bench.calls()[..] else { panic!("one call") };
    for bad in ["<a>", "<a b=']]>]]>'/>"] {
        let reply = Reply::new(Body::Data(bad.to_owned()));
        assert!(bench.server.answer(bench.start, call, reply).is_err());
    }
    bench.answer_ok(call).unwrap();
    assert!(bench.sent().contains("<ok/>"));
}

#[test]
fn calls_are_bounded() {
    let mut bench = Bench::established(uri::BASE_1_0, |config| config.calls_max = 2);
    let three: String = ["1", "2", "3"].map(|id| rpc(id, "<commit/>")).concat();
    bench.receive(&three).unwrap();
    let calls = bench.calls();
    assert_eq!(calls.len(), 2);
    assert!(!bench.server.wants_input());
    bench.answer_ok(calls[0]).unwrap();
    let third = bench.calls();
    assert_eq!(third.len(), 1);
    assert!(!bench.server.wants_input());
    bench.answer_ok(calls[1]).unwrap();
    assert!(bench.server.wants_input());
}

#[test]
fn bytes_behind_a_full_table_are_bounded() {
    let mut bench = Bench::established(uri::BASE_1_0, |config| {
        config.calls_max = 1;
        config.limits.message_bytes_max = 200;
    });
    bench.receive(&rpc("1", "<commit/>")).unwrap();
    for _ in 0..4 {
        bench.receive(&rpc("2", "<commit/>")).unwrap();
    }
    let error = bench.receive(&rpc("2", "<commit/>")).unwrap_err();
    assert_eq!(error, Error::Overrun { limit: 400 });
}

#[test]
fn messages_that_are_no_rpc() {
    let bad =
        ["<rpc", "<rpc/><rpc/>", "<hello/>", "<!DOCTYPE x><rpc/>", "text", "<rpc>\u{1}</rpc>"];
    for message in bad {
        // base:1.1 has a word for it and the session goes on.
        let mut new = Bench::established(uri::BASE_1_1, |_| {});
        new.receive(&chunked(message)).unwrap();
        let sent = new.sent();
        assert!(sent.contains("<error-tag>malformed-message</error-tag>"), "{message}: {sent}");
        assert!(sent.contains("<error-type>rpc</error-type>"), "{message}: {sent}");
        new.receive(&chunked(&format!("<rpc {NS} message-id='1'><get/></rpc>"))).unwrap();
        assert_eq!(new.calls().len(), 1);
        // base:1.0 has none: the session ends.
        let mut old = Bench::established(uri::BASE_1_0, |_| {});
        assert!(old.receive(&format!("{message}]]>]]>")).is_err(), "{message}");
        assert!(old.server.is_ended());
    }
    let mut bad_framing = Bench::established(uri::BASE_1_1, |_| {});
    assert!(matches!(bad_framing.receive("<rpc/>"), Err(Error::BadFraming { .. })));
    let outputs = bad_framing.outputs();
    assert_eq!(outputs.last(), Some(&ServerOutput::Close));
}

#[test]
fn a_client_that_gives_a_session_id_is_thrown_out() {
    // RFC 6241 section 8.1.
    let mut bench = Bench::new(|_| {});
    let text = hello(uri::BASE_1_0).replace("</hello>", "<session-id>4</session-id></hello>]]>]]>");
    assert!(matches!(bench.receive(&text), Err(Error::BadHello { .. })));
    assert!(bench.server.is_ended());
}

#[test]
fn a_missing_message_id_is_answered_without_one() {
    let mut bench = Bench::established(uri::BASE_1_0, |_| {});
    bench.receive(&format!("<rpc {NS} x='1'><get/></rpc>]]>]]>")).unwrap();
    let sent = bench.sent();
    assert!(sent.starts_with(&format!("<rpc-reply {NS} x='1'><rpc-error>")), "{sent}");
    assert!(sent.contains("<error-tag>missing-attribute</error-tag>"), "{sent}");
    assert!(sent.contains("<bad-attribute>message-id</bad-attribute>"), "{sent}");
}

#[test]
fn a_session_cannot_kill_itself() {
    let mut bench = Bench::established(uri::BASE_1_0, |_| {});
    bench.receive(&rpc("1", "<kill-session><session-id>4</session-id></kill-session>")).unwrap();
    assert!(bench.sent().contains("<error-tag>invalid-value</error-tag>"));
    bench.receive(&rpc("2", "<kill-session><session-id>5</session-id></kill-session>")).unwrap();
    assert_eq!(bench.calls().len(), 1);
}

#[test]
fn requests_beyond_the_capabilities_are_refused() {
    let mut bench = Bench::established(uri::BASE_1_0, |_| {});
    bench.receive(&rpc("1", "<validate><source><running/></source></validate>")).unwrap();
    assert!(bench.sent().contains("<error-tag>operation-not-supported</error-tag>"));
    bench.receive(&rpc("2", "<lock><target><candidate/></target></lock>")).unwrap();
    let outputs = bench.outputs();
    let [ServerOutput::Event(ServerEvent::Called { request, .. })] = &outputs[..] else {
        panic!("{outputs:?}")
    };
    assert_eq!(*request, Request::Lock { target: Datastore::Candidate });
}

#[test]
fn another_session_kills_this_one() {
    let mut bench = Bench::established(uri::BASE_1_0, |_| {});
    bench.receive(&rpc("1", "<get/>")).unwrap();
    bench.outputs();
    let cause = Error::Killed { by: SessionId::new(9).unwrap() };
    bench.server.terminate(cause.clone());
    let ended = ServerOutput::Event(ServerEvent::Ended { cause: Some(cause) });
    assert_eq!(bench.outputs(), [ended, ServerOutput::Close]);
}

#[test]
fn notifications_wait_for_the_reader() {
    let note = Notification {
        event_time: "2026-01-01T00:00:00Z".to_owned(),
        xml: "<e xmlns='urn:e'/>".to_owned(),
    };
    let mut bench = Bench::new(|_| {});
    assert_eq!(bench.server.notify(&note), Err(Error::NotEstablished));
    let mut bench = Bench::established(uri::BASE_1_0, |config| config.unsent_bytes_max = 400);
    bench.server.notify(&note).unwrap();
    bench.server.notify(&note).unwrap();
    let full = Error::QueueFull { what: "bytes to send", limit: 400 };
    assert_eq!(bench.server.notify(&note), Err(full));
    assert_eq!(bench.sent().matches("</notification>]]>]]>").count(), 2);
    bench.server.notify(&note).unwrap();
}

#[test]
fn time_runs_out() {
    let mut bench = Bench::new(|_| {});
    bench.outputs();
    bench.server.handle_timeout(bench.start + SECOND * 30);
    let ended = ServerEvent::Ended { cause: Some(Error::HelloTimedOut) };
    assert_eq!(bench.outputs(), [ServerOutput::Event(ended), ServerOutput::Close]);

    let mut idle = Bench::established(uri::BASE_1_0, |c| c.idle_timeout = Some(SECOND * 60));
    let due = idle.start + SECOND * 60;
    assert_eq!(idle.server.poll_timeout(), Some((due, "idle")));
    idle.receive(&rpc("1", "<get/>")).unwrap();
    let [call] = idle.calls()[..] else { panic!("one call") };
    // Waiting for an answer is not being idle.
    assert_eq!(idle.server.poll_timeout(), None);
    idle.server.handle_timeout(due);
    assert!(!idle.server.is_ended());
    idle.server
        .answer(idle.start + SECOND * 50, call, Reply::new(Body::Data(String::new())))
        .unwrap();
    assert_eq!(idle.server.poll_timeout(), Some((idle.start + SECOND * 110, "idle")));
    idle.server.handle_timeout(idle.start + SECOND * 110);
    assert!(idle.server.is_ended());
}

#[test]
fn nothing_counts_behind_close_session() {
    let mut bench = Bench::established(uri::BASE_1_0, |_| {});
    bench.receive(&[rpc("1", "<close-session/>"), rpc("2", "<get/>")].concat()).unwrap();
    assert_eq!(bench.calls(), []);
    assert!(bench.server.is_ended());
    assert_eq!(bench.receive("rubbish"), Ok(()));
}
