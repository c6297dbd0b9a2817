//! A simulated module: registers in, registers out, with the state machines, their times and the
//! faults of a real one.
//!
//! ```
//! use std::time::Duration;
//! use cmis::sim::{Profile, Sim};
//! use cmis::{Address, Module};
//!
//! let mut sim = Sim::new(&Profile::coherent_400g("W0001"), Duration::ZERO);
//! let now = Duration::from_secs(1);
//! let head = sim.read(now, Address::LOWER)?;
//! assert_eq!(head[3] >> 1 & 7, 1); // ModuleLowPwr, as LPMode is held
//! sim.write(now, Address::new(0, 0, 26, 1)?, &[0])?;
//! sim.advance(now + Duration::from_secs(60));
//! assert_eq!(Module::decode(sim.image()).state.name(), "ModuleReady");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod config;
mod lanes;
mod physics;
mod profile;
#[cfg(test)]
mod tests;

use std::time::Duration;

use thiserror::Error;

pub use physics::{LOS_DBM, Physics};
pub use profile::{Profile, ProfileApplication, Timing};

use self::physics::{Interval, Measured};
use crate::map::{CHANNEL, FREQUENCY, TARGET_POWER};
use crate::module::ModuleControl;
use crate::{
    Address, ConfigStatus, DataPathState, Image, LANES, Laser, LaserCapabilities, LaserFlags,
    ModuleState, vdm,
};

const LANE_COUNT: usize = LANES as usize;

/// Why an access was not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Nack {
    /// The module is restarting.
    #[error("the module restarts")]
    Restarting,
    /// A fault is switched on.
    #[error("not acknowledged")]
    Fault,
    /// Longer than a module has to take, or not as long as the address says.
    #[error("a write of {0} bytes")]
    Length(usize),
}

/// Faults to switch. Each may be on or off at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// The module's state stays where it is.
    pub stuck_module: bool,
    /// States of data paths stay where they are.
    pub stuck_data_path: bool,
    /// This many writes to come are not acknowledged.
    pub nack_writes: u32,
    /// This many reads to come are not acknowledged.
    pub nack_reads: u32,
    /// Writes are acknowledged and without effect.
    pub deaf: bool,
    /// Every configuration is refused with this status.
    pub reject: Option<ConfigStatus>,
    /// The laser does not lock.
    pub laser_out_of_tune: bool,
    /// No light comes in.
    pub loss_of_signal: bool,
    /// The transmitter fails.
    pub tx_fault: bool,
    /// The module goes to its fault state, with this cause in byte 41.
    pub module_fault: Option<u8>,
}

/// The simulated module.
#[derive(Debug, Clone)]
pub struct Sim {
    image: Image,
    /// What a reset leads back to.
    factory: Image,
    timing: Timing,
    /// How much of its longest times the module takes, in 1/256.
    pace: u16,
    low_power_pin: bool,
    physics: Physics,
    faults: Faults,
    now: Duration,
    /// When the module's state changes next.
    module_until: Option<Duration>,
    restarts_until: Option<Duration>,
    /// When the state of the data path that starts on a host lane changes next.
    lane_until: [Option<Duration>; LANE_COUNT],
    config: Option<config::Pending>,
    laser_until: [Option<Duration>; LANE_COUNT],
    /// When a freeze or its end is done.
    freeze_until: Option<Duration>,
    interval: Interval,
    sampled: Duration,
    /// Power that the laser of media lane 1 obeys, dBm.
    power_dbm: f64,
}

/// Time that a configuration is looked at.
const CONFIG_TIME: Duration = Duration::from_millis(50);
/// Time that a freeze takes.
const FREEZE_TIME: Duration = Duration::from_millis(10);
/// Time that a restart takes.
const RESTART_TIME: Duration = Duration::from_millis(2000);
/// Time between samples of statistics.
const SAMPLE_EVERY: Duration = Duration::from_secs(1);
/// Most samples taken for one step of time; a longer step counts the rest as one.
const SAMPLES_MAX: u32 = 60;
/// Most changes of state in one step of time.
const CHANGES_MAX: u32 = 256;

impl Sim {
    /// A module that was just plugged.
    pub fn new(profile: &Profile, now: Duration) -> Self {
        let mut sim = Self::from_image(profile.image(), now);
        sim.timing = profile.timing;
        sim.low_power_pin = profile.low_power_pin;
        sim.power_on(now);
        sim
    }

    /// A module that says of itself what an image says, in the states that it shows. What it takes
    /// of its time is what the image advertises. Where it shows low power that only the pin LPMode
    /// can explain, the pin is taken as held.
    pub fn from_image(image: Image, now: Duration) -> Self {
        let control = ModuleControl::from_byte(image.u8(0, 0, 26));
        let is_low = ModuleState::decode(&image) == ModuleState::LowPwr;
        Self {
            power_dbm: TARGET_POWER.read(&image, 0, 0),
            timing: Timing::of(&image),
            factory: image.clone(),
            image,
            pace: 64,
            low_power_pin: is_low && control.low_power_allow_hardware,
            physics: Physics::default(),
            faults: Faults::default(),
            now,
            module_until: None,
            restarts_until: None,
            lane_until: [None; LANE_COUNT],
            config: None,
            laser_until: [None; LANE_COUNT],
            freeze_until: None,
            interval: Interval::default(),
            sampled: now,
        }
    }

    /// How much of its longest times the module takes, in 1/256: 64 at first.
    pub fn set_pace(&mut self, pace: u16) {
        self.pace = pace.min(256);
    }

    /// What reaches the module from now on.
    pub fn set_physics(&mut self, now: Duration, physics: Physics) {
        self.advance(now);
        self.physics = physics;
        self.measure();
    }

    /// What reaches the module.
    pub fn physics(&self) -> Physics {
        self.physics
    }

    /// Switches faults.
    pub fn set_faults(&mut self, now: Duration, faults: Faults) {
        self.advance(now);
        self.faults = faults;
        if let Some(cause) = faults.module_fault {
            self.put(Address::trusted(0, 0, 41, 1), &[cause]);
            self.enter_module(ModuleState::Fault, None);
        }
        self.advance(now);
    }

    /// The faults as they are.
    pub fn faults(&self) -> Faults {
        self.faults
    }

    /// The registers, without the effect that reading has.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// Power into the line of media lane 1, dBm; `None` when it is off.
    pub fn tx_power_dbm(&self) -> Option<f64> {
        let on = self.image.bit(0, 0x11, 133, 0);
        on.then_some(self.power_dbm)
    }

    /// Frequency of the laser of media lane 1, GHz.
    pub fn frequency_ghz(&self) -> f64 {
        FREQUENCY.read(&self.image, 0, 0)
    }

    /// Reads registers. Latched flags that are read fall.
    ///
    /// # Errors
    /// When the module does not acknowledge.
    pub fn read(&mut self, now: Duration, address: Address) -> Result<Vec<u8>, Nack> {
        self.advance(now);
        self.acknowledge_read()?;
        let bytes = self.image.bytes(address).to_vec();
        self.clear_flags(address);
        self.measure();
        Ok(bytes)
    }

    /// Writes registers. What the host may not write keeps its value.
    ///
    /// # Errors
    /// When the module does not acknowledge.
    pub fn write(&mut self, now: Duration, address: Address, bytes: &[u8]) -> Result<(), Nack> {
        self.advance(now);
        let fits = bytes.len() == usize::from(address.len());
        if !fits || address.len() > crate::WRITE_LEN_MAX {
            return Err(Nack::Length(bytes.len()));
        }
        self.acknowledge_write()?;
        if self.faults.deaf {
            return Ok(());
        }
        for (nth, byte) in (0u8..).zip(bytes) {
            let offset = address.offset() + nth;
            let one = Address::trusted(address.bank(), address.page(), offset, 1);
            if is_writable(one) {
                self.image.store(one, &[*byte]);
            }
        }
        self.written(address);
        self.advance(now);
        Ok(())
    }

    fn acknowledge_read(&mut self) -> Result<(), Nack> {
        if self.restarts_until.is_some() {
            return Err(Nack::Restarting);
        }
        let left = self.faults.nack_reads.checked_sub(1);
        self.faults.nack_reads = left.unwrap_or(0);
        left.map_or(Ok(()), |_| Err(Nack::Fault))
    }

    fn acknowledge_write(&mut self) -> Result<(), Nack> {
        if self.restarts_until.is_some() {
            return Err(Nack::Restarting);
        }
        let left = self.faults.nack_writes.checked_sub(1);
        self.faults.nack_writes = left.unwrap_or(0);
        left.map_or(Ok(()), |_| Err(Nack::Fault))
    }

    /// When a state changes next by itself.
    pub fn next_change(&self) -> Option<Duration> {
        // What is stuck does not come, however often it is looked at.
        let lanes: &[_] = if self.faults.stuck_data_path { &[] } else { &self.lane_until };
        let lanes = lanes.iter().chain(&self.laser_until).copied();
        let own = [
            self.module_until.filter(|_| !self.faults.stuck_module),
            self.restarts_until,
            self.freeze_until,
            self.config.as_ref().map(config::Pending::until),
        ];
        lanes.chain(own).flatten().min()
    }

    /// Lets time pass. Time does not go back: an earlier moment counts as the last one.
    pub fn advance(&mut self, now: Duration) {
        let now = now.max(self.now);
        for _ in 0..CHANGES_MAX {
            let Some(next) = self.next_change().filter(|next| *next <= now) else { break };
            self.sample(next);
            self.now = self.now.max(next);
            self.change();
        }
        self.sample(now);
        self.now = now;
        self.change();
        self.measure();
    }

    /// Everything that is due at this moment; one change may bring the next with it.
    fn change(&mut self) {
        for _ in 0..LANES {
            let before = self.states();
            self.restart();
            self.module();
            self.configure();
            self.lanes();
            self.lasers();
            self.freeze();
            if self.states() == before {
                return;
            }
        }
    }

    fn states(&self) -> (u8, Vec<u8>) {
        (self.byte(0, 3), self.image.bytes(Address::trusted(0, 0x11, 128, 4)).to_vec())
    }

    /// Statistics from the last sample to a moment.
    fn sample(&mut self, until: Duration) {
        let mut taken = 0;
        while until.saturating_sub(self.sampled) >= SAMPLE_EVERY {
            let rest = until - self.sampled;
            let step = if taken < SAMPLES_MAX { SAMPLE_EVERY } else { rest };
            self.sampled += step;
            taken += 1;
            let measured = self.measured();
            self.interval.add(&measured, step.as_secs_f64());
        }
    }

    fn measured(&self) -> Measured {
        let dark = self.faults.loss_of_signal || self.physics.rx_power_dbm < LOS_DBM;
        let runs = self.lane_state(0) == DataPathState::Activated
            || self.lane_state(0) == DataPathState::Initialized;
        let tx_dbm = self.tx_power_dbm();
        Measured { physics: self.physics, tx_dbm, locked: runs && !dark, dark }
    }

    /// Puts what is measured into registers.
    fn measure(&mut self) {
        if self.restarts_until.is_some() {
            return;
        }
        let measured = self.measured();
        measured.monitors(&mut self.image);
        let held = self.image.bytes(vdm::FREEZE_STATUS)[0] & vdm::FROZEN != 0;
        if !held && self.image.has_page(0, vdm::VALUES) {
            measured.vdm(&mut self.image);
        }
        if !held {
            self.interval.store(&mut self.image);
        }
        let fault = self.faults.tx_fault && self.lane_state(0) == DataPathState::Activated;
        physics::raise(&mut self.image, Address::trusted(0, 0x11, 135, 1), &[u8::from(fault)]);
    }

    fn put(&mut self, address: Address, bytes: &[u8]) {
        self.image.store(address, bytes);
    }

    fn byte(&self, page: u8, offset: u8) -> u8 {
        self.image.u8(0, page, offset)
    }

    /// A longest time, at the module's pace, from now.
    fn after(&self, millis: u32) -> Duration {
        let millis = u64::from(millis) * u64::from(self.pace) / 256;
        self.now + Duration::from_millis(millis)
    }

    /// What a write sets off.
    fn written(&mut self, address: Address) {
        let holds = |page, offset| {
            address.page() == page
                && (address.offset()..=address.offset() + (address.len() - 1)).contains(&offset)
        };
        if holds(0, 26) && self.byte(0, 26) & ModuleControl::SOFTWARE_RESET != 0 {
            self.power_off();
        }
        if holds(0x10, 143) {
            self.trigger(config::Trigger::Init);
        }
        if holds(0x10, 144) {
            self.trigger(config::Trigger::Now);
        }
        if holds(vdm::CONTROL, 144) {
            self.freeze_until = Some(self.now + FREEZE_TIME);
            self.put(vdm::FREEZE_STATUS, &[0]);
        }
        if address.page() == 0x12 {
            self.laser_written(address);
        }
    }

    /// A restart begins: nothing is acknowledged.
    fn power_off(&mut self) {
        self.image = self.factory.clone();
        self.power_dbm = TARGET_POWER.read(&self.image, 0, 0);
        self.restarts_until = Some(self.now + RESTART_TIME);
        (self.module_until, self.config, self.freeze_until) = (None, None, None);
        self.lane_until = [None; LANE_COUNT];
        self.laser_until = [None; LANE_COUNT];
        self.interval = Interval::default();
    }

    fn restart(&mut self) {
        if self.restarts_until.is_some_and(|until| self.now >= until) {
            self.restarts_until = None;
            self.power_on(self.now);
        }
    }

    /// Management is up: default application on every lane it has, low power.
    fn power_on(&mut self, now: Duration) {
        self.now = self.now.max(now);
        self.enter_module(ModuleState::LowPwr, None);
        let default = self.default_config();
        self.put(Address::trusted(0, 0x10, 145, LANES), &default);
        self.put(Address::trusted(0, 0x11, 206, LANES), &default);
        self.put(Address::trusted(0, 0x11, 202, 4), &[0; 4]);
        for lane in 0..LANES {
            self.enter_lane(lane, DataPathState::Deactivated, None);
        }
        self.module();
        self.measure();
    }

    fn module_state(&self) -> ModuleState {
        ModuleState::decode(&self.image)
    }

    /// Bits 3-1 are the state, bit 0 falls while an interrupt is raised: none is here.
    fn enter_module(&mut self, state: ModuleState, until: Option<Duration>) {
        self.put(Address::trusted(0, 0, 3, 1), &[state.code() << 1 | 1]);
        physics::raise(&mut self.image, Address::trusted(0, 0, 8, 1), &[1]);
        self.module_until = until;
    }

    /// The module's state machine (CMIS 5.x, figure 6-4).
    fn module(&mut self) {
        if self.restarts_until.is_some() || self.faults.stuck_module {
            return;
        }
        let control = ModuleControl::from_byte(self.byte(0, 26));
        let pin = self.low_power_pin && control.low_power_allow_hardware;
        let low = control.low_power_request || pin;
        let due = self.module_until.is_some_and(|until| self.now >= until);
        match self.module_state() {
            ModuleState::LowPwr if !low => {
                let until = self.after(self.timing.power_up_ms);
                self.enter_module(ModuleState::PwrUp, Some(until));
            }
            ModuleState::PwrUp if due => self.enter_module(ModuleState::Ready, None),
            ModuleState::Ready if low && self.all_lanes_down() => {
                let until = self.after(self.timing.power_down_ms);
                self.enter_module(ModuleState::PwrDn, Some(until));
            }
            ModuleState::PwrDn if due => self.enter_module(ModuleState::LowPwr, None),
            ModuleState::LowPwr
            | ModuleState::PwrUp
            | ModuleState::Ready
            | ModuleState::PwrDn
            | ModuleState::Fault
            | ModuleState::Other(_) => {}
        }
    }

    /// Whether the module is asked for low power, or is on the way there.
    fn wants_low_power(&self) -> bool {
        let control = ModuleControl::from_byte(self.byte(0, 26));
        let pin = self.low_power_pin && control.low_power_allow_hardware;
        control.low_power_request || pin || self.module_state() != ModuleState::Ready
    }

    /// A target that the laser was given: looked at when it is written, obeyed when the data path
    /// next initialises, the power at once.
    fn laser_written(&mut self, address: Address) {
        let (first, last) = (address.offset(), address.offset() + (address.len() - 1));
        for lane in 0..LANES {
            let touches = |at: Address| at.offset() <= last && at.offset() + at.len() > first;
            let tuning = touches(Address::trusted(0, 0x12, 128 + lane, 1))
                || touches(CHANNEL.address(0, lane));
            let Some(laser) = Laser::decode(&self.image, 0, lane) else { continue };
            let Some(able) = LaserCapabilities::decode(&self.image) else { continue };
            if tuning {
                let range = laser.grid.and_then(|grid| able.range(grid).ok());
                let inside = range.is_some_and(|it| (it.low..=it.high).contains(&laser.channel));
                let down = self.lane_state(0) == DataPathState::Deactivated;
                let invalid = if inside { 0 } else { LaserFlags::INVALID_CHANNEL };
                let refused = if down { 0 } else { LaserFlags::NOT_ACCEPTED };
                self.flag_laser(lane, invalid | refused);
            }
            if touches(TARGET_POWER.address(0, lane)) {
                let refused = able.check_power(laser.target_power_dbm).is_err();
                if refused {
                    self.flag_laser(lane, LaserFlags::POWER_OUT_OF_RANGE);
                } else if lane == 0 {
                    self.power_dbm = laser.target_power_dbm;
                }
            }
        }
    }

    fn flag_laser(&mut self, lane: u8, flags: u8) {
        physics::raise(&mut self.image, Address::trusted(0, 0x12, 231 + lane, 1), &[flags]);
        let summary = if flags == 0 { 0 } else { 1 << lane };
        physics::raise(&mut self.image, Address::trusted(0, 0x12, 230, 1), &[summary]);
    }

    /// The laser starts for its target; how long it takes is part of DPInit.
    fn tune(&mut self, lane: u8, until: Duration) {
        self.put(Address::trusted(0, 0x12, 222 + lane, 1), &[0b11]);
        self.laser_until[usize::from(lane)] = Some(until);
    }

    fn lasers(&mut self) {
        for lane in 0..LANES {
            let at = usize::from(lane);
            if self.laser_until[at].is_none_or(|until| self.now < until) {
                continue;
            }
            self.laser_until[at] = None;
            let target = Laser::decode(&self.image, 0, lane).and_then(|it| it.target_ghz);
            if self.faults.laser_out_of_tune {
                self.put(Address::trusted(0, 0x12, 222 + lane, 1), &[0b01]);
                self.flag_laser(lane, LaserFlags::UNLOCKED);
                continue;
            }
            self.put(Address::trusted(0, 0x12, 222 + lane, 1), &[0]);
            self.flag_laser(lane, LaserFlags::TUNING_COMPLETE);
            if let Some(target) = target {
                self.put(FREQUENCY.address(0, lane), &FREQUENCY.saturate(target));
            }
        }
    }

    /// 2Fh:144 bit 7 asks, 2Fh:145 tells. The end of a freeze begins a new interval.
    fn freeze(&mut self) {
        if self.freeze_until.is_none_or(|until| self.now < until) {
            return;
        }
        self.freeze_until = None;
        let held = self.image.bytes(vdm::FREEZE)[0] & vdm::FROZEN != 0;
        self.put(vdm::FREEZE_STATUS, &[if held { vdm::FROZEN } else { vdm::UNFROZEN }]);
        if !held {
            self.interval = Interval::default();
        }
    }

    /// Flags fall when they are read (CMIS 5.x, 8.1.3.3).
    fn clear_flags(&mut self, address: Address) {
        const LATCHED: [Address; 4] = [
            Address::trusted(0, 0, 8, 6),
            Address::trusted(0, 0x11, 134, 19),
            Address::trusted(0, 0x12, 230, 9),
            Address::trusted(0, vdm::FLAGS, 128, 128),
        ];
        let same =
            |at: &&Address| (at.is_lower(), at.page()) == (address.is_lower(), address.page());
        for at in LATCHED.iter().filter(same) {
            let from = at.offset().max(address.offset());
            let end = (u16::from(at.offset()) + u16::from(at.len()))
                .min(u16::from(address.offset()) + u16::from(address.len()));
            let Some(len) = end.checked_sub(from.into()).filter(|len| *len > 0) else { continue };
            let fallen = Address::trusted(0, at.page(), from, len as u8);
            self.image.store(fallen, &vec![0; usize::from(len)]);
        }
    }
}

/// Registers that a host may write.
fn is_writable(address: Address) -> bool {
    let at = address.offset();
    match (address.is_lower(), address.page()) {
        (true, _) => matches!(at, 26 | 31..=36),
        (false, 0x10) => matches!(at, 128..=173 | 213..=231),
        (false, 0x12) => matches!(at, 128..=167 | 200..=215 | 239..=246),
        (false, vdm::CONTROL) => at == 144,
        _ => false,
    }
}
