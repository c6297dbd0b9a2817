//! When connections end: a ring of time buckets.
//!
//! A heap would keep all ends in order, which nobody needs: those that are due are all released
//! before the next request, in whatever order. So an end goes into the bucket of its time in
//! constant time, and a step forward looks at the buckets it passes. An end that is more than
//! one turn of the ring away is looked at once per turn and left there.

/// A ring of buckets of equal width in time. Ends at or before the present are due.
pub(super) struct Departures<T> {
    /// Buckets per unit of time.
    per_time: f64,
    /// First entry of each bucket; the count is a power of two.
    heads: Vec<u32>,
    entries: Vec<Entry<T>>,
    /// First unused entry.
    unused: u32,
    /// The bucket of the present, not taken around the ring.
    present: u64,
}

struct Entry<T> {
    end: f64,
    next: u32,
    value: T,
}

const NOWHERE: u32 = u32::MAX;

impl<T: Copy> Departures<T> {
    /// A ring for arrivals at `rate` per unit of time and about `alive` ends at a time.
    pub(super) fn new(rate: f64, alive: f64) -> Self {
        let turns = (alive * 8.0).clamp(64.0, 65_536.0) as usize;
        Self {
            per_time: rate,
            heads: vec![NOWHERE; turns.next_power_of_two()],
            entries: Vec::new(),
            unused: NOWHERE,
            present: 0,
        }
    }

    fn bucket(&self, time: f64) -> u64 {
        (time * self.per_time) as u64
    }

    fn place(&self, bucket: u64) -> usize {
        bucket as usize & (self.heads.len() - 1)
    }

    /// Notes an end, which is not before the last [`Self::due`].
    #[inline]
    pub(super) fn insert(&mut self, end: f64, value: T) {
        let place = self.place(self.bucket(end));
        let next = self.heads[place];
        let entry = Entry { end, next, value };
        let number = match self.entries.get_mut(self.unused as usize) {
            Some(free) => {
                let number = self.unused;
                self.unused = free.next;
                *free = entry;
                number
            }
            None => {
                self.entries.push(entry);
                self.entries.len() as u32 - 1
            }
        };
        self.heads[place] = number;
    }

    /// Takes out every end at or before `now`, which never goes back.
    #[inline]
    pub(super) fn due(&mut self, now: f64, mut take: impl FnMut(T)) {
        let target = self.bucket(now);
        let first = self.present.max(target.saturating_sub(self.heads.len() as u64 - 1));
        for bucket in first..=target {
            let place = self.place(bucket);
            self.sweep(place, now, &mut take);
        }
        self.present = target;
    }

    #[inline]
    fn sweep(&mut self, place: usize, now: f64, take: &mut impl FnMut(T)) {
        let (mut at, mut before) = (self.heads[place], NOWHERE);
        while let Some(entry) = self.entries.get_mut(at as usize) {
            let next = entry.next;
            if entry.end > now {
                before = at;
            } else {
                take(entry.value);
                entry.next = self.unused;
                self.unused = at;
                match self.entries.get_mut(before as usize) {
                    Some(before) => before.next = next,
                    None => self.heads[place] = next,
                }
            }
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planner::Random;

    #[test]
    fn ends_come_out_as_from_a_sorted_list() {
        let mut random = Random::new(5);
        let mut ring = Departures::new(2.0, 3.0);
        let mut list: Vec<(f64, u32)> = Vec::new();
        let mut now = 0.0;
        for number in 0..20_000 {
            // Long jumps go around the ring; long holds stay for several turns.
            now += random.exponential() * if number % 97 == 0 { 90.0 } else { 0.5 };
            let mut due = Vec::new();
            ring.due(now, |value| due.push(value));
            let mut expected: Vec<u32> =
                list.iter().filter(|(end, _)| *end <= now).map(|(_, n)| *n).collect();
            list.retain(|(end, _)| *end > now);
            due.sort_unstable();
            expected.sort_unstable();
            assert_eq!(due, expected, "at {now}");
            let end = now + random.exponential() * if number % 31 == 0 { 200.0 } else { 4.0 };
            ring.insert(end, number);
            list.push((end, number));
        }
    }
}
