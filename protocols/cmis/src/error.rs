//! What can go wrong, grouped by who has to act.

use thiserror::Error;

use crate::Address;

/// Why something was refused or could not be said in registers.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Error {
    // The caller asks for what no module can do.
    /// An access that crosses the end of a memory half, or is empty.
    #[error("no such range: page {page:02X}h, {len} bytes from byte {offset}")]
    Range {
        /// Page of the upper memory; 0 for the lower.
        page: u8,
        /// First byte, 0 to 255.
        offset: u8,
        /// Length in bytes.
        len: u16,
    },
    /// A value that the register cannot hold.
    #[error("{field} cannot hold {value} {unit}: it takes {min} to {max}")]
    Value {
        /// Register, as the specification calls it.
        field: &'static str,
        /// What was asked for.
        value: f64,
        /// Smallest value of the encoding.
        min: f64,
        /// Largest value of the encoding.
        max: f64,
        /// Unit of the three numbers.
        unit: &'static str,
    },
    /// An input that answers nothing the machine asked for.
    #[error("input {id} answers nothing that is under way")]
    Stray {
        /// The number the input carried.
        id: u64,
    },
    /// One order at a time.
    #[error("an order is under way: wait for its end or cancel it")]
    Occupied,

    // The caller asks for what this module cannot do.
    /// Less was there than a decoder or a driver needs.
    #[error("the module does not answer as CMIS: {what}")]
    NotCmis {
        /// What was seen instead.
        what: String,
    },
    /// Asked for something the module does not advertise.
    #[error("the module does not offer {what}; it offers {offers}")]
    NotOffered {
        /// What was asked for.
        what: String,
        /// What it has instead.
        offers: String,
    },
    /// A frequency that is not a channel of the grid.
    #[error("{frequency_ghz} GHz is no channel of the {grid_ghz} GHz grid; {nearest_ghz} GHz is")]
    OffGrid {
        /// What was asked for.
        frequency_ghz: f64,
        /// Channel spacing.
        grid_ghz: f64,
        /// The closest channel.
        nearest_ghz: f64,
    },
    /// A value outside the advertised range.
    #[error("{what} {value} {unit} is outside the module's range {min} to {max} {unit}")]
    OutOfRange {
        /// Quantity.
        what: &'static str,
        /// What was asked for.
        value: f64,
        /// Lowest advertised.
        min: f64,
        /// Highest advertised.
        max: f64,
        /// Unit of the numbers.
        unit: &'static str,
    },

    // The module misbehaves.
    /// The module did not acknowledge an access, even when it was repeated.
    #[error("no acknowledgement at {address} after {attempts} attempts: {reason}")]
    NotAcknowledged {
        /// Where.
        address: Address,
        /// How often it was tried.
        attempts: u8,
        /// What the bus said.
        reason: String,
    },
    /// Nothing was heard of an access in time.
    #[error("no answer at {address} within {millis} ms")]
    Silent {
        /// Where.
        address: Address,
        /// How long it was waited for.
        millis: u64,
    },
    /// The answer has not the length that was asked for.
    #[error("{got} bytes came from {address}")]
    Length {
        /// Where.
        address: Address,
        /// Bytes received.
        got: usize,
    },
    /// Read back something else than was written.
    #[error("{what}: wrote {wrote:02X?}, read back {read:02X?} at {address}")]
    Verify {
        /// What the bytes mean.
        what: &'static str,
        /// Where.
        address: Address,
        /// Bytes written.
        wrote: Vec<u8>,
        /// Bytes read.
        read: Vec<u8>,
    },
    /// A state that did not come in its advertised time.
    #[error("waited {millis} ms for {awaited}; {seen}")]
    TimedOut {
        /// What was awaited.
        awaited: &'static str,
        /// How long, from the module's own advertisement.
        millis: u64,
        /// Where it stands instead.
        seen: String,
    },
    /// The module refused the configuration.
    #[error("host lane {lane}: the module refused the configuration ({status})")]
    ConfigRefused {
        /// Host lane, from 1.
        lane: u8,
        /// ConfigStatus in the specification's words.
        status: &'static str,
    },
    /// The laser refused its target.
    #[error("the laser refused its target: {flags}")]
    LaserRefused {
        /// The flags it raised.
        flags: String,
    },
    /// The module is in its fault state.
    #[error("the module is in ModuleFault: {cause}")]
    Fault {
        /// Byte 41 in words.
        cause: String,
    },
    /// The order was taken back by the caller.
    #[error("cancelled")]
    Cancelled,
}
