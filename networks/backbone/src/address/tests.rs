use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::*;

#[test]
fn small_numbers_give_the_same_loopback_either_way() {
    for id in [1, 3, 255] {
        let reference = loopback(Addressing::Reference, id).unwrap();
        assert_eq!(reference, Ipv4Addr::new(10, 0, 0, u8::try_from(id).unwrap()));
        assert_eq!(loopback(Addressing::Allocated, id), Ok(reference));
    }
}

#[test]
fn numbers_that_do_not_fit_are_refused_with_the_way_out() {
    let message = loopback(Addressing::Reference, 256).unwrap_err();
    assert!(message.contains("1 to 255") && message.contains("allocated"), "{message}");
    assert!(loopback(Addressing::Reference, 0).is_err());
    assert!(loopback(Addressing::Allocated, 0).is_err());
}

#[test]
fn any_number_has_an_allocated_loopback() {
    let of = |id| loopback(Addressing::Allocated, id).unwrap().to_string();
    assert_eq!(of(256), "10.0.1.0");
    assert_eq!(of((1 << 23) - 1), "10.127.255.255");
    assert_eq!(of(1 << 23), "172.16.0.0");
    assert_eq!(of(u32::MAX), "172.31.255.255");
    assert!(!is_shared_loopback((1 << 23) - 1) && is_shared_loopback(1 << 23));
}

#[test]
fn ipv6_loopbacks_are_addresses_and_differ() {
    let ids = [1, 9, 255, 9999, 10_000, 65_535, 65_536, 99_999, u32::MAX];
    let addresses: BTreeSet<std::net::Ipv6Addr> =
        ids.iter().map(|id| ipv6_loopback(*id).parse().unwrap()).collect();
    assert_eq!(addresses.len(), ids.len());
    assert_eq!(ipv6_loopback(3), "2001:db8:0:0::3");
}

#[test]
fn letters_give_link_networks() {
    assert_eq!(letter_sum("AMS-CORE-1", "FRA-CORE-1"), Some(7));
    assert_eq!(letter_sum("ams", "STO"), Some(20));
    assert_eq!(letter_sum("FRA", "STO"), Some(25));
    assert_eq!(letter_sum("FRA", "LJU"), Some(18));
    assert_eq!(letter_sum("STO", "LJU"), Some(31));
    assert_eq!(letter_sum("1-core", "STO"), None);
    assert_eq!(letter_sum("", "STO"), None);
}

#[test]
fn allocated_links_are_unique() {
    let names: Vec<[String; 4]> = (0..20_000)
        .map(|n| [format!("R{n}"), "et-0/0/0".into(), format!("R{}", n + 1), "et-0/0/1".into()])
        .collect();
    let mut blocks = std::collections::BTreeMap::<u16, Vec<LinkEnds<'_>>>::new();
    for [a, b, c, d] in &names {
        blocks.entry(link_block([a, b, c, d])).or_default().push([a, b, c, d]);
    }
    let mut seen = BTreeSet::new();
    for (block, links) in &blocks {
        for network in share_block(links).unwrap() {
            let [left, right] = link_addresses(*block, network);
            assert_eq!(u32::from(left) / 4, u32::from(right) / 4, "one /30");
            assert!(u32::from(left) >= u32::from(Ipv4Addr::new(10, 128, 0, 0)));
            assert!(u32::from(right) <= u32::from(Ipv4Addr::new(10, 255, 255, 255)));
            assert!(seen.insert(left) && seen.insert(right), "{left} is there twice");
        }
    }
    assert_eq!(seen.len(), 2 * names.len());
}

#[test]
fn a_full_block_says_so() {
    let names: Vec<String> = (0..=LINKS_PER_BLOCK).map(|n| n.to_string()).collect();
    let links: Vec<LinkEnds<'_>> = names.iter().map(|name| [name.as_str(), "", "", ""]).collect();
    assert!(share_block(&links).is_none());
    let shares = share_block(&links[1..]).unwrap();
    assert_eq!(shares.iter().collect::<BTreeSet<_>>().len(), LINKS_PER_BLOCK);
}

#[test]
fn titles_and_masks() {
    let title = network_entity_title(Ipv4Addr::new(10, 0, 0, 3));
    assert_eq!(title, "49.0001.0100.0000.0003.00");
    let title = network_entity_title(Ipv4Addr::new(10, 127, 255, 254));
    assert_eq!(title, "49.0001.0101.2725.5254.00");
    let masks =
        [(0, "0.0.0.0"), (1, "128.0.0.0"), (30, "255.255.255.252"), (32, "255.255.255.255")];
    for (length, mask) in masks {
        assert_eq!(netmask(length), mask);
    }
}

#[test]
fn customer_interfaces() {
    let parse = CustomerInterface::parse;
    let with = |port, vlan| Some(CustomerInterface { port, vlan });
    assert_eq!(parse("GigabitEthernet0/0/0/2.100"), with("GigabitEthernet0/0/0/2", Some(100)));
    assert_eq!(parse("eth4"), with("eth4", None));
    assert_eq!(parse("eth4.0"), with("eth4", None));
    for wrong in ["eth4.4095", "eth4.x", "eth4.", ".7", "", "eth4.99999"] {
        assert_eq!(parse(wrong), None, "{wrong}");
    }
}
