//! Putting back what a failed order has written.

use std::collections::BTreeSet;

use crate::application::lanes_of;
use crate::status::data_path_state;
use crate::{Address, DataPathState, Image, LANES, ModuleState, vdm};

use super::procedure::{
    APPLY_INIT, APPLY_NOW, CONTROL, DEINIT, Extent, Ground, STAGED, TX_DISABLE, Trigger, apply,
};
use super::step::{ACTIVE, Await, Step};

/// Registers that an order has written.
#[derive(Debug, Clone, Default)]
pub(super) struct Touched {
    written: BTreeSet<Address>,
}

impl Touched {
    pub(super) fn note(&mut self, address: Address) {
        self.written.insert(address);
    }

    /// Whether anything was written that configures the module.
    pub(super) fn has_configured(&self) -> bool {
        self.written.iter().any(|at| *at != vdm::FREEZE)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    pub(super) fn has(&self, address: Address) -> bool {
        self.written.contains(&address)
    }

    fn has_staged(&self) -> bool {
        let inside = |at: &Address| {
            at.page() == STAGED.page()
                && (STAGED.offset()..STAGED.offset() + LANES).contains(&at.offset())
        };
        self.written.iter().any(inside)
    }

    /// Plain settings, which take their former value at any time the data path is down: the
    /// laser's and the receiver outputs'.
    fn settings(&self) -> impl Iterator<Item = Address> {
        let plain = |at: &Address| at.page() == 0x12 || (at.page() == 0x10 && at.offset() >= 153);
        self.written.iter().copied().filter(plain)
    }
}

/// The steps that lead from wherever the module is to what `before` shows. `ground` is the image
/// as of now.
pub(super) fn steps(
    ground: &Ground<'_>,
    before: &Image,
    touched: &Touched,
    extent: Extent,
) -> Vec<Step> {
    let mut steps = Vec::new();
    if touched.has(vdm::FREEZE) {
        steps.push(Step::trigger("let statistics run", vdm::FREEZE, vec![0]));
    }
    let went_down = touched.has(DEINIT);
    let lanes = extent.lanes;
    if went_down && lanes != 0 {
        let held = before.bytes(DEINIT)[0] | lanes;
        steps.push(Step::write("take the data path down again", DEINIT, vec![held]));
        if ModuleState::decode(ground.image) == ModuleState::Ready {
            let awaited = Await::DataPath { lanes, state: DataPathState::Deactivated };
            steps.push(Step::wait("wait until it is down", awaited, ground.down_max()));
        }
        // A laser that was on its way somewhere, or a module, may take longer.
        let within = ground.settle_max();
        steps.push(Step::wait("wait for what is under way", Await::Settled, within));
    }
    for address in touched.settings() {
        let bytes = before.bytes(address).to_vec();
        steps.push(Step::write("restore a setting", address, bytes));
    }
    steps.extend(restore_staged(ground, before, touched, lanes));
    // The power mode comes before the lanes: in low power they stay down whatever they are told,
    // and out of it they need the module to be ready.
    restore_byte(&mut steps, touched, before, CONTROL, "restore the power mode");
    let state = ModuleState::decode(before);
    if touched.has(CONTROL) && matches!(state, ModuleState::LowPwr | ModuleState::Ready) {
        let awaited = Await::Module(state);
        let within = ground.power_max();
        steps.push(Step::wait("wait for the power mode it had", awaited, within));
    }
    restore_byte(&mut steps, touched, before, TX_DISABLE, "restore the transmitter");
    restore_byte(&mut steps, touched, before, DEINIT, "restore the data path");
    let running = running(before, lanes);
    if went_down && running != 0 {
        let awaited = Await::DataPath { lanes: running, state: DataPathState::Activated };
        steps.push(Step::wait("wait until it is up again", awaited, ground.up_max()));
    }
    steps
}

fn restore_byte(
    steps: &mut Vec<Step>,
    touched: &Touched,
    before: &Image,
    address: Address,
    name: &'static str,
) {
    if touched.has(address) {
        steps.push(Step::write(name, address, before.bytes(address).to_vec()));
    }
}

fn running(before: &Image, lanes: u8) -> u8 {
    let ran = |lane: &u8| data_path_state(before, 0, *lane) == DataPathState::Activated;
    lanes_of(lanes).filter(ran).map(|lane| 1 << lane).sum()
}

/// The former configuration of the lanes: taken over again where it had been active, else staged
/// as it had been.
fn restore_staged(ground: &Ground<'_>, before: &Image, touched: &Touched, lanes: u8) -> Vec<Step> {
    if !touched.has_staged() || lanes == 0 {
        return Vec::new();
    }
    let mut staged = [0; LANES as usize];
    let applied = touched.has(APPLY_INIT) || touched.has(APPLY_NOW);
    if !applied {
        let bytes = before.bytes(STAGED).to_vec();
        return vec![Step::write("restore the staged application", STAGED, bytes)];
    }
    staged.copy_from_slice(before.bytes(ACTIVE));
    let trigger = if touched.has(APPLY_NOW) { Trigger::Now } else { Trigger::Init };
    let mut steps = apply(ground, lanes, &staged, trigger);
    let bytes = before.bytes(STAGED).to_vec();
    steps.push(Step::write("restore the staged application", STAGED, bytes));
    steps
}
