//! A controller that starts from a snapshot is the one that starts from the whole log.

#![expect(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use controller::{DeviceDriver, Started, Threads, View};
use intent::Meta;
use orchestrator::{Limits, Reply, Target};
use storage::Store;
use tempfile::TempDir;
use transform::System;
use vocab::DeviceName;
use yang_data::decode::DecodeOptions;
use yang_data::print::PrintOptions;
use yang_data::xml;

/// All devices are simulated in process: nothing is ever driven.
struct NoDevices;

impl DeviceDriver for NoDevices {
    fn drive(&mut self, _: Target) {}
    fn release(&mut self, _: &DeviceName) {}
}

struct Site {
    author: &'static str,
    data: TempDir,
    system: Arc<System>,
    runtime: tokio::runtime::Runtime,
}

impl Site {
    fn new() -> Self {
        Self::of("ada")
    }

    fn of(author: &'static str) -> Self {
        let system = minisys::system(minisys::Options);
        Self {
            author,
            data: tempfile::tempdir().unwrap(),
            system: Arc::new(system.with_executor(Arc::new(Threads::default()))),
            runtime: tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap(),
        }
    }

    fn start(&self) -> Started {
        let store = Store::open(self.data.path(), &storage::Options::default()).unwrap();
        let system = Arc::clone(&self.system);
        controller::start(system, Arc::new(store), Limits::default(), |_| NoDevices).unwrap()
    }

    fn commit(&self, started: &Started, document: &str) {
        let types = Arc::clone(self.system.layer_validator(0).unwrap().types());
        let edit = xml::parse_edit(&types, document, &DecodeOptions::default()).unwrap();
        let meta = Meta { author: self.author.to_owned(), ..Meta::default() };
        let commit = started.handle.commit(meta, edit, None);
        let reply = self.runtime.block_on(commit).unwrap();
        assert!(matches!(reply, Reply::Committed(_)), "{reply:?}");
    }

    /// Routers, and a VPN of 24 endpoints, each a commit of its own.
    fn fill(&self, started: &Started) {
        self.commit(
            started,
            "<netinfra xmlns='http://example.com/netinfra'>\
             <global-settings><asn>123</asn></global-settings>\
             <router><name>rtr1</name><id>1</id><type>ietf</type><mock>true</mock></router>\
             <router><name>rtr2</name><id>2</id><type>ietf</type><mock>true</mock></router>\
             </netinfra>",
        );
        (0..24).for_each(|number| self.commit(started, &endpoint(number, 1500)));
    }

    fn snapshots(&self) -> Vec<std::path::PathBuf> {
        let folder = self.data.path().join("snapshots");
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// Everything that a controller holds, in print.
    fn print(&self, view: &View) -> Vec<String> {
        let state = &view.head.state;
        let print = |tree| xml::print(&tree, &PrintOptions::PRETTY);
        let layers = (0..self.system.layer_count())
            .map(|layer| print(state.layer(&self.system, layer).unwrap()));
        let devices = state.devices().map(|(name, target)| {
            let schema = self.system.device_type(target.device_type).unwrap().schema();
            format!("{name}{}", xml::print_branch(schema, &target.config, &PrintOptions::PRETTY))
        });
        let head = format!("{} {}", view.head.generation, view.head.hash);
        std::iter::once(head).chain(layers).chain(devices).collect()
    }
}

fn endpoint(number: usize, mtu: u16) -> String {
    format!(
        "<l3vpn xmlns='http://example.com/l3vpn'><name>blue</name>\
         <customer-name>acme</customer-name><vpn-id>100</vpn-id><service-mtu>{mtu}</service-mtu>\
         <endpoint><device>rtr{}</device><interface-name>eth{number}</interface-name>\
         <ipv4-address>192.0.2.{}</ipv4-address><prefix-length>31</prefix-length></endpoint>\
         </l3vpn>",
        number % 2 + 1,
        2 * number + 1,
    )
}

fn remove_endpoint(number: usize) -> String {
    format!(
        "<l3vpn xmlns='http://example.com/l3vpn'><name>blue</name>\
         <endpoint xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:operation='delete'>\
         <device>rtr{}</device><interface-name>eth{number}</interface-name></endpoint></l3vpn>",
        number % 2 + 1,
    )
}

fn damage(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_start_from_a_snapshot_replays_nothing_and_goes_on_as_if_never_stopped() {
    let site = Site::new();
    let started = site.start();
    site.fill(&started);
    let before = site.print(&started.handle.view());
    started.stop();
    assert_eq!(site.snapshots().len(), 1);

    let started = site.start();
    assert_eq!(started.replayed, 0);
    assert_eq!(site.print(&started.handle.view()), before);
    // What the transforms said before the stop is needed now: one endpoint goes, all change.
    site.commit(&started, &remove_endpoint(3));
    site.commit(&started, &endpoint(5, 1600));
    let after = site.print(&started.handle.view());
    started.stop();

    // Too little changed for a new snapshot: the two are replayed on top of the old one.
    let started = site.start();
    assert_eq!((started.replayed, site.print(&started.handle.view())), (2, after.clone()));
    started.stop();
    site.snapshots().iter().for_each(|file| fs::remove_file(file).unwrap());
    let started = site.start();
    assert_eq!((started.replayed, site.print(&started.handle.view())), (27, after));
    started.stop();
}

#[test]
fn a_damaged_snapshot_costs_time_and_nothing_else() {
    let site = Site::new();
    let started = site.start();
    site.fill(&started);
    let before = site.print(&started.handle.view());
    started.stop();
    site.snapshots().iter().for_each(|file| damage(file));
    let started = site.start();
    assert_eq!((started.replayed, site.print(&started.handle.view())), (25, before));
    started.stop();
}

#[test]
fn a_snapshot_of_another_log_is_not_taken() {
    let site = Site::new();
    let started = site.start();
    site.fill(&started);
    started.stop();
    let other = Site::of("bob");
    let started = other.start();
    other.fill(&started);
    let before = other.print(&started.handle.view());
    started.stop();
    for file in site.snapshots() {
        fs::copy(&file, other.data.path().join("snapshots").join(file.file_name().unwrap()))
            .unwrap();
    }
    let started = other.start();
    assert_eq!((started.replayed, other.print(&started.handle.view())), (25, before));
    started.stop();
}
