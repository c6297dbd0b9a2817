//! A router, and the task of the controller's process that serves it.

use std::collections::BTreeMap;

use orchestrator::{DeviceAccess, Target};
use vocab::{DeviceFacts, Generation, ModuleFacts};
use yang_data::Branch;

use crate::random::Random;

/// A router of one name, whatever box it is, with what outlives the controller's process.
#[derive(Debug, Default)]
pub(crate) struct Device {
    /// Type of the box.
    pub(crate) device_type: String,
    pub(crate) running: Branch,
    /// What it held some time ago, for whoever plays it back.
    pub(crate) past: Branch,
    /// What is wrong with its modules.
    pub(crate) modules: Modules,
    /// The newest generation it was driven to, in this life of the controller or an earlier one.
    pub(crate) driven: Generation,
    /// The task; it ends with the process.
    pub(crate) task: Task,
}

/// How the modules that a device announces differ from those of its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Modules {
    /// Not at all.
    #[default]
    Whole,
    /// One is not there.
    Without(usize),
    /// One has another revision.
    Revised(usize),
}

/// What the controller's process knows of a device.
#[derive(Debug, Default)]
pub(crate) struct Task {
    /// The newest target; `None` when nobody wants the device driven.
    pub(crate) target: Option<Target>,
    /// Events of an older epoch are void.
    pub(crate) epoch: u64,
    pub(crate) session: Option<Session>,
    pub(crate) is_connecting: bool,
    /// Facts that were reported last.
    pub(crate) facts: Option<DeviceFacts>,
    /// When the last report arrives: the next one does not overtake it.
    pub(crate) reports_until_ms: u64,
    /// Whether it was told of that the device cannot be reached.
    pub(crate) is_missed: bool,
}

/// A session that is up.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) access: DeviceAccess,
    /// What the device held when it was asked last.
    pub(crate) known: Branch,
    /// The generation that was brought to an end, good or bad.
    pub(crate) settled: Option<Generation>,
    pub(crate) push: Option<Push>,
    /// The last change was refused.
    pub(crate) was_refused: bool,
    /// Driven again during the push.
    pub(crate) is_redriven: bool,
}

/// A change under way.
#[derive(Clone, Debug)]
pub(crate) struct Push {
    pub(crate) generation: Generation,
    pub(crate) config: Branch,
}

impl Task {
    /// Ends the session, and voids what was planned for it.
    pub(crate) fn hang_up(&mut self) -> Option<Session> {
        self.epoch += 1;
        self.is_connecting = false;
        self.session.take()
    }

    /// The process dies. Epochs go on, so that nothing planned before is taken for new.
    pub(crate) fn die(&mut self) -> Option<Push> {
        let push = self.hang_up().and_then(|session| session.push);
        *self = Self { epoch: self.epoch, ..Self::default() };
        push
    }
}

impl Modules {
    pub(crate) fn any(random: &mut Random) -> Self {
        match random.below(4) {
            0 | 1 => Self::Whole,
            2 => Self::Without(random.index(64)),
            _ => Self::Revised(random.index(64)),
        }
    }

    pub(crate) fn of(
        self,
        mut modules: BTreeMap<String, ModuleFacts>,
    ) -> BTreeMap<String, ModuleFacts> {
        let name = |at: usize| modules.keys().nth(at % modules.len().max(1)).cloned();
        match self {
            Self::Whole => {}
            Self::Without(at) => {
                if let Some(name) = name(at) {
                    modules.remove(&name);
                }
            }
            Self::Revised(at) => {
                let name = name(at);
                if let Some(module) = name.and_then(|name| modules.get_mut(&name)) {
                    module.revision = Some("2001-01-01".to_owned());
                }
            }
        }
        modules
    }
}
