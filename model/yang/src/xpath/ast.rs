//! The syntax tree of an expression.

use crate::schema::ModuleId;

/// An expression; names carry their module.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// `a or b`
    Or(Box<Self>, Box<Self>),
    /// `a and b`
    And(Box<Self>, Box<Self>),
    /// `a = b`, `a < b` and the like
    Compare(CompareOp, Box<Self>, Box<Self>),
    /// `a + b` and the like
    Arithmetic(ArithmeticOp, Box<Self>, Box<Self>),
    /// `-a`
    Negate(Box<Self>),
    /// `a | b`
    Union(Box<Self>, Box<Self>),
    /// A number
    Number(f64),
    /// A quoted string
    Literal(Box<str>),
    /// A function call
    Call(Call),
    /// A location path, or a filter expression followed by one
    Path(Path),
}

impl Expr {
    /// The constant false.
    #[must_use]
    pub fn never() -> Self {
        Self::Call(Call { function: Function::False, arguments: Vec::new() })
    }
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `div`
    Divide,
    /// `mod`
    Modulo,
}

/// A function and its arguments; their number has been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Which function.
    pub function: Function,
    /// Its arguments in order.
    pub arguments: Vec<Expr>,
}

macro_rules! functions {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal $min:literal $max:literal,)+) => {
        /// Functions of XPath 1.0 (section 4) and of YANG (RFC 7950 10).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Function {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Function {
            /// The function so named.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// Its name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Least and greatest number of arguments.
            #[must_use]
            pub fn arity(self) -> (usize, usize) {
                match self {
                    $(Self::$variant => ($min, $max),)+
                }
            }
        }
    };
}

functions! {
    /// Size of the context
    Last "last" 0 0,
    /// Position in the context
    Position "position" 0 0,
    /// Size of a node set
    Count "count" 1 1,
    /// Nodes by XML id
    Id "id" 1 1,
    /// Name without prefix
    LocalName "local-name" 0 1,
    /// Namespace
    NamespaceUri "namespace-uri" 0 1,
    /// Qualified name
    Name "name" 0 1,
    /// Conversion to string
    String "string" 0 1,
    /// Concatenation
    Concat "concat" 2 64,
    /// Prefix test
    StartsWith "starts-with" 2 2,
    /// Substring test
    Contains "contains" 2 2,
    /// Part before a substring
    SubstringBefore "substring-before" 2 2,
    /// Part after a substring
    SubstringAfter "substring-after" 2 2,
    /// Part by position
    Substring "substring" 2 3,
    /// Length in characters
    StringLength "string-length" 0 1,
    /// White space collapsed
    NormalizeSpace "normalize-space" 0 1,
    /// Characters replaced
    Translate "translate" 3 3,
    /// Conversion to boolean
    Boolean "boolean" 1 1,
    /// Negation
    Not "not" 1 1,
    /// True
    True "true" 0 0,
    /// False
    False "false" 0 0,
    /// Language test
    Lang "lang" 1 1,
    /// Conversion to number
    Number "number" 0 1,
    /// Sum over a node set
    Sum "sum" 1 1,
    /// Rounded down
    Floor "floor" 1 1,
    /// Rounded up
    Ceiling "ceiling" 1 1,
    /// Rounded
    Round "round" 1 1,
    /// The initial context node (RFC 7950 10.1.1)
    Current "current" 0 0,
    /// Regular expression test (10.2.1)
    ReMatch "re-match" 2 2,
    /// What a leafref or instance-identifier points at (10.3.1)
    Deref "deref" 1 1,
    /// Identity test (10.4.1)
    DerivedFrom "derived-from" 2 2,
    /// Identity test (10.4.2)
    DerivedFromOrSelf "derived-from-or-self" 2 2,
    /// Number of an enum (10.5.1)
    EnumValue "enum-value" 1 1,
    /// Bit test (10.6.1)
    BitIsSet "bit-is-set" 2 2,
}

/// A location path.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Where it starts.
    pub start: Start,
    /// Its steps in order; `//` appears as a step `descendant-or-self::node()`.
    pub steps: Vec<Step>,
}

/// Start of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// `/`: the root of the accessible tree
    Root,
    /// The context node
    Context,
    /// The node set of an expression, filtered by predicates
    Filter {
        /// The expression.
        expr: Box<Expr>,
        /// Its predicates.
        predicates: Vec<Expr>,
    },
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Direction.
    pub axis: Axis,
    /// Which nodes in that direction.
    pub test: NodeTest,
    /// Which of those.
    pub predicates: Vec<Expr>,
}

/// Direction of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// `ancestor::`
    Ancestor,
    /// `ancestor-or-self::`
    AncestorOrSelf,
    /// `attribute::` or `@`
    Attribute,
    /// `child::` or nothing
    Child,
    /// `descendant::`
    Descendant,
    /// `descendant-or-self::`
    DescendantOrSelf,
    /// `following::`
    Following,
    /// `following-sibling::`
    FollowingSibling,
    /// `namespace::`
    Namespace,
    /// `parent::` or `..`
    Parent,
    /// `preceding::`
    Preceding,
    /// `preceding-sibling::`
    PrecedingSibling,
    /// `self::` or `.`
    SelfNode,
}

impl Axis {
    /// The axis so named.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ancestor" => Self::Ancestor,
            "ancestor-or-self" => Self::AncestorOrSelf,
            "attribute" => Self::Attribute,
            "child" => Self::Child,
            "descendant" => Self::Descendant,
            "descendant-or-self" => Self::DescendantOrSelf,
            "following" => Self::Following,
            "following-sibling" => Self::FollowingSibling,
            "namespace" => Self::Namespace,
            "parent" => Self::Parent,
            "preceding" => Self::Preceding,
            "preceding-sibling" => Self::PrecedingSibling,
            "self" => Self::SelfNode,
            _ => return None,
        })
    }
}

/// Test on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeTest {
    /// `*`
    Any,
    /// `prefix:*`
    AnyOf(ModuleId),
    /// A name; without a module where the scope gives none to names without prefix
    Name {
        /// Its module.
        module: Option<ModuleId>,
        /// The name without prefix.
        name: Box<str>,
    },
    /// `node()`
    Node,
    /// `text()`
    Text,
    /// `comment()`
    Comment,
    /// `processing-instruction()`, with its target
    ProcessingInstruction(Option<Box<str>>),
}
