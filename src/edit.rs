//! Edits of lists and the lock: removals and insertions that keep all other bytes.

mod cut;
mod flow;
mod insert;
mod layout;
mod new_member;
mod splice;
mod style;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::source::Span;
use crate::tree::Node;

pub use cut::cut;
pub use insert::{Insertion, append, document, insertions};
pub use new_member::{NewMember, NewValue};
pub use splice::splice;

use layout::{block_end, line_start, members_of};

/// Returns the ranges to remove from a list for the members at `locations`, sorted, or the location of a member that is
/// the whole file or cannot be removed. `documents` are those of the list.
///
/// # Errors
///
/// Returns the location of a member that cannot be removed.
pub fn member_ranges(
    text: &str,
    documents: &[Node],
    locations: &[Span],
) -> Result<Vec<Range<usize>>, Span> {
    // The mappings and sequences with members to remove, by the start of their first member.
    let mut parents: BTreeMap<u32, (Vec<Span>, BTreeSet<usize>)> = BTreeMap::new();
    for location in locations {
        let mut documents = documents.iter();
        let found = documents.find_map(|document| find_member(document, *location));
        let (members, at) = found.ok_or(*location)?;
        let parent = parents.entry(members[0].start);
        let (_, removed) = parent.or_insert_with(|| (members, BTreeSet::new()));
        removed.insert(at);
    }
    let mut ranges = Vec::with_capacity(locations.len());
    for (members, removed) in parents.values() {
        if flow::is_flow(text, members[members.len() - 1]) {
            ranges.extend(flow::ranges(text, members, removed));
            continue;
        }
        for at in removed {
            ranges.push(block_range(text, members[*at]).ok_or(members[*at])?);
        }
    }
    ranges.sort_by_key(|range| range.start);
    Ok(ranges)
}

/// Returns the lines of a member in block style, or `None` if its first line contains something else.
fn block_range(text: &str, span: Span) -> Option<Range<usize>> {
    let start = span.start as usize;
    let line = line_start(text, start);
    let before = text[line..start].trim_start_matches(' ');
    let is_first = before.is_empty() || before.trim_end() == "-";
    let column = (start - line) - before.len();
    is_first.then(|| line..block_end(text, line, column))
}

/// Returns the range of the line at `location`.
pub fn line_range(text: &str, location: Span) -> Range<usize> {
    let start = text[..location.start as usize]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let end = text[location.start as usize..].find('\n');
    start..end.map_or(text.len(), |at| location.start as usize + at + 1)
}

/// Finds the mapping of which one key begins at `location`, or the innermost sequence with an item there, and returns the
/// spans of its members and the index of that one.
fn find_member(node: &Node, location: Span) -> Option<(Vec<Span>, usize)> {
    let contains = |span: Span| span.start <= location.start && location.start < span.end;
    let members = members_of(node)?;
    let starts = |span: &Span| span.start == location.start;
    if let Some(at) = members.iter().position(starts) {
        return Some((members, at));
    }
    let at = members.iter().position(|span| contains(*span))?;
    let child = match (node.entries(), node.items()) {
        (Some(entries), _) => &entries[at].value,
        (_, Some(items)) => &items[at],
        _ => return None,
    };
    // A string can contain the fields of a member, in a ConfigMap.
    let is_in_string = child.as_scalar().is_some() && child.span.start < location.start;
    let is_member = node.items().is_some() || is_in_string;
    find_member(child, location).or_else(|| is_member.then_some((members, at)))
}

#[cfg(test)]
mod tests {
    use super::{cut, line_range, member_ranges};
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
            ("alice: a\nbob: b", "bob", "alice: a"),
            ("\u{feff}alice: a\nbob: b\n", "alice", "\u{feff}bob: b\n"),
            (
                "alice: a\r\nbob: b\r\ncarol: c\n",
                "bob",
                "alice: a\r\ncarol: c\n",
            ),
            (
                "{alice: a, bob: b, carol: c}\n",
                "alice",
                "{bob: b, carol: c}\n",
            ),
            ("{alice: a, bob: b}\n", "bob", "{alice: a}\n"),
            (
                "- name: alice\n  type: a\n- name: bob\n  type: b\n",
                "name: alice",
                "- name: bob\n  type: b\n",
            ),
            (
                "- {name: alice}\n- {name: bob}\n",
                "{name: bob",
                "- {name: alice}\n",
            ),
            (
                "- type: a\n  name: alice\n# next\n- name: bob\n",
                "type: a",
                "# next\n- name: bob\n",
            ),
            (
                "apiVersion: v1\nkind: ConfigMap\ndata:\n  alice: |\n    type: a\n\n    size: 1\n  bob: b\nmetadata: {name: x}\n",
                "alice",
                "apiVersion: v1\nkind: ConfigMap\ndata:\n  bob: b\nmetadata: {name: x}\n",
            ),
            ("alice: a\n---\nbob: b\n", "alice", "---\nbob: b\n"),
            // JSON.
            (
                "{\n  \"alice\": {\n    \"size\": 1\n  },\n  \"bob\": {}\n}\n",
                "\"alice",
                "{\n  \"bob\": {}\n}\n",
            ),
            (
                "{\n  \"alice\": {},\n  \"bob\": {\n    \"size\": 1\n  }\n}",
                "\"bob",
                "{\n  \"alice\": {}\n}",
            ),
            (
                "[\r\n  {\"name\": \"alice\"},\r\n  {\"name\": \"bob\"}\r\n]\r\n",
                "{\"name\": \"bob",
                "[\r\n  {\"name\": \"alice\"}\r\n]\r\n",
            ),
            (
                "[\n  {\n    \"name\": \"alice\"\n  },\n  {\n    \"name\": \"bob\"\n  }\n]\n",
                "{\n    \"name\": \"alice",
                "[\n  {\n    \"name\": \"bob\"\n  }\n]\n",
            ),
            ("[{\"name\":\"alice\"}]", "{\"name", "[]"),
            (
                "{\"items\": [{\"name\":\"alice\"}, {\"name\":\"bob\"}]}",
                "{\"name\":\"bob",
                "{\"items\": [{\"name\":\"alice\"}]}",
            ),
            (
                "{\n  alice: a, # of alice\n  # of bob\n  bob: b, # end\n}\n",
                "bob: b",
                "{\n  alice: a, # of alice\n  # of bob\n}\n",
            ),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("list.yaml", list.to_owned());
            let text = sources.text(file);
            let mut diags = Diagnostics::default();
            let documents = yaml::parse(file, &text, &NoMask, &mut diags).expect("YAML");
            let at = text.rfind(&name.replace('\r', "")).expect("the name");
            let location = Span::new(file, at..at + 1);
            let ranges = member_ranges(&text, &documents, &[location]);
            let edited = ranges.map(|ranges| cut(list, &ranges));
            assert_eq!(edited.as_deref(), Ok(expected), "{list}");
        }
    }

    #[test]
    fn several_members_are_removed_at_once() {
        for (list, names, expected) in [
            (
                "a: 1\n# of b\nb: 2\nc: 3\n",
                &["a", "b"][..],
                "# of b\nc: 3\n",
            ),
            ("{a: 1, b: 2, c: 3}\n", &["b", "c"], "{a: 1}\n"),
            ("{a: 1, b: 2, c: 3}\n", &["c", "a"], "{b: 2}\n"),
            ("{a: 1, b: 2, c: 3}\n", &["a", "b", "c"], "{}\n"),
            (
                "[\n  {\"n\": \"a\"},\n  {\"n\": \"b\"},\n  {\"n\": \"c\"}\n]\n",
                &["{\"n\": \"b\"", "{\"n\": \"c\""],
                "[\n  {\"n\": \"a\"}\n]\n",
            ),
            (
                "a: 1\n---\n{b: 2, c: 3}\n---\nd: 4\n",
                &["a", "c", "d"],
                "---\n{b: 2}\n---\n",
            ),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("list.yaml", list.to_owned());
            let mut diags = Diagnostics::default();
            let documents = yaml::parse(file, list, &NoMask, &mut diags).expect("YAML");
            let location = |name: &&str| {
                let at = list.rfind(*name).expect("the name");
                Span::new(file, at..at + 1)
            };
            let locations: Vec<Span> = names.iter().map(location).collect();
            let ranges = member_ranges(list, &documents, &locations);
            let edited = ranges.map(|ranges| cut(list, &ranges));
            assert_eq!(edited.as_deref(), Ok(expected), "{list}");
        }
    }

    #[test]
    fn line_range_is_one_line() {
        let file = Sources::default().add("fleet.lock", String::new());
        let without = |text: &str, at: usize| {
            let range = line_range(text, Span::new(file, at..at + 1));
            cut(text, &[range])
        };
        assert_eq!(without("a/b\nc/d\n", 0), "c/d\n");
        assert_eq!(without("a/b\nc/d", 4), "a/b");
    }
}
