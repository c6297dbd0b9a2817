//! The four kinds of XPath objects and how they turn into each other (XPath 1.0, section 4).

use ecow::EcoString;

use super::Instance;

/// Result of an expression.
#[derive(Clone, Debug)]
pub enum Object<'a> {
    /// Nodes, each once, in document order unless made by an axis that goes backwards.
    Nodes(Vec<Instance<'a>>),
    /// A truth value.
    Boolean(bool),
    /// A number, also infinite or not-a-number.
    Number(f64),
    /// A string.
    Text(EcoString),
}

impl From<bool> for Object<'_> {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl From<f64> for Object<'_> {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<EcoString> for Object<'_> {
    fn from(text: EcoString) -> Self {
        Self::Text(text)
    }
}

impl Object<'_> {
    /// The truth of it (section 4.3).
    pub fn truth(&self) -> bool {
        match self {
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Boolean(truth) => *truth,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
        }
    }
}

/// The number that a string stands for (section 4.4): `-`? digits with at most one point.
pub(super) fn text_to_number(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1;
    if is_number { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// The string that a number turns into (section 4.2).
pub(super) fn number_to_text(number: f64) -> EcoString {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity".into() } else { "-Infinity".into() };
    }
    if number == 0.0 {
        return "0".into();
    }
    // Rust's shortest form that reads back is plain decimal, as XPath wants it.
    ecow::eco_format!("{number}")
}

/// Rounds half towards positive infinity (section 4.4).
pub(super) fn round(number: f64) -> f64 {
    if !number.is_finite() || number == 0.0 { number } else { (number + 0.5).floor() }
}
