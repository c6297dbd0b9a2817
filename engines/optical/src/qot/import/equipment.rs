//! The library of equipment.

use std::collections::BTreeMap;

use serde_json::Value;

use super::reader::{Faults, Place, parse};
use crate::qot::Fault;
use crate::qot::amplifier::{AmplifierType, Noise, Stage};
use crate::qot::carrier::Carrier;
use crate::qot::decibel::{Curve, from_db, to_db};
use crate::qot::equipment::{Equipment, FibreType, Reference, SpanRules, TransceiverMode};
use crate::qot::roadm::{Cost, Profile, Roadm, Target, Way};

/// Band of amplifiers that do not say theirs, Hz.
const BAND_HZ: (f64, f64) = (191.275e12, 196.125e12);

impl Equipment {
    /// Reads a library in GNPy's format. `files` holds, by name, the texts of the files that
    /// amplifiers refer to (`advanced_config_from_json`, `default_config_from_json`).
    ///
    /// # Errors
    /// With all faults, each with its path in the document.
    pub fn from_gnpy(text: &str, files: &BTreeMap<String, String>) -> Result<Self, Vec<Fault>> {
        let document = parse("equipment", text)?;
        let faults = Faults::default();
        let mut configs = BTreeMap::new();
        for (name, text) in files {
            configs.insert(name.as_str(), parse(name, text)?);
        }
        let root = Place::new(&document, "", &faults);
        let equipment = read(&root, &configs);
        faults.into_result(equipment)
    }
}

fn read(root: &Place<'_>, configs: &BTreeMap<&str, Value>) -> Option<Equipment> {
    let mut fibres = BTreeMap::new();
    for fibre in root.list("Fiber") {
        fibres.insert(fibre.text("type_variety").unwrap_or("default").to_owned(), glass(&fibre));
    }
    let mut roadms = BTreeMap::new();
    for roadm in root.list("Roadm") {
        let name = roadm.text("type_variety").unwrap_or("default").to_owned();
        let Some(target) = target(&roadm) else {
            roadm.fault("has no target power, such as target_pch_out_db");
            continue;
        };
        roadms.insert(name, self::roadm(&roadm, target, None));
    }
    let amplifiers = amplifiers(root, configs);
    let rules = default_of(root, "Span").map(|span| rules(&span));
    let reference = default_of(root, "SI").and_then(|si| reference(&si));
    let modes = root.list("Transceiver").iter().flat_map(modes).collect();
    Some(Equipment { amplifiers, fibres, roadms, rules: rules?, reference: reference?, modes })
}

/// The entry of a list that has no name, or else the first.
fn default_of<'a>(root: &Place<'a>, name: &str) -> Option<Place<'a>> {
    let entries = root.list(name);
    let plain = |entry: &&Place<'_>| matches!(entry.text("type_variety"), None | Some("default"));
    let found = entries.iter().rfind(plain).or(entries.first()).cloned();
    if found.is_none() {
        root.faults.add(&format!("/{name}"), "has no entry");
    }
    found
}

fn glass(fibre: &Place<'_>) -> FibreType {
    FibreType {
        dispersion: fibre.number_of("dispersion"),
        effective_area: fibre.number_of("effective_area"),
        gamma: fibre.number_of("gamma"),
        pmd_coefficient: fibre.number_or("pmd_coef", 0.0),
    }
}

/// What a ROADM or type of ROADM equalises to, if it says so.
pub(super) fn target(roadm: &Place<'_>) -> Option<Target> {
    let power = roadm.number_of("target_pch_out_db").map(Target::Power);
    let per_baud = roadm.number_of("target_psd_out_mWperGHz").map(Target::PerBaud);
    let per_slot = roadm.number_of("target_out_mWperSlotWidth").map(Target::PerSlot);
    if [power, per_baud, per_slot].iter().flatten().count() > 1 {
        roadm.fault("has more than one target power; give one");
    }
    power.or(per_baud).or(per_slot)
}

/// A name in the file and what its figure makes.
type Kind = (&'static str, fn(f64) -> Target);

/// A ROADM from its own members, then from its type.
pub(super) fn roadm(place: &Place<'_>, target: Target, kind: Option<&Roadm>) -> Roadm {
    let inherited = |own: Option<f64>, kind: Option<f64>, or: f64| own.or(kind).unwrap_or(or);
    let restrictions = place.member("restrictions");
    let varieties = |name: &str| restrictions.as_ref().and_then(|list| list.texts(name));
    let boosters = varieties("booster_variety_list").or(kind.map(|kind| kind.boosters.clone()));
    let preamplifiers =
        varieties("preamp_variety_list").or(kind.map(|kind| kind.preamplifiers.clone()));
    let own_profiles = place.member("roadm-path-impairments").map(|list| profiles(&list));
    Roadm {
        target,
        targets: targets(place),
        add_drop_osnr_db: inherited(
            place.number_of("add_drop_osnr"),
            kind.map(|kind| kind.add_drop_osnr_db),
            100.0,
        ),
        pmd: inherited(place.number_of("pmd"), kind.map(|kind| kind.pmd), 0.0),
        pdl: inherited(place.number_of("pdl"), kind.map(|kind| kind.pdl), 0.0),
        boosters: boosters.unwrap_or_default(),
        preamplifiers: preamplifiers.unwrap_or_default(),
        profiles: own_profiles.or(kind.map(|kind| kind.profiles.clone())).unwrap_or_default(),
        named: named(place),
    }
}

fn targets(place: &Place<'_>) -> BTreeMap<String, Target> {
    let kinds: [Kind; 3] = [
        ("per_degree_psd_out_mWperSlotWidth", Target::PerSlot),
        ("per_degree_psd_out_mWperGHz", Target::PerBaud),
        ("per_degree_pch_out_db", Target::Power),
    ];
    let mut targets = BTreeMap::new();
    for (name, target) in kinds {
        for (degree, value) in place.member(name).map_or_else(Vec::new, |map| map.members()) {
            targets.extend(value.number().map(|value| (degree, target(value))));
        }
    }
    targets
}

fn named(place: &Place<'_>) -> BTreeMap<(String, String), i64> {
    let entry = |entry: &Place<'_>| {
        let ends = (entry.text("from_degree")?.to_owned(), entry.text("to_degree")?.to_owned());
        Some((ends, entry.whole("impairment_id")?))
    };
    place.list("per_degree_impairments").iter().filter_map(entry).collect()
}

fn profiles(list: &Place<'_>) -> Vec<(i64, Way, Profile)> {
    let ways = [
        ("roadm-express-path", Way::Express),
        ("roadm-add-path", Way::Add),
        ("roadm-drop-path", Way::Drop),
    ];
    let profile = |entry: &Place<'_>| {
        let number = entry.whole("roadm-path-impairments-id")?;
        let (name, way) = ways.into_iter().find(|(name, _)| entry.member(name).is_some())?;
        Some((number, way, entry.list(name).iter().map(cost).collect()))
    };
    list.entries().iter().filter_map(profile).collect()
}

fn cost(place: &Place<'_>) -> (Option<(f64, f64)>, Cost) {
    let range = place.member("frequency-range");
    let end = |name: &str| range.as_ref()?.number_of(name);
    let cost = Cost {
        loss_db: place.number_or("roadm-maxloss", 0.0),
        pmd: place.number_or("roadm-pmd", 0.0),
        pdl: place.number_or("roadm-pdl", 0.0),
        osnr_db: place.number_of("roadm-osnr"),
    };
    (end("lower-frequency").zip(end("upper-frequency")), cost)
}

fn rules(span: &Place<'_>) -> SpanRules {
    let deviation = span.numbers("delta_power_range_db").unwrap_or_default();
    let power_deviation_db = <[f64; 3]>::try_from(deviation).unwrap_or_else(|_| {
        span.fault("delta_power_range_db must be [least, most, step]");
        [0.0; 3]
    });
    let unit = match span.text("length_units") {
        None | Some("km") => 1e3,
        Some("m") => 1.0,
        Some(other) => {
            span.fault(format!("length_units {other:?}: m and km are known"));
            1.0
        }
    };
    SpanRules {
        is_power_mode: span.flag_or("power_mode", true),
        power_deviation_db,
        raman_loss_max_db_per_km: span.number_or("max_fiber_lineic_loss_for_raman", 0.25),
        extended_gain_db: span.number_or("target_extended_gain", 2.5),
        length_max_m: span.number_or("max_length", 150.0) * unit,
        padding_db: span.number_or("padding", 10.0),
        end_of_life_db: span.number_or("EOL", 0.0),
        connector_in_db: span.number_or("con_in", 0.0),
        connector_out_db: span.number_or("con_out", 0.0),
        reference_loss_db: span.number_or("span_loss_ref", 20.0),
        power_slope: span.number_or("power_slope", 0.3),
        voa_margin_db: span.number_or("voa_margin", 1.0),
        voa_step_db: span.number_or("voa_step", 0.5),
    }
}

fn reference(si: &Place<'_>) -> Option<Reference> {
    let band_hz = (si.number_or("f_min", 191.35e12), si.number_or("f_max", 196.1e12));
    let power_dbm = si.number_or("power_dbm", 0.0);
    let carrier = Carrier {
        frequency_hz: band_hz.0,
        baud_rate: si.number_or("baud_rate", 32e9),
        slot_width_hz: si.number_or("spacing", 50e9),
        power_dbm: si.number_of("tx_power_dbm").unwrap_or(power_dbm),
        offset_db: 0.0,
        tx_osnr_db: si.number_or("tx_osnr", 45.0),
    };
    let is_sound = carrier.slot_width_hz > 0.0 && band_hz.0 > 0.0 && band_hz.0 <= band_hz.1;
    if !is_sound {
        si.fault("f_min, f_max and spacing must be above zero and rising");
        return None;
    }
    Some(Reference {
        band_hz,
        power_dbm,
        carrier,
        system_margin_db: si.number_or("sys_margins", 0.0),
        counts_own_band: si.flag_or("use_si_channel_count_for_design", false),
    })
}

fn modes(transceiver: &Place<'_>) -> Vec<TransceiverMode> {
    let mut modes = Vec::new();
    for mode in transceiver.list("mode") {
        let read = || {
            Some(TransceiverMode {
                transceiver: transceiver.text("type_variety").unwrap_or_default().to_owned(),
                name: mode.text("format")?.to_owned(),
                baud_rate: mode.required("baud_rate")?,
                osnr_min_db: mode.required("OSNR")?,
                tx_osnr_db: mode.number_or("tx_osnr", 40.0),
                bit_rate: mode.required("bit_rate")?,
                slot_width_hz: mode.required("min_spacing")?,
                offset_db: mode.number_or("equalization_offset_db", 0.0),
            })
        };
        let read = read();
        if let Some(mode_read) = &read {
            for name in mode.texts("other_name").unwrap_or_default() {
                modes.push(TransceiverMode { name, ..mode_read.clone() });
            }
        }
        modes.extend(read);
    }
    modes
}

fn amplifiers(root: &Place<'_>, configs: &BTreeMap<&str, Value>) -> Vec<AmplifierType> {
    let mut types: Vec<AmplifierType> = Vec::new();
    let entries = root.list("Edfa");
    let is_composite = |entry: &&Place<'_>| entry.text("type_def") == Some("dual_stage");
    for entry in &entries {
        if matches!(entry.text("type_def"), Some("dual_stage" | "multi_band")) {
            continue;
        }
        let names = entry.texts("other_name").unwrap_or_default();
        let Some(own) = entry.text("type_variety") else {
            entry.fault("has no type_variety");
            continue;
        };
        if let Some(kind) = amplifier(entry, configs) {
            let names = names.into_iter().chain([own.to_owned()]);
            types.extend(names.map(|name| AmplifierType { name, ..kind.clone() }));
        }
    }
    let composites: Vec<AmplifierType> = entries
        .iter()
        .filter(is_composite)
        .filter_map(|entry| dual_stage(entry, &types, configs))
        .collect();
    types.extend(composites);
    // Back to the order of the library, which decides between equals.
    let place = |kind: &AmplifierType| {
        entries.iter().position(|entry| entry.text("type_variety") == Some(kind.name.as_str()))
    };
    types.sort_by_key(|kind| place(kind).unwrap_or(usize::MAX));
    types
}

fn amplifier(entry: &Place<'_>, configs: &BTreeMap<&str, Value>) -> Option<AmplifierType> {
    let config = config(entry, configs);
    let (gain_min_db, gain_max_db) = (entry.required("gain_min"), entry.required("gain_flatmax"));
    let power_max_dbm = entry.required("p_max");
    let noise = noise(entry, config.as_ref());
    let (gain_min_db, gain_max_db) = (gain_min_db?, gain_max_db?);
    let stage = Stage { noise: noise?, gain_min_db, gain_max_db };
    Some(assembled(entry, config.as_ref(), vec![stage], gain_max_db, power_max_dbm?))
}

/// The file that an amplifier refers to.
fn config<'a>(entry: &Place<'a>, configs: &'a BTreeMap<&str, Value>) -> Option<Place<'a>> {
    let named = ["advanced_config_from_json", "default_config_from_json"];
    let name = named.iter().find_map(|member| entry.text(member))?;
    let config = configs.get(name);
    if config.is_none() {
        entry.fault(format!("refers to file {name:?}, which was not handed in"));
    }
    Some(Place::new(config?, name, entry.faults))
}

fn assembled(
    entry: &Place<'_>,
    config: Option<&Place<'_>>,
    stages: Vec<Stage>,
    gain_max_db: f64,
    power_max_dbm: f64,
) -> AmplifierType {
    let from_config = |name: &str| config.and_then(|config| config.number_of(name));
    let end = |name: &str, default| entry.number_of(name).or(from_config(name)).unwrap_or(default);
    let mut band = (end("f_min", BAND_HZ.0), end("f_max", BAND_HZ.1));
    if band.0 >= band.1 {
        entry.fault("f_min must be below f_max");
        band = BAND_HZ;
    }
    let curve = |name: &str, default: &[f64]| {
        let values = config.and_then(|config| config.numbers(name));
        let values = values.filter(|values| !values.is_empty());
        Curve::spread(values.as_deref().unwrap_or(default), band.0, band.1)
            .unwrap_or_else(|| Curve::level(0.0))
    };
    AmplifierType {
        name: entry.text("type_variety").unwrap_or_default().to_owned(),
        gain_min_db: entry.number_or("gain_min", 0.0),
        gain_max_db,
        power_max_dbm,
        band,
        gain_ripple: curve("gain_ripple", &[0.0]),
        noise_ripple: curve("nf_ripple", &[0.0]),
        // Where no shape is given, tilt is a straight line.
        tilt_shape: curve("dgt", &[1.0, 2.0]),
        has_automatic_voa: entry.flag_or("out_voa_auto", false),
        is_for_design: entry.flag_or("allowed_for_design", false),
        is_raman: entry.flag_or("raman", false),
        pmd: entry.number_or("pmd", 0.0),
        pdl: entry.number_or("pdl", 0.0),
        stages,
    }
}

fn noise(entry: &Place<'_>, config: Option<&Place<'_>>) -> Option<Noise> {
    match entry.text("type_def").unwrap_or("variable_gain") {
        "variable_gain" => coils(entry),
        "fixed_gain" => Some(Noise::Fixed { nf_db: entry.required("nf0")? }),
        "advanced_model" => {
            let coefficients = config?.numbers("nf_fit_coeff");
            if coefficients.is_none() {
                config?.fault("nf_fit_coeff is missing");
            }
            Some(Noise::Polynomial { coefficients: coefficients? })
        }
        "openroadm" => {
            let coefficients = entry.numbers("nf_coef");
            if coefficients.is_none() {
                entry.fault("nf_coef is missing");
            }
            Some(Noise::OpenRoadm { coefficients: coefficients? })
        }
        "openroadm_preamp" => Some(Noise::OpenRoadmPreamp),
        "openroadm_booster" => Some(Noise::OpenRoadmBooster),
        other => {
            entry.fault(format!("type_def {other:?} is not known"));
            None
        }
    }
}

/// Two coils that have the noise figure `nf_min` at the highest gain and `nf_max` at the lowest.
fn coils(entry: &Place<'_>) -> Option<Noise> {
    let (gain_min, gain_max) = (entry.required("gain_min"), entry.required("gain_flatmax"));
    let (best, worst) = (entry.required("nf_min"), entry.required("nf_max"));
    let (gain_min, gain_max, best, worst) = (gain_min?, gain_max?, best?, worst?);
    let first_gains = |between: f64| (2.0 * gain_min - gain_max - between, gain_max - between);
    let mut between_db = 5.0;
    let (low, high) = first_gains(between_db);
    let mut second_db =
        to_db((from_db(best) - from_db(worst)) / (1.0 / from_db(high) - 1.0 / from_db(low)));
    let first_db = to_db(from_db(best) - from_db(second_db) / from_db(high));
    if second_db.is_nan() || first_db.is_nan() || first_db < 4.0 {
        entry.fault("no pair of coils has these noise figures: revise nf_min and nf_max");
        return None;
    }
    // Coils of one make: the second is somewhat worse than the first.
    if second_db <= first_db + 0.3 || second_db >= first_db + 2.0 {
        second_db = second_db.clamp(first_db + 0.3, first_db + 2.0);
        let high = to_db(from_db(second_db) / (from_db(best) - from_db(first_db)));
        between_db = gain_max - high;
    }
    let (low, high) = first_gains(between_db);
    let figure = |gain: f64| to_db(from_db(first_db) + from_db(second_db) / from_db(gain));
    let is_met = (figure(high) - best).abs() <= 0.01 && (figure(low) - worst).abs() <= 0.01;
    if !is_met || !(1.0..11.0).contains(&between_db) {
        entry.fault("no pair of coils has these noise figures: revise nf_min and nf_max");
        return None;
    }
    Some(Noise::Coils { first_db, second_db, between_db })
}

fn dual_stage(
    entry: &Place<'_>,
    types: &[AmplifierType],
    configs: &BTreeMap<&str, Value>,
) -> Option<AmplifierType> {
    let stage = |member: &str| {
        let name = entry.text(member).unwrap_or_default();
        let found = types.iter().rfind(|kind| kind.name == name);
        if found.is_none() {
            entry.fault(format!("{member} {name:?} is not in the library"));
        }
        found
    };
    let (first, second) = (stage("preamp_variety"), stage("booster_variety"));
    let (first, second) = (first?, second?);
    if entry.number_or("gain_min", 0.0) < first.gain_min_db {
        entry.fault("gain_min is below that of its pre-amplifier");
        return None;
    }
    let stages = first.stages.iter().chain(&second.stages).cloned().collect();
    let gain_max = first.gain_max_db + second.gain_max_db;
    let config = config(entry, configs);
    Some(assembled(entry, config.as_ref(), stages, gain_max, second.power_max_dbm))
}
