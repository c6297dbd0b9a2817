//! A state as bytes, for a fast restart.
//!
//! ```text
//! lengths of the parts, then:
//!   version, code, fingerprints of schemas | facts | ownership | devices
//!   | tree of each layer, its instances
//! ```
//! Parts stand apart so that they are written and read side by side.
//!
//! A state is a function of intent, schemas and transforms, so a snapshot is only good for the
//! program that made it. It says which one that was, and another one starts from the log.

use std::collections::BTreeMap;
use std::sync::Arc;

use vocab::{DeviceFacts, DeviceName, ModuleFacts};
use yang::Schema;
use yang_data::binary::{Reader, SnapshotError, Writer};
use yang_data::sequence::Sequence;
use yang_data::{Branch, Origin};

use crate::executor::heavy_results;
use crate::instance::{DeviceKey, Instance, Packed, Place, RunResult, Subscription};
use crate::ownership::{Ownership, Source};
use crate::state::{DeviceState, LayerState, State};
use crate::system::System;

/// Changes whenever the format does.
const VERSION: u64 = 1;

/// Why a state cannot be taken from bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// Made by another program, or with other schemas: the state might differ.
    #[error("made by another version of the program or its models")]
    OtherProgram,
    /// The bytes make no sense.
    #[error(transparent)]
    Damaged(#[from] SnapshotError),
    /// The bytes say something that cannot be.
    #[error("it speaks of {what} that this network does not have")]
    Unknown {
        /// What it speaks of.
        what: &'static str,
    },
}

/// Tag of an optional part that is absent, or of an instance without output.
const NONE: u64 = 0;
/// Tag of an optional part that is there, or of an output into the next layer.
const SOME: u64 = 1;
/// Tag of an output into a device's configuration.
const DEVICE: u64 = 2;

impl State {
    /// The state as bytes, in parts that follow each other. `code` stands for the program:
    /// whatever differs when its transforms do, such as a hash of the executable.
    pub fn to_bytes(&self, system: &System, code: &[u8]) -> Vec<Vec<u8>> {
        let mut head = Writer::default();
        head.number(VERSION);
        head.bytes(code);
        let schemas = fingerprints(system);
        head.number(schemas.len() as u64);
        schemas.iter().for_each(|fingerprint| head.number(*fingerprint));
        let mut parts = vec![head.into_bytes()];
        let count = 3 + 2 * self.layers.len();
        let executor = system.executor();
        parts.extend(heavy_results(executor, count, |part| self.part(system, part)));
        let mut lengths = Writer::default();
        parts.iter().for_each(|part| lengths.number(part.len() as u64));
        parts.insert(0, lengths.into_bytes());
        parts
    }

    fn part(&self, system: &System, part: usize) -> Vec<u8> {
        let mut writer = Writer::default();
        match part {
            0 => write_facts(&mut writer, &self.facts),
            1 => self.ownership.write(&mut writer),
            2 => write_devices(&mut writer, &self.devices),
            part if part % 2 == 1 => writer.branch(&self.layers[part / 2 - 1].tree),
            part => {
                let layer = part / 2 - 2;
                write_instances(&mut writer, &system.layers[layer].schema, &self.layers[layer]);
            }
        }
        writer.into_bytes()
    }

    /// The state behind bytes.
    ///
    /// # Errors
    /// When they were made by another program or other schemas, or are damaged. Start from the
    /// log then.
    pub fn from_bytes(system: &System, code: &[u8], bytes: &[u8]) -> Result<Self, RestoreError> {
        let layers = system.layer_count();
        let parts = parts(bytes, 4 + 2 * layers)?;
        check_head(system, code, parts[0])?;
        let read = heavy_results(system.executor(), 2 + 2 * layers, |at| {
            Part::read(system, at + 1, parts[at + 2])
        });
        let mut state = Self::empty(system);
        state.facts = Arc::new(read_facts(&mut Reader::new(parts[1]))?);
        let mut sources = Vec::new();
        for (at, part) in read.into_iter().enumerate() {
            match part? {
                Part::Ownership(ownership) => state.ownership = ownership,
                Part::Devices(devices) => state.devices = devices,
                Part::Tree(tree) => state.layers[at / 2 - 1].tree = tree,
                Part::Instances(instances, subscriptions) => {
                    let layer = at / 2 - 1;
                    sources.extend(instances.iter().map(|instance| Source {
                        id: instance.origin.0,
                        layer,
                        path: Arc::clone(&instance.path),
                    }));
                    let layer = &mut state.layers[layer];
                    (layer.instances, layer.subscriptions) = (instances, subscriptions);
                }
            }
        }
        state.ownership.restore_sources(sources);
        Ok(state)
    }
}

/// What was read of one part.
enum Part {
    Ownership(Ownership),
    Devices(Sequence<DeviceState>),
    Tree(Branch),
    Instances(Sequence<Instance>, Sequence<Subscription>),
}

impl Part {
    fn read(system: &System, part: usize, bytes: &[u8]) -> Result<Self, RestoreError> {
        let mut reader = Reader::new(bytes);
        Ok(match part {
            1 => Self::Ownership(Ownership::read(&mut reader)?),
            2 => Self::Devices(read_devices(&mut reader, system)?),
            part if part % 2 == 1 => {
                Self::Tree(reader.branch(&system.layers[part / 2 - 1].schema)?)
            }
            part => {
                let mut read = ReadInstances { reader, system, layer: part / 2 - 2 };
                let (instances, subscriptions) = read.all()?;
                Self::Instances(instances, subscriptions)
            }
        })
    }
}

/// The parts behind their lengths.
fn parts(bytes: &[u8], count: usize) -> Result<Vec<&[u8]>, RestoreError> {
    let mut reader = Reader::new(bytes);
    let lengths = (0..count).map(|_| reader.number()).collect::<Result<Vec<_>, _>>()?;
    let mut rest = &bytes[reader.position()..];
    let mut parts = Vec::with_capacity(count);
    for length in lengths {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let split = rest.split_at_checked(length);
        let (part, behind) = split.ok_or(RestoreError::Unknown { what: "more bytes" })?;
        parts.push(part);
        rest = behind;
    }
    Ok(parts)
}

fn fingerprints(system: &System) -> Vec<u64> {
    let layers = system.layers.iter().map(|layer| layer.schema.fingerprint());
    layers.chain(system.device_types().map(|kind| kind.schema().fingerprint())).collect()
}

fn check_head(system: &System, code: &[u8], head: &[u8]) -> Result<(), RestoreError> {
    let mut head = Reader::new(head);
    let mut is_ours = head.number()? == VERSION && head.bytes()? == code;
    let schemas = fingerprints(system);
    is_ours = is_ours && head.number()? == schemas.len() as u64;
    for fingerprint in schemas {
        is_ours = is_ours && head.number()? == fingerprint;
    }
    if is_ours { Ok(()) } else { Err(RestoreError::OtherProgram) }
}

fn write_facts(writer: &mut Writer, all: &BTreeMap<String, Arc<DeviceFacts>>) {
    writer.number(all.len() as u64);
    for (name, facts) in all {
        writer.bytes(name.as_bytes());
        writer.bytes(facts.device_type.as_bytes());
        writer.number(facts.modules.len() as u64);
        for (name, module) in &facts.modules {
            writer.bytes(name.as_bytes());
            writer.bytes(module.namespace.as_bytes());
            // A revision is never empty where there is one.
            writer.bytes(module.revision.as_deref().unwrap_or_default().as_bytes());
            writer.number(module.features.len() as u64);
            module.features.iter().for_each(|feature| writer.bytes(feature.as_bytes()));
        }
    }
}

fn read_facts(
    reader: &mut Reader<'_>,
) -> Result<BTreeMap<String, Arc<DeviceFacts>>, SnapshotError> {
    let mut all = BTreeMap::new();
    for _ in 0..reader.number()? {
        let name = DeviceName::new(reader.text()?);
        let device_type = reader.text()?.to_owned();
        let mut modules = BTreeMap::new();
        for _ in 0..reader.number()? {
            let module = reader.text()?.to_owned();
            let namespace = reader.text()?.to_owned();
            let revision = Some(reader.text()?.to_owned()).filter(|text| !text.is_empty());
            let features = (0..reader.number()?)
                .map(|_| Ok(reader.text()?.to_owned()))
                .collect::<Result<_, SnapshotError>>()?;
            modules.insert(module, ModuleFacts { namespace, revision, features });
        }
        let facts = DeviceFacts { name, device_type, modules };
        all.insert(facts.name.as_str().to_owned(), Arc::new(facts));
    }
    Ok(all)
}

fn write_devices(writer: &mut Writer, devices: &Sequence<DeviceState>) {
    writer.number(devices.len() as u64);
    for device in devices.iter() {
        write_device_key(writer, &device.key);
        writer.branch(&device.config);
    }
}

fn read_devices(
    reader: &mut Reader<'_>,
    system: &System,
) -> Result<Sequence<DeviceState>, RestoreError> {
    let mut devices = Vec::new();
    for _ in 0..reader.number()? {
        let key = read_device_key(reader, system)?;
        let kind = system.device_type(key.device_type);
        let schema = kind.ok_or(RestoreError::Unknown { what: "a device type" })?.schema();
        devices.push(DeviceState { key, config: reader.branch(schema)? });
    }
    Ok(devices.into_iter().collect())
}

fn write_device_key(writer: &mut Writer, key: &DeviceKey) {
    writer.bytes(key.name.as_bytes());
    writer.bytes(key.device_type.as_bytes());
}

fn read_device_key(reader: &mut Reader<'_>, system: &System) -> Result<DeviceKey, RestoreError> {
    let name = reader.text()?.into();
    let kind = system.device_type(reader.text()?);
    let kind = kind.ok_or(RestoreError::Unknown { what: "a device type" })?;
    Ok(DeviceKey { name, device_type: kind.name })
}

fn write_instances(writer: &mut Writer, schema: &Schema, layer: &LayerState) {
    writer.number(layer.instances.len() as u64);
    for instance in layer.instances.iter() {
        let RunResult { output, memory, dynamic_state, links } = &*instance.result;
        writer.path(&instance.path);
        writer.number(instance.origin.0.into());
        match output {
            None => writer.number(NONE),
            Some((place, output)) => {
                match place {
                    Place::Layer(_) => writer.number(SOME),
                    Place::Device(key) => {
                        writer.number(DEVICE);
                        write_device_key(writer, key);
                    }
                }
                writer.bytes(&output.0);
            }
        }
        for branch in [memory, dynamic_state] {
            match branch {
                None => writer.number(NONE),
                Some(branch) => {
                    writer.number(SOME);
                    writer.branch_anywhere(schema, branch);
                }
            }
        }
        writer.number(links.len() as u64);
        links.iter().for_each(|link| writer.path(link));
    }
}

/// The reader of one layer's instances.
struct ReadInstances<'a> {
    reader: Reader<'a>,
    system: &'a System,
    layer: usize,
}

impl ReadInstances<'_> {
    fn all(&mut self) -> Result<(Sequence<Instance>, Sequence<Subscription>), RestoreError> {
        let mut instances = Vec::new();
        let mut subscriptions = Vec::new();
        for _ in 0..self.reader.number()? {
            let instance = self.instance()?;
            subscriptions.extend(instance.result.links.iter().map(|target| Subscription {
                target: Arc::clone(target),
                subscriber: Arc::clone(&instance.path),
            }));
            instances.push(instance);
        }
        subscriptions.sort();
        Ok((instances.into_iter().collect(), subscriptions.into_iter().collect()))
    }

    fn instance(&mut self) -> Result<Instance, RestoreError> {
        let schema = &self.system.layers[self.layer].schema;
        let path = Arc::new(self.reader.path(schema)?);
        let origin = read_origin(&mut self.reader)?;
        let output = match self.reader.number()? {
            NONE => None,
            SOME => Some((Place::Layer(self.layer + 1), self.packed()?)),
            _ => {
                let key = read_device_key(&mut self.reader, self.system)?;
                Some((Place::Device(key), self.packed()?))
            }
        };
        if let Some((place, _)) = &output {
            place.schema(self.system).ok_or(RestoreError::Unknown { what: "a layer" })?;
        }
        let [memory, dynamic_state] = [self.optional()?, self.optional()?];
        let links = (0..self.reader.number()?)
            .map(|_| self.reader.path(schema).map(Arc::new))
            .collect::<Result<_, _>>()?;
        let result = Arc::new(RunResult { output, memory, dynamic_state, links });
        Ok(Instance { path, origin, result })
    }

    /// What an output says is looked at when it is first needed.
    fn packed(&mut self) -> Result<Packed, SnapshotError> {
        Ok(Packed(self.reader.bytes()?.into()))
    }

    fn optional(&mut self) -> Result<Option<Branch>, SnapshotError> {
        let schema = &self.system.layers[self.layer].schema;
        match self.reader.number()? {
            NONE => Ok(None),
            _ => self.reader.branch_anywhere(schema).map(Some),
        }
    }
}

pub(crate) fn read_origin(reader: &mut Reader<'_>) -> Result<Origin, RestoreError> {
    let origin = u32::try_from(reader.number()?);
    origin.map(Origin).map_err(|_| RestoreError::Unknown { what: "an origin" })
}
