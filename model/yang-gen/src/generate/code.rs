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

    pub(super) fn into_text(self) -> String {
        self.text
    }
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
