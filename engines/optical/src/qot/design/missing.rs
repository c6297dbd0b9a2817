//! What a line lacks: spans, boosters, pre-amplifiers, amplifiers between spans, padding.

use std::collections::BTreeMap;

use crate::qot::equipment::SpanRules;
use crate::qot::plant::{Amplifier, Kind, Plant};

/// Length that long fibres are split into where the rules allow, and the least, m.
const SPAN_M: f64 = 90_000.0;
const SPAN_MIN_M: f64 = 50_000.0;
/// Loss of a usual fibre, dB/m: how long the least span is that needs no padding.
const USUAL_LOSS_DB_PER_M: f64 = 0.2e-3;

/// Loss of a span by its last fibre, where padding settled it.
pub(super) type Spans = BTreeMap<usize, f64>;

impl Plant {
    pub(super) fn add_missing(&mut self, rules: &SpanRules) {
        for fibre in self.all(is_fibre) {
            self.split(fibre, rules);
        }
        for roadm in self.all(|kind| matches!(kind, Kind::Roadm(_))) {
            self.add_preamplifiers(roadm);
            self.add_boosters(roadm);
        }
        for fibre in self.all(is_fibre) {
            self.add_inline(fibre);
        }
    }

    fn all(&self, is_one: impl Fn(&Kind) -> bool) -> Vec<usize> {
        let of = |at: &usize| is_one(&self.elements[*at].kind);
        (0..self.elements.len()).filter(of).collect()
    }

    fn split(&mut self, at: usize, rules: &SpanRules) {
        let Kind::Fibre(fibre) = &self.elements[at].kind else { return };
        let (length_m, count) = span_length(fibre.length_m, rules);
        if count == 1 {
            return;
        }
        let mut span = fibre.clone();
        span.length_m = length_m;
        let (next, name) = (self.elements[at].next[0], self.elements[at].name.clone());
        self.disconnect(at, next);
        self.elements[at].name = format!("{name}_(1/{count})");
        self.elements[at].kind = Kind::Fibre(span.clone());
        let mut last = at;
        for number in 2..=count {
            let added = self.add(format!("{name}_({number}/{count})"), Kind::Fibre(span.clone()));
            self.connect(last, added);
            last = added;
        }
        self.connect(last, next);
    }

    fn add_preamplifiers(&mut self, roadm: usize) {
        for previous in self.elements[roadm].previous.clone() {
            if is_line(&self.elements[previous].kind) {
                let (own, other) = (&self.elements[roadm].name, &self.elements[previous].name);
                self.insert(previous, roadm, format!("Edfa_preamp_{own}_from_{other}"));
            }
        }
    }

    fn add_boosters(&mut self, roadm: usize) {
        for next in self.elements[roadm].next.clone() {
            if is_line(&self.elements[next].kind) {
                let (own, other) = (&self.elements[roadm].name, &self.elements[next].name);
                self.insert(roadm, next, format!("Edfa_booster_{own}_to_{other}"));
            }
        }
    }

    fn add_inline(&mut self, fibre: usize) {
        let next = self.elements[fibre].next[0];
        if is_fibre(&self.elements[next].kind) {
            self.insert(fibre, next, format!("Edfa_{}", self.elements[fibre].name));
        }
    }

    fn insert(&mut self, from: usize, to: usize, name: String) {
        let amplifier = Amplifier {
            kind: None,
            varieties: Vec::new(),
            gain_db: None,
            power_deviation_db: None,
            tilt_db: Some(0.0),
            voa_out_db: None,
            voa_in_db: 0.0,
        };
        self.disconnect(from, to);
        let added = self.add(name, Kind::Amplifier(amplifier));
        self.connect(from, added);
        self.connect(added, to);
    }

    /// Connectors as the rules have them, ageing, and padding of short spans.
    pub(super) fn set_losses(&mut self, rules: &SpanRules) -> Spans {
        let fibres = self.all(is_fibre);
        for at in &fibres {
            let is_spliced =
                matches!(self.elements[self.elements[*at].next[0]].kind, Kind::Fused(_));
            let Kind::Fibre(fibre) = &mut self.elements[*at].kind else { continue };
            fibre.connector_in_db.get_or_insert(rules.connector_in_db);
            let out = fibre.connector_out_db.get_or_insert(rules.connector_out_db);
            *out += if is_spliced { 0.0 } else { rules.end_of_life_db };
        }
        let mut spans = Spans::new();
        for at in fibres {
            if matches!(self.elements[self.elements[at].next[0]].kind, Kind::Fused(_)) {
                continue;
            }
            let mut loss = self.span_loss(at, &spans);
            let first = self.first_of_span(at);
            if let (true, Kind::Fibre(fibre)) =
                (loss < rules.padding_db, &mut self.elements[first].kind)
            {
                fibre.attenuation_in_db += rules.padding_db - loss;
                loss += fibre.attenuation_in_db;
            }
            spans.insert(at, loss);
        }
        spans
    }

    /// Loss of the span that an element is part of; none for what is no fibre or splice.
    pub(super) fn span_loss(&self, at: usize, spans: &Spans) -> f64 {
        if let Some(loss) = spans.get(&at) {
            return *loss;
        }
        let loss = |at: usize| match &self.elements[at].kind {
            Kind::Fibre(fibre) => fibre.loss_db(),
            Kind::Fused(loss) => *loss,
            _ => 0.0,
        };
        let before = self.spliced(at, |at| self.elements[at].previous.first().copied());
        let after = self.spliced(at, |at| self.elements[at].next.first().copied());
        loss(at) + before.chain(after).map(loss).sum::<f64>()
    }

    fn first_of_span(&self, at: usize) -> usize {
        self.spliced(at, |at| self.elements[at].previous.first().copied()).last().unwrap_or(at)
    }

    /// Elements joined by splices to one, outward in one direction.
    fn spliced(
        &self,
        at: usize,
        step: impl Fn(usize) -> Option<usize>,
    ) -> impl Iterator<Item = usize> {
        let joined = move |at: &usize| {
            let next = step(*at)?;
            let (one, other) = (&self.elements[*at].kind, &self.elements[next].kind);
            let is_spliced = matches!(other, Kind::Fused(_)) && is_line_or_splice(one)
                || matches!(one, Kind::Fused(_)) && is_line_or_splice(other);
            is_spliced.then_some(next)
        };
        std::iter::successors(joined(&at), joined)
    }
}

fn is_fibre(kind: &Kind) -> bool {
    matches!(kind, Kind::Fibre(_))
}

fn is_line_or_splice(kind: &Kind) -> bool {
    matches!(kind, Kind::Fibre(_) | Kind::Fused(_))
}

/// Whether a ROADM wants an amplifier before it: not where one or a splice is already.
fn is_line(kind: &Kind) -> bool {
    matches!(kind, Kind::Fibre(_) | Kind::Roadm(_))
}

/// Length and number of the spans of a fibre: near [`SPAN_M`], within the rules.
fn span_length(length_m: f64, rules: &SpanRules) -> (f64, usize) {
    let least = (rules.padding_db / USUAL_LOSS_DB_PER_M).trunc().max(SPAN_MIN_M);
    let most = rules.length_max_m.trunc();
    let target = least.max(most.min(SPAN_M));
    if length_m < most || length_m < target {
        return (length_m, 1);
    }
    let fewer = (length_m / target).floor() as usize;
    let (short, long) = (length_m / (fewer + 1) as f64, length_m / fewer as f64);
    let fits = |length: f64| (least..=most).contains(&length);
    let is_nearer = long - target <= target - short && long <= most;
    match (fits(short), fits(long)) {
        (true, false) => (short, fewer + 1),
        (false, true) => (long, fewer),
        _ if is_nearer => (long, fewer),
        _ => (short, fewer + 1),
    }
}
