//! What can be ordered of a driver, and what comes of it.

use std::time::Duration;

use crate::{Address, Error, Grid};

/// What to do with the module.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Read everything that describes the module: identity, advertisement, limits, controls.
    Survey,
    /// Read everything that changes by itself: states, flags, monitors, and with VDM frozen so
    /// that it belongs together, VDM and the performance of the link. Reading clears latched
    /// flags; what they were is in the image afterwards.
    Observe,
    /// Bring a data path up with an application, a frequency and a power.
    Provision(Target),
    /// Take a data path down and its transmitter off.
    Deactivate {
        /// First host lane, from 1.
        first_host_lane: u8,
    },
    /// Set the receiver outputs towards the host.
    RxOutput(RxOutput),
    /// Take every data path down and the module to low power.
    LowPower,
    /// Restart the module's management, as pulling and plugging would.
    Reset,
}

/// What a data path is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// First host lane, from 1.
    pub first_host_lane: u8,
    /// Application.
    pub application: Choice,
    /// Frequency; `None` leaves it.
    pub frequency: Option<Carrier>,
    /// Target output power, dBm; `None` leaves it.
    pub power_dbm: Option<f64>,
}

/// Which application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The one the lane has; the first that may start there when it has none.
    Keep,
    /// By its number in the module's own list, 1 to 15.
    Select(u8),
    /// By its interfaces, whatever number the module gives them.
    Interfaces {
        /// SFF-8024 host interface code.
        host: u8,
        /// SFF-8024 media interface code.
        media: u8,
    },
}

/// A frequency to tune to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Carrier {
    /// Frequency, GHz.
    pub frequency_ghz: f64,
    /// Grid; `None` takes the widest supported one that has the frequency.
    pub grid: Option<Grid>,
}

/// Settings of the receiver outputs of a data path (10h:162-173). `None` leaves a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RxOutput {
    /// First host lane, from 1.
    pub first_host_lane: u8,
    /// Pre-cursor equalisation code.
    pub pre_cursor: Option<u8>,
    /// Post-cursor equalisation code.
    pub post_cursor: Option<u8>,
    /// Amplitude code, 0 to 3.
    pub amplitude: Option<u8>,
}

/// What the world tells a driver.
#[derive(Debug, Clone, PartialEq)]
pub enum Input<'a> {
    /// Something to do. Its end is told with the same number.
    Order {
        /// The caller's number.
        id: u64,
        /// What to do.
        order: Order,
    },
    /// What came of an access.
    Answer {
        /// The number of the access.
        id: u64,
        /// The bytes read, or none for a write; or what the bus said.
        result: Result<&'a [u8], &'a str>,
    },
    /// Take back the order that is under way. What it has written is undone.
    Cancel,
}

/// What a driver wants of the world.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Do this on the bus and answer with the number. One at a time.
    Access {
        /// Its number.
        id: u64,
        /// Where.
        address: Address,
        /// Bytes to write; `None` to read.
        write: Option<Vec<u8>>,
    },
    /// Something to look at.
    Event(Event),
}

/// What an operator may want to see.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A step began.
    Began {
        /// The order's number.
        order: u64,
        /// The step, in words.
        step: &'static str,
    },
    /// An order came to its end. Told once for each order.
    Ended {
        /// The order's number.
        order: u64,
        /// What came of it.
        result: Result<Done, Box<Failure>>,
    },
}

/// An order that was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// Whether any register was written; not when everything was so already.
    pub wrote: bool,
    /// Whether a data path went down on the way.
    pub reinitialised: bool,
}

/// An order that was not carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Why.
    pub error: Error,
    /// The step it failed in.
    pub step: &'static str,
    /// What became of what was written before.
    pub undo: Undo,
}

/// What became of the registers that a failed order had written.
#[derive(Debug, Clone, PartialEq)]
pub enum Undo {
    /// None was written.
    NotNeeded,
    /// All have their former values, and the states they had before are reached.
    Complete,
    /// Putting them back failed too.
    Incomplete {
        /// Why.
        error: Error,
        /// The step of the undoing it failed in, and those after it.
        left: Vec<&'static str>,
    },
}

/// How patient a driver is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverConfig {
    /// How long an answer to an access may take. Two-wire transfers take milliseconds; one second
    /// leaves room for a shared bus.
    pub access_max: Duration,
    /// How often an access is tried. CMIS lets a module not acknowledge while it is occupied.
    pub attempts_max: u8,
    /// Time between attempts; tWR of CMIS is 10 to 80 ms.
    pub retry_after: Duration,
    /// Time between looks at a state that is awaited.
    pub look_every: Duration,
    /// Added to every advertised time.
    pub grace: Duration,
    /// Taken where the module advertises a reserved code; what switch software takes.
    pub unadvertised_max: Duration,
    /// How long a configuration may be looked at. CMIS advertises no time for it.
    pub apply_max: Duration,
    /// How long tuning may take after the data path is up; data sheets say up to 180 s.
    pub tuning_max: Duration,
    /// How long a freeze of VDM may take; CMIS says one second at most.
    pub freeze_max: Duration,
    /// How long a module may be away when it restarts; tInit of CMIS is 2 s.
    pub reset_max: Duration,
    /// How far the laser may be from its target, GHz: 400ZR lets it be 1.8 GHz.
    pub frequency_tolerance_ghz: u8,
}

impl Default for DriverConfig {
    fn default() -> Self {
        Self {
            access_max: Duration::from_secs(1),
            attempts_max: 3,
            retry_after: Duration::from_millis(80),
            look_every: Duration::from_millis(100),
            grace: Duration::from_millis(500),
            unadvertised_max: Duration::from_secs(60),
            apply_max: Duration::from_secs(10),
            tuning_max: Duration::from_secs(180),
            freeze_max: Duration::from_secs(2),
            reset_max: Duration::from_secs(10),
            frequency_tolerance_ghz: 2,
        }
    }
}
