//! The elements of the lines and how they are wired, one direction at a time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::amplifier::AmplifierType;
use super::fibre::Fibre;
use super::roadm::Roadm;

/// Most elements of a plant.
pub const ELEMENTS_MAX: usize = 200_000;

/// Number of an element in its plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ElementIndex(pub(super) usize);

/// An amplifier at its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Amplifier {
    /// Its type; `None`: the design chooses.
    pub(super) kind: Option<AmplifierType>,
    /// Types that the design may choose from; empty: as the ROADM beside it says.
    pub(super) varieties: Vec<String>,
    /// What is set from the start, dB.
    pub(super) gain_db: Option<f64>,
    pub(super) power_deviation_db: Option<f64>,
    pub(super) tilt_db: Option<f64>,
    pub(super) voa_out_db: Option<f64>,
    pub(super) voa_in_db: f64,
}

/// What an element is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Transceiver,
    Roadm(Roadm),
    Fibre(Fibre),
    /// A splice or patch, with its loss in dB.
    Fused(f64),
    Amplifier(Amplifier),
}

/// An element and its wires.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) next: Vec<usize>,
    pub(super) previous: Vec<usize>,
}

/// Elements and wires as imported: no gain is set yet. See `Plant::design`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plant {
    pub(super) elements: Vec<Element>,
}

/// A way from transceiver to transceiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightPath {
    pub(super) elements: Vec<ElementIndex>,
}

impl LightPath {
    /// The elements from end to end.
    #[must_use]
    pub fn elements(&self) -> &[ElementIndex] {
        &self.elements
    }
}

impl Plant {
    /// Number of an element.
    #[must_use]
    pub fn element(&self, name: &str) -> Option<ElementIndex> {
        self.elements.iter().position(|element| element.name == name).map(ElementIndex)
    }

    /// Name of an element.
    #[must_use]
    pub fn name(&self, element: ElementIndex) -> &str {
        &self.elements[element.0].name
    }

    /// The transceivers by number.
    pub fn transceivers(&self) -> impl Iterator<Item = ElementIndex> {
        let is_one = |at: &usize| matches!(self.elements[*at].kind, Kind::Transceiver);
        (0..self.elements.len()).filter(is_one).map(ElementIndex)
    }

    pub(super) fn connect(&mut self, from: usize, to: usize) {
        if !self.elements[from].next.contains(&to) {
            self.elements[from].next.push(to);
            self.elements[to].previous.push(from);
        }
    }

    pub(super) fn disconnect(&mut self, from: usize, to: usize) {
        self.elements[from].next.retain(|next| *next != to);
        self.elements[to].previous.retain(|previous| *previous != from);
    }

    pub(super) fn add(&mut self, name: String, kind: Kind) -> usize {
        self.elements.push(Element { name, kind, next: Vec::new(), previous: Vec::new() });
        self.elements.len() - 1
    }

    /// The way with the least fibre between two elements; among equals the one with fewer
    /// elements, then with lower numbers. `None` when there is none.
    #[must_use]
    pub fn shortest(&self, from: ElementIndex, to: ElementIndex) -> Option<LightPath> {
        let mut best = BTreeMap::from([(from.0, ((0_u64, 0_usize), from.0))]);
        let mut open = BinaryHeap::from([Reverse(((0, 0), from.0))]);
        while let Some(Reverse((cost, at))) = open.pop() {
            if at == to.0 {
                return Some(self.traced(from.0, to.0, &best));
            }
            let is_passed = matches!(self.elements[at].kind, Kind::Transceiver) && at != from.0;
            if cost > best[&at].0 || is_passed {
                continue;
            }
            let metres = match &self.elements[at].kind {
                Kind::Fibre(fibre) => (fibre.length_m * 1e3) as u64,
                _ => 10,
            };
            for next in &self.elements[at].next {
                let cost = (cost.0 + metres, cost.1 + 1);
                if best.get(next).is_none_or(|known| cost < known.0) {
                    best.insert(*next, (cost, at));
                    open.push(Reverse((cost, *next)));
                }
            }
        }
        None
    }

    fn traced(
        &self,
        from: usize,
        to: usize,
        best: &BTreeMap<usize, ((u64, usize), usize)>,
    ) -> LightPath {
        let mut elements = vec![ElementIndex(to)];
        let mut at = to;
        while at != from {
            at = best[&at].1;
            elements.push(ElementIndex(at));
        }
        elements.reverse();
        LightPath { elements }
    }

    /// The way over elements in order, by name. `None` when two of them are not wired.
    #[must_use]
    pub fn along(&self, names: &[impl AsRef<str>]) -> Option<LightPath> {
        let number: BTreeMap<&str, usize> =
            self.elements.iter().zip(0..).map(|(e, at)| (e.name.as_str(), at)).collect();
        let elements: Vec<usize> =
            names.iter().map(|name| number.get(name.as_ref()).copied()).collect::<Option<_>>()?;
        let is_wired =
            elements.windows(2).all(|pair| self.elements[pair[0]].next.contains(&pair[1]));
        let path = elements.into_iter().map(ElementIndex).collect();
        is_wired.then_some(LightPath { elements: path })
    }
}
