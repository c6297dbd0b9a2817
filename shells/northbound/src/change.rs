//! What changes on devices, part by part.

use transform::{DeviceChange, DeviceTarget, System};
use yang_data::Branch;
use yang_data::diff::{Diff, diff_branch};

/// What changes on the configuration of one type of one device. A device whose type changes loses
/// everything of the old one.
pub(crate) struct Part<'a> {
    pub(crate) device_type: &'a str,
    pub(crate) diff: Diff,
    /// Whether the device has no configuration of this type any more.
    pub(crate) is_removed: bool,
}

pub(crate) fn parts<'a>(system: &System, change: &'a DeviceChange) -> Vec<Part<'a>> {
    let empty = Branch::default();
    let part = |target: &'a DeviceTarget, old: &Branch, new: &Branch, is_removed| {
        let kind = system.device_type(target.device_type)?;
        let diff = diff_branch(kind.schema(), old, new);
        let device_type = target.device_type;
        (!diff.is_empty()).then_some(Part { device_type, diff, is_removed })
    };
    let parts = match (&change.old, &change.new) {
        (Some(old), Some(new)) if old.device_type == new.device_type => {
            vec![part(new, &old.config, &new.config, false)]
        }
        (old, new) => vec![
            old.as_ref().and_then(|old| part(old, &old.config, &empty, true)),
            new.as_ref().and_then(|new| part(new, &empty, &new.config, false)),
        ],
    };
    parts.into_iter().flatten().collect()
}
