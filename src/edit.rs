//! Edits of lists and the lock: removals that keep all other bytes.

use crate::source::Span;
use crate::tree::{Entry, Node};

/// Returns the contents of a list without the member at `location`, or `None` if the member is the
/// whole file or cannot be removed. `documents` are those of the list.
pub fn remove_member(text: &str, documents: &[Node], location: Span) -> Option<String> {
    let contains = |span: Span| span.start <= location.start && location.end <= span.end;
    let document = documents.iter().find(|document| {
        let entries = document.entries().unwrap_or_default();
        let items = document.items().unwrap_or_default();
        entries.iter().any(|entry| contains(extent(entry)))
            || items.iter().any(|item| contains(item.span))
    })?;
    let is_config_map = document.get("kind").and_then(Node::text) == Some("ConfigMap");
    let members = document.get("data").filter(|_| is_config_map);
    let members = members.unwrap_or(document);
    let members: Vec<Span> = match members.items() {
        Some(items) => items.iter().map(|item| item.span).collect(),
        None => members.entries()?.iter().map(extent).collect(),
    };
    let at = members.iter().position(|span| contains(*span))?;
    let mut edited = text.to_owned();
    edited.replace_range(removal_range(text, &members, at), "");
    Some(edited)
}

/// Returns the contents of a file without the line at `location`.
pub fn remove_line(text: &str, location: Span) -> String {
    let start = text[..location.start as usize]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let end = text[location.start as usize..].find('\n');
    let end = end.map_or(text.len(), |at| location.start as usize + at + 1);
    let mut edited = text.to_owned();
    edited.replace_range(start..end, "");
    edited
}

/// Returns the span of an entry's key and value.
fn extent(entry: &Entry) -> Span {
    entry.key.span.to(entry.value.span)
}

/// Returns the byte range to remove for the member `spans[at]`.
fn removal_range(text: &str, spans: &[Span], at: usize) -> std::ops::Range<usize> {
    let span = spans[at];
    let start = span.start as usize;
    let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let before = text[line..start].trim_start_matches(' ');
    if before.is_empty() || before.trim_end() == "-" {
        let column = (start - line) - before.len();
        return line..block_end(text, line, column);
    }
    // In flow style, the range includes the comma after the member, or for the last member the comma before it.
    match (spans.get(at + 1), at.checked_sub(1)) {
        (Some(next), _) => start..next.start as usize,
        (None, Some(previous)) => spans[previous].end as usize..span.end as usize,
        (None, None) => start..span.end as usize,
    }
}

/// Returns the end of the block that begins in the line at `start`: before the next line with at most
/// the same indentation, and before the comments above that line.
fn block_end(text: &str, start: usize, column: usize) -> usize {
    let mut end = start;
    let mut at = start;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        let content = line.trim();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_loose = content.is_empty() || (content.starts_with('#') && indent <= column);
        if number > 0 && !is_loose && indent <= column {
            return end;
        }
        at += line.len();
        if !is_loose {
            end = at;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{remove_line, remove_member};
    use crate::diagnostic::Diagnostics;
    use crate::source::{Sources, Span};
    use crate::yaml::{self, NoMask};

    #[test]
    fn remove_member_keeps_other_bytes() {
        for (list, name, expected) in [
            (
                "# users\nalice: a\n# of bob\nbob: b # end\ncarol: c\n",
                "bob",
                "# users\nalice: a\n# of bob\ncarol: c\n",
            ),
            (
                "alice:\n  type: a\n  # inside\n  size: 1\n\n# of bob\nbob: b\n",
                "alice",
                "\n# of bob\nbob: b\n",
            ),
            ("alice: a\nbob: b", "bob", "alice: a\n"),
            (
                "{alice: a, bob: b, carol: c}\n",
                "alice",
                "{bob: b, carol: c}\n",
            ),
            ("{alice: a, bob: b}\n", "bob", "{alice: a}\n"),
            (
                "- name: alice\n  type: a\n- name: bob\n  type: b\n",
                "alice",
                "- name: bob\n  type: b\n",
            ),
            (
                "- {name: alice}\n- {name: bob}\n",
                "bob",
                "- {name: alice}\n",
            ),
            (
                "- type: a\n  name: alice\n# next\n- name: bob\n",
                "alice",
                "# next\n- name: bob\n",
            ),
            (
                "apiVersion: v1\nkind: ConfigMap\ndata:\n  alice: |\n    type: a\n\n    size: 1\n  bob: b\nmetadata: {name: x}\n",
                "alice",
                "apiVersion: v1\nkind: ConfigMap\ndata:\n  bob: b\nmetadata: {name: x}\n",
            ),
            ("alice: a\n---\nbob: b\n", "alice", "---\nbob: b\n"),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("list.yaml", list.to_owned());
            let mut diags = Diagnostics::default();
            let documents = yaml::parse(file, list, &NoMask, &mut diags).expect("YAML");
            let at = list.rfind(name).expect("the name");
            let location = Span::new(file, at..at + name.len());
            let edited = remove_member(list, &documents, location);
            assert_eq!(edited.as_deref(), Some(expected), "{list}");
        }
    }

    #[test]
    fn remove_line_removes_one_line() {
        let file = Sources::default().add("fleet.lock", String::new());
        let line = |at: usize| Span::new(file, at..at + 1);
        assert_eq!(remove_line("a/b\nc/d\n", line(0)), "c/d\n");
        assert_eq!(remove_line("a/b\nc/d", line(4)), "a/b\n");
    }
}
