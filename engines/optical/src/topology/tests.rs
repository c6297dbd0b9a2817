use super::*;

fn pop(id: &str) -> Pop {
    let id = PopId::new(id).unwrap();
    Pop { name: id.to_string(), id, location: String::new(), operator: "telco".into() }
}

fn link(id: &str, a: &str, b: &str, length: Length) -> Link {
    let (a, b) = (PopId::new(a).unwrap(), PopId::new(b).unwrap());
    Link { id: LinkId::new(id).unwrap(), a, b, length, fibre: "SMF".into(), risks: Vec::new() }
}

#[test]
fn all_faults_of_an_inventory_are_told() {
    let km = Length::from_km(10.0).unwrap();
    let key = RouterKey { pop: PopId::new("x").unwrap(), router: RouterId::new("r").unwrap() };
    let inventory = Inventory {
        pops: vec![pop("a"), pop("a"), pop("b")],
        routers: vec![Router { key }],
        interfaces: Vec::new(),
        links: vec![
            link("l1", "a", "b", km),
            link("l1", "a", "b", km),
            link("l2", "a", "c", km),
            link("l3", "b", "b", km),
            link("l4", "a", "b", Length::ZERO),
        ],
    };
    let told: Vec<String> =
        Topology::build(inventory).unwrap_err().iter().map(ToString::to_string).collect();
    let expected = [
        "POP a already exists",
        "POP x not found; add it first",
        "link l1 already exists",
        "POP c not found; add it first",
        "link l3 joins POP b to itself",
        "link l4 has no length; give kilometres above 0",
    ];
    assert_eq!(told, expected);
}

#[test]
fn lengths_that_are_none_are_refused() {
    for km in [0.0, -5.0, f64::NAN, f64::INFINITY, 1e300, f64::NEG_INFINITY] {
        assert_eq!(Length::from_km(km), None, "{km}");
    }
    assert_eq!(Length::from_km(100.5), Some(Length::from_metres(100_500)));
}

#[test]
fn names_are_plain() {
    for name in ["", "a b", "a\nb", "\u{7}", &"x".repeat(129)] {
        assert_eq!(PopId::new(name), None, "{name:?}");
    }
    assert_eq!(PopId::new("pop1").unwrap().as_str(), "pop1");
}

#[test]
fn numbers_of_removed_links_stay_unused() {
    let km = Length::from_km(10.0).unwrap();
    let mut topology = Topology::default();
    topology.add_pop(pop("a")).unwrap();
    topology.add_pop(pop("b")).unwrap();
    topology.add_link(link("l1", "a", "b", km)).unwrap();
    topology.remove_link(&LinkId::new("l1").unwrap()).unwrap();
    assert!(topology.remove_link(&LinkId::new("l1").unwrap()).is_err());
    assert_eq!(topology.add_link(link("l1", "a", "b", km)).unwrap(), LinkIndex(1));
    assert_eq!(topology.links().count(), 1);
}
