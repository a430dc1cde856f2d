//! Differences between the lines of two strings.

use std::fmt::Write as _;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// Number of equal lines around a change in a unified diff.
const CONTEXT: usize = 3;

/// Lines that differ between two strings. Lines count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The lines of the first string.
    pub before: Range<usize>,
    /// The lines of the second string.
    pub after: Range<usize>,
}

/// Returns the lines that differ between two strings, in order.
pub fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let range = |range: &Range<u32>| range.start as usize..range.end as usize;
    let hunks = diff.hunks().map(|hunk| Hunk {
        before: range(&hunk.before),
        after: range(&hunk.after),
    });
    hunks.collect()
}

/// Returns the differences as a unified diff that `patch` and `git apply` read; empty if the strings are equal.
///
/// `names` are the two names in its header. The name `/dev/null` means that the file does not exist.
pub fn unified(before: &str, after: &str, names: [&str; 2]) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let mut out = String::new();
    let mut hunks = hunks(before, after).into_iter().peekable();
    while let Some(first) = hunks.next() {
        if out.is_empty() {
            let _ = write!(out, "--- {}\n+++ {}\n", names[0], names[1]);
        }
        let mut group = vec![first];
        let ends = |group: &[Hunk]| group.last().map_or(0, |hunk| hunk.before.end);
        while let Some(next) = hunks.next_if(|next| next.before.start - ends(&group) <= 2 * CONTEXT)
        {
            group.push(next);
        }
        print(&group, (&old, &new), &mut out);
    }
    out
}

/// Appends changes that are close to each other, with equal lines around them.
fn print(group: &[Hunk], (old, new): (&[&str], &[&str]), out: &mut String) {
    let [Some(first), Some(last)] = [group.first(), group.last()] else {
        return;
    };
    let leading = first.before.start.min(CONTEXT);
    let trailing = (old.len() - last.before.end).min(CONTEXT);
    let before = first.before.start - leading..last.before.end + trailing;
    let after = first.after.start - leading..last.after.end + trailing;
    let _ = writeln!(out, "@@ -{} +{} @@", numbers(&before), numbers(&after));
    let mut add = |sign: char, lines: &[&str]| {
        for line in lines {
            out.push(sign);
            out.push_str(line);
            if !line.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    };
    let mut at = before.start;
    for hunk in group {
        add(' ', &old[at..hunk.before.start]);
        add('-', &old[hunk.before.clone()]);
        add('+', &new[hunk.after.clone()]);
        at = hunk.before.end;
    }
    add(' ', &old[at..before.end]);
}

/// Returns the first line and the number of lines in the form of a unified diff.
fn numbers(lines: &Range<usize>) -> String {
    match lines.len() {
        1 => format!("{}", lines.start + 1),
        0 => format!("{},0", lines.start),
        count => format!("{},{count}", lines.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn unified_diffs_have_the_form_of_diff() {
        for (before, after, expected) in [
            ("a\n", "a\n", ""),
            ("", "a\n", "@@ -0,0 +1 @@\n+a\n"),
            ("a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n"),
            (
                "a",
                "a\n",
                "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
            ),
            (
                "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
                "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
                "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n",
            ),
            (
                "a\n1\n2\n3\n4\n5\n6\nb\n",
                "A\n1\n2\n3\n4\n5\n6\nB\n",
                "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n",
            ),
        ] {
            let header = if expected.is_empty() {
                ""
            } else {
                "--- f\n+++ f\n"
            };
            assert_eq!(
                unified(before, after, ["f", "f"]),
                format!("{header}{expected}")
            );
        }
    }
}
