//! Links, sizes, and the way from the index to every page.

use std::collections::BTreeSet;

use super::page::{Page, pages};
use crate::repository;

/// Maximum number of lines of a page.
const LINES: usize = 400;
const INDEX: &str = "docs/README.md";

#[test]
fn links_resolve() {
    for page in pages() {
        for link in page.links() {
            let (target, anchor) = page.target(&link);
            assert!(
                repository::root().join(&target).exists(),
                "{}: {link}",
                page.path
            );
            if !anchor.is_empty() {
                let anchors = Page::read(&target).anchors();
                assert!(
                    anchors.iter().any(|known| known == anchor),
                    "{}: {link}",
                    page.path
                );
            }
        }
    }
}

#[test]
fn no_page_is_too_long() {
    for page in pages() {
        let lines = page.lines();
        assert!(lines <= LINES, "{} has {lines} lines", page.path);
    }
}

/// Returns the pages below `docs/` that a page links to.
fn linked(path: &str) -> impl Iterator<Item = String> {
    let page = Page::read(path);
    let targets: Vec<String> = page
        .links()
        .iter()
        .map(|link| page.target(link).0)
        .collect();
    let is_page = |target: &String| target.starts_with("docs/");
    targets.into_iter().filter(is_page)
}

#[test]
fn every_page_is_within_two_clicks_of_the_index() {
    let mut reached: BTreeSet<String> = linked(INDEX).collect();
    for path in reached.clone() {
        reached.extend(linked(&path));
    }
    for page in pages().iter().filter(|page| page.path.starts_with("docs/")) {
        let is_reached = page.path == INDEX || reached.contains(&page.path);
        assert!(is_reached, "{} is not within two clicks", page.path);
    }
}
