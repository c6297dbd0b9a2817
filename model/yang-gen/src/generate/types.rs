//! Rust types of leaves, and the enumerations, bit sets, identities and unions they need.

use std::collections::BTreeMap;

use yang::{IdentityId, Node, Schema, Type, TypeKind};

use super::names::{Names, pascal};

/// How a leaf appears in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeafType {
    pub(super) kind: LeafKind,
    /// Position of the type that its values carry.
    pub(super) type_index: usize,
    /// Position of the leaf; 0 for a member of a union.
    pub(super) leaf_index: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LeafKind {
    Signed(u8),
    Unsigned(u8),
    Bool,
    Empty,
    Text,
    InstanceId,
    Binary,
    Decimal(u8),
    /// The Rust enumeration at this place of [`Types::defined`].
    Enumeration(usize),
    Bits(usize),
    Identity(usize),
    Union(usize),
}

/// A type that is written into the module `types`.
#[derive(Debug)]
pub(super) struct Defined {
    pub(super) name: String,
    /// What to say about it.
    pub(super) origin: String,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    /// Rust and YANG names of members.
    Enumeration(Vec<(String, String)>),
    Bits(Vec<(String, String)>),
    /// Rust name, YANG name, id; ascending by id.
    Identities(Vec<(String, String, usize)>),
    /// Rust name and type, in order of the members.
    Union(Vec<(String, LeafType)>),
}

impl Body {
    /// Members of an enumeration or of bits; none of other types.
    pub(super) fn members(&self) -> &[(String, String)] {
        match self {
            Self::Enumeration(members) | Self::Bits(members) => members,
            Self::Identities(_) | Self::Union(_) => &[],
        }
    }
}

/// The types that the leaves of a schema need, each once.
#[derive(Debug)]
pub(super) struct Types<'s> {
    schema: &'s Schema,
    /// Reads the texts of defaults.
    values: &'s yang_data::Types,
    defined: Vec<Defined>,
    by_key: BTreeMap<String, usize>,
    names: Names,
}

impl<'s> Types<'s> {
    pub(super) fn new(values: &'s yang_data::Types) -> Self {
        let (defined, by_key) = (Vec::new(), BTreeMap::new());
        Self { schema: values.schema(), values, defined, by_key, names: Names::of_types() }
    }

    pub(super) fn defined(&self) -> &[Defined] {
        &self.defined
    }

    /// The defaults of a leaf or leaf-list as Rust expressions of the field's type.
    pub(super) fn defaults(&self, leaf: Node<'_>, leaf_type: &LeafType) -> Vec<String> {
        let values = self.values.defaults(leaf.id());
        values.filter_map(|value| self.literal(leaf_type, &value, "types::")).collect()
    }

    /// The type of a leaf or leaf-list.
    pub(super) fn of_leaf(&mut self, leaf: Node<'s>) -> LeafType {
        let ty = self.schema.type_(leaf.type_id().expect("leaves have a type"));
        let parent = leaf.data_parent().map_or("", |parent| self.schema.node(parent).name());
        let hint = format!(
            "{}{}",
            if parent.is_empty() { String::new() } else { pascal(parent) },
            pascal(leaf.name())
        );
        LeafType { leaf_index: leaf.id().index(), ..self.resolve(ty, &hint) }
    }

    fn resolve(&mut self, ty: Type<'s>, hint: &str) -> LeafType {
        let ty = ty.realtype();
        let kind = match ty.kind() {
            TypeKind::Int8 => LeafKind::Signed(8),
            TypeKind::Int16 => LeafKind::Signed(16),
            TypeKind::Int32 => LeafKind::Signed(32),
            TypeKind::Int64 => LeafKind::Signed(64),
            TypeKind::Uint8 => LeafKind::Unsigned(8),
            TypeKind::Uint16 => LeafKind::Unsigned(16),
            TypeKind::Uint32 => LeafKind::Unsigned(32),
            TypeKind::Uint64 => LeafKind::Unsigned(64),
            TypeKind::Decimal64 => LeafKind::Decimal(ty.fraction_digits()),
            // A leafref that leniency let pass without its target: any text.
            TypeKind::String | TypeKind::LeafRef => LeafKind::Text,
            TypeKind::Boolean => LeafKind::Bool,
            TypeKind::Binary => LeafKind::Binary,
            TypeKind::Empty => LeafKind::Empty,
            TypeKind::InstanceIdentifier => LeafKind::InstanceId,
            TypeKind::Enumeration => self.enumeration(ty, hint),
            TypeKind::Bits => self.bits(ty, hint),
            TypeKind::IdentityRef => self.identities(ty),
            TypeKind::Union => return self.union(ty, hint),
        };
        LeafType { kind, type_index: ty.id().index(), leaf_index: 0 }
    }

    fn enumeration(&mut self, ty: Type<'s>, hint: &str) -> LeafKind {
        let members: Vec<_> = ty.enums().map(|(name, _)| name).collect();
        let key = self.key(ty, &members);
        let body = || Body::Enumeration(member_names(&members));
        LeafKind::Enumeration(self.define(key, ty, hint, body))
    }

    fn bits(&mut self, ty: Type<'s>, hint: &str) -> LeafKind {
        let members: Vec<_> = ty.bits().map(|(name, _)| name).collect();
        let key = self.key(ty, &members);
        let body = || Body::Bits(member_names(&members));
        LeafKind::Bits(self.define(key, ty, hint, body))
    }

    /// What makes two types one in Rust: typedef and members, or being the same type.
    fn key(&self, ty: Type<'s>, members: &[&str]) -> String {
        match (ty.typedef_name(), ty.typedef_module()) {
            (Some(name), Some(module)) => {
                let module = self.schema.module(module).name();
                format!("{:?} {module}:{name} {members:?}", ty.kind())
            }
            _ => format!("{:?} {}", ty.kind(), ty.id().index()),
        }
    }

    fn define(
        &mut self,
        key: String,
        ty: Type<'s>,
        hint: &str,
        body: impl FnOnce() -> Body,
    ) -> usize {
        if let Some(at) = self.by_key.get(&key) {
            return *at;
        }
        let module = ty.typedef_module().map(|module| self.schema.module(module));
        let typedef = ty.typedef_name().zip(module);
        let (candidates, origin) = match typedef {
            Some((name, module)) => (
                vec![pascal(name), pascal(module.prefix()) + &pascal(name)],
                format!("The type `{}:{name}`.", module.name()),
            ),
            None => (vec![hint.to_owned()], format!("The {} of a leaf.", ty.kind().name())),
        };
        self.push(key, &candidates, origin, body())
    }

    fn push(&mut self, key: String, names: &[String], origin: String, body: Body) -> usize {
        let name = self.names.take(names);
        self.defined.push(Defined { name, origin, body });
        self.by_key.insert(key, self.defined.len() - 1);
        self.defined.len() - 1
    }

    fn identities(&mut self, ty: Type<'s>) -> LeafKind {
        let bases: Vec<IdentityId> = ty.bases().collect();
        let key = format!("identity {bases:?}");
        if let Some(at) = self.by_key.get(&key) {
            return LeafKind::Identity(*at);
        }
        let schema = self.schema;
        let derived = schema.identities().filter(|identity| {
            let derives = |base: &IdentityId| schema.is_derived_from(identity.id(), *base);
            identity.is_enabled() && bases.iter().all(derives)
        });
        let derived: Vec<_> = derived.collect();
        let mut names = Names::default();
        let members = derived.iter().map(|identity| {
            let module = schema.module(identity.module());
            let (own, prefix) = (pascal(identity.name()), pascal(module.prefix()));
            let is_same = |other: &&yang::Identity<'_>| pascal(other.name()) == own;
            let is_shared = derived.iter().filter(is_same).count() > 1;
            let name = names.take(&[if is_shared { prefix + &own } else { own }]);
            let text = format!("{}:{}", module.name(), identity.name());
            (name, text, identity.id().index())
        });
        let body = Body::Identities(members.collect());
        let names: Vec<_> = bases.iter().map(|base| schema.identity(*base)).collect();
        let name: String = names.iter().map(|base| pascal(base.name())).collect();
        let prefix = names.first().map_or("", |base| schema.module(base.module()).prefix());
        let of = names.iter().map(|base| format!("`{}`", base.name())).collect::<Vec<_>>();
        let origin = format!("Identities derived from {}.", of.join(" and "));
        LeafKind::Identity(self.push(key, &[name.clone(), pascal(prefix) + &name], origin, body))
    }

    fn union(&mut self, ty: Type<'s>, hint: &str) -> LeafType {
        let key = format!("union {}", ty.id().index());
        let type_index = ty.id().index();
        if let Some(at) = self.by_key.get(&key) {
            return LeafType { kind: LeafKind::Union(*at), type_index, leaf_index: 0 };
        }
        let mut members = Vec::new();
        self.flatten(ty, hint, &mut members);
        let mut members = widened(members);
        if members.len() == 1 {
            return members.remove(0).1;
        }
        let mut names = Names::default();
        for (name, _) in &mut members {
            *name = names.take(std::slice::from_ref(name));
        }
        let at = self.define(key, ty, hint, || Body::Union(members));
        LeafType { kind: LeafKind::Union(at), type_index, leaf_index: 0 }
    }

    fn flatten(&mut self, ty: Type<'s>, hint: &str, members: &mut Vec<(String, LeafType)>) {
        let hint = ty.typedef_name().map_or_else(|| hint.to_owned(), pascal);
        for member in ty.members() {
            let member = self.schema.type_(member).realtype();
            if member.kind() == TypeKind::Union {
                self.flatten(member, &hint, members);
                continue;
            }
            let own = if member.kind() == TypeKind::Bits { "Flags" } else { "Word" };
            let leaf_type = self.resolve(member, &format!("{hint}{own}"));
            let name = match leaf_type.kind {
                LeafKind::Enumeration(_) | LeafKind::Bits(_) => {
                    member.typedef_name().map_or_else(|| own.to_owned(), pascal)
                }
                _ => variant(&leaf_type.kind, self),
            };
            members.push((name, leaf_type));
        }
    }
}

fn member_names(members: &[&str]) -> Vec<(String, String)> {
    let mut names = Names::default();
    members.iter().map(|member| (names.take(&[pascal(member)]), (*member).to_owned())).collect()
}

fn variant(kind: &LeafKind, types: &Types<'_>) -> String {
    match kind {
        LeafKind::Signed(_) => "Int".to_owned(),
        LeafKind::Unsigned(_) => "Uint".to_owned(),
        LeafKind::Bool => "Bool".to_owned(),
        LeafKind::Empty => "Empty".to_owned(),
        LeafKind::Text => "Text".to_owned(),
        LeafKind::InstanceId => "InstanceId".to_owned(),
        LeafKind::Binary => "Binary".to_owned(),
        LeafKind::Decimal(_) => "Decimal".to_owned(),
        LeafKind::Enumeration(at)
        | LeafKind::Bits(at)
        | LeafKind::Identity(at)
        | LeafKind::Union(at) => types.defined[*at].name.clone(),
    }
}

/// Members of a union without those that look the same in Rust: integers of one sign become the
/// widest of them.
fn widened(members: Vec<(String, LeafType)>) -> Vec<(String, LeafType)> {
    let mut kept: Vec<(String, LeafType)> = Vec::new();
    for (name, member) in members {
        let same = kept.iter_mut().find(|(_, other)| match (&other.kind, &member.kind) {
            (LeafKind::Signed(_), LeafKind::Signed(_)) => true,
            (LeafKind::Unsigned(_), LeafKind::Unsigned(_)) => true,
            (other, member) => other == member,
        });
        match same {
            None => kept.push((name, member)),
            Some((_, LeafType { kind: LeafKind::Signed(bits) | LeafKind::Unsigned(bits), .. })) => {
                if let LeafKind::Signed(wider) | LeafKind::Unsigned(wider) = member.kind {
                    *bits = wider.max(*bits);
                }
            }
            Some(_) => {}
        }
    }
    kept
}
