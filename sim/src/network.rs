//! The two networks: how orders are written for each, and what is ordered at random.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use transform::System;
use yang_data::decode::DecodeOptions;
use yang_data::edit::{Edit, Operation, apply};
use yang_data::{Origin, Tree, xml};

use crate::orders::{Kind, Leaves, Order, Orders, Place, Verb};
use crate::random::Random;

/// A network that is simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    Minisys,
    Backbone,
}

const XR: &str = "CiscoIosXr_25_3_1";
const JUNOS: &str = "JuniperCRPD_24_4R1_9";
const SRL: &str = "NokiaSRLinux_25_3_2";
const ROUTERS: [&str; 5] = ["AMS", "FRA", "LJU", "STO", "ZRH"];
const SITES: [&str; 5] = ["S1", "S2", "S3", "S4", "S5"];

impl Network {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Minisys => "minisys",
            Self::Backbone => "backbone",
        }
    }

    /// The network's layers and device types. They hold no state: all runs share them.
    pub(crate) fn system(self) -> Arc<System> {
        static MINISYS: OnceLock<Arc<System>> = OnceLock::new();
        static BACKBONE: OnceLock<Arc<System>> = OnceLock::new();
        let system = match self {
            Self::Minisys => MINISYS.get_or_init(|| Arc::new(minisys::system(minisys::Options))),
            Self::Backbone => BACKBONE.get_or_init(|| {
                let addressing = backbone::Addressing::Allocated;
                Arc::new(backbone::system(backbone::Options { addressing }))
            }),
        };
        Arc::clone(system)
    }

    fn types(self) -> &'static [&'static str] {
        match self {
            Self::Minisys => &["ietf"],
            Self::Backbone => &[XR, JUNOS, SRL],
        }
    }

    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Minisys => {
                &[Kind::Router, Kind::Router, Kind::Vpn, Kind::Endpoint, Kind::Endpoint]
            }
            Self::Backbone => &[Kind::Router, Kind::Router, Kind::Link, Kind::Vpn, Kind::Site],
        }
    }

    /// The orders as an edit that a client would send.
    pub(crate) fn edit(self, orders: &[Order]) -> Edit {
        let text = match self {
            Self::Minisys => minisys_text(orders),
            Self::Backbone => backbone_text(orders),
        };
        let system = self.system();
        let types = system.layer_validator(0).expect("a system has a top layer").types();
        xml::parse_edit(types, &text, &DecodeOptions::default())
            .unwrap_or_else(|errors| panic!("the orders are no edit: {errors:#?}\n{text}"))
    }

    /// What is ordered, as a tree made at once.
    pub(crate) fn tree(self, orders: &Orders) -> Tree {
        let all: Vec<Order> = orders
            .iter()
            .map(|(place, leaves)| Order {
                verb: Verb::Merge,
                place: place.clone(),
                leaves: leaves.clone(),
            })
            .collect();
        let system = self.system();
        let schema = system.layer_schema(0).expect("a system has a top layer");
        apply(&Tree::new(Arc::clone(schema)), &self.edit(&all), Operation::Merge, Origin::NONE)
            .expect("merging into nothing cannot fail")
    }

    /// One to three orders on different things.
    pub(crate) fn orders(
        self,
        known: &Orders,
        mock_percent: u64,
        random: &mut Random,
    ) -> Vec<Order> {
        let mut orders: BTreeMap<(Kind, String), Order> = BTreeMap::new();
        for _ in 0..random.within(1, 3) {
            let order = self.order(known, mock_percent, random);
            let group = match order.place.kind {
                // A VPN and its endpoints are one element, and one edit speaks of it once.
                Kind::Endpoint => Kind::Vpn,
                kind => kind,
            };
            let key = order.place.keys.concat();
            let key = if group == Kind::Vpn { order.place.keys[0].clone() } else { key };
            orders.insert((group, key), order);
        }
        orders.into_values().collect()
    }

    fn order(self, known: &Orders, mock_percent: u64, random: &mut Random) -> Order {
        let kind = *random.pick(self.kinds());
        let there: Vec<_> = known.of_kind(kind).map(|(place, _)| place.clone()).collect();
        let place = match there.is_empty() || random.chance(55) {
            true => self.place(kind, known, random),
            false => random.pick(&there).clone(),
        };
        let exists = known.get(&place).is_some();
        let verb = match (exists, random.below(20)) {
            (false, 0) | (true, 0..=4) => Verb::Delete,
            (true, 5) if kind != Kind::Endpoint => Verb::Remove,
            (true, 6) | (false, 1..=8) => Verb::Create,
            (true, 7..=10) | (false, 9..=10) => Verb::Replace,
            _ => Verb::Merge,
        };
        let mut leaves = match verb {
            Verb::Delete | Verb::Remove => Leaves::new(),
            Verb::Merge | Verb::Create | Verb::Replace => {
                self.leaves(&place, known, mock_percent, random)
            }
        };
        let is_partial = if exists && verb == Verb::Merge { 60 } else { 3 };
        if random.chance(is_partial) && kind != Kind::Site {
            let kept: Vec<_> = leaves.keys().copied().filter(|_| random.chance(40)).collect();
            leaves.retain(|name, _| kept.contains(name));
        }
        Order { verb, place, leaves }
    }

    fn place(self, kind: Kind, known: &Orders, random: &mut Random) -> Place {
        match kind {
            Kind::Router => Place::new(kind, [*random.pick(&ROUTERS)]),
            Kind::Vpn => Place::new(kind, [&vpn(random)]),
            Kind::Site => Place::new(kind, [*random.pick(&SITES)]),
            Kind::Endpoint => {
                let interface = format!("ge-0/0/{}", random.below(3));
                Place::new(kind, [&vpn(random), &router(known, random), &interface])
            }
            Kind::Link => {
                let (left, right) = (router(known, random), router(known, random));
                let (first, second) = (port(&left, &right), port(&right, &left));
                Place::new(kind, [&left, &first, &right, &second])
            }
        }
    }

    fn leaves(
        self,
        place: &Place,
        known: &Orders,
        mock_percent: u64,
        random: &mut Random,
    ) -> Leaves {
        match place.kind {
            Kind::Router => self.router_leaves(place, mock_percent, random),
            Kind::Link => Leaves::from([("monitor-traffic", random.chance(50).to_string())]),
            Kind::Vpn if self == Self::Backbone => {
                Leaves::from([("customer-name", format!("customer {}", random.below(3)))])
            }
            Kind::Vpn => Leaves::from([
                ("customer-name", format!("customer {}", random.below(3))),
                ("vpn-id", random.within(1, 4).to_string()),
                ("service-mtu", random.within(1400, 1402).to_string()),
            ]),
            Kind::Endpoint => Leaves::from([
                ("ipv4-address", format!("192.0.2.{}", random.below(4))),
                ("prefix-length", random.within(28, 32).to_string()),
                ("mtu", random.within(1500, 1502).to_string()),
            ]),
            Kind::Site => {
                let router = router(known, random);
                let port = format!("{}.{}", port(&router, "ZZZ"), random.within(1, 4));
                Leaves::from([
                    ("vpn", vpn(random)),
                    ("bearer", format!("{router},{port}")),
                    ("net", random.within(1, 5).to_string()),
                ])
            }
        }
    }

    fn router_leaves(self, place: &Place, mock_percent: u64, random: &mut Random) -> Leaves {
        let own = ROUTERS.iter().position(|name| *name == place.keys[0]).unwrap_or_default() + 1;
        let id = match random.below(12) {
            0 => random.below(6),
            1 => own as u64 + 10,
            _ => own as u64,
        };
        let device_type = match random.below(30) {
            0 => "abacus",
            1..=4 => *random.pick(self.types()),
            _ => self.types()[own % self.types().len()],
        };
        let mut leaves = Leaves::from([
            ("id", id.to_string()),
            ("type", device_type.to_owned()),
            ("mock", random.chance(mock_percent).to_string()),
        ]);
        if self == Self::Backbone {
            let asn = if random.chance(85) { "65001" } else { "65002" };
            leaves.insert("asn", asn.to_owned());
            leaves.insert("role", format!("role {}", random.below(3)));
        }
        leaves
    }
}

fn vpn(random: &mut Random) -> String {
    match random.chance(3) {
        true => "without number".to_owned(),
        false => format!("acme-{}", random.within(1, 3)),
    }
}

/// A router, mostly one that is there.
fn router(known: &Orders, random: &mut Random) -> String {
    let there: Vec<_> =
        known.of_kind(Kind::Router).map(|(place, _)| place.keys[0].clone()).collect();
    match there.is_empty() || random.chance(10) {
        true => (*random.pick(&ROUTERS)).to_owned(),
        false => random.pick(&there).clone(),
    }
}

/// The port of a router that leads to another one, of the kind that most routers of the name have.
fn port(of: &str, to: &str) -> String {
    let place = |name: &str| ROUTERS.iter().position(|router| *router == name).unwrap_or(9);
    let number = place(to);
    match (place(of) + 1) % 3 {
        0 => format!("GigabitEthernet0/0/0/{number}"),
        1 => format!("eth{}", number + 1),
        _ => format!("ethernet-1/{}", number + 1),
    }
}

fn attribute(verb: Verb) -> String {
    match verb {
        Verb::Merge => String::new(),
        verb => format!(
            " xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" nc:operation=\"{}\"",
            verb.name()
        ),
    }
}

fn leaves_text(leaves: &Leaves) -> String {
    leaves.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = write!(text, "<{name}>{value}</{name}>");
        text
    })
}

/// A list entry with its keys and leaves, and more in it.
fn element(name: &str, keys: &[&str], order: &Order, more: &str) -> String {
    let from = order.place.keys.len() - keys.len();
    let mut text = format!("<{name}{}>", attribute(order.verb));
    for (key, value) in keys.iter().zip(&order.place.keys[from..]) {
        let _ = write!(text, "<{key}>{value}</{key}>");
    }
    text + &leaves_text(&order.leaves) + more + &format!("</{name}>")
}

fn routers_text(orders: &[Order]) -> String {
    let kind = |kind| orders.iter().filter(move |order| order.place.kind == kind);
    let routers = kind(Kind::Router).map(|order| element("router", &["name"], order, ""));
    let ends = ["left-router", "left-interface", "right-router", "right-interface"];
    let links = kind(Kind::Link).map(|order| element("backbone-link", &ends, order, ""));
    let content: String = routers.chain(links).collect();
    match content.is_empty() {
        true => String::new(),
        false => format!("<netinfra xmlns=\"http://example.com/netinfra\">{content}</netinfra>"),
    }
}

fn minisys_text(orders: &[Order]) -> String {
    let mut vpns: BTreeMap<&str, (Option<&Order>, String)> = BTreeMap::new();
    for order in orders {
        let vpn = vpns.entry(&order.place.keys[0]);
        match order.place.kind {
            Kind::Vpn => vpn.or_default().0 = Some(order),
            Kind::Endpoint => {
                vpn.or_default().1 +=
                    &element("endpoint", &["device", "interface-name"], order, "");
            }
            Kind::Router | Kind::Link | Kind::Site => {}
        }
    }
    let mut text = format!("<config>{}", routers_text(orders));
    for (name, (order, endpoints)) in vpns {
        let implied = Order {
            verb: Verb::Merge,
            place: Place::new(Kind::Vpn, [name]),
            leaves: Leaves::new(),
        };
        let vpn = element("l3vpn", &["name"], order.unwrap_or(&implied), &endpoints);
        text += &vpn.replacen("<l3vpn", "<l3vpn xmlns=\"http://example.com/l3vpn\"", 1);
    }
    text + "</config>"
}

fn backbone_text(orders: &[Order]) -> String {
    let kind = |kind| orders.iter().filter(move |order| order.place.kind == kind);
    let vpns: String =
        kind(Kind::Vpn).map(|order| element("vpn-service", &["vpn-id"], order, "")).collect();
    let sites: String = kind(Kind::Site).map(site_text).collect();
    let mut services = String::new();
    if !vpns.is_empty() {
        services += &format!("<vpn-services>{vpns}</vpn-services>");
    }
    if !sites.is_empty() {
        services += &format!("<sites>{sites}</sites>");
    }
    if !services.is_empty() {
        let namespace = "urn:ietf:params:xml:ns:yang:ietf-l3vpn-svc";
        services = format!("<l3vpn-svc xmlns=\"{namespace}\">{services}</l3vpn-svc>");
    }
    format!("<config>{}{services}</config>", routers_text(orders))
}

/// A site with one access.
fn site_text(order: &Order) -> String {
    let leaf = |name: &str| order.leaves.get(name).map(String::as_str).unwrap_or_default();
    let content = match order.verb {
        Verb::Delete | Verb::Remove => String::new(),
        Verb::Merge | Verb::Create | Verb::Replace => format!(
            "<management><type>customer-managed</type></management>\
             <locations><location><location-id>MAIN</location-id></location></locations>\
             <site-network-accesses><site-network-access>\
             <site-network-access-id>SNA</site-network-access-id>\
             <location-reference>MAIN</location-reference>\
             <service><svc-input-bandwidth>1000</svc-input-bandwidth>\
             <svc-output-bandwidth>1000</svc-output-bandwidth><svc-mtu>9000</svc-mtu></service>\
             <vpn-attachment><vpn-id>{vpn}</vpn-id></vpn-attachment>\
             <ip-connection><ipv4>\
             <address-allocation-type>static-address</address-allocation-type>\
             <addresses><provider-address>10.200.{net}.1</provider-address>\
             <customer-address>10.200.{net}.2</customer-address>\
             <prefix-length>30</prefix-length></addresses></ipv4></ip-connection>\
             <bearer><bearer-reference>{bearer}</bearer-reference></bearer>\
             <routing-protocols><routing-protocol><type>bgp</type>\
             <bgp><autonomous-system>65501</autonomous-system>\
             <address-family>ipv4</address-family></bgp></routing-protocol></routing-protocols>\
             </site-network-access></site-network-accesses>",
            vpn = leaf("vpn"),
            net = leaf("net"),
            bearer = leaf("bearer"),
        ),
    };
    let site = &order.place.keys[0];
    format!("<site{}><site-id>{site}</site-id>{content}</site>", attribute(order.verb))
}
