//! The history as it has to be: what every generation orders, and what is known of devices then.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use intent::{Cause, Hash, Record};
use transform::{Change, Fault, State, System, recompute};
use vocab::{DeviceFacts, DeviceName, Generation};

use crate::network::Network;
use crate::orders::{Kind, Leaves, Orders, Place};

/// What devices said of themselves.
pub(crate) type Facts = BTreeMap<DeviceName, DeviceFacts>;

/// One generation.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) hash: Hash,
    pub(crate) orders: Rc<Orders>,
    pub(crate) facts: Rc<Facts>,
}

/// All generations, also those that are not durable yet.
#[derive(Debug)]
pub(crate) struct Reference {
    network: Network,
    system: Arc<System>,
    versions: Vec<Version>,
}

impl Reference {
    pub(crate) fn new(network: Network) -> Self {
        let first = Version { hash: Hash::default(), orders: Rc::default(), facts: Rc::default() };
        Self { network, system: network.system(), versions: vec![first] }
    }

    pub(crate) fn head(&self) -> &Version {
        self.versions.last().expect("generation 0 is never taken away")
    }

    pub(crate) fn head_generation(&self) -> Generation {
        Generation(self.versions.len() as u64 - 1)
    }

    pub(crate) fn version(&self, generation: Generation) -> Option<&Version> {
        self.versions.get(usize::try_from(generation.0).ok()?)
    }

    /// A record that the controller made; `orders` is what its edit leads to.
    pub(crate) fn append(&mut self, record: &Record, orders: Option<Orders>) -> Result<(), String> {
        let next = self.head_generation().next();
        if record.generation != next {
            return Err(format!("appended generation {}, due was {next}", record.generation));
        }
        if record.parent != self.head().hash {
            return Err(format!("generation {next} does not name the one before as its parent"));
        }
        let (orders, facts) = match (&record.cause, orders) {
            (Cause::Edit(_), Some(orders)) => {
                let facts = self.facts_with(&orders);
                (Rc::new(orders), Rc::new(facts))
            }
            (Cause::Facts(news), None) => {
                self.check_learnt(news)?;
                let mut facts = (*self.head().facts).clone();
                facts.insert(news.name.clone(), news.clone());
                (Rc::clone(&self.head().orders), Rc::new(facts))
            }
            (cause, _) => return Err(format!("nobody asked for {cause:?}")),
        };
        self.versions.push(Version { hash: record.hash(), orders, facts });
        Ok(())
    }

    /// Facts are learnt of devices in the intent only, and only of the type they have there.
    fn check_learnt(&self, news: &DeviceFacts) -> Result<(), String> {
        let name = &news.name;
        let Some(router) = router(&self.head().orders, name) else {
            return Err(format!("learnt of {name}, which is not in the intent"));
        };
        if is_mock(router) {
            return Err(format!("learnt of {name}, which is simulated in process"));
        }
        let wanted = router.get("type").map(String::as_str).unwrap_or_default();
        if wanted != news.device_type {
            return Err(format!("learnt that {name} is a {}, not a {wanted}", news.device_type));
        }
        Ok(())
    }

    /// What is known of devices once these are the orders: a device that is gone or of another
    /// type is not known any more, one that is simulated in process is known from the start.
    fn facts_with(&self, orders: &Orders) -> Facts {
        let mut facts = Facts::new();
        for (place, leaves) in orders.of_kind(Kind::Router) {
            let name = DeviceName::new(&*place.keys[0]);
            let device_type = leaves.get("type").cloned().unwrap_or_default();
            let known = match is_mock(leaves) {
                true => self.system.device_type(&device_type).map(|kind| DeviceFacts {
                    name: name.clone(),
                    device_type,
                    modules: kind.modules.clone(),
                }),
                false => {
                    let before = self.head().facts.get(&name).cloned();
                    before.filter(|facts| facts.device_type == device_type)
                }
            };
            facts.extend(known.map(|known| (name, known)));
        }
        facts
    }

    /// Whether the orders cannot be worked down for a device with all modules of its type.
    pub(crate) fn is_unfit(&self, name: &DeviceName) -> bool {
        let Version { orders, facts, .. } = self.head();
        let device_type = router(orders, name).and_then(|router| router.get("type"));
        let kind = device_type.and_then(|device_type| self.system.device_type(device_type));
        let Some(kind) = kind else { return true };
        let whole = DeviceFacts {
            name: name.clone(),
            device_type: kind.name.to_owned(),
            modules: kind.modules.clone(),
        };
        let mut facts = (**facts).clone();
        facts.insert(name.clone(), whole);
        self.worked_out(orders, &facts).is_err()
    }

    /// A record was lost, and so are all behind it.
    pub(crate) fn lost(&mut self, hash: Hash) {
        if let Some(at) = self.versions.iter().skip(1).position(|version| version.hash == hash) {
            self.versions.truncate(at + 1);
        }
    }

    /// Only this much is left.
    pub(crate) fn cut(&mut self, head: Generation) {
        let length = usize::try_from(head.0).expect("generations of a run fit") + 1;
        self.versions.truncate(length);
    }

    /// All layers worked out from nothing.
    pub(crate) fn worked_out(&self, orders: &Orders, facts: &Facts) -> Result<State, Vec<Fault>> {
        let change = Change {
            intent: Some(self.network.tree(orders).root().clone()),
            facts: facts.values().cloned().collect(),
            ..Change::default()
        };
        recompute(&self.system, &State::empty(&self.system), change).map(|(state, _)| state)
    }

    /// Whether a router of the orders is of another type than the device that is known by its
    /// name. Whether they can be committed is then judged by what is known, which is of no use.
    pub(crate) fn changes_type(&self, orders: &Orders) -> bool {
        let facts_after = self.facts_with(orders);
        self.head().facts.iter().any(|(name, facts)| {
            let after = facts_after.get(name);
            let is_ordered = router(orders, name).is_some();
            is_ordered && after.is_none_or(|after| after.device_type != facts.device_type)
        })
    }

    /// Whether these orders could be committed now, judged without anything that was worked out
    /// before.
    pub(crate) fn would_be_fine(&self, orders: &Orders) -> bool {
        let tree = self.network.tree(orders);
        let validator = self.system.layer_validator(0).expect("a system has a top layer");
        validator.validate(tree.root()).is_empty()
            && self.worked_out(orders, &self.facts_with(orders)).is_ok()
    }
}

/// What the orders say of a router.
pub(crate) fn router<'o>(orders: &'o Orders, name: &DeviceName) -> Option<&'o Leaves> {
    orders.get(&Place::new(Kind::Router, [name.as_str()]))
}

/// Whether a router is simulated in process.
pub(crate) fn is_mock(router: &Leaves) -> bool {
    router.get("mock").is_some_and(|mock| mock == "true")
}
