//! Syntax of arguments that needs no context (RFC 7950 14).

use crate::source::parse::is_identifier;

/// `identifier-ref`: prefix and name.
pub(crate) fn reference(text: &str) -> Option<(Option<&str>, &str)> {
    let (prefix, name) = split_prefix(text);
    (is_identifier(name) && prefix.is_none_or(is_identifier)).then_some((prefix, name))
}

/// Prefix and name, unchecked.
pub(crate) fn split_prefix(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    }
}

/// `identifier`; YANG 1.0 forbids names that start with "xml" in any case.
pub(crate) fn identifier(text: &str, version_1_1: bool) -> bool {
    is_identifier(text)
        && (version_1_1 || !text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("xml")))
}

/// `date-arg`: four, two and two digits, of a month and a day that exist.
pub(crate) fn date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    shape && {
        let number = |at: usize| (bytes[at] - b'0') * 10 + bytes[at + 1] - b'0';
        (1..=12).contains(&number(5)) && (1..=31).contains(&number(8))
    }
}

/// `non-negative-integer-value`
pub(crate) fn unsigned(text: &str) -> Option<u32> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if canonical && digits { text.parse().ok() } else { None }
}

/// `integer-value` that fits an enum.
pub(crate) fn integer(text: &str) -> Option<i32> {
    match text.strip_prefix('-') {
        Some(digits) if digits != "0" => {
            unsigned_wide(digits).and_then(|value| i32::try_from(-value).ok())
        }
        Some(_) => None,
        None => unsigned_wide(text).and_then(|value| i32::try_from(value).ok()),
    }
}

fn unsigned_wide(text: &str) -> Option<i64> {
    unsigned(text).map(i64::from)
}

/// `boolean-arg`
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// `schema-nodeid`: absolute with a leading `/`, else descendant; each step with its prefix.
pub(crate) fn schema_path(
    text: &str,
) -> Option<(bool, impl Iterator<Item = (Option<&str>, &str)> + Clone)> {
    let absolute = text.starts_with('/');
    let steps = text.strip_prefix('/').unwrap_or(text);
    let ok = steps.split('/').all(|step| reference(step).is_some());
    ok.then(|| (absolute, steps.split('/').map(split_prefix)))
}
