//! How to draw a network: routers, their places, and the links between them, from the intent.

use northbound::{Link, Node, Topology};
use yang::NodeId;
use yang_data::{Branch, Entry, Tree, Value};

/// The drawing of a tree of layer 0 whose routers and links are those of module `netinfra`.
pub(crate) fn of(tree: &Tree) -> Topology {
    let schema = tree.schema();
    let entries = |path: &str| -> Vec<Entry> {
        let Some(list) = schema.find(path) else { return Vec::new() };
        let Some(parent) = schema.node(list).data_parent() else { return Vec::new() };
        let found = tree.root().container(parent).and_then(|branch| branch.list(list));
        found.map_or_else(Vec::new, |list| list.iter().cloned().collect())
    };
    let reader = Reader { tree };
    let node = |entry: Entry| {
        let router = "/netinfra:netinfra/router";
        let place = format!("{router}/weft-location:location");
        let location = schema.find(&place).and_then(|at| entry.branch.container(at)).cloned();
        let location = location.unwrap_or_default();
        Some(Node {
            name: reader.text(&entry.branch, &format!("{router}/name"))?,
            label: reader.text(&location, &format!("{place}/city")),
            zone: reader.text(&location, &format!("{place}/zone")),
            latitude: reader.number(&location, &format!("{place}/latitude")),
            longitude: reader.number(&location, &format!("{place}/longitude")),
        })
    };
    let link = |entry: Entry| {
        let leaf = |name: &str| format!("/netinfra:netinfra/backbone-link/{name}");
        Some(Link {
            left: reader.text(&entry.branch, &leaf("left-router"))?,
            left_interface: reader.text(&entry.branch, &leaf("left-interface"))?,
            right: reader.text(&entry.branch, &leaf("right-router"))?,
            right_interface: reader.text(&entry.branch, &leaf("right-interface"))?,
            length_km: reader.number(&entry.branch, &leaf("weft-location:length")),
        })
    };
    Topology {
        nodes: entries("/netinfra:netinfra/router").into_iter().filter_map(node).collect(),
        links: entries("/netinfra:netinfra/backbone-link").into_iter().filter_map(link).collect(),
    }
}

/// Reads leaves by schema path.
struct Reader<'a> {
    tree: &'a Tree,
}

impl Reader<'_> {
    fn leaf<'b>(&self, branch: &'b Branch, path: &str) -> Option<&'b Value> {
        let node: NodeId = self.tree.schema().find(path)?;
        branch.leaf(node)
    }

    fn text(&self, branch: &Branch, path: &str) -> Option<String> {
        self.leaf(branch, path).map(|value| value.text(self.tree.schema()).to_string())
    }

    fn number(&self, branch: &Branch, path: &str) -> Option<f64> {
        self.text(branch, path)?.parse().ok()
    }
}
