//! ROADMs: what they equalise to, and what each way through them costs.

use std::collections::BTreeMap;

use super::carrier::Carrier;
use super::decibel::to_db;
use super::plant::Kind;

/// What a ROADM sets the power of each carrier to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// The same for all, dBm.
    Power(f64),
    /// By symbol rate, mW/GHz.
    PerBaud(f64),
    /// By slot width, mW/GHz.
    PerSlot(f64),
}

impl Target {
    /// Power of a carrier, dBm.
    pub(super) fn dbm(self, baud_rate: f64, slot_width_hz: f64) -> f64 {
        match self {
            Self::Power(dbm) => dbm,
            Self::PerBaud(density) => to_db(baud_rate * density * 1e-9),
            Self::PerSlot(density) => to_db(slot_width_hz * density * 1e-9),
        }
    }
}

/// Kind of a way through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Express,
    Add,
    Drop,
}

impl Way {
    /// The way from one neighbour of the ROADM to another.
    pub(super) fn between(from: &Kind, to: &Kind) -> Self {
        match (from, to) {
            (Kind::Transceiver, _) => Self::Add,
            (_, Kind::Transceiver) => Self::Drop,
            _ => Self::Express,
        }
    }
}

/// What a way costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    /// Least loss, dB.
    pub(super) loss_db: f64,
    /// s.
    pub(super) pmd: f64,
    /// dB.
    pub(super) pdl: f64,
    /// Noise that it adds, as an OSNR in 0.1 nm, dB; `None`: none.
    pub(super) osnr_db: Option<f64>,
}

/// Costs of a way by band, Hz; without a band it holds for all frequencies.
pub(super) type Profile = Vec<(Option<(f64, f64)>, Cost)>;

/// A ROADM, by the elements it is wired to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Roadm {
    pub(super) target: Target,
    /// Targets of degrees that have their own, by the name of the next element.
    pub(super) targets: BTreeMap<String, Target>,
    /// OSNR of adding and dropping together, dB.
    pub(super) add_drop_osnr_db: f64,
    /// s.
    pub(super) pmd: f64,
    /// dB.
    pub(super) pdl: f64,
    /// Types that boosters and pre-amplifiers are chosen from; empty: all.
    pub(super) boosters: Vec<String>,
    pub(super) preamplifiers: Vec<String>,
    /// Profiles by number; the first of a kind holds where no other is named.
    pub(super) profiles: Vec<(i64, Way, Profile)>,
    /// Numbers of profiles for ways between two elements.
    pub(super) named: BTreeMap<(String, String), i64>,
}

impl Roadm {
    /// The target of a degree.
    pub(super) fn target(&self, next: &str) -> Target {
        self.targets.get(next).copied().unwrap_or(self.target)
    }

    /// What a carrier pays on the way between two elements.
    pub(super) fn cost(&self, from: &str, to: &str, way: Way, carrier: &Carrier) -> Cost {
        if self.profiles.is_empty() {
            return self.plain(way);
        }
        let number = self.named.get(&(from.to_owned(), to.to_owned()));
        let fits = |profile: &&(i64, Way, Profile)| match number {
            Some(number) => profile.0 == *number,
            None => profile.1 == way,
        };
        let Some((_, _, profile)) = self.profiles.iter().find(fits) else {
            return self.plain(way);
        };
        let hz = carrier.frequency_hz;
        let holds = |band: &Option<(f64, f64)>| band.is_none_or(|(l, h)| l <= hz && hz <= h);
        profile.iter().find(|(band, _)| holds(band)).map_or_else(Cost::default, |found| found.1)
    }

    /// Without a profile, adding and dropping have half of the noise each.
    fn plain(&self, way: Way) -> Cost {
        let osnr = (way != Way::Express).then(|| self.add_drop_osnr_db + to_db(2.0));
        Cost { loss_db: 0.0, pmd: self.pmd, pdl: self.pdl, osnr_db: osnr }
    }
}
