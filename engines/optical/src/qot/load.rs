//! Channels that come and go, and what each does to those beside it.
//!
//! Amplifiers hold the gain that the design gave them and ROADMs equalise, so the power of a
//! channel on each span is its own affair. Let `P_f` be its power on span `f`, `A` what
//! amplifiers add and `r_f` the share that interference takes there. Then total over signal is
//! `K = prod((P + A) / P) / prod(1 - r_f)`, the noise is `K - 1`, and only the `r_f` depend on
//! others: `r_f = sum_j eta_j P_j^2 L_eff^2`. These sums are kept.

use std::collections::BTreeMap;

use super::Fault;
use super::amplifier::{gains, spontaneous_emission};
use super::carrier::Carrier;
use super::decibel::{Curve, REFERENCE_HZ, from_db, from_dbm, to_db, to_dbm};
use super::design::Line;
use super::fibre::Glass;
use super::nli::{Probe, span_factor};
use super::plant::{Kind, LightPath};
use super::roadm::Way;

/// Number of a channel in a [`Load`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChannelId(pub u64);

/// A channel on one span.
#[derive(Clone, Copy, Debug)]
struct Crossing {
    fibre: usize,
    glass: usize,
    /// Power at the start of the glass, W.
    power: f64,
    /// Square of the effective length, m².
    factor: f64,
    /// Share of the power that interference takes.
    ratio: f64,
}

#[derive(Clone, Debug)]
struct Channel {
    carrier: Carrier,
    crossings: Vec<Crossing>,
    /// By number of the glass.
    probes: BTreeMap<usize, Probe>,
    /// Total over signal, without interference.
    amplified: f64,
    /// Noise of transmitter and ROADMs over signal in 0.1 nm.
    added: f64,
}

impl Channel {
    fn gsnr_01nm_db(&self, ratios: impl Iterator<Item = f64>) -> f64 {
        let total = ratios.fold(self.amplified, |total, ratio| total / (1.0 - ratio).max(1e-12));
        let noise = (total - 1.0) * REFERENCE_HZ / self.carrier.baud_rate + self.added;
        -to_db(noise)
    }
}

/// What a channel would meet and do.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Its own GSNR in 0.1 nm, dB.
    pub gsnr_01nm_db: f64,
    /// GSNR in 0.1 nm of each channel beside it, now and then, dB.
    pub neighbours: BTreeMap<ChannelId, (f64, f64)>,
    channel: Channel,
    /// What is added to crossings of others, by channel and place among its crossings.
    changes: BTreeMap<ChannelId, Vec<(usize, f64)>>,
}

/// The channels of a line.
#[derive(Clone, Debug)]
pub struct Load {
    line: Line,
    /// Kinds of glass, and which each fibre is of.
    glasses: Vec<Glass>,
    glass_of: BTreeMap<usize, usize>,
    /// Gain over frequency of amplifiers that are not flat, dB.
    shapes: BTreeMap<usize, Curve>,
    channels: BTreeMap<ChannelId, Channel>,
    /// By fibre: who crosses it, and which of its crossings that is.
    crossing: BTreeMap<usize, BTreeMap<ChannelId, usize>>,
}

impl Load {
    /// A dark line. Amplifiers that are not flat are taken as they are under even light over
    /// their band.
    #[must_use]
    pub fn new(line: Line) -> Self {
        let (mut glasses, mut glass_of) = (Vec::new(), BTreeMap::new());
        for (at, element) in line.plant.elements.iter().enumerate() {
            if let Kind::Fibre(fibre) = &element.kind {
                let known = glasses.iter().position(|glass| *glass == fibre.glass);
                let number = known.unwrap_or_else(|| {
                    glasses.push(fibre.glass.clone());
                    glasses.len() - 1
                });
                glass_of.insert(at, number);
            }
        }
        let uneven = line.settings.iter().filter(|(_, setting)| !setting.is_flat());
        let shapes = uneven.filter_map(|(at, setting)| {
            let (low, high) = line.band_hz;
            let even: Vec<(f64, f64)> =
                (0..64).map(|n| (low + (high - low) * f64::from(n) / 63.0, 1e-3)).collect();
            let gains = gains(&setting.kind, setting.gain_db, setting.tilt_db, &even);
            let points = even.iter().map(|point| point.0).zip(gains).collect();
            Some((*at, Curve::through(points)?))
        });
        let shapes = shapes.collect();
        let crossing = BTreeMap::new();
        Self { line, glasses, glass_of, shapes, channels: BTreeMap::new(), crossing }
    }

    /// The line.
    #[must_use]
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// GSNR in 0.1 nm of a channel, dB. `None` when there is no such channel.
    #[must_use]
    pub fn gsnr_01nm_db(&self, id: ChannelId) -> Option<f64> {
        let channel = self.channels.get(&id)?;
        Some(channel.gsnr_01nm_db(channel.crossings.iter().map(|crossing| crossing.ratio)))
    }

    /// What a channel would meet and do on a path, changing nothing. Costs with the channels on
    /// its spans.
    ///
    /// # Errors
    /// When the path passes an amplifier that is not set, or whose band the carrier leaves.
    pub fn outlook(&self, path: &LightPath, carrier: Carrier) -> Result<Outlook, Fault> {
        let mut channel = self.alone(path, carrier)?;
        let mut changes: BTreeMap<ChannelId, Vec<(usize, f64)>> = BTreeMap::new();
        let mut known: BTreeMap<(ChannelId, usize), (f64, f64)> = BTreeMap::new();
        let probes = &channel.probes;
        for crossing in &mut channel.crossings {
            let own = &probes[&crossing.glass];
            crossing.ratio = own.eta(own, true) * crossing.power.powi(2) * crossing.factor;
            for (id, place) in self.crossing.get(&crossing.fibre).into_iter().flatten() {
                let (other, there) = (&self.channels[id], &self.channels[id].crossings[*place]);
                let (on_own, on_other) = *known.entry((*id, crossing.glass)).or_insert_with(|| {
                    let probe = &other.probes[&crossing.glass];
                    (own.eta(probe, false), probe.eta(own, false))
                });
                crossing.ratio += on_own * there.power.powi(2) * crossing.factor;
                let change = on_other * crossing.power.powi(2) * there.factor;
                changes.entry(*id).or_default().push((*place, change));
            }
        }
        let neighbours = changes.iter().map(|(id, changes)| (*id, self.before_after(*id, changes)));
        let neighbours = neighbours.collect();
        let gsnr_01nm_db = channel.gsnr_01nm_db(channel.crossings.iter().map(|c| c.ratio));
        Ok(Outlook { gsnr_01nm_db, neighbours, channel, changes })
    }

    /// As [`Self::outlook`] on a dark line: the best that the channel can have there.
    ///
    /// # Errors
    /// As [`Self::outlook`].
    pub fn outlook_alone(&self, path: &LightPath, carrier: Carrier) -> Result<Outlook, Fault> {
        let mut channel = self.alone(path, carrier)?;
        for crossing in &mut channel.crossings {
            let own = &channel.probes[&crossing.glass];
            crossing.ratio = own.eta(own, true) * crossing.power.powi(2) * crossing.factor;
        }
        let gsnr_01nm_db = channel.gsnr_01nm_db(channel.crossings.iter().map(|c| c.ratio));
        let (neighbours, changes) = (BTreeMap::new(), BTreeMap::new());
        Ok(Outlook { gsnr_01nm_db, neighbours, channel, changes })
    }

    fn before_after(&self, id: ChannelId, changes: &[(usize, f64)]) -> (f64, f64) {
        let channel = &self.channels[&id];
        let mut ratios: Vec<f64> = channel.crossings.iter().map(|c| c.ratio).collect();
        let before = channel.gsnr_01nm_db(ratios.iter().copied());
        changes.iter().for_each(|(place, change)| ratios[*place] += change);
        (before, channel.gsnr_01nm_db(ratios.into_iter()))
    }

    /// Lights a channel. One that is lit already under that number is put out first.
    ///
    /// # Errors
    /// As [`Self::outlook`]; nothing is changed then.
    pub fn add(&mut self, id: ChannelId, path: &LightPath, carrier: Carrier) -> Result<(), Fault> {
        self.alone(path, carrier)?;
        self.remove(id);
        let outlook = self.outlook(path, carrier)?;
        for (other, changes) in outlook.changes {
            let Some(channel) = self.channels.get_mut(&other) else { continue };
            changes.iter().for_each(|(place, change)| channel.crossings[*place].ratio += change);
        }
        for (place, crossing) in outlook.channel.crossings.iter().enumerate() {
            self.crossing.entry(crossing.fibre).or_default().insert(id, place);
        }
        self.channels.insert(id, outlook.channel);
        Ok(())
    }

    /// Puts a channel out; `false` when it is not lit.
    pub fn remove(&mut self, id: ChannelId) -> bool {
        let Some(gone) = self.channels.remove(&id) else { return false };
        let mut known: BTreeMap<(ChannelId, usize), f64> = BTreeMap::new();
        for crossing in &gone.crossings {
            let Some(here) = self.crossing.get_mut(&crossing.fibre) else { continue };
            here.remove(&id);
            for (other, place) in here.iter() {
                let Some(channel) = self.channels.get_mut(other) else { continue };
                let eta = *known.entry((*other, crossing.glass)).or_insert_with(|| {
                    channel.probes[&crossing.glass].eta(&gone.probes[&crossing.glass], false)
                });
                let there = &mut channel.crossings[*place];
                there.ratio -= eta * crossing.power.powi(2) * there.factor;
            }
        }
        true
    }

    /// A channel as if it were alone, without any interference.
    fn alone(&self, path: &LightPath, carrier: Carrier) -> Result<Channel, Fault> {
        let elements = &self.line.plant.elements;
        let hz = carrier.frequency_hz;
        let mut power = carrier.power_w();
        let mut channel = Channel {
            carrier,
            crossings: Vec::new(),
            probes: BTreeMap::new(),
            amplified: 1.0,
            added: from_db(-carrier.tx_osnr_db),
        };
        for triple in path.elements.windows(3) {
            let at = triple[1].0;
            match &elements[at].kind {
                Kind::Transceiver => {
                    return Err(Fault::new(elements[at].name.clone(), "cannot be passed through"));
                }
                Kind::Fused(loss) => power /= from_db(*loss),
                Kind::Fibre(fibre) => {
                    power /= from_db(fibre.before_db());
                    let (glass, factor) = (self.glass_of[&at], span_factor(fibre, hz));
                    let probe = || Probe::new(&carrier, &self.glasses[glass]);
                    channel.probes.entry(glass).or_insert_with(probe);
                    channel.crossings.push(Crossing {
                        fibre: at,
                        glass,
                        power,
                        factor,
                        ratio: 0.0,
                    });
                    power *= fibre.transmission(hz);
                }
                Kind::Roadm(roadm) => {
                    let (from, to) = (&elements[triple[0].0], &elements[triple[2].0]);
                    let way = Way::between(&from.kind, &to.kind);
                    let cost = roadm.cost(&from.name, &to.name, way, &carrier);
                    let target = roadm.target(&to.name);
                    let wanted =
                        target.dbm(carrier.baud_rate, carrier.slot_width_hz) + carrier.offset_db;
                    power = (power / from_db(cost.loss_db)).min(from_dbm(wanted));
                    channel.added += cost.osnr_db.map_or(0.0, |osnr| from_db(-osnr));
                }
                Kind::Amplifier(_) => self.amplify(at, &mut power, &mut channel)?,
            }
        }
        Ok(channel)
    }

    fn amplify(&self, at: usize, power: &mut f64, channel: &mut Channel) -> Result<(), Fault> {
        let fault = |reason: &str| Fault::new(self.line.plant.elements[at].name.clone(), reason);
        let carrier = &channel.carrier;
        let setting = self.line.settings.get(&at).ok_or_else(|| fault("is not set"))?;
        if !carrier.is_within(setting.kind.band) {
            return Err(fault("does not amplify at this frequency"));
        }
        let hz = carrier.frequency_hz;
        *power /= from_db(setting.voa_in_db);
        let density = to_dbm(*power) + to_db(50e9 / carrier.slot_width_hz);
        let noise =
            setting.kind.noise_figure(setting.gain_db, density) + setting.kind.noise_ripple.at(hz);
        let emission = spontaneous_emission(carrier.baud_rate, hz, from_db(noise));
        let gain = self.shapes.get(&at).map_or(setting.gain_db, |shape| shape.at(hz));
        channel.amplified *= (*power + emission) / *power;
        *power = (*power + emission) * from_db(gain - setting.voa_out_db);
        Ok(())
    }
}
