use proptest::prelude::*;

use super::*;

fn decoded(framing: Framing, pieces: &[&[u8]], limits: &Limits) -> Result<Vec<Vec<u8>>, Error> {
    let mut decoder = Decoder::new(limits);
    decoder.set_framing(framing);
    let mut messages = Vec::new();
    for piece in pieces {
        decoder.push(piece);
        while let Some(message) = decoder.next_message()? {
            messages.push(message);
        }
    }
    Ok(messages)
}

#[test]
fn the_forms_on_the_wire() {
    assert_eq!(encode(Framing::EndOfMessage, b"<a/>").unwrap(), b"<a/>]]>]]>");
    assert_eq!(encode(Framing::Chunked, b"<a/>").unwrap(), b"\n#4\n<a/>\n##\n");
    assert_eq!(encode(Framing::EndOfMessage, b"<!--]]>]]>-->"), Err(Error::Unframeable));
    assert!(encode(Framing::Chunked, b"<!--]]>]]>-->").is_ok());
}

#[test]
fn a_large_message_is_written_in_several_chunks() {
    let message = vec![b'x'; CHUNK_WRITTEN_BYTES + 5];
    let framed = encode(Framing::Chunked, &message).unwrap();
    assert!(framed.ends_with(b"\n#5\nxxxxx\n##\n"));
    let back = decoded(Framing::Chunked, &[&framed], &Limits::default()).unwrap();
    assert_eq!(back, [message]);
}

#[test]
fn the_example_of_the_rfc() {
    // RFC 6242 section 4.2: chunks may split anywhere.
    let wire = b"\n#4\n<rpc\n#18\n message-id=\"102\"\n\n#79\n     xmlns=\"urn:ietf:params:xml:ns:\
        netconf:base:1.0\">\n  <close-session/>\n</rpc>\n##\n";
    let back = decoded(Framing::Chunked, &[wire], &Limits::default()).unwrap();
    assert_eq!(back.len(), 1);
    assert!(back[0].starts_with(b"<rpc message-id=\"102\"\n     xmlns"));
    assert!(back[0].ends_with(b"</rpc>"));
}

#[test]
fn bad_chunks() {
    let bad: [(&[u8], &str); 12] = [
        (b"<a/>", "line feed and '#'"),
        (b"\n<a/>", "line feed and '#'"),
        (b"\n#0\n", "1 to 9"),
        (b"\n#01\na", "1 to 9"),
        (b"\n#-1\n", "1 to 9"),
        (b"\n#x\n", "1 to 9"),
        (b"\n#4x\n", "digits and a line feed"),
        (b"\n#4 \n", "digits and a line feed"),
        (b"\n#4294967296\n", "4294967295"),
        (b"\n#99999999999\n", "10 digits"),
        (b"\n##\n", "without a chunk"),
        (b"\n#1\na\n##x", "line feed behind"),
    ];
    for (wire, reason) in bad {
        let error = decoded(Framing::Chunked, &[wire], &Limits::default()).expect_err(reason);
        assert!(error.to_string().contains(reason), "{error}");
    }
    let gap = decoded(Framing::Chunked, &[b"\n#1\na\n\n#1\nb\n##\n"], &Limits::default());
    assert!(matches!(gap, Err(Error::BadFraming { offset: 5, .. })), "{gap:?}");
}

#[test]
fn blanks_between_messages_are_skipped() {
    let wire = b"\r\n \n#1\na\n##\n\n\n#1\nb\n##\n";
    for at in 0..wire.len() {
        let pieces: [&[u8]; 2] = [&wire[..at], &wire[at..]];
        let back = decoded(Framing::Chunked, &pieces, &Limits::default()).unwrap();
        assert_eq!(back, [b"a", b"b"], "split at {at}");
    }
}

#[test]
fn limits_hold() {
    let limits = Limits { message_bytes_max: 8, chunk_bytes_max: 6, ..Limits::default() };
    let marked = |wire: &[u8]| decoded(Framing::EndOfMessage, &[wire], &limits);
    let chunked = |wire: &[u8]| decoded(Framing::Chunked, &[wire], &limits);
    assert_eq!(marked(b"12345678]]>]]>").unwrap(), [b"12345678"]);
    let too_large = Error::MessageTooLarge { limit: 8 };
    assert_eq!(marked(b"123456789]]>]]>"), Err(too_large.clone()));
    assert_eq!(marked(b"123456789012345"), Err(too_large.clone()), "no mark in sight");
    assert_eq!(chunked(b"\n#6\n123456\n#2\n78\n##\n").unwrap(), [b"12345678"]);
    assert_eq!(chunked(b"\n#6\n123456\n#3\n"), Err(too_large));
    assert_eq!(chunked(b"\n#7\n"), Err(Error::ChunkTooLarge { size: 7, limit: 6 }));
}

#[test]
fn a_failed_decoder_stays_failed() {
    let mut decoder = Decoder::new(&Limits::default());
    decoder.set_framing(Framing::Chunked);
    decoder.push(b"rubbish");
    let first = decoder.next_message();
    assert!(first.is_err());
    decoder.push(b"\n#1\na\n##\n");
    assert_eq!(decoder.next_message(), first);
    assert_eq!(decoder.undecoded_bytes(), 0);
}

#[test]
fn the_framing_changes_between_messages() {
    let mut decoder = Decoder::new(&Limits::default());
    decoder.push(b"<hello/>]]>]]>\n#2\n<a\n#2\n/>\n##\n");
    assert_eq!(decoder.next_message(), Ok(Some(b"<hello/>".to_vec())));
    decoder.set_framing(Framing::Chunked);
    assert_eq!(decoder.next_message(), Ok(Some(b"<a/>".to_vec())));
    assert_eq!(decoder.next_message(), Ok(None));
}

/// Messages without the mark, but full of pieces of it.
fn messages() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let piece = prop_oneof![
        Just(b"]]>]]".to_vec()),
        Just(b"]".to_vec()),
        Just(b"\n#3\n".to_vec()),
        Just(b"\n##\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 1..20),
    ];
    let message = proptest::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat());
    let message = message.prop_filter("no mark, nor half of one at the end", |m| {
        find_mark(m, 0).is_none() && !m.ends_with(b"]") && !m.ends_with(b">")
    });
    proptest::collection::vec(message, 0..6)
}

proptest! {
    #[test]
    fn any_split_gives_the_same_messages(
        messages in messages(),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
        chunked in any::<bool>(),
    ) {
        let framing = if chunked { Framing::Chunked } else { Framing::EndOfMessage };
        let mut wire = Vec::new();
        for message in &messages {
            wire.extend(encode(framing, message).unwrap());
        }
        let mut places: Vec<usize> = cuts.iter().map(|c| c.index(wire.len() + 1)).collect();
        places.extend([0, wire.len()]);
        places.sort_unstable();
        let pieces: Vec<&[u8]> = places.windows(2).map(|w| &wire[w[0]..w[1]]).collect();
        prop_assert_eq!(decoded(framing, &pieces, &Limits::default()).unwrap(), messages);
    }

    #[test]
    fn any_chunking_gives_the_same_message(
        chunks in proptest::collection::vec(
            proptest::collection::vec(any::<u8>(), 1..30), 1..10),
    ) {
        let mut wire = Vec::new();
        for chunk in &chunks {
            wire.extend_from_slice(format!("\n#{}\n", chunk.len()).as_bytes());
            wire.extend_from_slice(chunk);
        }
        wire.extend_from_slice(b"\n##\n");
        let bytes: Vec<&[u8]> = wire.chunks(1).collect();
        let back = decoded(Framing::Chunked, &bytes, &Limits::default()).unwrap();
        prop_assert_eq!(back, vec![chunks.concat()]);
    }
}
