//! Which pages are read for an order.

use std::time::Duration;

use crate::{Address, Advertisement, Application, FEC_PAGE, Image, LINK_PAGE, MediaType, vdm};

use super::order::{DriverConfig, Order};
use super::step::{Action, Await, Step};

/// 2Fh:144 for a write that asks to hold statistics, or to let them run.
fn freeze(held: bool) -> Step {
    let byte = if held { vdm::FROZEN } else { 0 };
    let name = if held { "hold statistics" } else { "let statistics run" };
    Step::trigger(name, vdm::FREEZE, vec![byte])
}

/// The first steps of every order: what says which further pages there are.
pub(super) fn opening() -> Vec<Step> {
    vec![
        Step::read("read the lower memory", Address::LOWER),
        Step::read("read page 00h", Address::page_of(0, 0)),
        Step::new("find out which pages there are", Action::Explore),
    ]
}

/// The steps after the lower memory and 00h are known.
pub(super) fn further(image: &Image, order: &Order, config: &DriverConfig) -> Vec<Step> {
    if image.bit(0, 0, 2, 7) {
        return vec![Step::new("work out the steps", Action::Prepare)];
    }
    if !image.has_page(0, 1) {
        return vec![
            Step::read("read page 01h", Address::page_of(0, 1)),
            Step::new("find out which pages there are", Action::Explore),
        ];
    }
    let Some(advertised) = Advertisement::decode(image) else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    let mut page = |name, number| steps.push(Step::read(name, Address::page_of(0, number)));
    let describes = *order != Order::Observe;
    if describes {
        page("read the limits", 0x02);
        page("read the controls", 0x10);
    }
    if describes && advertised.is_tunable {
        page("read the laser's capabilities", 0x04);
    }
    if advertised.is_tunable {
        page("read the laser", 0x12);
    }
    page("read the lanes", 0x11);
    if *order == Order::Survey && advertised.has_vdm {
        page("read the control of VDM", vdm::CONTROL);
        steps.push(Step::new("find out which groups there are", Action::Prepare));
        return steps;
    }
    if *order == Order::Observe {
        steps.extend(observe(image, &advertised, config.freeze_max));
    }
    steps.push(Step::new("work out the steps", Action::Prepare));
    steps
}

/// Descriptors and limits of VDM, once 2Fh is known.
pub(super) fn groups(image: &Image) -> Vec<Step> {
    let of = |first: u8, name| {
        (0..vdm::groups(image))
            .map(move |group| Step::read(name, Address::page_of(0, first + group)))
    };
    let descriptors = of(vdm::DESCRIPTORS, "read the descriptors of VDM");
    descriptors.chain(of(vdm::LIMITS, "read the limits of VDM")).collect()
}

/// VDM and the link, held while they are read. Groups that no survey has shown are not read.
fn observe(image: &Image, advertised: &Advertisement, freeze_max: Duration) -> Vec<Step> {
    let mut steps = Vec::new();
    let has_groups = advertised.has_vdm && image.has_page(0, vdm::CONTROL);
    let coherent = is_coherent(image);
    if !has_groups && !coherent {
        return steps;
    }
    if has_groups {
        steps.push(freeze(true));
        let held = Await::Freeze { held: true };
        steps.push(Step::wait("wait until statistics are held", held, freeze_max));
        for group in 0..vdm::groups(image) {
            steps.push(Step::read("read VDM", Address::page_of(0, vdm::VALUES + group)));
        }
    }
    if coherent {
        steps.push(Step::read("read the error correction", Address::page_of(0, FEC_PAGE)));
        steps.push(Step::read("read the link", Address::page_of(0, LINK_PAGE)));
    }
    if has_groups {
        steps.push(freeze(false));
        let runs = Await::Freeze { held: false };
        steps.push(Step::wait("wait until statistics run", runs, freeze_max));
        steps.push(Step::read("read the flags of VDM", Address::page_of(0, vdm::FLAGS)));
    }
    steps
}

/// Whether any application is coherent: only then are pages 30h-35h there.
pub(super) fn is_coherent(image: &Image) -> bool {
    let media = MediaType::from_code(image.u8(0, 0, 85));
    Application::decode_all(image).iter().any(|it| media.is_coherent(it.media_code))
}
