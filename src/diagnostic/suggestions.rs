//! Suggestions of similar names, within a budget.

use super::enumeration::join_or;

/// Maximum work of a run for suggestions: a few dozen errors with thousands of long names.
///
/// The numbers of errors and of names are not trusted, and each error could be compared with each name.
const MAX_WORK: usize = 20_000_000;
/// Work for each candidate, in addition to the comparison.
const CANDIDATE_WORK: usize = 32;
/// Maximum length of a name that is compared, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// The source of suggestions. When its budget is used up, there are none for the remaining errors.
#[derive(Clone, Debug)]
pub struct Suggestions {
    room: usize,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { room: MAX_WORK }
    }
}

impl Suggestions {
    /// Returns the candidate with the fewest typing errors, if at most a third of its characters differ.
    pub fn closest<'a, I>(&mut self, word: &str, candidates: impl FnOnce() -> I) -> Option<&'a str>
    where
        I: IntoIterator<Item = &'a str>,
    {
        if word.len() > MAX_NAME_BYTES || self.room == 0 {
            return None;
        }
        let lower = word.to_lowercase();
        let length = lower.chars().count();
        let mut best: Option<(usize, &str)> = None;
        for candidate in candidates() {
            let known = if candidate.len() > MAX_NAME_BYTES {
                0
            } else {
                candidate.chars().count()
            };
            // Each missing character is a typing error.
            let is_similar = known.abs_diff(length) * 3 <= known.max(3) && known > 0;
            let comparison = if is_similar { length * known } else { 0 };
            let cost = CANDIDATE_WORK + comparison;
            if self.room < cost {
                self.room = 0;
                break;
            }
            self.room -= cost;
            if is_similar {
                let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
                let is_best = best.is_none_or(|(least, _)| distance < least);
                if is_best && distance * 3 <= known.max(3) {
                    best = Some((distance, candidate));
                }
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    /// Returns a help text: the closest match, or all candidates.
    pub fn did_you_mean<'a, I>(&mut self, word: &str, candidates: impl Fn() -> I) -> String
    where
        I: IntoIterator<Item = &'a str>,
    {
        match self.closest(word, &candidates) {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.room == 0 => "correct the name".to_owned(),
            None => format!("use {}", join_or(candidates())),
        }
    }
}

/// Returns the number of typing errors that turn a word into another one.
pub fn typing_errors(word: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(word, other)
}

#[cfg(test)]
mod tests {
    use super::Suggestions;

    #[test]
    fn work_is_limited() {
        let names: Vec<String> = (0..10_000).map(|at| format!("group-{at:058}")).collect();
        let names = || names.iter().map(String::as_str);
        let mut suggestions = Suggestions::default();
        let word = format!("group-{:058}", 20_000);
        let first = suggestions.did_you_mean(&word, names);
        assert!(first.starts_with("did you mean"), "{first}");
        for _ in 0..100 {
            suggestions.did_you_mean(&word, names);
        }
        assert_eq!(suggestions.did_you_mean(&word, names), "correct the name");
    }
}
