//! The substatement tables of RFC 7950 section 7, with the differences of RFC 6020.

use std::sync::LazyLock;

use crate::source::Keyword;

/// What may stand below a statement, as sets of [`Keyword::bit`].
#[derive(Clone, Copy, Default)]
pub(super) struct Substatements {
    pub(super) allowed: u128,
    /// At most once.
    pub(super) once: u128,
    pub(super) required: u128,
    /// Only since YANG 1.1.
    pub(super) since_1_1: u128,
    /// At most once in YANG 1.0, any number since.
    pub(super) once_in_1_0: u128,
    /// At least one of these.
    pub(super) one_of: u128,
}

/// The table row of a keyword.
pub(super) fn substatements(keyword: Keyword) -> &'static Substatements {
    &TABLE[keyword as usize]
}

static TABLE: LazyLock<Vec<Substatements>> =
    LazyLock::new(|| Keyword::ALL.iter().map(|keyword| parse_row(row(*keyword))).collect());

/// Names separated by blanks: plain = exactly one, `?` at most one, `*` any number, `+` at least
/// one; a leading `!` marks what YANG 1.0 lacks, `1` what it has at most once; `&` ends a name of
/// which at least one of several is needed.
fn row(keyword: Keyword) -> &'static str {
    use Keyword as K;
    match keyword {
        K::Module => {
            "yang-version? namespace prefix import* include* organization? contact? description? \
             reference? revision* extension* feature* identity* typedef* grouping* container* \
             leaf* leaf-list* list* choice* !anydata* anyxml* uses* augment* rpc* notification* \
             deviation*"
        }
        K::Submodule => {
            "yang-version? belongs-to import* include* organization? contact? description? \
             reference? revision* extension* feature* identity* typedef* grouping* container* \
             leaf* leaf-list* list* choice* !anydata* anyxml* uses* augment* rpc* notification* \
             deviation*"
        }
        K::Import | K::Include => import_row(keyword),
        K::BelongsTo => "prefix",
        K::Revision => "description? reference?",
        K::ExtensionDefinition => "argument? status? description? reference?",
        K::Argument => "yin-element?",
        K::Feature => "if-feature* status? description? reference?",
        K::Identity => "!if-feature* 1base* status? description? reference?",
        K::Typedef => "type units? default? status? description? reference?",
        K::Type => {
            "1base* bit* enum* fraction-digits? length? path? pattern* range? \
             require-instance? type*"
        }
        K::Range | K::Length => "error-message? error-app-tag? description? reference?",
        K::Pattern => "!modifier? error-message? error-app-tag? description? reference?",
        K::Enum => "!if-feature* value? status? description? reference?",
        K::Bit => "!if-feature* position? status? description? reference?",
        K::Must => "error-message? error-app-tag? description? reference?",
        K::When => "description? reference?",
        _ => node_row(keyword),
    }
}

fn import_row(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::Import => "prefix revision-date? !description? !reference?",
        _ => "revision-date? !description? !reference?",
    }
}

fn node_row(keyword: Keyword) -> &'static str {
    use Keyword as K;
    match keyword {
        K::Grouping => {
            "status? description? reference? typedef* grouping* container* leaf* leaf-list* list* \
             choice* !anydata* anyxml* uses* !action* !notification*"
        }
        K::Container => {
            "when? if-feature* must* presence? config? status? description? reference? typedef* \
             grouping* container* leaf* leaf-list* list* choice* !anydata* anyxml* uses* !action* \
             !notification*"
        }
        K::Leaf => {
            "when? if-feature* type units? must* default? config? mandatory? status? \
             description? reference?"
        }
        K::LeafList => {
            "when? if-feature* type units? must* !default* config? min-elements? max-elements? \
             ordered-by? status? description? reference?"
        }
        K::List => {
            "when? if-feature* must* key? unique* config? min-elements? max-elements? \
             ordered-by? status? description? reference? typedef* grouping* container* leaf* \
             leaf-list* list* choice* !anydata* anyxml* uses* !action* !notification*"
        }
        K::Choice => {
            "when? if-feature* default? config? mandatory? status? description? reference? case* \
             container* leaf* leaf-list* list* !choice* !anydata* anyxml*"
        }
        K::Case => {
            "when? if-feature* status? description? reference? container* leaf* leaf-list* list* \
             choice* !anydata* anyxml* uses*"
        }
        K::AnyData | K::AnyXml => {
            "when? if-feature* must* config? mandatory? status? description? reference?"
        }
        K::Uses => "when? if-feature* status? description? reference? refine* augment*",
        K::Refine => {
            "!if-feature* must* presence? 1default* config? mandatory? min-elements? \
             max-elements? description? reference?"
        }
        K::Augment => {
            "when? if-feature* status? description? reference? case*& container*& leaf*& \
             leaf-list*& list*& choice*& !anydata*& anyxml*& uses*& !action*& !notification*&"
        }
        K::Rpc | K::Action => {
            "if-feature* status? description? reference? typedef* grouping* input? output?"
        }
        K::Input | K::Output => {
            "!must* typedef* grouping* container*& leaf*& leaf-list*& list*& choice*& !anydata*& \
             anyxml*& uses*&"
        }
        K::Notification => {
            "if-feature* !must* status? description? reference? typedef* grouping* container* \
             leaf* leaf-list* list* choice* !anydata* anyxml* uses*"
        }
        K::Deviation => "description? reference? deviate+",
        K::Deviate => {
            "type? units? must* unique* 1default* config? mandatory? min-elements? max-elements?"
        }
        _ => "",
    }
}

fn parse_row(row: &str) -> Substatements {
    let mut result = Substatements::default();
    for word in row.split_whitespace() {
        let since_1_1 = word.starts_with('!');
        let once_in_1_0 = word.starts_with('1');
        let name = word.trim_start_matches(['!', '1']);
        let one_of = name.ends_with('&');
        let name = name.trim_end_matches('&');
        let bare = name.trim_end_matches(['?', '*', '+']);
        let bit = Keyword::named(bare).map_or(0, Keyword::bit);
        result.allowed |= bit;
        match name.as_bytes().last() {
            Some(b'?') => result.once |= bit,
            Some(b'*') => {}
            Some(b'+') => result.required |= bit,
            _ => {
                result.once |= bit;
                result.required |= bit;
            }
        }
        let set = |set: &mut u128, on: bool| *set |= if on { bit } else { 0 };
        set(&mut result.since_1_1, since_1_1);
        set(&mut result.once_in_1_0, once_in_1_0);
        set(&mut result.one_of, one_of);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_tables_is_a_keyword() {
        for keyword in Keyword::ALL {
            for word in row(*keyword).split_whitespace() {
                let name = word.trim_matches(['!', '1', '?', '*', '+', '&']);
                assert!(Keyword::named(name).is_some(), "{name} below {}", keyword.name());
            }
        }
    }
}
