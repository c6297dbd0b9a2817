//! Paths as GNPy estimates them, from its own files and from spans made here.
#![expect(clippy::unwrap_used, reason = "files that are there are well formed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use optical::qot::{Additions, Carrier, Equipment, Estimator, Line, Plan, Plant};
use serde_json::{Value, json};

/// The same figure by both, dB.
const SINGLE_DB: f64 = 0.3;
const NETWORK_DB: f64 = 0.5;

fn examples() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("../../../shared/vectors/gnpy/example-data");
    if !folder.is_dir() {
        println!("skipped: no ../shared");
        return None;
    }
    Some(folder)
}

/// A Python that has GNPy: of the checks' environment, or one that is named.
fn python() -> Option<PathBuf> {
    let target = std::env::current_exe().unwrap();
    let folders = target.ancestors().skip(1).take(4);
    let own = folders.flat_map(|f| ["ci-venv", "gnpy-venv"].map(|v| f.join(v).join("bin/python")));
    let candidates = own.chain([PathBuf::from("python3")]);
    let has_it = |python: &PathBuf| {
        let found = Command::new(python).args(["-c", "import gnpy"]).output();
        found.is_ok_and(|output| output.status.success())
    };
    let found = candidates.into_iter().find(has_it);
    if found.is_none() {
        println!("skipped: no gnpy for Python");
    }
    found
}

fn peer(python: &Path, arguments: &[&str]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gnpy_peer.py");
    let output = Command::new(python).arg(script).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn equipment(file: &Path) -> Equipment {
    let mut files = BTreeMap::new();
    for entry in file.parent().unwrap().read_dir().unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if text.contains("nf_ripple") || text.contains("nf_fit_coeff") {
            files.insert(path.file_name().unwrap().to_string_lossy().into_owned(), text);
        }
    }
    let text = std::fs::read_to_string(file).unwrap();
    Equipment::from_gnpy(&text, &files).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn line(equipment: &Equipment, network: &Path) -> Line {
    let text = std::fs::read_to_string(network).unwrap();
    let plant = Plant::from_gnpy(&text, equipment).unwrap_or_else(|faults| panic!("{faults:?}"));
    plant.design(equipment, Additions::Add).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn spectrum(file: &Path) -> Plan {
    let text = std::fs::read_to_string(file).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut carriers = Vec::new();
    for part in document["spectrum"].as_array().unwrap() {
        let number = |name: &str, or: f64| part[name].as_f64().unwrap_or(or);
        let (low, high, width) =
            (number("f_min", 0.0), number("f_max", 0.0), number("slot_width", 0.0));
        for at in 0..=((high - low) / width).floor() as u32 {
            carriers.push(Carrier {
                frequency_hz: low + width * f64::from(at),
                baud_rate: number("baud_rate", 0.0),
                slot_width_hz: width,
                power_dbm: number("tx_power_dbm", 0.0),
                offset_db: number("delta_pdb", 0.0),
                tx_osnr_db: number("tx_osnr", 40.0),
            });
        }
    }
    Plan::new(carriers).unwrap()
}

/// Largest deviation of a figure over all paths and carriers; paths compared.
fn compare(line: &Line, plan: Plan, answers: &[Value]) -> (f64, usize) {
    let estimator = Estimator::new(line, plan);
    let (mut worst, mut count): (f64, usize) = (0.0, 0);
    for answer in answers {
        let names: Vec<&str> =
            answer["elements"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
        let path = line.plant().along(&names).unwrap_or_else(|| panic!("no path {names:?}"));
        if let Some(error) = answer.get("error") {
            assert!(estimator.estimate(&path).is_err(), "GNPy refuses: {error}");
            continue;
        }
        let received = estimator.estimate(&path).unwrap();
        let numbers = |name: &str| -> Vec<f64> {
            answer[name].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect()
        };
        assert_eq!(received.len(), numbers("frequency").len(), "{names:?}");
        let mut check = |name: &str, value: fn(&optical::qot::Received) -> f64| {
            for (own, theirs) in received.iter().map(value).zip(numbers(name)) {
                let deviation = (own - theirs).abs();
                assert!(deviation < NETWORK_DB, "{name}: {own}, GNPy {theirs}, {names:?}");
                worst = worst.max(deviation);
            }
        };
        check("gsnr_01nm", |r| r.gsnr_01nm_db);
        check("gsnr", |r| r.gsnr_db);
        check("osnr_01nm", |r| r.osnr_01nm_db);
        check("nli", |r| r.nli_snr_db);
        check("power", |r| r.power_dbm);
        check("dispersion", |r| r.dispersion_ps_per_nm);
        check("pmd", |r| r.pmd_ps);
        check("latency", |r| r.latency_ms);
        count += 1;
    }
    (worst, count)
}

/// Its own networks end to end, all pairs where there are few. A tolerance of half a decibel is
/// what is promised.
#[test]
fn example_networks() {
    let (Some(folder), Some(python)) = (examples(), python()) else { return };
    let plain = "eqpt_config.json";
    let cases: [(&str, &str, &str, &[&str]); 8] = [
        (plain, "edfa_example_network.json", "-", &[]),
        (plain, "edfa_example_network.json", "initial_spectrum1.json", &[]),
        (plain, "fused_roadm_example_network.json", "-", &[]),
        (plain, "meshTopologyExampleV2.json", "-", &[]),
        (plain, "meshTopologyExampleV2.json", "initial_spectrum1.json", &[]),
        (plain, "meshTopologyExampleV2.json", "initial_spectrum2.json", &[]),
        ("eqpt_config_openroadm_ver4.json", "Sweden_OpenROADMv4_example_network.json", "-", &[]),
        ("eqpt_config_openroadm_ver5.json", "Sweden_OpenROADMv5_example_network.json", "-", &[]),
    ];
    for (library, network, light, ends) in cases {
        let (library, file) = (folder.join(library), folder.join(network));
        let is_own = light == "-";
        let light = if is_own { PathBuf::from("-") } else { folder.join(light) };
        let mut arguments = vec![library.to_str().unwrap(), file.to_str().unwrap()];
        arguments.push(light.to_str().unwrap());
        arguments.extend(ends);
        let answers = peer(&python, &arguments);
        let equipment = equipment(&library);
        let plan = if is_own { equipment.reference().plan().unwrap() } else { spectrum(&light) };
        let (worst, paths) = compare(&line(&equipment, &file), plan, &answers);
        println!("{network} {}: {paths} paths, worst {worst:.4}", light.display());
        assert!(worst < NETWORK_DB);
    }
}

/// A continent and the world with everything added by the design, a sample of long paths.
#[test]
fn designed_networks() {
    let (Some(folder), Some(python)) = (examples(), python()) else { return };
    let library = folder.join("eqpt_config.json");
    let equipment = equipment(&library);
    for name in ["CORONET_Global_Topology.json", "CORONET_CONUS_Topology.json"] {
        let file = folder.join(name);
        let line = line(&equipment, &file);
        let ends: Vec<&str> = line.plant().transceivers().map(|at| line.plant().name(at)).collect();
        let sample: Vec<&str> = ends
            .iter()
            .step_by(9)
            .zip(ends.iter().skip(40).step_by(5))
            .flat_map(|(a, b)| [*a, *b])
            .collect();
        let sample: Vec<&str> =
            sample.chunks(2).filter(|pair| pair[0] != pair[1]).flatten().copied().collect();
        let mut arguments = vec![library.to_str().unwrap(), file.to_str().unwrap(), "-"];
        arguments.extend(&sample);
        let plan = equipment.reference().plan().unwrap();
        let (worst, paths) = compare(&line, plan, &peer(&python, &arguments));
        println!("{name}: {paths} paths, worst {worst:.4}");
        assert!(paths > 0 && worst < NETWORK_DB);
    }
}

/// Single spans of several fibres, lengths, powers and plans.
#[test]
fn single_fibres() {
    let (Some(folder), Some(python)) = (examples(), python()) else { return };
    let library = folder.join("eqpt_config.json");
    let equipment = equipment(&library);
    let scratch = std::env::temp_dir().join(format!("qot-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    let mut worst: f64 = 0.0;
    let cases = [
        ("SSMF", 40.0, 0.2, 0.0, 32e9, 50e9, "std_low_gain"),
        ("SSMF", 100.0, 0.21, 3.0, 64e9, 75e9, "std_medium_gain"),
        ("NZDF", 80.0, 0.22, -3.0, 32e9, 37.5e9, "std_medium_gain"),
        ("NZDF", 120.0, 0.19, 2.0, 44e9, 62.5e9, "high_detail_model_example"),
        ("LOF", 80.0, 0.18, 1.0, 90e9, 100e9, "std_low_gain"),
        ("LOF", 140.0, 0.17, 4.0, 32e9, 50e9, "std_high_gain"),
    ];
    for (fibre, km, loss, dbm, baud, width, amplifier) in cases {
        let network = json!({
            "elements": [
                {"uid": "a", "type": "Transceiver"},
                {"uid": "f", "type": "Fiber", "type_variety": fibre, "params": {
                    "length": km, "loss_coef": loss, "length_units": "km",
                    "con_in": 0.3, "con_out": 0.4}},
                {"uid": "e", "type": "Edfa", "type_variety": amplifier,
                 "operational": {"tilt_target": 0}},
                {"uid": "b", "type": "Transceiver"}],
            "connections": [{"from_node": "a", "to_node": "f"},
                {"from_node": "f", "to_node": "e"}, {"from_node": "e", "to_node": "b"}]});
        let light = json!({"spectrum": [
            {"f_min": 191.4e12, "f_max": 193.1e12, "baud_rate": baud, "slot_width": width,
             "roll_off": 0.15, "tx_osnr": 40, "tx_power_dbm": dbm},
            {"f_min": 193.3e12, "f_max": 195.9e12, "baud_rate": 32e9, "slot_width": 50e9,
             "roll_off": 0.15, "tx_osnr": 38, "tx_power_dbm": dbm - 1.0}]});
        let (network_file, light_file) = (scratch.join("network.json"), scratch.join("light.json"));
        std::fs::write(&network_file, network.to_string()).unwrap();
        std::fs::write(&light_file, light.to_string()).unwrap();
        let arguments = [&library, &network_file, &light_file].map(|f| f.to_str().unwrap());
        let answers = peer(&python, &[&arguments[..], &["a", "b"]].concat());
        let line = line(&equipment, &network_file);
        let (deviation, paths) = compare(&line, spectrum(&light_file), &answers);
        assert_eq!(paths, 1);
        worst = worst.max(deviation);
    }
    std::fs::remove_dir_all(&scratch).unwrap();
    println!("single fibres: worst {worst:.4} dB");
    assert!(worst < SINGLE_DB);
}
