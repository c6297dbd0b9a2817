//! A controller on a store in a temporary directory, with a listener on a free port and devices
//! that do what the test says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use controller::{DeviceDriver, Handle, Started};
use northbound::{
    Access, Config, DeviceEvent, Devices, Limits, Link, Node, Server, Token, Topology,
};
use orchestrator::{DeviceReport, Target};
use storage::Store;
use tempfile::TempDir;
use vocab::{DeviceFacts, DeviceName, Generation};
use yang_data::{Branch, Key, Tree, Value};

use crate::client::{Answer, Ask, JSON, XML};
use crate::network;

pub(crate) const SECRET: &str = "s3same";

/// What the driver was told.
#[derive(Clone, Default)]
pub(crate) struct Driven(Arc<Mutex<Vec<Target>>>);

impl DeviceDriver for Driven {
    fn drive(&mut self, target: Target) {
        self.0.lock().unwrap().push(target);
    }

    fn release(&mut self, _: &DeviceName) {}
}

/// Answers for every device the same.
struct Sessions {
    resynced: Mutex<Vec<DeviceName>>,
}

impl Devices for Sessions {
    fn events(&self, device: &DeviceName) -> Vec<DeviceEvent> {
        vec![DeviceEvent { time_unix_ms: 784_111_777_000, what: format!("{device} <up>") }]
    }

    fn resync(&self, device: &DeviceName) -> bool {
        self.resynced.lock().unwrap().push(device.clone());
        device.as_str() != "deaf"
    }
}

pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) handle: Handle,
    pub(crate) driven: Driven,
    pub(crate) server: Option<Server>,
    started: Option<Started>,
    store: Arc<Store>,
    _directory: TempDir,
}

/// How the world differs from the usual one.
pub(crate) struct Settings {
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    pub(crate) database_bytes_max: Option<u64>,
    pub(crate) pending_commits_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let patience = Duration::from_secs(20);
        Self {
            limits: Limits { devices_patience: patience, ..Limits::default() },
            access: Access::Tokens(vec![Token::new("ada", SECRET), Token::new("bob", "other")]),
            database_bytes_max: None,
            pending_commits_max: 1024,
        }
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = storage::Options {
            database_bytes_max: settings.database_bytes_max,
            ..storage::Options::default()
        };
        let store = Arc::new(Store::open(directory.path(), &options).unwrap());
        let driven = Driven::default();
        let limits = orchestrator::Limits { pending_commits_max: settings.pending_commits_max };
        let driver = driven.clone();
        let system = Arc::new(network::system());
        let started = controller::start(system, Arc::clone(&store), limits, |_| driver).unwrap();
        let handle = started.handle.clone();
        let config = config(&handle, &store, settings.access, settings.limits);
        let server = northbound::serve(config).await.unwrap();
        let address = server.address;
        let started = Some(started);
        let server = Some(server);
        Self { address, handle, driven, server, started, store, _directory: directory }
    }

    /// Settings of another listener on the same controller.
    pub(crate) fn config(&self, access: Access) -> Config {
        config(&self.handle, &self.store, access, Limits::default())
    }

    /// A request with the usual token.
    pub(crate) fn ask(&self, method: &'static str, path: &str) -> Ask {
        let token = format!("Bearer {SECRET}");
        Ask::new(self.address, method, path).header("Authorization", &token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).send().await
    }

    pub(crate) async fn get_xml(&self, path: &str) -> Answer {
        self.ask("GET", path).header("Accept", XML).send().await
    }

    pub(crate) async fn send(&self, method: &'static str, path: &str, json: &str) -> Answer {
        self.ask(method, path).body(JSON, json).send().await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path).send().await
    }

    /// Merges into the datastore.
    pub(crate) async fn load(&self, json: &str) -> Answer {
        self.send("PATCH", "/restconf/data", json).await
    }

    /// Two simulated routers.
    pub(crate) async fn with_routers() -> Self {
        let world = Self::new().await;
        let routers = r#"{"shop:shop":{"router":[{"name":"a","id":1},{"name":"b","id":2}]}}"#;
        world.load(routers).await.expect(204);
        world
    }

    pub(crate) fn generation(&self) -> u64 {
        self.handle.view().head.generation.0
    }

    /// Waits until the driver is told of a target that the test looks for.
    pub(crate) async fn driven_to(&self, what: impl Fn(&Target) -> bool) -> Target {
        for _ in 0..2000 {
            if let Some(found) = self.driven.0.lock().unwrap().iter().rev().find(|one| what(one)) {
                return found.clone();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("no such target");
    }

    /// A device appears and announces its modules.
    pub(crate) async fn connects(&self, name: &str) {
        let facts = DeviceFacts {
            name: DeviceName::new(name),
            device_type: network::BOX.to_owned(),
            modules: network::modules(),
        };
        let report = DeviceReport::Connected { facts, time_unix_ms: 1 };
        self.handle.report(DeviceName::new(name), report).await.unwrap();
    }

    /// A device tells that its configuration is empty.
    pub(crate) async fn holds_nothing(&self, name: &str) {
        let report = DeviceReport::Holds { running: Branch::default(), generation: None };
        self.handle.report(DeviceName::new(name), report).await.unwrap();
    }

    /// A device takes its target.
    pub(crate) async fn takes(&self, target: &Target) {
        let running = target.target.clone().unwrap().config;
        let report = DeviceReport::Holds { running, generation: Some(target.generation) };
        self.handle.report(target.name.clone(), report).await.unwrap();
    }

    /// A device refuses its target.
    pub(crate) async fn refuses(&self, name: &str, generation: Generation) {
        let errors = vec!["no such port".to_owned()];
        let report = DeviceReport::Rejected { generation, errors };
        self.handle.report(DeviceName::new(name), report).await.unwrap();
    }

    /// Ends everything in order.
    pub(crate) async fn stop(mut self) -> Arc<Store> {
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
        let started = self.started.take().unwrap();
        tokio::task::spawn_blocking(move || started.stop()).await.unwrap();
        Arc::clone(&self.store)
    }

    /// Ends the controller but not the listener.
    pub(crate) async fn stop_controller(&mut self) {
        let started = self.started.take().unwrap();
        tokio::task::spawn_blocking(move || started.stop()).await.unwrap();
    }
}

fn config(handle: &Handle, store: &Arc<Store>, access: Access, limits: Limits) -> Config {
    Config {
        listen: northbound::LISTEN_DEFAULT,
        access,
        network: "shop".to_owned(),
        controller: handle.clone(),
        log: Arc::clone(store) as _,
        devices: Arc::new(Sessions { resynced: Mutex::default() }),
        topology: Arc::new(topology),
        limits,
    }
}

fn topology(intent: &Tree) -> Topology {
    let schema = intent.schema();
    let list = |path: &str| {
        let shop = schema.find("/shop:shop").unwrap();
        let node = schema.find(path).unwrap();
        let list = intent.root().container(shop).and_then(|shop| shop.list(node));
        list.into_iter().flat_map(|list| list.iter()).map(|entry| entry.key_value())
    };
    let text = |key: &Key, at: usize| {
        key.values().get(at).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    Topology {
        nodes: list("/shop:shop/router")
            .map(|key| Node { name: text(&key, 0), latitude: Some(52.5), ..Node::default() })
            .collect(),
        links: list("/shop:shop/cable")
            .map(|key| Link { left: text(&key, 0), right: text(&key, 1), ..Link::default() })
            .collect(),
    }
}
