//! Addresses and identities that follow from numbers and names.

use std::net::Ipv4Addr;

/// How routers and links get their addresses.
///
/// Both give out from 10.0.0.0/8. [`Addressing::Reference`] is easy to follow by hand and fits
/// small networks; [`Addressing::Allocated`] has no two links and no two routers at one address,
/// whatever they are called and however many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Addressing {
    /// Router *n* has 10.0.0.*n*, *n* being 1 to 255; other numbers are refused. A link has
    /// 10.0.*s*.0/30, *s* being the places in the alphabet of the first letters of both routers
    /// together: links between routers with the same letters get the same network.
    #[default]
    Reference,
    /// Router *n* has the *n*-th address of 10.0.0.0/9, so that small numbers give the same as
    /// above; from 2²³ on it has one of 172.16.0.0/12, and two such routers that would have the
    /// same are refused. A link has a /30 of 10.128.0.0/9 that its ends' names choose; where
    /// several links choose the same, the later names move on to the next free one in the /24.
    Allocated,
}

/// Number of /24 blocks for links in 10.128.0.0/9.
const LINK_BLOCKS: u64 = 1 << 15;
/// Number of /30 networks in a block.
pub(crate) const LINKS_PER_BLOCK: usize = 64;
/// Number of addresses for routers in 10.0.0.0/9.
const LOOPBACKS: u32 = 1 << 23;
/// Number of addresses for routers in 172.16.0.0/12.
const LATE_LOOPBACKS: u32 = 1 << 20;

/// The loopback address of a router, or what is wrong with its number.
pub(crate) fn loopback(addressing: Addressing, id: u32) -> Result<Ipv4Addr, String> {
    match addressing {
        Addressing::Reference if (1..=255).contains(&id) => Ok(numbered_loopback(id)),
        Addressing::Reference => Err(format!(
            "{id} gives no loopback address: choose 1 to 255, or a system with allocated addresses"
        )),
        Addressing::Allocated if id == 0 => Err("0 is no router: choose 1 or more".to_owned()),
        Addressing::Allocated => Ok(numbered_loopback(id)),
    }
}

/// The loopback address that belongs to a number.
pub(crate) fn numbered_loopback(id: u32) -> Ipv4Addr {
    let base = |first, second| u32::from(Ipv4Addr::new(first, second, 0, 0));
    Ipv4Addr::from(match id {
        0..LOOPBACKS => base(10, 0) + id,
        _ => base(172, 16) + id % LATE_LOOPBACKS,
    })
}

/// Whether several numbers may give this router's loopback address.
pub(crate) fn is_shared_loopback(id: u32) -> bool {
    id >= LOOPBACKS
}

/// The IPv6 loopback address of a router.
pub(crate) fn ipv6_loopback(id: u32) -> String {
    match id {
        0..=9999 => format!("2001:db8:0:0::{id}"),
        // Larger numbers do not fit a group as they are written: two groups of 16 bits, kept
        // apart from the small ones by the group before.
        _ => format!("2001:db8:0:0:0:1:{:x}:{:x}", id >> 16, id & 0xffff),
    }
}

/// The third octet of a link's network when it comes from the routers' first letters.
pub(crate) fn letter_sum(left: &str, right: &str) -> Option<u8> {
    let place = |name: &str| {
        let letter = name.chars().next()?.to_ascii_lowercase();
        letter.is_ascii_lowercase().then(|| u8::try_from(letter).unwrap_or_default() - b'a' + 1)
    };
    Some(place(left)? + place(right)?)
}

/// Names of both ends of a link: router and interface, router and interface.
pub(crate) type LinkEnds<'a> = [&'a str; 4];

/// The block that a link gets its network from.
pub(crate) fn link_block(ends: LinkEnds<'_>) -> u16 {
    u16::try_from(mix(ends) % LINK_BLOCKS).unwrap_or_default()
}

/// The networks of the links in a block: for each link, in the given order, the /30 in the block.
/// `None` when there are more links than networks.
pub(crate) fn share_block(links: &[LinkEnds<'_>]) -> Option<Vec<usize>> {
    let mut is_taken = [false; LINKS_PER_BLOCK];
    let place = |ends: &LinkEnds<'_>| {
        let wish = usize::try_from(mix(*ends) / LINK_BLOCKS).unwrap_or_default();
        let free = (wish..wish + LINKS_PER_BLOCK)
            .map(|at| at % LINKS_PER_BLOCK)
            .find(|at| !is_taken[*at])?;
        is_taken[free] = true;
        Some(free)
    };
    links.iter().map(place).collect()
}

/// The two addresses of a link: of its left and of its right end.
pub(crate) fn link_addresses(block: u16, network: usize) -> [Ipv4Addr; 2] {
    let network = u32::try_from(network % LINKS_PER_BLOCK).unwrap_or_default();
    let base = u32::from(Ipv4Addr::new(10, 128, 0, 0)) + (u32::from(block) << 8) + network * 4;
    [Ipv4Addr::from(base + 1), Ipv4Addr::from(base + 2)]
}

/// A number that names choose evenly: 47 bits of a hash (FNV-1a with a final mix). It is part of
/// the addressing plan: changing it renumbers networks.
fn mix(ends: LinkEnds<'_>) -> u64 {
    let separated = ends.iter().flat_map(|name| name.bytes().chain([0]));
    let hash = separated.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (hash ^ (hash >> 33)) >> 17
}

/// The network entity title of a router: its address in decimal, three digits for each octet,
/// regrouped by four, in area 49.0001.
pub(crate) fn network_entity_title(loopback: Ipv4Addr) -> String {
    let digits: String = loopback.octets().iter().map(|octet| format!("{octet:03}")).collect();
    format!("49.0001.{}.{}.{}.00", &digits[..4], &digits[4..8], &digits[8..])
}

/// The mask of a prefix length.
pub(crate) fn netmask(prefix_length: u8) -> String {
    let host_bits = 32_u32.saturating_sub(prefix_length.into());
    Ipv4Addr::from(u32::MAX.checked_shl(host_bits).unwrap_or(0)).to_string()
}

/// An interface of a customer: `X.N` is VLAN `N` of port `X`; without a dot, or with 0 behind it,
/// it is the whole port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CustomerInterface<'a> {
    pub(crate) port: &'a str,
    pub(crate) vlan: Option<u16>,
}

impl<'a> CustomerInterface<'a> {
    /// Reads an interface name; `None` when what is behind the dot is no VLAN.
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        let Some((port, number)) = name.rsplit_once('.') else {
            return (!name.is_empty()).then_some(Self { port: name, vlan: None });
        };
        let number: u16 = number.parse().ok()?;
        let vlan = (number > 0).then_some(number);
        (number <= 4094 && !port.is_empty()).then_some(Self { port, vlan })
    }

    /// The number of the unit or subinterface.
    pub(crate) fn unit(&self) -> u16 {
        self.vlan.unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
