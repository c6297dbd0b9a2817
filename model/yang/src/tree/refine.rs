//! `refine` (RFC 7950 7.13.2).

use super::expand::Expansion;
use crate::lenient::Quirk;
use crate::schema::NodeKind;
use crate::source::{Keyword, Statement};

impl<'c> Expansion<'_, 'c> {
    pub(super) fn refine(&mut self, refine: Statement<'c>, target: u32) {
        let kind = self.tree.at(target).kind;
        let mut fresh_defaults = true;
        for property in refine.substatements() {
            if !suits(kind, property.kind()) {
                let message =
                    format!("{} has no \"{}\" to refine", kind.keyword(), property.keyword());
                self.linked.report.quirk(Quirk::RefineMismatch, property, message);
                continue;
            }
            match property.kind() {
                Keyword::Description => {
                    self.tree.at_mut(target).extra_mut().description = Some(property);
                }
                Keyword::Reference => {
                    self.tree.at_mut(target).extra_mut().reference = Some(property);
                }
                Keyword::IfFeature => {
                    let enabled = self.linked.is_enabled(refine);
                    self.tree.at_mut(target).disabled |= !enabled;
                }
                Keyword::Default => {
                    if std::mem::take(&mut fresh_defaults) {
                        self.tree.at_mut(target).extra_mut().defaults.clear();
                    }
                    self.property(property, target);
                }
                _ => self.property(property, target),
            }
        }
    }
}

/// Whether a node of this kind can have the property.
fn suits(kind: NodeKind, property: Keyword) -> bool {
    use NodeKind as N;
    match property {
        Keyword::Default => matches!(kind, N::Leaf | N::LeafList | N::Choice),
        Keyword::Config => kind.is_data() || kind == N::Choice,
        Keyword::Mandatory => {
            matches!(kind, N::Leaf | N::Choice | N::AnyData | N::AnyXml)
        }
        Keyword::Presence => kind == N::Container,
        Keyword::Must => kind.is_data() || matches!(kind, N::Notification),
        Keyword::MinElements | Keyword::MaxElements => matches!(kind, N::LeafList | N::List),
        _ => true,
    }
}
