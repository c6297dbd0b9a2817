//! The simulated module by itself.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{FEC_PAGE, Module};

const fn at(page: u8, offset: u8, len: u8) -> Address {
    Address::trusted(0, page, offset, len)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Awake, with its default application up.
fn awake() -> (Sim, Duration) {
    let mut sim = Sim::new(&Profile::coherent_400g("W0001"), Duration::ZERO);
    sim.write(secs(1), at(0, 26, 1), &[0]).unwrap();
    let now = secs(120);
    sim.advance(now);
    (sim, now)
}

fn state(sim: &Sim) -> DataPathState {
    sim.lane_state(0)
}

#[test]
fn it_says_who_it_is() {
    let sim = Sim::new(&Profile::coherent_400g("W0001"), Duration::ZERO);
    let module = Module::decode(sim.image());
    assert_eq!(module.identity.vendor, "WEFT");
    assert_eq!(module.identity.serial_number, "W0001");
    assert_eq!(module.identity.cmis.to_string(), "5.2");
    assert_eq!(module.identity.technology, Some("C-band tunable laser"));
    assert_eq!(module.bad_checksums, Vec::<u8>::new());
    assert_eq!(module.applications.len(), 4);
    assert_eq!(module.applications[0].media, Some("400ZR, DWDM, amplified"));
    let laser = module.laser_capabilities.unwrap();
    let range = laser.range(crate::Grid::G75).unwrap();
    assert_eq!(range.frequencies_ghz(), (191_300.0, 196_100.0));
    assert_eq!(laser.power.unwrap().min_dbm, -15.0);
    assert_eq!(module.vdm.len(), 16);
}

#[test]
fn it_takes_its_time() {
    let mut sim = Sim::new(&Profile::coherent_400g("W0001"), Duration::ZERO);
    sim.set_pace(256);
    assert_eq!(sim.module_state(), ModuleState::LowPwr);
    sim.write(secs(1), at(0, 26, 1), &[0]).unwrap();
    assert_eq!(sim.module_state(), ModuleState::PwrUp);
    sim.advance(Duration::from_millis(10_999));
    assert_eq!(sim.module_state(), ModuleState::PwrUp);
    sim.advance(secs(11));
    assert_eq!((sim.module_state(), state(&sim)), (ModuleState::Ready, DataPathState::Init));
    assert_eq!(sim.next_change(), Some(secs(71)));
    sim.advance(secs(71));
    assert_eq!(state(&sim), DataPathState::TxTurnOn);
    sim.advance(secs(72));
    assert_eq!(state(&sim), DataPathState::Activated);
    assert_eq!(sim.next_change(), None);
    sim.write(secs(73), at(0, 26, 1), &[1 << 4]).unwrap();
    assert_eq!(state(&sim), DataPathState::TxTurnOff);
    sim.advance(secs(90));
    assert_eq!(
        (sim.module_state(), state(&sim)),
        (ModuleState::LowPwr, DataPathState::Deactivated)
    );
}

#[test]
fn one_step_of_time_is_as_good_as_many() {
    let wake = || {
        let mut sim = Sim::new(&Profile::coherent_400g("W0001"), Duration::ZERO);
        sim.write(secs(1), at(0, 26, 1), &[0]).unwrap();
        sim
    };
    let (mut one, mut many) = (wake(), wake());
    one.advance(secs(30));
    (1..=300).for_each(|tenth| many.advance(Duration::from_millis(tenth * 100)));
    assert_eq!(one.image(), many.image());
}

#[test]
fn each_wrong_configuration_has_its_status() {
    let (mut sim, began) = awake();
    let mut now = began;
    let mut status = |sim: &mut Sim, staged: [u8; 8], lanes: u8| {
        sim.write(now, at(0x10, 145, 8), &staged).unwrap();
        sim.write(now, at(0x10, 143, 1), &[lanes]).unwrap();
        assert_eq!(crate::status::config_status(sim.image(), 0, 0), ConfigStatus::InProgress);
        assert_eq!(sim.image().bytes(at(0x10, 143, 1)), [0], "the trigger falls");
        now += secs(60);
        sim.advance(now);
        crate::status::config_status(sim.image(), 0, 0)
    };
    assert_eq!(status(&mut sim, [0xF0; 8], 0xFF), ConfigStatus::InvalidAppSel);
    assert_eq!(status(&mut sim, [0x12; 8], 0xFF), ConfigStatus::InvalidDataPath);
    assert_eq!(status(&mut sim, [0x10; 8], 0x0F), ConfigStatus::PartialDataPath);
    assert_eq!(status(&mut sim, [0x30; 8], 0x0F), ConfigStatus::LaneInUse);
    sim.write(began, at(0x10, 162, 4), &[0xFF; 4]).unwrap();
    assert_eq!(status(&mut sim, [0x11; 8], 0xFF), ConfigStatus::InvalidSi);
    sim.write(began, at(0x10, 162, 4), &[0x11; 4]).unwrap();
    assert_eq!(status(&mut sim, [0x11; 8], 0xFF), ConfigStatus::Success);
    assert_eq!(status(&mut sim, [0x20; 8], 0xFF), ConfigStatus::Success);
    assert_eq!(state(&sim), DataPathState::Activated, "it went down and came up by itself");
    assert_eq!(sim.active(0).select, 2);
}

#[test]
fn flags_stay_until_they_are_read() {
    let (mut sim, now) = awake();
    sim.read(now, Address::page_of(0, 0x11)).unwrap();
    let physics = sim.physics();
    sim.set_physics(now, Physics { rx_power_dbm: -35.0, ..physics });
    sim.set_physics(now, physics);
    assert_eq!(sim.read(now, at(0x11, 147, 1)).unwrap(), [1], "light was lost");
    assert_eq!(sim.read(now, at(0x11, 147, 1)).unwrap(), [0], "and is back");
    sim.set_physics(now, Physics { temperature_c: 81.0, ..physics });
    assert_eq!(sim.read(now, at(0, 9, 1)).unwrap(), [0b0101], "high alarm and high warning");
    assert_eq!(sim.read(now, at(0, 9, 1)).unwrap(), [0b0101], "it is still hot");
    assert_eq!(sim.image().bytes(at(0, 14, 2)), [81, 0]);
}

#[test]
fn without_light_there_is_no_signal() {
    let (mut sim, now) = awake();
    sim.set_faults(now, Faults { loss_of_signal: true, ..Faults::default() });
    let module = Module::decode(sim.image());
    assert_eq!((module.lanes[0].rx_los, module.lanes[0].rx_output), (Some(true), false));
    let value = |code| module.vdm.iter().find(|it| it.observable.code == code).unwrap();
    assert_eq!((value(139).value, value(15).value, value(144).value), (0.0, 0.5, -40.0));
    assert!(value(15).flags.high_alarm && value(139).flags.low_alarm);
    assert!(module.lanes[0].tx_output, "the other direction goes on");
}

#[test]
fn what_is_read_only_stays() {
    let (mut sim, now) = awake();
    let before = sim.image().clone();
    for address in [at(0, 0, 3), at(0, 129, 8), at(1, 144, 1), at(4, 198, 4), at(0x11, 128, 8)] {
        sim.write(now, address, &vec![0x5A; usize::from(address.len())]).unwrap();
    }
    assert_eq!(sim.image(), &before);
    let long = sim.write(now, at(0x10, 145, 9), &[0; 9]);
    assert_eq!(long, Err(Nack::Length(9)));
}

#[test]
fn a_laser_keeps_what_it_can_do() {
    let (mut sim, now) = awake();
    sim.read(now, Address::page_of(0, 0x12)).unwrap();
    sim.write(now, at(0x12, 200, 2), &500i16.to_be_bytes()).unwrap();
    assert_eq!(sim.read(now, at(0x12, 231, 1)).unwrap(), [LaserFlags::POWER_OUT_OF_RANGE]);
    assert_eq!(sim.tx_power_dbm(), Some(-10.0));
    sim.write(now, at(0x12, 136, 2), &3000i16.to_be_bytes()).unwrap();
    let flags = LaserFlags::INVALID_CHANNEL | LaserFlags::NOT_ACCEPTED;
    assert_eq!(sim.read(now, at(0x12, 231, 1)).unwrap(), [flags]);
    assert_eq!(sim.frequency_ghz(), 193_100.0);
}

#[test]
fn statistics_are_held_and_begin_anew() {
    let (mut sim, now) = awake();
    sim.write(now, vdm::FREEZE, &[vdm::FROZEN]).unwrap();
    assert_eq!(sim.read(now, vdm::FREEZE_STATUS).unwrap(), [0]);
    let now = now + FREEZE_TIME;
    assert_eq!(sim.read(now, vdm::FREEZE_STATUS).unwrap(), [vdm::FROZEN]);
    let before = sim.read(now, Address::page_of(0, FEC_PAGE)).unwrap();
    let physics = Physics { osnr_db: 20.0, ..sim.physics() };
    sim.set_physics(now, physics);
    let now = now + secs(10);
    assert_eq!(sim.read(now, Address::page_of(0, FEC_PAGE)).unwrap(), before);
    sim.write(now, vdm::FREEZE, &[0]).unwrap();
    let now = now + secs(5);
    sim.advance(now);
    let osnr = Module::decode(sim.image()).performance.unwrap().osnr_db;
    assert_eq!((osnr.min, osnr.max), (20.0, 20.0));
}

#[test]
fn a_reset_is_not_acknowledged_and_leads_to_the_start() {
    let (mut sim, now) = awake();
    sim.write(now, at(0x12, 200, 2), &(-500i16).to_be_bytes()).unwrap();
    sim.write(now, at(0, 26, 1), &[1 << 3]).unwrap();
    assert_eq!(sim.read(now, Address::LOWER), Err(Nack::Restarting));
    sim.advance(now + secs(3));
    assert_eq!(sim.module_state(), ModuleState::LowPwr);
    assert_eq!(sim.image().bytes(at(0x12, 200, 2)), (-1000i16).to_be_bytes());
}

#[test]
fn a_fault_state_is_left_by_a_reset_only() {
    let (mut sim, now) = awake();
    sim.set_faults(now, Faults { module_fault: Some(2), ..Faults::default() });
    sim.set_faults(now, Faults::default());
    sim.advance(now + secs(100));
    assert_eq!(sim.module_state(), ModuleState::Fault);
    assert_eq!(state(&sim), DataPathState::Deactivated);
    sim.write(now + secs(100), at(0, 26, 1), &[1 << 3]).unwrap();
    sim.advance(now + secs(200));
    assert_eq!(sim.module_state(), ModuleState::LowPwr);
}

#[test]
fn time_does_not_go_back() {
    let (mut sim, now) = awake();
    let before = sim.image().clone();
    sim.advance(secs(0));
    assert_eq!(sim.image(), &before);
    sim.advance(now + Duration::from_secs(u64::from(u32::MAX)));
}

proptest! {
    /// Any image can be simulated, and any access on it has an answer.
    #[test]
    fn no_bytes_and_no_access_break_it(
        seed in proptest::collection::vec(any::<u8>(), 128),
        accesses in proptest::collection::vec(
            (0u64..100_000, any::<u8>(), any::<u8>(), 1u16..9, any::<bool>()), 0..60),
    ) {
        let mut image = Image::new();
        image.store(Address::LOWER, &seed);
        for page in 0..=0x35u8 {
            let turned: Vec<u8> = seed.iter().map(|byte| byte.rotate_left(page.into())).collect();
            image.store(Address::page_of(0, page), &turned);
        }
        let mut sim = Sim::from_image(image, Duration::ZERO);
        for (millis, page, offset, len, is_write) in accesses {
            let Ok(address) = Address::new(0, page % 0x36, offset, len) else { continue };
            let now = Duration::from_millis(millis);
            if is_write {
                let _ = sim.write(now, address, &seed[..usize::from(address.len())]);
            } else {
                let _ = sim.read(now, address);
            }
        }
        Module::decode(sim.image());
    }
}
