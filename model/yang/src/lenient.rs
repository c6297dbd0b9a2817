//! Named deviations from the letter of RFC 7950 that real vendors' models need.

use std::fmt;

macro_rules! quirks {
    ($($(#[doc = $doc:literal])+ $field:ident = $variant:ident,)+) => {
        /// One violation that vendors commit and a switch can allow.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Quirk {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Quirk {
            /// Every quirk, in the order of [`Lenient`]'s fields.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name of the switch in [`Lenient`].
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($field),)+
                }
            }

            /// The quirk whose switch has this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|quirk| quirk.name() == name)
            }
        }

        /// Which violations are warnings instead of errors. Default: none.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct Lenient {
            $($(#[doc = $doc])+ pub $field: bool,)+
        }

        impl Lenient {
            /// Every switch on: what routers in the field need.
            #[must_use]
            pub fn vendor() -> Self {
                Self { $($field: true,)+ }
            }

            /// Whether the switch of this quirk is on.
            #[must_use]
            pub fn allows(&self, quirk: Quirk) -> bool {
                match quirk {
                    $(Quirk::$variant => self.$field,)+
                }
            }

            /// Turns the switch of this quirk on.
            #[must_use]
            pub fn with(mut self, quirk: Quirk) -> Self {
                match quirk {
                    $(Quirk::$variant => self.$field = true,)+
                }
                self
            }
        }
    };
}

quirks! {
    /// Header, linkage, meta and revision statements in another order (RFC 7950 7.1.1).
    statement_order = StatementOrder,
    /// An enumeration or bits type whose members are all removed by `if-feature` (7.20.2).
    disabled_members = DisabledMembers,
    /// A default that is only valid with a feature which is off (7.20.2).
    disabled_default = DisabledDefault,
    /// A default identity that only an imported, not implemented module defines (9.10).
    default_identity_not_implemented = DefaultIdentityNotImplemented,
    /// A default that its type refuses (7.6.4); the default is dropped.
    invalid_default = InvalidDefault,
    /// `when` expressions that depend on each other in a circle (7.21.5).
    circular_when = CircularWhen,
    /// A current definition that uses a deprecated or obsolete one, or a node under a parent of
    /// lesser status (7.21.2).
    status_mismatch = StatusMismatch,
    /// A deviation that deletes what is written otherwise, or is not there (7.20.3.2).
    deviation_mismatch = DeviationMismatch,
    /// A deviation of a node that does not exist (7.20.3); it is left out.
    missing_deviation_target = MissingDeviationTarget,
    /// An augment of a node that does not exist (7.17); it is left out.
    missing_augment_target = MissingAugmentTarget,
    /// An absolute path in a refine or augment within `uses`, or a relative one in an augment of
    /// the schema tree (7.17, 7.13.2).
    path_form = PathForm,
    /// An augment that adds a mandatory node to another module without `when` (7.17).
    mandatory_augment = MandatoryAugment,
    /// A list key without its leaf (7.8.2); the key is left out.
    missing_key = MissingKey,
    /// A `unique` that names no leaf of the list (7.8.3); it is left out.
    missing_unique = MissingUnique,
    /// A configuration list without a key (7.8.2); it is read as keyless.
    keyless_config_list = KeylessConfigList,
    /// A key leaf with `mandatory`, default, `when`, `if-feature` or type empty where the RFC
    /// forbids it (7.8.2).
    unusual_key = UnusualKey,
    /// A leafref whose path meets no leaf (9.9); the value is checked by no target.
    missing_leafref_target = MissingLeafrefTarget,
    /// A leafref path outside the restricted syntax of 9.9.2.
    leafref_path_syntax = LeafrefPathSyntax,
    /// A leafref of configuration with `require-instance` at a state node (9.9.3).
    leafref_config = LeafrefConfig,
    /// `must`, `when` or `path` text that is no XPath, or calls an unknown function (7.5.3); the
    /// expression is left out.
    invalid_xpath = InvalidXpath,
    /// A name in an expression with a prefix that the module does not import (6.4.1).
    unknown_xpath_prefix = UnknownXpathPrefix,
    /// `input;` and other statements that need a body but have none.
    empty_body = EmptyBody,
    /// Quotes inside unquoted strings, text that touches a quoted string (6.1.3).
    loose_quoting = LooseQuoting,
    /// A backslash before a character that YANG 1.1 does not escape (6.1.3).
    loose_escapes = LooseEscapes,
    /// Control and other characters outside the set of 6.1.
    loose_characters = LooseCharacters,
    /// The same module in two revisions: the newest is implemented (5.6.5).
    several_revisions = SeveralRevisions,
    /// The very same module and revision added twice: the first counts.
    repeated_source = RepeatedSource,
    /// An import of a module that is not there; what refers to it is left out.
    missing_import = MissingImport,
    /// An import or include by a revision that is not there: another one is taken (7.1.5.1).
    missing_revision = MissingRevision,
    /// An include of a submodule that is not there.
    missing_include = MissingInclude,
    /// A submodule without its module among the sources.
    orphan_submodule = OrphanSubmodule,
    /// Modules that import each other in a circle (7.1.5).
    circular_import = CircularImport,
    /// An extension statement whose definition is not known (6.3.1).
    unknown_extension = UnknownExtension,
    /// An extension statement with an argument too many or too few (7.19).
    extension_argument = ExtensionArgument,
    /// A statement where the grammar has no place for it, or one too many; it is left out.
    misplaced_statement = MisplacedStatement,
    /// A statement that the grammar asks for and the text lacks.
    missing_statement = MissingStatement,
    /// YANG 1.1 statements in a module of version 1 (RFC 7950 12).
    version_mix = VersionMix,
    /// `config true` below `config false` (7.21.1); it is read as false.
    config_under_state = ConfigUnderState,
    /// A restriction that is no subset of the base type's (9.2.4); the two are intersected by
    /// whoever checks values.
    widened_restriction = WidenedRestriction,
    /// A pattern that is no regular expression of XML Schema (9.4.5).
    invalid_pattern = InvalidPattern,
    /// A definition, prefix or namespace that appears twice, or hides an outer one (6.2.1): the
    /// first counts.
    duplicate_definition = DuplicateDefinition,
    /// Two data nodes of one name in one place (6.2.1): the first counts.
    duplicate_node = DuplicateNode,
    /// A grouping, type, feature or identity that is not defined; what needs it is left out, a
    /// missing type is read as string.
    missing_definition = MissingDefinition,
    /// A refine of a node that the grouping lacks, or of a property it cannot have (7.13.2).
    refine_mismatch = RefineMismatch,
    /// A malformed date, number, boolean or identifier; the statement is left out.
    malformed_argument = MalformedArgument,
    /// Properties that contradict each other: mandatory with default, min over max (7.6.5).
    contradiction = Contradiction,
}

impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
