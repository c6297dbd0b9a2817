//! A way through the network, in the direction of travel.

use super::Network;
use crate::paths::Path;
use crate::quantity::Length;
use crate::topology::{Link, LinkIndex, NodeIndex, Pop};

/// POPs and links from source to target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// POPs in order of travel; one more than links.
    pub nodes: Vec<NodeIndex>,
    /// Links in order of travel.
    pub links: Vec<LinkIndex>,
    /// Sum of the links.
    pub length: Length,
}

impl Route {
    /// Number of links.
    #[must_use]
    pub fn hops(&self) -> usize {
        self.links.len()
    }

    /// Whether a link is part of it.
    #[must_use]
    pub fn uses(&self, link: LinkIndex) -> bool {
        self.links.contains(&link)
    }

    /// The POPs between its ends.
    #[must_use]
    pub fn inner_nodes(&self) -> &[NodeIndex] {
        self.nodes.get(1..self.nodes.len().saturating_sub(1)).unwrap_or(&[])
    }
}

impl From<Path> for Route {
    fn from(path: Path) -> Self {
        let nodes = path.nodes.into_iter().map(NodeIndex).collect();
        let links = path.links.into_iter().map(LinkIndex).collect();
        Self { nodes, links, length: path.length }
    }
}

/// One link of a route with the POPs it leads from and to.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a> {
    /// Where it is entered.
    pub from: &'a Pop,
    /// Where it is left.
    pub to: &'a Pop,
    /// The link.
    pub link: &'a Link,
}

impl Network {
    /// The segments of a route in order of travel. Links that are gone are left out.
    pub fn segments<'a>(&'a self, route: &'a Route) -> impl Iterator<Item = Segment<'a>> {
        let ends = route.nodes.windows(2);
        ends.zip(&route.links).filter_map(|(ends, link)| {
            let (from, to) = (self.topology.pop(ends[0])?, self.topology.pop(ends[1])?);
            Some(Segment { from, to, link: self.topology.link(*link)? })
        })
    }
}
