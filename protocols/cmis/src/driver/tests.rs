//! The driver against the simulated module.

use std::collections::VecDeque;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::sim::{Faults, Profile, Sim};
use crate::status::data_path_state;
use crate::{ConfigStatus, DataPathState, Grid, Module, ModuleState};

/// How the bus treats an access.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bus {
    Answers,
    /// The module sees it, the driver hears nothing.
    LosesAnswer,
    /// Nobody sees it.
    LosesAccess,
    /// Another number of bytes comes.
    Truncates,
}

struct Bench {
    driver: Driver,
    sim: Sim,
    now: Duration,
    latency: Duration,
    bus: VecDeque<Bus>,
    writes: Vec<(Address, Vec<u8>)>,
    /// States that host lane 1 was seen in.
    states: Vec<DataPathState>,
    ends: u32,
    /// Whether writes to a busy module are wrong.
    is_strict: bool,
}

impl Bench {
    fn new(profile: &Profile) -> Self {
        Self {
            driver: Driver::new(DriverConfig::default()),
            sim: Sim::new(profile, Duration::ZERO),
            now: Duration::from_secs(1),
            latency: Duration::from_millis(3),
            bus: VecDeque::new(),
            writes: Vec::new(),
            states: Vec::new(),
            ends: 0,
            is_strict: true,
        }
    }

    fn zr() -> Self {
        Self::new(&Profile::coherent_400g("W0001"))
    }

    fn order(&mut self, order: Order) -> Result<Done, Box<Failure>> {
        self.writes.clear();
        self.states.clear();
        let id = u64::from(self.ends) + 100;
        self.driver.handle_input(self.now, Input::Order { id, order }).unwrap();
        self.run(id)
    }

    /// Until the order ends.
    fn run(&mut self, id: u64) -> Result<Done, Box<Failure>> {
        for _ in 0..100_000 {
            match self.driver.poll_output() {
                Some(Output::Access { id, address, write }) => {
                    self.access(id, address, write.as_deref())
                }
                Some(Output::Event(Event::Ended { order, result })) => {
                    assert_eq!(order, id, "an end without its order");
                    assert_eq!(self.driver.order(), None);
                    assert_eq!(self.driver.poll_output(), None, "something after the end");
                    assert_eq!(self.driver.poll_timeout(), None);
                    self.ends += 1;
                    return result;
                }
                Some(Output::Event(Event::Began { order, .. })) => assert_eq!(order, id),
                None => {
                    let (at, why) = self.driver.poll_timeout().expect("an order never hangs");
                    assert!(at >= self.now, "{why}: a deadline in the past");
                    self.now = at;
                    self.driver.handle_timeout(self.now);
                }
            }
        }
        panic!("the order does not end");
    }

    fn access(&mut self, id: u64, address: Address, write: Option<&[u8]>) {
        self.now += self.latency;
        let way = self.bus.pop_front().unwrap_or(Bus::Answers);
        if way == Bus::LosesAccess {
            return;
        }
        let result = match write {
            Some(bytes) => {
                self.check_write(address, bytes);
                self.writes.push((address, bytes.to_vec()));
                self.sim.write(self.now, address, bytes).map(|()| Vec::new())
            }
            None => self.sim.read(self.now, address),
        };
        self.states.push(data_path_state(self.sim.image(), 0, 0));
        if way == Bus::LosesAnswer {
            return;
        }
        let result = result.map_err(|nack| nack.to_string());
        let mut bytes = result.as_deref().map_err(String::as_str);
        if let (Bus::Truncates, Ok(all), None) = (way, bytes, write) {
            bytes = Ok(&all[..all.len() / 2]);
        }
        self.driver.handle_input(self.now, Input::Answer { id, result: bytes }).unwrap();
    }

    /// On a healthy bus to a healthy module nothing is written while anything is under way, but
    /// for what takes lanes down.
    fn check_write(&mut self, address: Address, bytes: &[u8]) {
        if !self.is_strict || self.sim.faults() != Faults::default() {
            return;
        }
        self.sim.advance(self.now);
        let image = self.sim.image();
        let held = image.bytes(DEINIT)[0];
        let takes_down = address == DEINIT && bytes[0] & held == held && bytes[0] != held;
        assert!(takes_down || !step::is_busy(image), "{address} is written while busy");
    }

    fn module(&self) -> Module {
        Module::decode(self.sim.image())
    }

    /// What a host can set.
    fn settings(&self) -> Vec<Vec<u8>> {
        let of = |page, offset, len| {
            self.sim.image().bytes(Address::trusted(0, page, offset, len)).to_vec()
        };
        vec![
            of(0, 26, 1),
            of(0x10, 128, 1),
            of(0x10, 130, 1),
            of(0x10, 145, 8),
            of(0x12, 128, 40),
            of(0x12, 200, 16),
            of(0x11, 206, 8),
        ]
    }
}

fn target(frequency_ghz: f64, power_dbm: f64) -> Order {
    Order::Provision(Target {
        first_host_lane: 1,
        application: Choice::Interfaces { host: 0x11, media: 0x3E },
        frequency: Some(Carrier { frequency_ghz, grid: Some(Grid::G75) }),
        power_dbm: Some(power_dbm),
    })
}

#[test]
fn a_plugged_module_comes_up_where_it_is_told() {
    let mut bench = Bench::zr();
    let done = bench.order(target(193_475.0, -8.0)).unwrap();
    assert_eq!(done, Done { wrote: true, reinitialised: true });
    let module = bench.module();
    assert_eq!(module.state, ModuleState::Ready);
    assert!(module.lanes.iter().all(|lane| lane.state == DataPathState::Activated));
    assert_eq!((module.lasers[0].grid, module.lasers[0].channel), (Some(Grid::G75), 15));
    assert_eq!(bench.sim.frequency_ghz(), 193_475.0);
    assert_eq!(bench.sim.tx_power_dbm(), Some(-8.0));
}

#[test]
fn what_is_so_already_is_not_written() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    let done = bench.order(target(193_475.0, -8.0)).unwrap();
    assert_eq!((done, bench.writes.len()), (Done::default(), 0));
}

#[test]
fn power_alone_leaves_the_data_path_up() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    let done = bench.order(target(193_475.0, -9.37)).unwrap();
    assert_eq!(done, Done { wrote: true, reinitialised: false });
    assert_eq!(
        bench.writes,
        [(Address::trusted(0, 0x12, 200, 2), (-937i16).to_be_bytes().to_vec())]
    );
    assert!(bench.states.iter().all(|state| *state == DataPathState::Activated));
    assert_eq!(bench.sim.tx_power_dbm(), Some(-9.37));
}

#[test]
fn another_frequency_takes_the_data_path_down_and_up() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    assert!(bench.order(target(193_100.0, -8.0)).unwrap().reinitialised);
    assert!(bench.states.contains(&DataPathState::Deactivated));
    assert_eq!(bench.sim.frequency_ghz(), 193_100.0);
}

#[test]
fn the_150_ghz_grid_counts_from_three_steps_up() {
    let mut bench = Bench::new(&Profile::coherent_800g("W0002"));
    let order = Order::Provision(Target {
        first_host_lane: 1,
        application: Choice::Interfaces { host: 0x52, media: 0x6C },
        frequency: Some(Carrier { frequency_ghz: 193_475.0, grid: None }),
        power_dbm: None,
    });
    bench.order(order).unwrap();
    let laser = bench.module().lasers[0];
    assert_eq!((laser.grid, laser.channel), (Some(Grid::G150), 12));
    assert_eq!(bench.sim.frequency_ghz(), 193_475.0);
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_written() {
    let mut bench = Bench::zr();
    let mut refused = |order: Order| {
        let failure = bench.order(order).unwrap_err();
        assert_eq!((failure.undo, bench.writes.len()), (Undo::NotNeeded, 0), "{:?}", failure.error);
        failure.error
    };
    assert!(matches!(refused(target(193_150.0, -8.0)), Error::OffGrid { .. }));
    assert!(matches!(refused(target(200_000.0, -8.0)), Error::OutOfRange { .. }));
    assert!(matches!(refused(target(193_475.0, 0.5)), Error::OutOfRange { .. }));
    assert!(matches!(refused(target(193_475.0, f64::NAN)), Error::OutOfRange { .. }));
    assert!(matches!(refused(target(f64::NAN, -8.0)), Error::Value { .. }));
    let mut with = |first_host_lane, application, grid| {
        let frequency = Some(Carrier { frequency_ghz: 193_100.0, grid: Some(grid) });
        refused(Order::Provision(Target {
            first_host_lane,
            application,
            frequency,
            power_dbm: None,
        }))
    };
    assert!(matches!(with(1, Choice::Keep, Grid::G150), Error::NotOffered { .. }));
    assert!(matches!(with(1, Choice::Select(9), Grid::G75), Error::NotOffered { .. }));
    assert!(matches!(with(2, Choice::Select(1), Grid::G75), Error::NotOffered { .. }));
    assert!(matches!(with(0, Choice::Keep, Grid::G75), Error::OutOfRange { .. }));
    assert!(matches!(with(9, Choice::Keep, Grid::G75), Error::OutOfRange { .. }));
}

#[test]
fn a_refused_configuration_is_undone() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    let before = bench.settings();
    let reject = Some(ConfigStatus::InvalidSi);
    bench.sim.set_faults(bench.now, Faults { reject, ..Faults::default() });
    // The module refuses the way back too, until the fault ends.
    let failure = bench.order(target(193_100.0, -9.0)).unwrap_err();
    assert!(matches!(failure.error, Error::ConfigRefused { lane: 1, .. }), "{failure:?}");
    assert!(matches!(failure.undo, Undo::Incomplete { .. }), "{failure:?}");
    bench.sim.set_faults(bench.now, Faults::default());
    bench.order(target(193_475.0, -8.0)).unwrap();
    assert_eq!(bench.settings(), before);
}

#[test]
fn a_failed_power_step_restores_the_frequency() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    let before = bench.settings();
    let id = 7;
    let input = Input::Order { id, order: target(193_100.0, -9.0) };
    bench.driver.handle_input(bench.now, input).unwrap();
    // The third write of the order is the one of the power; the module does not take it.
    let mut written = 0;
    let failure = loop {
        match bench.driver.poll_output() {
            Some(Output::Access { id, address, write }) => {
                let power = address == Address::trusted(0, 0x12, 200, 2) && write.is_some();
                if power && written < 3 {
                    written += 1;
                    let result = Err("not acknowledged");
                    let answer = Input::Answer { id, result };
                    bench.driver.handle_input(bench.now, answer).unwrap();
                } else {
                    bench.access(id, address, write.as_deref());
                }
            }
            Some(Output::Event(Event::Ended { result, .. })) => break result.unwrap_err(),
            Some(Output::Event(_)) => {}
            None => {
                bench.now = bench.driver.poll_timeout().unwrap().0;
                bench.driver.handle_timeout(bench.now);
            }
        }
    };
    assert!(matches!(failure.error, Error::NotAcknowledged { attempts: 3, .. }), "{failure:?}");
    assert_eq!((failure.step, failure.undo), ("set the output power", Undo::Complete));
    assert_eq!(bench.settings(), before);
    assert_eq!(bench.sim.frequency_ghz(), 193_475.0);
    assert_eq!(bench.module().lanes[0].state, DataPathState::Activated);
}

#[test]
fn a_module_that_is_occupied_for_a_moment_is_asked_again() {
    let mut bench = Bench::zr();
    bench.sim.set_faults(bench.now, Faults { nack_writes: 2, nack_reads: 2, ..Faults::default() });
    bench.order(target(193_475.0, -8.0)).unwrap();
}

#[test]
fn a_dead_module_is_told_of() {
    let mut bench = Bench::zr();
    bench.sim.set_faults(bench.now, Faults { nack_reads: u32::MAX, ..Faults::default() });
    let failure = bench.order(target(193_475.0, -8.0)).unwrap_err();
    assert!(matches!(failure.error, Error::NotAcknowledged { .. }), "{failure:?}");
    assert_eq!(failure.undo, Undo::NotNeeded);
}

#[test]
fn writes_without_effect_are_found_by_reading_back() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    bench.sim.set_faults(bench.now, Faults { deaf: true, ..Faults::default() });
    let failure = bench.order(target(193_475.0, -9.0)).unwrap_err();
    assert!(matches!(failure.error, Error::Verify { .. }), "{failure:?}");
}

#[test]
fn a_stuck_data_path_runs_into_its_advertised_time() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    let began = bench.now;
    bench.sim.set_faults(bench.now, Faults { stuck_data_path: true, ..Faults::default() });
    let failure = bench.order(target(193_100.0, -8.0)).unwrap_err();
    assert!(matches!(failure.error, Error::TimedOut { millis: 6_500, .. }), "{failure:?}");
    assert!(matches!(failure.undo, Undo::Incomplete { .. }), "{failure:?}");
    assert!(bench.now - began < Duration::from_secs(20));
}

#[test]
fn a_laser_that_does_not_lock_is_told_of() {
    let mut bench = Bench::zr();
    bench.sim.set_faults(bench.now, Faults { laser_out_of_tune: true, ..Faults::default() });
    let failure = bench.order(target(193_475.0, -8.0)).unwrap_err();
    assert_eq!(failure.step, "wait until the laser stands");
    assert_eq!(failure.undo, Undo::Complete);
    assert_eq!(bench.module().state, ModuleState::LowPwr);
}

#[test]
fn a_fault_state_ends_what_waits() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    bench.sim.set_faults(bench.now, Faults { module_fault: Some(1), ..Faults::default() });
    let failure = bench.order(target(193_100.0, -8.0)).unwrap_err();
    assert_eq!(failure.error, Error::Fault { cause: "TEC runaway".to_owned() });
    assert_eq!(failure.undo, Undo::NotNeeded);
}

#[test]
fn a_busy_module_is_waited_for() {
    let mut bench = Bench::zr();
    // Somebody else has just woken it up: its default data path initialises.
    bench.sim.write(bench.now, Address::trusted(0, 0, 26, 1), &[0]).unwrap();
    bench.now += Duration::from_secs(5);
    bench.sim.advance(bench.now);
    assert!(bench.module().lanes[0].state.is_transient());
    bench.order(target(193_475.0, -8.0)).unwrap();
    let transient = bench.states.iter().position(|state| !state.is_transient()).unwrap();
    assert!(transient > 1, "it was busy for several looks");
    assert_eq!(bench.sim.frequency_ghz(), 193_475.0);
}

#[test]
fn down_low_and_reset() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    bench.order(Order::Deactivate { first_host_lane: 1 }).unwrap();
    let module = bench.module();
    assert!(module.lanes.iter().all(|lane| lane.state == DataPathState::Deactivated));
    assert_eq!((bench.sim.tx_power_dbm(), module.state), (None, ModuleState::Ready));
    bench.order(target(193_475.0, -8.0)).unwrap();
    assert_eq!(bench.sim.tx_power_dbm(), Some(-8.0));
    bench.order(Order::LowPower).unwrap();
    assert_eq!(bench.module().state, ModuleState::LowPwr);
    bench.order(target(193_475.0, -8.0)).unwrap();
    bench.order(Order::Reset).unwrap();
    assert_eq!(bench.module().state, ModuleState::LowPwr);
    assert_eq!(bench.module().lasers[0].target_power_dbm, -10.0);
}

#[test]
fn lanes_are_shared_by_applications_that_fit() {
    let mut bench = Bench::zr();
    let half = |first_host_lane| {
        Order::Provision(Target {
            first_host_lane,
            application: Choice::Select(3),
            frequency: None,
            power_dbm: None,
        })
    };
    bench.order(half(1)).unwrap();
    let lanes = bench.module().lanes;
    let up = |lane: &&crate::Lane| lane.state == DataPathState::Activated;
    assert_eq!(lanes.iter().filter(up).count(), 4);
    let failure = bench.order(target(193_475.0, -8.0));
    assert!(failure.is_ok(), "the same first lane may change its application: {failure:?}");
    let failure = bench.order(half(5)).unwrap_err();
    assert!(matches!(failure.error, Error::NotOffered { .. }), "{failure:?}");
    bench.order(Order::Deactivate { first_host_lane: 1 }).unwrap();
}

#[test]
fn receiver_outputs_are_set_on_a_running_data_path() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    let output =
        RxOutput { first_host_lane: 1, pre_cursor: Some(3), post_cursor: None, amplitude: Some(2) };
    let done = bench.order(Order::RxOutput(output)).unwrap();
    assert_eq!(done, Done { wrote: true, reinitialised: false });
    assert!(bench.states.iter().all(|state| *state == DataPathState::Activated));
    let active = bench.sim.image().bytes(Address::trusted(0, 0x11, 223, 4));
    assert_eq!(active, [0x33; 4], "the active set has the pre-cursor");
    assert!(bench.module().lanes[0].config.is_explicit);
    let too_much = RxOutput { pre_cursor: Some(8), ..output };
    let failure = bench.order(Order::RxOutput(too_much)).unwrap_err();
    assert!(matches!(failure.error, Error::OutOfRange { .. }), "{failure:?}");
}

#[test]
fn an_observation_holds_what_belongs_together() {
    let mut bench = Bench::zr();
    bench.order(Order::Survey).unwrap();
    bench.order(target(193_475.0, -8.0)).unwrap();
    let physics = crate::sim::Physics { osnr_db: 27.3, pre_fec_ber: 2e-3, ..bench.sim.physics() };
    bench.sim.set_physics(bench.now, physics);
    // The interval that began before the change is ended by the first observation.
    bench.order(Order::Observe).unwrap();
    bench.now += Duration::from_secs(10);
    let done = bench.order(Order::Observe).unwrap();
    assert_eq!(done, Done::default());
    let module = Module::decode(bench.driver.image());
    let value = |code| module.vdm.iter().find(|it| it.observable.code == code).unwrap().value;
    assert_eq!((value(139), value(15), value(143)), (27.3, 2e-3, -8.0));
    let performance = module.performance.unwrap();
    assert_eq!(performance.osnr_db.average, 27.3);
    assert!((performance.fec.bit_error_ratio().unwrap().average - 2e-3).abs() < 1e-9);
    assert_eq!(bench.sim.image().bytes(crate::vdm::FREEZE_STATUS), [0x40]);
}

#[test]
fn a_cancelled_order_is_undone() {
    let mut bench = Bench::zr();
    bench.order(target(193_475.0, -8.0)).unwrap();
    let before = bench.settings();
    let input = Input::Order { id: 9, order: target(193_100.0, -9.0) };
    bench.driver.handle_input(bench.now, input).unwrap();
    while bench.module().lanes[0].state != DataPathState::Init {
        match bench.driver.poll_output() {
            Some(Output::Access { id, address, write }) => {
                bench.access(id, address, write.as_deref())
            }
            Some(Output::Event(_)) => {}
            None => {
                bench.now = bench.driver.poll_timeout().unwrap().0;
                bench.driver.handle_timeout(bench.now);
            }
        }
    }
    bench.driver.handle_input(bench.now, Input::Cancel).unwrap();
    let failure = bench.run(9).unwrap_err();
    assert_eq!((failure.error, failure.undo), (Error::Cancelled, Undo::Complete));
    assert_eq!(bench.settings(), before);
    assert_eq!(bench.sim.frequency_ghz(), 193_475.0);
}

#[test]
fn what_is_no_cmis_module_is_not_written() {
    let dumped = |identifier: u8, revision: u8, flags: u8| {
        let mut image = Profile::coherent_400g("W0003").image();
        image.store(Address::trusted(0, 0, 0, 3), &[identifier, revision, flags]);
        let mut bench = Bench::zr();
        bench.sim = Sim::from_image(image, Duration::ZERO);
        let failure = bench.order(target(193_475.0, -8.0)).unwrap_err();
        assert_eq!((failure.undo, bench.writes.len()), (Undo::NotNeeded, 0));
        failure.error.to_string()
    };
    assert!(dumped(0x11, 0x52, 0).contains("byte 0 is 11h"), "a QSFP28 has other registers");
    assert!(dumped(0x18, 0x30, 0).contains("revision 3.0"));
    assert!(dumped(0x18, 0x52, 0x80).contains("flat"));
}

#[test]
fn strangers_change_nothing() {
    let mut bench = Bench::zr();
    let stray = Input::Answer { id: 77, result: Ok(&[]) };
    assert_eq!(bench.driver.handle_input(bench.now, stray), Err(Error::Stray { id: 77 }));
    let order = || Input::Order { id: 1, order: Order::Survey };
    bench.driver.handle_input(bench.now, order()).unwrap();
    assert_eq!(bench.driver.handle_input(bench.now, order()), Err(Error::Occupied));
    bench.run(1).unwrap();
}

fn any_order() -> impl Strategy<Value = Order> {
    let grid = prop_oneof![Just(None), Just(Some(Grid::G75)), Just(Some(Grid::G100))];
    let choice = prop_oneof![
        Just(Choice::Keep),
        (0u8..6).prop_map(Choice::Select),
        Just(Choice::Interfaces { host: 0x11, media: 0x46 }),
    ];
    let carrier = (-30i32..50, grid).prop_map(|(steps, grid)| Carrier {
        frequency_ghz: 193_100.0 + 75.0 * f64::from(steps),
        grid,
    });
    let provision = (0u8..10, choice, proptest::option::of(carrier), -16.0..1.0f64).prop_map(
        |(first_host_lane, application, frequency, power)| {
            let power_dbm = Some((power * 10.0).round() / 10.0);
            Order::Provision(Target { first_host_lane, application, frequency, power_dbm })
        },
    );
    let output = (0u8..10, proptest::option::of(0u8..9), proptest::option::of(0u8..5)).prop_map(
        |(first_host_lane, pre_cursor, amplitude)| {
            let post_cursor = pre_cursor;
            Order::RxOutput(RxOutput { first_host_lane, pre_cursor, post_cursor, amplitude })
        },
    );
    prop_oneof![
        6 => provision,
        1 => output,
        1 => (0u8..10).prop_map(|first_host_lane| Order::Deactivate { first_host_lane }),
        1 => Just(Order::LowPower),
        1 => Just(Order::Observe),
        1 => Just(Order::Survey),
        1 => Just(Order::Reset),
    ]
}

fn any_faults() -> impl Strategy<Value = Faults> {
    let rare = || proptest::bool::weighted(0.1);
    let few = || prop_oneof![4 => Just(0u32), 1 => 1u32..6];
    let reject = proptest::option::weighted(0.1, Just(ConfigStatus::Rejected));
    (rare(), rare(), few(), few(), rare(), reject, rare()).prop_map(
        |(module, path, nack_writes, nack_reads, deaf, reject, out_of_tune)| Faults {
            stuck_module: module,
            stuck_data_path: path,
            nack_writes,
            nack_reads,
            deaf,
            reject,
            laser_out_of_tune: out_of_tune,
            ..Faults::default()
        },
    )
}

fn any_bus() -> impl Strategy<Value = Bus> {
    prop_oneof![
        20 => Just(Bus::Answers),
        1 => Just(Bus::LosesAnswer),
        1 => Just(Bus::LosesAccess),
        1 => Just(Bus::Truncates),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever module and bus do: an order ends once and in time; an end that says that nothing
    /// was written or that all was undone says the truth; success means what was asked for.
    #[test]
    fn nothing_is_left_half_said(
        orders in proptest::collection::vec((any_order(), any_faults()), 1..5),
        bus in proptest::collection::vec(any_bus(), 0..200),
        pace in 0u16..256,
        latency in 0u64..200,
    ) {
        let mut bench = Bench::zr();
        bench.sim.set_pace(pace);
        // A write is repeated when its answer is lost, and may be what the module is at.
        bench.is_strict = bus.iter().all(|way| *way == Bus::Answers);
        bench.latency = Duration::from_millis(latency);
        bench.bus = bus.into();
        for (order, faults) in orders {
            bench.sim.set_faults(bench.now, faults);
            let (before, began) = (bench.settings(), bench.now);
            let result = bench.order(order.clone());
            prop_assert!(bench.now - began < Duration::from_secs(1500));
            match result.map_err(|failure| *failure) {
                Ok(done) => {
                    // Reading the pages of VDM is no configuration.
                    if !done.wrote && order != Order::Observe {
                        prop_assert!(bench.writes.is_empty());
                    }
                    if let Order::Provision(target) = &order {
                        provisioned(&bench, target)?;
                    }
                }
                Err(Failure { undo: Undo::NotNeeded, .. }) => {
                    prop_assert!(bench.writes.is_empty());
                }
                Err(failure @ Failure { undo: Undo::Complete, .. }) if !faults.deaf => {
                    prop_assert_eq!(bench.settings(), before, "{:?}", failure);
                }
                Err(Failure { undo: Undo::Complete | Undo::Incomplete { .. }, .. }) => {}
            }
        }
        // Once nothing is wrong, the module comes to where it is told.
        bench.sim.set_faults(bench.now, Faults::default());
        bench.bus.clear();
        // A reset whose answer was lost may still be under way.
        bench.now += Duration::from_secs(5);
        let _ = bench.order(Order::Deactivate { first_host_lane: 1 });
        let _ = bench.order(Order::Deactivate { first_host_lane: 5 });
        let result = bench.order(Order::Reset);
        prop_assert!(result.is_ok(), "{:?}", result);
        let result = bench.order(target(193_475.0, -8.0));
        prop_assert!(result.is_ok(), "{:?}", result);
        prop_assert_eq!(bench.sim.frequency_ghz(), 193_475.0);
    }

    /// Any bytes decode, and a driver says something of any of them.
    #[test]
    fn no_bytes_confuse_the_driver(
        mut seed in proptest::collection::vec(any::<u8>(), 128 * 20),
        is_cmis in proptest::bool::weighted(0.9),
        order in any_order(),
    ) {
        if is_cmis {
            seed[..3].copy_from_slice(&[0x18, 0x50, 0]);
        }
        // The longest time that can be advertised is 100 minutes.
        let look_every = Duration::from_secs(60);
        let mut driver = Driver::new(DriverConfig { look_every, ..DriverConfig::default() });
        let mut now = Duration::ZERO;
        driver.handle_input(now, Input::Order { id: 1, order }).unwrap();
        for step in 0usize..20_000 {
            match driver.poll_output() {
                Some(Output::Access { id, address, write }) => {
                    let changing = if address.page() == 0 { 0 } else { step % 3 };
                    let at = (usize::from(address.page()) * 7 + changing) % 19 * 128;
                    let bytes = &seed[at..at + usize::from(address.len())];
                    let bytes = if write.is_some() { &[] } else { bytes };
                    driver.handle_input(now, Input::Answer { id, result: Ok(bytes) }).unwrap();
                }
                Some(Output::Event(Event::Ended { .. })) => return Ok(()),
                Some(Output::Event(Event::Began { .. })) => {}
                None => {
                    now = driver.poll_timeout().unwrap().0;
                    driver.handle_timeout(now);
                }
            }
        }
        prop_assert!(false, "the order does not end");
    }
}

fn provisioned(bench: &Bench, target: &Target) -> Result<(), TestCaseError> {
    let module = bench.module();
    let lane = usize::from(target.first_host_lane - 1);
    prop_assert_eq!(module.lanes[lane].state, DataPathState::Activated);
    let laser = module.lasers[0];
    if let Some(carrier) = target.frequency {
        prop_assert_eq!(bench.sim.frequency_ghz(), carrier.frequency_ghz);
    }
    if let Some(power) = target.power_dbm {
        prop_assert!((laser.target_power_dbm - power).abs() < 1e-9);
    }
    Ok(())
}
