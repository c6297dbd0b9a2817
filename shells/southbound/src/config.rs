//! Settings of the southbound side.

use std::time::Duration;

use netconf_proto::Limits;

/// Settings of a [`Southbound`](crate::Southbound), the same for all devices.
#[derive(Clone, Debug)]
pub struct Config {
    /// How long each step may take.
    pub timeouts: Timeouts,
    /// Pauses between attempts to reach a device.
    pub reconnect: BackOff,
    /// Pauses between attempts to lock a device that somebody else works on.
    pub busy: BackOff,
    /// How long a device may be busy until that is reported. It is tried on after that.
    pub busy_reported_after: Duration,
    /// How often a device's configuration is read to find changes by others: every 30 s.
    pub poll_interval: Duration,
    /// Silence after which the device is asked for a sign of life: 15 s.
    pub keepalive_interval: Duration,
    /// Signs of life that may be missed in a row: 3. Then the session is lost.
    pub keepalives_missed_max: usize,
    /// Whether a device is asked after a commit if it holds what it acknowledged. On: some
    /// devices drop what they do not understand, and a second read is cheap beside a wrong belief.
    pub verify_after_commit: bool,
    /// How long a device waits for the commit that confirms its commit, before it undoes it:
    /// 120 s, where it can do that at all. `None` for plain commits.
    pub confirm_within: Option<Duration>,
    /// Whether datastores are locked. On; off for devices whose locks are broken.
    pub locks: bool,
    /// The port of an address without one: 830.
    pub default_port: u16,
    /// Bounds on what a device sends.
    pub limits: Limits,
    /// Errors of one rejected target that are reported: 100. The rest is counted.
    pub errors_reported_max: usize,
    /// How long [`Southbound::shutdown`](crate::Southbound::shutdown) waits for changes under way.
    pub shutdown_grace: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            timeouts: Timeouts::default(),
            reconnect: BackOff { first: Duration::from_secs(1), max: Duration::from_secs(60) },
            busy: BackOff { first: Duration::from_millis(250), max: Duration::from_secs(10) },
            busy_reported_after: Duration::from_secs(60),
            poll_interval: Duration::from_secs(30),
            keepalive_interval: Duration::from_secs(15),
            keepalives_missed_max: 3,
            verify_after_commit: true,
            confirm_within: Some(Duration::from_secs(120)),
            locks: true,
            default_port: 830,
            limits: Limits::default(),
            errors_reported_max: 100,
            shutdown_grace: Duration::from_secs(10),
        }
    }
}

/// How long each step may take. A step that takes longer fails, and the session with it.
#[derive(Clone, Debug)]
pub struct Timeouts {
    /// TCP connection and SSH key exchange with one address: 10 s.
    pub connect: Duration,
    /// Login and start of the subsystem: 20 s, as some devices ask a far server.
    pub login: Duration,
    /// The device's hello: 30 s.
    pub hello: Duration,
    /// Reading: 120 s for the whole configuration of a large device.
    pub read: Duration,
    /// edit-config and validate: 120 s.
    pub edit: Duration,
    /// Commit: 300 s, which large changes take on some devices.
    pub commit: Duration,
    /// Everything else, such as locks: 30 s.
    pub other: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            login: Duration::from_secs(20),
            hello: Duration::from_secs(30),
            read: Duration::from_secs(120),
            edit: Duration::from_secs(120),
            commit: Duration::from_secs(300),
            other: Duration::from_secs(30),
        }
    }
}

/// Pauses that double from attempt to attempt, each of random length up to its bound (full
/// jitter), so that devices that failed together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackOff {
    /// Bound of the first pause.
    pub first: Duration,
    /// Bound of all.
    pub max: Duration,
}
