// Generated from YANG by yang-gen: change the models, not this file.

use transform::Refusal;
use yang_gen::runtime as rt;

static SCHEMA: rt::Embedded = rt::Embedded::new(|| super::bytes("service"));

/// The schema, the same one at every call.
pub fn schema() -> rt::Arc<rt::Schema> {
    SCHEMA.schema()
}

/// The functions of the layer `service`: one for each transform node.
#[derive(Clone, Copy, Debug)]
pub struct Transforms {
    /// Settings of the whole network.
    ///
    /// `/service:network`
    pub network: fn(&NetworkContext<'_>, &mut super::resource::Root) -> Result<(), Refusal>,
    /// The node `site`.
    ///
    /// `/service:network/site`
    pub site: fn(
        &SiteContext<'_>,
        &mut super::resource::Root,
    ) -> Result<Option<SiteMemory>, Refusal>,
    /// The node `circuit`.
    ///
    /// `/service:network/site/circuit`
    pub circuit: fn(&CircuitContext<'_>, &mut super::resource::Root) -> Result<(), Refusal>,
}

/// The functions as the engine calls them, by the path of the transform node.
pub fn bind(transforms: Transforms) -> Vec<(String, transform::TransformFn)> {
    vec![
        (
            "/service:network".to_owned(),
            rt::Arc::new(move |input| {
                let context = NetworkContext::read(input)?;
                let mut root = super::resource::Root::new();
                (transforms.network)(&context, &mut root)?;
                Ok(transform::TransformOutput {
                    schema: transform::SchemaKey::NextLayer,
                    branch: root.into_branch(input.origin),
                    memory: None,
                })
            }),
        ),
        (
            "/service:network/site".to_owned(),
            rt::Arc::new(move |input| {
                let context = SiteContext::read(input)?;
                let mut root = super::resource::Root::new();
                let memory = (transforms.site)(&context, &mut root)?;
                Ok(transform::TransformOutput {
                    schema: transform::SchemaKey::NextLayer,
                    branch: root.into_branch(input.origin),
                    memory: memory.map(|memory| memory.encode().into_branch(input.origin)),
                })
            }),
        ),
        (
            "/service:network/site/circuit".to_owned(),
            rt::Arc::new(move |input| {
                let context = CircuitContext::read(input)?;
                let mut root = super::resource::Root::new();
                (transforms.circuit)(&context, &mut root)?;
                Ok(transform::TransformOutput {
                    schema: transform::SchemaKey::NextLayer,
                    branch: root.into_branch(input.origin),
                    memory: None,
                })
            }),
        ),
    ]
}

/// The layer, for a system.
pub fn layer(transforms: Transforms) -> transform::LayerSpec {
    let transforms = bind(transforms);
    transform::LayerSpec { name: "service", schema: schema(), transforms }
}

/// What the transform is given.
///
/// `/service:network`
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkContext<'a> {
    /// Where the instance is.
    pub path: &'a rt::Path,
    /// Its input: mandatory leaves are there, defaults are filled in.
    pub input: NetworkInput,
}

impl<'a> NetworkContext<'a> {
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
            input: NetworkInput::read(input.branch.into()).map_err(below)?,
        })
    }
}

/// What the transform is given.
///
/// `/service:network/site`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteContext<'a> {
    /// Where the instance is.
    pub path: &'a rt::Path,
    /// Its input: mandatory leaves are there, defaults are filled in.
    pub input: SiteInput,
    /// What its links lead to.
    pub links: SiteLinks,
    /// What it remembered when it last ran.
    pub memory: Option<SiteMemory>,
    /// What the network told it.
    pub dynamic_state: Option<SiteDynamicState>,
}

impl<'a> SiteContext<'a> {
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
            input: SiteInput::read(input.branch.into()).map_err(below)?,
            links: SiteLinks::read(input.links)?,
            memory: input.memory.map(
                |part| SiteMemory::read(part.into())
            ).transpose().map_err(below)?,
            dynamic_state: input.dynamic_state.map(
                |part| SiteDynamicState::read(part.into())
            ).transpose().map_err(below)?,
        })
    }
}

/// What the links of the transform lead to.
///
/// `/service:network/site`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteLinks {
    /// The link `network`: `/service:network`.
    pub network: Option<NetworkInput>,
    /// The link `uplink`: `/service:network/site`.
    pub uplink: rt::BTreeMap<rt::EcoString, SiteInput>,
}

impl SiteLinks {
    fn read(links: &[transform::LinkedEntry<'_>]) -> Result<Self, rt::Fault> {
        let of = |tag| {
            let found = links.iter().filter(move |link| link.tag == tag);
            found.map(|link| (&link.path, link.branch))
        };
        Ok(Self {
            network: rt::link(of("network"), NetworkInput::read)?,
            uplink: rt::links(of("uplink"), 5, SiteInput::read)?,
        })
    }
}

/// What the transform is given.
///
/// `/service:network/site/circuit`
#[derive(Clone, Debug, PartialEq)]
pub struct CircuitContext<'a> {
    /// Where the instance is.
    pub path: &'a rt::Path,
    /// The keys of the lists it is in.
    pub keys: CircuitKeys,
    /// Its input: mandatory leaves are there, defaults are filled in.
    pub input: CircuitInput,
    /// What its links lead to.
    pub links: CircuitLinks,
}

impl<'a> CircuitContext<'a> {
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
            keys: CircuitKeys::read(input.path)?,
            input: CircuitInput::read(input.branch.into()).map_err(below)?,
            links: CircuitLinks::read(input.links)?,
        })
    }
}

/// The keys of the lists that the instance is in.
///
/// `/service:network/site/circuit`
#[derive(Clone, Debug, PartialEq)]
pub struct CircuitKeys {
    /// The name.
    pub name: rt::EcoString,
}

impl CircuitKeys {
    fn read(path: &rt::Path) -> Result<Self, rt::Fault> {
        Ok(Self {
            name: rt::key_leaf(path, 1, 0, 5)?,
        })
    }
}

/// What the links of the transform lead to.
///
/// `/service:network/site/circuit`
#[derive(Clone, Debug, PartialEq)]
pub struct CircuitLinks {
    /// The link `site`: `/service:network/site`.
    pub site: Option<SiteInput>,
}

impl CircuitLinks {
    fn read(links: &[transform::LinkedEntry<'_>]) -> Result<Self, rt::Fault> {
        let of = |tag| {
            let found = links.iter().filter(move |link| link.tag == tag);
            found.map(|link| (&link.path, link.branch))
        };
        Ok(Self {
            site: rt::link(of("site"), SiteInput::read)?,
        })
    }
}

/// Settings of the whole network.
///
/// `/service:network`
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkInput {
    /// The node `domain`.
    ///
    /// Default `example.net`.
    pub domain: rt::EcoString,
    /// The node `servers`.
    pub servers: Vec<rt::EcoString>,
}

impl NetworkInput {
    /// Reads the children of the node, filling in defaults.
    ///
    /// # Errors
    /// The path of what is mandatory and missing.
    pub fn from_branch(branch: &rt::Branch) -> Result<Self, Refusal> {
        Self::read(branch.into()).map_err(refusal)
    }

    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            domain: from.leaf(2)?.unwrap_or_else(|| rt::EcoString::from("example.net")),
            servers: match from.leaf_list(3)? {
                list if !list.is_empty() => list,
                _ => vec![rt::EcoString::from("192.0.2.1")],
            },
        })
    }
}

/// The node `site`.
///
/// `/service:network/site`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteInput {
    /// The name.
    pub name: rt::EcoString,
    /// The node `role`.
    ///
    /// Default `service:spoke`.
    pub role: types::Role,
    /// The node `number`.
    pub number: u16,
    /// The node `mtu`.
    ///
    /// Default `1500`.
    pub mtu: u16,
    /// The node `power`.
    ///
    /// Default `1.5`.
    pub power: rt::Decimal<2>,
    /// The node `token`.
    ///
    /// Default `AQID`.
    pub token: Vec<u8>,
    /// The node `enabled`.
    ///
    /// Default `true`.
    pub enabled: bool,
    /// The node `passive`.
    pub passive: bool,
    /// The node `limit`.
    ///
    /// Default `unlimited`.
    pub limit: types::Limit,
    /// The node `days`.
    ///
    /// Default `monday sunday`.
    pub days: rt::BTreeSet<types::SiteDays>,
    /// The node `type`.
    pub r#type: Option<types::SiteType>,
    /// The node `uplink`.
    pub uplink: Option<rt::EcoString>,
    /// The node `where`.
    pub r#where: Option<rt::EcoString>,
    /// The node `port`.
    ///
    /// Default `eth0`.
    pub port: Option<rt::EcoString>,
    /// The node `carrier`.
    pub carrier: Option<rt::EcoString>,
    /// The node `band`.
    ///
    /// Default `20`.
    pub band: Option<u8>,
    /// The node `sim`.
    pub sim: Option<SiteSim>,
    /// The node `bgp`.
    pub bgp: Option<SiteBgp>,
    /// The node `ieee-802.3`.
    pub ieee_802_3: SiteIeee802_3,
    /// The node `access`.
    pub access: Vec<SiteAccess>,
}

impl SiteInput {
    /// Reads the children of the node, filling in defaults.
    ///
    /// # Errors
    /// The path of what is mandatory and missing.
    pub fn from_branch(branch: &rt::Branch) -> Result<Self, Refusal> {
        Self::read(branch.into()).map_err(refusal)
    }

    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            name: from.required(5)?,
            role: from.leaf(6)?.unwrap_or(types::Role::Spoke),
            number: from.required(7)?,
            mtu: from.leaf(8)?.unwrap_or(1500),
            power: from.leaf(9)?.unwrap_or(rt::Decimal::from_scaled(150)),
            token: from.leaf(10)?.unwrap_or_else(|| vec![1, 2, 3]),
            enabled: from.leaf(11)?.unwrap_or(true),
            passive: from.leaf(12)?.unwrap_or(false),
            limit: from.leaf(13)?.unwrap_or_else(
                || types::Limit::Word(types::LimitWord::Unlimited)
            ),
            days: from.leaf(14)?.unwrap_or_else(
                || rt::BTreeSet::from([types::SiteDays::Monday, types::SiteDays::Sunday])
            ),
            r#type: from.leaf(15)?,
            uplink: from.leaf(16)?,
            r#where: from.leaf(17)?,
            port: from.leaf_or(
                20,
                from.has_any(20, 21) || !from.has_any(19, 26),
                || rt::EcoString::from("eth0"),
            )?,
            carrier: from.required_if(22, from.has_any(22, 26))?,
            band: from.leaf_or(23, from.has_any(22, 26), || 20)?,
            sim: from.selected(24, from.has_any(22, 26), SiteSim::read)?,
            bgp: from.present(26, SiteBgp::read)?,
            ieee_802_3: SiteIeee802_3::read(from.container(30))?,
            access: from.list(32, SiteAccess::read)?,
        })
    }
}

/// The node `remembered`.
///
/// `/service:network/site/remembered`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteMemory {
    /// The node `runs`.
    pub runs: u32,
    /// The node `grant`.
    pub grant: Vec<SiteMemoryGrant>,
    /// The node `last`.
    pub last: Option<SiteMemoryLast>,
}

impl SiteMemory {
    /// Reads the children of the node, filling in defaults.
    ///
    /// # Errors
    /// The path of what is mandatory and missing.
    pub fn from_branch(branch: &rt::Branch) -> Result<Self, Refusal> {
        Self::read(branch.into()).map_err(refusal)
    }

    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            runs: from.required(40)?,
            grant: from.list(41, SiteMemoryGrant::read)?,
            last: from.present(44, SiteMemoryLast::read)?,
        })
    }
}

impl SiteMemory {
    fn encode(self) -> rt::Draft {
        let mut draft = rt::Draft::default();
        draft.set(40, rt::Value::Uint(self.runs.into()));
        for entry in self.grant {
            draft.push(
                &rt::ListShape { node: 41, keys: &[42], user_ordered: false },
                entry.encode(),
            );
        }
        if let Some(inner) = self.last {
            draft.container::<rt::Plain>(44, true).0 = inner.encode();
        }
        draft
    }
}

/// The node `measured`.
///
/// `/service:network/site/measured`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteDynamicState {
    /// The node `load`.
    pub load: Option<u8>,
}

impl SiteDynamicState {
    /// Reads the children of the node, filling in defaults.
    ///
    /// # Errors
    /// The path of what is mandatory and missing.
    pub fn from_branch(branch: &rt::Branch) -> Result<Self, Refusal> {
        Self::read(branch.into()).map_err(refusal)
    }

    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            load: from.leaf(47)?,
        })
    }
}

/// The node `circuit`.
///
/// `/service:network/site/circuit`
#[derive(Clone, Debug, PartialEq)]
pub struct CircuitInput {
    /// The node `id`.
    pub id: u32,
}

impl CircuitInput {
    /// Reads the children of the node, filling in defaults.
    ///
    /// # Errors
    /// The path of what is mandatory and missing.
    pub fn from_branch(branch: &rt::Branch) -> Result<Self, Refusal> {
        Self::read(branch.into()).map_err(refusal)
    }

    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            id: from.required(49)?,
        })
    }
}

/// The node `sim`.
///
/// `/service:network/site/sim`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteSim {
    /// The node `pin`.
    pub pin: u32,
}

impl SiteSim {
    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            pin: from.required(25)?,
        })
    }
}

/// The node `bgp`.
///
/// `/service:network/site/bgp`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteBgp {
    /// The node `as-number`.
    pub as_number: u32,
    /// The node `timers`.
    pub timers: SiteBgpTimers,
}

impl SiteBgp {
    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            as_number: from.required(27)?,
            timers: SiteBgpTimers::read(from.container(28))?,
        })
    }
}

/// The node `ieee-802.3`.
///
/// `/service:network/site/ieee-802.3`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteIeee802_3 {
    /// The node `speed`.
    pub speed: Option<i8>,
}

impl SiteIeee802_3 {
    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            speed: from.leaf(31)?,
        })
    }
}

/// The node `access`.
///
/// `/service:network/site/access`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteAccess {
    /// The node `port`.
    pub port: rt::EcoString,
    /// The node `vlan`.
    pub vlan: u16,
    /// The node `description`.
    pub description: Option<rt::EcoString>,
    /// The node `rule`.
    pub rule: Vec<SiteAccessRule>,
}

impl SiteAccess {
    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            port: from.required(33)?,
            vlan: from.required(34)?,
            description: from.leaf(35)?,
            rule: from.list(36, SiteAccessRule::read)?,
        })
    }
}

/// The node `grant`.
///
/// `/service:network/site/remembered/grant`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteMemoryGrant {
    /// The node `kind`.
    pub kind: rt::EcoString,
    /// The node `value`.
    pub value: Vec<types::Limit>,
}

impl SiteMemoryGrant {
    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            kind: from.required(42)?,
            value: from.leaf_list(43)?,
        })
    }
}

impl SiteMemoryGrant {
    fn encode(self) -> rt::Draft {
        let mut draft = rt::Draft::default();
        draft.set(42, rt::Value::Str(self.kind.into()));
        for value in self.value {
            draft.add(
                43,
                false,
                types::SCHEMA.first_match(43, Into::<types::Limit>::into(value).into_value()),
            );
        }
        draft
    }
}

/// The node `last`.
///
/// `/service:network/site/remembered/last`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteMemoryLast {
    /// The node `role`.
    pub role: Option<types::Role>,
}

impl SiteMemoryLast {
    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            role: from.leaf(45)?,
        })
    }
}

impl SiteMemoryLast {
    fn encode(self) -> rt::Draft {
        let mut draft = rt::Draft::default();
        if let Some(value) = self.role {
            draft.set(45, rt::Value::Identity(value.id()));
        }
        draft
    }
}

/// The node `timers`.
///
/// `/service:network/site/bgp/timers`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteBgpTimers {
    /// The node `hold`.
    ///
    /// Default `90`.
    pub hold: u16,
}

impl SiteBgpTimers {
    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            hold: from.leaf(29)?.unwrap_or(90),
        })
    }
}

/// The node `rule`.
///
/// `/service:network/site/access/rule`
#[derive(Clone, Debug, PartialEq)]
pub struct SiteAccessRule {
    /// The node `seq`.
    pub seq: u32,
    /// The node `prefix`.
    pub prefix: Vec<rt::EcoString>,
}

impl SiteAccessRule {
    fn read(from: rt::Source<'_>) -> Result<Self, rt::Fault> {
        Ok(Self {
            seq: from.required(37)?,
            prefix: from.leaf_list(38)?,
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

/// Enumerations, bits, identities and unions.
pub mod types {
    use yang_gen::runtime as rt;

    pub(super) use super::SCHEMA;

    yang_gen::identities! {
        /// Identities derived from `role`.
        Role {
            Hub = "service:hub" 0,
            Spoke = "service:spoke" 2,
        }
    }

    yang_gen::enumeration! {
        /// The enumeration of a leaf.
        LimitWord {
            Unlimited = "unlimited",
        }
    }

    /// The type `service:limit`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Limit {
        /// A whole number.
        Uint(u32),
        /// A member of an enumeration.
        Word(LimitWord),
        /// Text.
        Text(rt::EcoString),
    }

    impl Limit {
        /// The value in a data tree.
        pub fn into_value(self) -> rt::Value {
            match self {
                Self::Uint(value) => rt::Value::Uint(value.into()),
                Self::Word(value) => rt::enumeration(23, value),
                Self::Text(value) => rt::Value::Str(value.into()),
            }
        }
    }

    impl rt::Scalar for Limit {
        fn from_value(value: &rt::Value) -> Option<Self> {
            match value {
                rt::Value::Uint(_) => {
                    <u32 as rt::Scalar>::from_value(value).map(Self::Uint)
                }
                rt::Value::Enum { ty, .. } if ty.index() == 23 => {
                    <LimitWord as rt::Scalar>::from_value(value).map(Self::Word)
                }
                rt::Value::Str(_) => {
                    <rt::EcoString as rt::Scalar>::from_value(value).map(Self::Text)
                }
                _ => None,
            }
        }
    }

    impl From<u32> for Limit {
        fn from(value: u32) -> Self {
            Self::Uint(value)
        }
    }

    impl From<LimitWord> for Limit {
        fn from(value: LimitWord) -> Self {
            Self::Word(value)
        }
    }

    impl From<&str> for Limit {
        fn from(value: &str) -> Self {
            Self::Text(value.into())
        }
    }

    impl From<String> for Limit {
        fn from(value: String) -> Self {
            Self::Text(value.into())
        }
    }

    impl From<rt::EcoString> for Limit {
        fn from(value: rt::EcoString) -> Self {
            Self::Text(value)
        }
    }

    impl From<&rt::EcoString> for Limit {
        fn from(value: &rt::EcoString) -> Self {
            Self::Text(value.into())
        }
    }

    yang_gen::members! {
        /// The bits of a leaf.
        SiteDays {
            Monday = "monday",
            Tuesday = "tuesday",
            Sunday = "sunday",
        }
    }

    yang_gen::enumeration! {
        /// The enumeration of a leaf.
        SiteType {
            Small = "small",
            _10g = "10g",
            VeryLarge = "VERY-LARGE",
        }
    }
}
