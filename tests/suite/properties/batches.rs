//! Batches of values: a fleet with a member for each value, on a line of its own.

use crate::fleet::Rejected;

/// Returns smaller batches of a batch that fails: without the values whose lines have an error, or halves
/// if there are none. The first value is on line `first` of the list.
pub(crate) fn divide(
    batch: &[String],
    rejected: Option<&Rejected>,
    list: &str,
    first: usize,
) -> Vec<Vec<String>> {
    let places = rejected.map_or(&[][..], |rejected| &rejected.places);
    let is_wrong = |at: usize| {
        let mut places = places.iter();
        places.any(|(file, line)| file == list && *line == first + at)
    };
    let values = batch.iter().enumerate();
    let rest = values.filter(|(at, _)| !is_wrong(*at));
    let rest: Vec<String> = rest.map(|(_, value)| value.clone()).collect();
    match rest.len() {
        0 => Vec::new(),
        count if count < batch.len() => vec![rest],
        count => vec![batch[..count / 2].to_vec(), batch[count / 2..].to_vec()],
    }
}
