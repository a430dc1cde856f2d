//! Plain words: phrases that must not return, and the form of doc comments.

use std::path::Path;

use crate::repository::{self, read, root};

/// Phrases that read badly, and better ones. They are checked in comments, messages and documentation, but
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

/// Lines that use a phrase correctly: a part of the path, and a part of the line.
const EXCEPTIONS: [(&str, &str); 3] = [
    ("docs/", "#outside-folder"),
    ("docs/", "#unwatched-folder"),
    ("docs/", "#variant-not-told"),
];

/// First words of doc comments that end like a verb.
const NO_VERBS: [&str; 8] = [
    "As", "Has", "Is", "Its", "Lines", "Names", "This", "Whether",
];

/// A line of prose, with its file and number.
struct Line {
    path: String,
    number: usize,
    text: String,
}

/// Returns a line without code between backticks.
fn prose(path: &str, number: usize, line: &str) -> Line {
    let parts: Vec<&str> = line.split('`').step_by(2).collect();
    Line {
        path: path.to_owned(),
        number: number + 1,
        text: parts.join("`"),
    }
}

/// Returns the lines of Markdown pages without code blocks.
fn pages() -> Vec<Line> {
    let top = [
        "README",
        "ARCHITECTURE",
        "CHANGELOG",
        "CONTRIBUTING",
        "SECURITY",
    ];
    let mut paths: Vec<String> = top.iter().map(|name| format!("{name}.md")).collect();
    let docs = repository::files(&root().join("docs")).into_iter();
    paths.extend(docs.map(|path| format!("docs/{path}")));
    paths.retain(|path| Path::new(path).extension() == Some("md".as_ref()));
    let mut lines = Vec::new();
    for path in paths {
        let mut is_code = false;
        for (number, line) in read(&path).lines().enumerate() {
            if line.trim_start().starts_with("```") {
                is_code = !is_code;
            } else if !is_code {
                lines.push(prose(&path, number, line));
            }
        }
    }
    lines
}

/// Returns the comments and the strings with spaces of Rust files.
fn comments_and_messages() -> Vec<Line> {
    let mut lines = Vec::new();
    for (path, contents) in repository::sources("src") {
        for (number, line) in contents.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                lines.push(prose(&path, number, line));
            } else {
                let strings = line.split('"').skip(1).step_by(2);
                let messages = strings.filter(|string| string.contains(' '));
                lines.extend(messages.map(|message| prose(&path, number, message)));
            }
        }
    }
    lines
}

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
    let mut lines = pages();
    lines.extend(comments_and_messages());
    let mut found = Vec::new();
    let mut unused = EXCEPTIONS.to_vec();
    for line in &lines {
        for (phrase, better) in PHRASES {
            if !contains(&line.text, phrase) {
                continue;
            }
            let is_exception = |exception: &&(&str, &str)| {
                line.path.contains(exception.0) && line.text.contains(exception.1)
            };
            if let Some(exception) = EXCEPTIONS.iter().find(is_exception) {
                unused.retain(|other| other != exception);
            } else {
                let Line { path, number, text } = line;
                found.push(format!(
                    "{path}:{number}: `{phrase}`, better {better}: {}",
                    text.trim()
                ));
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} lines\n{}",
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
