//! The elements of a network and their wires.

use std::collections::BTreeMap;

use super::equipment::{roadm, target};
use super::reader::{Faults, Place, parse};
use crate::qot::Fault;
use crate::qot::decibel::{Curve, LIGHT_M_PER_S};
use crate::qot::equipment::{Equipment, FibreType};
use crate::qot::fibre::{Dispersion, Fibre, Glass, REFERENCE_HZ};
use crate::qot::plant::{Amplifier, ELEMENTS_MAX, Kind, Plant};

/// Of standard fibre, where the library says nothing: s/m² and m².
const DISPERSION: f64 = 1.67e-5;
const EFFECTIVE_AREA: f64 = 83e-12;
const NONLINEAR_INDEX: f64 = 2.6e-20;
/// Loss of a splice that does not say its own, dB.
const FUSED_LOSS_DB: f64 = 1.0;

impl Plant {
    /// Reads a network in GNPy's format. Members that are not known, such as `metadata`, are
    /// passed over.
    ///
    /// # Errors
    /// With all faults, each with its path in the document.
    pub fn from_gnpy(text: &str, equipment: &Equipment) -> Result<Self, Vec<Fault>> {
        let document = parse("network", text)?;
        let faults = Faults::default();
        let plant = read(&Place::new(&document, "", &faults), equipment);
        faults.into_result(Some(plant))
    }
}

fn read(root: &Place<'_>, equipment: &Equipment) -> Plant {
    let mut plant = Plant::default();
    let mut numbers = BTreeMap::new();
    let entries = root.list("elements");
    if entries.is_empty() || entries.len() > ELEMENTS_MAX {
        root.fault(format!("elements: 1 to {ELEMENTS_MAX} are taken"));
        return plant;
    }
    for entry in entries {
        let Some(name) = entry.text("uid") else {
            entry.fault("has no uid");
            continue;
        };
        let Some(kind) = kind(&entry, equipment) else { continue };
        let number = plant.add(name.to_owned(), kind);
        if numbers.insert(name.to_owned(), number).is_some() {
            entry.fault(format!("uid {name:?} is there twice"));
        }
    }
    for wire in root.list("connections") {
        let end = |member: &str| {
            let name = wire.text(member).unwrap_or_default();
            let number = numbers.get(name).copied();
            if number.is_none() {
                wire.fault(format!("{member} {name:?} is not an element"));
            }
            number
        };
        if let (Some(from), Some(to)) = (end("from_node"), end("to_node")) {
            plant.connect(from, to);
        }
    }
    plant
}

fn kind(entry: &Place<'_>, equipment: &Equipment) -> Option<Kind> {
    match entry.text("type").unwrap_or_default() {
        "Transceiver" => Some(Kind::Transceiver),
        "Fused" => {
            let params = entry.member("params");
            let loss = params.and_then(|params| params.number_of("loss"));
            Some(Kind::Fused(loss.unwrap_or(FUSED_LOSS_DB)))
        }
        "Fiber" => fibre(entry, equipment).map(Kind::Fibre),
        "Roadm" => {
            let name = entry.text("type_variety").unwrap_or("default");
            let Some(kind) = equipment.roadms.get(name) else {
                entry.fault(format!("ROADM type {name:?} is not in the library"));
                return None;
            };
            let params = entry.member("params");
            let Some(params) = params else { return Some(Kind::Roadm(kind.clone())) };
            let target = target(&params).unwrap_or(kind.target);
            Some(Kind::Roadm(roadm(&params, target, Some(kind))))
        }
        "Edfa" => amplifier(entry, equipment).map(Kind::Amplifier),
        other @ ("RamanFiber" | "Multiband_amplifier") => {
            entry.fault(format!("{other} is not supported: describe it as Fiber and Edfa"));
            None
        }
        other => {
            entry.fault(format!("type {other:?} is not known"));
            None
        }
    }
}

fn amplifier(entry: &Place<'_>, equipment: &Equipment) -> Option<Amplifier> {
    let name = entry.text("type_variety").filter(|name| *name != "default");
    let kind = name.map(|name| equipment.amplifier(name).cloned());
    if let Some(None) = kind {
        entry.fault(format!("amplifier type {:?} is not in the library", name.unwrap_or("")));
        return None;
    }
    let operational = entry.member("operational");
    let set = |member: &str| operational.as_ref().and_then(|set| set.number_of(member));
    Some(Amplifier {
        kind: kind.flatten(),
        varieties: entry.texts("variety_list").unwrap_or_default(),
        gain_db: set("gain_target"),
        power_deviation_db: set("delta_p"),
        tilt_db: set("tilt_target"),
        voa_out_db: set("out_voa"),
        voa_in_db: set("in_voa").unwrap_or(0.0),
    })
}

fn fibre(entry: &Place<'_>, equipment: &Equipment) -> Option<Fibre> {
    let name = entry.text("type_variety").unwrap_or("default");
    let Some(kind) = equipment.fibres.get(name) else {
        entry.fault(format!("fibre type {name:?} is not in the library"));
        return None;
    };
    let Some(params) = entry.member("params") else {
        entry.fault("params are missing");
        return None;
    };
    let unit = match params.text("length_units") {
        Some("km") => 1e3,
        Some("m") => 1.0,
        other => {
            params.fault(format!("length_units {other:?}: m and km are known"));
            return None;
        }
    };
    let length_m = params.required("length")? * unit;
    let glass = glass(&params, kind)?;
    let lumped = |loss: &Place<'_>| {
        let position = loss.required("position")? * 1e3;
        if position <= 0.0 || position >= length_m {
            loss.fault("position must be within the fibre, in km");
        }
        Some((position, loss.required("loss")?))
    };
    let fibre = Fibre {
        glass,
        length_m,
        attenuation_in_db: params.number_or("att_in", 0.0),
        connector_in_db: params.number_of("con_in"),
        connector_out_db: params.number_of("con_out"),
        pmd_coefficient: params.number_of("pmd_coef").unwrap_or(kind.pmd_coefficient),
        lumped_losses: params.list("lumped_losses").iter().filter_map(lumped).collect(),
    };
    if fibre.length_m <= 0.0 {
        params.fault("length must be above zero");
        return None;
    }
    Some(fibre)
}

fn glass(params: &Place<'_>, kind: &FibreType) -> Option<Glass> {
    let wavelength = params.number_of("ref_wavelength").map(|metres| LIGHT_M_PER_S / metres);
    let reference_hz = wavelength.or(params.number_of("ref_frequency")).unwrap_or(REFERENCE_HZ);
    let loss = params.member("loss_coef");
    let loss_db_per_m = match &loss {
        Some(table) if table.is_object() => curve(table, 1e-3),
        Some(value) => value.number().map(|loss| Curve::level(loss * 1e-3)),
        None => {
            params.fault("loss_coef is missing");
            None
        }
    }?;
    let table = params.member("dispersion_per_frequency");
    let value = params.number_of("dispersion").or(kind.dispersion).unwrap_or(DISPERSION);
    let slope = params.number_of("dispersion_slope");
    let dispersion = match (table, slope) {
        (Some(table), _) => Dispersion::Table(curve(&table, 1.0)?),
        (None, Some(slope)) => Dispersion::Slope { value, slope },
        (None, None) => Dispersion::Value(value),
    };
    let by_gamma = |gamma: f64| {
        2.0 * std::f64::consts::PI * NONLINEAR_INDEX * reference_hz / (LIGHT_M_PER_S * gamma)
    };
    let gamma = params.number_of("gamma").or(kind.gamma).map(by_gamma);
    let area = params.number_of("effective_area").or(kind.effective_area).or(gamma);
    let effective_area = area.unwrap_or(EFFECTIVE_AREA);
    let is_sound = loss_db_per_m.at(reference_hz) > 0.0
        && reference_hz > 0.0
        && (1e-12..1e-8).contains(&effective_area);
    if !is_sound {
        params.fault("loss, reference frequency and effective area must be above zero");
        return None;
    }
    Some(Glass { loss_db_per_m, dispersion, effective_area, reference_hz })
}

fn curve(table: &Place<'_>, scale: f64) -> Option<Curve> {
    let (values, at) = (table.numbers("value")?, table.numbers("frequency")?);
    if values.len() != at.len() {
        table.fault("has not as many values as frequencies");
        return None;
    }
    let curve = Curve::through(at.into_iter().zip(values.iter().map(|v| v * scale)).collect());
    if curve.is_none() {
        table.fault("has no values");
    }
    curve
}
