//! CMIS and C-CMIS without a bus: the registers of pluggable optics, a driver and a module to try
//! it on.
//!
//! # The protocol
//!
//! A module in a cage is 256 bytes on a two-wire bus (OIF CMIS 5.x). The lower 128 are fixed, the
//! upper 128 a window on pages; see [`Address`]. Reading them tells who made the module, what it
//! can do, how warm it is and what reaches it. Writing them changes it. Coherent modules have more
//! pages for their laser, their link and their error correction (OIF C-CMIS 1.3).
//!
//! Two state machines stand behind the registers. The module's leads from low power over power-up
//! to ready and back ([`ModuleState`]). One per data path, that is per group of host lanes with the
//! media lanes they go to, leads from deactivated over initialisation to activated
//! ([`DataPathState`]). How long each change may take is advertised in 01h ([`Durations`]).
//!
//! A configuration is staged first (10h:145 and on), then taken over by a trigger, then answered
//! lane by lane ([`ConfigStatus`]). An application, a frequency and a grid take effect when the
//! data path initialises; the output power at once.
//!
//! # The parts
//!
//! - [`Image`] holds the pages that were read; [`Module::decode`] makes sense of any bytes.
//! - [`map`] is the list of numeric registers, with place, encoding and unit of each.
//! - [`driver::Driver`] carries orders out by asking for one access at a time. It checks everything
//!   against what the module advertises before it writes, waits while the module is busy, reads
//!   back what it wrote, and undoes what it wrote when it cannot finish.
//! - [`sim::Sim`] is a module in memory, behind the same accesses, with faults to switch.
//!
//! ```
//! use std::time::Duration;
//! use cmis::driver::{Carrier, Choice, Driver, DriverConfig, Event, Input, Order, Output, Target};
//! use cmis::sim::{Profile, Sim};
//! use cmis::Module;
//!
//! let mut now = Duration::ZERO; // the one clock is the caller's
//! let mut sim = Sim::new(&Profile::coherent_400g("W0001"), now);
//! let mut driver = Driver::new(DriverConfig::default());
//! let order = Order::Provision(Target {
//!     first_host_lane: 1,
//!     application: Choice::Interfaces { host: 0x11, media: 0x3E }, // 400GAUI-8 to 400ZR
//!     frequency: Some(Carrier { frequency_ghz: 193_475.0, grid: None }),
//!     power_dbm: Some(-8.0),
//! });
//! driver.handle_input(now, Input::Order { id: 1, order })?;
//! let result = loop {
//!     match driver.poll_output() {
//!         Some(Output::Access { id, address, write }) => {
//!             let answer = match write {
//!                 Some(bytes) => sim.write(now, address, &bytes).map(|()| Vec::new()),
//!                 None => sim.read(now, address),
//!             };
//!             let answer = answer.map_err(|nack| nack.to_string());
//!             let result = answer.as_deref().map_err(String::as_str);
//!             driver.handle_input(now, Input::Answer { id, result })?;
//!         }
//!         Some(Output::Event(Event::Ended { result, .. })) => break result,
//!         Some(Output::Event(Event::Began { .. })) => {} // for whoever looks on
//!         None => {
//!             let (deadline, _reason) = driver.poll_timeout().expect("an order is under way");
//!             now = deadline;
//!             driver.handle_timeout(now);
//!         }
//!     }
//! };
//! assert!(result.is_ok());
//! assert_eq!(sim.frequency_ghz(), 193_475.0);
//! assert_eq!(Module::decode(sim.image()).lanes[0].state.name(), "DataPathActivated");
//! # Ok::<(), cmis::Error>(())
//! ```

mod address;
mod advertisement;
mod application;
pub mod driver;
mod encoding;
mod error;
mod identity;
mod image;
mod laser;
pub mod map;
mod masks;
mod module;
mod monitor;
mod names;
mod performance;
pub mod sim;
mod status;
pub mod vdm;

pub use address::{Address, BANKED_FROM, HALF, PageSelect, WRITE_LEN_MAX};
pub use advertisement::{Advertisement, AuxKind, Durations, RxOutputControls};
pub use application::{APPLICATIONS_MAX, Application, LANES, MediaType, host_interface};
pub use encoding::{
    dbm, duration_max_ms, f16, milliwatts, text, to_duration_code, to_f16, to_text,
};
pub use error::Error;
pub use identity::{Identity, Revision, bad_checksums, checksum};
pub use image::{Image, PAGES_MAX};
pub use laser::{
    ANCHOR_GHZ, CHANNEL_TOLERANCE_GHZ, FineTuning, Grid, GridRange, Laser, LaserCapabilities,
    LaserFlags, PowerRange,
};
pub use map::{Field, Kind};
pub use masks::{LaneMasks, ModuleMasks};
pub use module::{Module, ModuleControl};
pub use monitor::{Four, LaneLimits, Monitor, Monitors};
pub use performance::{FEC_PAGE, FecCounters, LINK_PAGE, Performance, Statistic};
pub use status::{ConfigStatus, DataPathState, Lane, LaneConfig, ModuleState, fault_cause};
pub use vdm::{Observable, VdmItem};
