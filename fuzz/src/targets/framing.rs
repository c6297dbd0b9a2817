//! The framing of NETCONF (RFC 6242, section 4).

use netconf_proto::framing::{Decoder, Framing, encode};
use netconf_proto::{Error, Limits};

use super::Target;

/// A stream in any pieces gives what it gives whole, and its messages, framed again, come back.
pub(super) const STREAM: Target = Target {
    name: "netconf-framing",
    reads: "a line with `1.0` or `1.1` and sizes of pieces, then a stream",
    run: stream,
    dictionary: &[
        "1.0",
        "1.1",
        " 1",
        " 7",
        "]]>]]>",
        "]]>",
        "\n#",
        "\n#1\n",
        "\n#4\n",
        "\n##\n",
        "\n#0\n",
        "\n#01\n",
        "\n#4294967295\n",
        "\n#4294967296\n",
        "\n",
        "#",
        "##",
        " ",
        "\r\n",
        "<a/>",
    ],
};

/// Small, so that inputs reach it.
const MESSAGE_BYTES_MAX: usize = 600;

fn limits() -> Limits {
    Limits {
        message_bytes_max: MESSAGE_BYTES_MAX,
        chunk_bytes_max: MESSAGE_BYTES_MAX,
        ..Limits::default()
    }
}

fn stream(bytes: &[u8]) {
    let split = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let head = String::from_utf8_lossy(&bytes[..split]);
    let stream = bytes.get(split + 1..).unwrap_or_default();
    let mut words = head.split_ascii_whitespace();
    let framing = match words.next() {
        Some("1.1") => Framing::Chunked,
        _ => Framing::EndOfMessage,
    };
    let sizes: Vec<usize> = words.filter_map(|word| word.parse().ok()).collect();
    let whole = decode(framing, &[stream]);
    assert_eq!(whole, decode(framing, &pieces(stream, &sizes)), "in pieces as whole");
    assert_eq!(whole, decode(framing, &pieces(stream, &[1])), "byte by byte as whole");
    let (messages, _) = whole;
    let mut framed = Vec::new();
    for message in &messages {
        assert!(message.len() <= MESSAGE_BYTES_MAX);
        framed.extend(encode(framing, message).expect("what came out can go in"));
    }
    assert_eq!(decode(framing, &[&framed]), (messages, None), "framed again, it comes back");
}

fn pieces<'s>(mut stream: &'s [u8], sizes: &[usize]) -> Vec<&'s [u8]> {
    let mut pieces = Vec::new();
    let mut sizes = sizes.iter().cycle();
    while !stream.is_empty() {
        let size = sizes.next().map_or(stream.len(), |size| (*size).clamp(1, stream.len()));
        let (piece, rest) = stream.split_at(size);
        pieces.push(piece);
        stream = rest;
    }
    pieces
}

fn decode(framing: Framing, pieces: &[&[u8]]) -> (Vec<Vec<u8>>, Option<Error>) {
    let mut decoder = Decoder::new(&limits());
    decoder.set_framing(framing);
    let mut messages = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        loop {
            match decoder.next_message() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(decoder.next_message(), Err(error.clone()), "it stays failed");
                    return (messages, Some(error));
                }
            }
        }
        assert!(decoder.undecoded_bytes() <= MESSAGE_BYTES_MAX + 2 * piece.len() + 16);
    }
    (messages, None)
}
