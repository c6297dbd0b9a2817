//! How to compile: leniency and features.

use std::collections::{BTreeMap, BTreeSet};

use crate::lenient::Lenient;

/// Settings of one compilation. The default is strict, with every feature on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Which violations are tolerated.
    pub lenient: Lenient,
    /// Which features are on.
    pub features: FeatureSet,
    /// Leaves `description` and `reference` texts out of the schema: about half its size.
    pub omit_descriptions: bool,
}

impl Options {
    /// Strict but for the given leniency; every feature on.
    #[must_use]
    pub fn lenient(lenient: Lenient) -> Self {
        Self { lenient, ..Self::default() }
    }
}

/// Which features of which modules are on.
///
/// A feature that is asked for but whose own `if-feature` fails stays off (RFC 7950 7.20.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FeatureSet {
    /// Every feature of every module.
    #[default]
    All,
    /// Per module name the features that are on. A module that is not listed has all of them on
    /// when `others` is true, else none.
    Listed {
        /// Module name to the names of its features.
        modules: BTreeMap<String, BTreeSet<String>>,
        /// What holds for modules that are not listed.
        others: bool,
    },
}

impl FeatureSet {
    /// Whether this feature is asked for.
    #[must_use]
    pub fn asks_for(&self, module: &str, feature: &str) -> bool {
        match self {
            Self::All => true,
            Self::Listed { modules, others } => {
                modules.get(module).map_or(*others, |set| set.contains(feature))
            }
        }
    }
}
