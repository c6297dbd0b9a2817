//! A client and a server, joined by a pipe that tears the bytes apart at will.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use netconf_proto::{
    Body, CallId, Capabilities, Client, ClientConfig, ClientEvent, ClientOutput, Datastore,
    DefaultOperation, Edit, ErrorInfo, ErrorOption, ErrorTag, ErrorType, Filter, Input, Module,
    NoReply, Notification, Reply, Request, RequestId, RpcError, Server, ServerConfig, ServerEvent,
    ServerOutput, SessionId, TestOption, WithDefaults, uri,
};
use proptest::prelude::*;

const MINUTE: Duration = Duration::from_secs(60);

/// Some time to start from; what is tested depends on differences only.
#[expect(clippy::disallowed_methods, reason = "an Instant can only be had from the clock")]
fn anchor() -> Instant {
    Instant::now()
}

/// Both ends, what lies in the pipes between them, and what the owners saw.
struct World {
    now: Instant,
    client: Client,
    server: Server,
    to_server: VecDeque<u8>,
    to_client: VecDeque<u8>,
    /// Sizes of the pieces that the pipes deliver, used in turn.
    pieces: Vec<usize>,
    turn: usize,
    calls: Vec<(CallId, Request)>,
    client_events: Vec<ClientEvent>,
    server_events: Vec<ServerEvent>,
}

impl World {
    fn new(client: Capabilities, server: Capabilities, pieces: Vec<usize>) -> Self {
        let now = anchor();
        let client = ClientConfig { capabilities: client, ..ClientConfig::default() };
        let session_id = SessionId::new(42).expect("42 > 0");
        Self {
            now,
            client: Client::new(client, now),
            server: Server::new(ServerConfig::new(session_id, server), now),
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            pieces,
            turn: 0,
            calls: Vec::new(),
            client_events: Vec::new(),
            server_events: Vec::new(),
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.client.poll_output() {
            match output {
                ClientOutput::Transmit(bytes) => self.to_server.extend(bytes),
                ClientOutput::Event(event) => self.client_events.push(event),
                ClientOutput::Close => {}
            }
        }
        while let Some(output) = self.server.poll_output() {
            match output {
                ServerOutput::Transmit(bytes) => self.to_client.extend(bytes),
                ServerOutput::Event(ServerEvent::Called { id, request }) => {
                    self.calls.push((id, request));
                }
                ServerOutput::Event(event) => self.server_events.push(event),
                ServerOutput::Close => {}
            }
        }
    }

    fn piece(&mut self, available: usize) -> usize {
        self.turn += 1;
        self.pieces[self.turn % self.pieces.len()].clamp(1, available.max(1))
    }

    /// Moves bytes until nothing moves.
    fn run(&mut self) {
        self.drain();
        loop {
            let (to_server, to_client) = (self.to_server.len(), self.to_client.len());
            let mut moved = false;
            if to_server > 0 && self.server.wants_input() {
                let size = self.piece(to_server);
                let bytes: Vec<u8> = self.to_server.drain(..size).collect();
                self.server.handle_input(self.now, Input::Received(&bytes)).expect("a good client");
                moved = true;
            }
            if to_client > 0 {
                let size = self.piece(to_client);
                let bytes: Vec<u8> = self.to_client.drain(..size).collect();
                self.client.handle_input(self.now, Input::Received(&bytes)).expect("a good server");
                moved = true;
            }
            self.drain();
            if !moved {
                return;
            }
        }
    }

    fn ask(&mut self, request: Request) -> RequestId {
        self.client.request(self.now, request, MINUTE).expect("a good request")
    }

    fn answer(&mut self, id: CallId, reply: Reply) {
        self.server.answer(self.now, id, reply).expect("a good reply");
    }

    fn answers(&mut self) -> Vec<(RequestId, Result<Reply, NoReply>)> {
        let events = std::mem::take(&mut self.client_events).into_iter();
        let answers = events.filter_map(|event| match event {
            ClientEvent::Answered { id, answer } => Some((id, answer)),
            _ => None,
        });
        answers.collect()
    }
}

fn all_capabilities() -> Capabilities {
    let mut all: Capabilities = [
        uri::BASE_1_0,
        uri::BASE_1_1,
        uri::WRITABLE_RUNNING,
        uri::CANDIDATE,
        uri::CONFIRMED_COMMIT_1_1,
        uri::ROLLBACK_ON_ERROR,
        uri::VALIDATE_1_1,
        uri::STARTUP,
        uri::XPATH,
        uri::NOTIFICATION,
        "urn:ietf:params:netconf:capability:url:1.0?scheme=file",
        "urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=trim&also-supported=\
         report-all",
    ]
    .into_iter()
    .collect();
    let module = Module { revision: Some("2020-01-01".to_owned()), ..Module::new("x", "urn:x") };
    all.insert(netconf_proto::Capability::of_module(&module));
    all
}

/// XML that stands alone, so that it comes out as it went in.
fn fragment() -> impl Strategy<Value = String> {
    let text = "[ a-z\\]>#\n\u{e9}\u{4e2d}]{0,20}";
    let escaped = text.prop_map(|t: String| t.replace('>', "&gt;"));
    let element = ("[a-z]{1,6}", escaped, "[a-z0-9]{0,8}").prop_map(|(name, text, value)| {
        format!(
            "<p:{name} xmlns='urn:d' xmlns:p=\"urn:x&amp;y\" k='{value}'><c>{text}</c></p:{name}>"
        )
    });
    proptest::collection::vec(element, 0..4).prop_map(|all| all.concat())
}

fn word() -> impl Strategy<Value = String> {
    "[a-z<&>\"'0-9]{1,12}"
}

fn datastore() -> impl Strategy<Value = Datastore> {
    prop_oneof![Just(Datastore::Running), Just(Datastore::Candidate), Just(Datastore::Startup)]
}

fn filter() -> impl Strategy<Value = Option<Filter>> {
    proptest::option::of(fragment().prop_map(Filter::Subtree))
}

fn with_defaults() -> impl Strategy<Value = Option<WithDefaults>> {
    proptest::option::of(prop_oneof![Just(WithDefaults::Trim), Just(WithDefaults::ReportAll)])
}

fn edit() -> impl Strategy<Value = Request> {
    let target = prop_oneof![Just(Datastore::Running), Just(Datastore::Candidate)];
    let config = prop_oneof![
        fragment().prop_map(Edit::Config),
        word().prop_map(|path| Edit::Url(format!("file:///{path}"))),
    ];
    let operation = proptest::option::of(prop_oneof![
        Just(DefaultOperation::Merge),
        Just(DefaultOperation::Replace),
        Just(DefaultOperation::None),
    ]);
    let test = proptest::option::of(prop_oneof![
        Just(TestOption::Set),
        Just(TestOption::TestOnly),
        Just(TestOption::TestThenSet),
    ]);
    let error = proptest::option::of(prop_oneof![
        Just(ErrorOption::StopOnError),
        Just(ErrorOption::ContinueOnError),
        Just(ErrorOption::RollbackOnError),
    ]);
    (target, operation, test, error, config).prop_map(
        |(target, default_operation, test_option, error_option, config)| Request::EditConfig {
            target,
            default_operation,
            test_option,
            error_option,
            config,
        },
    )
}

fn commit() -> impl Strategy<Value = Request> {
    let optional = || proptest::option::of(word());
    prop_oneof![
        Just(Request::Commit),
        (proptest::option::of(1u32..), optional(), optional()).prop_map(
            |(timeout_s, persist, persist_id)| Request::CommitConfirmed {
                timeout_s,
                persist,
                persist_id,
            }
        ),
        word().prop_map(|persist_id| Request::ConfirmCommit { persist_id }),
        optional().prop_map(|persist_id| Request::CancelCommit { persist_id }),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    prop_oneof![
        (filter(), with_defaults())
            .prop_map(|(filter, with_defaults)| Request::Get { filter, with_defaults }),
        (datastore(), filter(), with_defaults()).prop_map(|(source, filter, with_defaults)| {
            Request::GetConfig { source, filter, with_defaults }
        }),
        edit(),
        commit(),
        datastore().prop_map(|target| Request::Lock { target }),
        datastore().prop_map(|target| Request::Unlock { target }),
        Just(Request::DiscardChanges),
        (word(), proptest::option::of(word())).prop_map(|(identifier, version)| {
            Request::GetSchema { identifier, version, format: None }
        }),
        word().prop_map(|text| Request::Raw(format!(
            "<act xmlns=\"urn:act\"><x>{}</x></act>",
            text.replace('&', "&amp;").replace('<', "&lt;")
        ))),
    ]
}

fn rpc_error() -> impl Strategy<Value = RpcError> {
    let tags = proptest::sample::select(ErrorTag::ALL);
    (tags, word(), proptest::option::of(word()), any::<bool>()).prop_map(
        |(tag, text, app_tag, by_session)| {
            let mut error = RpcError::new(ErrorType::Application, tag).with_message(text);
            error.app_tag = app_tag;
            let info = match by_session {
                true => ErrorInfo::Session(SessionId::new(7)),
                false => ErrorInfo::BadElement("x".to_owned()),
            };
            error.with_info(info)
        },
    )
}

/// A reply that fits what the request expects.
fn reply_to(request: &Request) -> BoxedStrategy<Reply> {
    use netconf_proto::Expect;
    let good = match request.expects() {
        Expect::Ok => Just(Body::Ok).boxed(),
        Expect::Data => fragment().prop_map(Body::Data).boxed(),
        Expect::Schema => "[ -~\r\n\t\u{e9}]{0,80}".prop_map(Body::Schema).boxed(),
        Expect::Output => fragment()
            .prop_map(|xml| if xml.is_empty() { Body::Ok } else { Body::Output(xml) })
            .boxed(),
    };
    let errors = proptest::collection::vec(rpc_error(), 1..3).prop_map(Body::Errors);
    let warnings = proptest::collection::vec(rpc_error().prop_map(RpcError::as_warning), 0..2);
    (prop_oneof![3 => good, 1 => errors], warnings)
        .prop_map(|(body, warnings)| Reply { warnings, ..Reply::new(body) })
        .boxed()
}

fn exchange() -> impl Strategy<Value = (Request, Reply)> {
    request().prop_flat_map(|request| {
        let reply = reply_to(&request);
        (Just(request), reply)
    })
}

fn framing_choice() -> impl Strategy<Value = Capabilities> {
    prop_oneof![Just(Capabilities::base()), Just([uri::BASE_1_0].into_iter().collect())]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever the framing, however the bytes are torn, in whatever order the server's owner
    /// answers: every request arrives as it was made, every reply as it was given, and the replies
    /// in the order of the requests.
    #[test]
    fn what_goes_in_comes_out(
        exchanges in proptest::collection::vec(exchange(), 1..12),
        client in framing_choice(),
        pieces in proptest::collection::vec(1usize..40, 1..10),
        order in any::<u64>(),
    ) {
        let mut world = World::new(client, all_capabilities(), pieces);
        let mut ids = Vec::new();
        for (request, _) in &exchanges {
            ids.push(world.ask(request.clone()));
        }
        let mut seen = Vec::new();
        let mut order = order;
        while seen.len() < exchanges.len() {
            world.run();
            prop_assert!(!world.calls.is_empty());
            let at = usize::try_from(order % world.calls.len() as u64).unwrap();
            order = order.rotate_left(7) ^ 0x9e37_79b9;
            let (call, request) = world.calls.remove(at);
            let index = exchanges.iter().enumerate().position(|(i, (made, _))| {
                *made == request && !seen.contains(&i)
            });
            let Some(index) = index else {
                return Err(TestCaseError::fail(format!("{request:?} was not made")));
            };
            seen.push(index);
            // Equal requests may be answered for one another: give them equal replies.
            let first = exchanges.iter().position(|(made, _)| *made == request).unwrap();
            world.answer(call, exchanges[first].1.clone());
        }
        world.run();
        let expected: Vec<_> = ids
            .iter()
            .zip(&exchanges)
            .map(|(id, (request, _))| {
                let first = exchanges.iter().position(|(made, _)| made == request).unwrap();
                (*id, Ok(exchanges[first].1.clone()))
            })
            .collect();
        prop_assert_eq!(world.answers(), expected);

        world.ask(Request::CloseSession);
        world.run();
        prop_assert!(world.client.is_ended() && world.server.is_ended());
        prop_assert_eq!(
            world.server_events.last(),
            Some(&ServerEvent::Ended { cause: None })
        );
    }

    /// Notifications arrive in order between the replies.
    #[test]
    fn notifications_arrive(
        xml in proptest::collection::vec(fragment(), 1..20),
        pieces in proptest::collection::vec(1usize..40, 1..10),
        client in framing_choice(),
    ) {
        let mut world = World::new(client, all_capabilities(), pieces);
        world.ask(Request::CreateSubscription {
            stream: None,
            filter: None,
            start_time: None,
            stop_time: None,
        });
        world.run();
        let (call, _) = world.calls.remove(0);
        world.answer(call, Reply::new(Body::Ok));
        let event_time = "2026-01-01T00:00:00Z".to_owned();
        for xml in &xml {
            let note = Notification { event_time: event_time.clone(), xml: xml.clone() };
            world.server.notify(&note).unwrap();
        }
        world.run();
        let got: Vec<_> = world
            .client_events
            .iter()
            .filter_map(|event| match event {
                ClientEvent::Notified(note) => Some(note.xml.clone()),
                _ => None,
            })
            .collect();
        prop_assert_eq!(got, xml);
    }
}

/// The transaction of a candidate datastore with a confirmed commit, message by message.
#[test]
fn a_confirmed_commit_from_lock_to_unlock() {
    let mut world = World::new(Capabilities::base(), all_capabilities(), vec![7, 1, 30]);
    let target = Datastore::Candidate;
    let steps = [
        Request::Lock { target },
        Request::EditConfig {
            target,
            default_operation: Some(DefaultOperation::None),
            test_option: None,
            error_option: Some(ErrorOption::RollbackOnError),
            config: Edit::Config("<top xmlns=\"urn:t\"/>".to_owned()),
        },
        Request::Validate { source: netconf_proto::Source::Datastore(target) },
        Request::CommitConfirmed {
            timeout_s: Some(120),
            persist: Some("tx-9".to_owned()),
            persist_id: None,
        },
        Request::ConfirmCommit { persist_id: "tx-9".to_owned() },
        Request::Unlock { target },
    ];
    for step in steps {
        let id = world.ask(step.clone());
        world.run();
        let (call, request) = world.calls.pop().expect("the call arrives");
        assert_eq!(request, step);
        world.answer(call, Reply::new(Body::Ok));
        world.run();
        assert_eq!(world.answers(), [(id, Ok(Reply::new(Body::Ok)))]);
    }
}

#[test]
fn a_server_without_the_capability_refuses_in_its_place() {
    let server: Capabilities = [uri::BASE_1_1, uri::WRITABLE_RUNNING].into_iter().collect();
    let mut world = World::new(Capabilities::base(), server, vec![11]);
    let get = world.ask(Request::Get { filter: None, with_defaults: None });
    let commit = world.ask(Request::Commit);
    world.run();
    assert_eq!(world.answers(), [], "the refusal waits for the reply before it");
    let (call, _) = world.calls.pop().expect("the get arrives");
    world.answer(call, Reply::new(Body::Data(String::new())));
    world.run();
    let answers = world.answers();
    assert_eq!(answers[0].0, get);
    let (id, Ok(reply)) = &answers[1] else { panic!("{answers:?}") };
    assert_eq!(*id, commit);
    let Body::Errors(errors) = &reply.body else { panic!("{reply:?}") };
    assert_eq!(errors[0].tag, ErrorTag::OperationNotSupported);
}

/// A shell moves machines between threads.
#[test]
fn machines_can_be_sent() {
    fn assert_send<T: Send + 'static>() {}
    assert_send::<Client>();
    assert_send::<Server>();
}
