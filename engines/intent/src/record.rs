//! Records of the commit log.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};
use vocab::{DeviceFacts, DeviceName, Generation, ModuleFacts};

/// Hash of a record, and of all before it: SHA-256.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

/// Who made a commit, when and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// The authenticated author.
    pub author: String,
    /// What the author says about it.
    pub comment: Option<String>,
    /// Milliseconds since 1970-01-01 00:00 UTC, by the clock of the controller.
    pub time_unix_ms: u64,
}

/// What a commit does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An edit of intent: an edit document in XML (RFC 6241, section 7.2) of layer 0.
    Edit(String),
    /// A device announced its modules.
    Facts(DeviceFacts),
    /// The author of the record decided on a change of a device that waited for approval.
    Approval(Approval),
}

/// A decision on one change of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The device.
    pub device: DeviceName,
    /// The generation whose target it is about.
    pub target: Generation,
    /// Names the running configuration that the shown difference was computed on.
    pub device_txid: String,
    /// Whether the change may be made; otherwise it must not.
    pub is_approved: bool,
}

/// One commit as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The generation that the commit makes.
    pub generation: Generation,
    /// Hash of the record before; zero for the first.
    pub parent: Hash,
    /// Who, when and why.
    pub meta: Meta,
    /// What.
    pub cause: Cause,
}

/// A payload that is no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payload of generation {generation} is not a record: {message}")]
pub struct RecordError {
    /// The generation it stands under.
    pub generation: Generation,
    /// What is wrong.
    pub message: String,
}

/// What the hash of every record starts with.
const HASH_DOMAIN: &[u8] = b"weft commit record 1\0";
/// First byte of the payload of an edit.
const EDIT: u8 = b'E';
/// First byte of the payload of facts.
const FACTS: u8 = b'F';
/// First byte of the payload of an approval.
const APPROVAL: u8 = b'A';
/// How an approval says yes, and no.
const VERDICTS: [(&str, bool); 2] = [("approved", true), ("rejected", false)];

impl Record {
    /// The payload that the log keeps: a byte for the kind, then the edit's text, the facts as
    /// lines of tab-separated fields, or the approval as one such line.
    pub fn payload(&self) -> Vec<u8> {
        match &self.cause {
            Cause::Edit(text) => [&[EDIT], text.as_bytes()].concat(),
            Cause::Facts(facts) => [&[FACTS], facts_text(facts).as_bytes()].concat(),
            Cause::Approval(approval) => [&[APPROVAL], approval_text(approval).as_bytes()].concat(),
        }
    }

    /// The cause behind a payload.
    ///
    /// # Errors
    /// When the payload was not made by [`Record::payload`].
    pub fn cause_of(generation: Generation, payload: &[u8]) -> Result<Cause, RecordError> {
        let error = |message: &str| RecordError { generation, message: message.to_owned() };
        let (kind, text) = payload.split_first().ok_or_else(|| error("it is empty"))?;
        let text = std::str::from_utf8(text).map_err(|_| error("its text is not UTF-8"))?;
        match *kind {
            EDIT => Ok(Cause::Edit(text.to_owned())),
            FACTS => facts(text).map(Cause::Facts).ok_or_else(|| error("its facts are cut")),
            APPROVAL => {
                approval(text).map(Cause::Approval).ok_or_else(|| error("its approval is cut"))
            }
            _ => Err(error("its kind is not known to this version")),
        }
    }

    /// The hash over the record and, by its parent, all before it: SHA-256 over a fixed prefix,
    /// the parent, the generation, the time, and then author, comment and payload, each behind
    /// its length; no comment is one zero byte, a comment a one byte and the text.
    ///
    /// The log computes the same when it checks its chain.
    pub fn hash(&self) -> Hash {
        let mut digest = Sha256::new();
        digest.update(HASH_DOMAIN);
        digest.update(self.parent.0);
        digest.update(self.generation.0.to_be_bytes());
        digest.update(self.meta.time_unix_ms.to_be_bytes());
        let mut with_length = |bytes: &[u8], mark: &[u8]| {
            digest.update(mark);
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        };
        with_length(self.meta.author.as_bytes(), &[]);
        match &self.meta.comment {
            Some(comment) => with_length(comment.as_bytes(), &[1]),
            None => digest.update([0]),
        }
        let payload = self.payload();
        digest.update((payload.len() as u64).to_be_bytes());
        digest.update(payload);
        Hash(digest.finalize().into())
    }
}

fn approval_text(approval: &Approval) -> String {
    let Approval { device, target, device_txid, is_approved } = approval;
    let verdict = VERDICTS.iter().find(|(_, yes)| yes == is_approved).map_or("", |(word, _)| word);
    format!("{device}\t{target}\t{device_txid}\t{verdict}\n")
}

fn approval(text: &str) -> Option<Approval> {
    let mut fields = text.strip_suffix('\n')?.split('\t');
    let device = DeviceName::new(fields.next()?);
    let target = Generation(fields.next()?.parse().ok()?);
    let device_txid = fields.next()?.to_owned();
    let verdict = fields.next()?;
    let is_approved = VERDICTS.iter().find(|(word, _)| *word == verdict)?.1;
    let whole = Approval { device, target, device_txid, is_approved };
    fields.next().is_none().then_some(whole)
}

fn facts_text(facts: &DeviceFacts) -> String {
    let mut text = format!("{}\t{}\n", facts.name, facts.device_type);
    for (name, module) in &facts.modules {
        let revision = module.revision.as_deref().unwrap_or_default();
        text += &format!("{name}\t{}\t{revision}", module.namespace);
        for feature in &module.features {
            text += "\t";
            text += feature;
        }
        text += "\n";
    }
    text
}

fn facts(text: &str) -> Option<DeviceFacts> {
    // Not `lines`, which would take a carriage return at the end of a field for part of the end.
    let mut lines = text.split_terminator('\n');
    let (name, device_type) = lines.next()?.split_once('\t')?;
    let mut modules = BTreeMap::new();
    for line in lines {
        let mut fields = line.split('\t');
        let module = fields.next()?.to_owned();
        let namespace = fields.next()?.to_owned();
        let revision = fields.next().filter(|text| !text.is_empty()).map(str::to_owned);
        let features = fields.map(str::to_owned).collect();
        modules.insert(module, ModuleFacts { namespace, revision, features });
    }
    let device_type = device_type.to_owned();
    Some(DeviceFacts { name: DeviceName::new(name), device_type, modules })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(cause: Cause) -> Record {
        let meta = Meta { author: "ada".into(), comment: None, time_unix_ms: 7 };
        Record { generation: Generation(3), parent: Hash([1; 32]), meta, cause }
    }

    fn some_facts() -> DeviceFacts {
        let module = ModuleFacts {
            namespace: "urn:x".into(),
            revision: None,
            features: vec!["one".into(), "two\r".into()],
        };
        let modules = BTreeMap::from([("x".to_owned(), module)]);
        DeviceFacts { name: DeviceName::new("r1"), device_type: "ietf".into(), modules }
    }

    fn some_approval(is_approved: bool) -> Approval {
        let device_txid = "00ff".to_owned();
        let device = DeviceName::new("r 1");
        Approval { device, target: Generation(2), device_txid, is_approved }
    }

    #[test]
    fn payloads_come_back() {
        let causes = [
            Cause::Edit("<config/>".into()),
            Cause::Facts(some_facts()),
            Cause::Approval(some_approval(true)),
            Cause::Approval(some_approval(false)),
        ];
        for cause in causes {
            let record = record(cause);
            let back = Record::cause_of(record.generation, &record.payload());
            assert_eq!(back, Ok(record.cause));
        }
    }

    #[test]
    fn foreign_payloads_are_refused() {
        for payload in [
            &b""[..],
            b"?",
            b"F",
            b"Fname only\n",
            b"E\xff",
            b"Ar1\t2\tx\n",
            b"Ar1\t2\tx\tmaybe\n",
            b"Ar1\t-2\tx\tapproved\n",
            b"Ar1\t2\tx\tapproved",
            b"Ar1\t2\tx\tapproved\ty\n",
        ] {
            let refused = Record::cause_of(Generation(9), payload);
            assert!(refused.is_err_and(|error| error.generation == Generation(9)), "{payload:?}");
        }
    }

    #[test]
    fn the_hash_covers_every_field() {
        let base = record(Cause::Edit("a".into()));
        let mut others = vec![base.clone(); 5];
        others[0].generation = Generation(4);
        others[1].parent = Hash([2; 32]);
        others[2].meta.author = "bob".into();
        others[3].meta.comment = Some("why".into());
        others[4].cause = Cause::Edit("b".into());
        assert!(others.iter().all(|other| other.hash() != base.hash()));
        assert_eq!(base.clone().hash(), base.hash());
    }
}
