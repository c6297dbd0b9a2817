//! Tables: printed as they come, kept as Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use crate::machine;

/// All tables of a run.
pub(crate) struct Report {
    /// Whether only the smallest inputs are run.
    pub(crate) smoke: bool,
    markdown: String,
}

/// One table.
pub(crate) struct Table {
    title: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Report {
    /// An empty report.
    pub(crate) fn new(smoke: bool) -> Self {
        Self { smoke, markdown: String::new() }
    }

    /// Prints a table and takes it in.
    pub(crate) fn add(&mut self, table: &Table) {
        let text = table.markdown();
        println!("{text}");
        self.markdown += &text;
        self.markdown.push('\n');
    }

    /// Writes `bench/RESULTS.md`.
    pub(crate) fn keep(&self) -> anyhow::Result<()> {
        let head = format!(
            "# Results\n\nThe last whole run, by `cargo bench-weft -- --keep`, on: {}.\n\n",
            machine::describe()
        );
        Ok(std::fs::write(machine::root().join("bench/RESULTS.md"), head + &self.markdown)?)
    }
}

impl Table {
    /// A table with a title and column heads.
    pub(crate) fn new(title: &str, header: &[&str]) -> Self {
        let header = header.iter().map(|&head| head.to_owned()).collect();
        Self { title: title.to_owned(), header, rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// Adds a remark below.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    fn markdown(&self) -> String {
        let mut out = format!("## {}\n\n", self.title);
        let mut line = |cells: &[String]| {
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        };
        line(&self.header);
        line(&self.header.iter().map(|_| "---".to_owned()).collect::<Vec<_>>());
        self.rows.iter().for_each(|row| line(row));
        for note in &self.notes {
            let _ = write!(out, "\n{note}\n");
        }
        out
    }
}

/// A duration in milliseconds.
pub(crate) fn ms(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1e3)
}

/// A size in MiB.
pub(crate) fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// How many times longer the peer takes; "–" without a peer.
pub(crate) fn ratio(own: Duration, peer: Option<Duration>) -> String {
    peer.map_or_else(
        || "–".to_owned(),
        |peer| format!("{:.1}x", peer.as_secs_f64() / own.as_secs_f64()),
    )
}

/// The value below which `percent` of the sorted values are.
pub(crate) fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}
