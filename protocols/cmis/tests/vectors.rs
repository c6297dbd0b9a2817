//! Images of real module families decode as a widely used switch library decodes them, field by
//! field. The library's output differs from the specification in a few words; what is said here
//! in its words is made from this crate's types.
#![expect(clippy::unwrap_used, reason = "a test says by panicking")]

use std::path::{Path, PathBuf};

use cmis::{Address, DataPathState, Grid, Image, Module, Statistic};
use serde_json::{Map, Value, json};

const PAGES: [u8; 29] = [
    0x00, 0x01, 0x02, 0x04, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26,
    0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x34, 0x35, 0x38, 0x45,
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/cmis")
}

fn load(name: &str) -> Option<Value> {
    let text = std::fs::read_to_string(folder().join(name)).ok()?;
    Some(serde_json::from_str(&text.replace("-Infinity", "\"-Infinity\"")).unwrap())
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|d| u8::from_str_radix(std::str::from_utf8(d).unwrap(), 16).unwrap()).collect()
}

/// Pages that a dump does not hold read as zeros, as they did for the library.
fn image_of(dump: &Value) -> Image {
    let mut image = Image::new();
    image.store(Address::LOWER, &hex(dump["lower"].as_str().unwrap()));
    for page in PAGES {
        image.store(Address::page_of(0, page), &[0; 128]);
    }
    for (page, bytes) in dump["upper"].as_object().unwrap() {
        let page = u8::from_str_radix(page.trim_end_matches('h'), 16).unwrap();
        image.store(Address::page_of(0, page), &hex(bytes.as_str().unwrap()));
    }
    image
}

fn or_na<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or(json!("N/A"), Into::into)
}

fn rounded(value: f64) -> Value {
    json!((value * 1000.0).round() / 1000.0)
}

/// The library's rounding of powers; no power at all is minus infinity there.
fn rounded_dbm(milliwatts: f64) -> Value {
    cmis::dbm(milliwatts).map_or(json!("-Infinity"), rounded)
}

fn per_lane(module: &Module, name: &str, of: impl Fn(&cmis::Lane) -> Value) -> Value {
    let named = module.lanes.iter().map(|lane| (format!("{name}{}", lane.number), of(lane)));
    Value::Object(named.collect())
}

fn lane_list<T: Into<Value>>(module: &Module, of: impl Fn(&cmis::Lane) -> Option<T>) -> Value {
    if module.lanes.is_empty() {
        return json!(vec!["N/A"; 8]);
    }
    module.lanes.iter().map(|lane| or_na(of(lane))).collect()
}

fn status(answer: &mut Map<String, Value>, module: &Module) {
    let flat = module.identity.is_flat;
    let mut put = |key: &str, value: Value| drop(answer.insert(key.to_owned(), value));
    if !flat {
        let apsel = per_lane(module, "ActiveAppSelLane", |lane| json!(lane.config.select));
        put("get_active_apsel_hostlane", apsel);
        let states: Map<_, _> = (module.lanes.iter())
            .map(|lane| (format!("DP{}State", lane.number), json!(lane.state.name())))
            .collect();
        put("get_datapath_state", Value::Object(states));
        let config = per_lane(module, "ConfigStatusLane", |l| json!(l.config_status.name()));
        put("get_config_datapath_hostlane_status", config);
        put("get_dpinit_pending", per_lane(module, "DPInitPending", |l| json!(l.init_pending)));
        put("get_rx_output_status", per_lane(module, "RxOutputStatus", |l| json!(l.rx_output)));
        put("get_tx_output_status", per_lane(module, "TxOutputStatus", |l| json!(l.tx_output)));
    }
    put("get_rx_cdr_lol", lane_list(module, |lane| lane.rx_cdr_lol));
    put("get_rx_los", lane_list(module, |lane| lane.rx_los));
    put("get_tx_cdr_lol", lane_list(module, |lane| lane.tx_cdr_lol));
    put("get_tx_fault", lane_list(module, |lane| lane.tx_fault));
    put("get_tx_los", lane_list(module, |lane| lane.tx_los));
    put("get_rx_power", lane_list(module, |lane| lane.rx_power_mw));
    put("get_tx_power", lane_list(module, |lane| lane.tx_power_mw));
    put("get_tx_bias", lane_list(module, |lane| lane.tx_bias_ma));
    put("get_module_state", json!(module.state.name()));
    let lpmode =
        !flat && module.identity.power_class != 1 && module.state == cmis::ModuleState::LowPwr;
    put("get_lpmode", json!(lpmode));
    let cause = match module.fault_cause.as_str() {
        "no fault detected" => "No Fault detected",
        "TEC runaway" => "TEC runawawy",
        "data memory corrupted" => "Data memory corrupted",
        "program memory corrupted" => "Program memory corrupted",
        _ => "Unknown",
    };
    put("get_module_fault_cause", json!(cause));
}

fn identity(answer: &mut Map<String, Value>, module: &Module, image: &Image) {
    let id = &module.identity;
    let unknown = |word: Option<&str>| json!(word.unwrap_or("Unknown"));
    let mut put = |key: &str, value: Value| drop(answer.insert(key.to_owned(), value));
    put("get_cable_length", json!(id.cable_length_m));
    put("get_cable_length_type", json!("Length Cable Assembly(m)"));
    put("get_cmis_rev", json!(id.cmis.to_string()));
    put("get_connector_type", unknown(id.connector));
    put("get_manufacturer", json!(id.vendor));
    put("get_media_interface_technology", unknown(id.technology));
    put("get_model", json!(id.part_number));
    put("get_serial", json!(id.serial_number));
    put("get_vendor_rev", json!(id.part_revision));
    put("get_module_type", unknown(id.form_factor));
    put("get_module_type_abbreviation", unknown(id.form_factor_short));
    put("get_module_active_firmware", json!(id.firmware.to_string()));
    let hardware = id.hardware.unwrap().to_string();
    put("get_module_hardware_revision", json!(hardware));
    let inactive = (!id.is_flat).then(|| id.firmware_inactive.unwrap().to_string());
    put("get_module_inactive_firmware", or_na(inactive));
    put("is_flat_memory", json!(id.is_flat));
    let code = image.bytes(Address::new(0, 0, 86, 4).unwrap()).to_vec();
    let (host, media) = (cmis::host_interface(code[0]), id.media.interface(code[1]));
    put("get_host_electrical_interface", if id.is_flat { json!("N/A") } else { unknown(host) });
    let media_type = match id.media.code() {
        0 => "Undefined",
        1 => "nm_850_media_interface",
        2 => "sm_media_interface",
        3 => "passive_copper_media_interface",
        4 => "active_cable_media_interface",
        5 => "base_t_media_interface",
        _ => "Unknown",
    };
    put("get_module_media_type", json!(media_type));
    let typed = (1..=5).contains(&id.media.code());
    let media = if typed { unknown(media) } else { json!("Unknown media interface") };
    put("get_module_media_interface", media);
    put("get_host_lane_count", json!(code[2] >> 4));
    put("get_media_lane_count", json!(if id.is_flat { 0 } else { code[2] & 15 }));
    put("get_application_advertisement", applications(module));
}

fn applications(module: &Module) -> Value {
    // The library leaves out what it has no name for.
    let has_name = |it: &&cmis::Application| it.host.is_some() && it.media.is_some();
    let named = module.applications.iter().filter(has_name);
    let entry = |it: &cmis::Application| {
        let mut entry = json!({
            "host_electrical_interface_id": it.host,
            "module_media_interface_id": it.media.unwrap_or("Unknown"),
            "host_lane_count": it.host_lanes,
            "media_lane_count": it.media_lanes,
            "host_lane_assignment_options": it.host_starts,
        });
        if !module.identity.is_flat {
            entry["media_lane_assignment_options"] = json!(it.media_starts);
        }
        (it.select.to_string(), entry)
    };
    Value::Object(named.map(entry).collect())
}

fn monitors(answer: &mut Map<String, Value>, module: &Module, image: &Image) {
    let mut put = |key: &str, value: Value| drop(answer.insert(key.to_owned(), value));
    let monitors = module.monitors;
    put("get_module_temperature", or_na(monitors.map(|it| rounded(it.temperature_c.value))));
    put("get_voltage", or_na(monitors.map(|it| rounded(it.supply_v.value))));
    let at = Address::new(0, 1, 145, 1).unwrap();
    let aux = image.bytes(at)[0];
    let kinds = [aux & 1, aux >> 1 & 1, aux >> 2 & 1];
    put("get_aux_mon_type", if monitors.is_some() { json!(kinds) } else { json!(null) });
    let durations = module.advertisement.as_ref().map(|it| it.durations);
    let millis = |time: Option<std::time::Duration>| {
        json!(time.map_or(0.0, |time| time.as_secs_f64() * 1000.0))
    };
    put("get_datapath_init_duration", millis(durations.and_then(|it| it.init)));
    put("get_datapath_deinit_duration", millis(durations.and_then(|it| it.deinit)));
    put("get_module_pwr_up_duration", millis(durations.and_then(|it| it.power_up)));
    let laser = monitors.and_then(|it| it.laser_temperature_c);
    let limit = |of: fn(cmis::Four<f64>) -> f64| or_na(laser.and_then(|it| it.limits).map(of));
    let temperature = json!({
        "monitor value": or_na(laser.map(|it| it.value)),
        "high alarm": limit(|it| it.high_alarm),
        "low alarm": limit(|it| it.low_alarm),
        "high warn": limit(|it| it.high_warning),
        "low warn": limit(|it| it.low_warning),
    });
    put("get_transceiver_threshold_info", thresholds(module, &temperature));
    put("get_laser_temperature", temperature);
    if let Some(it) = monitors {
        let mut flags = Map::new();
        let [aux_1, aux_2, aux_3] = it.aux.map(|(_, aux)| aux);
        let named = [
            ("case_temp", it.temperature_c),
            ("voltage", it.supply_v),
            ("aux1", aux_1),
            ("aux2", aux_2),
            ("aux3", aux_3),
            ("custom_mon", it.custom),
        ];
        for (name, monitor) in named {
            let words = ["high_alarm", "low_alarm", "high_warn", "low_warn"];
            let four = words.iter().zip(monitor.flags.into_array());
            let four = four.map(|(word, flag)| (format!("{name}_{word}_flag"), json!(flag)));
            flags.insert(format!("{name}_flags"), Value::Object(four.collect()));
        }
        put("get_module_level_flag", Value::Object(flags));
    }
}

fn thresholds(module: &Module, laser: &Value) -> Value {
    let mut out = Map::new();
    let mut four = |name: &str, values: Option<[Value; 4]>| {
        let words = ["highalarm", "lowalarm", "highwarning", "lowwarning"];
        for (nth, word) in words.iter().enumerate() {
            let value = values.as_ref().map_or(json!("N/A"), |values| values[nth].clone());
            out.insert(format!("{name}{word}"), value);
        }
    };
    let limits = |monitor: Option<cmis::Monitor>| {
        monitor.and_then(|it| it.limits).map(|it| it.into_array().map(rounded))
    };
    four("temp", limits(module.monitors.map(|it| it.temperature_c)));
    four("vcc", limits(module.monitors.map(|it| it.supply_v)));
    let lanes = module.lane_limits;
    four("txpower", lanes.map(|it| it.tx_power_mw.into_array().map(rounded_dbm)));
    four("rxpower", lanes.map(|it| it.rx_power_mw.into_array().map(rounded_dbm)));
    four("txbias", lanes.map(|it| it.tx_bias_ma.into_array().map(rounded)));
    if !module.identity.is_flat {
        let words = ["high alarm", "low alarm", "high warn", "low warn"];
        four("lasertemp", Some(words.map(|word| laser[word].clone())));
    }
    Value::Object(out)
}

fn coherent(answer: &mut Map<String, Value>, module: &Module) {
    let mut put = |key: &str, value: Value| drop(answer.insert(key.to_owned(), value));
    put("get_vdm", vdm(module));
    let Some(laser) = module.lasers.first() else {
        put("get_laser_tuning_summary", json!([]));
        put("get_tx_config_power", json!(0.0));
        return;
    };
    put("get_laser_tuning_summary", json!(laser.flags.names()));
    put("get_tx_config_power", json!(laser.target_power_dbm));
    put("get_current_laser_freq", json!(laser.frequency_ghz));
    put("get_freq_grid", laser.grid.map_or(json!(null), |grid| json!(grid.spacing_ghz())));
    if let Some(grid) = laser.grid {
        put("get_laser_config_freq", json!(grid.frequency_ghz(laser.channel)));
    }
    put("get_tuning_in_progress", json!(laser.is_tuning));
    put("get_wavelength_unlocked", json!(laser.is_unlocked));
    let performance = module.performance.unwrap();
    let mut pm = Map::new();
    let mut three = |name: &str, it: Statistic| {
        pm.insert(format!("{name}_avg"), json!(it.average));
        pm.insert(format!("{name}_min"), json!(it.min));
        pm.insert(format!("{name}_max"), json!(it.max));
    };
    let one = Statistic { average: 1.0, min: 1.0, max: 1.0 };
    three("preFEC_BER", performance.fec.bit_error_ratio().unwrap_or(one));
    // The library divides the average by the frames of a sub-interval.
    let fec = performance.fec;
    let mut frames = fec.frame_error_ratio().unwrap_or_default();
    if fec.frames != 0 && fec.frames_sub != 0 {
        frames.average = f64::from(fec.uncorrectable) / f64::from(fec.frames_sub);
    }
    three("preFEC_uncorr_frame_ratio", frames);
    three("rx_cd", performance.cd_ps_nm);
    three("rx_dgd", performance.dgd_ps);
    three("rx_sopmd", performance.sopmd_ps2);
    three("rx_pdl", performance.pdl_db);
    three("rx_osnr", performance.osnr_db);
    three("rx_esnr", performance.esnr_db);
    three("rx_cfo", performance.cfo_mhz);
    three("rx_evm", performance.evm_percent);
    three("tx_power", performance.tx_power_dbm);
    three("rx_power", performance.rx_power_dbm);
    three("rx_sigpwr", performance.rx_signal_dbm);
    three("rx_soproc", performance.sop_krad_s);
    three("rx_mer", performance.mer_db);
    put("get_pm_all", Value::Object(pm));
}

/// The library keeps one entry per name, and a later group replaces the whole entry.
fn vdm(module: &Module) -> Value {
    let mut all = Map::new();
    for group in 0..4 {
        let mut of_group: Map<String, Value> = Map::new();
        for item in module.vdm.iter().filter(|item| item.group == group) {
            let mut row = vec![json!(item.value)];
            row.extend(item.limits.into_array().map(|limit| json!(limit)));
            row.extend(item.flags.into_array().map(|flag| json!(flag)));
            let lanes = of_group.entry(item.observable.name).or_insert(json!({}));
            lanes[item.lane.to_string()] = Value::Array(row);
        }
        all.extend(of_group);
    }
    Value::Object(all)
}

/// What the library would say of an image.
fn answer(image: &Image) -> Map<String, Value> {
    let module = Module::decode(image);
    let mut answer = Map::new();
    identity(&mut answer, &module, image);
    status(&mut answer, &module);
    monitors(&mut answer, &module, image);
    coherent(&mut answer, &module);
    let caps = module.laser_capabilities.as_ref().unwrap();
    let power = caps.power.map_or([0.0, 0.0], |it| [it.min_dbm, it.max_dbm]);
    answer.insert("get_supported_power_config".to_owned(), json!(power));
    let support = image.bytes(Address::new(0, 4, 128, 1).unwrap())[0];
    let range = image.bytes(Address::new(0, 4, 158, 4).unwrap());
    let low = i16::from_be_bytes([range[0], range[1]]);
    let high = i16::from_be_bytes([range[2], range[3]]);
    let at = |channel| Grid::G75.frequency_ghz(channel);
    let config = json!([support, low, high, at(low), at(high)]);
    answer.insert("get_supported_freq_config".to_owned(), config);
    answer
}

fn is_close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-12 + 1e-9 * a.abs().max(b.abs())
}

/// Every place where two values differ.
fn differences(path: &str, expected: &Value, got: &Value, out: &mut Vec<String>) -> usize {
    match (expected, got) {
        (Value::Object(a), Value::Object(b)) => {
            for key in b.keys().filter(|key| !a.contains_key(*key)) {
                out.push(format!("{path}.{key}: only here"));
            }
            let inner = a.iter().map(|(key, value)| {
                let other = b.get(key).unwrap_or(&Value::Null);
                differences(&format!("{path}.{key}"), value, other, out)
            });
            inner.sum()
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b).enumerate();
            pairs.map(|(n, (a, b))| differences(&format!("{path}[{n}]"), a, b, out)).sum()
        }
        _ => {
            let numbers = expected.as_f64().zip(got.as_f64());
            let same = numbers.map_or(expected == got, |(a, b)| is_close(a, b));
            if !same {
                out.push(format!("{path}: expected {expected}, got {got}"));
            }
            1
        }
    }
}

#[test]
fn images_decode_as_the_reference_library_does() {
    let (Some(dumps), Some(expected)) =
        (load("fboss_modules.json"), load("sonic_decode_expected.json"))
    else {
        println!("skipped: no ../shared");
        return;
    };
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (name, expected) in expected.as_object().unwrap() {
        let expected = expected.as_object().unwrap();
        let mut got = answer(&image_of(&dumps[name]));
        // A flat module has no state machine; the library shows the zeros it read instead.
        if got["is_flat_memory"] == json!(true) {
            got.retain(|_, value| *value != json!({}) || value.is_array());
        }
        for (call, expected) in expected {
            let Some(got) = got.get(call) else {
                assert!(is_blank(expected), "{name}.{call}: not decoded, {expected}");
                continue;
            };
            compared += differences(&format!("{name}.{call}"), expected, got, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
    println!("{compared} values equal");
    assert!(compared > 3000, "the comparison reaches the values: {compared}");
}

/// What the library says where there is nothing: zeros read from a flat module's absent pages.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => {
            text == "N/A" || text == "ConfigUndefined" || text == DataPathState::Other(0).name()
        }
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Object(map) => map.values().all(is_blank),
        Value::Array(list) => list.iter().all(is_blank),
        Value::Bool(true) => false,
    }
}

#[test]
fn the_decimal_float_is_the_reference_librarys() {
    let Some(tables) = load("sonic_test_cmisVDM_tables.json") else {
        println!("skipped: no ../shared");
        return;
    };
    for row in tables["test_get_F16"]["rows"].as_array().unwrap() {
        let (raw, expected) = (row[0].as_u64().unwrap(), row[1].as_f64().unwrap());
        assert!(is_close(cmis::f16(raw as u16), expected), "{raw}");
    }
}

/// A dump can be simulated, and what it says of itself stays.
#[test]
fn images_can_be_simulated() {
    let Some(dumps) = load("fboss_modules.json") else {
        println!("skipped: no ../shared");
        return;
    };
    for (name, dump) in dumps.as_object().unwrap() {
        if !name.contains("Cmis") {
            continue;
        }
        let image = image_of(dump);
        let before = Module::decode(&image);
        let mut sim = cmis::sim::Sim::from_image(image, std::time::Duration::ZERO);
        sim.advance(std::time::Duration::from_secs(1));
        let after = Module::decode(sim.image());
        assert_eq!(before.identity, after.identity, "{name}");
        assert_eq!(before.applications, after.applications, "{name}");
        assert_eq!(before.state, after.state, "{name}");
    }
}
