//! Defragmentation: moves that gather free spectrum, each without interruption.
//!
//! A move is make-before-break: the new slots are held and lit beside the old ones, traffic is
//! switched, then the old ones are freed ([`Network::bridge`], [`Network::retire`]). So the new
//! slots must be free of everything, the moved leg's own slots included; the plan is an order in
//! which each step finds that so. It needs a second transponder, or modules that retune.
//!
//! Each leg is moved to the lowest place that its route and grid permit, legs with the highest
//! slots first, in rounds until nothing moves: every move lowers the sum of starts, so it ends.

use crate::assign::{Fragmentation, Placement, SpectrumPolicy, place};
use crate::grid::Block;
use crate::mode::{Judge, Trial, Verdict};
use crate::network::{Connection, Error, Leg, Network, Refusal};
use crate::topology::ConnectionId;

/// Most moves of one plan.
pub const MOVES_MAX: usize = 10_000;

/// One leg from some slots to lower ones on the same route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Whose.
    pub id: ConnectionId,
    /// Which of its legs.
    pub leg: usize,
    /// The signal's slots before.
    pub from: Block,
    /// The signal's slots after.
    pub to: Block,
}

/// A plan and what it leads to.
#[derive(Clone, Debug)]
pub struct Defragmentation {
    /// Steps in an order in which each is possible.
    pub moves: Vec<Move>,
    /// The state after all of them.
    pub network: Network,
    /// Mean over all links before.
    pub before: Fragmentation,
    /// Mean over all links after.
    pub after: Fragmentation,
}

/// Plans at most `moves_max` moves (never above [`MOVES_MAX`]). The network given is not changed.
///
/// # Errors
/// None are expected; an error means that records contradict each other ([`Network::check`]).
pub fn defragment(
    network: &Network,
    judge: &dyn Judge,
    moves_max: usize,
) -> Result<Defragmentation, Error> {
    let mut next = network.clone();
    let mut moves = Vec::new();
    let most = moves_max.min(MOVES_MAX);
    while moves.len() < most {
        let before_round = moves.len();
        for (id, leg) in legs_from_the_top(&next) {
            if moves.len() == most {
                break;
            }
            if let Some(step) = lower_place(&next, &id, leg, judge) {
                apply(&mut next, &step)?;
                moves.push(step);
            }
        }
        if moves.len() == before_round {
            break;
        }
    }
    let (before, after) = (mean_fragmentation(network), mean_fragmentation(&next));
    Ok(Defragmentation { moves, network: next, before, after })
}

/// Makes one move in the state, both steps.
///
/// # Errors
/// When the slots are held or the leg is at other slots than the move says; nothing changed.
pub fn apply(network: &mut Network, step: &Move) -> Result<(), Error> {
    let leg = network.connection(&step.id).and_then(|c| c.legs.get(step.leg));
    if leg.is_some_and(|leg| leg.signal != step.from) {
        return Err(Refusal::OutOfStep { id: step.id.clone(), leg: step.leg }.into());
    }
    network.bridge(&step.id, step.leg, step.to)?;
    network.retire(&step.id, step.leg)
}

fn legs_from_the_top(network: &Network) -> Vec<(ConnectionId, usize)> {
    let legs = |connection: &Connection| -> Vec<_> {
        let id = &connection.request.id;
        let numbered = connection.legs.iter().enumerate();
        numbered.map(|(at, leg)| (leg.held.start, id.clone(), at)).collect()
    };
    let mut all: Vec<_> = network.connections().flat_map(legs).collect();
    all.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    all.into_iter().map(|(_, id, leg)| (id, leg)).collect()
}

fn lower_place(network: &Network, id: &ConnectionId, at: usize, judge: &dyn Judge) -> Option<Move> {
    let connection = network.connection(id)?;
    let leg = connection.legs.get(at).filter(|leg| leg.bridge.is_none())?;
    let to = lowest_signal(network, connection, leg)?;
    let mode = network.profile().modes.mode(&leg.mode)?;
    let trial = Trial { network, route: &leg.route, mode, block: Some(to) };
    let is_better = to.start < leg.signal.start;
    let works = is_better && matches!(judge.judge(&trial), Verdict::Fits { .. });
    works.then(|| Move { id: id.clone(), leg: at, from: leg.signal, to })
}

fn lowest_signal(network: &Network, connection: &Connection, leg: &Leg) -> Option<Block> {
    let common = network.common_free(&leg.route.links);
    let starts = network.permitted(&network.grids(&connection.request), leg.signal.width);
    let placement = Placement { common: &common, starts: starts.as_ref(), width: leg.held.width };
    let held = place(SpectrumPolicy::FirstFit, &placement, &std::iter::empty())?;
    Some(Block::new(held.start, leg.signal.width))
}

/// The mean of each measure over all links.
#[must_use]
pub fn mean_fragmentation(network: &Network) -> Fragmentation {
    let all: Vec<Fragmentation> = network
        .topology()
        .links()
        .filter_map(|(number, _)| Some(Fragmentation::of(network.spectrum(number)?.free())))
        .collect();
    let count = all.len().max(1) as f64;
    Fragmentation {
        external: all.iter().map(|f| f.external).sum::<f64>() / count,
        entropy: all.iter().map(|f| f.entropy).sum::<f64>() / count,
        cuts: all.iter().map(|f| f.cuts).sum::<f64>() / count,
    }
}

#[cfg(test)]
mod tests;
