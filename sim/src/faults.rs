//! Which faults a run has, and how often.

use crate::random::Random;

/// Chances in percent. Each run has some kinds of fault and lacks others, so that what one kind
/// covers up is seen in a run without it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// A flush fails.
    pub(crate) flush: u64,
    /// A flush is slow.
    pub(crate) slow_flush: u64,
    /// The outcome of a record is told twice.
    pub(crate) outcome_twice: u64,
    /// Of several records written at once the last one is told only.
    pub(crate) outcome_once: u64,
    /// Power goes, of the events between clients.
    pub(crate) power: u64,
    /// A report of a device is lost, comes twice, comes late.
    pub(crate) report_lost: u64,
    pub(crate) report_twice: u64,
    pub(crate) report_late: u64,
    /// A device cannot be reached.
    pub(crate) unreachable: u64,
    /// A device refuses a change.
    pub(crate) refusal: u64,
    /// A session breaks during a change.
    pub(crate) broken: u64,
    /// A device says that it holds what it does not.
    pub(crate) lie: u64,
    /// Things that happen to devices unasked, of the events between clients.
    pub(crate) cut: u64,
    pub(crate) drift: u64,
    pub(crate) upgrade: u64,
}

impl Faults {
    pub(crate) fn of(random: &mut Random) -> Self {
        let mut some = |percent_max: u64| match random.chance(50) {
            true => random.within(1, percent_max),
            false => 0,
        };
        let faults = Self {
            flush: some(25),
            slow_flush: some(40),
            outcome_twice: some(20),
            outcome_once: some(60),
            power: some(6),
            report_lost: some(10) / 2,
            report_twice: some(10) / 2,
            report_late: some(10) / 2,
            unreachable: some(30),
            refusal: some(20),
            broken: some(20),
            lie: some(10),
            cut: some(20),
            drift: some(20),
            upgrade: some(15),
        };
        // Where reports are spoilt less can be said of what has to come of them.
        match random.chance(40) {
            true => faults,
            false => Self { report_lost: 0, report_twice: 0, report_late: 0, ..faults },
        }
    }

    /// Whether what devices report may not arrive as it was said.
    pub(crate) fn spoil_reports(&self) -> bool {
        self.report_lost + self.report_twice + self.report_late > 0
    }
}
