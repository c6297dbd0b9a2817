//! A patch from JSON.

use serde_json::{Map, Value as Json};

use super::{Operation, Patch, PatchEdit, Value, bad};
use crate::problem::Problem;
use crate::query::Insert;

pub(super) fn parse(text: &str) -> Result<Patch, Vec<Problem>> {
    let document: Json = serde_json::from_str(text).map_err(|error| {
        vec![Problem::protocol(400, "malformed-message", format!("no JSON: {error}"))]
    })?;
    let name = "ietf-yang-patch:yang-patch";
    let Some(Json::Object(patch)) = document.get(name) else {
        return Err(vec![bad(format!("a member '{name}' is missing"))]);
    };
    let mut problems = Vec::new();
    let mut reader = Reader { problems: &mut problems };
    let id = reader.text(patch, "patch-id", "the patch", true);
    let comment = reader.text(patch, "comment", "the patch", false);
    reader.known(patch, "the patch", &["patch-id", "comment", "edit"]);
    let edits = match patch.get("edit") {
        None => Vec::new(),
        Some(Json::Array(edits)) => edits.iter().filter_map(|edit| reader.edit(edit)).collect(),
        Some(_) => {
            reader.problems.push(bad("'edit' must be an array"));
            Vec::new()
        }
    };
    if problems.is_empty() {
        Ok(Patch { id: id.unwrap_or_default(), comment, edits })
    } else {
        Err(problems)
    }
}

struct Reader<'a> {
    problems: &'a mut Vec<Problem>,
}

const EDIT_MEMBERS: [&str; 6] = ["edit-id", "operation", "target", "point", "where", "value"];

impl Reader<'_> {
    fn edit(&mut self, edit: &Json) -> Option<PatchEdit> {
        let Json::Object(edit) = edit else {
            self.problems.push(bad("each 'edit' must be an object"));
            return None;
        };
        let id = self.text(edit, "edit-id", "an edit", true)?;
        let who = format!("edit '{id}'");
        self.known(edit, &who, &EDIT_MEMBERS);
        let operation = self.text(edit, "operation", &who, true)?;
        let target = self.text(edit, "target", &who, true)?;
        let point = self.text(edit, "point", &who, false);
        let insert = self.text(edit, "where", &who, false);
        let operation = self.named(&who, &operation, Operation::named(&operation))?;
        let insert = match insert {
            None => None,
            Some(word) => Some(self.named(&who, &word, Insert::named(&word))?),
        };
        let value = edit.get("value").map(|value| Value::Json(value.to_string()));
        Some(PatchEdit { id, operation, target, insert, point, value })
    }

    fn named<T>(&mut self, who: &str, word: &str, named: Option<T>) -> Option<T> {
        if named.is_none() {
            self.problems.push(bad(format!("{who}: '{word}' is not known")));
        }
        named
    }

    fn text(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        who: &str,
        is_needed: bool,
    ) -> Option<String> {
        match object.get(name) {
            Some(Json::String(text)) => return Some(text.clone()),
            None if !is_needed => {}
            None => self.problems.push(bad(format!("{who}: '{name}' is missing"))),
            Some(_) => self.problems.push(bad(format!("{who}: '{name}' must be a string"))),
        }
        None
    }

    fn known(&mut self, object: &Map<String, Json>, who: &str, names: &[&str]) {
        for name in object.keys().filter(|name| !names.contains(&name.as_str())) {
            let problem = Problem::application("unknown-element", format!("{who}: '{name}'?"));
            self.problems.push(problem);
        }
    }
}
