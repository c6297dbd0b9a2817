// Generated from YANG by yang-gen: change the models, not this file.

use yang_gen::runtime as rt;

pub use output::Root;

static SCHEMA: rt::Embedded = rt::Embedded::new(|| super::bytes("router"));

/// The schema, the same one at every call.
pub fn schema() -> rt::Arc<rt::Schema> {
    SCHEMA.schema()
}

/// The device type, for a system. A simulated one announces the modules given here.
pub fn device_type() -> transform::DeviceType {
    let modules = rt::modules(&schema());
    transform::DeviceType::new("router", schema(), modules)
}

/// Builders of outputs: setters for leaves, one method per container and list.
pub mod output {
    use yang_gen::runtime as rt;
    use super::types;

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

    impl From<Root> for rt::DeviceOutput {
        fn from(root: Root) -> Self {
            Self { device_type: "router", draft: root.0 }
        }
    }

    impl Root {
        /// The node `system`.
        ///
        /// `/router:system`
        pub fn system(&mut self) -> &mut System {
            self.0.container(1, false)
        }

        /// The node `interfaces`.
        ///
        /// `/router:interfaces`
        pub fn interfaces(&mut self) -> &mut Interfaces {
            self.0.container(12, false)
        }

        /// The node `acl`.
        ///
        /// `/router:acl`
        pub fn acl(&mut self, name: impl Into<rt::EcoString>, kind: types::State) -> &mut AclEntry {
            self.0.entry(
                &rt::ListShape { node: 26, keys: &[27, 28], user_ordered: true },
                rt::Key::from_iter([rt::Value::Str(name.into()), rt::enumeration(20, kind)]),
            )
        }
    }

    yang_gen::builder! {
        /// The node `system`.
        ///
        /// `/router:system`
        System
    }

    impl System {
        /// The name.
        ///
        /// `/router:system/host-name`
        pub fn host_name(&mut self, value: impl Into<rt::EcoString>) -> &mut Self {
            self.0.set(2, rt::Value::Str(value.into()));
            self
        }

        /// The node `search`.
        ///
        /// `/router:system/search`
        pub fn add_search(&mut self, value: impl Into<rt::EcoString>) -> &mut Self {
            self.0.add(4, true, rt::Value::Str(value.into()));
            self
        }

        /// The node `gain`.
        ///
        /// `/router:system/gain`
        pub fn gain(&mut self, value: rt::Decimal<1>) -> &mut Self {
            self.0.set(5, rt::Value::Decimal { mantissa: value.scaled(), digits: 1 });
            self
        }

        /// The node `flags`.
        ///
        /// `/router:system/flags`
        pub fn flags(&mut self, value: impl IntoIterator<Item = types::SystemFlags>) -> &mut Self {
            self.0.set(6, rt::bits(24, value));
            self
        }

        /// The node `key`.
        ///
        /// `/router:system/key`
        pub fn key(&mut self, value: impl Into<rt::EcoVec<u8>>) -> &mut Self {
            self.0.set(7, rt::Value::Binary(value.into()));
            self
        }

        /// The node `self`.
        ///
        /// `/router:system/self`
        pub fn self_(&mut self) -> &mut Self {
            self.0.set(8, rt::Value::Empty);
            self
        }

        /// The node `extra`.
        ///
        /// `/router:system/extra`
        pub fn extra(&mut self, data: rt::AnyData) -> &mut Self {
            self.0.set_any(9, data);
            self
        }

        /// The node `tuning`.
        ///
        /// `/router:system/router-vendor:tuning`
        pub fn tuning(&mut self) -> &mut SystemTuning {
            self.0.container(10, false)
        }
    }

    yang_gen::builder! {
        /// The node `interfaces`.
        ///
        /// `/router:interfaces`
        Interfaces
    }

    impl Interfaces {
        /// The node `interface`.
        ///
        /// `/router:interfaces/interface`
        pub fn interface(&mut self, name: impl Into<rt::EcoString>) -> &mut InterfaceEntry {
            self.0.entry(
                &rt::ListShape { node: 13, keys: &[14], user_ordered: false },
                rt::Key::One(rt::Value::Str(name.into())),
            )
        }
    }

    yang_gen::builder! {
        /// The node `acl`.
        ///
        /// `/router:acl`
        AclEntry
    }

    yang_gen::builder! {
        /// The node `tuning`.
        ///
        /// `/router:system/router-vendor:tuning`
        SystemTuning
    }

    impl SystemTuning {
        /// The node `window`.
        ///
        /// `/router:system/router-vendor:tuning/window`
        pub fn window(&mut self, value: u32) -> &mut Self {
            self.0.set(11, rt::Value::Uint(value.into()));
            self
        }
    }

    yang_gen::builder! {
        /// The node `interface`.
        ///
        /// `/router:interfaces/interface`
        InterfaceEntry
    }

    impl InterfaceEntry {
        /// The node `kind`.
        ///
        /// `/router:interfaces/interface/kind`
        pub fn kind(&mut self, value: types::Kind) -> &mut Self {
            self.0.set(15, rt::Value::Identity(value.id()));
            self
        }

        /// The node `admin-state`.
        ///
        /// `/router:interfaces/interface/admin-state`
        pub fn admin_state(&mut self, value: types::State) -> &mut Self {
            self.0.set(16, rt::enumeration(20, value));
            self
        }

        /// The node `mtu`.
        ///
        /// `/router:interfaces/interface/mtu`
        pub fn rtr_mtu(&mut self, value: u16) -> &mut Self {
            self.0.set(17, rt::Value::Uint(value.into()));
            self
        }

        /// The node `default`.
        ///
        /// `/router:interfaces/interface/default`
        pub fn default(&mut self, value: bool) -> &mut Self {
            self.0.set(18, rt::Value::Bool(value));
            self
        }

        /// The node `peer`.
        ///
        /// `/router:interfaces/interface/peer`
        pub fn peer(&mut self, value: impl Into<types::NameOrNumber>) -> &mut Self {
            self.0.set(
                19,
                types::SCHEMA.first_match(
                    19,
                    Into::<types::NameOrNumber>::into(value).into_value(),
                ),
            );
            self
        }

        /// The node `ipv4`.
        ///
        /// `/router:interfaces/interface/ipv4`
        pub fn ipv4(
            &mut self,
            address: impl Into<rt::EcoString>,
            length: u8,
        ) -> &mut InterfaceIpv4 {
            let inner: &mut InterfaceIpv4 = self.0.container(20, true);
            inner.0.set(21, rt::Value::Str(address.into()));
            inner.0.container::<InterfaceIpv4Mask>(22, false).0.set(
                23,
                rt::Value::Uint(length.into()),
            );
            inner
        }

        /// The node `mtu`.
        ///
        /// `/router:interfaces/interface/router-vendor:mtu`
        pub fn ven_mtu(&mut self, value: u32) -> &mut Self {
            self.0.set(25, rt::Value::Uint(value.into()));
            self
        }
    }

    yang_gen::builder! {
        /// The node `ipv4`.
        ///
        /// `/router:interfaces/interface/ipv4`
        InterfaceIpv4
    }

    impl InterfaceIpv4 {
        /// The node `address`.
        ///
        /// `/router:interfaces/interface/ipv4/address`
        pub fn address(&mut self, value: impl Into<rt::EcoString>) -> &mut Self {
            self.0.set(21, rt::Value::Str(value.into()));
            self
        }

        /// The node `mask`.
        ///
        /// `/router:interfaces/interface/ipv4/mask`
        pub fn mask(&mut self) -> &mut InterfaceIpv4Mask {
            self.0.container(22, false)
        }

        /// The node `secondary`.
        ///
        /// `/router:interfaces/interface/ipv4/secondary`
        pub fn secondary(&mut self, value: impl Into<rt::EcoString>) -> &mut Self {
            self.0.set(24, rt::Value::Str(value.into()));
            self
        }
    }

    yang_gen::builder! {
        /// The node `mask`.
        ///
        /// `/router:interfaces/interface/ipv4/mask`
        InterfaceIpv4Mask
    }

    impl InterfaceIpv4Mask {
        /// The node `length`.
        ///
        /// `/router:interfaces/interface/ipv4/mask/length`
        pub fn length(&mut self, value: u8) -> &mut Self {
            self.0.set(23, rt::Value::Uint(value.into()));
            self
        }
    }
}

/// Enumerations, bits, identities and unions.
pub mod types {
    use yang_gen::runtime as rt;

    pub(super) use super::SCHEMA;

    yang_gen::enumeration! {
        /// The type `router:state`.
        State {
            Up = "up",
            Down = "down",
        }
    }

    yang_gen::members! {
        /// The bits of a leaf.
        SystemFlags {
            A = "a",
            B = "b",
        }
    }

    yang_gen::identities! {
        /// Identities derived from `kind`.
        Kind {
            Ethernet = "router:ethernet" 1,
            Loopback = "router:loopback" 3,
        }
    }

    /// The type `router:name-or-number`.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum NameOrNumber {
        /// A whole number.
        Uint(u32),
        /// A member of an enumeration.
        State(State),
        /// Text.
        Text(rt::EcoString),
    }

    impl NameOrNumber {
        /// The value in a data tree.
        pub fn into_value(self) -> rt::Value {
            match self {
                Self::Uint(value) => rt::Value::Uint(value.into()),
                Self::State(value) => rt::enumeration(20, value),
                Self::Text(value) => rt::Value::Str(value.into()),
            }
        }
    }

    impl rt::Scalar for NameOrNumber {
        fn from_value(value: &rt::Value) -> Option<Self> {
            match value {
                rt::Value::Uint(_) => {
                    <u32 as rt::Scalar>::from_value(value).map(Self::Uint)
                }
                rt::Value::Enum { ty, .. } if ty.index() == 20 => {
                    <State as rt::Scalar>::from_value(value).map(Self::State)
                }
                rt::Value::Str(_) => {
                    <rt::EcoString as rt::Scalar>::from_value(value).map(Self::Text)
                }
                _ => None,
            }
        }
    }

    impl From<u32> for NameOrNumber {
        fn from(value: u32) -> Self {
            Self::Uint(value)
        }
    }

    impl From<State> for NameOrNumber {
        fn from(value: State) -> Self {
            Self::State(value)
        }
    }

    impl From<&str> for NameOrNumber {
        fn from(value: &str) -> Self {
            Self::Text(value.into())
        }
    }

    impl From<String> for NameOrNumber {
        fn from(value: String) -> Self {
            Self::Text(value.into())
        }
    }

    impl From<rt::EcoString> for NameOrNumber {
        fn from(value: rt::EcoString) -> Self {
            Self::Text(value)
        }
    }

    impl From<&rt::EcoString> for NameOrNumber {
        fn from(value: &rt::EcoString) -> Self {
            Self::Text(value.into())
        }
    }
}
