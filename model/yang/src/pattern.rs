//! A light syntax check of regular expressions of XML Schema (XSD part 2, appendix F).
//!
//! It looks at what is easy to get wrong: brackets, parentheses, quantifiers and escapes. The
//! translation to an engine is up to whoever matches values.

/// A sentence that says what is wrong.
pub(crate) fn check(pattern: &str) -> Result<(), &'static str> {
    let mut chars = pattern.chars().peekable();
    let mut open = 0usize;
    // Whether something stands there that a quantifier can apply to.
    let mut atom = false;
    while let Some(c) = chars.next() {
        atom = match c {
            '\\' => escape(&mut chars)?,
            '[' => class(&mut chars)?,
            '(' => {
                open += 1;
                false
            }
            ')' => {
                open = open.checked_sub(1).ok_or("\")\" without \"(\"")?;
                true
            }
            '|' => false,
            '*' | '+' | '?' if atom => false,
            '*' | '+' | '?' => return Err("a quantifier without anything before it"),
            '{' if atom => quantity(&mut chars)?,
            '{' => return Err("\"{\" without anything before it"),
            ']' | '}' => return Err("an unescaped closing bracket"),
            _ => true,
        };
    }
    if open == 0 { Ok(()) } else { Err("\"(\" without \")\"") }
}

type Chars<'p> = std::iter::Peekable<std::str::Chars<'p>>;

fn escape(chars: &mut Chars<'_>) -> Result<bool, &'static str> {
    match chars.next() {
        Some('p' | 'P') => property(chars),
        Some(
            'n' | 'r' | 't' | '\\' | '|' | '.' | '?' | '*' | '+' | '(' | ')' | '{' | '}' | '-'
            | '[' | ']' | '^' | 's' | 'S' | 'i' | 'I' | 'c' | 'C' | 'd' | 'D' | 'w' | 'W',
        ) => Ok(true),
        Some(_) => Err("an escape that XML Schema does not have"),
        None => Err("a backslash at the end"),
    }
}

/// The rest of `\p{L}` or `\p{IsBasicLatin}`.
fn property(chars: &mut Chars<'_>) -> Result<bool, &'static str> {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let opened = chars.next() == Some('{');
    let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
    if opened && !name.is_empty() && name.chars().all(fine) {
        Ok(true)
    } else {
        Err("a \\p without a property in braces")
    }
}

/// A character class after its `[`, with subtraction.
fn class(chars: &mut Chars<'_>) -> Result<bool, &'static str> {
    let mut depth = 1usize;
    let mut empty = true;
    if chars.peek() == Some(&'^') {
        chars.next();
    }
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                escape(chars)?;
            }
            '[' => depth += 1,
            ']' if empty => return Err("an empty character class"),
            ']' if depth == 1 => return Ok(true),
            ']' => depth -= 1,
            _ => {}
        }
        empty = false;
    }
    Err("\"[\" without \"]\"")
}

/// The rest of `{n}`, `{n,}` or `{n,m}`.
fn quantity(chars: &mut Chars<'_>) -> Result<bool, &'static str> {
    let text: String = chars.by_ref().take_while(|c| *c != '}').collect();
    let (least, most) = text.split_once(',').unwrap_or((&text, &text));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if least.is_empty() || !number(least) || !number(most) {
        return Err("a quantity that is no number");
    }
    let bound = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    if !most.is_empty() && bound(most) < bound(least) {
        return Err("a quantity with the greater number first");
    }
    Ok(false)
}
