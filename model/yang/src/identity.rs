//! Identities: bases, circles, closures (RFC 7950 7.18).

use crate::hash::FastMap;
use crate::lenient::Quirk;
use crate::link::{Definition, Linked};
use crate::schema::ModuleId;
use crate::source::{Keyword, Statement, StatementId};
use crate::status::{check_reference, own_status};

/// One identity, resolved.
pub(crate) struct IdentityInfo<'c> {
    pub(crate) statement: Statement<'c>,
    pub(crate) module: ModuleId,
    pub(crate) bases: Vec<u32>,
    /// Everything it derives from, ascending.
    pub(crate) ancestors: Vec<u32>,
    pub(crate) enabled: bool,
}

/// Identities ordered by module, then name.
pub(crate) struct Identities<'c> {
    pub(crate) list: Vec<IdentityInfo<'c>>,
    by_statement: FastMap<StatementId, u32>,
}

impl<'c> Identities<'c> {
    pub(crate) fn resolve(linked: &Linked<'c>) -> Self {
        let mut identities = Self::collect(linked);
        identities.resolve_bases(linked);
        identities.close(linked);
        identities
    }

    /// The identity that a statement defines.
    pub(crate) fn of(&self, statement: Statement<'_>) -> Option<u32> {
        self.by_statement.get(&statement.id()).copied()
    }

    /// Whether `id` derives from each of `bases`, and is none of them.
    pub(crate) fn derives_from_all(&self, id: u32, bases: &[u32]) -> bool {
        let ancestors = &self.list[id as usize].ancestors;
        bases.iter().all(|base| ancestors.binary_search(base).is_ok())
    }

    fn collect(linked: &Linked<'c>) -> Self {
        let mut found = Vec::new();
        for (module, info) in linked.modules.iter() {
            let roots = info.files.iter().filter_map(|file| linked.files[*file as usize].root());
            for statement in roots.flat_map(|root| root.all(Keyword::Identity)) {
                // A second one of the name is reported and left out.
                let first = linked.definitions.top(module, Definition::Identity, statement.arg());
                if first == Some(statement.id()) {
                    found.push((module, statement));
                }
            }
        }
        found.sort_by_key(|(module, statement)| (*module, statement.arg()));
        let list = found.into_iter().map(|(module, statement)| IdentityInfo {
            statement,
            module,
            bases: Vec::new(),
            ancestors: Vec::new(),
            enabled: linked.is_enabled(statement),
        });
        let list: Vec<_> = list.collect();
        let ids = list.iter().enumerate();
        let by_statement = ids.map(|(id, info)| (info.statement.id(), id as u32)).collect();
        Self { list, by_statement }
    }

    fn resolve_bases(&mut self, linked: &Linked<'c>) {
        for at in 0..self.list.len() {
            let statement = self.list[at].statement;
            for base in statement.all(Keyword::Base) {
                match linked.definition(Definition::Identity, base, base.arg()) {
                    Ok(target) => {
                        check_reference(linked, base, own_status(statement), target);
                        let target = self.of(target);
                        self.list[at].bases.extend(target);
                    }
                    Err(why) => linked.unresolved(base, "base identity", &why),
                }
            }
        }
    }

    /// Ancestors by repeated union, in the order of a depth-first walk that also finds circles.
    fn close(&mut self, linked: &Linked<'c>) {
        let mut state = vec![0u8; self.list.len()];
        for start in 0..self.list.len() as u32 {
            let mut stack = vec![(start, 0)];
            if state[start as usize] != 0 {
                continue;
            }
            state[start as usize] = 1;
            while let Some((id, next)) = stack.last_mut() {
                let (id, position) = (*id as usize, *next);
                *next += 1;
                match self.list[id].bases.get(position).copied() {
                    Some(base) if state[base as usize] == 0 => {
                        state[base as usize] = 1;
                        stack.push((base, 0));
                    }
                    Some(base) if state[base as usize] == 1 => self.circle(linked, id, base),
                    Some(_) => {}
                    None => {
                        self.unite(id);
                        state[id] = 2;
                        stack.pop();
                    }
                }
            }
        }
    }

    fn circle(&self, linked: &Linked<'c>, id: usize, base: u32) {
        let statement = self.list[id].statement;
        let name = self.list[base as usize].statement.arg();
        let message = format!("identity derives from itself through base \"{name}\"");
        linked.report.error(statement, message);
    }

    fn unite(&mut self, id: usize) {
        let mut ancestors = self.list[id].bases.clone();
        for base in &self.list[id].bases {
            ancestors.extend_from_slice(&self.list[*base as usize].ancestors);
        }
        ancestors.sort_unstable();
        ancestors.dedup();
        self.list[id].ancestors = ancestors;
    }
}

impl<'c> Identities<'c> {
    /// The identity that a default or deviation names, or a sentence that says why not.
    pub(crate) fn named(
        &self,
        linked: &Linked<'c>,
        at: Statement<'c>,
        name: &str,
    ) -> Result<u32, String> {
        let found = linked.definition(Definition::Identity, at, name);
        let statement = found.map_err(|_| format!("identity \"{name}\" is not defined"))?;
        self.of(statement).ok_or_else(|| format!("identity \"{name}\" is not in use"))
    }
}

/// Quirk of a default whose identity is defined by a module that is not implemented.
pub(crate) const NOT_IMPLEMENTED: Quirk = Quirk::DefaultIdentityNotImplemented;
