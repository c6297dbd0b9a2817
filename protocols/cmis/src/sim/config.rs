//! How a simulated module takes a staged configuration (CMIS 5.x, 6.2.4).

use std::time::Duration;

use crate::application::{Application, lanes_of};
use crate::{Address, ConfigStatus, DataPathState, LANES, LaneConfig};

use super::{CONFIG_TIME, Sim};

/// Which trigger was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trigger {
    /// 10h:143.
    Init,
    /// 10h:144.
    Now,
}

impl Trigger {
    fn address(self) -> Address {
        let offset = if self == Self::Init { 143 } else { 144 };
        Address::trusted(0, 0x10, offset, 1)
    }
}

/// A configuration that is being looked at.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    trigger: Trigger,
    lanes: u8,
    until: Duration,
}

impl Pending {
    pub(super) fn until(&self) -> Duration {
        self.until
    }
}

/// Signal integrity settings: 20 bytes from 10h:153 and 21 bytes later in 11h.
const STAGED_SETTINGS: Address = Address::trusted(0, 0x10, 153, 21);
const ACTIVE_SETTINGS: Address = Address::trusted(0, 0x11, 214, 21);

impl Sim {
    /// A trigger falls as soon as it is seen. One that comes while another is looked at is lost.
    pub(super) fn trigger(&mut self, trigger: Trigger) {
        let address = trigger.address();
        let lanes = self.image.bytes(address)[0];
        self.put(address, &[0]);
        if lanes == 0 || self.config.is_some() {
            return;
        }
        self.config_status(lanes, ConfigStatus::InProgress);
        self.config = Some(Pending { trigger, lanes, until: self.now + CONFIG_TIME });
    }

    fn config_status(&mut self, lanes: u8, status: ConfigStatus) {
        for lane in lanes_of(lanes) {
            let (at, shift) = (202 + lane / 2, 4 * (lane % 2));
            let byte = self.byte(0x11, at) & !(0xF << shift) | status.code() << shift;
            self.put(Address::trusted(0, 0x11, at, 1), &[byte]);
        }
    }

    /// The result of what is looked at, when its time has come.
    pub(super) fn configure(&mut self) {
        let due = self.config.as_ref().is_some_and(|pending| self.now >= pending.until);
        let Some(Pending { trigger, lanes, .. }) = self.config.take_if(|_| due) else { return };
        let verdict = self.faults.reject.map_or_else(|| self.judge(trigger, lanes), Err);
        match verdict {
            Err(status) => self.config_status(lanes, status),
            Ok(()) => {
                self.take(lanes);
                self.config_status(lanes, ConfigStatus::Success);
            }
        }
    }

    fn staged(&self, lane: u8) -> LaneConfig {
        LaneConfig::from_byte(self.byte(0x10, 145 + lane))
    }

    fn judge(&self, trigger: Trigger, lanes: u8) -> Result<(), ConfigStatus> {
        let applications = Application::decode_all(&self.image);
        for lane in lanes_of(lanes) {
            let config = self.staged(lane);
            if trigger == Trigger::Now && !self.keeps_application(lane) {
                return Err(ConfigStatus::Rejected);
            }
            if config.select == 0 {
                continue;
            }
            let found = applications.iter().find(|it| it.select == config.select);
            let application = found.ok_or(ConfigStatus::InvalidAppSel)?;
            let mask = application.host_mask(config.first_lane);
            let mask = mask.ok_or(ConfigStatus::InvalidDataPath)?;
            if mask >> lane & 1 == 0 {
                return Err(ConfigStatus::InvalidDataPath);
            }
            if mask & !lanes != 0 {
                return Err(ConfigStatus::PartialDataPath);
            }
            if lanes_of(mask).any(|other| self.staged(other).select != config.select) {
                return Err(ConfigStatus::PartialDataPath);
            }
        }
        self.judge_neighbours(lanes)?;
        self.judge_settings(lanes)
    }

    /// Whether a lane stays with the application it has.
    fn keeps_application(&self, lane: u8) -> bool {
        let (staged, active) = (self.staged(lane), self.active(lane));
        (staged.select, staged.first_lane) == (active.select, active.first_lane)
    }

    /// A data path that keeps some of its lanes while others are taken away from it.
    fn judge_neighbours(&self, lanes: u8) -> Result<(), ConfigStatus> {
        let torn = (0..LANES).filter(|lane| lanes >> lane & 1 == 0).any(|lane| {
            let here = self.active(lane);
            let runs = self.lane_state(lane) != DataPathState::Deactivated;
            runs && here.select != 0
                && lanes_of(lanes).any(|other| {
                    let it = self.active(other);
                    (it.select, it.first_lane) == (here.select, here.first_lane)
                })
        });
        if torn { Err(ConfigStatus::LaneInUse) } else { Ok(()) }
    }

    /// Codes of the receiver outputs against 01h:153-154.
    fn judge_settings(&self, lanes: u8) -> Result<(), ConfigStatus> {
        let (amplitudes, cursors) = (self.byte(1, 153) >> 4, self.byte(1, 154));
        for lane in lanes_of(lanes).filter(|lane| self.staged(*lane).is_explicit) {
            let code = |first: u8| self.byte(0x10, first + lane / 2) >> (4 * (lane % 2)) & 0xF;
            let wrong = code(162) > cursors & 0xF
                || code(166) > cursors >> 4
                || code(170) > 3
                || amplitudes >> code(170) & 1 == 0;
            if wrong {
                return Err(ConfigStatus::InvalidSi);
            }
        }
        Ok(())
    }

    /// Staged becomes active. A data path that changes and runs goes down and comes up again.
    fn take(&mut self, lanes: u8) {
        for lane in lanes_of(lanes) {
            let keeps = self.keeps_application(lane);
            let byte = self.staged(lane).byte();
            self.put(Address::trusted(0, 0x11, 206 + lane, 1), &[byte]);
            if !keeps {
                let pending = self.byte(0x11, 235) | 1 << lane;
                self.put(Address::trusted(0, 0x11, 235, 1), &[pending]);
                if self.lane_state(lane) != DataPathState::Deactivated {
                    let until = self.after(self.timing.deinit_ms);
                    self.enter_lane(lane, DataPathState::Deinit, Some(until));
                }
            }
        }
        let settings = self.image.bytes(STAGED_SETTINGS).to_vec();
        self.put(ACTIVE_SETTINGS, &settings);
    }
}
