// Generated from YANG by yang-gen: change the models, not this file.

use transform::Refusal;
use yang_gen::runtime as rt;

pub use output::Root;

static SCHEMA: rt::Embedded = rt::Embedded::new(|| super::bytes("resource"));

/// The schema, the same one at every call.
pub fn schema() -> rt::Arc<rt::Schema> {
    SCHEMA.schema()
}

/// The functions of the layer `resource`: one for each transform node.
#[derive(Clone, Copy, Debug)]
pub struct Transforms {
    /// The node `port`.
    ///
    /// `/resource:rfs/port`
    pub port: fn(&PortContext<'_>) -> Result<rt::DeviceOutput, Refusal>,
}

/// The functions as the engine calls them, by the path of the transform node.
pub fn bind(transforms: Transforms) -> Vec<(String, transform::TransformFn)> {
    vec![
        (
            "/resource:rfs/port".to_owned(),
            rt::Arc::new(move |input| {
                let context = PortContext::read(input)?;
                let output = (transforms.port)(&context)?;
                Ok(transform::TransformOutput {
                    schema: transform::SchemaKey::Device(output.device_type),
                    branch: output.draft.into_branch(input.origin),
                    memory: None,
                })
            }),
        ),
    ]
}

/// The layer, for a system.
pub fn layer(transforms: Transforms) -> transform::LayerSpec {
    let transforms = bind(transforms);
    transform::LayerSpec { name: "resource", schema: schema(), transforms }
}

/// What the transform is given.
///
/// `/resource:rfs/port`
#[derive(Clone, Debug, PartialEq)]
pub struct PortContext<'a> {
    /// Where the instance is.
    pub path: &'a rt::Path,
    /// The keys of the lists it is in.
    pub keys: PortKeys,
    /// Its input: mandatory leaves are there, defaults are filled in.
    pub input: PortInput,
    /// The device that is configured.
    pub device: &'a rt::DeviceFacts,
}

impl<'a> PortContext<'a> {
    /// Reads what the engine hands over.
    ///
    /// # Errors
    /// The path of what is mandatory and missing.
    pub fn read(input: &transform::TransformInput<'a>) -> Result<Self, Refusal> {
        Self::read_parts(input).map_err(refusal)
    }

    /// Refuses the input for what is at a path below the instance, such as `bgp/as-number`.
    pub fn invalid(&self, below: &str, message: impl Into<String>) -> Refusal {
        let path = format!("{}/{below}", self.path.text(&schema()));
        Refusal::Invalid { path, message: message.into() }
    }

    fn read_parts(input: &transform::TransformInput<'a>) -> Result<Self, rt::Fault> {
        let below = |fault: rt::Fault| fault.below(input.path);
        Ok(Self {
            path: input.path,
            keys: PortKeys::read(input.path)?,
            input: PortInput::read(input.branch.into()).map_err(below)?,
            device: input.device.ok_or_else(|| rt::Fault::no_device(3))?,
        })
    }
}

/// The keys of the lists that the instance is in.
///
/// `/resource:rfs/port`
#[derive(Clone, Debug, PartialEq)]
pub struct PortKeys {
    /// The node `name`.
    pub name: rt::EcoString,
}

impl PortKeys {
    fn read(path: &rt::Path) -> Result<Self, rt::Fault> {
        Ok(Self {
            name: rt::key_leaf(path, 0, 0, 2)?,
        })
    }
}

/// The node `port`.
///
/// `/resource:rfs/port`
#[derive(Clone, Debug, PartialEq)]
pub struct PortInput {
    /// The node `name`.
    pub name: rt::EcoString,
    /// The node `description`.
    pub description: rt::EcoString,
    /// The node `mtu`.
    pub mtu: Option<u16>,
}

impl PortInput {
    /// Reads the children of the node, filling in defaults.
    ///
    /// # Errors
    /// The path of what is mandatory and missing.
    pub fn from_branch(branch: &rt::Branch) -> Result<Self, Refusal> {
        Self::read(branch.into()).map_err(refusal)
    }

    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            name: from.required(4)?,
            description: from.required(5)?,
            mtu: from.leaf(6)?,
        })
    }
}

#[cold]
fn refusal(fault: rt::Fault) -> Refusal {
    let (kind, path) = fault.explained(&schema());
    match kind {
        rt::FaultKind::Missing => Refusal::Incomplete { path },
        rt::FaultKind::Mistyped => {
            let message = "the value is not of the leaf's type".to_owned();
            Refusal::Invalid { path, message }
        }
        rt::FaultKind::NoDevice => {
            let message = "nothing is known of the device yet".to_owned();
            Refusal::Unsupported { message }
        }
    }
}

/// Builders of outputs: setters for leaves, one method per container and list.
pub mod output {
    use yang_gen::runtime as rt;

    yang_gen::builder! {
        /// The top of the output.
        Root
    }

    impl Root {
        /// An output without content.
        pub fn new() -> Self {
            <Self as Default>::default()
        }

        /// The finished output, marked with its origin.
        pub fn into_branch(self, origin: rt::Origin) -> rt::Branch {
            self.0.into_branch(origin)
        }
    }

    impl Root {
        /// The node `rfs`.
        ///
        /// `/resource:rfs`
        pub fn rfs(&mut self, name: impl Into<rt::EcoString>) -> &mut RfsEntry {
            self.0.entry(
                &rt::ListShape { node: 1, keys: &[2], user_ordered: false },
                rt::Key::One(rt::Value::Str(name.into())),
            )
        }
    }

    yang_gen::builder! {
        /// The node `rfs`.
        ///
        /// `/resource:rfs`
        RfsEntry
    }

    impl RfsEntry {
        /// The node `port`.
        ///
        /// `/resource:rfs/port`
        pub fn port(&mut self, name: impl Into<rt::EcoString>) -> &mut RfsPortEntry {
            self.0.entry(
                &rt::ListShape { node: 3, keys: &[4], user_ordered: false },
                rt::Key::One(rt::Value::Str(name.into())),
            )
        }
    }

    yang_gen::builder! {
        /// The node `port`.
        ///
        /// `/resource:rfs/port`
        RfsPortEntry
    }

    impl RfsPortEntry {
        /// The node `description`.
        ///
        /// `/resource:rfs/port/description`
        pub fn description(&mut self, value: impl Into<rt::EcoString>) -> &mut Self {
            self.0.set(5, rt::Value::Str(value.into()));
            self
        }

        /// The node `mtu`.
        ///
        /// `/resource:rfs/port/mtu`
        pub fn mtu(&mut self, value: u16) -> &mut Self {
            self.0.set(6, rt::Value::Uint(value.into()));
            self
        }
    }
}
