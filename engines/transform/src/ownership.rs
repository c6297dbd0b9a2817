//! Who wrote what: sources (transform instances) by number, and sets of them.

use std::cmp::Ordering;
use std::sync::Arc;

use yang_data::binary::{Reader, Writer};
use yang_data::sequence::{Keyed, Sequence};
use yang_data::{Origin, Path};

use crate::snapshot::{RestoreError, read_origin};

/// Origins at and above this are sets of sources; below, single sources.
const SHARED: u32 = 1 << 31;

/// A transform instance as a writer of the layer below.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) id: u32,
    pub(crate) layer: usize,
    pub(crate) path: Arc<Path>,
}

#[derive(Clone, Debug)]
struct Shared {
    origin: u32,
    /// Ascending; at least two.
    owners: Arc<[u32]>,
}

#[derive(Clone, Debug)]
struct Free(u32);

macro_rules! keyed_by_number {
    ($type:ty, $field:tt, $same:expr) => {
        impl Keyed for $type {
            type Key = u32;
            fn key(&self) -> u32 {
                self.$field
            }
            fn cmp_key(&self, key: &u32) -> Ordering {
                self.$field.cmp(key)
            }
            fn cmp_item(&self, other: &Self) -> Ordering {
                self.$field.cmp(&other.$field)
            }
            fn cmp_keys(left: &u32, right: &u32) -> Ordering {
                left.cmp(right)
            }
            fn is_same(&self, other: &Self) -> bool {
                let same: fn(&$type, &$type) -> bool = $same;
                same(self, other)
            }
        }
    };
}

keyed_by_number!(Source, id, |left, right| Arc::ptr_eq(&left.path, &right.path));
keyed_by_number!(Shared, origin, |left, right| Arc::ptr_eq(&left.owners, &right.owners));
keyed_by_number!(Free, 0, |left, right| left.0 == right.0);

/// Numbers that are given out and taken back, the smallest free one first.
#[derive(Clone, Debug)]
struct Numbers {
    next: u32,
    limit: u32,
    free: Sequence<Free>,
}

impl Numbers {
    fn new(first: u32, limit: u32) -> Self {
        Self { next: first, limit, free: Sequence::default() }
    }

    fn take(&mut self) -> u32 {
        if let Some(Free(number)) = self.free.first().cloned() {
            self.free.remove(&number);
            return number;
        }
        assert!(self.next < self.limit, "two thousand million sources fit into no memory");
        self.next += 1;
        self.next - 1
    }

    fn give_back(&mut self, number: u32) {
        self.free.insert(Free(number));
    }

    fn write(&self, writer: &mut Writer) {
        writer.number(self.next.into());
        writer.number(self.free.len() as u64);
        self.free.iter().for_each(|free| writer.number(free.0.into()));
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), RestoreError> {
        self.next = read_origin(reader)?.0;
        for _ in 0..reader.number()? {
            self.free.insert(Free(read_origin(reader)?.0));
        }
        Ok(())
    }
}

/// All sources, and the sets of sources that share a node.
#[derive(Clone, Debug)]
pub(crate) struct Ownership {
    sources: Sequence<Source>,
    source_ids: Numbers,
    shared: Sequence<Shared>,
    shared_ids: Numbers,
}

impl Default for Ownership {
    fn default() -> Self {
        Self {
            sources: Sequence::default(),
            source_ids: Numbers::new(1, SHARED),
            shared: Sequence::default(),
            shared_ids: Numbers::new(SHARED, u32::MAX),
        }
    }
}

impl Ownership {
    /// Gives a new transform instance its number.
    pub(crate) fn add_source(&mut self, layer: usize, path: Arc<Path>) -> Origin {
        let id = self.source_ids.take();
        self.sources.insert(Source { id, layer, path });
        Origin(id)
    }

    /// Writes all but the sources, which their instances know.
    pub(crate) fn write(&self, writer: &mut Writer) {
        self.source_ids.write(writer);
        self.shared_ids.write(writer);
        writer.number(self.shared.len() as u64);
        for shared in self.shared.iter() {
            writer.number(shared.origin.into());
            writer.number(shared.owners.len() as u64);
            shared.owners.iter().for_each(|owner| writer.number((*owner).into()));
        }
    }

    /// Reads what [`Self::write`] wrote; [`Self::restore_sources`] brings the rest.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, RestoreError> {
        let mut ownership = Self::default();
        ownership.source_ids.read(reader)?;
        ownership.shared_ids.read(reader)?;
        for _ in 0..reader.number()? {
            let origin = read_origin(reader)?.0;
            let owners = (0..reader.number()?).map(|_| Ok(read_origin(reader)?.0));
            let owners = owners.collect::<Result<_, RestoreError>>()?;
            ownership.shared.insert(Shared { origin, owners });
        }
        Ok(ownership)
    }

    /// Gives instances their numbers of before.
    pub(crate) fn restore_sources(&mut self, mut sources: Vec<Source>) {
        sources.sort_unstable_by_key(|source| source.id);
        self.sources = sources.into_iter().collect();
    }

    /// Takes the number of a gone instance back; nothing carries it any more.
    pub(crate) fn remove_source(&mut self, origin: Origin) {
        if self.sources.remove(&origin.0).is_some() {
            self.source_ids.give_back(origin.0);
        }
    }

    /// The instance behind a single origin.
    pub(crate) fn source(&self, id: u32) -> Option<&Source> {
        self.sources.get(&id)
    }

    /// The single sources behind an origin, ascending.
    pub(crate) fn sources_of(&self, origin: &Origin) -> Vec<u32> {
        match self.shared.get(&origin.0) {
            Some(shared) => shared.owners.to_vec(),
            None if *origin == Origin::NONE => Vec::new(),
            None => vec![origin.0],
        }
    }

    /// The origin of a node that `source` writes as well from now on.
    pub(crate) fn join(&mut self, origin: Origin, source: Origin) -> Origin {
        let mut owners = self.sources_of(&origin);
        match owners.binary_search(&source.0) {
            Ok(_) => return origin,
            Err(at) => owners.insert(at, source.0),
        }
        if owners.len() == 1 {
            return source;
        }
        let origin = if origin.0 >= SHARED { origin.0 } else { self.shared_ids.take() };
        self.shared.insert(Shared { origin, owners: owners.into() });
        Origin(origin)
    }

    /// The origin of a node that `source` does not write any more; `None` when nobody does.
    pub(crate) fn leave(&mut self, origin: Origin, source: Origin) -> Option<Origin> {
        let mut owners = self.sources_of(&origin);
        owners.retain(|owner| *owner != source.0);
        match owners[..] {
            [] => None,
            [only] => {
                if self.shared.remove(&origin.0).is_some() {
                    self.shared_ids.give_back(origin.0);
                }
                Some(Origin(only))
            }
            _ => {
                self.shared.insert(Shared { origin: origin.0, owners: owners.into() });
                Some(origin)
            }
        }
    }
}
