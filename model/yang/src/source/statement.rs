//! Statements of one file: a flat array in document order, arguments borrowed from the text.

use super::Keyword;
use crate::schema::tables::NONE;

/// One text with its statements.
pub struct SourceFile<'t> {
    /// The name under which it was added.
    pub(crate) name: String,
    pub(crate) text: std::borrow::Cow<'t, str>,
    /// Arguments that differ from the text: unescaped, trimmed or concatenated.
    pub(crate) rewritten: String,
    pub(crate) statements: Vec<Record>,
    /// Offset of the first byte of each line.
    pub(crate) line_starts: Vec<u32>,
    /// Position among the files of the compilation.
    pub(crate) id: u32,
}

/// A statement of some file of the compilation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StatementId {
    pub(crate) file: u32,
    pub(crate) index: u32,
}

/// A piece of the text, or of the rewritten arguments; absent when the length is [`NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextRef {
    pub(crate) start: u32,
    pub(crate) length: u32,
}

impl TextRef {
    /// Marks a start within the rewritten arguments.
    pub(crate) const REWRITTEN: u32 = 1 << 31;
    pub(crate) const ABSENT: Self = Self { start: 0, length: NONE };
}

/// A statement as stored; its descendants are the records up to `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub(crate) keyword: Keyword,
    /// Whether the argument was in quotes.
    pub(crate) quoted: bool,
    /// Whether there are braces.
    pub(crate) block: bool,
    /// Left out by the grammar check: to be ignored.
    pub(crate) dropped: bool,
    pub(crate) argument: TextRef,
    pub(crate) end: u32,
    pub(crate) parent: u32,
    /// Offset of the keyword.
    pub(crate) at: u32,
}

impl<'t> SourceFile<'t> {
    /// The outermost statement, when the text has one.
    #[must_use]
    pub fn root(&self) -> Option<Statement<'_>> {
        (!self.statements.is_empty()).then_some(Statement { file: self, index: 0 })
    }

    pub(crate) fn statement(&self, index: u32) -> Statement<'_> {
        Statement { file: self, index }
    }

    /// Line from 1 of an offset.
    pub(crate) fn line(&self, at: u32) -> u32 {
        self.line_starts.partition_point(|start| *start <= at) as u32
    }

    /// Column from 1, in characters, of an offset.
    pub(crate) fn column(&self, at: u32) -> u32 {
        let line = self.line(at) as usize;
        let start = self.line_starts.get(line.wrapping_sub(1)).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..at as usize).unwrap_or("");
        before.chars().count() as u32 + 1
    }

    fn piece(&self, piece: TextRef) -> &str {
        let from_rewritten = piece.start & TextRef::REWRITTEN != 0;
        let start = (piece.start & !TextRef::REWRITTEN) as usize;
        let text = if from_rewritten { &self.rewritten[..] } else { &self.text[..] };
        &text[start..start + piece.length as usize]
    }
}

/// A statement; copying it copies a pointer and an index.
#[derive(Clone, Copy)]
pub struct Statement<'f> {
    pub(crate) file: &'f SourceFile<'f>,
    pub(crate) index: u32,
}

impl std::fmt::Debug for Statement<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file.name, self.line(), self.label())
    }
}

impl<'f> Statement<'f> {
    fn record(self) -> &'f Record {
        &self.file.statements[self.index as usize]
    }

    pub(crate) fn id(self) -> StatementId {
        StatementId { file: self.file.id, index: self.index }
    }

    pub(crate) fn kind(self) -> Keyword {
        self.record().keyword
    }

    /// The keyword as written, with prefix.
    #[must_use]
    pub fn keyword(self) -> &'f str {
        match self.kind() {
            Keyword::Extension | Keyword::Unknown => {
                let rest = &self.file.text[self.at() as usize..];
                let ends = |c: char| c.is_whitespace() || matches!(c, ';' | '{' | '}' | '"' | '\'');
                &rest[..rest.find(ends).unwrap_or(rest.len())]
            }
            known => known.name(),
        }
    }

    /// The argument, unquoted.
    #[must_use]
    pub fn argument(self) -> Option<&'f str> {
        let argument = self.record().argument;
        (argument.length != NONE).then(|| self.file.piece(argument))
    }

    /// The argument, empty when absent.
    pub(crate) fn arg(self) -> &'f str {
        self.argument().unwrap_or("")
    }

    pub(crate) fn has_block(self) -> bool {
        self.record().block
    }

    pub(crate) fn end(self) -> u32 {
        self.record().end
    }

    /// Offset of the keyword in the text.
    pub(crate) fn at(self) -> u32 {
        self.record().at
    }

    /// Line of the keyword, from 1.
    #[must_use]
    pub fn line(self) -> u32 {
        self.file.line(self.at())
    }

    /// Substatements in document order.
    #[must_use]
    pub fn substatements(self) -> Statements<'f> {
        Statements { file: self.file, next: self.index + 1, end: self.record().end }
    }

    /// Substatements with this keyword.
    pub(crate) fn all(self, keyword: Keyword) -> impl Iterator<Item = Self> {
        self.substatements().filter(move |child| child.kind() == keyword)
    }

    /// The first substatement with this keyword.
    pub(crate) fn first(self, keyword: Keyword) -> Option<Self> {
        self.all(keyword).next()
    }

    /// Argument of the first substatement with this keyword.
    pub(crate) fn first_arg(self, keyword: Keyword) -> Option<&'f str> {
        self.first(keyword).and_then(Self::argument)
    }

    /// The statement around this one.
    pub(crate) fn parent(self) -> Option<Self> {
        let parent = self.record().parent;
        (parent != NONE).then_some(Self { file: self.file, index: parent })
    }

    /// Keyword and argument, cut to a readable length, for diagnostics.
    pub(crate) fn label(self) -> String {
        const LABEL_CHARS_MAX: usize = 60;
        let keyword = self.keyword();
        let Some(argument) = self.argument() else { return keyword.to_owned() };
        let mut words = argument.split_whitespace();
        let mut label = format!("{keyword} {}", words.next().unwrap_or("\"\""));
        for word in words {
            label.push(' ');
            label.push_str(word);
            if label.chars().count() > LABEL_CHARS_MAX {
                break;
            }
        }
        if label.chars().count() > LABEL_CHARS_MAX {
            label = label.chars().take(LABEL_CHARS_MAX).chain("...".chars()).collect();
        }
        label
    }
}

/// Substatements, see [`Statement::substatements`].
#[derive(Clone)]
pub struct Statements<'f> {
    file: &'f SourceFile<'f>,
    next: u32,
    end: u32,
}

impl<'f> Iterator for Statements<'f> {
    type Item = Statement<'f>;

    fn next(&mut self) -> Option<Statement<'f>> {
        while self.next < self.end {
            let index = self.next;
            let record = &self.file.statements[index as usize];
            self.next = record.end;
            if !record.dropped {
                return Some(Statement { file: self.file, index });
            }
        }
        None
    }
}
