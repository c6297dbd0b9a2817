//! Records of modules, identities and types.

use super::writer::Writer;
use crate::identity::Identities;
use crate::schema::tables::{NONE, identity, module, type_};
use crate::schema::{ModuleId, Status};
use crate::source::{Keyword, Statement};
use crate::status::own_status;
use crate::types::{TypeInfo, Types};

pub(super) fn write_modules(writer: &mut Writer<'_, '_>, deviations: &[(ModuleId, ModuleId)]) {
    let linked = writer.linked;
    for (id, info) in linked.modules.iter() {
        let mut record = [0; module::WIDTH];
        let roots: Vec<Statement<'_>> =
            info.files.iter().filter_map(|file| linked.files[*file as usize].root()).collect();
        record[module::NAME] = writer.string(info.name);
        record[module::NAMESPACE] = writer.string(info.namespace);
        record[module::PREFIX] = writer.string(info.prefix);
        record[module::REVISION] = writer.string_opt(info.revision);
        record[module::FLAGS] = if info.implemented { module::IMPLEMENTED } else { 0 }
            | if info.version_1_1 { module::VERSION_1_1 } else { 0 };
        let features = roots.iter().flat_map(|root| root.all(Keyword::Feature));
        let features = features.filter(|feature| linked.features.is_on(*feature));
        let features: Vec<u32> = features.map(|it| writer.string(it.arg())).collect();
        record[module::FEATURES] = writer.list(&features);
        record[module::SUBMODULES] = submodules(writer, &roots);
        let extensions = roots.iter().flat_map(|root| root.all(Keyword::Extension));
        record[module::EXTENSIONS] = writer.extensions(extensions);
        record[module::FILE] = roots.first().map_or(0, |root| writer.string(&root.file.name));
        record[module::PREFIXES] = writer.prefixes(info.files[0]);
        let deviating = deviations.iter().filter(|(of, by)| *of == id && *by != id);
        let deviating: Vec<u32> = deviating.map(|(_, by)| u32::from(by.0)).collect();
        record[module::DEVIATIONS] = writer.list(&deviating);
        let description = roots.first().and_then(|root| root.first(Keyword::Description));
        record[module::DESCRIPTION] = writer.prose(description);
        writer.tables.modules.extend(record);
    }
}

fn submodules(writer: &mut Writer<'_, '_>, roots: &[Statement<'_>]) -> u32 {
    let mut words = Vec::new();
    for root in roots.iter().skip(1) {
        let revision = root.all(Keyword::Revision).map(Statement::arg).max();
        words.extend([writer.string(root.arg()), writer.string_opt(revision)]);
    }
    writer.list(&words)
}

pub(super) fn write_identities(writer: &mut Writer<'_, '_>, identities: &Identities<'_>) {
    for info in &identities.list {
        let mut record = [0; identity::WIDTH];
        record[identity::NAME] = writer.string(info.statement.arg());
        record[identity::MODULE] = u32::from(info.module.0);
        record[identity::BASES] = writer.list(&info.bases);
        record[identity::ANCESTORS] = writer.list(&info.ancestors);
        record[identity::FLAGS] = match own_status(info.statement) {
            Status::Current => 0,
            Status::Deprecated => identity::DEPRECATED,
            Status::Obsolete => identity::OBSOLETE,
        } | if info.enabled { 0 } else { identity::DISABLED };
        record[identity::DESCRIPTION] = writer.prose(info.statement.first(Keyword::Description));
        writer.tables.identities.extend(record);
    }
}

pub(super) fn write_types<'c>(writer: &mut Writer<'_, 'c>, types: &Types<'c>) {
    writer.tables.types.reserve(types.list.len() * type_::WIDTH);
    for info in &types.list {
        let record = type_record(writer, info);
        writer.tables.types.extend(record);
    }
}

fn type_record<'c>(writer: &mut Writer<'_, 'c>, info: &TypeInfo<'c>) -> [u32; type_::WIDTH] {
    let mut record = [0; type_::WIDTH];
    let require = if info.require_instance { type_::REQUIRE_INSTANCE } else { 0 };
    record[type_::KIND_FLAGS] = info.kind as u32 | require;
    record[type_::TYPEDEF] = writer.string_opt(info.typedef.map(|(name, _)| name));
    record[type_::TYPEDEF_MODULE] = info.typedef.map_or(NONE, |(_, module)| u32::from(module.0));
    record[type_::BASE] = info.base.unwrap_or(NONE);
    record[type_::DEFAULT] = writer.string_opt(info.canonical_default.as_deref());
    record[type_::UNITS] = writer.string_opt(info.units);
    record[type_::RANGES] = parts(writer, &info.ranges);
    record[type_::LENGTHS] = parts(writer, &info.lengths);
    let mut patterns = Vec::new();
    for (regex, invert) in info.patterns.iter() {
        patterns.extend([writer.string(regex), u32::from(*invert)]);
    }
    record[type_::PATTERNS] = writer.list(&patterns);
    record[type_::MEMBERS] = members(writer, info);
    record[type_::FRACTION_DIGITS] = u32::from(info.fraction_digits);
    record[type_::PATH] = info.path.map_or(NONE, |path| {
        let module = writer.linked.module_of(path);
        writer.expr(path, info.path_module.unwrap_or(module)).unwrap_or(NONE)
    });
    record[type_::TARGET] = info.target.unwrap_or(NONE);
    record[type_::REAL] = info.real.unwrap_or(NONE);
    let mut messages = Vec::new();
    for (which, message, app_tag) in info.messages.iter() {
        messages.extend([*which, writer.string_opt(*message), writer.string_opt(*app_tag)]);
    }
    record[type_::MESSAGES] = writer.list(&messages);
    record[type_::EXTENSIONS] = writer.extensions(info.extensions.iter().copied());
    record
}

fn members<'c>(writer: &mut Writer<'_, 'c>, info: &TypeInfo<'c>) -> u32 {
    if !info.bases.is_empty() {
        return writer.list(&info.bases);
    }
    if !info.union.is_empty() {
        return writer.list(&info.union);
    }
    let mut words = Vec::new();
    for (name, number) in info.members.iter() {
        words.extend([writer.string(name), *number as u32]);
    }
    writer.list(&words)
}

fn parts(writer: &mut Writer<'_, '_>, parts: &[(i128, i128)]) -> u32 {
    let mut words = Vec::with_capacity(parts.len() * 4);
    for (low, high) in parts {
        for bound in [low, high] {
            let bits = *bound as u64;
            words.extend([bits as u32, (bits >> 32) as u32]);
        }
    }
    writer.list(&words)
}
