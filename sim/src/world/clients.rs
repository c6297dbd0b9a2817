//! Clients: what they ask, and whether they are answered as it is due.

use intent::{Cause, Hash, Meta, Record};
use orchestrator::{Input, Reply, Ticket};
use vocab::Generation;

use crate::orders::{Order, Orders};
use crate::world::{Checked, Event, World, must_not};

/// A request on its way.
#[derive(Debug)]
pub(crate) struct Asked {
    is_preview: bool,
    expected: Option<Generation>,
    /// The newest generation when it was asked.
    base: Generation,
    /// Whether as many commits were on their way as may be.
    was_full: bool,
    /// What the edit leads to; `None` when it cannot be carried out.
    after: Option<Orders>,
    /// Its record, once there is one.
    record: Option<Hash>,
}

/// Of a hundred edits, those whose acceptance is judged by working out everything from nothing.
const JUDGED_PERCENT: u64 = 12;

impl World {
    pub(crate) fn client(&mut self) -> Checked {
        let pause = match self.random.clients.chance(30) {
            true => 0,
            false => self.random.clients.within(1, 60),
        };
        self.queue.after(pause, Event::Client);
        if self.controller.is_none() {
            return Ok(());
        }
        let known = self.reference.head().orders.clone();
        let random = &mut self.random.clients;
        let orders = self.network.orders(&known, self.mock_percent, random);
        let head = self.reference.head_generation();
        let expected = match self.random.clients.below(8) {
            0 => Some(head),
            1 => Some(Generation(self.random.clients.below(head.0 + 2))),
            _ => None,
        };
        let is_preview = self.random.clients.chance(15);
        self.ask(&orders, expected, is_preview).map(drop)
    }

    /// Sends a request. Returns its ticket.
    pub(crate) fn ask(
        &mut self,
        orders: &[Order],
        expected: Option<Generation>,
        is_preview: bool,
    ) -> Checked<u64> {
        self.next_ticket += 1;
        let number = self.next_ticket;
        let base = self.reference.head_generation();
        let pending = self.controller.as_ref().map_or(0, |c| c.pending_commits());
        let asked = Asked {
            is_preview,
            expected,
            base,
            was_full: pending >= self.limits.pending_commits_max,
            after: self.reference.head().orders.after(orders),
            record: None,
        };
        self.tickets.insert(number, asked);
        self.note(format_args!("client {number} on {base}: {}", told(orders, is_preview)));
        let edit = self.network.edit(orders);
        let ticket = Ticket(number);
        let input = match is_preview {
            true => Input::Preview { ticket, edit },
            false => {
                let meta = Meta {
                    author: "client".to_owned(),
                    comment: Some(number.to_string()),
                    time_unix_ms: self.now_unix_ms(),
                };
                Input::Edit { ticket, meta, edit, expected }
            }
        };
        self.handle(input)?;
        let is_open = self.tickets.get(&number).is_some_and(|asked| asked.record.is_none());
        if is_open {
            return must_not(format!("client {number} got neither an answer nor a record"));
        }
        Ok(number)
    }

    /// The machine made a record.
    pub(crate) fn append(&mut self, record: Record) -> Checked {
        let generation = record.generation;
        let mut orders = None;
        match &record.cause {
            Cause::Facts(facts) => {
                self.counts.learnt += 1;
                self.note(format_args!("append {generation}: facts of {}", facts.name));
            }
            Cause::Approval(approval) => {
                return must_not(format!("nobody decided on {}", approval.device));
            }
            Cause::Edit(_) => {
                let number = record.meta.comment.as_deref().and_then(|text| text.parse().ok());
                self.note(format_args!("append {generation}: client {number:?}"));
                orders = Some(self.admitted(&record, number.unwrap_or_default())?);
            }
        }
        self.reference.append(&record, orders).or_else(must_not)?;
        self.store(record);
        Ok(())
    }

    /// The edit of a client goes into the log: it had to.
    fn admitted(&mut self, record: &Record, number: u64) -> Checked<Orders> {
        let Some(asked) = self.tickets.get_mut(&number) else {
            return must_not(format!(
                "the edit of client {number}, who does not wait, is appended"
            ));
        };
        if asked.is_preview || asked.record.is_some() {
            return must_not(format!("client {number} asked for no (second) commit"));
        }
        if asked.expected.is_some_and(|expected| expected != asked.base) {
            return must_not(format!("client {number} expected another generation"));
        }
        if asked.was_full {
            return must_not(format!("client {number} was let in though the queue was full"));
        }
        asked.record = Some(record.hash());
        let Some(after) = asked.after.clone() else {
            return must_not(format!("the edit of client {number} does not fit the intent"));
        };
        if self.random.checks.chance(JUDGED_PERCENT) && !self.reference.would_be_fine(&after) {
            return must_not(format!("the edit of client {number} is wrong, and was accepted"));
        }
        Ok(after)
    }

    /// The machine answers.
    pub(crate) fn reply(&mut self, number: u64, reply: Reply) -> Checked {
        self.note(format_args!("reply {number}: {}", word(&reply)));
        let Some(asked) = self.tickets.remove(&number) else {
            return must_not(format!("client {number} is answered and did not wait"));
        };
        let is_durable = |hash| self.disk.records().iter().any(|record| record.hash() == hash);
        match reply {
            Reply::Committed(done) => {
                self.counts.committed += 1;
                let version = self.reference.version(done.generation);
                if asked.record.is_none() || version.map(|version| version.hash) != asked.record {
                    return must_not(format!("client {number} is told of another generation"));
                }
                if !asked.record.is_some_and(is_durable) {
                    return must_not(format!("client {number} is told before it is durable"));
                }
                Ok(())
            }
            Reply::NotDurable { .. } => {
                self.counts.not_durable += 1;
                let Some(hash) = asked.record else {
                    return must_not(format!("client {number} has no record to be lost"));
                };
                if is_durable(hash) {
                    return must_not(format!("client {number} is told no, and it is durable"));
                }
                self.denied.insert(hash);
                Ok(())
            }
            Reply::InDoubt { .. } => must_not(format!("client {number} is left in doubt")),
            _ if asked.record.is_some() => {
                must_not(format!("client {number} is refused, and there is a record"))
            }
            Reply::Preview(preview) => {
                self.counts.previews += 1;
                let fits = asked.is_preview && asked.after.is_some();
                match fits && preview.base == asked.base {
                    true => Ok(()),
                    false => must_not(format!("client {number} is shown what cannot be")),
                }
            }
            Reply::Stale { current } => {
                self.counts.turned_away += 1;
                let is_stale = asked.expected.is_some_and(|expected| expected != asked.base);
                match is_stale && current == asked.base {
                    true => Ok(()),
                    false => must_not(format!("client {number} expected the right generation")),
                }
            }
            Reply::Busy => {
                self.counts.turned_away += 1;
                match asked.was_full && !asked.is_preview {
                    true => Ok(()),
                    false => must_not(format!("client {number} is turned away with room left")),
                }
            }
            Reply::Decided(_) | Reply::NotAwaited { .. } => {
                must_not(format!("client {number} decided on nothing"))
            }
            Reply::Refused(refused) => self.refused(number, &asked, &refused.to_string()),
        }
    }

    fn refused(&mut self, number: u64, asked: &Asked, why: &str) -> Checked {
        self.counts.refused += 1;
        if why.contains("panicked") || why.contains("bug") {
            return must_not(format!("client {number}: {why}"));
        }
        let Some(after) = &asked.after else { return Ok(()) };
        let is_judged = self.random.checks.chance(JUDGED_PERCENT);
        if is_judged && !self.reference.changes_type(after) && self.reference.would_be_fine(after) {
            return must_not(format!(
                "the edit of client {number} is fine, and was refused: {why}"
            ));
        }
        Ok(())
    }
}

fn told(orders: &[Order], is_preview: bool) -> String {
    let mut text = if is_preview { "preview".to_owned() } else { "commit".to_owned() };
    for Order { verb, place, leaves } in orders {
        text += &format!(" {} {:?} {}", verb.name(), place.kind, place.keys.join("/"));
        text += &leaves.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
        text += ";";
    }
    text
}

fn word(reply: &Reply) -> String {
    match reply {
        Reply::Committed(done) => {
            format!("committed {}, devices {:?}", done.generation, done.devices)
        }
        Reply::Preview(preview) => format!("preview, {} devices", preview.devices.len()),
        Reply::Refused(refused) => format!("refused: {refused}"),
        Reply::Stale { current } => format!("stale, at {current}"),
        Reply::Decided(generation) => format!("decided, {generation}"),
        Reply::NotAwaited { .. } => "nothing like that waits".to_owned(),
        Reply::Busy => "busy".to_owned(),
        Reply::NotDurable { reason } => format!("not durable: {reason}"),
        Reply::InDoubt { reason } => format!("in doubt: {reason}"),
    }
}
