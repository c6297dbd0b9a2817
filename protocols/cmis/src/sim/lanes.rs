//! The data path state machine of a simulated module (CMIS 5.x, figure 6-6).

use std::time::Duration;

use crate::application::{Application, lane_mask};
use crate::status::data_path_state;
use crate::{Address, DataPathState, LANES, LaneConfig};

use super::physics::raise;
use super::{LANE_COUNT, Sim};

/// A data path as the active control set has it.
struct Path {
    /// Lowest host lane, from 0: its state is the state of all.
    leader: u8,
    lanes: u8,
    media_lane: u8,
    media_lanes: u8,
}

impl Sim {
    pub(super) fn lane_state(&self, lane: u8) -> DataPathState {
        data_path_state(&self.image, 0, lane)
    }

    pub(super) fn all_lanes_down(&self) -> bool {
        (0..LANES).all(|lane| {
            matches!(self.lane_state(lane), DataPathState::Deactivated | DataPathState::Other(_))
        })
    }

    pub(super) fn active(&self, lane: u8) -> LaneConfig {
        LaneConfig::from_byte(self.byte(0x11, 206 + lane))
    }

    pub(super) fn enter_lane(&mut self, lane: u8, state: DataPathState, until: Option<Duration>) {
        let at = 128 + lane / 2;
        let shift = 4 * (lane % 2);
        let byte = self.byte(0x11, at) & !(0xF << shift) | state.code() << shift;
        let changed = self.lane_state(lane) != state;
        self.put(Address::trusted(0, 0x11, at, 1), &[byte]);
        self.lane_until[usize::from(lane)] = until;
        let bit = u8::from(changed) << lane;
        raise(&mut self.image, Address::trusted(0, 0x11, 134, 1), &[bit]);
    }

    fn paths(&self) -> Vec<Path> {
        let applications = Application::decode_all(&self.image);
        let mut paths: Vec<Path> = Vec::new();
        for lane in 0..LANES {
            let config = self.active(lane);
            let known = paths.iter_mut().find(|path| {
                let leader = self.active(path.leader);
                (leader.select, leader.first_lane) == (config.select, config.first_lane)
            });
            match known {
                Some(path) if config.select != 0 => path.lanes |= 1 << lane,
                _ => {
                    let of = applications.iter().find(|it| it.select == config.select);
                    paths.push(Path {
                        leader: lane,
                        lanes: 1 << lane,
                        media_lane: of.map_or(0, |it| it.media_lane(config.first_lane) - 1),
                        media_lanes: of.map_or(0, |it| it.media_lanes),
                    });
                }
            }
        }
        paths
    }

    /// Every data path, one step each.
    pub(super) fn lanes(&mut self) {
        if self.restarts_until.is_some() || self.faults.stuck_data_path {
            return;
        }
        for path in self.paths() {
            self.step(&path);
        }
    }

    fn step(&mut self, path: &Path) {
        let until = self.lane_until[usize::from(path.leader)];
        let due = until.is_some_and(|until| self.now >= until);
        let configured = self.active(path.leader).select != 0;
        let deinit = self.byte(0x10, 128) & path.lanes != 0;
        let down = deinit || !configured || self.wants_low_power();
        let media = lane_mask(path.media_lane, path.media_lanes);
        let dark = self.byte(0x10, 130) & media != 0;
        let times = self.timing;
        use DataPathState as S;
        let next = match self.lane_state(path.leader) {
            S::Deactivated if !down => Some((S::Init, Some(times.init_ms))),
            S::Init if down => Some((S::Deinit, Some(times.deinit_ms))),
            S::Init if due => Some((S::Initialized, None)),
            S::Initialized if down => Some((S::Deinit, Some(times.deinit_ms))),
            S::Initialized if !dark => Some((S::TxTurnOn, Some(times.tx_on_ms))),
            S::TxTurnOn if due => Some((S::Activated, None)),
            S::Activated if down || dark => Some((S::TxTurnOff, Some(times.tx_off_ms))),
            S::TxTurnOff if due => Some((S::Initialized, None)),
            S::Deinit if due => Some((S::Deactivated, None)),
            S::Deactivated
            | S::Init
            | S::Deinit
            | S::Activated
            | S::TxTurnOn
            | S::TxTurnOff
            | S::Initialized
            | S::Other(_) => None,
        };
        if let Some((state, millis)) = next {
            self.enter_path(path, state, millis);
        }
        self.outputs(path, media);
    }

    fn enter_path(&mut self, path: &Path, state: DataPathState, millis: Option<u32>) {
        // A state without a time of its own is looked at again at once: the next may follow.
        let until = millis.map_or(self.now, |millis| self.after(millis));
        let settles = matches!(state, DataPathState::Activated | DataPathState::Deactivated);
        for lane in 0..LANES {
            if path.lanes >> lane & 1 == 1 {
                self.enter_lane(lane, state, None);
            }
        }
        self.lane_until[usize::from(path.leader)] = (!settles).then_some(until);
        if state == DataPathState::Init {
            let pending = self.byte(0x11, 235) & !path.lanes;
            self.put(Address::trusted(0, 0x11, 235, 1), &[pending]);
            if path.media_lanes > 0 && self.image.has_page(0, 0x12) {
                self.tune(path.media_lane, until);
            }
        }
        if state == DataPathState::Initialized {
            self.lane_until[usize::from(path.leader)] = None;
        }
    }

    /// 11h:132 and 133: signals that are valid, on host and media lanes.
    fn outputs(&mut self, path: &Path, media: u8) {
        let state = self.lane_state(path.leader);
        let up = state == DataPathState::Activated;
        let received = up && !self.measured().dark;
        let locked = self.byte(0x12, 222 + path.media_lane.min(LANES - 1)) & 1 == 0;
        let sent = up && locked && !self.faults.tx_fault;
        let mut set = |offset, mask: u8, on: bool| {
            let byte = self.image.u8(0, 0x11, offset);
            let byte = if on { byte | mask } else { byte & !mask };
            self.image.store(Address::trusted(0, 0x11, offset, 1), &[byte]);
        };
        set(132, path.lanes, received);
        if media != 0 {
            set(133, media, sent);
        }
    }

    /// The first application on as many lanes as it can start on, which is what a module has
    /// after power on (CMIS 5.x, 6.2.3.3).
    pub(super) fn default_config(&self) -> [u8; LANE_COUNT] {
        let mut config = [0; LANE_COUNT];
        let applications = Application::decode_all(&self.image);
        let Some(first) = applications.first() else { return config };
        for start in 1..=LANES {
            let Some(mask) = first.host_mask(start) else { continue };
            let one = LaneConfig { select: first.select, first_lane: start, is_explicit: false };
            for (lane, byte) in config.iter_mut().enumerate() {
                if mask >> lane & 1 == 1 {
                    *byte = one.byte();
                }
            }
        }
        config
    }
}
