//! What is sent: carriers, and the plan of carriers that light a fibre together.

use super::{Fault, decibel::from_dbm};

/// Most carriers of a plan: a C and L band at the narrowest slots.
pub const CARRIERS_MAX: usize = 1_024;

/// One carrier as it leaves its transmitter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Carrier {
    /// Centre, Hz.
    pub frequency_hz: f64,
    /// Symbol rate, Bd.
    pub baud_rate: f64,
    /// Spectrum set aside for it, Hz; at least the symbol rate.
    pub slot_width_hz: f64,
    /// Power at the transmitter, dBm.
    pub power_dbm: f64,
    /// Deviation from what ROADMs equalise to, dB.
    pub offset_db: f64,
    /// OSNR of the transmitter in 0.1 nm, dB.
    pub tx_osnr_db: f64,
}

impl Carrier {
    /// Power at the transmitter, W.
    pub(super) fn power_w(&self) -> f64 {
        from_dbm(self.power_dbm)
    }

    /// Whether its slot lies within a band, Hz.
    pub(super) fn is_within(&self, (low, high): (f64, f64)) -> bool {
        let half = self.slot_width_hz / 2.0;
        self.frequency_hz - half >= low && self.frequency_hz + half <= high
    }

    fn fault(&self) -> Option<&'static str> {
        let all = [self.frequency_hz, self.baud_rate, self.slot_width_hz];
        let levels = [self.power_dbm, self.offset_db, self.tx_osnr_db];
        let is_level = |level: &f64| level.is_finite() && level.abs() <= 1e3;
        if !all.iter().all(|hz| hz.is_finite() && *hz > 0.0) {
            return Some("frequency, symbol rate and slot width must be above zero");
        }
        if !levels.iter().all(is_level) {
            return Some("powers and ratios must be numbers within 1,000 dB");
        }
        (self.baud_rate > self.slot_width_hz).then_some("the symbol rate is above the slot width")
    }
}

/// Carriers by frequency, none over another.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    carriers: Vec<Carrier>,
}

impl Plan {
    /// A checked plan, sorted by frequency.
    ///
    /// # Errors
    /// With every carrier that cannot be, or overlaps the one below.
    pub fn new(mut carriers: Vec<Carrier>) -> Result<Self, Vec<Fault>> {
        if carriers.is_empty() || carriers.len() > CARRIERS_MAX {
            let reason = format!("{} carriers; 1 to {CARRIERS_MAX} are taken", carriers.len());
            return Err(vec![Fault::new("plan", reason)]);
        }
        carriers.sort_by(|one, other| one.frequency_hz.total_cmp(&other.frequency_hz));
        let place = |carrier: &Carrier| format!("carrier at {} THz", carrier.frequency_hz / 1e12);
        let own = carriers.iter().filter_map(|c| Some(Fault::new(place(c), c.fault()?)));
        let pairs = carriers.windows(2).filter(|pair| {
            let upper = pair[0].frequency_hz + pair[0].slot_width_hz / 2.0;
            // A hertz of grace: slots that touch are told apart by rounding alone.
            upper > pair[1].frequency_hz - pair[1].slot_width_hz / 2.0 + 1.0
        });
        let overlapping = pairs.map(|pair| Fault::new(place(&pair[1]), "overlaps the one below"));
        let faults: Vec<Fault> = own.chain(overlapping).collect();
        if faults.is_empty() { Ok(Self { carriers }) } else { Err(faults) }
    }

    /// Equal carriers from `low_hz` up in steps of the slot width while they are at most
    /// `high_hz`.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn uniform(low_hz: f64, high_hz: f64, like: Carrier) -> Result<Self, Vec<Fault>> {
        let count = channel_count(low_hz, high_hz, like.slot_width_hz);
        let at = |number: usize| Carrier {
            frequency_hz: low_hz + like.slot_width_hz * number as f64,
            ..like
        };
        Self::new((0..count.min(CARRIERS_MAX + 1)).map(at).collect())
    }

    /// The carriers by frequency.
    #[must_use]
    pub fn carriers(&self) -> &[Carrier] {
        &self.carriers
    }

    /// The carriers whose slots lie within a band; `None` when there are none.
    pub(super) fn within(&self, band: (f64, f64)) -> Option<Self> {
        let within = |carrier: &&Carrier| carrier.is_within(band);
        let carriers: Vec<Carrier> = self.carriers.iter().filter(within).copied().collect();
        (!carriers.is_empty()).then_some(Self { carriers })
    }
}

/// How many carriers a band takes at a spacing, both ends included.
pub(super) fn channel_count(low_hz: f64, high_hz: f64, spacing_hz: f64) -> usize {
    let steps = ((high_hz - low_hz) / spacing_hz).floor();
    if steps.is_finite() && steps >= 0.0 { (steps as usize).saturating_add(1) } else { 0 }
}
