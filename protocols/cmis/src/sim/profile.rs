//! What a simulated module says of itself: the pages that never change.

use std::time::Duration;

use crate::application::{APPLICATIONS_MAX, Application};
use crate::encoding::{to_duration_code, to_text};
use crate::identity::{checksum, to_cable_length};
use crate::map::{self, Field};
use crate::monitor::{Four, to_limits};
use crate::vdm::{self, Observable};
use crate::{Address, Grid, GridRange, Image, MediaType, PowerRange, Revision};

/// One application of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileApplication {
    /// SFF-8024 host interface code.
    pub host: u8,
    /// SFF-8024 media interface code.
    pub media: u8,
    /// Host lanes of an instance, 1 to 8.
    pub host_lanes: u8,
    /// Media lanes of an instance, 1 to 8.
    pub media_lanes: u8,
    /// Host lanes it may start on, bit 0 for lane 1.
    pub host_starts: u8,
    /// Media lanes it may start on, bit 0 for lane 1.
    pub media_starts: u8,
}

/// A kind of module.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// SFF-8024 identifier; 18h for QSFP-DD.
    pub identifier: u8,
    /// Revision of CMIS.
    pub cmis: Revision,
    /// Vendor, up to 16 signs.
    pub vendor: String,
    /// Part number, up to 16 signs.
    pub part_number: String,
    /// Serial number, up to 16 signs.
    pub serial_number: String,
    /// Date, YYMMDD and two signs of a lot.
    pub date: String,
    /// Running firmware.
    pub firmware: Revision,
    /// Hardware.
    pub hardware: Revision,
    /// Greatest power consumption, W.
    pub power_max_w: f64,
    /// Fibre.
    pub media: MediaType,
    /// Up to 15 applications.
    pub applications: Vec<ProfileApplication>,
    /// Grids of the laser.
    pub grids: Vec<GridRange>,
    /// Target powers of the laser.
    pub power: PowerRange,
    /// Target power after a reset, dBm.
    pub power_default_dbm: f64,
    /// Longest times, as advertised.
    pub timing: Timing,
    /// Whether the pin LPMode is held: the module starts in low power.
    pub low_power_pin: bool,
}

/// Longest times of the state machines, ms. Each is advertised as the next longer code there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// ModulePwrUp.
    pub power_up_ms: u32,
    /// ModulePwrDn.
    pub power_down_ms: u32,
    /// DPInit, with the tuning of the laser.
    pub init_ms: u32,
    /// DPDeinit.
    pub deinit_ms: u32,
    /// DPTxTurnOn.
    pub tx_on_ms: u32,
    /// DPTxTurnOff.
    pub tx_off_ms: u32,
}

impl Timing {
    /// The longest times that an image advertises; a minute where the code is reserved.
    pub fn of(image: &Image) -> Self {
        let durations = crate::Advertisement::decode(image).map(|it| it.durations);
        let millis = |time: Option<Option<Duration>>| {
            time.flatten().map_or(60_000, |it| it.as_millis() as u32)
        };
        Self {
            power_up_ms: millis(durations.map(|it| it.power_up)),
            power_down_ms: millis(durations.map(|it| it.power_down)),
            init_ms: millis(durations.map(|it| it.init)),
            deinit_ms: millis(durations.map(|it| it.deinit)),
            tx_on_ms: millis(durations.map(|it| it.tx_turn_on)),
            tx_off_ms: millis(durations.map(|it| it.tx_turn_off)),
        }
    }
}

impl Profile {
    /// A 400G coherent module in QSFP-DD: 400ZR and OpenZR+ from 400G down to 100G, C-band from
    /// 191.3 to 196.1 THz on the 75 and 100 GHz grids and the finer ones, -15 to 0 dBm.
    pub fn coherent_400g(serial_number: &str) -> Self {
        let one = |host, media, host_lanes, host_starts| ProfileApplication {
            host,
            media,
            host_lanes,
            media_lanes: 1,
            host_starts,
            media_starts: 1,
        };
        Self {
            identifier: 0x18,
            cmis: Revision { major: 5, minor: 2 },
            vendor: "WEFT".to_owned(),
            part_number: "SIM-400ZR-QDD".to_owned(),
            serial_number: serial_number.to_owned(),
            date: "26010100".to_owned(),
            firmware: Revision { major: 1, minor: 0 },
            hardware: Revision { major: 1, minor: 0 },
            power_max_w: 20.0,
            media: MediaType::SingleMode,
            applications: vec![
                one(0x11, 0x3E, 8, 0x01),
                one(0x11, 0x46, 8, 0x01),
                one(0x0F, 0x48, 4, 0x11),
                one(0x0D, 0x49, 2, 0x55),
            ],
            grids: c_band(),
            power: PowerRange { min_dbm: -15.0, max_dbm: 0.0 },
            power_default_dbm: -10.0,
            timing: Timing {
                power_up_ms: 10_000,
                power_down_ms: 5_000,
                init_ms: 60_000,
                deinit_ms: 5_000,
                tx_on_ms: 1_000,
                tx_off_ms: 500,
            },
            low_power_pin: true,
        }
    }

    /// An 800G coherent module in OSFP: 800ZR on the 150 GHz grid, 400ZR beside it.
    pub fn coherent_800g(serial_number: &str) -> Self {
        let mut profile = Self::coherent_400g(serial_number);
        profile.identifier = 0x19;
        profile.cmis = Revision { major: 5, minor: 3 };
        profile.part_number = "SIM-800ZR-OSFP".to_owned();
        profile.power_max_w = 30.0;
        profile.applications.insert(
            0,
            ProfileApplication {
                host: 0x52,
                media: 0x6C,
                host_lanes: 8,
                media_lanes: 1,
                host_starts: 1,
                media_starts: 1,
            },
        );
        profile.grids.push(GridRange { grid: Grid::G150, low: -72, high: 114 });
        profile
    }

    /// The pages of a module of this kind as it is after power on, states aside.
    pub fn image(&self) -> Image {
        let mut image = Image::new();
        image.store(Address::LOWER, &[]);
        for page in [0, 1, 2, 4, 0x10, 0x11, 0x12, 0x34, 0x35, vdm::CONTROL, vdm::FLAGS] {
            image.store(Address::page_of(0, page), &[]);
        }
        self.identity(&mut image);
        self.advertisement(&mut image);
        self.applications(&mut image);
        limits(&mut image);
        self.laser(&mut image);
        observables(&mut image);
        checksums(&mut image);
        image
    }

    fn identity(&self, image: &mut Image) {
        let mut put = |page, offset, bytes: &[u8]| store(image, page, offset, bytes);
        put(0, 0, &[self.identifier, self.cmis.major << 4 | self.cmis.minor & 0xF, 0]);
        put(0, 26, &[1 << 6]);
        put(0, 39, &[self.firmware.major, self.firmware.minor]);
        put(0, 85, &[self.media.code()]);
        put(0, 128, &[self.identifier]);
        put(0, 129, &to_text::<16>(&self.vendor));
        put(0, 148, &to_text::<16>(&self.part_number));
        put(0, 164, &to_text::<2>("01"));
        put(0, 166, &to_text::<16>(&self.serial_number));
        put(0, 182, &to_text::<8>(&self.date));
        put(0, 190, &to_text::<10>(""));
        put(0, 200, &[7 << 5]);
        put(0, 201, &map::POWER_MAX.saturate(self.power_max_w));
        put(0, 202, &[to_cable_length(0.0)]);
        put(0, 203, &[0x07]);
        put(0, 212, &[0x10]);
        put(1, 128, &[self.firmware.major, self.firmware.minor]);
        put(1, 130, &[self.hardware.major, self.hardware.minor]);
    }

    fn advertisement(&self, image: &mut Image) {
        let mut put = |offset, bytes: &[u8]| store(image, 1, offset, bytes);
        let times = self.timing;
        let pair = |high, low| to_duration_code(high) << 4 | to_duration_code(low);
        put(138, &map::WAVELENGTH.saturate(1547.715));
        put(140, &map::WAVELENGTH_TOLERANCE.saturate(166.0));
        // VDM, no diagnostics, one bank.
        put(142, &[1 << 6]);
        put(144, &[pair(times.deinit_ms, times.init_ms)]);
        // Auxiliary monitors: cooler current, laser temperature, a second supply.
        put(145, &[0b001]);
        // Amplitudes 0 to 3, cursors up to 7.
        put(153, &[0xF0, 0x77]);
        // Tunable, transmitter and receiver outputs can be disabled.
        put(155, &[1 << 6 | 1 << 1, 1 << 1]);
        // Fault, loss of signal and of lock on both sides.
        put(157, &[0b0111, 0b0110]);
        // Temperature, supply and auxiliary monitors; lane monitors with bias times four.
        put(159, &[0b1_1111, 0b1_0111]);
        put(162, &[0b1_1101]);
        put(167, &[pair(times.power_down_ms, times.power_up_ms)]);
        put(168, &[pair(times.tx_off_ms, times.tx_on_ms)]);
    }

    fn applications(&self, image: &mut Image) {
        for select in 1..=8 {
            image.store(Application::address(select), &[0xFF, 0, 0, 0]);
        }
        for (select, it) in (1..=APPLICATIONS_MAX).zip(&self.applications) {
            let lanes = it.host_lanes << 4 | it.media_lanes & 0xF;
            let bytes = [it.host, it.media, lanes, it.host_starts];
            image.store(Application::address(select), &bytes);
            store(image, 1, 175 + select, &[it.media_starts]);
        }
    }

    fn laser(&self, image: &mut Image) {
        for range in &self.grids {
            let (byte, bit) = range.grid.support_bit();
            let support = image.u8(0, 4, byte) | 1 << bit;
            store(image, 4, byte, &[support]);
            let at = range.grid.range_offset();
            store(image, 4, at, &range.low.to_be_bytes());
            store(image, 4, at + 2, &range.high.to_be_bytes());
        }
        let mut put = |field: Field, value: f64| {
            image.store(field.address(0, 0), &field.saturate(value));
        };
        put(map::TARGET_POWER_MIN, self.power.min_dbm);
        put(map::TARGET_POWER_MAX, self.power.max_dbm);
        put(map::TARGET_POWER, self.power_default_dbm);
        put(map::FREQUENCY, Grid::G75.frequency_ghz(0));
        store(image, 4, 196, &[1 << 7]);
        store(image, 0x12, 128, &[Grid::G75.code() << 4]);
    }
}

fn store(image: &mut Image, page: u8, offset: u8, bytes: &[u8]) {
    image.store(Address::trusted(0, page, offset, bytes.len() as u8), bytes);
}

/// 191.3 to 196.1 THz on every grid that counts it.
fn c_band() -> Vec<GridRange> {
    let (low_ghz, high_ghz) = (191_300.0, 196_100.0);
    let grids = [Grid::G6_25, Grid::G12_5, Grid::G25, Grid::G50, Grid::G100, Grid::G75];
    let range = |grid: Grid| {
        let channel = |ghz: f64| grid.channel(ghz).ok();
        Some(GridRange { grid, low: channel(low_ghz)?, high: channel(high_ghz)? })
    };
    grids.into_iter().filter_map(range).collect()
}

fn limits(image: &mut Image) {
    let mut put = |field: Field, four: [f64; 4]| {
        let bytes = to_limits(field, Four::from_array(four));
        image.store(Address::trusted(0, field.page, field.offset, 8), &bytes);
    };
    put(map::TEMPERATURE_LIMITS, [80.0, -5.0, 75.0, 0.0]);
    put(map::SUPPLY_LIMITS, [3.465, 3.135, 3.432, 3.168]);
    put(map::AUX_2_LIMITS, [75.0, 10.0, 70.0, 15.0].map(|it| it * 256.0));
    put(map::TX_POWER_LIMITS, [2.0, -18.0, 0.0, -16.0].map(crate::milliwatts));
    put(map::TX_BIAS_LIMITS, [500.0, 0.0, 450.0, 0.0].map(|it| it / 4.0));
    put(map::RX_POWER_LIMITS, [5.0, -28.0, 2.0, -23.0].map(crate::milliwatts));
}

/// What VDM of a simulated module shows, with its limits: high alarm, low alarm, high warning, low
/// warning. All on lane 1, in group 0, each with a set of limits of its own.
pub(super) const OBSERVED: [(u8, [f64; 4]); 16] = [
    (4, [75.0, 10.0, 70.0, 15.0]),
    (15, [1.25e-2, 0.0, 1e-2, 0.0]),
    (23, [1e-6, 0.0, 1e-9, 0.0]),
    (134, [2400.0, -2400.0, 2000.0, -2000.0]),
    (136, [28.0, 0.0, 25.0, 0.0]),
    (137, [300.0, 0.0, 250.0, 0.0]),
    (138, [3.5, 0.0, 3.0, 0.0]),
    (139, [99.0, 24.0, 99.0, 26.0]),
    (140, [99.0, 12.0, 99.0, 13.0]),
    (141, [3600.0, -3600.0, 3000.0, -3000.0]),
    (142, [30.0, 0.0, 28.0, 0.0]),
    (143, [2.0, -18.0, 0.0, -16.0]),
    (144, [5.0, -28.0, 2.0, -23.0]),
    (145, [5.0, -28.0, 2.0, -23.0]),
    (146, [100.0, 0.0, 50.0, 0.0]),
    (147, [99.0, 0.0, 99.0, 0.0]),
];

fn observables(image: &mut Image) {
    for page in [vdm::DESCRIPTORS, vdm::VALUES, vdm::LIMITS] {
        image.store(Address::page_of(0, page), &[]);
    }
    for (index, (code, four)) in (0u8..).zip(OBSERVED) {
        let descriptor = [index << 4, code];
        image.store(vdm::item_address(0, vdm::DESCRIPTORS, index), &descriptor);
        let Some(observable) = Observable::from_code(code) else { continue };
        let bytes: Vec<u8> = four.iter().flat_map(|limit| observable.bytes(*limit)).collect();
        store(image, vdm::LIMITS, 128 + 8 * index, &bytes);
    }
    image.store(vdm::FREEZE_STATUS, &[vdm::UNFROZEN]);
}

/// The last bytes of 00h, 01h, 02h and 04h.
fn checksums(image: &mut Image) {
    for (page, from, len, at) in [(0, 128, 94, 222), (1, 130, 125, 255), (2, 128, 127, 255)]
        .into_iter()
        .chain([(4, 128, 127, 255)])
    {
        let sum = checksum(image.bytes(Address::trusted(0, page, from, len)));
        store(image, page, at, &[sum]);
    }
}
