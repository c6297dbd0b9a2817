//! Rust types for the schema subtrees that transforms read and write.
//!
//! A network crate describes its layers and devices in YANG. Its build script hands the models to
//! the `Generator` of this crate (feature `build`), which compiles them and writes one Rust
//! module for each layer and device type, together with the compiled schema. What transforms read
//! becomes *strict* types: what is mandatory is a plain field, defaults are filled in. What they
//! write becomes *loose* builders: a setter for each leaf, a method for each container and list.
//! So a misspelt leaf, a missing key, a value of the wrong type, an identity of another base or a
//! transform without a function does not compile.
//!
//! Without the feature there is only [`runtime`], which generated code calls.
//!
//! Of this crate only the module `generate::files` touches the disk, and it runs in build scripts
//! alone: [`runtime`] is as pure as its folder demands.
//!
//! # A network crate
//! `Cargo.toml`:
//! ```toml
//! [dependencies]
//! transform.workspace = true
//! yang-gen.workspace = true
//!
//! [build-dependencies]
//! yang-gen = { workspace = true, features = ["build"] }
//! ```
//!
//! `yang/service.yang`, where the marks come from the module `weft` in `schemas/weft.yang`:
//! ```yang
//! module service {
//!   namespace "urn:example:service";
//!   prefix svc;
//!   import weft { prefix weft; }
//!   list site {
//!     weft:transform site;
//!     key name;
//!     leaf name { type string; }
//!     leaf mtu { type uint16; default 1500; }
//!     leaf vlan { type uint16; mandatory true; }
//!     leaf uplink { type leafref { path "../../site/name"; } weft:link uplink; }
//!   }
//! }
//! ```
//!
//! `yang/resource.yang`, the last layer, has `list rfs { key name; ... }` and in it
//! `list port { weft:device-transform port; key name; ... }`.
//!
//! `build.rs`, layers from top to bottom:
//! ```no_run
//! # #[cfg(feature = "build")]
//! fn main() {
//!     yang_gen::Generator::new()
//!         .layer("service", ["yang/service.yang", "../../schemas/weft.yang"])
//!         .layer("resource", ["yang/resource.yang", "../../schemas/weft.yang"])
//!         .device("router", ["yang/router"])
//!         .run();
//! }
//! # #[cfg(not(feature = "build"))]
//! # fn main() {}
//! ```
//!
//! `src/lib.rs`:
//! ```ignore
//! yang_gen::include_network!();
//!
//! use std::collections::BTreeMap;
//! use transform::{LayerSpec, Refusal, System, SystemError};
//! use yang_gen::runtime::DeviceOutput;
//!
//! pub fn system() -> Result<System, Vec<SystemError>> {
//!     let service = service::layer(service::Transforms { site });
//!     let resource = resource::layer(resource::Transforms { port });
//!     System::new(vec![service, resource], vec![router::device_type()])
//! }
//!
//! fn site(context: &service::SiteContext<'_>, out: &mut resource::Root) -> Result<(), Refusal> {
//!     let site = &context.input;
//!     let port = out.rfs(&site.name).port("up");
//!     port.mtu(site.mtu);
//!     if let Some(uplink) = site.uplink.as_ref().and_then(|name| context.links.uplink.get(name)) {
//!         port.description(format!("to {} in {}", uplink.name, uplink.vlan));
//!     }
//!     Ok(())
//! }
//!
//! fn port(context: &resource::PortContext<'_>) -> Result<DeviceOutput, Refusal> {
//!     let mut root = router::Root::new();
//!     root.system().host_name(&context.keys.name);
//!     let interface = root.interfaces().interface(&context.input.name);
//!     interface.kind(router::types::Kind::Ethernet).enabled(true);
//!     interface.ipv4("192.0.2.1", 24); // presence container: mandatory leaves are arguments
//!     Ok(root.into())
//! }
//! ```
//!
//! # What a module holds
//! For a layer:
//! - `Transforms`: a function for each transform node, by the name in `weft:transform`. The
//!   functions of the last layer (`weft:device-transform`) return the [`runtime::DeviceOutput`]
//!   that the `Root` of a device type turns into; the others write into the next layer's `Root`.
//!   One with a `weft:memory` container also returns what to remember.
//! - `layer(Transforms)` for `transform::System`, `bind(Transforms)` for the functions alone, and
//!   `schema()`.
//! - For a transform `site`: `SiteContext { path, keys, input, links, memory, dynamic_state,
//!   device }`, of which only those fields exist that the models give a meaning. `keys` are those
//!   of the lists around the transform node. A link that can have many targets is a `BTreeMap` by
//!   key, one with a single target an `Option`.
//!   `context.invalid("uplink", "no such site")` makes the refusal that names the instance's leaf.
//! - `SiteInput`, `SiteKeys`, `SiteLinks`, `SiteMemory`, `SiteDynamicState`, and a type for each
//!   container and list inside, named by its way: `SiteBgpTimers`.
//!
//! For a device type `device_type()`, `schema()` and `Root`. In both:
//! - `Root` and the module `output` of builders. Every method returns a mutable reference, so that
//!   calls chain and any part can be kept in a variable or handed to a function:
//!   `fn fill(neighbor: &mut router::output::NeighborEntry)`.
//! - the module `types` of enumerations, bits, identities and unions, named after their typedef,
//!   their base identity or else their leaf.
//!
//! # How YANG appears in Rust
//! | YANG | field of an input | argument of a setter |
//! |---|---|---|
//! | key, mandatory leaf, leaf with default | `T` | `T` |
//! | other leaf | `Option<T>` | `T` |
//! | container | struct | method without argument, made when something is written |
//! | presence container | `Option` of a struct | method with its mandatory leaves as arguments |
//! | list | `Vec` of a struct | method with the keys as arguments: makes or finds the entry |
//! | leaf-list | `Vec<T>` | `add_NAME(T)` |
//! | `int8` to `uint64`, `boolean` | `i8` to `u64`, `bool` | the same |
//! | `empty` | `bool` | none |
//! | `string`, `instance-identifier` | `EcoString` | `impl Into<EcoString>` |
//! | `binary` | `Vec<u8>` | `impl Into<EcoVec<u8>>` |
//! | `decimal64` | [`runtime::Decimal`] with its digits | the same |
//! | `enumeration`, `identityref` | enum | the same |
//! | `bits` | `BTreeSet` of an enum | `impl IntoIterator` of it |
//! | `union` | the type all members share, else an enum | `impl Into` of it |
//! | `leafref` | the type of its target | the same |
//! | `anydata`, `anyxml` | `Option<Arc<AnyData>>` | `AnyData` |
//!
//! A choice has no place of its own: its cases' nodes appear in the node around it, are optional,
//! and have their defaults, and need their mandatory leaves, while their case is selected. A node
//! with `when` is never missing, and its default is filled in whatever the expression says.
//! Transform nodes inside a transform node, memory, dynamic state and state data are no part of
//! inputs and outputs. Ranges, lengths and patterns are not checked by setters.
//!
//! Names keep their letters; what Rust does not allow becomes `_`, keywords get `r#` (`self`,
//! `super` and `crate` a `_` behind them). Where two modules give a node children of one name,
//! both get the prefix of their module: `foo_mtu`, `bar_mtu`.

#[cfg(feature = "build")]
mod generate;
pub mod runtime;

#[cfg(feature = "build")]
pub use generate::{
    GenerateError, Generated, Generator, MarkProblem, Models, Purpose, Unit, generate,
};

/// Brings in what the build script generated: a module for each layer and device type.
#[macro_export]
macro_rules! include_network {
    () => {
        include!(concat!(env!("OUT_DIR"), "/network.rs"));
    };
}
