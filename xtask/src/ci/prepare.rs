//! What the tests use besides Rust: a NETCONF server, two YANG tools, a browser and Node.js from
//! Debian, two Python packages and one of Node.js in folders of their own. All of it is optional;
//! what is missing is named once, with the tests that will then print "skipped".

use std::path::{Path, PathBuf};
use std::process::{self, Stdio};
use std::time::Duration;

use super::step::{Command, Limit, Outcome};
use crate::program::cargo;

/// Program looked for, Debian package that has it, tests that need it.
const PROGRAMS: [(&str, &str, &str); 6] = [
    ("yanglint", "libyang2-tools", "comparisons with yanglint"),
    ("netconfd", "netconfd", "tests against a foreign NETCONF server"),
    ("sshd", "openssh-server", "tests against a foreign NETCONF server"),
    ("chromium", "chromium", "tests of the web page"),
    ("node", "nodejs", "tests of the web page"),
    ("npm", "npm", "tests of the web page"),
];
/// Where Debian puts them; `sbin` is not on every user's path.
const FOLDERS: [&str; 3] = ["/usr/bin", "/usr/sbin", "/usr/local/bin"];
const PYTHON_PACKAGES: [&str; 2] = ["ncclient", "pyang"];
/// What drives the browser.
const NODE_PACKAGE: &str = "playwright-core";
/// Another apt may hold the lock, or dpkg may miss an archive once: tried again after a pause.
const ATTEMPTS: usize = 4;
const PAUSE: Duration = Duration::from_secs(10);
const INSTALL_LIMIT: Duration = Duration::from_secs(5 * 60);

/// Cargo's companions that this machine lacks, in one line; empty when all are here.
pub(super) fn missing_tools(root: &Path) -> String {
    let companions = [("fmt", "rustfmt"), ("clippy", "clippy"), ("deny", "cargo-deny")];
    let missing: Vec<&str> = companions
        .iter()
        .filter(|(subcommand, _)| !has_cargo_tool(root, subcommand))
        .map(|(_, name)| *name)
        .collect();
    if missing.is_empty() {
        String::new()
    } else {
        format!("missing: {} (skipped)", missing.join(", "))
    }
}

/// Whether `cargo NAME` works.
pub(super) fn has_cargo_tool(root: &Path, name: &str) -> bool {
    succeeds(cargo().current_dir(root).args([name, "--version"]))
}

/// Installs what tests use; returns what is still missing and what then is skipped, in one line.
pub(super) fn parts(root: &Path, limit: Limit) -> String {
    let absent = || PROGRAMS.iter().filter(|(program, _, _)| !is_installed(program));
    if absent().next().is_some() {
        let packages: Vec<&str> = absent().map(|(_, package, _)| *package).collect();
        install(&packages, limit);
    }
    if python(root).is_none() {
        make_environment(root, limit);
    }
    if !has_node_package(root) && is_installed("npm") {
        install_node_package(root, limit);
    }
    let mut missing: Vec<String> = absent()
        .map(|(program, package, tests)| format!("{program} (package {package}): {tests}"))
        .collect();
    if python(root).is_none() {
        let packages = PYTHON_PACKAGES.join(" and ");
        missing.push(format!("{packages} for Python: tests that start them"));
    }
    if !has_node_package(root) {
        missing.push(format!("{NODE_PACKAGE} for Node.js: tests of the web page"));
    }
    match missing[..] {
        [] => String::new(),
        _ => format!("missing, so skipped: {}", missing.join("; ")),
    }
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(FOLDERS.iter().map(PathBuf::from));
    folders.map(|folder| folder.join(program)).any(|candidate| candidate.is_file())
}

fn install(packages: &[&str], limit: Limit) {
    if !is_installed("apt-get") || !is_root() {
        println!("packages can be installed by root with apt-get only");
        return;
    }
    let options = ["-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=2"];
    let mut arguments = options.to_vec();
    arguments.extend(["install", "-y", "--no-install-recommends"]);
    arguments.extend(packages);
    for attempt in 1..=ATTEMPTS {
        let apt = |arguments: &[&str]| {
            Command::program("apt-get", arguments)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .run(limit.at_most(INSTALL_LIMIT))
        };
        apt(&[&options[..], &["update"]].concat());
        if matches!(apt(&arguments), Outcome::Passed(_)) {
            return;
        }
        println!("apt-get failed, attempt {attempt} of {ATTEMPTS}");
        if attempt == ATTEMPTS || limit.is_over() {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

fn is_root() -> bool {
    let output = process::Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The interpreter that has the Python packages, once they are installed.
pub(super) fn python(root: &Path) -> Option<PathBuf> {
    let python = environment(root).join("bin/python");
    let imports = format!("import {}", PYTHON_PACKAGES.join(", "));
    succeeds(process::Command::new(&python).args(["-c", &imports])).then_some(python)
}

fn environment(root: &Path) -> PathBuf {
    target_folder(root).join("ci-venv")
}

fn make_environment(root: &Path, limit: Limit) {
    let folder = environment(root).to_string_lossy().into_owned();
    let made = Command::program("python3", &["-m", "venv", "--clear", &folder])
        .run(limit.at_most(INSTALL_LIMIT));
    if matches!(made, Outcome::Passed(_)) {
        let mut arguments = vec!["-m", "pip", "install", "--quiet"];
        arguments.push("--disable-pip-version-check");
        arguments.extend(PYTHON_PACKAGES);
        Command::program(&format!("{folder}/bin/python"), &arguments)
            .run(limit.at_most(INSTALL_LIMIT));
    }
}

fn has_node_package(root: &Path) -> bool {
    node_folder(root).join("node_modules").join(NODE_PACKAGE).join("package.json").is_file()
}

/// Where the test of the web page looks for it, from the program that it starts.
fn node_folder(root: &Path) -> PathBuf {
    target_folder(root).join("ci-node")
}

fn install_node_package(root: &Path, limit: Limit) {
    let folder = node_folder(root).to_string_lossy().into_owned();
    let arguments =
        ["install", "--silent", "--no-audit", "--no-fund", "--prefix", &folder, NODE_PACKAGE];
    Command::program("npm", &arguments).run(limit.at_most(INSTALL_LIMIT));
}

/// Cargo's target folder: one for every step, so that nothing is built twice.
fn target_folder(root: &Path) -> PathBuf {
    root.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

fn succeeds(command: &mut process::Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
