//! From `type` and `typedef` statements to resolved types.

use std::rc::Rc;

use super::range::{self, BadRange};
use super::{TypeInfo, Types, members};
use crate::grammar::argument;
use crate::identity::Identities;
use crate::lenient::Quirk;
use crate::limits::{TYPEDEF_CHAIN_MAX, UNION_DEPTH_MAX};
use crate::link::{Definition, Linked};
use crate::schema::{Restriction, Status, TypeKind};
use crate::source::{Keyword, Statement};
use crate::status::check_reference;

/// Nesting so far, bounded by [`TYPEDEF_CHAIN_MAX`] and [`UNION_DEPTH_MAX`].
#[derive(Clone, Copy, Default)]
struct Depth {
    typedefs: usize,
    unions: usize,
}

/// What compiling a type needs.
#[derive(Clone, Copy)]
pub(crate) struct TypeScope<'l, 'c> {
    pub(crate) linked: &'l Linked<'c>,
    pub(crate) identities: &'l Identities<'c>,
}

impl<'c> Types<'c> {
    /// The type of a `type` statement in a definition of this status.
    pub(crate) fn of(
        &mut self,
        scope: TypeScope<'_, 'c>,
        type_: Statement<'c>,
        status: Status,
    ) -> u32 {
        self.of_type(scope, type_, status, Depth::default())
    }

    /// The type of a `typedef` statement.
    pub(crate) fn of_definition(
        &mut self,
        scope: TypeScope<'_, 'c>,
        typedef: Statement<'c>,
    ) -> u32 {
        self.of_typedef(scope, typedef, Depth::default())
    }

    fn of_type(
        &mut self,
        scope: TypeScope<'_, 'c>,
        type_: Statement<'c>,
        status: Status,
        depth: Depth,
    ) -> u32 {
        if let Some(known) = self.by_statement.get(&type_.id()) {
            return known.unwrap_or(TypeKind::String as u32);
        }
        let base = match TypeKind::named(type_.arg()) {
            Some(kind) => kind as u32,
            None => self.referenced(scope, type_, status, depth),
        };
        let plain = !type_.has_block() || type_.substatements().next().is_none();
        let id = if plain && self.is_complete(base) {
            base
        } else {
            self.restrict(scope, type_, base, status, depth)
        };
        self.by_statement.insert(type_.id(), Some(id));
        id
    }

    fn referenced(
        &mut self,
        scope: TypeScope<'_, 'c>,
        type_: Statement<'c>,
        status: Status,
        depth: Depth,
    ) -> u32 {
        match scope.linked.definition(Definition::Typedef, type_, type_.arg()) {
            Ok(typedef) => {
                check_reference(scope.linked, type_, status, typedef);
                self.of_typedef(scope, typedef, depth)
            }
            Err(why) => {
                scope.linked.unresolved(type_, "type", &why);
                TypeKind::String as u32
            }
        }
    }

    fn of_typedef(
        &mut self,
        scope: TypeScope<'_, 'c>,
        typedef: Statement<'c>,
        mut depth: Depth,
    ) -> u32 {
        match self.by_statement.get(&typedef.id()) {
            Some(Some(known)) => return *known,
            Some(None) => {
                let message = format!("typedef \"{}\" is defined by itself", typedef.arg());
                scope.linked.report.error(typedef, message);
                return TypeKind::String as u32;
            }
            None => {}
        }
        depth.typedefs += 1;
        let Some(type_) = typedef.first(Keyword::Type).filter(|_| self.fits(scope, typedef, depth))
        else {
            return TypeKind::String as u32;
        };
        self.by_statement.insert(typedef.id(), None);
        let status = crate::status::own_status(typedef);
        let base = self.of_type(scope, type_, status, depth);
        let mut info = self.at(base).clone();
        info.typedef = Some((typedef.arg(), scope.linked.module_of(typedef)));
        info.base = Some(base);
        info.units = typedef.first_arg(Keyword::Units).or(info.units);
        if let Some(default) = typedef.first(Keyword::Default) {
            info.default = Some(default);
            info.canonical_default = None;
        }
        let extensions: Vec<_> = typedef.all(Keyword::Extension).collect();
        if !extensions.is_empty() {
            info.extensions = info.extensions.iter().copied().chain(extensions).collect();
        }
        let id = self.push(info);
        self.check_typedef_default(scope, id);
        self.by_statement.insert(typedef.id(), Some(id));
        id
    }

    fn fits(&self, scope: TypeScope<'_, 'c>, at: Statement<'c>, depth: Depth) -> bool {
        let fits = depth.typedefs <= TYPEDEF_CHAIN_MAX && depth.unions <= UNION_DEPTH_MAX;
        if !fits {
            let message = format!(
                "chain of more than {TYPEDEF_CHAIN_MAX} typedefs or {UNION_DEPTH_MAX} unions"
            );
            scope.linked.report.error(at, message);
        }
        fits
    }

    /// Defaults of leafrefs wait for their target.
    fn check_typedef_default(&mut self, scope: TypeScope<'_, 'c>, id: u32) {
        let info = self.at(id);
        let Some(default) = info.default.filter(|_| !info.has_leafref) else { return };
        if info.canonical_default.is_some() {
            return;
        }
        match self.canonical(scope, id, default.arg(), default) {
            Ok(text) => self.list[id as usize].canonical_default = Some(text.into()),
            Err(refused) => {
                refused.report(scope.linked, default);
                self.list[id as usize].default = None;
            }
        }
    }

    /// Whether a type needs no substatement of its own.
    fn is_complete(&self, id: u32) -> bool {
        let info = self.at(id);
        match info.kind {
            TypeKind::Decimal64 => info.fraction_digits != 0,
            TypeKind::Enumeration | TypeKind::Bits => {
                !(info.members.is_empty() && info.removed.is_empty())
            }
            TypeKind::IdentityRef => !info.bases.is_empty(),
            TypeKind::LeafRef => info.path.is_some(),
            TypeKind::Union => !info.union.is_empty(),
            _ => true,
        }
    }

    /// A type with substatements: a copy of its base with the restrictions applied.
    fn restrict(
        &mut self,
        scope: TypeScope<'_, 'c>,
        type_: Statement<'c>,
        base: u32,
        status: Status,
        depth: Depth,
    ) -> u32 {
        let mut info = self.at(base).clone();
        let direct = TypeKind::named(type_.arg()).is_some();
        info.base = (!direct).then_some(base);
        let mut restriction =
            Restricting { types: self, scope, type_, base, direct, status, depth };
        restriction.apply(&mut info);
        if info.typedef.is_some() && info.default.is_some() {
            // Whether the typedef's default still fits is for the leaf to say: it may have its own.
            info.canonical_default = None;
        }
        let id = self.push(info);
        if !self.is_complete(id) {
            let lacks = match self.at(id).kind {
                TypeKind::Decimal64 => "fraction-digits",
                TypeKind::Enumeration => "enum",
                TypeKind::Bits => "bit",
                TypeKind::IdentityRef => "base",
                TypeKind::LeafRef => "path",
                _ => "type",
            };
            self.incomplete(scope, type_, id, lacks);
        }
        id
    }

    fn incomplete(&mut self, scope: TypeScope<'_, 'c>, type_: Statement<'c>, id: u32, lacks: &str) {
        let keyword = Keyword::named(lacks).unwrap_or(Keyword::Type);
        let info = &mut self.list[id as usize];
        // A statement that is there but refers to nothing has been reported.
        if type_.first(keyword).is_none() {
            let message = format!("type \"{}\" lacks \"{lacks}\"", type_.arg());
            scope.linked.report.quirk(Quirk::MissingStatement, type_, message);
        }
        if info.kind == TypeKind::Decimal64 {
            info.fraction_digits = 1;
        } else if matches!(info.kind, TypeKind::LeafRef | TypeKind::Union) {
            *info = TypeInfo::plain(TypeKind::String);
        }
    }
}

/// One `type` statement with substatements.
struct Restricting<'t, 'l, 'c> {
    types: &'t mut Types<'c>,
    scope: TypeScope<'l, 'c>,
    type_: Statement<'c>,
    base: u32,
    /// Whether the base is a built-in type.
    direct: bool,
    status: Status,
    depth: Depth,
}

impl<'c> Restricting<'_, '_, 'c> {
    fn apply(&mut self, info: &mut TypeInfo<'c>) {
        let kind = info.kind;
        if self.direct && kind == TypeKind::Decimal64 {
            // Ranges are scaled by the digits, so these come first. More of them than there may
            // be were reported with the statement; scaled by them, nothing would fit a number.
            let digits = self.type_.first_arg(Keyword::FractionDigits);
            let digits = digits.and_then(argument::unsigned).unwrap_or(0);
            info.fraction_digits = u8::try_from(digits).map_or(18, |digits| digits.min(18));
        }
        let mut collected = 0u128;
        for child in self.type_.substatements() {
            let keyword = child.kind();
            if keyword == Keyword::Extension {
                info.extensions = info.extensions.iter().copied().chain([child]).collect();
                continue;
            }
            if !self.belongs(kind, child) {
                continue;
            }
            let first = collected & keyword.bit() == 0;
            collected |= keyword.bit();
            match keyword {
                Keyword::Range => info.ranges = self.range(info, child),
                Keyword::Length => info.lengths = self.length(info, child),
                Keyword::Pattern => self.pattern(info, child),
                Keyword::Enum | Keyword::Bit if first => self.members(info, keyword),
                Keyword::Base if first => self.bases(info),
                Keyword::Type if first => self.union(info),
                Keyword::Path => info.path = Some(child),
                Keyword::RequireInstance => info.require_instance = child.arg() == "true",
                _ => {}
            }
        }
    }

    /// Whether a substatement suits the kind of type; reports it otherwise.
    fn belongs(&self, kind: TypeKind, child: Statement<'c>) -> bool {
        use TypeKind as T;
        let numeric = kind.is_integer() || kind == T::Decimal64;
        let direct = self.direct;
        let fine = match child.kind() {
            Keyword::Range => numeric,
            Keyword::Length => matches!(kind, T::String | T::Binary),
            Keyword::Pattern => kind == T::String,
            Keyword::Enum => kind == T::Enumeration,
            Keyword::Bit => kind == T::Bits,
            Keyword::FractionDigits => kind == T::Decimal64 && direct,
            Keyword::Base => kind == T::IdentityRef && direct,
            Keyword::Type => kind == T::Union && direct,
            Keyword::Path => kind == T::LeafRef && direct,
            Keyword::RequireInstance => matches!(kind, T::LeafRef | T::InstanceIdentifier),
            _ => true,
        };
        if !fine {
            let message =
                format!("\"{}\" does not belong to type {}", child.keyword(), kind.name());
            self.scope.linked.report.quirk(Quirk::MisplacedStatement, child, message);
        }
        self.check_version(kind, child);
        fine
    }

    /// Restricting enumerations, bits and leafrefs is new in YANG 1.1 (RFC 7950 1.1).
    fn check_version(&self, kind: TypeKind, child: Statement<'c>) {
        let new = match child.kind() {
            Keyword::Enum | Keyword::Bit => !self.direct,
            Keyword::RequireInstance => kind == TypeKind::LeafRef,
            _ => return,
        };
        let root = child.file.root();
        let version = root.and_then(|root| root.first_arg(Keyword::YangVersion));
        if new && version != Some("1.1") {
            let message = format!("\"{}\" here needs yang-version 1.1", child.keyword());
            self.scope.linked.report.quirk(Quirk::VersionMix, child, message);
        }
    }

    fn range(&self, info: &mut TypeInfo<'c>, range: Statement<'c>) -> Rc<[(i128, i128)]> {
        add_messages(info, range, Restriction::Range);
        let digits = info.fraction_digits;
        let whole: Vec<_> = info.kind.bounds().into_iter().collect();
        let base = if info.ranges.is_empty() { &whole } else { &info.ranges[..] };
        let parsed = if info.kind == TypeKind::Decimal64 {
            range::parse(range.arg(), base, |text| range::decimal(text, digits))
        } else {
            range::parse(range.arg(), base, range::integer)
        };
        self.parts(parsed, range, &info.ranges)
    }

    fn length(&self, info: &mut TypeInfo<'c>, length: Statement<'c>) -> Rc<[(i128, i128)]> {
        add_messages(info, length, Restriction::Length);
        let whole = [(0, i128::from(u64::MAX))];
        let base = if info.lengths.is_empty() { &whole } else { &info.lengths[..] };
        let parsed = range::parse(length.arg(), base, range::integer);
        self.parts(parsed, length, &info.lengths)
    }

    fn parts(
        &self,
        parsed: Result<Vec<(i128, i128)>, BadRange>,
        statement: Statement<'c>,
        otherwise: &Rc<[(i128, i128)]>,
    ) -> Rc<[(i128, i128)]> {
        let report = self.scope.linked.report;
        match parsed {
            Ok(parts) => return parts.into(),
            Err(BadRange::Syntax(text)) => {
                let message = format!("\"{text}\" is no bound of this {}", statement.keyword());
                report.quirk(Quirk::MalformedArgument, statement, message);
            }
            Err(BadRange::Order) => {
                let message = "parts must ascend and not overlap";
                report.quirk(Quirk::MalformedArgument, statement, message);
            }
            Err(BadRange::Wider(parts)) => {
                let message = "allows values that the restricted type does not";
                report.quirk(Quirk::WidenedRestriction, statement, message);
                let kind = self.types.at(self.base).kind;
                let fits = |part: &(i128, i128)| {
                    let (low, high) = kind.bounds().unwrap_or((0, i128::from(u64::MAX)));
                    part.0 >= low && part.1 <= high
                };
                if parts.iter().all(fits) {
                    return parts.into();
                }
            }
        }
        otherwise.clone()
    }

    fn pattern(&self, info: &mut TypeInfo<'c>, pattern: Statement<'c>) {
        add_messages(info, pattern, Restriction::Pattern(info.patterns.len()));
        let invert = pattern.first(Keyword::Modifier).is_some();
        info.patterns = info.patterns.iter().copied().chain([(pattern.arg(), invert)]).collect();
        if let Err(why) = crate::pattern::check(pattern.arg()) {
            let message = format!("no regular expression of XML Schema: {why}");
            self.scope.linked.report.quirk(Quirk::InvalidPattern, pattern, message);
        }
    }

    fn members(&self, info: &mut TypeInfo<'c>, keyword: Keyword) {
        let found = members::collect(self.scope.linked, self.type_, info, keyword);
        info.members = found.kept.into();
        info.removed = found.removed.into();
    }

    fn bases(&self, info: &mut TypeInfo<'c>) {
        let TypeScope { linked, identities } = self.scope;
        let mut bases = Vec::new();
        for base in self.type_.all(Keyword::Base) {
            match linked.definition(Definition::Identity, base, base.arg()) {
                Ok(identity) => {
                    check_reference(linked, base, self.status, identity);
                    bases.extend(identities.of(identity));
                }
                Err(why) => linked.unresolved(base, "base identity", &why),
            }
        }
        info.bases = bases.into();
    }

    fn union(&mut self, info: &mut TypeInfo<'c>) {
        let depth = Depth { unions: self.depth.unions + 1, ..self.depth };
        if !self.types.fits(self.scope, self.type_, depth) {
            return;
        }
        let mut union = Vec::new();
        for member in self.type_.all(Keyword::Type) {
            let id = self.types.of_type(self.scope, member, self.status, depth);
            let kind = self.types.at(id).kind;
            let version = member.file.root().and_then(|root| root.first_arg(Keyword::YangVersion));
            if version != Some("1.1") && matches!(kind, TypeKind::Empty | TypeKind::LeafRef) {
                let message = format!("{} in a union needs yang-version 1.1", kind.name());
                self.scope.linked.report.quirk(Quirk::VersionMix, member, message);
            }
            union.push(id);
        }
        info.has_leafref = union.iter().any(|id| self.types.at(*id).has_leafref);
        info.union = union.into();
    }
}

fn add_messages<'c>(info: &mut TypeInfo<'c>, statement: Statement<'c>, of: Restriction) {
    let message = statement.first_arg(Keyword::ErrorMessage);
    let app_tag = statement.first_arg(Keyword::ErrorAppTag);
    let others = info.messages.iter().copied().filter(|(which, ..)| *which != of.to_word());
    let stated = message.is_some() || app_tag.is_some();
    if stated || info.messages.iter().any(|(which, ..)| *which == of.to_word()) {
        let own = stated.then_some((of.to_word(), message, app_tag));
        info.messages = others.chain(own).collect();
    }
}
