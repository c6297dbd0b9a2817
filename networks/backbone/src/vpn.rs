//! Numbers of VPNs.

/// The number in a VPN's name: what is behind its first dash.
pub(crate) fn number(name: &str) -> Result<u32, String> {
    let number = name.split_once('-').map(|(_, number)| number);
    let is_number = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    number.filter(is_number).and_then(|number| number.parse().ok()).ok_or_else(|| {
        format!(
            "{name:?} has no number: name the VPN with a dash and a number up to {} behind it, \
             such as acme-65501",
            u32::MAX
        )
    })
}

/// A route distinguisher: the autonomous system, and a number of it that VPN and router make up
/// by their digits one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RouteDistinguisher {
    pub(crate) autonomous_system: u32,
    pub(crate) number: u32,
}

impl RouteDistinguisher {
    /// # Errors
    /// What is wrong when the number does not fit beside its autonomous system: there are six
    /// octets for both (RFC 4364, section 4.2).
    pub(crate) fn new(autonomous_system: u32, vpn: u32, router: u32) -> Result<Self, String> {
        let number = format!("{vpn}{router}").parse().ok();
        let number = number.filter(|number| fits(autonomous_system, *number));
        number.map(|number| Self { autonomous_system, number }).ok_or_else(|| {
            format!(
                "the numbers of VPN and router, {vpn} and {router}, are together too long for \
                 a route distinguisher of AS {autonomous_system}: choose smaller ones, up to {}",
                limit(autonomous_system)
            )
        })
    }
}

impl std::fmt::Display for RouteDistinguisher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.autonomous_system, self.number)
    }
}

/// The route target of a VPN.
pub(crate) fn route_target(autonomous_system: u32, vpn: u32) -> Result<String, String> {
    if fits(autonomous_system, vpn) {
        return Ok(format!("target:{autonomous_system}:{vpn}"));
    }
    Err(format!(
        "VPN {vpn} does not fit a route target of AS {autonomous_system}: choose a number up to {}",
        limit(autonomous_system)
    ))
}

fn fits(autonomous_system: u32, number: u32) -> bool {
    number <= limit(autonomous_system)
}

/// The largest number beside an autonomous system: one of two octets leaves four, and the other
/// way round.
fn limit(autonomous_system: u32) -> u32 {
    if is_long(autonomous_system) { u16::MAX.into() } else { u32::MAX }
}

/// Whether an autonomous system takes four octets.
pub(crate) fn is_long(autonomous_system: u32) -> bool {
    autonomous_system > u16::MAX.into()
}

#[cfg(test)]
mod tests {
    use super::{RouteDistinguisher, number, route_target};

    #[test]
    fn names_have_numbers() {
        assert_eq!(number("acme-65501"), Ok(65501));
        assert_eq!(number("-1"), Ok(1));
        for wrong in ["acme", "acme-", "acme-x", "acme-1-2", "acme-4294967296", "acme-+1", ""] {
            let message = number(wrong).unwrap_err();
            assert!(message.contains("such as acme-65501"), "{message}");
        }
    }

    #[test]
    fn distinguishers_and_targets() {
        let of = |asn, vpn, router| {
            RouteDistinguisher::new(asn, vpn, router).map(|found| found.to_string())
        };
        assert_eq!(of(65001, 65501, 1), Ok("65001:655011".to_owned()));
        assert_eq!(of(70000, 655, 11), Ok("70000:65511".to_owned()));
        assert!(of(70000, 65501, 1).unwrap_err().contains("up to 65535"));
        assert!(of(65001, u32::MAX, 1).is_err());
        assert_eq!(route_target(65001, 65501), Ok("target:65001:65501".to_owned()));
        assert!(route_target(70000, 65536).is_err());
    }
}
