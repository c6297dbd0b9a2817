//! What each kind of `deviate` does to one property (RFC 7950 7.20.3.2).

use super::expand::Expansion;
use super::node::Extra;
use crate::lenient::Quirk;
use crate::schema::NodeKind;
use crate::source::{Keyword, Statement};
use crate::status::own_status;

impl<'c> Expansion<'_, 'c> {
    pub(super) fn add_property(&mut self, property: Statement<'c>, target: u32) {
        let keyword = property.kind();
        if keyword == Keyword::Type {
            return self.misplaced(property, "add");
        }
        if !self.suits(property, target) {
            return;
        }
        let many = matches!(keyword, Keyword::Must | Keyword::Unique)
            || (keyword == Keyword::Default && self.tree.at(target).kind == NodeKind::LeafList);
        if !many && self.has(keyword, target) {
            let message = format!(
                "the node has a \"{}\" already: use \"deviate replace\"",
                property.keyword()
            );
            self.mismatch(property, message);
            self.clear(keyword, target);
        }
        self.property(property, target);
    }

    pub(super) fn replace_property(&mut self, property: Statement<'c>, target: u32) {
        let keyword = property.kind();
        if matches!(keyword, Keyword::Must | Keyword::Unique) {
            return self.misplaced(property, "replace");
        }
        if !self.suits(property, target) {
            return;
        }
        // What has a default of its own (RFC 7950 7.21.1, 7.6.5, 7.7.5) is always there.
        let implied = matches!(
            keyword,
            Keyword::Config | Keyword::Mandatory | Keyword::MinElements | Keyword::MaxElements
        );
        if !implied && !self.has(keyword, target) {
            let message = format!("the node has no \"{}\" to replace", property.keyword());
            self.mismatch(property, message);
        }
        self.clear(keyword, target);
        if keyword == Keyword::Type {
            self.replace_type(property, target);
        } else {
            self.property(property, target);
        }
    }

    fn replace_type(&mut self, type_: Statement<'c>, target: u32) {
        let status = self.tree.at(target).statement.map(own_status);
        let scope = self.type_scope();
        let status = status.unwrap_or(crate::schema::Status::Current);
        self.tree.at_mut(target).type_ = self.types.of(scope, type_, status);
    }

    pub(super) fn delete_property(&mut self, property: Statement<'c>, target: u32) {
        let keyword = property.kind();
        let deletable =
            matches!(keyword, Keyword::Units | Keyword::Must | Keyword::Unique | Keyword::Default);
        if !deletable {
            return self.misplaced(property, "delete");
        }
        let removed = self.remove_equal(property, target);
        if !removed {
            let message = format!("the node has no \"{}\" of this text", property.keyword());
            self.mismatch(property, message);
            // Where leniency lets it pass, a single property is what is meant.
            if matches!(keyword, Keyword::Units | Keyword::Default) {
                self.clear(keyword, target);
            }
        }
    }

    fn remove_equal(&mut self, property: Statement<'c>, target: u32) -> bool {
        let Some(extra) = self.tree.at_mut(target).extra.as_deref_mut() else { return false };
        let text = property.arg();
        let list = match property.kind() {
            Keyword::Must => &mut extra.musts,
            Keyword::Unique => &mut extra.uniques,
            Keyword::Default => &mut extra.defaults,
            _ => {
                let equal = extra.units.is_some_and(|units| units.arg() == text);
                if equal {
                    extra.units = None;
                }
                return equal;
            }
        };
        let same = |other: &Statement<'c>| same_text(other.arg(), text);
        let position = list.iter().position(same);
        position.map(|position| list.remove(position)).is_some()
    }

    fn suits(&self, property: Statement<'c>, target: u32) -> bool {
        use NodeKind as N;
        let kind = self.tree.at(target).kind;
        let suits = match property.kind() {
            Keyword::Type | Keyword::Units => matches!(kind, N::Leaf | N::LeafList),
            Keyword::Default => matches!(kind, N::Leaf | N::LeafList | N::Choice),
            Keyword::Unique => kind == N::List,
            Keyword::Mandatory => {
                matches!(kind, N::Leaf | N::Choice | N::AnyData | N::AnyXml)
            }
            Keyword::MinElements | Keyword::MaxElements => {
                matches!(kind, N::LeafList | N::List)
            }
            Keyword::Must => {
                kind.is_data() || matches!(kind, N::Notification | N::Input | N::Output)
            }
            Keyword::Config => kind.is_data() || kind == N::Choice,
            _ => true,
        };
        if !suits {
            let message = format!("a {} has no \"{}\"", kind.keyword(), property.keyword());
            self.mismatch(property, message);
        }
        suits
    }

    fn has(&self, keyword: Keyword, target: u32) -> bool {
        let node = self.tree.at(target);
        let extra = node.extra.as_deref();
        let some = |has: fn(&Extra<'c>) -> bool| extra.is_some_and(has);
        match keyword {
            Keyword::Type => true,
            Keyword::Config => node.config.is_some(),
            Keyword::Mandatory => node.mandatory.is_some(),
            Keyword::Default => some(|extra| !extra.defaults.is_empty()),
            Keyword::Units => some(|extra| extra.units.is_some()),
            Keyword::MinElements => some(|extra| extra.min.is_some()),
            Keyword::MaxElements => some(|extra| extra.max.is_some()),
            _ => false,
        }
    }

    fn clear(&mut self, keyword: Keyword, target: u32) {
        let Some(extra) = self.tree.at_mut(target).extra.as_deref_mut() else { return };
        match keyword {
            Keyword::Default => extra.defaults.clear(),
            Keyword::Units => extra.units = None,
            _ => {}
        }
    }

    fn misplaced(&self, property: Statement<'c>, deviate: &str) {
        let message = format!("\"{}\" below \"deviate {deviate}\"", property.keyword());
        self.linked.report.quirk(Quirk::MisplacedStatement, property, message);
    }

    fn mismatch(&self, property: Statement<'c>, message: String) {
        self.linked.report.quirk(Quirk::DeviationMismatch, property, message);
    }
}

/// Equal but for white space, which the formatting of a long expression changes.
fn same_text(a: &str, b: &str) -> bool {
    a == b || a.split_whitespace().eq(b.split_whitespace())
}
