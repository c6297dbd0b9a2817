use proptest::prelude::*;

use super::{HEADER_LEN, SnapshotError, checksum, decode, encode};
use crate::broad::{self, Anys, Generator};
use crate::{Branch, Content, Tree};

/// Every origin in a branch, in order.
fn origins(branch: &Branch, out: &mut Vec<u32>) {
    for slot in branch.slots() {
        match &slot.content {
            Content::List(list) => list.iter().for_each(|entry| {
                out.push(entry.origin.0);
                origins(&entry.branch, out);
            }),
            Content::LeafList(list) => out.extend(list.iter().map(|entry| entry.origin.0)),
            Content::Container(inside) => {
                out.push(slot.origin.0);
                origins(inside, out);
            }
            Content::Leaf(_) | Content::Any(_) => out.push(slot.origin.0),
        }
    }
}

fn sample() -> (&'static crate::Types, Tree) {
    let types = broad::types_shared();
    (types, Generator::new(types, 11, Anys::With).tree())
}

#[test]
fn heads_are_checked() {
    let (types, tree) = sample();
    let schema = types.schema();
    let good = encode(schema, tree.root());
    assert_eq!(decode(schema, &[]), Err(SnapshotError::NotASnapshot));
    assert_eq!(decode(schema, &good[..HEADER_LEN - 1]), Err(SnapshotError::NotASnapshot));
    let change = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        decode(schema, &bytes)
    };
    assert_eq!(change(0), Err(SnapshotError::NotASnapshot));
    assert_eq!(change(4), Err(SnapshotError::Version { found: 0 }));
    assert!(matches!(change(5), Err(SnapshotError::OtherSchema { .. })));
    assert!(matches!(change(13), Err(SnapshotError::Length { .. })));
    assert_eq!(change(21), Err(SnapshotError::Checksum));
    assert_eq!(change(good.len() - 1), Err(SnapshotError::Checksum));
    assert!(matches!(decode(schema, &good[..good.len() - 1]), Err(SnapshotError::Length { .. })));
}

#[test]
fn bodies_that_lie_are_errors() {
    let (types, tree) = sample();
    let schema = types.schema();
    let good = encode(schema, tree.root());
    let with_body = |body: &[u8]| {
        let mut bytes = good[..HEADER_LEN].to_vec();
        bytes[13..21].copy_from_slice(&(body.len() as u64).to_le_bytes());
        bytes[21..29].copy_from_slice(&checksum(body).to_le_bytes());
        bytes.extend_from_slice(body);
        decode(schema, &bytes)
    };
    assert_eq!(with_body(&good[HEADER_LEN..]).as_ref(), Ok(tree.root()));
    for body in [
        &[][..],
        &[1],
        &[0, 0],
        &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        &[0xff; 11],
        &[5, 1, 0, 0],
    ] {
        assert!(matches!(with_body(body), Err(SnapshotError::Malformed { .. })), "{body:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_written_is_read(seed in any::<u64>()) {
        let types = broad::types_shared();
        let tree = Generator::new(types, seed, Anys::With).tree();
        let bytes = encode(types.schema(), tree.root());
        let read = decode(types.schema(), &bytes).expect("just written");
        prop_assert_eq!(&read, tree.root());
        let (mut left, mut right) = (Vec::new(), Vec::new());
        origins(&read, &mut left);
        origins(tree.root(), &mut right);
        prop_assert_eq!(left, right);
        prop_assert_eq!(encode(types.schema(), &read), bytes);
    }

    /// Damage with a right checksum is an error or another tree, never a panic.
    #[test]
    fn damage_never_panics(
        seed in any::<u64>(),
        changes in prop::collection::vec((any::<u16>(), any::<u8>()), 1..8),
    ) {
        let types = broad::types_shared();
        let tree = Generator::new(types, seed, Anys::With).tree();
        let mut bytes = encode(types.schema(), tree.root());
        let len = bytes.len() - HEADER_LEN;
        for (at, byte) in changes {
            bytes[HEADER_LEN + usize::from(at) % len] = byte;
        }
        let sum = checksum(&bytes[HEADER_LEN..]);
        bytes[21..29].copy_from_slice(&sum.to_le_bytes());
        if let Ok(branch) = decode(types.schema(), &bytes) {
            let tree = Tree::from_root(types.schema().clone(), branch);
            crate::xml::print(&tree, &crate::print::PrintOptions::COMPACT);
        }
    }
}
