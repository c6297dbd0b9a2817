//! The schema and the tree that targets read against.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use yang::{Compiler, Extension, Options, Schema};
use yang_data::decode::DecodeOptions;
use yang_data::validate::Validator;
use yang_data::xpath::View;
use yang_data::{Tree, Types, xml};

/// What is read against: made once.
pub(crate) struct Model {
    pub(crate) types: Arc<Types>,
    pub(crate) validator: Validator,
    /// A tree with an instance of every kind of node.
    pub(crate) tree: Tree,
}

pub(crate) static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let mut compiler = Compiler::new(Options::default());
    compiler.add("zoo.yang", include_str!("../model/zoo.yang"));
    compiler.add("keeper.yang", include_str!("../model/keeper.yang"));
    let compiled = compiler.compile();
    let schema = compiled.schema.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    let types = Arc::new(Types::new(Arc::new(schema)));
    let text = include_str!("../model/zoo.xml");
    let tree = xml::parse(&types, text, &DecodeOptions::default());
    Model {
        validator: Validator::new(Arc::clone(&types), View::All),
        tree: tree.unwrap_or_else(|errors| panic!("{errors:#?}")),
        types,
    }
});

impl Model {
    pub(crate) fn schema(&self) -> &Arc<Schema> {
        self.types.schema()
    }
}

/// All that a schema tells, in words: whatever an accessor cannot answer shows here.
pub(crate) fn tell(schema: &Schema) -> String {
    let mut out = String::new();
    tell_modules(schema, &mut out);
    for node in schema.nodes() {
        let extensions: Vec<_> = node.extensions().map(tell_extension).collect();
        let whens: Vec<_> = node.whens().map(|w| (w.text(), w.context(), w.xpath())).collect();
        let musts: Vec<_> = node
            .musts()
            .map(|m| (m.text(), m.error_message(), m.error_app_tag(), m.description(), m.xpath()))
            .collect();
        let uniques: Vec<Vec<_>> = node.uniques().map(Iterator::collect).collect();
        let tree = (node.parent(), node.data_parent(), node.end(), node.children().count());
        let data: Vec<_> = node.data_children().collect();
        let flags = (
            (node.is_config(), node.is_mandatory(), node.is_presence(), node.is_user_ordered()),
            (node.is_key(), node.is_augmented(), node.status(), node.type_id()),
        );
        let words = (
            (node.description(), node.reference(), node.presence(), node.units()),
            (node.source(), node.line(), node.default(), node.default_case()),
        );
        let lists: Vec<_> = node.keys().collect();
        let defaults: Vec<_> = node.defaults().collect();
        let limits = (node.min_elements(), node.max_elements());
        let _ = writeln!(
            out,
            "{} {} {} {} {tree:?} {data:?} {flags:?} {words:?} {lists:?} {defaults:?} {limits:?} \
             {uniques:?} {whens:?} {musts:?} {extensions:?}",
            node.path(),
            node.name(),
            node.module_name(),
            node.kind().keyword(),
        );
    }
    tell_types(schema, &mut out);
    out
}

fn tell_modules(schema: &Schema, out: &mut String) {
    for module in schema.modules() {
        let names = (module.name(), module.namespace(), module.prefix(), module.revision());
        let lists: (Vec<_>, Vec<_>, Vec<_>, Vec<_>) = (
            module.features().collect(),
            module.submodules().collect(),
            module.prefixes().collect(),
            module.deviated_by().collect(),
        );
        let flags = (module.is_implemented(), module.is_version_1_1());
        let words = (module.source(), module.description());
        let extensions: Vec<_> = module.extensions().map(tell_extension).collect();
        let _ = writeln!(out, "{names:?} {lists:?} {flags:?} {words:?} {extensions:?}");
    }
    for identity in schema.identities() {
        let bases: (Vec<_>, Vec<_>) = (identity.bases().collect(), identity.ancestors().collect());
        let is_own = schema.is_derived_from(identity.id(), identity.id());
        let words = (identity.name(), identity.module(), identity.description());
        let flags = (identity.is_enabled(), identity.status(), is_own);
        let _ = writeln!(out, "{words:?} {bases:?} {flags:?}");
    }
}

fn tell_types(schema: &Schema, out: &mut String) {
    for ty in (0..schema.type_count()).filter_map(yang::TypeId::from_index) {
        let ty = schema.type_(ty);
        let names = (ty.kind(), ty.typedef_name(), ty.typedef_module(), ty.base(), ty.default());
        let members: (Vec<_>, Vec<_>, Vec<_>, Vec<_>) = (
            ty.ranges().collect(),
            ty.lengths().collect(),
            ty.enums().collect(),
            ty.bits().collect(),
        );
        let patterns: Vec<_> = ty.patterns().map(|pattern| format!("{pattern:?}")).collect();
        let ids: (Vec<_>, Vec<_>) = (ty.bases().collect(), ty.members().collect());
        let target = (ty.path(), ty.path_text(), ty.target(), ty.realtype().id());
        let rest = (ty.units(), ty.fraction_digits(), ty.require_instance());
        let extensions: Vec<_> = ty.extensions().map(tell_extension).collect();
        let _ = writeln!(
            out,
            "{names:?} {members:?} {patterns:?} {ids:?} {target:?} {rest:?} {extensions:?}"
        );
    }
}

fn tell_extension(extension: Extension<'_>) -> String {
    let below: Vec<_> = extension.substatements().map(tell_extension).collect();
    let name = (extension.module_name(), extension.keyword(), extension.argument());
    format!("{name:?} {below:?}")
}
