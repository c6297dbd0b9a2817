use std::time::Instant;
use super::super::{Referrers};
use super::{module, validator};
use crate::sample;
#[test]
fn measure() {
    let validator = validator(&module(super::effort::BODY));
    for n in [10_000usize, 100_000, 1_000_000] {
        let old = super::effort::network(&validator, n);
        let t = Instant::now();
        let v = validator.validate(old.root());
        let full = t.elapsed();
        let t = Instant::now();
        let mut refs = Referrers::new(&validator, old.root());
        let idx = t.elapsed();
        let mut new = old.clone();
        sample::set(&mut new, validator.types(), "/m:net/node[name='new']/other = n7");
        sample::set(&mut new, validator.types(), "/m:net/node[name='n3']/other = n5");
        new.remove(&sample::path(validator.types(), "/m:net/node[name='n4']"));
        let t = Instant::now();
        let c = validator.validate_change(old.root(), new.root(), Some(&refs));
        let inc = t.elapsed();
        let t = Instant::now();
        let c2 = validator.validate_change(old.root(), new.root(), None);
        let inc2 = t.elapsed();
        let t = Instant::now();
        refs.update(old.root(), new.root());
        println!("{n}: full {full:?} ({}) index {idx:?} change {inc:?} ({}) without index {inc2:?} ({}) update {:?}", v.len(), c.len(), c2.len(), t.elapsed());
    }
}
