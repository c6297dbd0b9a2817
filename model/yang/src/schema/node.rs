//! A schema node and what hangs on it.

use super::tables::{NONE, extra, must, node, present};
use super::{Extension, IdList, ModuleId, NodeId, Schema, TypeId};
use crate::xpath::Expr;

/// What a schema node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NodeKind {
    /// `container`
    Container,
    /// `leaf`
    Leaf,
    /// `leaf-list`
    LeafList,
    /// `list`
    List,
    /// `choice`
    Choice,
    /// `case`, also the implicit one of a shorthand
    Case,
    /// `anydata`
    AnyData,
    /// `anyxml`
    AnyXml,
    /// `rpc`
    Rpc,
    /// `action`
    Action,
    /// `notification`
    Notification,
    /// `input` of an rpc or action, also the implicit one
    Input,
    /// `output` of an rpc or action, also the implicit one
    Output,
}

impl NodeKind {
    pub(crate) const ALL: [Self; 13] = [
        Self::Container,
        Self::Leaf,
        Self::LeafList,
        Self::List,
        Self::Choice,
        Self::Case,
        Self::AnyData,
        Self::AnyXml,
        Self::Rpc,
        Self::Action,
        Self::Notification,
        Self::Input,
        Self::Output,
    ];

    /// The YANG keyword.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Leaf => "leaf",
            Self::LeafList => "leaf-list",
            Self::List => "list",
            Self::Choice => "choice",
            Self::Case => "case",
            Self::AnyData => "anydata",
            Self::AnyXml => "anyxml",
            Self::Rpc => "rpc",
            Self::Action => "action",
            Self::Notification => "notification",
            Self::Input => "input",
            Self::Output => "output",
        }
    }

    /// Whether instances appear in a data tree: container, leaf, leaf-list, list, anydata, anyxml.
    #[must_use]
    pub fn is_data(self) -> bool {
        matches!(
            self,
            Self::Container
                | Self::Leaf
                | Self::LeafList
                | Self::List
                | Self::AnyData
                | Self::AnyXml
        )
    }

    /// Choice or case: present in the schema, absent from data.
    #[must_use]
    pub fn is_choice_or_case(self) -> bool {
        matches!(self, Self::Choice | Self::Case)
    }
}

/// Life cycle of a definition (RFC 7950 7.21.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// In use.
    Current,
    /// On its way out.
    Deprecated,
    /// Not to be used.
    Obsolete,
}

/// A schema node; copying it copies a pointer and an id.
#[derive(Clone, Copy)]
pub struct Node<'s> {
    pub(super) schema: &'s Schema,
    pub(super) id: NodeId,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind().keyword(), self.path())
    }
}

impl<'s> Node<'s> {
    /// Its id.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The schema it belongs to.
    #[must_use]
    pub fn schema(self) -> &'s Schema {
        self.schema
    }

    /// What it is. The root is a container.
    #[must_use]
    pub fn kind(self) -> NodeKind {
        NodeKind::ALL[(self.word(node::KIND_FLAGS) & 0xff) as usize]
    }

    /// Its name without prefix; empty for the root.
    #[must_use]
    pub fn name(self) -> &'s str {
        self.schema.tables.string(self.word(node::NAME))
    }

    /// The module whose namespace the node is in: that of the `uses` or `augment`, not that of
    /// the grouping.
    #[must_use]
    pub fn module(self) -> ModuleId {
        ModuleId::from_word(self.word(node::MODULE))
    }

    /// The name of [`Node::module`].
    #[must_use]
    pub fn module_name(self) -> &'s str {
        self.schema.module(self.module()).name()
    }

    /// The schema parent; [`Schema::ROOT`] for top-level nodes, none for the root.
    #[must_use]
    pub fn parent(self) -> Option<NodeId> {
        present(self.word(node::PARENT)).map(NodeId)
    }

    /// The nearest ancestor that is no choice or case.
    #[must_use]
    pub fn data_parent(self) -> Option<NodeId> {
        present(self.word(node::DATA_PARENT)).map(NodeId)
    }

    /// The id after the last descendant: descendants are `id + 1 .. end`.
    #[must_use]
    pub fn end(self) -> NodeId {
        NodeId(self.word(node::END))
    }

    /// Schema children in schema order: also choices, rpcs, actions, notifications.
    #[must_use]
    pub fn children(self) -> Children<'s> {
        Children { schema: self.schema, next: self.id.0 + 1, end: self.end().0 }
    }

    /// Data children in schema order, looking through choice and case.
    #[must_use]
    pub fn data_children(self) -> DataChildren<'s> {
        DataChildren { inner: self.children() }
    }

    /// Whether it is configuration; false below rpcs, actions and notifications.
    #[must_use]
    pub fn is_config(self) -> bool {
        self.flag(node::CONFIG)
    }

    /// The `mandatory` statement of a leaf, choice, anydata or anyxml. See also
    /// [`Node::min_elements`].
    #[must_use]
    pub fn is_mandatory(self) -> bool {
        self.flag(node::MANDATORY)
    }

    /// Whether it is a container with `presence`.
    #[must_use]
    pub fn is_presence(self) -> bool {
        self.flag(node::PRESENCE)
    }

    /// `ordered-by user` on configuration (state data ignores the statement).
    #[must_use]
    pub fn is_user_ordered(self) -> bool {
        self.flag(node::USER_ORDERED)
    }

    /// Whether it is a key leaf of its list.
    #[must_use]
    pub fn is_key(self) -> bool {
        self.flag(node::KEY)
    }

    /// Whether an augment of the schema tree put it, or an ancestor, there.
    #[must_use]
    pub fn is_augmented(self) -> bool {
        self.flag(node::AUGMENTED)
    }

    /// Its own status, at least as bad as its parent's.
    #[must_use]
    pub fn status(self) -> Status {
        match self.word(node::KIND_FLAGS) {
            flags if flags & node::OBSOLETE != 0 => Status::Obsolete,
            flags if flags & node::DEPRECATED != 0 => Status::Deprecated,
            _ => Status::Current,
        }
    }

    /// Key leaves in key order; empty for anything but a keyed list.
    #[must_use]
    pub fn keys(self) -> IdList<'s, NodeId> {
        match self.kind() {
            NodeKind::List => self.schema.id_list(self.word(node::SPECIAL), NodeId),
            _ => self.schema.id_list(0, NodeId),
        }
    }

    /// Each `unique` statement: its leaves.
    pub fn uniques(self) -> impl Iterator<Item = IdList<'s, NodeId>> + use<'s> {
        let schema = self.schema;
        self.extra_list(extra::UNIQUES).iter().map(move |list| schema.id_list(*list, NodeId))
    }

    /// `min-elements`; 0 when absent.
    #[must_use]
    pub fn min_elements(self) -> u32 {
        self.extra(extra::MIN)
    }

    /// `max-elements`; none when unbounded.
    #[must_use]
    pub fn max_elements(self) -> Option<u32> {
        present(self.extra(extra::MAX))
    }

    /// The type of a leaf or leaf-list.
    #[must_use]
    pub fn type_id(self) -> Option<TypeId> {
        present(self.word(node::TYPE)).map(TypeId)
    }

    /// Default of a leaf, its own or its typedef's, in canonical form; an identity is written
    /// `module:name`. None when mandatory.
    #[must_use]
    pub fn default(self) -> Option<&'s str> {
        match self.kind() {
            NodeKind::Leaf => self.schema.tables.string_opt(self.word(node::SPECIAL)),
            _ => None,
        }
    }

    /// Defaults of a leaf-list, in the form of [`Node::default`]; of a leaf its one default.
    pub fn defaults(self) -> impl Iterator<Item = &'s str> + use<'s> {
        let schema = self.schema;
        let many = self.extra_list(extra::DEFAULTS);
        self.default().into_iter().chain(many.iter().map(move |id| schema.tables.string(*id)))
    }

    /// The default case of a choice.
    #[must_use]
    pub fn default_case(self) -> Option<NodeId> {
        match self.kind() {
            NodeKind::Choice => present(self.word(node::SPECIAL)).map(NodeId),
            _ => None,
        }
    }

    /// Conditions on this very node: its own, its augment's, its `uses`'. Those of a choice or
    /// case above it are on that choice or case.
    pub fn whens(self) -> impl Iterator<Item = When<'s>> + use<'s> {
        let schema = self.schema;
        self.extra_list(extra::WHENS).chunks_exact(2).map(move |pair| When {
            schema,
            expr: pair[0],
            context: NodeId(pair[1]),
        })
    }

    /// Constraints on this node, with itself as the context.
    pub fn musts(self) -> impl Iterator<Item = Must<'s>> + use<'s> {
        let schema = self.schema;
        self.extra_list(extra::MUSTS).iter().map(move |id| Must { schema, id: *id })
    }

    /// Extension statements of the node, then of the refines, deviations and augments of it.
    pub fn extensions(self) -> impl Iterator<Item = Extension<'s>> + use<'s> {
        let schema = self.schema;
        self.extra_list(extra::EXTENSIONS).iter().map(move |id| Extension { schema, id: *id })
    }

    /// The extension statement `keyword` of the module so named, if there is one.
    #[must_use]
    pub fn extension(self, module: &str, keyword: &str) -> Option<Extension<'s>> {
        self.extensions().find(|extension| extension.is(module, keyword))
    }

    /// `description`
    #[must_use]
    pub fn description(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.word(node::DESCRIPTION))
    }

    /// `reference`
    #[must_use]
    pub fn reference(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.extra(extra::REFERENCE))
    }

    /// The argument of `presence`.
    #[must_use]
    pub fn presence(self) -> Option<&'s str> {
        self.schema.tables.string_opt(self.extra(extra::PRESENCE))
    }

    /// `units`, the node's own or its typedef's.
    #[must_use]
    pub fn units(self) -> Option<&'s str> {
        let own = self.schema.tables.string_opt(self.extra(extra::UNITS));
        own.or_else(|| self.type_id().and_then(|id| self.schema.type_(id).units()))
    }

    /// The file whose statement defines the node.
    #[must_use]
    pub fn source(self) -> &'s str {
        self.schema.tables.string(self.word(node::FILE))
    }

    /// Line of the statement in [`Node::source`], from 1; 0 for implicit nodes.
    #[must_use]
    pub fn line(self) -> u32 {
        self.word(node::LINE)
    }

    /// Data path from the root, see [`Schema::path`].
    #[must_use]
    pub fn path(self) -> String {
        self.schema.path(self.id)
    }

    fn word(self, field: usize) -> u32 {
        self.schema.tables.node(self.id.0, field)
    }

    fn flag(self, flag: u32) -> bool {
        self.word(node::KIND_FLAGS) & flag != 0
    }

    fn extra(self, field: usize) -> u32 {
        self.schema.tables.extra(self.word(node::EXTRA), field)
    }

    fn extra_list(self, field: usize) -> &'s [u32] {
        self.schema.tables.list(self.extra(field))
    }
}

/// Schema children, see [`Node::children`].
#[derive(Clone)]
pub struct Children<'s> {
    schema: &'s Schema,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = self.next;
        self.next = self.schema.tables.node(id, node::END);
        Some(NodeId(id))
    }
}

/// Data children, see [`Node::data_children`].
#[derive(Clone)]
pub struct DataChildren<'s> {
    inner: Children<'s>,
}

impl Iterator for DataChildren<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        loop {
            let Children { schema, next, end } = &mut self.inner;
            if *next >= *end {
                return None;
            }
            let id = NodeId(*next);
            let kind = schema.node(id).kind();
            // Descend into a choice or case by not skipping its descendants.
            *next = if kind.is_choice_or_case() { id.0 + 1 } else { schema.node(id).end().0 };
            if kind.is_data() {
                return Some(id);
            }
        }
    }
}

/// A condition on the existence of a node (RFC 7950 7.21.5).
#[derive(Clone, Copy)]
pub struct When<'s> {
    schema: &'s Schema,
    expr: u32,
    context: NodeId,
}

impl<'s> When<'s> {
    /// The expression.
    #[must_use]
    pub fn xpath(self) -> &'s Expr {
        self.schema.expr(self.expr)
    }

    /// The expression as written.
    #[must_use]
    pub fn text(self) -> &'s str {
        self.schema.expr_text(self.expr)
    }

    /// The context node: the data node itself for its own `when`; its nearest data ancestor (or
    /// [`Schema::ROOT`]) for the `when` of an augment, a `uses`, a choice or a case.
    #[must_use]
    pub fn context(self) -> NodeId {
        self.context
    }
}

/// A constraint (RFC 7950 7.5.3).
#[derive(Clone, Copy)]
pub struct Must<'s> {
    schema: &'s Schema,
    id: u32,
}

impl<'s> Must<'s> {
    /// The expression.
    #[must_use]
    pub fn xpath(self) -> &'s Expr {
        self.schema.expr(self.schema.tables.must(self.id, must::EXPR))
    }

    /// The expression as written.
    #[must_use]
    pub fn text(self) -> &'s str {
        self.schema.expr_text(self.schema.tables.must(self.id, must::EXPR))
    }

    /// `error-message`
    #[must_use]
    pub fn error_message(self) -> Option<&'s str> {
        self.string(must::MESSAGE)
    }

    /// `error-app-tag`; RFC 7950 15.4 has `must-violation` when absent.
    #[must_use]
    pub fn error_app_tag(self) -> Option<&'s str> {
        self.string(must::APP_TAG)
    }

    /// `description`
    #[must_use]
    pub fn description(self) -> Option<&'s str> {
        self.string(must::DESCRIPTION)
    }

    fn string(self, field: usize) -> Option<&'s str> {
        self.schema.tables.string_opt(self.schema.tables.must(self.id, field))
    }
}

const _: () = assert!(NONE == u32::MAX, "max-elements unbounded is the absent word");
