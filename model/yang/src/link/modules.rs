//! The table of modules: revisions, submodules, prefixes, order of imports.

use std::collections::BTreeMap;

use super::gather::revision;
use crate::hash::{FastMap, FastSet};
use crate::lenient::Quirk;
use crate::report::Report;
use crate::schema::ModuleId;
use crate::source::{Keyword, SourceFile, Statement};

/// A module: its files and header.
pub(crate) struct ModuleInfo<'c> {
    pub(crate) name: &'c str,
    pub(crate) revision: Option<&'c str>,
    pub(crate) namespace: &'c str,
    pub(crate) prefix: &'c str,
    /// The main file, then the submodules in the order of their includes.
    pub(crate) files: Vec<u32>,
    pub(crate) implemented: bool,
    pub(crate) version_1_1: bool,
}

/// Modules that matter: the implemented ones and what they import, in the order of imports.
#[derive(Default)]
pub(crate) struct Modules<'c> {
    list: Vec<ModuleInfo<'c>>,
    /// Per file its module, for the files that matter.
    of_file: Vec<Option<ModuleId>>,
    /// Per file its prefixes; none for an import that is missing.
    prefixes: Vec<BTreeMap<&'c str, Option<ModuleId>>>,
}

impl<'c> Modules<'c> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ModuleId, &ModuleInfo<'c>)> {
        self.list.iter().enumerate().map(|(at, info)| (ModuleId(at as u16), info))
    }

    pub(crate) fn info(&self, id: ModuleId) -> &ModuleInfo<'c> {
        &self.list[id.index()]
    }

    /// Makes modules implemented.
    pub(super) fn implement(&mut self, modules: &[ModuleId]) {
        for module in modules {
            self.list[module.index()].implemented = true;
        }
    }

    /// The module of a file; of a file that matters to no module, the first one.
    pub(crate) fn of_file(&self, file: u32) -> ModuleId {
        self.of_file[file as usize].unwrap_or(ModuleId(0))
    }

    pub(crate) fn matters(&self, file: u32) -> bool {
        self.of_file.get(file as usize).is_some_and(Option::is_some)
    }

    /// Outer none: not declared. Inner none: declared, but the module is missing.
    pub(crate) fn prefix(&self, file: u32, prefix: &str) -> Option<Option<ModuleId>> {
        self.prefixes[file as usize].get(prefix).copied()
    }

    /// The prefixes of a file in alphabetical order.
    pub(crate) fn prefixes(&self, file: u32) -> Vec<(&'c str, ModuleId)> {
        let pairs = self.prefixes[file as usize].iter();
        pairs.filter_map(|(prefix, module)| module.map(|module| (*prefix, module))).collect()
    }
}

/// Builds the table from parsed files.
pub(crate) fn link_modules<'c>(
    files: &'c [SourceFile<'c>],
    implemented: &[bool],
    report: &Report,
) -> Modules<'c> {
    let mut linker = Linker { files, report, by_name: BTreeMap::new(), found: Vec::new() };
    linker.collect(implemented);
    linker.one_implemented_each();
    linker.add_submodules();
    let order = linker.order();
    linker.finish(&order)
}

/// A module before it has an id.
struct Found<'c> {
    root: Statement<'c>,
    files: Vec<u32>,
    implemented: bool,
}

struct Linker<'c, 'r> {
    files: &'c [SourceFile<'c>],
    report: &'r Report,
    /// Candidates per name, newest revision first.
    by_name: BTreeMap<&'c str, Vec<usize>>,
    found: Vec<Found<'c>>,
}

impl<'c> Linker<'c, '_> {
    fn roots(&self, keyword: Keyword) -> impl Iterator<Item = Statement<'c>> + use<'c> {
        let roots = self.files.iter().filter_map(SourceFile::root);
        roots.filter(move |root| root.kind() == keyword)
    }

    fn collect(&mut self, implemented: &[bool]) {
        for root in self.roots(Keyword::Module) {
            let candidates = self.by_name.entry(root.arg()).or_default();
            let same = |at: &usize| revision(self.found[*at].root) == revision(root);
            if let Some(first) = candidates.iter().copied().find(same) {
                if self.found[first].implemented || !implemented[root.file.id as usize] {
                    repeated(root, self.found[first].root, self.report);
                    continue;
                }
                candidates.retain(|at| *at != first);
            }
            candidates.push(self.found.len());
            let file = root.file.id;
            let implemented = implemented[file as usize];
            self.found.push(Found { root, files: vec![file], implemented });
        }
        for candidates in self.by_name.values_mut() {
            candidates.sort_by_key(|at| std::cmp::Reverse(revision(self.found[*at].root)));
        }
    }

    /// RFC 7950 5.6.5: a server implements one revision of a module.
    fn one_implemented_each(&mut self) {
        for candidates in self.by_name.values() {
            let mut newest = None;
            for at in candidates {
                if !self.found[*at].implemented {
                    continue;
                }
                let Some(first) = newest else {
                    newest = Some(*at);
                    continue;
                };
                let other = &self.found[first].root.file.name;
                let message = format!(
                    "the newer revision in \"{other}\" is implemented as well: add this one for \
                     import only"
                );
                self.report.quirk(Quirk::SeveralRevisions, self.found[*at].root, message);
                self.found[*at].implemented = false;
            }
        }
    }

    fn add_submodules(&mut self) {
        let mut by_name: FastMap<&str, Vec<Statement<'c>>> = FastMap::default();
        for root in self.roots(Keyword::Submodule) {
            let candidates = by_name.entry(root.arg()).or_default();
            let owner = root.first_arg(Keyword::BelongsTo);
            let same = |other: &&Statement<'c>| {
                revision(**other) == revision(root) && other.first_arg(Keyword::BelongsTo) == owner
            };
            match candidates.iter().find(same) {
                Some(other) => repeated(root, *other, self.report),
                None => candidates.push(root),
            }
        }
        let mut included = FastSet::default();
        for found in &mut self.found {
            let mut next = 0;
            while let Some(file) = found.files.get(next).copied() {
                next += 1;
                let includer = self.files[file as usize].root();
                for include in includer.into_iter().flat_map(|root| root.all(Keyword::Include)) {
                    let candidates = by_name.get(include.arg()).map_or(&[][..], |list| list);
                    let chosen =
                        choose_submodule(candidates, include, found.root.arg(), self.report);
                    if let Some(chosen) = chosen.filter(|chosen| *chosen != file) {
                        check_version(
                            include,
                            found.root,
                            &self.files[chosen as usize],
                            self.report,
                        );
                        included.insert(chosen);
                        if !found.files.contains(&chosen) {
                            found.files.push(chosen);
                        }
                    }
                }
            }
        }
        for root in self.roots(Keyword::Submodule) {
            let first = by_name[root.arg()].iter().any(|it| it.file.id == root.file.id);
            if first {
                self.orphan(root, included.contains(&root.file.id));
            }
        }
    }

    fn orphan(&self, root: Statement<'c>, included: bool) {
        let owner = root.first_arg(Keyword::BelongsTo).unwrap_or("");
        if included {
        } else if self.by_name.contains_key(owner) {
            let message = format!("module \"{owner}\" does not include this submodule");
            self.report.warning(root, message);
        } else {
            let message = format!("module \"{owner}\" of this submodule is not among the sources");
            self.report.quirk(Quirk::OrphanSubmodule, root, message);
        }
    }

    /// The module that an import means.
    fn imported(&self, import: Statement<'c>) -> Option<usize> {
        let candidates = self.by_name.get(import.arg())?;
        if let Some(date) = import.first_arg(Keyword::RevisionDate) {
            let exact = |at: &usize| {
                let mut dates = self.found[*at].root.all(Keyword::Revision).map(Statement::arg);
                dates.next() == Some(date) || revision(self.found[*at].root) == Some(date)
            };
            if let Some(at) = candidates.iter().copied().find(exact) {
                return Some(at);
            }
            let message = format!("revision {date} of \"{}\" is not there", import.arg());
            self.report.quirk(Quirk::MissingRevision, import, message);
        }
        let implemented = |at: &usize| self.found[*at].implemented;
        candidates.iter().copied().find(implemented).or_else(|| candidates.first().copied())
    }

    /// Modules that matter, imported ones first, else by name and revision.
    fn order(&self) -> Vec<usize> {
        let mut start: Vec<usize> =
            (0..self.found.len()).filter(|at| self.found[*at].implemented).collect();
        let key = |at: &usize| (self.found[*at].root.arg(), revision(self.found[*at].root));
        start.sort_by(|a, b| key(a).cmp(&key(b)));
        let mut walk = ImportWalk {
            linker: self,
            state: vec![Visit::New; self.found.len()],
            order: Vec::new(),
        };
        for at in start {
            walk.visit(at);
        }
        walk.order
    }

    fn imports(&self, at: usize) -> impl Iterator<Item = Statement<'c>> {
        let files = self.found[at].files.iter();
        files
            .filter_map(|file| self.files[*file as usize].root())
            .flat_map(|root| root.all(Keyword::Import))
    }

    fn finish(self, order: &[usize]) -> Modules<'c> {
        let mut modules = Modules {
            list: Vec::with_capacity(order.len()),
            of_file: vec![None; self.files.len()],
            prefixes: (0..self.files.len()).map(|_| BTreeMap::new()).collect(),
        };
        let mut ids = vec![None; self.found.len()];
        for (id, at) in order.iter().enumerate() {
            let id = ModuleId(id as u16);
            ids[*at] = Some(id);
            for file in &self.found[*at].files {
                modules.of_file[*file as usize] = Some(id);
            }
            modules.list.push(info(&self.found[*at]));
        }
        for at in order {
            for file in &self.found[*at].files {
                modules.prefixes[*file as usize] = self.prefixes(*file, *at, &ids);
            }
        }
        self.check_namespaces(&modules);
        modules
    }

    fn prefixes(
        &self,
        file: u32,
        owner: usize,
        ids: &[Option<ModuleId>],
    ) -> BTreeMap<&'c str, Option<ModuleId>> {
        let mut prefixes = BTreeMap::new();
        let Some(root) = self.files[file as usize].root() else { return prefixes };
        let header = root.first(Keyword::BelongsTo).unwrap_or(root);
        if let Some(prefix) = header.first_arg(Keyword::Prefix) {
            prefixes.insert(prefix, ids[owner]);
        }
        for import in root.all(Keyword::Import) {
            let Some(prefix) = import.first(Keyword::Prefix) else { continue };
            let target = self.imported(import);
            if target == Some(owner) {
                self.report.quirk(Quirk::CircularImport, import, "a module imports itself");
            }
            let module = target.and_then(|target| ids[target]);
            if prefixes.contains_key(prefix.arg()) {
                let message = format!("prefix \"{}\" is declared twice", prefix.arg());
                self.report.quirk(Quirk::DuplicateDefinition, prefix, message);
            } else {
                prefixes.insert(prefix.arg(), module);
            }
        }
        prefixes
    }

    fn check_namespaces(&self, modules: &Modules<'c>) {
        let mut seen: FastMap<&str, &str> = FastMap::default();
        for info in modules.list.iter().filter(|info| info.implemented) {
            let other = seen.insert(info.namespace, info.name);
            let root = self.files[info.files[0] as usize].root();
            let Some(statement) = root.and_then(|root| root.first(Keyword::Namespace)) else {
                continue;
            };
            if let Some(other) = other {
                let message = format!("module \"{other}\" has the same namespace");
                self.report.quirk(Quirk::DuplicateDefinition, statement, message);
            }
        }
    }
}

/// RFC 7950 12: module and submodule have the same version.
fn check_version(
    include: Statement<'_>,
    module: Statement<'_>,
    submodule: &SourceFile<'_>,
    report: &Report,
) {
    let version = |root: Statement<'_>| root.first_arg(Keyword::YangVersion) == Some("1.1");
    if submodule.root().is_some_and(|root| version(root) != version(module)) {
        let message = format!("submodule \"{}\" is of another yang-version", include.arg());
        report.quirk(Quirk::VersionMix, include, message);
    }
}

/// The identical text again is a repetition in the caller's list, no more.
fn repeated(root: Statement<'_>, first: Statement<'_>, report: &Report) {
    if first.file.text != root.file.text {
        let message =
            format!("this revision of the module was added before, as \"{}\"", first.file.name);
        report.quirk(Quirk::RepeatedSource, root, message);
    }
}

fn info<'c>(found: &Found<'c>) -> ModuleInfo<'c> {
    let root = found.root;
    ModuleInfo {
        name: root.arg(),
        revision: revision(root),
        namespace: root.first_arg(Keyword::Namespace).unwrap_or(""),
        prefix: root.first_arg(Keyword::Prefix).unwrap_or(""),
        files: found.files.clone(),
        implemented: found.implemented,
        version_1_1: root.first_arg(Keyword::YangVersion) == Some("1.1"),
    }
}

fn choose_submodule(
    candidates: &[Statement<'_>],
    include: Statement<'_>,
    owner: &str,
    report: &Report,
) -> Option<u32> {
    let name = include.arg();
    let belongs = |root: &&Statement<'_>| root.first_arg(Keyword::BelongsTo) == Some(owner);
    let newest = candidates.iter().filter(belongs).max_by_key(|root| revision(**root));
    let Some(newest) = newest else {
        let message = match candidates {
            [] => format!("submodule \"{name}\" is not there"),
            _ => format!("submodule \"{name}\" does not belong to module \"{owner}\""),
        };
        report.quirk(Quirk::MissingInclude, include, message);
        return None;
    };
    let Some(date) = include.first_arg(Keyword::RevisionDate) else { return Some(newest.file.id) };
    let mut dated = candidates.iter().filter(belongs);
    let exact = dated.find(|root| revision(**root) == Some(date));
    if exact.is_none() {
        let message = format!("revision {date} of submodule \"{name}\" is not there");
        report.quirk(Quirk::MissingRevision, include, message);
    }
    Some(exact.unwrap_or(newest).file.id)
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    New,
    Open,
    Done,
}

/// Depth first along imports; a stack of its own, for chains may be long.
struct ImportWalk<'l, 'c, 'r> {
    linker: &'l Linker<'c, 'r>,
    state: Vec<Visit>,
    order: Vec<usize>,
}

impl<'c> ImportWalk<'_, 'c, '_> {
    fn visit(&mut self, start: usize) {
        if self.state[start] != Visit::New {
            return;
        }
        let mut stack = vec![(start, self.targets(start), 0)];
        self.state[start] = Visit::Open;
        while let Some((at, targets, next)) = stack.last_mut() {
            let Some((import, target)) = targets.get(*next).copied() else {
                self.state[*at] = Visit::Done;
                self.order.push(*at);
                stack.pop();
                continue;
            };
            *next += 1;
            match self.state[target] {
                Visit::Done => {}
                Visit::Open => self.circle(import, *at == target),
                Visit::New => {
                    self.state[target] = Visit::Open;
                    let targets = self.targets(target);
                    stack.push((target, targets, 0));
                }
            }
        }
    }

    fn circle(&self, import: Statement<'c>, itself: bool) {
        // Importing itself is reported with the prefixes.
        if !itself {
            let message = format!("module \"{}\" imports this one, directly or not", import.arg());
            self.linker.report.quirk(Quirk::CircularImport, import, message);
        }
    }

    fn targets(&self, at: usize) -> Vec<(Statement<'c>, usize)> {
        let mut targets = Vec::new();
        for import in self.linker.imports(at) {
            match self.linker.imported(import) {
                Some(target) => targets.push((import, target)),
                None => {
                    let message = format!("module \"{}\" is not among the sources", import.arg());
                    self.linker.report.quirk(Quirk::MissingImport, import, message);
                }
            }
        }
        targets
    }
}
