//! `deviation` (RFC 7950 7.20.3).

use super::augment::{Target, missing_message};
use super::expand::{Expansion, implemented_roots};
use crate::lenient::Quirk;
use crate::schema::ModuleId;
use crate::source::{Keyword, Statement};

/// Applies the deviations of all implemented modules, after all augments. Returns pairs of a
/// module and one that deviates it.
pub(crate) fn apply_deviations(expansion: &mut Expansion<'_, '_>) -> Vec<(ModuleId, ModuleId)> {
    let deviations: Vec<_> = implemented_roots(expansion.linked)
        .flat_map(|(module, root)| root.all(Keyword::Deviation).map(move |it| (module, it)))
        .collect();
    let mut pairs = Vec::new();
    for (module, deviation) in deviations {
        match expansion.target(deviation) {
            Target::Node(target) => {
                pairs.push((expansion.tree.at(target).module, module));
                expansion.deviation(deviation, target);
            }
            Target::Missing(name) => {
                let message = missing_message(deviation, &name);
                let report = expansion.linked.report;
                report.quirk(Quirk::MissingDeviationTarget, deviation, message);
            }
            Target::Unknown(why) => expansion.linked.unresolved(deviation, "deviation of", &why),
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

impl<'c> Expansion<'_, 'c> {
    fn deviation(&mut self, deviation: Statement<'c>, target: u32) {
        for deviate in deviation.all(Keyword::Deviate) {
            match deviate.arg() {
                "not-supported" => self.not_supported(deviation, deviate, target),
                "add" => self.each_property(deviate, target, Self::add_property),
                "replace" => self.each_property(deviate, target, Self::replace_property),
                "delete" => self.each_property(deviate, target, Self::delete_property),
                _ => {}
            }
        }
    }

    fn not_supported(&mut self, deviation: Statement<'c>, deviate: Statement<'c>, target: u32) {
        if deviation.all(Keyword::Deviate).count() > 1 {
            let message = "\"deviate not-supported\" must be the only one";
            self.linked.report.quirk(Quirk::DeviationMismatch, deviate, message);
        }
        for child in deviate.substatements().filter(|child| child.kind() != Keyword::Extension) {
            let message = format!("\"{}\" below \"deviate not-supported\"", child.keyword());
            self.linked.report.quirk(Quirk::MisplacedStatement, child, message);
        }
        self.tree.at_mut(target).removed = true;
    }

    fn each_property(
        &mut self,
        deviate: Statement<'c>,
        target: u32,
        apply: fn(&mut Self, Statement<'c>, u32),
    ) {
        for property in deviate.substatements() {
            if property.kind() == Keyword::Extension {
                self.tree.at_mut(target).extra_mut().extensions.push(property);
            } else {
                apply(self, property, target);
            }
        }
    }
}
