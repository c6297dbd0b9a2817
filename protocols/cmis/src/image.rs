//! What is known of a module's memory: pages that were read, as bytes.

use std::collections::BTreeMap;

use crate::Address;
use crate::address::HALF;
use crate::encoding;

/// Most pages an image holds: every page of the unbanked range and every banked one of four banks.
pub const PAGES_MAX: usize = 16 + 240 * 4;

/// Pages of a module. What was never stored reads as 0; [`Self::has`] tells the difference.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    halves: BTreeMap<Key, [u8; HALF]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Lower,
    Upper { page: u8, bank: u8 },
}

impl Key {
    fn of(address: Address) -> Self {
        if address.is_lower() {
            Self::Lower
        } else {
            Self::Upper { page: address.page(), bank: address.bank() }
        }
    }
}

impl Image {
    /// No page at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keep what was read or written. The rest of a page not seen before counts as 0. Bytes beyond
    /// the range, and pages beyond [`PAGES_MAX`], are not kept.
    pub fn store(&mut self, address: Address, bytes: &[u8]) {
        let key = Key::of(address);
        if self.halves.len() >= PAGES_MAX && !self.halves.contains_key(&key) {
            return;
        }
        let half = self.halves.entry(key).or_insert([0; HALF]);
        let start = usize::from(address.offset()) % HALF;
        for (to, from) in half[start..start + usize::from(address.len())].iter_mut().zip(bytes) {
            *to = *from;
        }
    }

    /// The bytes of a range.
    pub fn bytes(&self, address: Address) -> &[u8] {
        const BLANK: [u8; HALF] = [0; HALF];
        let half = self.halves.get(&Key::of(address)).unwrap_or(&BLANK);
        let start = usize::from(address.offset()) % HALF;
        &half[start..start + usize::from(address.len())]
    }

    /// Whether anything of the half that holds `address` is known.
    pub fn has(&self, address: Address) -> bool {
        self.halves.contains_key(&Key::of(address))
    }

    /// Whether an upper page is known.
    pub fn has_page(&self, bank: u8, page: u8) -> bool {
        self.has(Address::page_of(bank, page))
    }

    /// The halves that are known, lower memory first, then by page and bank.
    pub fn halves(&self) -> impl Iterator<Item = (Address, &[u8; HALF])> {
        self.halves.iter().map(|(key, half)| match key {
            Key::Lower => (Address::LOWER, half),
            Key::Upper { page, bank } => (Address::page_of(*bank, *page), half),
        })
    }

    /// One byte; `page` and `bank` say nothing below byte 128.
    pub(crate) fn u8(&self, bank: u8, page: u8, offset: u8) -> u8 {
        self.bytes(Address::trusted(bank, page, offset, 1))[0]
    }

    /// A bit of a byte.
    pub(crate) fn bit(&self, bank: u8, page: u8, offset: u8, bit: u8) -> bool {
        self.u8(bank, page, offset) >> bit & 1 == 1
    }

    /// A signed number of two bytes.
    pub(crate) fn s16(&self, bank: u8, page: u8, offset: u8) -> i16 {
        i16::from_be_bytes(self.array(bank, page, offset))
    }

    /// An unsigned number of four bytes.
    pub(crate) fn u32(&self, bank: u8, page: u8, offset: u8) -> u32 {
        u32::from_be_bytes(self.array(bank, page, offset))
    }

    /// An unsigned number of eight bytes.
    pub(crate) fn u64(&self, bank: u8, page: u8, offset: u8) -> u64 {
        u64::from_be_bytes(self.array(bank, page, offset))
    }

    /// Space-padded text.
    pub(crate) fn text(&self, page: u8, offset: u8, len: u8) -> String {
        encoding::text(self.bytes(Address::trusted(0, page, offset, len)))
    }

    fn array<const N: usize>(&self, bank: u8, page: u8, offset: u8) -> [u8; N] {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(Address::trusted(bank, page, offset, N as u8)));
        array
    }
}
