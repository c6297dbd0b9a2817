//! Many routers at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::{Lab, access, branch, interfaces, quick, schema, sources, target};
use orchestrator::DeviceReport;
use virtual_router::{RouterConfig, RouterModel, VirtualRouter};

const ROUTERS: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_routers_are_driven_at_once() {
    let schema = schema();
    let model = RouterModel::of_schema("lab-router", Arc::clone(&schema), sources());
    let began = Instant::now();
    let mut routers = Vec::new();
    for index in 0..ROUTERS {
        let config = RouterConfig::new(&format!("r{index}"), Arc::clone(&model));
        routers.push(VirtualRouter::start(config).await.unwrap());
    }
    let started = began.elapsed();
    let mut lab = Lab::with_schema(quick(), Arc::clone(&schema));
    let first = drive_all(&mut lab, &routers, 1, 1400).await;
    let second = drive_all(&mut lab, &routers, 2, 1500).await;
    println!(
        "{ROUTERS} routers: started in {started:?}, connected and configured in {first:?}, \
         changed in {second:?}"
    );
    let wanted = branch(&schema, &interfaces(&["ge-0"], 1500));
    assert!(routers.iter().all(|router| router.running() == wanted));
}

async fn drive_all(
    lab: &mut Lab,
    routers: &[VirtualRouter],
    generation: u64,
    mtu: u16,
) -> Duration {
    let began = Instant::now();
    let config = branch(&lab.schema, &interfaces(&["ge-0"], mtu));
    for router in routers {
        let config = Some(config.clone());
        lab.southbound.drive(target(router.name(), &access(router), generation, config));
    }
    let mut waiting: BTreeSet<&str> = routers.iter().map(VirtualRouter::name).collect();
    while !waiting.is_empty() {
        let report = tokio::time::timeout(Duration::from_secs(60), lab.reports.recv()).await;
        let reported = report.expect("a report within 60 s").unwrap();
        match reported.report {
            DeviceReport::Holds { generation: Some(held), .. } if held.0 == generation => {
                waiting.remove(reported.name.as_str());
            }
            DeviceReport::Holds { .. } | DeviceReport::Connected { .. } => {}
            other => panic!("{}: {other:?}", reported.name),
        }
    }
    began.elapsed()
}
