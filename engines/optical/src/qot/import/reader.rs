//! A place in a JSON document that knows its path and where faults go.

use std::cell::RefCell;

use serde_json::Value;

use crate::qot::Fault;

/// Most faults that one document is told of.
const FAULTS_MAX: usize = 1_000;

/// Where faults are gathered.
#[derive(Default)]
pub(super) struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    pub(super) fn add(&self, place: &str, reason: impl Into<String>) {
        let mut faults = self.0.borrow_mut();
        if faults.len() < FAULTS_MAX {
            faults.push(Fault::new(place, reason));
        }
    }

    pub(super) fn into_result<T>(self, value: Option<T>) -> Result<T, Vec<Fault>> {
        let faults = self.0.into_inner();
        match value {
            Some(value) if faults.is_empty() => Ok(value),
            _ => Err(faults),
        }
    }
}

/// A document as a value; nesting is limited by the parser.
pub(super) fn parse(name: &str, text: &str) -> Result<Value, Vec<Fault>> {
    serde_json::from_str(text).map_err(|error| vec![Fault::new(name, error.to_string())])
}

/// A value and its path.
#[derive(Clone)]
pub(super) struct Place<'a> {
    value: &'a Value,
    pub(super) path: String,
    pub(super) faults: &'a Faults,
}

impl<'a> Place<'a> {
    pub(super) fn new(value: &'a Value, path: &str, faults: &'a Faults) -> Self {
        Self { value, path: path.to_owned(), faults }
    }

    pub(super) fn fault(&self, reason: impl Into<String>) {
        self.faults.add(&self.path, reason);
    }

    /// A member; absent, null and the empty text are one.
    pub(super) fn member(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        let is_given = !value.is_null() && value.as_str() != Some("");
        is_given.then(|| Self { value, path: self.at(name), faults: self.faults })
    }

    fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }

    /// The entries of a list; a fault when it is something else.
    pub(super) fn entries(&self) -> Vec<Self> {
        let Some(list) = self.value.as_array() else {
            self.fault("is not a list");
            return Vec::new();
        };
        let entry = |(at, value): (usize, &'a Value)| Self {
            value,
            path: self.at(&at.to_string()),
            faults: self.faults,
        };
        list.iter().enumerate().map(entry).collect()
    }

    /// The entries of a member; none when it is absent.
    pub(super) fn list(&self, name: &str) -> Vec<Self> {
        self.member(name).map_or_else(Vec::new, |member| member.entries())
    }

    /// The members of an object, by name.
    pub(super) fn members(&self) -> Vec<(String, Self)> {
        let Some(object) = self.value.as_object() else {
            self.fault("is not an object");
            return Vec::new();
        };
        let place = |(name, value): (&String, &'a Value)| {
            (name.clone(), Self { value, path: self.at(name), faults: self.faults })
        };
        object.iter().map(place).collect()
    }

    pub(super) fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// This value as a number.
    pub(super) fn number(&self) -> Option<f64> {
        let number = self.value.as_f64().filter(|number| number.is_finite());
        if number.is_none() {
            self.fault("is not a number");
        }
        number
    }

    /// A member as a number; `None` when absent or no number, which is then a fault.
    pub(super) fn number_of(&self, name: &str) -> Option<f64> {
        self.member(name)?.number()
    }

    /// A member that must be there.
    pub(super) fn required(&self, name: &str) -> Option<f64> {
        let member = self.member(name);
        if member.is_none() {
            self.faults.add(&self.at(name), "is missing");
        }
        member?.number()
    }

    pub(super) fn number_or(&self, name: &str, default: f64) -> f64 {
        self.number_of(name).unwrap_or(default)
    }

    /// A member as text.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        let member = self.member(name)?;
        let text = member.value.as_str();
        if text.is_none() {
            member.fault("is not text");
        }
        text
    }

    pub(super) fn flag_or(&self, name: &str, default: bool) -> bool {
        let Some(member) = self.member(name) else { return default };
        member.value.as_bool().unwrap_or_else(|| {
            member.fault("is neither true nor false");
            default
        })
    }

    /// A member as a list of numbers.
    pub(super) fn numbers(&self, name: &str) -> Option<Vec<f64>> {
        let member = self.member(name)?;
        Some(member.entries().iter().filter_map(Self::number).collect())
    }

    /// A member as a list of texts.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<String>> {
        let member = self.member(name)?;
        let texts = member.entries();
        Some(texts.iter().filter_map(|t| Some(t.value.as_str()?.to_owned())).collect())
    }

    /// This value as a whole number.
    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        self.member(name)?.value.as_i64()
    }
}
