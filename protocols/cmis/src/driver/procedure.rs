//! From an order and an image to steps. Everything that can be refused is refused here, before
//! any register is written.

use std::time::Duration;

use crate::application::{lane_mask, lanes_of};
use crate::map::{CHANNEL, FINE_OFFSET, TARGET_POWER};
use crate::module::ModuleControl;
use crate::status::data_path_state;
use crate::{
    Address, Advertisement, Application, DataPathState, Error, Grid, Identity, Image, LANES,
    LaneConfig, Laser, LaserCapabilities, ModuleState, fault_cause,
};

use super::order::{Carrier, Choice, DriverConfig, Order, RxOutput, Target};
use super::step::{ACTIVE, Await, STATES, Step};

/// First revision of CMIS that is driven.
const REVISION_MIN: u8 = 4;

/// Byte 26.
pub(super) const CONTROL: Address = Address::trusted(0, 0, 26, 1);
/// 10h:128, DPDeinit, a bit per host lane.
pub(super) const DEINIT: Address = Address::trusted(0, 0x10, 128, 1);
/// 10h:130, OutputDisableTx, a bit per media lane.
pub(super) const TX_DISABLE: Address = Address::trusted(0, 0x10, 130, 1);
/// 10h:143, ApplyDPInit of staged control set 0.
pub(super) const APPLY_INIT: Address = Address::trusted(0, 0x10, 143, 1);
/// 10h:144, ApplyImmediate of staged control set 0.
pub(super) const APPLY_NOW: Address = Address::trusted(0, 0x10, 144, 1);
/// 10h:145-152, AppSel, data path and explicit control of staged control set 0.
pub(super) const STAGED: Address = Address::trusted(0, 0x10, 145, 8);

/// Where a data path is and what it concerns; an undo needs it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Extent {
    /// Host lanes of the data path, and of the one it replaces.
    pub(super) lanes: u8,
    /// Media lane, from 0.
    pub(super) media_lane: u8,
}

/// The steps of an order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Procedure {
    pub(super) steps: Vec<Step>,
    pub(super) extent: Extent,
}

/// What every procedure looks at.
pub(super) struct Ground<'a> {
    pub(super) image: &'a Image,
    pub(super) advertised: Advertisement,
    pub(super) config: &'a DriverConfig,
}

impl<'a> Ground<'a> {
    pub(super) fn new(image: &'a Image, config: &'a DriverConfig) -> Result<Self, Error> {
        let cmis = Identity::decode(image).cmis;
        if cmis.major < REVISION_MIN {
            let what = format!("revision {cmis}: before 4 a set bit of 10h:128 meant the opposite");
            return Err(Error::NotCmis { what });
        }
        let advertised = Advertisement::decode(image).ok_or_else(|| Error::NotCmis {
            what: "its memory is flat: it has no state machine".to_owned(),
        })?;
        Ok(Self { image, advertised, config })
    }

    /// An advertised time and the grace; the stand-in where none is advertised.
    fn within(&self, advertised: Option<Duration>) -> Duration {
        advertised.unwrap_or(self.config.unadvertised_max) + self.config.grace
    }

    /// How long a data path may take to come up.
    pub(super) fn up_max(&self) -> Duration {
        let times = self.advertised.durations;
        self.within(times.init) + self.within(times.tx_turn_on)
    }

    /// How long it may take to go down.
    pub(super) fn down_max(&self) -> Duration {
        let times = self.advertised.durations;
        self.within(times.deinit) + self.within(times.tx_turn_off)
    }

    /// How long the module may take up or down.
    pub(super) fn power_max(&self) -> Duration {
        let times = self.advertised.durations;
        self.within(times.power_up).max(self.within(times.power_down))
    }

    /// How long anything may take that is under way.
    pub(super) fn settle_max(&self) -> Duration {
        let tuning = self.config.tuning_max;
        [self.up_max(), self.down_max(), self.power_max(), self.config.apply_max, tuning]
            .into_iter()
            .max()
            .unwrap_or_default()
    }

    pub(super) fn byte(&self, address: Address) -> u8 {
        self.image.bytes(address)[0]
    }

    /// Host lanes whose data path is not in a state.
    fn lanes_not(&self, lanes: u8, state: DataPathState) -> u8 {
        let differs = |lane: &u8| data_path_state(self.image, 0, *lane) != state;
        lanes_of(lanes).filter(differs).map(|lane| 1 << lane).sum()
    }

    /// Takes lanes down, where they are not.
    pub(super) fn down(&self, lanes: u8) -> Vec<Step> {
        let deinit = self.byte(DEINIT);
        let mut steps = Vec::new();
        if deinit & lanes != lanes {
            let write = Step::write("take the data path down", DEINIT, vec![deinit | lanes]);
            steps.push(write);
        }
        if self.lanes_not(lanes, DataPathState::Deactivated) != 0 {
            let state = DataPathState::Deactivated;
            let awaited = Await::DataPath { lanes, state };
            steps.push(Step::wait("wait until it is down", awaited, self.down_max()));
        }
        steps
    }

    /// The control set's byte of a lane (from 0).
    fn active(&self, lane: u8) -> LaneConfig {
        LaneConfig::from_byte(self.image.bytes(ACTIVE)[usize::from(lane)])
    }

    /// Host lanes of the data path that a lane (from 0) is configured for.
    fn data_path_of(&self, lane: u8) -> u8 {
        let config = self.active(lane);
        let same = |other: &u8| {
            let it = self.active(*other);
            it.select == config.select && it.first_lane == config.first_lane
        };
        if config.select == 0 {
            return 0;
        }
        let below = (0..lane).rev().take_while(same);
        let above = (lane + 1..LANES).take_while(same);
        (1 << lane) | below.chain(above).map(|lane| 1 << lane).sum::<u8>()
    }

    pub(super) fn refuse_fault(&self) -> Result<(), Error> {
        if ModuleState::decode(self.image) == ModuleState::Fault {
            return Err(Error::Fault { cause: fault_cause(self.image) });
        }
        Ok(())
    }
}

/// The steps of an order on a module that is not busy.
pub(super) fn procedure(ground: &Ground<'_>, order: &Order) -> Result<Procedure, Error> {
    match order {
        Order::Survey | Order::Observe => Ok(Procedure::default()),
        Order::Reset => Ok(reset(ground)),
        Order::Provision(target) => provision(ground, target),
        Order::Deactivate { first_host_lane } => deactivate(ground, *first_host_lane),
        Order::RxOutput(output) => rx_output(ground, *output),
        Order::LowPower => low_power(ground),
    }
}

fn reset(ground: &Ground<'_>) -> Procedure {
    let control = ground.byte(CONTROL) | ModuleControl::SOFTWARE_RESET;
    let restart = Step::trigger("reset the module", CONTROL, vec![control]);
    let within = ground.config.reset_max + ground.power_max();
    let wait = Step::wait("wait until it answers again", Await::Restarted, within);
    Procedure { steps: vec![restart, wait], extent: Extent::default() }
}

fn low_power(ground: &Ground<'_>) -> Result<Procedure, Error> {
    ground.refuse_fault()?;
    let control = ground.byte(CONTROL);
    let wanted = control | ModuleControl::LOW_POWER_REQUEST;
    let in_use = ground.lanes_not(0xFF, DataPathState::Deactivated);
    let configured: u8 =
        (0..LANES).filter(|lane| ground.active(*lane).select != 0).map(|lane| 1 << lane).sum();
    let lanes = in_use & configured;
    let mut steps = if lanes == 0 { Vec::new() } else { ground.down(lanes) };
    if wanted != control {
        steps.push(Step::write("ask for low power", CONTROL, vec![wanted]));
    }
    let awaited = Await::Module(ModuleState::LowPwr);
    steps.push(Step::wait("wait for low power", awaited, ground.power_max()));
    Ok(Procedure { steps, extent: Extent { lanes, media_lane: 0 } })
}

fn deactivate(ground: &Ground<'_>, first_host_lane: u8) -> Result<Procedure, Error> {
    ground.refuse_fault()?;
    let lane = lane_index(first_host_lane)?;
    let lanes = ground.data_path_of(lane);
    if lanes == 0 {
        return Ok(Procedure::default());
    }
    let select = ground.active(lane).select;
    let first = ground.active(lane).first_lane;
    let applications = Application::decode_all(ground.image);
    let application = applications.iter().find(|it| it.select == select);
    let (media_lane, count) =
        application.map_or((0, 1), |it| (it.media_lane(first) - 1, it.media_lanes));
    let mut steps = ground.down(lanes);
    let off = ground.byte(TX_DISABLE);
    let wanted = off | lane_mask(media_lane, count);
    if ground.advertised.has_tx_disable && wanted != off {
        steps.push(Step::write("turn the transmitter off", TX_DISABLE, vec![wanted]));
    }
    Ok(Procedure { steps, extent: Extent { lanes, media_lane } })
}

fn lane_index(lane: u8) -> Result<u8, Error> {
    if (1..=LANES).contains(&lane) {
        return Ok(lane - 1);
    }
    let (value, max) = (f64::from(lane), f64::from(LANES));
    Err(Error::OutOfRange { what: "the host lane", value, min: 1.0, max, unit: "" })
}

/// What a target means for a module.
struct Wanted {
    extent: Extent,
    /// Host lanes of the new data path alone.
    mask: u8,
    media_mask: u8,
    staged: [u8; LANES as usize],
    tuning: Option<(Grid, i16)>,
    power_dbm: Option<f64>,
}

fn provision(ground: &Ground<'_>, target: &Target) -> Result<Procedure, Error> {
    ground.refuse_fault()?;
    let wanted = resolve(ground, target)?;
    let extent = wanted.extent;
    let up = ground.lanes_not(wanted.mask, DataPathState::Activated) == 0;
    let configured = lanes_of(wanted.extent.lanes).all(|lane| {
        let staged = LaneConfig::from_byte(wanted.staged[usize::from(lane)]);
        let active = ground.active(lane);
        (active.select, active.first_lane) == (staged.select, staged.first_lane)
    });
    let tuned = wanted.tuning.is_none_or(|(grid, channel)| {
        let laser = Laser::decode(ground.image, 0, extent.media_lane);
        laser.is_some_and(|it| it.grid == Some(grid) && it.channel == channel && !it.fine_tuning)
    });
    let steps = if up && configured && tuned {
        without_init(ground, &wanted)?
    } else {
        with_init(ground, &wanted)?
    };
    Ok(Procedure { steps, extent })
}

/// Power alone takes effect on a running data path (C-CMIS 1.3, 12h:200 is not staged).
fn without_init(ground: &Ground<'_>, wanted: &Wanted) -> Result<Vec<Step>, Error> {
    let mut steps = power(ground, wanted)?;
    if !steps.is_empty() {
        let lane = wanted.extent.media_lane;
        let awaited = Await::LaserContent { lane };
        steps.push(Step::wait("ask the laser", awaited, ground.config.grace));
    }
    steps.extend(transmitter_on(ground, wanted));
    Ok(steps)
}

fn with_init(ground: &Ground<'_>, wanted: &Wanted) -> Result<Vec<Step>, Error> {
    let Extent { lanes, media_lane } = wanted.extent;
    let mut steps = Vec::new();
    if ModuleState::decode(ground.image) == ModuleState::Ready {
        steps.extend(ground.down(lanes));
    } else {
        steps.extend(power_up(ground, lanes));
    }
    steps.extend(tuning(ground, wanted)?);
    steps.extend(power(ground, wanted)?);
    steps.extend(apply(ground, lanes, &wanted.staged, Trigger::Init));
    steps.extend(transmitter_on(ground, wanted));
    let deinit = (ground.byte(DEINIT) | lanes) & !wanted.mask;
    steps.push(Step::write("bring the data path up", DEINIT, vec![deinit]));
    let awaited = Await::DataPath { lanes: wanted.mask, state: DataPathState::Activated };
    steps.push(Step::wait("wait until it is up", awaited, ground.up_max()));
    if ground.advertised.is_tunable {
        let target_ghz = wanted.tuning.map(|(grid, channel)| grid.frequency_ghz(channel));
        let tolerance_ghz = f64::from(ground.config.frequency_tolerance_ghz);
        let awaited = Await::Tuned { lane: media_lane, target_ghz, tolerance_ghz };
        let within = ground.config.tuning_max;
        steps.push(Step::wait("wait until the laser stands", awaited, within));
    }
    steps.push(Step::read("read the lanes", Address::page_of(0, 0x11)));
    Ok(steps)
}

/// Out of low power, with the lanes held down: a module in its default state would bring its
/// default application up (CMIS 5.x, 6.3.2.4).
fn power_up(ground: &Ground<'_>, lanes: u8) -> Vec<Step> {
    let deinit = ground.byte(DEINIT);
    let control = ground.byte(CONTROL);
    let requests = ModuleControl::LOW_POWER_REQUEST | ModuleControl::LOW_POWER_ALLOW_HARDWARE;
    let mut steps = Vec::new();
    if deinit & lanes != lanes {
        steps.push(Step::write("hold the data path down", DEINIT, vec![deinit | lanes]));
    }
    if control & requests != 0 {
        steps.push(Step::write("leave low power", CONTROL, vec![control & !requests]));
    }
    let ready = Await::Module(ModuleState::Ready);
    steps.push(Step::wait("wait until the module is ready", ready, ground.power_max()));
    steps.push(Step::read("read the lanes", STATES));
    let down = Await::DataPath { lanes, state: DataPathState::Deactivated };
    steps.push(Step::wait("wait until the data path is down", down, ground.down_max()));
    steps
}

/// Grid and channel of the laser, where they differ.
fn tuning(ground: &Ground<'_>, wanted: &Wanted) -> Result<Vec<Step>, Error> {
    let Some((grid, channel)) = wanted.tuning else {
        return Ok(Vec::new());
    };
    let lane = wanted.extent.media_lane;
    let grid_at = Address::trusted(0, 0x12, 128 + lane, 1);
    let mut steps = Vec::new();
    let mut put = |name, address: Address, bytes: Vec<u8>| {
        if ground.image.bytes(address) != bytes.as_slice() {
            steps.push(Step::write(name, address, bytes));
        }
    };
    put("set the grid", grid_at, vec![grid.code() << 4]);
    put("set the channel", CHANNEL.address(0, lane), channel.to_be_bytes().to_vec());
    put("set no fine tuning", FINE_OFFSET.address(0, lane), vec![0, 0]);
    Ok(steps)
}

/// Target power, where it differs.
fn power(ground: &Ground<'_>, wanted: &Wanted) -> Result<Vec<Step>, Error> {
    let Some(power_dbm) = wanted.power_dbm else {
        return Ok(Vec::new());
    };
    let address = TARGET_POWER.address(0, wanted.extent.media_lane);
    let bytes = TARGET_POWER.encode(power_dbm)?;
    if ground.image.bytes(address) == bytes.as_slice() {
        return Ok(Vec::new());
    }
    Ok(vec![Step::write("set the output power", address, bytes)])
}

fn transmitter_on(ground: &Ground<'_>, wanted: &Wanted) -> Vec<Step> {
    let off = ground.byte(TX_DISABLE);
    if off & wanted.media_mask == 0 {
        return Vec::new();
    }
    vec![Step::write("turn the transmitter on", TX_DISABLE, vec![off & !wanted.media_mask])]
}

/// Which trigger takes a staged control set over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trigger {
    /// ApplyDPInit: at the next initialisation of the data path.
    Init,
    /// ApplyImmediate: at once, on a running data path.
    Now,
}

/// Stages what lanes are to be, and has it taken over. `lanes` are in a row.
pub(super) fn apply(
    ground: &Ground<'_>,
    lanes: u8,
    staged: &[u8; LANES as usize],
    trigger: Trigger,
) -> Vec<Step> {
    let (first, count) = (lanes.trailing_zeros() as u8 % LANES, lanes.count_ones() as u8);
    let range = usize::from(first)..usize::from(first + count);
    let bytes = staged[range].to_vec();
    let at = |whole: Address| Address::trusted(0, whole.page(), whole.offset() + first, count);
    let address = if trigger == Trigger::Init { APPLY_INIT } else { APPLY_NOW };
    let awaited = Await::Config { lanes, staged: *staged };
    vec![
        Step::write("stage the application", at(STAGED), bytes),
        Step::trigger("apply", address, vec![lanes]),
        Step::wait("wait until it is taken", awaited, ground.config.apply_max),
    ]
}

fn resolve(ground: &Ground<'_>, target: &Target) -> Result<Wanted, Error> {
    let lane = lane_index(target.first_host_lane)?;
    let application = choose(ground, target.application, lane)?;
    let mask = application.host_mask(target.first_host_lane).ok_or_else(|| Error::NotOffered {
        what: format!("application {} from host lane {}", application.select, lane + 1),
        offers: format!("starts {:08b}b, lane 1 last", application.host_starts),
    })?;
    let lanes = mask | ground.data_path_of(lane);
    refuse_neighbour(ground, lanes, target.first_host_lane)?;
    let media_lane = application.media_lane(target.first_host_lane) - 1;
    Ok(Wanted {
        extent: Extent { lanes, media_lane },
        mask,
        media_mask: lane_mask(media_lane, application.media_lanes.max(1)),
        staged: staged(&application, target.first_host_lane, mask),
        tuning: target.frequency.map(|carrier| channel(ground, carrier)).transpose()?,
        power_dbm: target.power_dbm.map(|power| checked_power(ground, power)).transpose()?,
    })
}

/// What lanes are to be; 0, no application, for those the new data path leaves out.
fn staged(application: &Application, first_lane: u8, mask: u8) -> [u8; LANES as usize] {
    let select = application.select;
    let byte = LaneConfig { select, first_lane, is_explicit: false }.byte();
    let mut staged = [0; LANES as usize];
    for lane in lanes_of(mask) {
        staged[usize::from(lane)] = byte;
    }
    staged
}

/// A data path that starts elsewhere and runs is not taken down for another.
fn refuse_neighbour(ground: &Ground<'_>, lanes: u8, first_lane: u8) -> Result<(), Error> {
    let runs = ground.lanes_not(lanes, DataPathState::Deactivated);
    let other = lanes_of(runs).find(|lane| {
        let config = ground.active(*lane);
        config.select != 0 && config.first_lane != first_lane
    });
    let Some(lane) = other else {
        return Ok(());
    };
    let first = ground.active(lane).first_lane;
    Err(Error::NotOffered {
        what: format!("host lane {}: the data path from lane {first} uses it", lane + 1),
        offers: "the lane once that data path is deactivated".to_owned(),
    })
}

fn choose(ground: &Ground<'_>, choice: Choice, lane: u8) -> Result<Application, Error> {
    let all = Application::decode_all(ground.image);
    let kept = ground.active(lane).select;
    let starts = |it: &&Application| it.host_mask(lane + 1).is_some();
    let found = match choice {
        Choice::Keep if kept != 0 => all.iter().find(|it| it.select == kept),
        Choice::Keep => all.iter().find(starts),
        Choice::Select(select) => all.iter().find(|it| it.select == select),
        Choice::Interfaces { host, media } => {
            all.iter().find(|it| it.host_code == host && it.media_code == media)
        }
    };
    found.cloned().ok_or_else(|| {
        let name = |it: &Application| {
            let (host, media) = (it.host.unwrap_or("?"), it.media.unwrap_or("?"));
            format!("{} ({host} to {media})", it.select)
        };
        let offers: Vec<String> = all.iter().map(name).collect();
        Error::NotOffered { what: format!("{choice:?}"), offers: offers.join(", ") }
    })
}

fn capabilities(ground: &Ground<'_>) -> Result<LaserCapabilities, Error> {
    let tunable = ground.advertised.is_tunable;
    let decoded = tunable.then(|| LaserCapabilities::decode(ground.image)).flatten();
    decoded.ok_or_else(|| Error::NotOffered {
        what: "a tunable laser".to_owned(),
        offers: format!("{} nm", ground.advertised.wavelength_nm),
    })
}

fn channel(ground: &Ground<'_>, carrier: Carrier) -> Result<(Grid, i16), Error> {
    let capabilities = capabilities(ground)?;
    match carrier.grid {
        Some(grid) => Ok((grid, capabilities.channel(grid, carrier.frequency_ghz)?)),
        None => capabilities.grid_for(carrier.frequency_ghz),
    }
}

fn checked_power(ground: &Ground<'_>, power_dbm: f64) -> Result<f64, Error> {
    capabilities(ground)?.check_power(power_dbm)?;
    Ok(power_dbm)
}

fn rx_output(ground: &Ground<'_>, output: RxOutput) -> Result<Procedure, Error> {
    ground.refuse_fault()?;
    let lane = lane_index(output.first_host_lane)?;
    let lanes = ground.data_path_of(lane);
    if lanes == 0 {
        let what = format!("outputs of host lane {}: it has no data path", lane + 1);
        let offers = "them once a data path is provisioned".to_owned();
        return Err(Error::NotOffered { what, offers });
    }
    let mut steps = rx_settings(ground, output, lanes)?;
    let mut staged = [0; LANES as usize];
    for lane in lanes_of(lanes) {
        let config = LaneConfig { is_explicit: true, ..ground.active(lane) };
        staged[usize::from(lane)] = config.byte();
    }
    let runs = ground.lanes_not(lanes, DataPathState::Deactivated) != 0;
    let trigger = if runs { Trigger::Now } else { Trigger::Init };
    steps.extend(apply(ground, lanes, &staged, trigger));
    Ok(Procedure { steps, extent: Extent { lanes, media_lane: 0 } })
}

/// The settings, two lanes to a byte, after a look at what is advertised.
fn rx_settings(ground: &Ground<'_>, output: RxOutput, lanes: u8) -> Result<Vec<Step>, Error> {
    let has = ground.advertised.rx_output;
    let limits = ground.image.bytes(Address::trusted(0, 1, 153, 2));
    let amplitudes = limits[0] >> 4;
    let wanted = [
        ("set the pre-cursor", output.pre_cursor, has.pre_cursor, limits[1] & 0xF, 162u8),
        ("set the post-cursor", output.post_cursor, has.post_cursor, limits[1] >> 4, 166),
        ("set the amplitude", output.amplitude, has.amplitude, 3, 170),
    ];
    let mut steps = Vec::new();
    for (name, code, has, max, first) in wanted {
        let Some(code) = code else { continue };
        let missing = name == "set the amplitude" && code <= 3 && amplitudes >> code & 1 == 0;
        if !has || missing {
            let offers = "the outputs as they are".to_owned();
            return Err(Error::NotOffered { what: format!("to {name} to {code}"), offers });
        }
        if code > max {
            let (value, max) = (f64::from(code), f64::from(max));
            return Err(Error::OutOfRange { what: "the code", value, min: 0.0, max, unit: "" });
        }
        let address = Address::trusted(0, 0x10, first, LANES / 2);
        let mut bytes = ground.image.bytes(address).to_vec();
        for lane in lanes_of(lanes) {
            let (byte, shift) = (usize::from(lane / 2), 4 * (lane % 2));
            bytes[byte] = bytes[byte] & !(0xF << shift) | code << shift;
        }
        steps.push(Step::write(name, address, bytes));
    }
    Ok(steps)
}
