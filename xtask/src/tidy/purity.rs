//! No clock, socket, file, thread, `async` or global generator in pure folders.
//!
//! Clippy bans the same calls where it can resolve their types (`model/clippy.toml`); this rule
//! also sees `async`, whole modules and crates, and leaves tests alone, which may read their data.

use super::modules::{Role, reached};
use super::{PURE, Rule};
use crate::source::{PathUse, Token, paths, tokens, without_tests};
use crate::tree::Tree;

/// Consecutive segments of a path that a pure crate does not write, and what they would do.
const IMPURE_PATHS: &[(&[&str], &str)] = &[
    (&["Instant", "now"], "reads the clock"),
    (&["SystemTime", "now"], "reads the clock"),
    (&["UNIX_EPOCH", "elapsed"], "reads the clock"),
    (&["TcpStream"], "opens a socket"),
    (&["TcpListener"], "opens a socket"),
    (&["UdpSocket"], "opens a socket"),
    (&["UnixStream"], "opens a socket"),
    (&["UnixListener"], "opens a socket"),
    (&["ToSocketAddrs"], "asks a name server"),
    (&["std", "fs"], "touches files"),
    (&["File", "open"], "touches files"),
    (&["File", "create"], "touches files"),
    (&["std", "env"], "reads the environment"),
    (&["std", "process"], "runs or ends a process"),
    (&["io", "stdin"], "reads a terminal"),
    (&["io", "stdout"], "writes to a terminal"),
    (&["io", "stderr"], "writes to a terminal"),
    (&["thread", "spawn"], "starts a thread"),
    (&["thread", "scope"], "starts a thread"),
    (&["thread", "sleep"], "waits"),
    (&["thread", "Builder"], "starts a thread"),
    (&["async"], "is asynchronous"),
    (&["await"], "is asynchronous"),
    (&["tokio"], "is a runtime"),
    (&["futures"], "is a runtime"),
    (&["rand", "rng"], "draws from a global generator"),
    (&["rand", "random"], "draws from a global generator"),
    (&["thread_rng"], "draws from a global generator"),
    (&["SysRng"], "draws from a global generator"),
    (&["OsRng"], "draws from a global generator"),
    (&["getrandom"], "draws from a global generator"),
    (&["fastrand"], "draws from a global generator"),
];

/// Macros that write to a terminal.
const PRINTING: [&str; 4] = ["println", "print", "eprintln", "eprint"];

/// What runs in build scripts, and only there (feature `build`): it reads models and writes code.
const BUILD_TOOL: &str = "model/yang-gen/src/generate/files.rs";

/// Pure crates take time, bytes and randomness as arguments.
pub(super) const IMPURE: Rule = Rule {
    name: "impure",
    way_out: "take it as an argument (now: Instant, bytes, a seed), or move the code to a shell",
    check: |tree| {
        let pure = tree
            .crates()
            .into_iter()
            .filter(|c| PURE.contains(&c.layer()) || c.layer() == "networks");
        pure.flat_map(|package| reached(tree, &package))
            .filter(|(path, role)| *role == Role::Product && path != BUILD_TOOL)
            .flat_map(|(path, _)| impure_uses(tree, &path))
            .collect()
    },
};

fn impure_uses(tree: &Tree, path: &str) -> Vec<(String, usize, String)> {
    let tokens = without_tests(&tokens(tree.text(path).unwrap_or_default()));
    let mut rows: Vec<_> = paths(&tokens)
        .iter()
        .filter_map(|used| {
            let (_, effect) = IMPURE_PATHS.iter().find(|(banned, _)| contains(used, banned))?;
            Some((path.to_owned(), used.line, format!("`{}` {effect}", used.segments.join("::"))))
        })
        .collect();
    rows.extend(
        printing_lines(&tokens)
            .map(|(line, name)| (path.to_owned(), line, format!("`{name}!` writes to a terminal"))),
    );
    rows
}

fn contains(used: &PathUse, banned: &[&str]) -> bool {
    used.segments.windows(banned.len()).any(|window| window == banned)
}

fn printing_lines(tokens: &[Token]) -> impl Iterator<Item = (usize, &str)> {
    tokens.windows(2).filter_map(|pair| {
        let name = pair[0].word()?;
        (PRINTING.contains(&name) && pair[1].is_mark('!')).then_some((pair[0].line, name))
    })
}
