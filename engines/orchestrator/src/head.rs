//! A state of the network with its place in history.

use intent::Hash;
use transform::{RestoreError, State, System};
use vocab::{DeviceName, Generation};

use crate::approval::{self, Gate, Gates};

/// A state of the network with its place in history. Cloning is a snapshot.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its generation.
    pub generation: Generation,
    /// Hash of the record that made it.
    pub hash: Hash,
    /// All layers.
    pub state: State,
    /// What was decided on devices whose changes wait for approval.
    pub(crate) gates: Gates,
}

/// Bytes of the hash at the end.
const HASH_BYTES: usize = size_of::<Hash>();
/// Bytes of the length of the gates, before it.
const LENGTH_BYTES: usize = size_of::<u64>();

impl Head {
    /// What is known of a device whose changes wait for approval; `None` for any other.
    pub fn gate(&self, device: &DeviceName) -> Option<&Gate> {
        self.gates.get(device)
    }

    /// All but the generation as bytes, in pieces that follow each other: the state, the gates,
    /// their length, the hash. `code` is as in [`State::to_bytes`].
    pub fn to_bytes(&self, system: &System, code: &[u8]) -> Vec<Vec<u8>> {
        let mut pieces = self.state.to_bytes(system, code);
        let gates = approval::write(&self.gates);
        let length = (gates.len() as u64).to_be_bytes();
        pieces.extend([gates, length.to_vec(), self.hash.0.to_vec()]);
        pieces
    }

    /// The hash that bytes end with; `None` when they are too short for one.
    pub fn hash_of(bytes: &[u8]) -> Option<Hash> {
        let (_, hash) = bytes.split_last_chunk::<HASH_BYTES>()?;
        Some(Hash(*hash))
    }

    /// The head of a generation behind bytes.
    ///
    /// # Errors
    /// As [`State::from_bytes`].
    pub fn from_bytes(
        system: &System,
        code: &[u8],
        generation: Generation,
        bytes: &[u8],
    ) -> Result<Self, RestoreError> {
        let cut = RestoreError::Unknown { what: "more bytes" };
        let (rest, hash) = bytes.split_last_chunk::<HASH_BYTES>().ok_or_else(|| cut.clone())?;
        let (rest, length) = rest.split_last_chunk::<LENGTH_BYTES>().ok_or_else(|| cut.clone())?;
        // Which program it is of is found in the state: before that nothing else is believed.
        let state = State::from_bytes(system, code, rest)?;
        let length = usize::try_from(u64::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let start = rest.len().checked_sub(length).ok_or(cut)?;
        let gates = approval::read(system, &rest[start..])?;
        let gates = gates.ok_or(RestoreError::Unknown { what: "a device type" })?;
        Ok(Self { generation, hash: Hash(*hash), state, gates })
    }
}
