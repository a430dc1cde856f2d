//! Plain words: phrases that must not return, and the form of doc comments.

mod blocks;
mod source;

use crate::repository;
use blocks::Block;

/// Phrases that read badly, and better ones. They are checked in comments, strings and documentation, but
/// not in code or between backticks.
const PHRASES: [(&str, &str); 32] = [
    ("a text", "a string"),
    ("anew", "again"),
    ("as good as", "treated as"),
    ("asked for", "requested"),
    ("beside", "next to, in addition to"),
    ("by itself", "automatically"),
    ("folder", "directory"),
    ("folders", "directories"),
    ("hang on", "depend on"),
    ("hangs on", "depends on"),
    ("has to", "must"),
    ("have to", "must"),
    ("in silence", "silently"),
    ("is no news", "is not reported"),
    ("may not", "must not, cannot"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("mistake", "error"),
    ("mistakes", "errors"),
    ("nobody", "no user"),
    ("none if", "Returns `None` if"),
    ("none where", "Returns `None` if"),
    ("of before", "previous"),
    ("refuse", "reject, report"),
    ("refuses", "rejects, reports"),
    ("said", "set, stated"),
    ("somebody", "you, the user"),
    ("told", "reported"),
    ("vanish", "be deleted"),
    ("whatever", "regardless of"),
    ("whoever", "you, the user"),
    ("without end", "indefinitely"),
];

/// Blocks that use a phrase correctly: a part of the path, and a part of the block.
const EXCEPTIONS: [(&str, &str); 3] = [
    ("docs/", "#outside-folder"),
    ("docs/", "#unwatched-folder"),
    ("docs/", "#variant-not-told"),
];

/// First words of doc comments that end like a verb.
const NO_VERBS: [&str; 8] = [
    "As", "Has", "Is", "Its", "Lines", "Names", "This", "Whether",
];

/// Returns `true` if a text contains a phrase between other characters than letters.
fn contains(text: &str, phrase: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(phrase).any(|(at, _)| {
        let is_letter = |other: Option<char>| other.is_some_and(char::is_alphanumeric);
        !is_letter(text[..at].chars().next_back())
            && !is_letter(text[at + phrase.len()..].chars().next())
    })
}

#[test]
fn prose_uses_standard_terms() {
    let mut blocks = blocks::pages();
    blocks.extend(blocks::sources());
    blocks.extend(blocks::configurations());
    let mut found = Vec::new();
    let mut unused = EXCEPTIONS.to_vec();
    for Block { path, line, text } in &blocks {
        for (phrase, better) in PHRASES {
            if !contains(text, phrase) {
                continue;
            }
            let is_exception = |exception: &&(&str, &str)| {
                path.contains(exception.0) && text.contains(exception.1)
            };
            if let Some(exception) = EXCEPTIONS.iter().find(is_exception) {
                unused.retain(|other| other != exception);
            } else {
                found.push(format!(
                    "{path}:{line}: `{phrase}`, better {better}: {text}"
                ));
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} blocks\n{}",
        found.len(),
        found.join("\n")
    );
    assert!(unused.is_empty(), "unused exceptions: {unused:?}");
}

#[test]
fn doc_comments_of_functions_begin_with_a_verb() {
    let mut found = Vec::new();
    for (path, contents) in repository::sources("src") {
        let mut first: Option<(usize, &str)> = None;
        for (number, line) in contents.lines().enumerate() {
            let line = line.trim_start();
            if let Some(comment) = line.strip_prefix("///") {
                first.get_or_insert((number + 1, comment.trim()));
            } else if !line.starts_with("#[") {
                let comment = first.take().filter(|_| is_function(line));
                if let Some((number, comment)) = comment.filter(|(_, comment)| !is_verb(comment)) {
                    found.push(format!("{path}:{number}: {comment}"));
                }
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} comments\n{}",
        found.len(),
        found.join("\n")
    );
}

/// Returns `true` if a line begins a function.
fn is_function(line: &str) -> bool {
    let mut words = line.split(' ');
    words.any(|word| word == "fn") && !line.starts_with("//")
}

/// Returns `true` if a sentence begins with a verb in the third person.
fn is_verb(sentence: &str) -> bool {
    let end = sentence.find(|other: char| !other.is_alphabetic());
    let first = &sentence[..end.unwrap_or(sentence.len())];
    first.ends_with('s') && !NO_VERBS.contains(&first)
}
