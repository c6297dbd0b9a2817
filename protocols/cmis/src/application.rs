//! Applications: the pairs of a host and a media interface that a module can connect.
//!
//! Descriptors 1 to 8 stand in bytes 86-117 of the lower memory, 9 to 15 in 01h:223-250, four
//! bytes each; the media lanes each may start on stand in 01h:176-190 (CMIS 5.x, 8.2.13, 8.4.13).

use crate::names::{
    self, ACTIVE_CABLE, BASE_T, HOST_INTERFACES, MULTI_MODE, PASSIVE_COPPER, SINGLE_MODE,
};
use crate::{Address, Image};

/// Most application descriptors.
pub const APPLICATIONS_MAX: u8 = 15;

/// Host or media lanes of one bank.
pub const LANES: u8 = 8;

/// Byte 85: which table the media interface codes are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// 0.
    Undefined,
    /// 1: multi-mode fibre.
    MultiMode,
    /// 2: single-mode fibre.
    SingleMode,
    /// 3: passive or linear copper cable.
    PassiveCopper,
    /// 4: active cable.
    ActiveCable,
    /// 5: twisted pairs.
    BaseT,
    /// Reserved, or the vendor's own.
    Other(u8),
}

impl MediaType {
    /// The type of a code.
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Undefined,
            1 => Self::MultiMode,
            2 => Self::SingleMode,
            3 => Self::PassiveCopper,
            4 => Self::ActiveCable,
            5 => Self::BaseT,
            other => Self::Other(other),
        }
    }

    /// The code of a type.
    pub fn code(self) -> u8 {
        match self {
            Self::Undefined => 0,
            Self::MultiMode => 1,
            Self::SingleMode => 2,
            Self::PassiveCopper => 3,
            Self::ActiveCable => 4,
            Self::BaseT => 5,
            Self::Other(code) => code,
        }
    }

    /// Whether a media interface code of this type is a coherent one: ZR, OpenZR+, Open ROADM,
    /// XR, LR1 and ER1 kinds (SFF-8024, table 4-7).
    pub fn is_coherent(self, code: u8) -> bool {
        let coherent = matches!(
            code,
            0x35..=0x37
                | 0x3E..=0x3F
                | 0x44
                | 0x46..=0x49
                | 0x4D
                | 0x51..=0x54
                | 0x58..=0x6E
                | 0x7C..=0x7E
                | 0x81..=0x8E
        );
        self == Self::SingleMode && coherent
    }

    /// The word of a media interface code of this type.
    pub fn interface(self, code: u8) -> Option<&'static str> {
        let table = match self {
            Self::MultiMode => MULTI_MODE,
            Self::SingleMode => SINGLE_MODE,
            Self::PassiveCopper => PASSIVE_COPPER,
            Self::ActiveCable => ACTIVE_CABLE,
            Self::BaseT => BASE_T,
            Self::Undefined | Self::Other(_) => return None,
        };
        names::name(table, code)
    }
}

/// The word of a host interface code.
pub fn host_interface(code: u8) -> Option<&'static str> {
    names::name(HOST_INTERFACES, code)
}

/// One descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its number, 1 to 15: what is written to select it.
    pub select: u8,
    /// SFF-8024 host interface code.
    pub host_code: u8,
    /// Host interface in words.
    pub host: Option<&'static str>,
    /// SFF-8024 media interface code.
    pub media_code: u8,
    /// Media interface in words.
    pub media: Option<&'static str>,
    /// Host lanes of one instance.
    pub host_lanes: u8,
    /// Media lanes of one instance.
    pub media_lanes: u8,
    /// Host lanes an instance may start on; bit 0 is lane 1.
    pub host_starts: u8,
    /// Media lanes an instance may start on; bit 0 is lane 1. `None` when 01h was not read.
    pub media_starts: Option<u8>,
}

impl Application {
    /// Every descriptor in use: whose host code is neither 0 nor FFh. By the specification FFh
    /// ends the list, but modules are in the field that have FFh among the first eight and go on
    /// in 01h, and switches show what they have there.
    pub fn decode_all(image: &Image) -> Vec<Self> {
        let media_type = MediaType::from_code(image.u8(0, 0, 85));
        let last = if image.has_page(0, 1) { APPLICATIONS_MAX } else { 8 };
        let numbered = (1..=last).map(|select| (select, image.bytes(Self::address(select))));
        numbered
            .filter(|(_, bytes)| !matches!(bytes[0], 0 | 0xFF))
            .map(|(select, bytes)| Self::decode(image, media_type, select, bytes))
            .collect()
    }

    fn decode(image: &Image, media_type: MediaType, select: u8, bytes: &[u8]) -> Self {
        Self {
            select,
            host_code: bytes[0],
            host: host_interface(bytes[0]),
            media_code: bytes[1],
            media: media_type.interface(bytes[1]),
            host_lanes: bytes[2] >> 4,
            media_lanes: bytes[2] & 0xF,
            host_starts: bytes[3],
            media_starts: image.has_page(0, 1).then(|| image.u8(0, 1, 175 + select)),
        }
    }

    /// Where the descriptor with a number is; numbers beyond the ends count as the ends.
    pub(crate) const fn address(select: u8) -> Address {
        match select {
            0..=8 => Address::trusted(0, 0, 86 + 4 * select.saturating_sub(1), 4),
            9..=14 => Address::trusted(0, 1, 223 + 4 * (select - 9), 4),
            _ => Address::trusted(0, 1, 247, 4),
        }
    }

    /// Host lanes of the instance that starts on a lane (from 1), as a mask with bit 0 for lane 1.
    /// `None` when the application may not start there or would end beyond lane 8.
    pub fn host_mask(&self, first_lane: u8) -> Option<u8> {
        let start = first_lane.checked_sub(1).filter(|start| *start < LANES)?;
        let fits = self.host_lanes > 0 && start + self.host_lanes <= LANES;
        let allowed = self.host_starts >> start & 1 == 1;
        (fits && allowed).then(|| lane_mask(start, self.host_lanes))
    }

    /// The first media lane (from 1) of the instance on a first host lane: the n-th allowed host
    /// lane goes with the n-th allowed media lane (CMIS 5.x, 6.2.2). Where less media than host
    /// starts are allowed, instances share the last one.
    pub fn media_lane(&self, first_host_lane: u8) -> u8 {
        let before = first_host_lane.saturating_sub(1).min(LANES);
        let nth = (0..before).filter(|lane| self.host_starts >> lane & 1 == 1).count();
        let starts = self.media_starts.unwrap_or(1);
        let allowed: Vec<u8> = (0..LANES).filter(|lane| starts >> lane & 1 == 1).collect();
        allowed.get(nth).or(allowed.last()).map_or(1, |lane| lane + 1)
    }
}

/// `count` lanes from `start` (from 0), as a mask.
pub(crate) fn lane_mask(start: u8, count: u8) -> u8 {
    let upto = |lanes: u8| ((1u16 << lanes.min(LANES)) - 1) as u8;
    upto(start.saturating_add(count)) & !upto(start)
}

/// Lanes of a mask, from 0.
pub(crate) fn lanes_of(mask: u8) -> impl Iterator<Item = u8> {
    (0..LANES).filter(move |lane| mask >> lane & 1 == 1)
}
