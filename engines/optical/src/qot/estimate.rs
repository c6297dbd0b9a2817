//! A plan of carriers from end to end of a path.

use std::collections::BTreeMap;

use super::Fault;
use super::amplifier::{gains, spontaneous_emission};
use super::carrier::Plan;
use super::decibel::{REFERENCE_HZ, from_db, from_dbm, to_db, to_dbm};
use super::design::{Line, Setting};
use super::fibre::{Fibre, Glass};
use super::nli::{Kernel, span_factor};
use super::plant::{Kind, LightPath};
use super::roadm::{Roadm, Way};

/// What arrives of a carrier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Received {
    /// Hz.
    pub frequency_hz: f64,
    /// Signal over all noise in 0.1 nm, dB, transmitter and ROADMs included.
    pub gsnr_01nm_db: f64,
    /// The same in the bandwidth of the signal.
    pub gsnr_db: f64,
    /// Signal over spontaneous emission in 0.1 nm, dB, transmitter and ROADMs included.
    pub osnr_01nm_db: f64,
    /// Signal over non-linear interference in the bandwidth of the signal, dB.
    pub nli_snr_db: f64,
    /// Power at the receiver, dBm.
    pub power_dbm: f64,
    /// Chromatic dispersion, ps/nm.
    pub dispersion_ps_per_nm: f64,
    /// Polarisation mode dispersion, ps.
    pub pmd_ps: f64,
    /// Polarisation dependent loss, dB.
    pub pdl_db: f64,
    /// ms.
    pub latency_ms: f64,
}

/// What a span does to each carrier, whatever its power.
struct Span {
    glass: usize,
    before: f64,
    transmission: Vec<f64>,
    factor: Vec<f64>,
}

/// Estimates paths that are all lit by one plan. What does not depend on the path is worked out
/// once, when it is made.
pub struct Estimator<'a> {
    line: &'a Line,
    plan: Plan,
    kernels: Vec<Kernel>,
    spans: BTreeMap<usize, Span>,
}

/// The carriers on their way.
struct Light {
    power: Vec<f64>,
    /// Shares of the power.
    signal: Vec<f64>,
    emission: Vec<f64>,
    interference: Vec<f64>,
    /// Noise told as OSNR in 0.1 nm, over the signal.
    added: Vec<f64>,
    dispersion: Vec<f64>,
    pmd_squared: Vec<f64>,
    pdl_squared: Vec<f64>,
    latency: f64,
    squares: Vec<f64>,
    ratios: Vec<f64>,
}

impl<'a> Estimator<'a> {
    /// For all paths of a line.
    #[must_use]
    pub fn new(line: &'a Line, plan: Plan) -> Self {
        let fibres = line.plant.elements.iter().enumerate();
        let all = fibres.filter_map(|(at, element)| match &element.kind {
            Kind::Fibre(fibre) => Some((at, fibre)),
            _ => None,
        });
        Self::over(line, plan, all)
    }

    fn over(line: &'a Line, plan: Plan, fibres: impl Iterator<Item = (usize, &'a Fibre)>) -> Self {
        let mut glasses: Vec<&Glass> = Vec::new();
        let mut spans = BTreeMap::new();
        for (at, fibre) in fibres {
            let known = glasses.iter().position(|glass| **glass == fibre.glass);
            let glass = known.unwrap_or_else(|| {
                glasses.push(&fibre.glass);
                glasses.len() - 1
            });
            let each = |value: &dyn Fn(f64) -> f64| {
                plan.carriers().iter().map(|carrier| value(carrier.frequency_hz)).collect()
            };
            let span = Span {
                glass,
                before: 1.0 / from_db(fibre.before_db()),
                transmission: each(&|hz| fibre.transmission(hz)),
                factor: each(&|hz| span_factor(fibre, hz)),
            };
            spans.insert(at, span);
        }
        let kernels = glasses.iter().map(|glass| Kernel::new(plan.carriers(), glass)).collect();
        Self { line, plan, kernels, spans }
    }

    /// What arrives of each carrier at the end of a path. Carriers outside the band of the
    /// amplifiers on the way are left out.
    ///
    /// # Errors
    /// When no carrier is within the band, when the path does not lead from transceiver to
    /// transceiver, or when an amplifier cannot take carriers of unequal width.
    pub fn estimate(&self, path: &LightPath) -> Result<Vec<Received>, Fault> {
        let band = self.band(path);
        let Some(plan) = self.plan.within(band) else {
            return Err(Fault::new("plan", "no carrier lies within the band of the amplifiers"));
        };
        if plan.carriers().len() == self.plan.carriers().len() {
            return self.run(path);
        }
        let fibres =
            path.elements.iter().filter_map(|at| match &self.line.plant.elements[at.0].kind {
                Kind::Fibre(fibre) => Some((at.0, fibre)),
                _ => None,
            });
        Estimator::over(self.line, plan, fibres).run(path)
    }

    fn band(&self, path: &LightPath) -> (f64, f64) {
        let bands = path.elements.iter().filter_map(|at| self.line.settings.get(&at.0));
        let common = bands.map(|setting| setting.kind.band);
        let narrower =
            |one: (f64, f64), other: (f64, f64)| (one.0.max(other.0), one.1.min(other.1));
        common.reduce(narrower).unwrap_or(self.line.band_hz)
    }

    fn run(&self, path: &LightPath) -> Result<Vec<Received>, Fault> {
        let elements = &self.line.plant.elements;
        let is_end = |at: Option<&super::ElementIndex>| {
            at.is_some_and(|at| matches!(elements[at.0].kind, Kind::Transceiver))
        };
        if path.elements.len() < 2
            || !is_end(path.elements.first())
            || !is_end(path.elements.last())
        {
            return Err(Fault::new("path", "must lead from transceiver to transceiver"));
        }
        let mut light = Light::new(&self.plan);
        for triple in path.elements.windows(3) {
            let element = &elements[triple[1].0];
            match &element.kind {
                Kind::Transceiver => {
                    return Err(Fault::new(element.name.clone(), "is no place to pass through"));
                }
                Kind::Fused(loss) => light.scale(1.0 / from_db(*loss)),
                Kind::Fibre(fibre) => self.span(&mut light, triple[1].0, fibre),
                Kind::Roadm(roadm) => {
                    let (from, to) = (&elements[triple[0].0], &elements[triple[2].0]);
                    let way = Way::between(&from.kind, &to.kind);
                    light.roadm(roadm, &from.name, &to.name, way, &self.plan);
                }
                Kind::Amplifier(_) => {
                    let setting = self.line.settings.get(&triple[1].0).ok_or_else(|| {
                        Fault::new(element.name.clone(), "is not between ROADMs or transceivers")
                    })?;
                    light
                        .amplify(setting, &self.plan)
                        .map_err(|reason| Fault::new(element.name.clone(), reason))?;
                }
            }
        }
        Ok(light.received(&self.plan))
    }

    fn span(&self, light: &mut Light, at: usize, fibre: &Fibre) {
        let span = &self.spans[&at];
        for (square, power) in light.squares.iter_mut().zip(&mut light.power) {
            *power *= span.before;
            *square = *power * *power;
        }
        self.kernels[span.glass].interference(&light.squares, &mut light.ratios);
        for at in 0..light.power.len() {
            let ratio = light.ratios[at] * span.factor[at];
            light.signal[at] *= 1.0 - ratio;
            light.emission[at] *= 1.0 - ratio;
            light.interference[at] = light.interference[at] * (1.0 - ratio) + ratio;
            light.power[at] *= span.transmission[at];
            light.pmd_squared[at] += fibre.pmd().powi(2);
            light.dispersion[at] += fibre.dispersion(self.plan.carriers()[at].frequency_hz);
        }
        light.latency += fibre.latency();
    }
}

impl Light {
    fn new(plan: &Plan) -> Self {
        let count = plan.carriers().len();
        let zeros = || vec![0.0; count];
        Self {
            power: plan.carriers().iter().map(super::Carrier::power_w).collect(),
            signal: vec![1.0; count],
            emission: zeros(),
            interference: zeros(),
            added: plan.carriers().iter().map(|c| from_db(-c.tx_osnr_db)).collect(),
            dispersion: zeros(),
            pmd_squared: zeros(),
            pdl_squared: zeros(),
            latency: 0.0,
            squares: zeros(),
            ratios: zeros(),
        }
    }

    fn scale(&mut self, factor: f64) {
        self.power.iter_mut().for_each(|power| *power *= factor);
    }

    fn roadm(&mut self, roadm: &Roadm, from: &str, to: &str, way: Way, plan: &Plan) {
        let target = roadm.target(to);
        for (at, carrier) in plan.carriers().iter().enumerate() {
            let cost = roadm.cost(from, to, way, carrier);
            let wanted = target.dbm(carrier.baud_rate, carrier.slot_width_hz) + carrier.offset_db;
            // It attenuates only: what comes in below the target goes out as it is.
            self.power[at] = (self.power[at] / from_db(cost.loss_db)).min(from_dbm(wanted));
            self.pmd_squared[at] += cost.pmd.powi(2);
            self.pdl_squared[at] += cost.pdl.powi(2);
            self.added[at] += cost.osnr_db.map_or(0.0, |osnr| from_db(-osnr));
        }
    }

    fn amplify(&mut self, setting: &Setting, plan: &Plan) -> Result<(), &'static str> {
        let (kind, carriers) = (&setting.kind, plan.carriers());
        if setting.voa_in_db != 0.0 {
            self.scale(1.0 / from_db(setting.voa_in_db));
        }
        let width = carriers[0].slot_width_hz;
        if kind.needs_equal_slots() && carriers.iter().any(|c| c.slot_width_hz != width) {
            return Err("its noise is known for carriers of one slot width only");
        }
        let input_dbm = to_dbm(self.power.iter().sum());
        let gain_db = setting.gain_db.min(kind.power_max_dbm - input_dbm);
        let density = input_dbm - to_db(carriers.len() as f64) + to_db(50e9 / width);
        let noise_db = kind.noise_figure(gain_db, density);
        let gain = self.gain(setting, gain_db, carriers);
        let noise = from_db(noise_db);
        let is_rippled = !kind.noise_ripple.is_level();
        for (at, carrier) in carriers.iter().enumerate() {
            let hz = carrier.frequency_hz;
            let ripple = if is_rippled { from_db(kind.noise_ripple.at(hz)) } else { 1.0 };
            let emission = spontaneous_emission(carrier.baud_rate, hz, noise * ripple);
            let power = self.power[at] + emission;
            let share = self.power[at] / power;
            self.signal[at] *= share;
            self.interference[at] *= share;
            self.emission[at] = self.emission[at] * share + emission / power;
            self.power[at] = power * gain[at.min(gain.len() - 1)];
            self.pmd_squared[at] += kind.pmd.powi(2);
            self.pdl_squared[at] += kind.pdl.powi(2);
        }
        Ok(())
    }

    /// Gain of each carrier, or one for all.
    fn gain(&self, setting: &Setting, gain_db: f64, carriers: &[super::Carrier]) -> Vec<f64> {
        if setting.is_flat() {
            return vec![from_db(gain_db - setting.voa_out_db)];
        }
        let light: Vec<(f64, f64)> =
            carriers.iter().map(|c| c.frequency_hz).zip(self.power.iter().copied()).collect();
        let gains = gains(&setting.kind, gain_db, setting.tilt_db, &light);
        gains.into_iter().map(|gain| from_db(gain - setting.voa_out_db)).collect()
    }

    fn received(&self, plan: &Plan) -> Vec<Received> {
        let each = |(at, carrier): (usize, &super::Carrier)| {
            let added = self.added[at];
            let in_reference = REFERENCE_HZ / carrier.baud_rate;
            let ratio = |noise: f64| noise / self.signal[at] * in_reference + added;
            let gsnr = 1.0 / ratio(self.emission[at] + self.interference[at]);
            Received {
                frequency_hz: carrier.frequency_hz,
                gsnr_01nm_db: to_db(gsnr),
                gsnr_db: to_db(gsnr * in_reference),
                osnr_01nm_db: to_db(1.0 / ratio(self.emission[at])),
                nli_snr_db: to_db(self.signal[at] / self.interference[at]),
                power_dbm: to_dbm(self.power[at]),
                dispersion_ps_per_nm: self.dispersion[at] * 1e3,
                pmd_ps: self.pmd_squared[at].sqrt() * 1e12,
                pdl_db: self.pdl_squared[at].sqrt(),
                latency_ms: self.latency * 1e3,
            }
        };
        plan.carriers().iter().enumerate().map(each).collect()
    }
}
