//! A southbound side with quick settings, and routers for it.

#[path = "../../../virtual-router/tests/acceptance/support.rs"]
#[allow(dead_code, reason = "the other tests of these routers use the rest")]
mod lab;

use std::sync::Arc;
use std::time::Duration;

use orchestrator::{DeviceAccess, DeviceReport, Permission, Target};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use southbound::{BackOff, Config, MemoryHostKeys, Reported, Southbound, Timeouts};
use tokio::sync::mpsc;
use virtual_router::VirtualRouter;
use vocab::{DeviceName, Generation};
use yang::Schema;
use yang_data::Branch;

pub(crate) use lab::{LAB_ROUTER, STARTUP, branch, router, schema, sources};

pub(crate) struct Lab {
    pub(crate) southbound: Southbound,
    pub(crate) reports: mpsc::Receiver<Reported>,
    pub(crate) host_keys: Arc<MemoryHostKeys>,
    pub(crate) schema: Arc<Schema>,
}

/// Everything quick, and reading so rarely that no test sees a poll it did not ask for.
pub(crate) fn quick() -> Config {
    let second = Duration::from_secs(1);
    Config {
        timeouts: Timeouts {
            connect: 5 * second,
            login: 5 * second,
            hello: 5 * second,
            read: 5 * second,
            edit: 5 * second,
            commit: 5 * second,
            other: 5 * second,
        },
        reconnect: BackOff { first: second / 50, max: second / 5 },
        busy: BackOff { first: second / 50, max: second / 10 },
        poll_interval: 600 * second,
        ..Config::default()
    }
}

impl Lab {
    pub(crate) fn new(config: Config) -> Self {
        Self::with_schema(config, schema())
    }

    pub(crate) fn with_schema(config: Config, schema: Arc<Schema>) -> Self {
        let host_keys = Arc::new(MemoryHostKeys::default());
        let (sender, reports) = mpsc::channel(1_024);
        let of_type = Arc::clone(&schema);
        let lookup = move |name: &str| (name == "lab-router").then(|| Arc::clone(&of_type));
        let random = StdRng::from_seed([1; 32]);
        let keys: Arc<MemoryHostKeys> = Arc::clone(&host_keys);
        let southbound = Southbound::new(config, Arc::new(lookup), keys, sender, random);
        Self { southbound, reports, host_keys, schema }
    }

    pub(crate) fn drive(&mut self, access: &DeviceAccess, generation: u64, config: Option<&str>) {
        let config = config.map(|config| branch(&self.schema, config));
        self.southbound.drive(target("r1", access, generation, config));
    }

    pub(crate) async fn next(&mut self) -> DeviceReport {
        let next = tokio::time::timeout(Duration::from_secs(30), self.reports.recv()).await;
        next.expect("a report within 30 s").expect("the southbound side is there").report
    }

    /// Skips reports until one fits.
    pub(crate) async fn until<T>(&mut self, mut fits: impl FnMut(&DeviceReport) -> Option<T>) -> T {
        loop {
            let report = self.next().await;
            if let Some(found) = fits(&report) {
                return found;
            }
        }
    }

    pub(crate) async fn until_held(&mut self, generation: u64) -> Branch {
        self.until(|report| match report {
            DeviceReport::Holds { running, generation: Some(held) } if held.0 == generation => {
                Some(running.clone())
            }
            _ => None,
        })
        .await
    }

    pub(crate) async fn until_rejected(&mut self, generation: u64) -> String {
        self.until(|report| match report {
            DeviceReport::Rejected { generation: refused, errors } if refused.0 == generation => {
                Some(errors.join("; "))
            }
            _ => None,
        })
        .await
    }

    pub(crate) async fn until_lost(&mut self) -> String {
        self.until(|report| match report {
            DeviceReport::Disconnected { reason } => Some(reason.clone()),
            _ => None,
        })
        .await
    }

    /// Drives the router once, so that what comes next happens in an open session.
    pub(crate) async fn in_session(&mut self, router: &VirtualRouter) {
        self.drive(&access(router), 1, None);
        self.until(|report| matches!(report, DeviceReport::Holds { .. }).then_some(())).await;
    }
}

pub(crate) fn access(router: &VirtualRouter) -> DeviceAccess {
    let address = router.address();
    DeviceAccess {
        device_type: "lab-router".to_owned(),
        addresses: vec![(address.ip().to_string(), Some(address.port()))],
        username: "admin".to_owned(),
        password: Some("admin".to_owned()),
        ..DeviceAccess::default()
    }
}

pub(crate) fn target(
    name: &str,
    access: &DeviceAccess,
    generation: u64,
    config: Option<Branch>,
) -> Target {
    Target {
        name: DeviceName::new(name),
        access: access.clone(),
        generation: Generation(generation),
        target: config.map(|config| transform::DeviceTarget { device_type: "lab-router", config }),
        permission: Permission::Free,
    }
}

/// A configuration with these interfaces, each with this MTU.
pub(crate) fn interfaces(names: &[&str], mtu: u16) -> String {
    let entries: String = names
        .iter()
        .map(|name| format!("<interface><name>{name}</name><mtu>{mtu}</mtu></interface>"))
        .collect();
    let namespace = "urn:weft:test:lab-router";
    format!(
        "<system xmlns='{namespace}'><hostname>r1</hostname></system>\
         <interfaces xmlns='{namespace}'>{entries}</interfaces>"
    )
}
