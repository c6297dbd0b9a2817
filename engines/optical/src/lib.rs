//! The optical engine: where wavelengths go.
//!
//! # What it answers
//! A request names two POPs and a rate. The engine finds a route, a transponder mode that works
//! over it, and a block of spectrum that is free on every link of the route (continuity) without
//! a gap (contiguity), on a centre frequency that the modules can be tuned to. Or it says what
//! was missing on each route and what the nearest choice is that would work.
//!
//! # How it is driven
//! [`network::Network`] is the whole state as one persistent value. A dry run is a clone on which
//! one allocates; a roll-back is an older clone. Every operation is all or nothing, allocation is
//! idempotent by connection id, and a release frees what the record owns, once.
//!
//! ```
//! use optical::{mode::ByReach, network::{Network, Strategy}, profile::Profile};
//! use optical::topology::Topology;
//!
//! let network = Network::new(Profile::zr75(), Topology::default());
//! let mut dry_run = network.clone();
//! // dry_run.allocate(&request, Strategy::default(), &ByReach)? ... and compare, or drop it.
//! # let _ = (&mut dry_run, Strategy::default(), ByReach);
//! ```
//!
//! # Where things are
//! [`grid`] holds the flexible grid of ITU-T G.694.1 and the grids of modules, [`spectrum`] sets
//! of slots, [`paths`] loopless paths in order, [`assign`] the spectrum policies, [`protect`]
//! disjoint pairs, [`restore`] what to do when links fail, [`defrag`] how to close gaps without
//! interruption, [`explain`] the reasons of a refusal, and [`planner`] a simulator for questions
//! about traffic to come. Whether a mode works on a route is judged by a [`mode::Judge`]: by
//! reach, by OSNR figures handed in, or by a model of the physical layer.
//!
//! Everything is a function of its arguments: no clock, no files, no random numbers but those of
//! a seeded generator that the planner is handed, no order that depends on hashes.

pub mod assign;
pub mod defrag;
pub mod explain;
pub mod grid;
pub mod mode;
pub mod network;
pub mod paths;
pub mod planner;
pub mod profile;
pub mod protect;
pub mod qot;
pub mod quantity;
pub mod restore;
pub mod spectrum;
pub mod topology;
