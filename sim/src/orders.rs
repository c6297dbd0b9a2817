//! What clients order, as a plain model: the reference that the controller's intent is held
//! against.

use std::collections::BTreeMap;

/// A kind of thing to order. What is in another comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Router,
    Link,
    Vpn,
    /// Of a VPN: its first key is the VPN's.
    Endpoint,
    Site,
}

/// One thing by its keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) kind: Kind,
    pub(crate) keys: Vec<String>,
}

/// What is said of a thing: leaves by their names.
pub(crate) type Leaves = BTreeMap<&'static str, String>;

/// What is to be done with a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Merge,
    Create,
    Replace,
    Delete,
    Remove,
}

/// One order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) verb: Verb,
    pub(crate) place: Place,
    pub(crate) leaves: Leaves,
}

/// Everything that is ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orders(BTreeMap<Place, Leaves>);

impl Verb {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Remove => "remove",
        }
    }
}

impl Place {
    pub(crate) fn new<const N: usize>(kind: Kind, keys: [&str; N]) -> Self {
        Self { kind, keys: keys.map(str::to_owned).to_vec() }
    }

    /// What this is in, when it is in something.
    fn parent(&self) -> Option<Self> {
        match self.kind {
            Kind::Endpoint => Some(Self { kind: Kind::Vpn, keys: self.keys[..1].to_vec() }),
            Kind::Router | Kind::Link | Kind::Vpn | Kind::Site => None,
        }
    }
}

impl Orders {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Place, &Leaves)> {
        self.0.iter()
    }

    pub(crate) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&Place, &Leaves)> {
        self.0.iter().filter(move |(place, _)| place.kind == kind)
    }

    pub(crate) fn get(&self, place: &Place) -> Option<&Leaves> {
        self.0.get(place)
    }

    /// What is ordered after some more orders; `None` when one of them cannot be carried out.
    pub(crate) fn after(&self, orders: &[Order]) -> Option<Self> {
        let mut after = self.clone();
        orders.iter().all(|order| after.carry_out(order)).then_some(after)
    }

    fn carry_out(&mut self, Order { verb, place, leaves }: &Order) -> bool {
        let exists = self.0.contains_key(place);
        match verb {
            Verb::Create if exists => return false,
            Verb::Delete if !exists => return false,
            Verb::Delete | Verb::Remove => {
                self.take_out(place);
                return true;
            }
            Verb::Replace => self.take_out(place),
            Verb::Create | Verb::Merge => {}
        }
        if let Some(parent) = place.parent() {
            self.0.entry(parent).or_default();
        }
        let there = self.0.entry(place.clone()).or_default();
        there.extend(leaves.iter().map(|(name, value)| (*name, value.clone())));
        true
    }

    fn take_out(&mut self, place: &Place) {
        self.0.retain(|there, _| there != place && there.parent().as_ref() != Some(place));
    }
}
