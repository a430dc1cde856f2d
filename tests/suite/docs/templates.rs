//! Built-in templates and expressions.

use std::borrow::Cow;
use std::collections::BTreeSet;

use kubectl_fleet::builtin::{self, BuiltIn};
use kubectl_fleet::template::BUILT_IN;
use kubectl_fleet::template::evaluate::evaluate;
use kubectl_fleet::tree::expression::{references, split};

use super::page::Page;

/// Returns the comment above the first line whose first variable of the author is `name`.
fn comment_of(name: &str, template: &str) -> String {
    let lines: Vec<&str> = template.lines().map(str::trim).collect();
    let is_first = |line: &str| {
        let segments = split(line).unwrap_or_default();
        let of_author = references(&segments)
            .into_iter()
            .find(|template| is_of_author(template.path))
            .map(|template| template.path.join("."));
        of_author.as_deref() == Some(name)
    };
    let at = (1..lines.len())
        .find(|at| lines[at - 1].starts_with("# ") && is_first(lines[*at]))
        .unwrap_or_else(|| panic!("a comment is above `{name}`"));
    let above = lines[..at].iter().rev();
    let mut comment: Vec<&str> = above.map_while(|line| line.strip_prefix("# ")).collect();
    comment.reverse();
    comment.join(" ")
}

/// Returns `true` if the author of the fleet sets the variable, or the field of an entry.
fn is_of_author(path: &[String]) -> bool {
    !BUILT_IN.contains(&path[0].as_str()) || (path[0] == "WITH" && path.len() > 1)
}

#[test]
fn every_built_in_template_is_documented() {
    let pages = ["clusters", "registration", "aws-identities", "teams"];
    let pages =
        pages.map(|name| Page::read(&format!("docs/reference/built-in-templates/{name}.md")));
    let mut headings: Vec<String> = pages.iter().flat_map(Page::codes).collect();
    headings.sort();
    let names: Vec<&str> = builtin::ALL.iter().map(|template| template.name).collect();
    assert_eq!(headings, names);
    for BuiltIn { name, text } in builtin::ALL {
        let has_template = |page: &&Page| page.codes().iter().any(|code| code == name);
        let page = pages.iter().find(has_template).expect(name);
        let heading = format!("## `{name}`");
        let rows = page.rows_under(&heading, "| variable | default | meaning |");
        let mut used = BTreeSet::new();
        for reference in references(&split(text).expect("expressions")) {
            if is_of_author(reference.path) {
                used.insert(reference.path.join("."));
            }
        }
        let documented: BTreeSet<String> = rows.iter().map(|row| row[0].clone()).collect();
        assert_eq!(used, documented, "the variables of {name}");
        for row in &rows {
            let (variable, meaning) = (&row[0], &row[2]);
            let is_used = |written: String| text.contains(&written);
            match row[1].as_str() {
                "required" => {
                    let with_default = format!("${{{variable}:=");
                    assert!(!is_used(with_default), "{name}: {variable}");
                }
                default => {
                    let written = format!("${{{variable}:={default}}}");
                    assert!(is_used(written), "{name}: {variable}");
                    let bare = format!("${{{variable}}}");
                    assert!(!is_used(bare), "{name}: {variable}");
                }
            }
            assert_eq!(comment_of(variable, text), *meaning, "{name}");
        }
        let line = format!("file: builtin:{name}\n");
        let is_shown = page.under(&heading).any(|fence| fence.text.contains(&line));
        assert!(is_shown, "{name} is used in a fleet");
    }
}

#[test]
fn expressions_have_the_documented_results() {
    let page = Page::read("docs/reference/expressions.md");
    let rows = page.rows("| expression | meaning | result |");
    assert!(rows.len() > 15);
    for row in rows {
        for written in row[0].split("`, `") {
            let mut lookup = |path: &[String]| match path.join(".").as_str() {
                "V" => Some(Cow::Borrowed("v1.34.0")),
                "E" => Some(Cow::Borrowed("")),
                _ => None,
            };
            let segments = split(written).expect(written);
            let given = evaluate(&segments, written, &mut lookup).expect(written);
            assert_eq!(given, row[2], "{written}");
        }
    }
}
