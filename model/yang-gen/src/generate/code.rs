//! Rust text with its indentation.

/// Text that grows line by line; braces at the ends of lines indent.
#[derive(Debug, Default)]
pub(super) struct Code {
    text: String,
    depth: usize,
}

impl Code {
    /// A line. One that starts with a closing bracket is one level less deep, what follows a line
    /// that ends with an opening one is one level deeper.
    pub(super) fn line(&mut self, line: &str) {
        if 4 * self.depth + line.chars().count() > COLUMNS_MAX
            && !line.starts_with("//")
            && let Some(parts) = broken(line)
        {
            parts.iter().for_each(|part| self.line(part));
            return;
        }
        if line.starts_with(['}', ')', ']']) {
            self.depth = self.depth.saturating_sub(1);
        }
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n("    ", self.depth));
            self.text.push_str(line);
        }
        self.text.push('\n');
        if line.ends_with(['{', '(', '[']) && !line.starts_with("//") {
            self.depth += 1;
        }
    }

    /// Several lines.
    pub(super) fn lines(&mut self, lines: &str) {
        lines.lines().for_each(|line| self.line(line.trim()));
    }

    /// An empty line, unless one is there or a block was just opened.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") && !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    /// A documentation comment of one or two paragraphs.
    pub(super) fn doc(&mut self, summary: &str, path: &str) {
        self.line(&format!("/// {}", escaped(summary)));
        if !path.is_empty() && summary != path {
            self.line("///");
            self.line(&format!("/// `{path}`"));
        }
    }

    /// Bytes so far: a place to insert at later.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether what follows a place holds a piece of text.
    pub(super) fn contains_from(&self, place: usize, piece: &str) -> bool {
        self.text[place..].contains(piece)
    }

    /// Puts text in at a place.
    pub(super) fn insert(&mut self, place: usize, text: &str) {
        self.text.insert_str(place, text);
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// A line longer than that is broken where brackets allow it.
const COLUMNS_MAX: usize = 100;

/// A line as several: what is before the content of its largest pair of brackets, the parts of
/// that content, and what is behind it.
fn broken(line: &str) -> Option<Vec<String>> {
    let (open, close) = largest_group(line)?;
    let mut parts = vec![line[..=open].to_owned()];
    let content = line[open + 1..close].trim();
    let is_struct = line.as_bytes()[open] == b'{';
    let pieces = split(content);
    // One closure fills its brackets; everything else ends in a comma.
    let is_closure = pieces.len() == 1 && content.starts_with('|');
    for piece in &pieces {
        parts.push(if is_closure { (*piece).to_owned() } else { format!("{piece},") });
    }
    parts.push(line[close..].to_owned());
    (content.len() > 20 || is_struct).then_some(parts)
}

/// Positions of the outermost pair of brackets with the most between them.
fn largest_group(line: &str) -> Option<(usize, usize)> {
    let mut largest: Option<(usize, usize)> = None;
    let (mut depth, mut start) = (0, 0);
    for (at, c) in marks(line) {
        match c {
            '(' | '[' | '{' => {
                start = if depth == 0 { at } else { start };
                depth += 1;
            }
            ')' | ']' | '}' => {
                depth -= 1;
                let is_larger = largest.is_none_or(|(open, close)| at - start > close - open);
                if depth == 0 && is_larger {
                    largest = Some((start, at));
                }
            }
            _ => {}
        }
    }
    largest
}

/// The parts between commas outside of all brackets.
fn split(content: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0, 0);
    let mut parts = Vec::new();
    for (at, c) in marks(content) {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(content[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(content[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Brackets and commas outside of string literals; the `>` of an arrow is none.
fn marks(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut is_string, mut before) = (false, ' ');
    text.char_indices().filter(move |(_, c)| {
        let is_arrow = *c == '>' && matches!(before, '-' | '=');
        let is_escaped = is_string && before == '\\';
        if *c == '"' && !is_escaped {
            is_string = !is_string;
        }
        before = if is_escaped { ' ' } else { *c };
        !is_string && !is_arrow && "([{<>}]),".contains(*c)
    })
}

/// What documentation comments would take for links and tags.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, c| {
        if matches!(c, '[' | ']' | '<' | '>' | '*' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
        escaped
    })
}

/// Longest summary in characters.
const SUMMARY_MAX: usize = 90;

/// The first sentence of a description, on one line, or the name when there is none.
pub(super) fn summary(description: Option<&str>, name: &str) -> String {
    let words: Vec<_> = description.unwrap_or_default().split_whitespace().collect();
    let text = words.join(" ");
    let sentence = text.split_once(". ").map_or(text.as_str(), |(first, _)| first);
    let sentence = sentence.trim_end_matches(['.', ':', ';']);
    match sentence.char_indices().nth(SUMMARY_MAX) {
        _ if sentence.is_empty() => format!("The node `{name}`."),
        None => format!("{sentence}."),
        Some((cut, _)) => {
            let cut = sentence[..cut].rfind(' ').unwrap_or(cut);
            format!("{} …", &sentence[..cut])
        }
    }
}
