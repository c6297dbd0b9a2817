//! The small steps that orders are made of, and when a state that is awaited has come.

use std::time::Duration;

use crate::application::lanes_of;
use crate::map::FREQUENCY;
use crate::module::ModuleControl;
use crate::status::{config_status, data_path_state};
use crate::{
    Address, ConfigStatus, DataPathState, Error, Image, LANES, Laser, LaserFlags, ModuleState,
    fault_cause, vdm,
};

/// 11h:128-131.
pub(super) const STATES: Address = Address::trusted(0, 0x11, 128, 4);
/// 11h:202-205.
pub(super) const CONFIG_STATUS: Address = Address::trusted(0, 0x11, 202, 4);
/// 11h:206-213, the active control set.
pub(super) const ACTIVE: Address = Address::trusted(0, 0x11, 206, 8);
/// Bytes 0-41 of the lower memory: identity, state, flags, control, fault cause.
const HEAD: Address = Address::trusted(0, 0, 0, 42);
/// 12h:222-238: tuning status and flags.
const TUNING: Address = Address::trusted(0, 0x12, 222, 17);

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    /// In words, for events.
    pub(super) name: &'static str,
    /// What to do.
    pub(super) action: Action,
}

impl Step {
    pub(super) fn new(name: &'static str, action: Action) -> Self {
        Self { name, action }
    }

    pub(super) fn read(name: &'static str, address: Address) -> Self {
        Self::new(name, Action::Read(address))
    }

    pub(super) fn write(name: &'static str, address: Address, bytes: Vec<u8>) -> Self {
        Self::new(name, Action::Write { address, bytes, verify: true })
    }

    pub(super) fn trigger(name: &'static str, address: Address, bytes: Vec<u8>) -> Self {
        Self::new(name, Action::Write { address, bytes, verify: false })
    }

    pub(super) fn wait(name: &'static str, awaited: Await, within: Duration) -> Self {
        Self::new(name, Action::Await { awaited, within })
    }
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Action {
    /// Read into the image.
    Read(Address),
    /// Write, and read back what can be read back: triggers fall by themselves.
    Write { address: Address, bytes: Vec<u8>, verify: bool },
    /// Look until a state has come.
    Await { awaited: Await, within: Duration },
    /// Find out which further pages there are, and read them.
    Explore,
    /// Work out the steps of the order from the image.
    Prepare,
}

/// A state to wait for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Await {
    /// Nothing changes by itself.
    Settled,
    /// The module is in a state.
    Module(ModuleState),
    /// The module answers again after a reset, in a state that it stays in.
    Restarted,
    /// The data paths of host lanes are in a state.
    DataPath { lanes: u8, state: DataPathState },
    /// The configuration of host lanes was taken: their status says so, and the active control
    /// set holds it. The status alone could be that of the trigger before.
    Config { lanes: u8, staged: [u8; LANES as usize] },
    /// The laser of a media lane (from 0) stands at its target.
    Tuned { lane: u8, target_ghz: Option<f64>, tolerance_ghz: f64 },
    /// The laser of a media lane (from 0) raised no refusal.
    LaserContent { lane: u8 },
    /// Statistics are held, or run.
    Freeze { held: bool },
}

/// How far it is.
pub(super) enum Progress {
    /// It has come.
    Reached,
    /// Not yet; where it stands.
    Pending(String),
}

impl Await {
    /// What has to be read to tell.
    pub(super) fn reads(self, is_tunable: bool) -> Vec<Address> {
        match self {
            Self::Settled if is_tunable => vec![HEAD, STATES, CONFIG_STATUS, TUNING],
            Self::Settled => vec![HEAD, STATES, CONFIG_STATUS],
            Self::Module(_) | Self::Restarted => vec![HEAD],
            Self::DataPath { .. } => vec![HEAD, STATES],
            Self::Config { .. } => vec![CONFIG_STATUS, ACTIVE],
            Self::Tuned { lane, .. } => vec![FREQUENCY.address(0, lane), TUNING],
            Self::LaserContent { .. } => vec![TUNING],
            Self::Freeze { .. } => vec![vdm::FREEZE_STATUS],
        }
    }

    /// Whether no answer counts as not yet.
    pub(super) fn bears_silence(self) -> bool {
        self == Self::Restarted
    }

    /// Whether it has come.
    pub(super) fn look(self, image: &Image) -> Result<Progress, Error> {
        let state = ModuleState::decode(image);
        let in_fault = state == ModuleState::Fault;
        match self {
            Self::Settled => Ok(reached(!is_busy(image), || busy_words(image))),
            Self::Module(_) | Self::DataPath { .. } if in_fault => {
                Err(Error::Fault { cause: fault_cause(image) })
            }
            Self::Module(wanted) => {
                Ok(reached(state == wanted, || format!("it is in {}", state.name())))
            }
            Self::Restarted => {
                let resets = ModuleControl::from_byte(image.u8(0, 0, 26)).software_reset;
                let stays = matches!(state, ModuleState::LowPwr | ModuleState::Ready) && !resets;
                Ok(reached(stays || in_fault, || format!("it is in {}", state.name())))
            }
            Self::DataPath { lanes, state } => Ok(data_path(image, lanes, state)),
            Self::Config { lanes, staged } => config(image, lanes, staged),
            Self::Tuned { lane, target_ghz, tolerance_ghz } => {
                tuned(image, lane, target_ghz, tolerance_ghz)
            }
            Self::LaserContent { lane } => {
                refusal(LaserFlags(image.u8(0, 0x12, 231 + lane))).map(|()| Progress::Reached)
            }
            Self::Freeze { held } => {
                let bit = if held { vdm::FROZEN } else { vdm::UNFROZEN };
                let status = image.bytes(vdm::FREEZE_STATUS)[0];
                Ok(reached(status & bit != 0, || format!("2Fh:145 is {status:02X}h")))
            }
        }
    }
}

fn reached(is: bool, seen: impl FnOnce() -> String) -> Progress {
    if is { Progress::Reached } else { Progress::Pending(seen()) }
}

/// Whether anything of the module is on its way: no register may be written then.
pub(super) fn is_busy(image: &Image) -> bool {
    let lanes = || 0..crate::LANES;
    let tuning = (222..230u8).any(|at| image.u8(0, 0x12, at) & 2 != 0);
    ModuleState::decode(image).is_transient()
        || lanes().any(|lane| data_path_state(image, 0, lane).is_transient())
        || lanes().any(|lane| config_status(image, 0, lane) == ConfigStatus::InProgress)
        || tuning
}

fn busy_words(image: &Image) -> String {
    let lanes = (0..crate::LANES).map(|lane| data_path_state(image, 0, lane));
    let lane = lanes.enumerate().find(|(_, state)| state.is_transient());
    match lane {
        Some((lane, state)) => format!("host lane {} is in {}", lane + 1, state.name()),
        None => format!("it is in {}", ModuleState::decode(image).name()),
    }
}

fn data_path(image: &Image, lanes: u8, wanted: DataPathState) -> Progress {
    let mut seen = lanes_of(lanes).map(|lane| (lane, data_path_state(image, 0, lane)));
    match seen.find(|(_, state)| *state != wanted) {
        None => Progress::Reached,
        Some((lane, state)) => {
            Progress::Pending(format!("host lane {} is in {}", lane + 1, state.name()))
        }
    }
}

fn config(image: &Image, lanes: u8, staged: [u8; LANES as usize]) -> Result<Progress, Error> {
    let statuses = lanes_of(lanes).map(|lane| (lane, config_status(image, 0, lane)));
    for (lane, status) in statuses {
        match status {
            ConfigStatus::Success => {}
            ConfigStatus::InProgress | ConfigStatus::Undefined => {
                let lane = lane + 1;
                return Ok(Progress::Pending(format!("host lane {lane}: {}", status.name())));
            }
            _ => return Err(Error::ConfigRefused { lane: lane + 1, status: status.name() }),
        }
    }
    let active = image.bytes(ACTIVE);
    let mut here = lanes_of(lanes).map(usize::from);
    let differs = here.find(|lane| active[*lane] != staged[*lane]);
    Ok(match differs {
        None => Progress::Reached,
        Some(lane) => {
            let byte = active[lane];
            Progress::Pending(format!("host lane {} has {byte:02X}h active", lane + 1))
        }
    })
}

fn refusal(flags: LaserFlags) -> Result<(), Error> {
    let refused = LaserFlags(flags.0 & LaserFlags::REFUSED);
    if refused.0 == 0 {
        return Ok(());
    }
    Err(Error::LaserRefused { flags: refused.names().join(", ") })
}

fn tuned(
    image: &Image,
    lane: u8,
    target_ghz: Option<f64>,
    tolerance_ghz: f64,
) -> Result<Progress, Error> {
    let Some(laser) = Laser::decode(image, 0, lane) else {
        return Ok(Progress::Pending("12h was not read".to_owned()));
    };
    refusal(laser.flags)?;
    let here = laser.frequency_ghz;
    let stands = !laser.is_tuning && !laser.is_unlocked;
    let close = target_ghz.is_none_or(|target| (here - target).abs() <= tolerance_ghz);
    let words = match (laser.is_tuning, laser.is_unlocked) {
        (true, _) => "tuning",
        (false, true) => "unlocked",
        (false, false) => "locked",
    };
    Ok(reached(stands && close, || format!("the laser is {words} at {here} GHz")))
}
