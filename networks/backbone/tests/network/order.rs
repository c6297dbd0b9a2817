//! Whatever the order and grouping of edits, the result is that of one edit with all of them.

use proptest::prelude::*;
use proptest::sample::Index;

use backbone::{Addressing, Options};

use crate::documents::{JUNOS, SRL, XR, empty, link, router, site, vpn};

const DEVICE_TYPES: [&str; 3] = [XR, JUNOS, SRL];

/// Something to order: each is valid once those before it in the kinds' order are there.
#[derive(Clone, Debug)]
enum Order {
    Router(u8, usize),
    Link(u8, u8),
    Vpn(u8, bool),
    Site { site: u8, vpn: u8, router: u8 },
}

const ROUTERS: u8 = 4;
const VPNS: u8 = 3;

impl Order {
    fn document(&self, types: &[usize]) -> String {
        let name = |number: u8| ["AMS", "FRA", "STO", "LJU"][usize::from(number)];
        let port = |of: u8, number: u8| match DEVICE_TYPES[types[usize::from(of)]] {
            XR => format!("GigabitEthernet0/0/0/{number}"),
            JUNOS => format!("eth{}", number + 1),
            _ => format!("ethernet-1/{}", number + 1),
        };
        match *self {
            Self::Router(number, device_type) => {
                router(name(number), u32::from(number) + 1, DEVICE_TYPES[device_type])
            }
            Self::Link(left, right) => {
                link([name(left), &port(left, right), name(right), &port(right, left)])
            }
            Self::Vpn(number, is_named) => {
                let document = vpn(&format!("acme-{}", number + 1), "ACME");
                let unnamed = document.replace("<customer-name>ACME</customer-name>", "");
                if is_named { document } else { unnamed }
            }
            Self::Site { site: number, vpn, router } => {
                let bearer = format!("{},{}.{}", name(router), port(router, 9), number + 1);
                site(&format!("S{number}"), &format!("acme-{}", vpn + 1), &bearer, number)
            }
        }
    }

    /// The node that the order makes.
    fn path(&self, types: &[usize]) -> String {
        let document = self.document(types);
        let text = |tag: &str| {
            let rest = &document[document.find(&format!("<{tag}>")).unwrap() + tag.len() + 2..];
            rest[..rest.find('<').unwrap()].to_owned()
        };
        match self {
            Self::Router(..) => format!("/netinfra:netinfra/router[name='{}']", text("name")),
            Self::Link(..) => {
                let keys = ["left-router", "left-interface", "right-router", "right-interface"]
                    .map(|key| format!("[{key}='{}']", text(key)));
                format!("/netinfra:netinfra/backbone-link{}", keys.concat())
            }
            Self::Vpn(..) => {
                let name = text("vpn-id");
                format!("/ietf-l3vpn-svc:l3vpn-svc/vpn-services/vpn-service[vpn-id='{name}']")
            }
            Self::Site { .. } => {
                format!("/ietf-l3vpn-svc:l3vpn-svc/sites/site[site-id='{}']", text("site-id"))
            }
        }
    }
}

/// A small network: types of its routers, and what is ordered, in an order that is valid.
fn network() -> impl Strategy<Value = (Vec<usize>, Vec<Order>)> {
    let types = prop::collection::vec(0..DEVICE_TYPES.len(), usize::from(ROUTERS));
    let links = prop::collection::btree_set((0..ROUTERS, 0..ROUTERS), 0..5);
    let vpns = prop::collection::vec(any::<bool>(), usize::from(VPNS));
    let sites = prop::collection::vec((0..VPNS, 0..ROUTERS), 0..6);
    (types, links, vpns, sites).prop_map(|(types, links, vpns, sites)| {
        let mut orders: Vec<_> =
            (0..ROUTERS).zip(&types).map(|(number, kind)| Order::Router(number, *kind)).collect();
        let links = links.into_iter().filter(|(left, right)| left < right);
        orders.extend(links.map(|(left, right)| Order::Link(left, right)));
        orders.extend((0..).zip(vpns).map(|(number, is_named)| Order::Vpn(number, is_named)));
        let sites = (0..).zip(sites);
        orders.extend(sites.map(|(site, (vpn, router))| Order::Site { site, vpn, router }));
        (types, orders)
    })
}

/// Where an order stands among the kinds, so that what it needs is there before it.
fn rank(order: &Order) -> u8 {
    match order {
        Order::Router(..) | Order::Vpn(..) => 0,
        Order::Link(..) | Order::Site { .. } => 1,
    }
}

/// The orders shuffled, but with what others need before them.
fn shuffled(orders: &[Order], picks: &[Index]) -> Vec<Order> {
    let mut left = orders.to_vec();
    let mut shuffled = Vec::new();
    for pick in picks.iter().cycle().take(orders.len()) {
        shuffled.push(left.remove(pick.index(left.len())));
    }
    shuffled.sort_by_key(rank);
    shuffled
}

fn documents(orders: &[Order], types: &[usize]) -> Vec<String> {
    orders.iter().map(|order| order.document(types)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn order_and_grouping_do_not_matter(
        (types, orders) in network(),
        picks in prop::collection::vec(any::<Index>(), 1..20),
        groups in prop::collection::vec(1..6_usize, 1..10),
        passing in prop::collection::vec(any::<Index>(), 0..4),
        is_allocated in any::<bool>(),
    ) {
        let addressing = if is_allocated { Addressing::Allocated } else { Addressing::Reference };
        let options = Options { addressing };
        let mut at_once = empty(options);
        at_once.merge_all(&documents(&orders, &types));

        let mut stepwise = empty(options);
        let mut rest = &*shuffled(&orders, &picks);
        for group in groups.iter().cycle() {
            let (now, later) = rest.split_at((*group).min(rest.len()));
            if now.is_empty() {
                break;
            }
            stepwise.merge_all(&documents(now, &types));
            rest = later;
        }
        prop_assert_eq!(stepwise.everything(), at_once.everything());

        // Links and sites that come and go leave no trace.
        for pick in &passing {
            let removable: Vec<_> = orders.iter().filter(|order| rank(order) == 1).collect();
            if removable.is_empty() {
                break;
            }
            let order = removable[pick.index(removable.len())];
            stepwise.delete(&order.path(&types));
            let rest: Vec<_> = orders
                .iter()
                .filter(|kept| kept.path(&types) != order.path(&types))
                .cloned()
                .collect();
            let mut without = empty(options);
            without.merge_all(&documents(&rest, &types));
            prop_assert_eq!(stepwise.everything(), without.everything());
            stepwise.merge(&order.document(&types));
            prop_assert_eq!(stepwise.everything(), at_once.everything());
        }
    }
}
