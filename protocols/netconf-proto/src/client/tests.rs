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

/// A client that speaks base:1.0, so that tests can read what it sends.
struct Bench {
    client: Client,
    start: Instant,
}

impl Bench {
    fn new(change: impl FnOnce(&mut ClientConfig)) -> Self {
        let mut config = ClientConfig {
            capabilities: [uri::BASE_1_0].into_iter().collect(),
            ..ClientConfig::default()
        };
        change(&mut config);
        let start = anchor();
        Self { client: Client::new(config, start), start }
    }

    fn established(change: impl FnOnce(&mut ClientConfig)) -> Self {
        let mut bench = Self::new(change);
        bench.receive(&hello(uri::BASE_1_0)).unwrap();
        bench.outputs();
        bench
    }

    fn at(&self, seconds: u32) -> Instant {
        self.start + SECOND * seconds
    }

    fn receive(&mut self, message: &str) -> Result<(), Error> {
        let bytes = format!("{message}]]>]]>");
        self.client.handle_input(self.start, Input::Received(bytes.as_bytes()))
    }

    fn ask(&mut self, request: Request) -> RequestId {
        self.client.request(self.start, request, SECOND * 10).unwrap()
    }

    fn lock(&mut self) -> RequestId {
        self.ask(Request::Lock { target: Datastore::Running })
    }

    fn outputs(&mut self) -> Vec<ClientOutput> {
        std::iter::from_fn(|| self.client.poll_output()).collect()
    }

    fn events(&mut self) -> Vec<ClientEvent> {
        let events = self.outputs().into_iter().filter_map(|output| match output {
            ClientOutput::Event(event) => Some(event),
            ClientOutput::Transmit(_) | ClientOutput::Close => None,
        });
        events.collect()
    }

    /// The message-ids of the requests sent.
    fn sent(&mut self) -> Vec<u64> {
        let ids = self.outputs().into_iter().filter_map(|output| match output {
            ClientOutput::Transmit(bytes) => {
                let text = String::from_utf8(bytes).unwrap();
                let (_, rest) = text.split_once("message-id=\"")?;
                Some(rest.split_once('"')?.0.parse().unwrap())
            }
            ClientOutput::Event(_) | ClientOutput::Close => None,
        });
        ids.collect()
    }
}

fn hello(base: &str) -> String {
    format!(
        "<hello {NS}><capabilities><capability>{base}</capability></capabilities>\
         <session-id>4</session-id></hello>"
    )
}

fn ok(id: RequestId) -> String {
    format!("<rpc-reply {NS} message-id='{id}'><ok/></rpc-reply>")
}

fn answered_ok(id: RequestId) -> ClientEvent {
    ClientEvent::Answered { id, answer: Ok(Reply::new(Body::Ok)) }
}

fn abandoned(id: RequestId, cause: Option<&Error>, was_sent: bool) -> ClientEvent {
    let answer = Err(NoReply::Abandoned { cause: cause.cloned(), was_sent });
    ClientEvent::Answered { id, answer }
}

#[test]
fn requests_wait_for_the_hello() {
    let mut bench = Bench::new(|_| {});
    let id = bench.lock();
    let outputs = bench.outputs();
    assert!(matches!(&outputs[..], [ClientOutput::Transmit(hello)] if hello.ends_with(b"]]>]]>")));
    assert_eq!(bench.client.poll_timeout(), Some((bench.at(30), "hello")));
    bench.receive(&hello(uri::BASE_1_0)).unwrap();
    let outputs = bench.outputs();
    let [ClientOutput::Event(ClientEvent::Established { session_id, framing, .. }), _] =
        &outputs[..]
    else {
        panic!("{outputs:?}")
    };
    assert_eq!((session_id.value(), *framing), (4, Framing::EndOfMessage));
    assert_eq!(bench.client.poll_timeout(), Some((bench.at(10), "reply")));
    bench.receive(&ok(id)).unwrap();
    assert_eq!(bench.events(), [answered_ok(id)]);
    assert_eq!(bench.client.poll_timeout(), None);
}

#[test]
fn bad_hellos_end_the_session() {
    let cases = [
        (hello("urn:other"), Error::NoCommonBase),
        (
            format!("<rpc-reply {NS}/>"),
            Error::UnexpectedMessage { expected: "<hello>", got: "rpc-reply".to_owned() },
        ),
    ];
    for (message, error) in cases {
        let mut bench = Bench::new(|_| {});
        let id = bench.lock();
        bench.outputs();
        assert_eq!(bench.receive(&message), Err(error.clone()));
        let ended = ClientEvent::Ended { cause: Some(error.clone()) };
        assert_eq!(bench.events(), [abandoned(id, Some(&error), false), ended]);
        assert!(bench.client.is_ended());
        let late = bench.client.request(bench.start, Request::Commit, SECOND);
        assert_eq!(late, Err(Error::SessionEnded));
    }
}

#[test]
fn a_hello_that_does_not_come() {
    let mut bench = Bench::new(|_| {});
    bench.outputs();
    bench.client.handle_timeout(bench.at(29));
    assert_eq!(bench.outputs(), []);
    bench.client.handle_timeout(bench.at(30));
    let ended = ClientEvent::Ended { cause: Some(Error::HelloTimedOut) };
    assert_eq!(bench.outputs(), [ClientOutput::Event(ended), ClientOutput::Close]);
    assert_eq!(bench.client.poll_timeout(), None);
}

#[test]
fn the_pipeline_is_bounded() {
    let mut bench = Bench::established(|config| {
        config.in_flight_max = 2;
        config.queued_max = 2;
    });
    let ids: Vec<_> = (0..4).map(|_| bench.lock()).collect();
    let full = bench.client.request(bench.start, Request::Commit, SECOND);
    assert_eq!(full, Err(Error::QueueFull { what: "requests", limit: 2 }));
    assert_eq!(bench.sent(), [1, 2]);
    bench.receive(&ok(ids[0])).unwrap();
    assert_eq!(bench.sent(), [3]);
    bench.receive(&format!("{}]]>]]>{}", ok(ids[1]), ok(ids[2]))).unwrap();
    assert_eq!(bench.sent(), [4]);
    assert_eq!(bench.client.in_flight(), 1);
}

#[test]
fn replies_may_come_in_any_order() {
    let mut bench = Bench::established(|_| {});
    let (first, second) = (bench.lock(), bench.lock());
    bench.receive(&format!("{}]]>]]>{}", ok(second), ok(first))).unwrap();
    assert_eq!(bench.events(), [answered_ok(second), answered_ok(first)]);
}

#[test]
fn a_reply_without_id_is_for_the_oldest_request() {
    let mut bench = Bench::established(|_| {});
    let (first, second) = (bench.lock(), bench.lock());
    let error = "<rpc-error><error-tag>missing-attribute</error-tag></rpc-error>";
    bench.receive(&format!("<rpc-reply {NS}>{error}</rpc-reply>")).unwrap();
    bench.receive(&ok(second)).unwrap();
    let events = bench.events();
    let [ClientEvent::Answered { id, answer: Ok(reply) }, other] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(*id, first);
    assert!(matches!(&reply.body, Body::Errors(_)));
    assert_eq!(*other, answered_ok(second));
}

#[test]
fn unmatched_replies_are_reported_and_ignored() {
    let mut bench = Bench::established(|_| {});
    let id = bench.lock();
    for stray in ["17", "x", "-1", " "] {
        bench.receive(&format!("<rpc-reply {NS} message-id='{stray}'><ok/></rpc-reply>")).unwrap();
        let message_id = stray.trim().to_owned();
        assert_eq!(bench.events(), [ClientEvent::Unmatched { message_id }]);
    }
    bench.receive(&format!("<rpc-reply {NS} message-id=' {id} '><ok/></rpc-reply>")).unwrap();
    assert_eq!(bench.events(), [answered_ok(id)]);
    bench.receive(&ok(id)).unwrap();
    assert_eq!(bench.events(), [ClientEvent::Unmatched { message_id: id.to_string() }]);
}

#[test]
fn an_unreadable_reply_fails_its_request_only() {
    let mut bench = Bench::established(|_| {});
    let (first, second) = (bench.lock(), bench.lock());
    bench.receive(&format!("<rpc-reply {NS} message-id='{first}'><data/></rpc-reply>")).unwrap();
    bench.receive(&ok(second)).unwrap();
    let events = bench.events();
    assert!(matches!(&events[0], ClientEvent::Answered { id, answer: Err(NoReply::Unreadable(_)) }
            if *id == first));
    assert_eq!(events[1], answered_ok(second));
}

#[test]
fn time_runs_out_and_late_replies_are_ignored() {
    let mut bench = Bench::established(|config| config.in_flight_max = 1);
    let (first, second) = (bench.lock(), bench.lock());
    assert_eq!(bench.sent(), [1]);
    bench.client.handle_timeout(bench.at(9));
    assert_eq!(bench.outputs(), []);
    bench.client.handle_timeout(bench.at(10));
    let outputs = bench.outputs();
    let timed_out = ClientEvent::Answered { id: first, answer: Err(NoReply::TimedOut) };
    assert_eq!(outputs[0], ClientOutput::Event(timed_out));
    // The next one has its full time from when it was sent.
    assert!(matches!(&outputs[1], ClientOutput::Transmit(_)));
    assert_eq!(bench.client.poll_timeout(), Some((bench.at(20), "reply")));
    bench.receive(&ok(first)).unwrap();
    assert_eq!(bench.outputs(), []);
    bench.receive(&ok(second)).unwrap();
    assert_eq!(bench.events(), [answered_ok(second)]);
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let mut bench = Bench::established(|config| config.late_max = 2);
    let ids: Vec<_> = (0..3).map(|_| bench.lock()).collect();
    bench.outputs();
    bench.client.handle_timeout(bench.at(10));
    let events = bench.events();
    assert_eq!(events.len(), ids.len() + 1);
    assert_eq!(events[3], ClientEvent::Ended { cause: Some(Error::TooManyLate { limit: 2 }) });
}

#[test]
fn closing_in_order() {
    let mut bench = Bench::established(|_| {});
    let (lock, close) = (bench.lock(), bench.ask(Request::CloseSession));
    let refused = bench.client.request(bench.start, Request::Commit, SECOND);
    assert_eq!(refused, Err(Error::SessionClosing));
    bench.outputs();
    bench.receive(&ok(lock)).unwrap();
    bench.receive(&ok(close)).unwrap();
    let ended = ClientOutput::Event(ClientEvent::Ended { cause: None });
    let answers = [answered_ok(lock), answered_ok(close)].map(ClientOutput::Event);
    assert_eq!(bench.outputs(), [answers.to_vec(), vec![ended, ClientOutput::Close]].concat());
    // What comes behind is of no interest.
    bench.receive("<!-- session end at 2026-01-01 -->").unwrap();
    assert_eq!(bench.outputs(), []);
}

#[test]
fn closing_by_hanging_up() {
    let mut bench = Bench::established(|_| {});
    let (lock, close) = (bench.lock(), bench.ask(Request::CloseSession));
    bench.outputs();
    bench.client.handle_input(bench.start, Input::TransportClosed).unwrap();
    let ended = ClientEvent::Ended { cause: None };
    assert_eq!(bench.events(), [abandoned(lock, None, true), answered_ok(close), ended]);
}

#[test]
fn a_refused_close_leaves_the_session_open() {
    let mut bench = Bench::established(|_| {});
    let close = bench.ask(Request::CloseSession);
    let error = "<rpc-error><error-tag>operation-failed</error-tag></rpc-error>";
    bench.receive(&format!("<rpc-reply {NS} message-id='{close}'>{error}</rpc-reply>")).unwrap();
    let lock = bench.lock();
    bench.receive(&ok(lock)).unwrap();
    assert!(bench.events().contains(&answered_ok(lock)));
}

#[test]
fn a_lost_transport_abandons_what_was_asked() {
    let mut bench = Bench::established(|config| config.in_flight_max = 1);
    let (first, second) = (bench.lock(), bench.lock());
    bench.outputs();
    let lost = bench.client.handle_input(bench.start, Input::TransportClosed);
    assert_eq!(lost, Err(Error::TransportClosed));
    let cause = Some(&Error::TransportClosed);
    let ended = ClientEvent::Ended { cause: cause.cloned() };
    let expected = [abandoned(first, cause, true), abandoned(second, cause, false), ended];
    assert_eq!(bench.events(), expected);
    assert_eq!(bench.client.handle_input(bench.start, Input::TransportClosed), Ok(()));
}

#[test]
fn an_owner_may_stop() {
    let mut bench = Bench::established(|_| {});
    let id = bench.lock();
    bench.outputs();
    bench.client.abort("shutting down");
    bench.client.abort("again");
    let cause = Error::Terminated { reason: "shutting down".to_owned() };
    let ended = ClientEvent::Ended { cause: Some(cause.clone()) };
    assert_eq!(bench.events(), [abandoned(id, Some(&cause), true), ended]);
}

#[test]
fn notifications_are_bounded() {
    let mut bench = Bench::established(|config| config.events_max = 2);
    let one = "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'>\
        <eventTime>2026-01-01T00:00:00Z</eventTime><e xmlns='urn:e'/></notification>";
    bench.receive(&[one; 5].join("]]>]]>")).unwrap();
    let events = bench.events();
    let expected = Notification {
        event_time: "2026-01-01T00:00:00Z".to_owned(),
        xml: "<e xmlns='urn:e'/>".to_owned(),
    };
    assert_eq!(events[0], ClientEvent::Notified(expected));
    assert_eq!(events.len(), 3);
    assert_eq!(events[2], ClientEvent::NotificationsDropped { count: 3 });
    let timeless = "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'/>";
    bench.receive(timeless).unwrap();
    assert!(matches!(bench.events()[..], [ClientEvent::UnreadableNotification { .. }]));
}

#[test]
fn remarks_between_messages_are_skipped() {
    let mut bench = Bench::new(|_| {});
    bench.receive("<!-- login -->\n").unwrap();
    bench.receive(&hello(uri::BASE_1_0)).unwrap();
    let id = bench.lock();
    bench.outputs();
    bench.receive("\n<!-- a --> <!-- b -->\n").unwrap();
    bench.receive(&format!("<!-- c -->{}", ok(id))).unwrap();
    assert_eq!(bench.events(), [answered_ok(id)]);
}

#[test]
fn messages_without_a_place_end_the_session() {
    for message in ["<a>", "text", "<rpc/>", "<!DOCTYPE a><a/>", "<rpc-reply>\0</rpc-reply>"] {
        let mut bench = Bench::established(|_| {});
        let error = bench.receive(message).unwrap_err();
        let events = bench.events();
        assert_eq!(events, [ClientEvent::Ended { cause: Some(error) }], "{message}");
    }
}

#[test]
fn the_mark_of_framing_cannot_be_smuggled() {
    let mut bench = Bench::established(|_| {});
    let raw = Request::Raw("<x xmlns='urn:x' a='1]]>]]>2'/>".to_owned());
    let result = bench.client.request(bench.start, raw.clone(), SECOND);
    assert_eq!(result, Err(Error::Unframeable));
    let mut chunked = Bench::new(|config| config.capabilities = Capabilities::base());
    chunked.receive(&hello(uri::BASE_1_1)).unwrap();
    assert!(chunked.client.request(chunked.start, raw, SECOND).is_ok());
}
