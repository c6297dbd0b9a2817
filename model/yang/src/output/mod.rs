//! From the finished tree to the tables of the schema, with the checks that need the whole.

mod circular;
mod defaults;
mod flatten;
mod leafrefs;
mod lists;
mod node_checks;
mod records;
mod statements;
mod writer;

use crate::schema::{ModuleId, Schema, build_index};
use crate::tree::Expansion;

pub(crate) use statements::check_statements;
use writer::Writer;

/// Writes the schema; whether it may be used is for the report to say.
pub(crate) fn write_schema<'c>(
    mut expansion: Expansion<'_, 'c>,
    deviations: &[(ModuleId, ModuleId)],
    invalid: crate::hash::FastSet<crate::source::StatementId>,
) -> Schema {
    let linked = expansion.linked;
    let mut writer = Writer::new(linked, invalid);
    let flat = flatten::flatten(&expansion, &mut writer);
    records::write_modules(&mut writer, deviations);
    records::write_identities(&mut writer, expansion.identities);
    // A draft answers questions about children and paths while leafrefs are resolved.
    let mut tables = writer.take_tables();
    build_index(&mut tables);
    let draft = Schema::draft(tables);
    let types_of = leafrefs::resolve(&mut expansion, &writer, &draft, &flat);
    writer.put_tables(draft.into_tables());
    defaults::write(&mut expansion, &mut writer, &flat, &types_of);
    records::write_types(&mut writer, &expansion.types);
    let schema = Schema::new(writer.take_tables());
    circular::check(&schema, &expansion, &flat);
    schema
}
