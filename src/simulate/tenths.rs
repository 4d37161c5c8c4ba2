//! Members in tenths: one rule, whether they are of a history or of a population.

/// The tenth, 0 to 9, of a place among so many in order. The tenths are as even as they can be; of 13 the first, second …
/// have 2, 1, 1, 2, 1, 1, 2, 1, 1, 1; of fewer than ten, some are empty.
///
/// ```
/// use loyal::simulate::tenths::tenth;
/// assert_eq!([0, 1, 2, 12].map(|place| tenth(place, 13)), [0, 0, 1, 9]);
/// ```
pub fn tenth(place: usize, of: usize) -> usize {
    (place.saturating_mul(10) / of.max(1)).min(9)
}

#[cfg(test)]
mod tests {
    use super::tenth;

    #[test]
    fn tenths_are_even_and_nobody_is_in_none() {
        let counts = |of: usize| {
            let mut counts = [0; 10];
            (0..of).for_each(|place| counts[tenth(place, of)] += 1);
            counts
        };
        assert_eq!(counts(20), [2; 10]);
        assert_eq!(counts(13), [2, 1, 1, 2, 1, 1, 2, 1, 1, 1]);
        assert_eq!(counts(3), [1, 0, 0, 1, 0, 0, 1, 0, 0, 0]);
        assert_eq!(counts(0), [0; 10]);
    }
}
