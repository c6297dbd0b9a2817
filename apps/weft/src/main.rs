//! The weft program: controller, lab and the operator's command line in one binary.
//!
//! This crate reads arguments, wires shells to engines and ends everything in order. No rule of
//! the business lives here.

mod approve;
mod candidate;
mod client;
mod demo;
mod device_log;
mod fleet;
mod host_keys;
mod lab;
mod network;
mod server;
mod token;
mod topology;
mod verbs;
mod yang_verb;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Trees are many small pieces, made and given back with every commit.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One network orchestrator, from intent to light.
#[derive(Parser, Debug)]
#[command(name = "weft", version)]
struct Arguments {
    /// Data directory of the controller: that of `weft up`, or the one a verb talks to.
    #[arg(long, global = true, env = "WEFT_DATA", default_value = ".weft")]
    data: PathBuf,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Run a controller until it is told to stop.
    Up(server::Up),
    /// Show the product: germany17 on simulated routers.
    Demo(demo::Demo),
    /// Run simulated routers, without a controller.
    Lab(lab::Lab),
    /// Print data of the intent, a layer or a device.
    Get(verbs::Get),
    /// Add edits to the candidate.
    Edit(verbs::Edit),
    /// Show what the candidate would change on which device.
    Diff,
    /// Commit the candidate.
    Commit(verbs::Commit),
    /// Drop the candidate.
    Discard,
    /// List the devices and how they are doing.
    Devices {
        /// table or json.
        #[arg(short, long, default_value = "table")]
        output: verbs::Format,
    },
    /// List the changes that wait for approval.
    Approvals {
        /// table or json.
        #[arg(short, long, default_value = "table")]
        output: verbs::Format,
    },
    /// Approve the change that waits for a device, or reject it.
    Approve(approve::Approve),
    /// List commits, or show one.
    Log(verbs::Log),
    /// Tell which transforms, and which intent, a node of a device's configuration comes from.
    Explain(verbs::Explain),
    /// Check YANG models, and draw their tree.
    Yang(yang_verb::Yang),
    /// Print the completion script of a shell.
    Completion {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("WEFT_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("weft: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let data = arguments.data.as_path();
    match arguments.verb {
        Verb::Up(verb) => server::up(data, &verb),
        Verb::Demo(verb) => demo::demo(&verb),
        Verb::Lab(verb) => lab::lab(data, &verb),
        Verb::Get(verb) => verbs::get(data, &verb),
        Verb::Edit(verb) => verbs::edit(data, &verb),
        Verb::Diff => verbs::diff(data),
        Verb::Commit(verb) => verbs::commit(data, &verb),
        Verb::Discard => verbs::discard(data),
        Verb::Devices { output } => verbs::devices(data, output),
        Verb::Approvals { output } => approve::approvals(data, output),
        Verb::Approve(verb) => approve::approve(data, &verb),
        Verb::Log(verb) => verbs::log(data, &verb),
        Verb::Explain(verb) => verbs::explain(data, &verb),
        Verb::Yang(verb) => yang_verb::yang(&verb),
        Verb::Completion { shell } => {
            let mut command = Arguments::command();
            clap_complete::generate(shell, &mut command, "weft", &mut std::io::stdout());
            Ok(())
        }
    }
}
