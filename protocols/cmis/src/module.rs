//! Everything that an image says, decoded.

use crate::{
    Advertisement, Application, Identity, Image, Lane, LaneLimits, LaneMasks, Laser,
    LaserCapabilities, ModuleMasks, ModuleState, Monitors, Performance, VdmItem, identity, status,
    vdm,
};

/// A module as its memory shows it. What was not read is empty or `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Who made it.
    pub identity: Identity,
    /// Byte 3.
    pub state: ModuleState,
    /// Byte 41, in words.
    pub fault_cause: String,
    /// Byte 26.
    pub control: ModuleControl,
    /// Descriptors in use.
    pub applications: Vec<Application>,
    /// 01h; `None` for a flat module.
    pub advertisement: Option<Advertisement>,
    /// Module monitors; `None` for a flat module.
    pub monitors: Option<Monitors>,
    /// Limits of every lane; `None` for a flat module or without 02h.
    pub lane_limits: Option<LaneLimits>,
    /// Lanes of every bank that was read.
    pub lanes: Vec<Lane>,
    /// Which module flags keep from the pin.
    pub masks: ModuleMasks,
    /// Which lane flags keep from the pin, bank 0.
    pub lane_masks: Vec<LaneMasks>,
    /// 04h.
    pub laser_capabilities: Option<LaserCapabilities>,
    /// 12h of bank 0, by media lane.
    pub lasers: Vec<Laser>,
    /// Monitors of VDM, bank 0.
    pub vdm: Vec<VdmItem>,
    /// 34h and 35h of bank 0.
    pub performance: Option<Performance>,
    /// Pages whose checksum does not hold.
    pub bad_checksums: Vec<u8>,
}

/// Byte 26: what the host asks of the module as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModuleControl {
    /// Bit 6: the pin LPMode counts.
    pub low_power_allow_hardware: bool,
    /// Bit 5: how outputs are squelched: by power when set.
    pub squelch_by_power: bool,
    /// Bit 4: low power is asked for.
    pub low_power_request: bool,
    /// Bit 3: a reset is asked for.
    pub software_reset: bool,
}

impl ModuleControl {
    /// Bit 6.
    pub(crate) const LOW_POWER_ALLOW_HARDWARE: u8 = 1 << 6;
    /// Bit 4.
    pub(crate) const LOW_POWER_REQUEST: u8 = 1 << 4;
    /// Bit 3.
    pub(crate) const SOFTWARE_RESET: u8 = 1 << 3;

    /// From byte 26.
    pub fn from_byte(byte: u8) -> Self {
        Self {
            low_power_allow_hardware: byte & Self::LOW_POWER_ALLOW_HARDWARE != 0,
            squelch_by_power: byte & 1 << 5 != 0,
            low_power_request: byte & Self::LOW_POWER_REQUEST != 0,
            software_reset: byte & Self::SOFTWARE_RESET != 0,
        }
    }
}

/// Banks of lanes that CMIS has.
const BANKS_MAX: u8 = 4;

impl Module {
    /// Decodes whatever pages an image has. Any bytes decode to something.
    pub fn decode(image: &Image) -> Self {
        let advertisement = Advertisement::decode(image);
        let lanes = advertisement.iter().flat_map(|advertised| {
            (0..BANKS_MAX).flat_map(|bank| Lane::decode_all(image, bank, advertised))
        });
        let media_lanes = if advertisement.is_some() { 0..crate::LANES } else { 0..0 };
        Self {
            identity: Identity::decode(image),
            state: ModuleState::decode(image),
            fault_cause: status::fault_cause(image),
            control: ModuleControl::from_byte(image.u8(0, 0, 26)),
            applications: Application::decode_all(image),
            monitors: advertisement.as_ref().and_then(|it| Monitors::decode(image, it)),
            lane_limits: advertisement.as_ref().and_then(|it| LaneLimits::decode(image, it)),
            lanes: lanes.collect(),
            masks: ModuleMasks::decode(image),
            lane_masks: LaneMasks::decode_all(image, 0),
            laser_capabilities: LaserCapabilities::decode(image),
            lasers: media_lanes.filter_map(|lane| Laser::decode(image, 0, lane)).collect(),
            vdm: vdm::decode(image, 0),
            performance: Performance::decode(image, 0),
            bad_checksums: identity::bad_checksums(image),
            advertisement,
        }
    }
}
