//! Gain, power and type of each amplifier, from the start of a line to its end.

use std::collections::BTreeMap;

use super::Setting;
use super::missing::Spans;
use crate::qot::Fault;
use crate::qot::amplifier::AmplifierType;
use crate::qot::carrier::channel_count;
use crate::qot::decibel::to_db;
use crate::qot::equipment::Equipment;
use crate::qot::plant::{Amplifier, Kind, Plant};

/// Gain below the least of a type that is still taken, by padding its input, dB.
const GAIN_BELOW_DB: f64 = 3.0;
/// Types that lack at most this much power beside the strongest compete on noise, dB.
const POWER_ALIKE_DB: f64 = 0.3;
/// Power per 50 GHz that noise is compared at: 0 dBm over 88 carriers.
const COMPARED_CARRIERS: f64 = 88.0;

/// Where a walk down a line has come to.
struct Walk<'a> {
    plant: &'a Plant,
    equipment: &'a Equipment,
    spans: &'a Spans,
    band: (f64, f64),
    /// Total power of the reference carriers at reference power, dBm.
    total_dbm: f64,
    /// Deviation from reference power after the last amplifier, dB, and its output attenuation.
    deviation: f64,
    voa: f64,
}

impl Plant {
    pub(super) fn set_gains(
        &self,
        equipment: &Equipment,
        spans: &Spans,
    ) -> Result<BTreeMap<usize, Setting>, Vec<Fault>> {
        let (mut settings, mut faults) = (BTreeMap::new(), Vec::new());
        let reference = &equipment.reference;
        for start in &self.elements {
            for first in &start.next {
                let at_start = match &start.kind {
                    Kind::Roadm(roadm) => roadm
                        .target(&self.elements[*first].name)
                        .dbm(reference.carrier.baud_rate, reference.carrier.slot_width_hz),
                    Kind::Transceiver => reference.carrier.power_dbm,
                    _ => continue,
                };
                let band = self.band_of(*first, equipment);
                let counted = if reference.counts_own_band { reference.band_hz } else { band };
                let count = channel_count(counted.0, counted.1, reference.carrier.slot_width_hz);
                let mut walk = Walk {
                    plant: self,
                    equipment,
                    spans,
                    band,
                    total_dbm: reference.power_dbm + to_db(count as f64),
                    deviation: at_start - reference.power_dbm,
                    voa: 0.0,
                };
                walk.follow(*first, &mut settings, &mut faults);
            }
        }
        if faults.is_empty() { Ok(settings) } else { Err(faults) }
    }

    /// Band that a line is designed for: of the library, narrowed by the amplifiers that are
    /// there.
    fn band_of(&self, first: usize, equipment: &Equipment) -> (f64, f64) {
        let mut band = equipment.reference.band_hz;
        let mut at = first;
        while !matches!(self.elements[at].kind, Kind::Transceiver | Kind::Roadm(_)) {
            if let Kind::Amplifier(Amplifier { kind: Some(kind), .. }) = &self.elements[at].kind {
                band = (band.0.max(kind.band.0), band.1.min(kind.band.1));
            }
            at = self.elements[at].next[0];
        }
        band
    }
}

impl Walk<'_> {
    fn follow(
        &mut self,
        first: usize,
        settings: &mut BTreeMap<usize, Setting>,
        faults: &mut Vec<Fault>,
    ) {
        let mut at = first;
        loop {
            let element = &self.plant.elements[at];
            match &element.kind {
                Kind::Transceiver | Kind::Roadm(_) => return,
                Kind::Amplifier(amplifier) => match self.set(at, amplifier) {
                    Ok(setting) => {
                        settings.insert(at, setting);
                    }
                    Err(reason) => {
                        faults.push(Fault::new(element.name.clone(), reason));
                        return;
                    }
                },
                Kind::Fibre(_) | Kind::Fused(_) => {}
            }
            at = element.next[0];
        }
    }

    fn set(&mut self, at: usize, amplifier: &Amplifier) -> Result<Setting, String> {
        let rules = &self.equipment.rules;
        let element = &self.plant.elements[at];
        let (previous, next) = (element.previous[0], element.next[0]);
        let loss = self.plant.span_loss(previous, self.spans);
        let voa = amplifier.voa_out_db.unwrap_or(0.0);
        let mut deviation =
            amplifier.power_deviation_db.unwrap_or_else(|| self.launch_deviation(next) + voa);
        let mut gain = loss + deviation - self.deviation + self.voa + amplifier.voa_in_db;
        if let (false, Some(set)) = (rules.is_power_mode, amplifier.gain_db) {
            deviation += set - gain;
            gain = set;
        }
        let power = self.total_dbm + deviation;
        let (kind, lacking) = match &amplifier.kind {
            Some(kind) => (kind.clone(), (kind.power_max_dbm - power).min(0.0)),
            None => {
                let (kind, lacking) = self.choose(amplifier, previous, next, gain, power)?;
                (kind.clone(), lacking)
            }
        };
        deviation += lacking;
        gain += lacking;
        self.deviation = deviation;
        self.voa = voa;
        let automatic =
            if amplifier.voa_out_db.is_none() && rules.is_power_mode && kind.has_automatic_voa {
                let spare = (kind.power_max_dbm - power).min(kind.gain_max_db - gain);
                (stepped(spare, rules.voa_step_db) - rules.voa_margin_db).max(0.0)
            } else {
                0.0
            };
        Ok(Setting {
            kind,
            gain_db: gain + automatic,
            tilt_db: amplifier.tilt_db.unwrap_or(0.0),
            voa_in_db: amplifier.voa_in_db,
            voa_out_db: voa + automatic,
        })
    }

    /// How far from reference power the next span is launched into, dB.
    fn launch_deviation(&self, next: usize) -> f64 {
        if matches!(self.plant.elements[next].kind, Kind::Roadm(_)) {
            return 0.0;
        }
        let rules = &self.equipment.rules;
        let [least, most, step] = rules.power_deviation_db;
        let loss = self.plant.span_loss(next, self.spans);
        let wanted = stepped((loss - rules.reference_loss_db) * rules.power_slope, step);
        wanted.max(least).min(most)
    }

    /// The type with the least noise among those that can; and the power that it lacks, dB.
    fn choose(
        &self,
        amplifier: &Amplifier,
        previous: usize,
        next: usize,
        gain: f64,
        power: f64,
    ) -> Result<(&AmplifierType, f64), String> {
        let extended = self.equipment.rules.extended_gain_db;
        let spare = |kind: &AmplifierType| {
            (power - gain + kind.gain_max_db + extended).min(kind.power_max_dbm) - power
        };
        let allowed = self.allowed(amplifier, previous, next);
        if allowed.is_empty() {
            return Err("no type of amplifier fits the band and the restrictions".to_owned());
        }
        let has_raman = self.takes_raman(previous);
        let usable = |kind: &&AmplifierType| !kind.is_raman || has_raman;
        let usable: Vec<&AmplifierType> = allowed.into_iter().filter(usable).collect();
        let reaches = |kind: &&AmplifierType| {
            let below = if kind.is_raman { 0.0 } else { GAIN_BELOW_DB };
            gain + below > kind.gain_min_db
        };
        let mut fitting: Vec<&AmplifierType> = usable.iter().copied().filter(reaches).collect();
        if fitting.is_empty() {
            fitting = usable.into_iter().filter(|kind| !kind.is_raman).collect();
        }
        // Raman types come after the others, as they are the last resort among equals.
        fitting.sort_by_key(|kind| kind.is_raman);
        let strongest = fitting.iter().map(|kind| spare(kind)).fold(f64::MIN, f64::max);
        let limit = if strongest > 0.0 { 0.0 } else { strongest - POWER_ALIKE_DB };
        fitting.retain(|kind| spare(kind) > limit);
        let density = -to_db(COMPARED_CARRIERS);
        let noise = |kind: &AmplifierType| kind.noise_figure(gain, density);
        let best = fitting.into_iter().min_by(|one, other| noise(one).total_cmp(&noise(other)));
        let best = best.ok_or("no type of amplifier has a gain as low: lengthen the padding")?;
        Ok((best, spare(best).min(0.0)))
    }

    fn allowed(&self, amplifier: &Amplifier, previous: usize, next: usize) -> Vec<&AmplifierType> {
        let named = [
            Some(&amplifier.varieties),
            match &self.plant.elements[previous].kind {
                Kind::Roadm(roadm) => Some(&roadm.boosters),
                _ => None,
            },
            match &self.plant.elements[next].kind {
                Kind::Roadm(roadm) => Some(&roadm.preamplifiers),
                _ => None,
            },
        ];
        let named = named.into_iter().flatten().find(|names| !names.is_empty());
        let is_allowed = |kind: &&AmplifierType| {
            let covers = kind.band.0 <= self.band.0 && kind.band.1 >= self.band.1;
            covers && named.map_or(kind.is_for_design, |names| names.contains(&kind.name))
        };
        self.equipment.amplifiers.iter().filter(is_allowed).collect()
    }

    /// Raman pumps need a fibre of low loss before them.
    fn takes_raman(&self, previous: usize) -> bool {
        let limit = self.equipment.rules.raman_loss_max_db_per_km * 1e-3;
        matches!(&self.plant.elements[previous].kind, Kind::Fibre(fibre)
            if fibre.glass.loss_db_per_m.is_below(limit))
    }
}

/// The nearest multiple of a step, halves to the even one, in tenths of a dB.
fn stepped(value: f64, step: f64) -> f64 {
    let step = (step * 10.0).round_ties_even() / 10.0;
    if step < 0.01 {
        return (value * 100.0).round_ties_even() / 100.0;
    }
    ((value / step).round_ties_even() * step * 10.0).round_ties_even() / 10.0
}
