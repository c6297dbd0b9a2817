//! Encodings: tables with the page and byte they come from, and what holds for every value.

use cmis::map::{self, FIELDS};
use cmis::{
    Address, ConfigStatus, DataPathState, Error, Field, Grid, Image, Kind, LaneConfig, Module,
    Observable, PageSelect, f16, to_f16,
};
use proptest::prelude::*;

#[test]
fn numbers_by_register() {
    // Register, bytes, value in its unit. Sources: the byte tables of CMIS 5.x and C-CMIS 1.3.
    let table: &[(Field, &[u8], f64)] = &[
        (map::TEMPERATURE, &[0x2D, 0x80], 45.5), // byte 14, 1/256 °C
        (map::TEMPERATURE, &[0xFF, 0x8E], -0.4453125), // byte 14, below zero
        (map::SUPPLY, &[0x80, 0xE8], 3.3),       // byte 16, 0.1 mV
        (map::POWER_MAX, &[80], 20.0),           // 00h:201, 0.25 W
        (map::WAVELENGTH, &[0x78, 0xEA], 1547.7), // 01h:138, 0.05 nm
        (map::FINE_STEP, &[0x00, 0x64], 0.1),    // 04h:190, 0.001 GHz
        (map::TARGET_POWER_MIN, &[0xFA, 0x24], -15.0), // 04h:198, 0.01 dBm
        (map::TX_POWER, &[0x31, 0x52], 1.2626),  // 11h:154, 0.1 µW
        (map::TX_BIAS, &[0x70, 0x99], 57.65),    // 11h:170, 2 µA
        (map::RX_POWER, &[0x33, 0x6F], 1.3167),  // 11h:186, 0.1 µW
        (map::CHANNEL, &[0xFF, 0xB8], -72.0),    // 12h:136
        (map::FREQUENCY, &[0x0B, 0x82, 0x78, 0xE0], 193_100.0), // 12h:168, 0.001 GHz
        (map::TARGET_POWER, &[0xFC, 0x18], -10.0), // 12h:200, 0.01 dBm
        (map::PM_CD, &[0xFF, 0xFF, 0xFF, 0xFD], -3.0), // 35h:128, ps/nm
        (map::PM_DGD, &[0x00, 0x6D], 1.09),      // 35h:140, 0.01 ps
        (map::PM_SOPMD, &[0x19, 0x64], 65.0),    // 35h:146, 0.01 ps²
        (map::PM_PDL, &[0x00, 0x08], 0.8),       // 35h:152, 0.1 dB
        (map::PM_OSNR, &[0x01, 0x52], 33.8),     // 35h:158, 0.1 dB
        (map::PM_ESNR, &[0x00, 0x9C], 15.6),     // 35h:164, 0.1 dB
        (map::PM_CFO, &[0xFF, 0x88], -120.0),    // 35h:170, MHz
        (map::PM_EVM, &[0xFF, 0xFF], 100.0),     // 35h:176, 100/65535 %
        (map::PM_TX_POWER, &[0xFF, 0x39], -1.99), // 35h:182, 0.01 dBm
        (map::PM_SOP_RATE, &[0x00, 0x04], 4.0),  // 35h:200, krad/s
        (map::PM_MER, &[0x00, 0xA0], 16.0),      // 35h:206, 0.1 dB
    ];
    for (field, bytes, value) in table {
        assert!((field.value(bytes) - value).abs() < 1e-9, "{}", field.name);
        assert_eq!(field.encode(*value).unwrap(), *bytes, "{}", field.name);
    }
}

#[test]
fn values_that_do_not_fit_are_refused() {
    for value in [327.68, -327.69, f64::NAN, f64::INFINITY] {
        let refused = map::TARGET_POWER.encode(value);
        assert!(matches!(refused, Err(Error::Value { unit: "dBm", .. })), "{value}");
    }
    assert_eq!(map::TARGET_POWER.saturate(1e9), 32_767i16.to_be_bytes());
    assert_eq!(map::TARGET_POWER.saturate(f64::NAN), [0, 0]);
}

#[test]
fn decimal_floats() {
    // VDM, CMIS 5.x 8.22.1: bits 15-11 exponent plus 24, bits 10-0 mantissa.
    for (raw, value) in [
        (0x0000, 0.0),
        (0x9200, 5.12e-4), // 512 times 10^-6
        (0x075C, 1.884e-21),
        (0xFFFF, 2.047e10),
        (0xC001, 1.0),
    ] {
        assert!((f16(raw) - value).abs() <= 1e-12 * value, "{raw:04X}: {}", f16(raw));
    }
    assert_eq!((to_f16(-1.0), to_f16(f64::NAN), to_f16(1e99)), (0, 0, 0xFFFF));
}

#[test]
fn channels_by_grid() {
    // CMIS 5.3, table 8-66: grid, channel, GHz.
    let table = [
        (Grid::G3_125, -8, 193_075.0),
        (Grid::G6_25, 1, 193_106.25),
        (Grid::G12_5, 4, 193_150.0),
        (Grid::G25, -1, 193_075.0),
        (Grid::G50, 2, 193_200.0),
        (Grid::G100, -18, 191_300.0),
        (Grid::G33, 3, 193_199.0),
        (Grid::G75, 15, 193_475.0),
        (Grid::G75, -72, 191_300.0),
        (Grid::G75, 120, 196_100.0),
        (Grid::G150, 12, 193_475.0),
        (Grid::G150, 0, 193_175.0),
        (Grid::G150, -6, 193_025.0),
    ];
    for (grid, channel, frequency_ghz) in table {
        assert_eq!(grid.frequency_ghz(channel), frequency_ghz, "{grid}");
        assert_eq!(grid.channel(frequency_ghz), Ok(channel), "{grid}");
    }
    let off = Grid::G100.channel(193_150.0);
    assert!(matches!(off, Err(Error::OffGrid { nearest_ghz, .. }) if nearest_ghz == 193_200.0));
    assert!(matches!(Grid::G75.channel(193_125.0), Err(Error::OffGrid { .. })));
    assert!(matches!(Grid::G150.channel(193_100.0), Err(Error::OffGrid { .. })));
    assert!(matches!(Grid::G3_125.channel(400_000.0), Err(Error::Value { .. })));
}

#[test]
fn every_setting_of_the_legacy_power_range_is_exact() {
    for tenth in -150..=0 {
        let power_dbm = f64::from(tenth) / 10.0;
        let bytes = map::TARGET_POWER.encode(power_dbm).unwrap();
        assert_eq!(bytes, (tenth as i16 * 10).to_be_bytes(), "{power_dbm} dBm");
    }
}

#[test]
fn durations_by_code() {
    // CMIS 5.x, table 8-44; ms by code.
    let table = [1, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 60_000, 300_000, 600_000, 3_000_000];
    for (code, millis) in (0..).zip(table) {
        assert_eq!(cmis::duration_max_ms(code), Some(millis));
        assert_eq!(cmis::to_duration_code(millis), code);
        assert_eq!(cmis::to_duration_code(millis + 1), code + 1);
    }
    assert_eq!((cmis::duration_max_ms(14), cmis::duration_max_ms(15)), (None, None));
}

#[test]
fn texts() {
    // 00h:129 and the other text fields: ASCII, padded with spaces on the right.
    assert_eq!(cmis::to_text::<8>("WEFT"), *b"WEFT    ");
    assert_eq!(cmis::to_text::<2>("long é"), *b"lo");
    assert_eq!(cmis::text(b" WEFT \xFF\x1F  "), " WEFT");
    assert_eq!(cmis::text(&[0; 2]), "\0\0");
}

#[test]
fn ranges_stay_inside_a_memory_half() {
    for (offset, len, fits) in [
        (0, 128, true),
        (0, 129, false),
        (127, 2, false),
        (128, 128, true),
        (255, 2, false),
        (9, 0, false),
    ] {
        assert_eq!(Address::new(0, 0x11, offset, len).is_ok(), fits, "{offset} {len}");
    }
    let lower = Address::new(3, 0x11, 26, 1).unwrap();
    assert_eq!((lower.bank(), lower.page()), (0, 0));
    assert_eq!(Address::new(3, 0x04, 130, 4).unwrap().bank(), 0, "04h has no banks");
    let laser = Address::new(1, 0x12, 136, 2).unwrap();
    assert_eq!(laser.to_string(), "bank 1, 12h:136-137");
}

#[test]
fn a_page_is_selected_once() {
    let mut select = PageSelect::default();
    let page = |bank, page| Address::page_of(bank, page);
    assert_eq!(select.before(Address::LOWER), None);
    assert_eq!(select.before(page(0, 0x11)), Some([0, 0x11]));
    assert_eq!(select.before(page(0, 0x11)), None);
    assert_eq!(select.before(page(1, 0x11)), Some([1, 0x11]));
    assert_eq!(select.before(Address::LOWER), None);
    assert_eq!(select.before(page(1, 0x11)), None);
    select.forget();
    assert_eq!(select.before(page(1, 0x11)), Some([1, 0x11]));
}

#[test]
fn observables_are_found_by_code() {
    let names: Vec<_> = (0..=255).filter_map(Observable::from_code).map(|it| it.code).collect();
    assert_eq!(names.len(), cmis::vdm::OBSERVABLES.len());
    assert!(names.is_sorted());
    assert_eq!(Observable::from_code(139).unwrap().name, "OSNR [dB]");
}

#[test]
fn masks_by_place() {
    let mut image = Image::new();
    let mut put = |page, offset, byte| {
        image.store(Address::new(0, page, offset, 1).unwrap(), &[byte]);
    };
    put(0, 31, 0b1);
    put(0, 32, 0b0100_0001);
    put(0, 34, 0b1000_0010);
    put(0x10, 214, 0b10);
    put(0x10, 229, 0b1);
    put(0x12, 239, 0b100);
    let module = Module::decode(&image);
    let masks = module.masks;
    assert!(masks.state_changed && masks.temperature.high_alarm && masks.supply.high_warning);
    assert!(masks.aux[2].low_alarm && masks.custom.low_warning && !masks.aux[0].high_alarm);
    let (first, second) = (module.lane_masks[0], module.lane_masks[1]);
    assert!(second.tx_fault && !first.tx_fault && first.rx_power.low_alarm);
    assert_eq!(first.laser.names(), ["InvalidChannel"]);
}

fn image_of(seed: &[u8]) -> Image {
    let mut image = Image::new();
    image.store(Address::LOWER, &seed[..128]);
    for (nth, bytes) in (0u8..).zip(seed[128..].chunks_exact(128)) {
        image.store(Address::page_of(nth / 64, nth % 64), bytes);
    }
    image
}

proptest! {
    #[test]
    fn each_register_holds_what_it_reads(
        at in 0..FIELDS.len(),
        raw in any::<[u8; 4]>(),
        lane in 0u8..9,
    ) {
        let field = FIELDS[at];
        let mut bytes = raw[..usize::from(field.kind.size())].to_vec();
        if field.kind == Kind::F16 {
            bytes = to_f16(f16(u16::from_be_bytes([raw[0], raw[1]]))).to_be_bytes().to_vec();
        }
        prop_assert_eq!(&field.encode(field.value(&bytes)).unwrap(), &bytes);
        prop_assert_eq!(&field.saturate(field.value(&bytes)), &bytes);
        let mut image = Image::new();
        image.store(field.address(0, lane), &bytes);
        prop_assert_eq!(field.read(&image, 0, lane), field.value(&bytes));
    }

    #[test]
    fn decimal_floats_keep_three_digits(mantissa in 205u16..2048, exponent in 0u16..32) {
        let value = f16(exponent << 11 | mantissa);
        prop_assert!((f16(to_f16(value)) - value).abs() <= 1e-9 * value);
        let near = value * 1.0007;
        prop_assert!((f16(to_f16(near)) - near).abs() <= 2.5e-3 * near);
    }

    #[test]
    fn each_channel_is_its_frequency(grid in 0u8..9, number in -5000i16..5000) {
        let grid = Grid::from_code(grid).unwrap();
        let step = match grid { Grid::G75 => 3, Grid::G150 => 6, _ => 1 };
        let channel = number / step * step;
        prop_assert_eq!(grid.channel(grid.frequency_ghz(channel)), Ok(channel));
        prop_assert_eq!(Grid::from_spacing_ghz(grid.spacing_ghz()), Some(grid));
    }

    #[test]
    fn codes_survive(code in any::<u8>()) {
        prop_assert_eq!(LaneConfig::from_byte(code).byte(), code);
        prop_assert_eq!(DataPathState::from_code(code & 15).code(), code & 15);
        prop_assert_eq!(ConfigStatus::from_code(code & 15).code(), code & 15);
    }

    #[test]
    fn any_bytes_decode(seed in proptest::collection::vec(any::<u8>(), 128 * 129)) {
        let mut image = image_of(&seed);
        Module::decode(&image);
        // As far as a module can be paged, with VDM and a laser.
        image.store(Address::new(0, 0, 2, 1).unwrap(), &[0]);
        image.store(Address::new(0, 1, 142, 1).unwrap(), &[0xFF]);
        let module = Module::decode(&image);
        prop_assert_eq!(module.lanes.len(), 16);
        for application in &module.applications {
            for lane in 0..=9 {
                let mask = application.host_mask(lane);
                let lanes = u32::from(application.host_lanes);
                prop_assert!(mask.is_none_or(|mask| mask.count_ones() == lanes));
                prop_assert!((1..=8).contains(&application.media_lane(lane)));
            }
        }
    }
}
