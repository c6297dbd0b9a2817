//! Where a register is: bank, page, byte.
//!
//! A module shows 256 bytes. The lower 128 are always the same; the upper 128 are a window on one
//! of up to 256 pages, and pages from 10h on exist once per bank of eight lanes. Byte 126 selects
//! the bank, byte 127 the page (CMIS 5.x, 8.2.10 and 8.2.15).

use std::fmt;

use crate::Error;

/// Bytes of one memory half.
pub const HALF: usize = 128;

/// First page that exists once per bank.
pub const BANKED_FROM: u8 = 0x10;

/// Longest write that a module has to take in one piece, outside of CDB (CMIS 5.x, 5.2.3).
pub const WRITE_LEN_MAX: u8 = 8;

/// A range of bytes inside one memory half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    bank: u8,
    page: u8,
    offset: u8,
    len: u8,
}

impl Address {
    /// A range of the lower memory, or of the upper with `offset` from 128 on. Page and bank say
    /// nothing in the lower memory and are taken as 0; the bank says nothing below page 10h.
    ///
    /// # Errors
    /// When the range is empty or crosses byte 128 or 256.
    pub fn new(bank: u8, page: u8, offset: u8, len: u16) -> Result<Self, Error> {
        let end = u16::from(offset).saturating_add(len);
        let wrong = len == 0 || end > 256 || (offset < 128 && end > 128);
        if wrong {
            return Err(Error::Range { page, offset, len });
        }
        Ok(Self::trusted(bank, page, offset, len as u8))
    }

    /// As [`Self::new`], for ranges that stand in this crate.
    pub(crate) const fn trusted(bank: u8, page: u8, offset: u8, len: u8) -> Self {
        let end = offset as u16 + len as u16;
        assert!(len > 0 && end <= 256 && (offset >= 128 || end <= 128), "inside one memory half");
        if offset < 128 {
            return Self { bank: 0, page: 0, offset, len };
        }
        let bank = if page < BANKED_FROM { 0 } else { bank };
        Self { bank, page, offset, len }
    }

    /// A whole upper page.
    pub const fn page_of(bank: u8, page: u8) -> Self {
        Self::trusted(bank, page, 128, HALF as u8)
    }

    /// The whole lower memory.
    pub const LOWER: Self = Self::trusted(0, 0, 0, HALF as u8);

    /// Bank; 0 where there are none.
    pub const fn bank(self) -> u8 {
        self.bank
    }

    /// Page; 0 for the lower memory.
    pub const fn page(self) -> u8 {
        self.page
    }

    /// First byte, 0 to 255.
    pub const fn offset(self) -> u8 {
        self.offset
    }

    /// Length in bytes, 1 to 128.
    pub const fn len(self) -> u8 {
        self.len
    }

    /// Never: a range has at least one byte.
    pub const fn is_empty(self) -> bool {
        false
    }

    /// Whether the range is in the lower memory, where no page has to be selected.
    pub const fn is_lower(self) -> bool {
        self.offset < 128
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_lower() {
            write!(f, "lower memory, byte {}", self.offset)?;
        } else if self.page < BANKED_FROM {
            write!(f, "{:02X}h:{}", self.page, self.offset)?;
        } else {
            write!(f, "bank {}, {:02X}h:{}", self.bank, self.page, self.offset)?;
        }
        if self.len > 1 { write!(f, "-{}", self.offset + (self.len - 1)) } else { Ok(()) }
    }
}

/// Which window the module shows, for shells that have a raw two-wire bus.
///
/// ```
/// use cmis::{Address, PageSelect};
/// let mut select = PageSelect::default();
/// let laser = Address::new(0, 0x12, 136, 2)?;
/// assert_eq!(select.before(laser), Some([0, 0x12])); // write these to bytes 126 and 127
/// assert_eq!(select.before(laser), None);            // the page is still open
/// # Ok::<(), cmis::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct PageSelect {
    open: Option<[u8; 2]>,
}

impl PageSelect {
    /// What to write to bytes 126 and 127, in one transfer, before an access. `None` when the
    /// window is right already or the access is to the lower memory.
    pub fn before(&mut self, address: Address) -> Option<[u8; 2]> {
        let wanted = [address.bank, address.page];
        if address.is_lower() || self.open == Some(wanted) {
            return None;
        }
        self.open = Some(wanted);
        Some(wanted)
    }

    /// Forget what is open: after a failed transfer, a reset, or when others use the bus.
    pub fn forget(&mut self) {
        self.open = None;
    }
}
