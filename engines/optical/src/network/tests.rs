mod properties;
mod scenarios;

use super::*;
use crate::assign::SpectrumPolicy;
use crate::mode::ByReach;
use crate::quantity::{Length, Rate};
use crate::topology::{
    Interface, InterfaceName, Inventory, Link, LinkId, Pop, RiskId, Router, RouterId, RouterKey,
    Transceiver,
};

pub(crate) fn pop(id: &str) -> PopId {
    PopId::new(id).unwrap()
}

pub(crate) fn id(name: &str) -> ConnectionId {
    ConnectionId::new(name).unwrap()
}

pub(crate) fn link_id(name: &str) -> LinkId {
    LinkId::new(name).unwrap()
}

/// Links as (id, end, end, km, risk groups).
pub(crate) type LinkRow<'a> = (&'a str, &'a str, &'a str, f64, &'a [&'a str]);

pub(crate) fn link((name, a, b, km, risks): LinkRow<'_>) -> Link {
    Link {
        id: link_id(name),
        a: pop(a),
        b: pop(b),
        length: Length::from_km(km).unwrap(),
        fibre: "SMF".into(),
        risks: risks.iter().map(|risk| RiskId::new(risk).unwrap()).collect(),
    }
}

pub(crate) fn interface_key(pop_id: &str, name: &str) -> InterfaceKey {
    let router = RouterKey { pop: pop(pop_id), router: RouterId::new("router1").unwrap() };
    InterfaceKey { router, interface: InterfaceName::new(name).unwrap() }
}

/// A network with one router per POP that has ports `Ethernet0` and `Ethernet48`.
pub(crate) fn network(profile: Profile, pops: &[&str], links: &[LinkRow<'_>]) -> Network {
    let described = |name: &&str| Pop {
        id: pop(name),
        name: (*name).to_owned(),
        location: String::new(),
        operator: "telco".into(),
    };
    let ports = |name: &&str| ["Ethernet0", "Ethernet48"].map(|port| interface_key(name, port));
    let interfaces = pops.iter().flat_map(ports);
    let inventory = Inventory {
        pops: pops.iter().map(described).collect(),
        routers: pops
            .iter()
            .map(|name| Router { key: interface_key(name, "Ethernet0").router })
            .collect(),
        interfaces: interfaces.map(|key| Interface { key, transceiver: None }).collect(),
        links: links.iter().map(|row| link(*row)).collect(),
    };
    Network::new(profile, Topology::build(inventory).unwrap())
}

/// Three POPs in a row, 100.5 and 150.2 km apart.
pub(crate) fn row(profile: Profile) -> Network {
    let links =
        [("link-12", "pop1", "pop2", 100.5, &[][..]), ("link-23", "pop2", "pop3", 150.2, &[])];
    network(profile, &["pop1", "pop2", "pop3"], &links)
}

pub(crate) fn request(name: &str, source: &str, target: &str, gbps: f64) -> Request {
    Request {
        id: id(name),
        source: pop(source),
        target: pop(target),
        source_interface: None,
        target_interface: None,
        rate: Rate::from_gbps(gbps).unwrap(),
        modulation: None,
        protection: Protection::None,
    }
}

pub(crate) fn allocate(network: &mut Network, request: &Request) -> Result<Arc<Connection>, Error> {
    let allocated = network.allocate(request, Strategy::default(), &ByReach);
    network.check().unwrap();
    allocated.map(|allocated| allocated.connection)
}

pub(crate) fn signal(network: &mut Network, request: &Request) -> (u16, u16) {
    let signal = allocate(network, request).unwrap().legs[0].signal;
    (signal.start, signal.end())
}

pub(crate) fn free(network: &Network, link: &str) -> Vec<u16> {
    let number = network.topology().link_number(&link_id(link)).unwrap();
    network.spectrum(number).unwrap().free().iter().collect()
}
