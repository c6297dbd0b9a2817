//! Message framing of RFC 6242 section 4, incremental in both versions.

use crate::error::Error;
use crate::limits::Limits;

/// How messages are told apart in the byte stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// base:1.0, and every `<hello>`: the mark `]]>]]>` behind each message.
    EndOfMessage,
    /// base:1.1: chunks with their length in front.
    Chunked,
}

/// The end-of-message mark of base:1.0 (RFC 6242 section 4.3).
const MARK: &[u8] = b"]]>]]>";

/// Largest chunk this side writes. Peers may take up to 4 GiB; small buffers are more common.
const CHUNK_WRITTEN_BYTES: usize = 16 << 20;

/// Digits of the largest chunk size, 4294967295.
const CHUNK_DIGITS_MAX: usize = 10;

/// Frames `message` for the wire.
///
/// # Errors
/// [`Error::Unframeable`] when base:1.0 framing is asked for and the message contains its mark.
pub fn encode(framing: Framing, message: &[u8]) -> Result<Vec<u8>, Error> {
    match framing {
        Framing::EndOfMessage => encode_marked(message),
        Framing::Chunked => Ok(encode_chunked(message)),
    }
}

fn encode_marked(message: &[u8]) -> Result<Vec<u8>, Error> {
    if find_mark(message, 0).is_some() {
        return Err(Error::Unframeable);
    }
    let mut out = Vec::with_capacity(message.len() + MARK.len());
    out.extend_from_slice(message);
    out.extend_from_slice(MARK);
    Ok(out)
}

fn encode_chunked(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 32);
    for chunk in message.chunks(CHUNK_WRITTEN_BYTES) {
        out.extend_from_slice(format!("\n#{}\n", chunk.len()).as_bytes());
        out.extend_from_slice(chunk);
    }
    out.extend_from_slice(b"\n##\n");
    out
}

/// Takes bytes in any split and gives whole messages.
///
/// [`push`](Self::push) what came, then call [`next_message`](Self::next_message) until it gives
/// `None`. After an error the decoder stays failed: framing has no way to find the next message.
#[derive(Debug)]
pub struct Decoder {
    framing: Framing,
    message_bytes_max: usize,
    chunk_bytes_max: usize,
    /// Bytes not decoded yet; those before `start` are done with.
    buffer: Vec<u8>,
    start: usize,
    /// base:1.0: up to where `buffer` is known to hold no mark.
    searched: usize,
    /// base:1.1: what the chunks so far add up to.
    message: Vec<u8>,
    phase: Phase,
    /// Stream offset of `buffer[0]`.
    base: u64,
    failed: Option<Error>,
}

/// Where the decoder is in the grammar of RFC 6242 section 4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// In front of a chunk header.
    Header,
    /// Inside a chunk with this many bytes to come.
    Body { left: usize },
}

/// A chunk header, read.
enum Header {
    Chunk { size: usize, length: usize },
    End { length: usize },
    Incomplete,
}

impl Decoder {
    /// A decoder in base:1.0 framing, as every session starts.
    #[must_use]
    pub const fn new(limits: &Limits) -> Self {
        Self {
            framing: Framing::EndOfMessage,
            message_bytes_max: limits.message_bytes_max,
            chunk_bytes_max: limits.chunk_bytes_max,
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            message: Vec::new(),
            phase: Phase::Header,
            base: 0,
            failed: None,
        }
    }

    /// Changes the framing for the bytes that have not been decoded. Call it between messages.
    pub fn set_framing(&mut self, framing: Framing) {
        self.framing = framing;
        self.searched = self.start;
        self.phase = Phase::Header;
        self.message.clear();
    }

    /// Adds bytes from the transport.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_some() {
            return;
        }
        self.buffer.drain(..self.start);
        self.base += self.start as u64;
        self.searched = self.searched.saturating_sub(self.start);
        self.start = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Bytes taken in that are not part of a message given out yet.
    #[must_use]
    pub fn undecoded_bytes(&self) -> usize {
        self.buffer.len() - self.start + self.message.len()
    }

    /// The next whole message, or `None` when more bytes are needed.
    ///
    /// # Errors
    /// [`Error::BadFraming`], [`Error::MessageTooLarge`], [`Error::ChunkTooLarge`]; the same one
    /// again on every later call.
    pub fn next_message(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = match self.framing {
            Framing::EndOfMessage => self.next_marked(),
            Framing::Chunked => self.next_chunked(),
        };
        if let Err(error) = &result {
            self.failed = Some(error.clone());
            self.buffer = Vec::new();
            self.start = 0;
        }
        result
    }

    fn next_marked(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let too_large = Err(Error::MessageTooLarge { limit: self.message_bytes_max });
        match find_mark(&self.buffer, self.searched.max(self.start)) {
            Some(end) if end - self.start > self.message_bytes_max => too_large,
            Some(end) => {
                let message = self.buffer[self.start..end].to_vec();
                self.start = end + MARK.len();
                self.searched = self.start;
                Ok(Some(message))
            }
            None => {
                let held = self.buffer.len() - self.start;
                if held > self.message_bytes_max + MARK.len() {
                    return too_large;
                }
                // A mark may have begun in the last bytes.
                let tail = self.buffer.len().saturating_sub(MARK.len() - 1);
                self.searched = tail.max(self.start);
                Ok(None)
            }
        }
    }

    fn next_chunked(&mut self) -> Result<Option<Vec<u8>>, Error> {
        loop {
            match self.phase {
                Phase::Body { left } => {
                    let taken = left.min(self.buffer.len() - self.start);
                    let end = self.start + taken;
                    self.message.extend_from_slice(&self.buffer[self.start..end]);
                    self.start = end;
                    if taken < left {
                        self.phase = Phase::Body { left: left - taken };
                        return Ok(None);
                    }
                    self.phase = Phase::Header;
                }
                Phase::Header => match self.read_header()? {
                    Header::Incomplete => return Ok(None),
                    Header::Chunk { size, length } => {
                        self.start += length;
                        self.phase = Phase::Body { left: size };
                    }
                    Header::End { length } => {
                        self.start += length;
                        return Ok(Some(std::mem::take(&mut self.message)));
                    }
                },
            }
        }
    }

    /// Reads `\n#size\n` or `\n##\n` at the front of the buffer.
    ///
    /// White space in front of a message is skipped: some servers write a line end behind the mark
    /// of their hello.
    fn read_header(&mut self) -> Result<Header, Error> {
        if self.message.is_empty() {
            self.skip_space();
        }
        let rest = &self.buffer[self.start..];
        match (rest.first(), rest.get(1)) {
            (None, _) | (Some(b'\n'), None) => return Ok(Header::Incomplete),
            (Some(b'\n'), Some(b'#')) => {}
            _ => return Err(self.bad("expected a line feed and '#'")),
        }
        match rest.get(2) {
            None => Ok(Header::Incomplete),
            Some(b'#') => self.read_end(),
            Some(b'1'..=b'9') => self.read_size(),
            Some(_) => Err(self.bad("a chunk size starts with 1 to 9")),
        }
    }

    /// Skips white space but for the line feed that belongs to a header.
    fn skip_space(&mut self) {
        let space = |b: u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
        while self.start + 1 < self.buffer.len()
            && space(self.buffer[self.start])
            && space(self.buffer[self.start + 1])
        {
            self.start += 1;
        }
        if matches!(self.buffer.get(self.start), Some(b' ' | b'\t' | b'\r')) {
            // A lone blank that cannot start a header; what follows decides.
            self.start += 1;
        }
    }

    fn read_end(&self) -> Result<Header, Error> {
        match self.buffer.get(self.start + 3) {
            None => Ok(Header::Incomplete),
            Some(b'\n') if self.message.is_empty() => Err(self.bad("a message without a chunk")),
            Some(b'\n') => Ok(Header::End { length: 4 }),
            Some(_) => Err(self.bad("expected a line feed behind '##'")),
        }
    }

    fn read_size(&self) -> Result<Header, Error> {
        let digits = &self.buffer[self.start + 2..];
        let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
        if count > CHUNK_DIGITS_MAX {
            return Err(self.bad("a chunk size has at most 10 digits"));
        }
        match digits.get(count) {
            None => return Ok(Header::Incomplete),
            Some(b'\n') => {}
            Some(_) => return Err(self.bad("expected digits and a line feed")),
        }
        let size = digits[..count].iter().fold(0u64, |n, b| n * 10 + u64::from(b - b'0'));
        if size > u64::from(u32::MAX) {
            return Err(self.bad("a chunk has at most 4294967295 bytes"));
        }
        let limit = self.chunk_bytes_max;
        if size > limit as u64 {
            return Err(Error::ChunkTooLarge { size, limit });
        }
        let size = usize::try_from(size).expect("at most chunk_bytes_max, a usize");
        if size > self.message_bytes_max - self.message.len().min(self.message_bytes_max) {
            return Err(Error::MessageTooLarge { limit: self.message_bytes_max });
        }
        Ok(Header::Chunk { size, length: count + 3 })
    }

    const fn bad(&self, reason: &'static str) -> Error {
        Error::BadFraming { offset: self.base + self.start as u64, reason }
    }
}

/// The first mark that starts at `from` or behind it.
fn find_mark(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(step) = bytes.get(at..)?.iter().position(|b| *b == MARK[0]) {
        at += step;
        if bytes[at..].starts_with(MARK) {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests;
