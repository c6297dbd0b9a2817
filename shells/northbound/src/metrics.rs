//! Counters, and their report in the text form of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::reply;

/// Upper bounds of the histogram of commits, in microseconds.
const BOUNDS_US: [u64; 14] = [
    500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
    2_000_000, 5_000_000, 10_000_000,
];

/// What became of writes that were not committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    /// The intent or its models or transforms said no.
    Refused,
    /// The client had looked at another generation.
    Stale,
    /// Too much waits for the disk.
    Busy,
    /// The disk said no.
    NotDurable,
}

const MISSES: [(Miss, &str); 4] = [
    (Miss::Refused, "refused"),
    (Miss::Stale, "stale"),
    (Miss::Busy, "busy"),
    (Miss::NotDurable, "not_durable"),
];

/// Statuses of HTTP: 100 to 599.
const STATUSES: usize = 500;

#[derive(Debug)]
struct Replies([AtomicU64; STATUSES]);

impl Default for Replies {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; STATUSES])
    }
}

/// All counters of the listener. They only grow.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    commits: AtomicU64,
    dry_runs: AtomicU64,
    misses: [AtomicU64; MISSES.len()],
    /// By status, from 100 on.
    replies: Replies,
    latency: [AtomicU64; BOUNDS_US.len()],
    latency_sum_us: AtomicU64,
}

impl Metrics {
    /// A commit was durable after so long.
    pub(crate) fn count_commit(&self, latency: Duration) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        let us = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.latency_sum_us.fetch_add(us, Ordering::Relaxed);
        if let Some(at) = BOUNDS_US.iter().position(|bound| us <= *bound) {
            self.latency[at].fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn count_dry_run(&self) {
        self.dry_runs.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_miss(&self, miss: Miss) {
        for (at, _) in MISSES.iter().enumerate().filter(|(_, (known, _))| *known == miss) {
            self.misses[at].fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn count_reply(&self, status: u16) {
        if let Some(counter) = self.replies.0.get(usize::from(status).wrapping_sub(100)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn write(&self, out: &mut String) {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        head(out, "weft_commits_total", "counter", "Commits made through this listener.");
        line(out, "weft_commits_total", "", of(&self.commits));
        head(out, "weft_dry_runs_total", "counter", "Dry runs.");
        line(out, "weft_dry_runs_total", "", of(&self.dry_runs));
        head(out, "weft_commits_missed_total", "counter", "Writes that were not committed.");
        for ((_, word), counter) in MISSES.iter().zip(&self.misses) {
            line(out, "weft_commits_missed_total", &format!("reason=\"{word}\""), of(counter));
        }
        head(out, "weft_http_replies_total", "counter", "Replies by status.");
        let counted = (100..).zip(&self.replies.0).map(|(status, counter)| (status, of(counter)));
        for (status, count) in counted.filter(|(_, count)| *count > 0) {
            line(out, "weft_http_replies_total", &format!("status=\"{status}\""), count);
        }
        self.write_latency(out);
    }

    fn write_latency(&self, out: &mut String) {
        let name = "weft_commit_duration_seconds";
        head(out, name, "histogram", "From the request to the durable commit.");
        let mut below = 0;
        for (bound, counter) in BOUNDS_US.iter().zip(&self.latency) {
            below += counter.load(Ordering::Relaxed);
            let label = format!("le=\"{}\"", seconds(*bound));
            line(out, &format!("{name}_bucket"), &label, below);
        }
        // Read last, so that no bucket is larger than the whole.
        let count = self.commits.load(Ordering::Relaxed).max(below);
        line(out, &format!("{name}_bucket"), "le=\"+Inf\"", count);
        let sum = seconds(self.latency_sum_us.load(Ordering::Relaxed));
        line(out, &format!("{name}_sum"), "", sum);
        line(out, &format!("{name}_count"), "", count);
    }
}

pub(crate) async fn report(State(app): State<Arc<App>>) -> Response {
    let mut out = String::new();
    let view = app.view();
    head(&mut out, "weft_generation", "gauge", "The newest durable generation.");
    line(&mut out, "weft_generation", "", view.head.generation);
    let mut by_status: BTreeMap<&str, u64> =
        ["awaiting-approval", "disconnected", "drifted", "in-sync", "pending", "rejected"]
            .map(|word| (word, 0))
            .into();
    for device in view.devices.iter() {
        *by_status.entry(device.status.word()).or_default() += 1;
    }
    head(&mut out, "weft_devices", "gauge", "Devices by status.");
    for (status, count) in by_status {
        line(&mut out, "weft_devices", &format!("status=\"{status}\""), count);
    }
    let instances = view.head.state.instance_count();
    head(&mut out, "weft_transform_instances", "gauge", "Transform instances in all layers.");
    line(&mut out, "weft_transform_instances", "", instances);
    app.metrics.write(&mut out);
    if let Some(log) = app.config.log.metrics() {
        write_log(&mut out, &log);
    }
    reply::full(200, "text/plain; version=0.0.4; charset=utf-8", out)
}

/// What the writer of the commit log has done.
fn write_log(out: &mut String, log: &storage::Metrics) {
    let counters = [
        ("writes", log.writes, "Writes that became durable."),
        ("records", log.records, "Records that became durable."),
        ("bytes", log.bytes, "Bytes of the durable writes, about."),
        ("batches", log.batches, "Transactions, each one flush."),
        ("batches_failed", log.batches_failed, "Transactions that failed with all their writes."),
        ("writes_refused", log.writes_refused, "Writes out of turn."),
        ("writes_failed", log.writes_failed, "Writes that failed with their transaction."),
        ("writes_busy", log.writes_busy, "Writes turned away by a full queue."),
        ("checkpoints", log.checkpoints, "Times the log was moved to its place."),
        ("checkpoints_failed", log.checkpoints_failed, "Times that failed."),
    ];
    for (name, value, help) in counters {
        let name = format!("weft_log_{name}_total");
        head(out, &name, "counter", help);
        line(out, &name, "", value);
    }
    let gauges = [
        ("batch_writes_max", log.batch_writes_max, "The most writes that shared a transaction."),
        ("queue_writes", log.queue_writes, "Writes in the queue now."),
        ("queue_writes_max", log.queue_writes_max, "The most writes that were in the queue."),
    ];
    for (name, value, help) in gauges {
        let name = format!("weft_log_{name}");
        head(out, &name, "gauge", help);
        line(out, &name, "", value);
    }
    write_duration(out, "flush", &log.commit, "Time of each transaction, flush included.");
    write_duration(out, "snapshot", &log.snapshot, "Time of each snapshot, flushes included.");
}

fn write_duration(out: &mut String, what: &str, latency: &storage::Latency, help: &str) {
    let name = format!("weft_log_{what}_duration_seconds");
    head(out, &name, "histogram", help);
    let mut buckets: Vec<(Duration, u64)> = latency.buckets().collect();
    // The last one holds whatever took longer.
    buckets.pop();
    let mut below = 0;
    for (bound, count) in buckets {
        below += count;
        let label = format!("le=\"{}\"", bound.as_secs_f64());
        line(out, &format!("{name}_bucket"), &label, below);
    }
    line(out, &format!("{name}_bucket"), "le=\"+Inf\"", latency.count);
    line(out, &format!("{name}_sum"), "", latency.total.as_secs_f64());
    line(out, &format!("{name}_count"), "", latency.count);
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(out: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    // Writing to a string never fails.
    let _ = writeln!(out, "{name}{labels} {value}");
}

fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}
