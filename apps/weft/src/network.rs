//! The networks that the program knows.

use std::sync::Arc;

use backbone::Addressing;
use clap::ValueEnum;
use controller::Threads;
use transform::System;

/// A network by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Network {
    /// The smallest network: two layers on IETF models.
    Minisys,
    /// An IP core with L3VPNs over IOS XR, Junos and SR Linux.
    Backbone,
}

/// How routers and links of the backbone get their addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Addresses {
    /// From router ids and the first letters of router names; two links may collide.
    #[default]
    Reference,
    /// From pools, each link and router its own.
    Allocated,
}

impl Network {
    /// Its name, as on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Minisys => "minisys",
            Self::Backbone => "backbone",
        }
    }

    /// Its layers and device types.
    pub(crate) fn system(self, addresses: Addresses) -> Arc<System> {
        let system = match self {
            Self::Minisys => minisys::system(minisys::Options),
            Self::Backbone => {
                let addressing = match addresses {
                    Addresses::Reference => Addressing::Reference,
                    Addresses::Allocated => Addressing::Allocated,
                };
                backbone::system(backbone::Options { addressing })
            }
        };
        Arc::new(system.with_executor(Arc::new(Threads::default())))
    }
}
