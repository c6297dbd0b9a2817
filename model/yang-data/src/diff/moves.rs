//! Which entries of a reordered list to move, so that the others can stay.

/// For each number of a sequence without repetitions, whether it is part of a longest ascending
/// subsequence: entries with these old places keep them, the others move.
///
/// Of several longest ones always the same is taken.
pub(super) fn stay(places: &[u64]) -> Vec<bool> {
    // tails[n]: index of the smallest place that ends an ascending run of n + 1.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; places.len()];
    for (at, place) in places.iter().enumerate() {
        let length = tails.partition_point(|tail| places[*tail] < *place);
        before[at] = length.checked_sub(1).map(|shorter| tails[shorter]);
        if length == tails.len() {
            tails.push(at);
        } else {
            tails[length] = at;
        }
    }
    let mut stays = vec![false; places.len()];
    let mut next = tails.last().copied();
    while let Some(at) = next {
        stays[at] = true;
        next = before[at];
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::stay;

    #[test]
    fn as_many_as_possible_stay() {
        assert_eq!(stay(&[]), [false; 0]);
        assert_eq!(stay(&[1, 2, 3]), [true, true, true]);
        assert_eq!(stay(&[3, 1, 2]), [false, true, true]);
        assert_eq!(stay(&[2, 3, 1]), [true, true, false]);
        assert_eq!(stay(&[3, 2, 1]).iter().filter(|stays| **stays).count(), 1);
        assert_eq!(stay(&[5, 1, 6, 2, 7]).iter().filter(|stays| **stays).count(), 3);
    }
}
