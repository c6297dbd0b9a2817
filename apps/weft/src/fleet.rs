//! The devices of a running controller: real ones over their addresses, simulated ones over
//! loopback.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use controller::{DeviceDriver, Handle};
use orchestrator::Target;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use southbound::{Config, HostKeys, Reported, SchemaLookup, Southbound};
use tokio::runtime;
use tokio::sync::mpsc;
use virtual_router::{HostKey, RouterConfig, RouterModel, Sources, User, VirtualRouter};
use vocab::DeviceName;

use crate::device_log::DeviceLog;

/// Reports on their way to the controller at most; sessions wait beyond that.
const REPORTS_MAX: usize = 256;

/// How devices are reached. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Fleet {
    runtime: runtime::Handle,
    sessions: Arc<Mutex<Option<Southbound>>>,
    /// What each device was last driven to.
    targets: Arc<Mutex<BTreeMap<DeviceName, Target>>>,
    log: Arc<DeviceLog>,
    lab: Option<Lab>,
}

/// The simulated routers that stand in for the devices of the intent.
#[derive(Clone)]
pub(crate) struct Lab {
    /// Where host keys are kept, so that a restart does not look like another device.
    keys: PathBuf,
    schemas: SchemaLookup,
    routers: Arc<Mutex<BTreeMap<DeviceName, Slot>>>,
    models: Arc<Mutex<BTreeMap<String, Arc<RouterModel>>>>,
}

/// A simulated router by device.
enum Slot {
    /// It is being started; this is its newest target.
    Starting(Box<Target>),
    Running(Box<VirtualRouter>),
}

/// The simulated router that is to stand in for the device of a target.
enum Standin {
    /// It runs; the target has its address now.
    Running(Target),
    /// It is being started, and will be driven to the newest target then.
    Starting,
    /// It is not there, or of another type: start it.
    Absent(Target),
}

impl Lab {
    /// A lab without routers.
    pub(crate) fn new(keys: PathBuf, schemas: SchemaLookup) -> Self {
        Self { keys, schemas, routers: Arc::default(), models: Arc::default() }
    }

    fn routers(&self) -> MutexGuard<'_, BTreeMap<DeviceName, Slot>> {
        self.routers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with a running router.
    pub(crate) fn with<R>(&self, name: &str, work: impl FnOnce(&VirtualRouter) -> R) -> Option<R> {
        match self.routers().get(&DeviceName::new(name))? {
            Slot::Running(router) => Some(work(router)),
            Slot::Starting(_) => None,
        }
    }

    /// The target at the address of its router, if that runs.
    fn at_router(&self, mut target: Target) -> Standin {
        let mut routers = self.routers();
        match routers.get_mut(&target.name) {
            Some(Slot::Running(router))
                if router.model().device_type() == target.access.device_type =>
            {
                let address = router.address();
                target.access.addresses = vec![(address.ip().to_string(), Some(address.port()))];
                Standin::Running(target)
            }
            Some(Slot::Starting(newest)) => {
                **newest = target;
                Standin::Starting
            }
            _ => {
                let slot = Slot::Starting(Box::new(target.clone()));
                routers.insert(target.name.clone(), slot);
                Standin::Absent(target)
            }
        }
    }

    /// Starts the router that stands in for a device, and returns the device's newest target.
    async fn start(&self, target: Target) -> anyhow::Result<Option<Target>> {
        let name = target.name.clone();
        let model = self
            .model(&target.access.device_type)
            .ok_or_else(|| anyhow::anyhow!("no models of {}", target.access.device_type))?;
        let password = target.access.password.clone().unwrap_or_default();
        let key = self.keys.join(format!("{name}.key"));
        let config = RouterConfig {
            users: vec![User::with_password(&target.access.username, &password)],
            host_key: HostKey::File(key),
            ..RouterConfig::new(name.as_str(), model)
        };
        let router = VirtualRouter::start(config).await?;
        let running = Slot::Running(Box::new(router));
        let newest = match self.routers().insert(name, running) {
            Some(Slot::Starting(newest)) => *newest,
            // It was released meanwhile.
            _ => return Ok(None),
        };
        Ok(match self.at_router(newest) {
            Standin::Running(target) => Some(target),
            Standin::Starting | Standin::Absent(_) => None,
        })
    }

    fn model(&self, device_type: &str) -> Option<Arc<RouterModel>> {
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = models.get(device_type) {
            return Some(Arc::clone(model));
        }
        let schema = (self.schemas)(device_type)?;
        let model = RouterModel::of_schema(device_type, schema, Sources::new());
        models.insert(device_type.to_owned(), Arc::clone(&model));
        Some(model)
    }
}

impl Fleet {
    /// Devices that report to a controller. Must be called within a tokio runtime.
    pub(crate) fn new(
        controller: &Handle,
        host_keys: Arc<dyn HostKeys>,
        log: Arc<DeviceLog>,
        schemas: SchemaLookup,
        lab: Option<Lab>,
    ) -> Self {
        let (reports, received) = mpsc::channel(REPORTS_MAX);
        let random = StdRng::from_rng(&mut rand::rng());
        let sessions = Southbound::new(Config::default(), schemas, host_keys, reports, random);
        tokio::spawn(forward(received, controller.clone(), Arc::clone(&log)));
        let sessions = Arc::new(Mutex::new(Some(sessions)));
        Self { runtime: runtime::Handle::current(), sessions, targets: Arc::default(), log, lab }
    }

    /// Ends all sessions in order, and switches simulated routers off.
    pub(crate) async fn shutdown(&self) {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sessions) = sessions {
            sessions.shutdown().await;
        }
        if let Some(lab) = &self.lab {
            lab.routers().clear();
        }
    }

    fn reach(&self, target: Target) {
        let _inside = self.runtime.enter();
        let Some(lab) = &self.lab else { return hand_over(&self.sessions, target) };
        match lab.at_router(target) {
            Standin::Running(target) => hand_over(&self.sessions, target),
            Standin::Starting => {}
            Standin::Absent(target) => {
                let (lab, sessions) = (lab.clone(), Arc::clone(&self.sessions));
                tokio::spawn(async move { start_and_reach(&lab, &sessions, target).await });
            }
        }
    }
}

async fn start_and_reach(lab: &Lab, sessions: &Mutex<Option<Southbound>>, target: Target) {
    let name = target.name.clone();
    match lab.start(target).await {
        Ok(Some(target)) => hand_over(sessions, target),
        Ok(None) => {}
        Err(error) => {
            lab.routers().remove(&name);
            tracing::error!(device = %name, %error, "no simulated router");
        }
    }
}

impl northbound::Devices for Fleet {
    fn events(&self, device: &DeviceName) -> Vec<northbound::DeviceEvent> {
        self.log.of(device)
    }

    fn resync(&self, device: &DeviceName) -> bool {
        let targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(target) = targets.get(device).cloned() else { return false };
        drop(targets);
        self.reach(target);
        true
    }
}

async fn forward(mut reports: mpsc::Receiver<Reported>, controller: Handle, log: Arc<DeviceLog>) {
    while let Some(Reported { name, report }) = reports.recv().await {
        log.note(&name, &report);
        if controller.report(name, report).await.is_err() {
            return;
        }
    }
}

fn hand_over(sessions: &Mutex<Option<Southbound>>, target: Target) {
    let mut sessions = sessions.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(sessions) = sessions.as_mut() {
        sessions.drive(target);
    }
}

impl DeviceDriver for Fleet {
    fn drive(&mut self, target: Target) {
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        targets.insert(target.name.clone(), target.clone());
        drop(targets);
        self.reach(target);
    }

    fn release(&mut self, name: &DeviceName) {
        let _inside = self.runtime.enter();
        self.targets.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        if let Some(lab) = &self.lab {
            lab.routers().remove(name);
        }
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sessions) = sessions.as_mut() {
            sessions.release(name);
        }
    }
}
