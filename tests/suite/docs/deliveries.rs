//! The pages about delivery methods show the same fleet, and a migration from each method to each other.

use std::collections::BTreeSet;

use kubectl_fleet::input::delivery::{self, NAMES};
use kubectl_fleet::model::delivery::Target;

use super::page::{Fence, Page, pages};

/// Returns the files under a heading.
fn files<'p>(page: &'p Page, heading: &str) -> Vec<&'p Fence> {
    let fences = page.under(heading);
    fences.filter(|fence| fence.path().is_some()).collect()
}

/// Returns a file without its line `deliver`, and the delivery method of that line.
fn delivered(fence: &Fence) -> (String, Option<&str>) {
    let sets_deliver = |line: &&str| line.starts_with("deliver: ");
    let rest: Vec<&str> = fence
        .text
        .lines()
        .filter(|line| !sets_deliver(line))
        .collect();
    let line = fence.text.lines().find(sets_deliver);
    let line = line.and_then(|line| line.strip_prefix("deliver: "));
    (rest.join("\n"), line)
}

#[test]
fn delivery_methods_are_documented_with_the_same_fleet() {
    let pages = pages();
    let pages: Vec<(&str, &Page)> = pages
        .iter()
        .filter_map(|page| {
            let name = page.path.strip_prefix("docs/reference/delivery/")?;
            Some((name.strip_suffix(".md")?, page))
        })
        .collect();
    // The page about custom methods shows another fleet.
    let pages: Vec<(&str, &Page)> = pages
        .into_iter()
        .filter(|(name, _)| *name != "custom")
        .collect();
    let names: Vec<&str> = pages.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["argocd", "caaph", "flux", "sveltos"]);
    for (name, page) in &pages {
        let same = |(first, second): (&&Fence, &&Fence)| {
            assert_eq!(first.info, second.info, "{name}");
            assert_eq!(delivered(first).0, delivered(second).0, "{name}");
        };
        let shown = files(page, "## Generated objects");
        let first = files(pages[0].1, "## Generated objects");
        assert_eq!(shown.len(), first.len(), "{name}");
        shown.iter().zip(&first).for_each(same);
        assert_eq!(delivered(shown[0]).1, Some(*name));
        let moved = files(page, "## Migrate to it");
        let mut others = names.clone();
        others.retain(|second| second != name);
        let mut from: Vec<&str> = moved
            .iter()
            .filter_map(|fence| delivered(fence).1)
            .collect();
        assert_eq!(from.pop(), Some(*name), "the last fleet is delivered by it");
        from.sort_unstable();
        assert_eq!(from, others, "{name}: a move from each of the others");
        let steps: Vec<String> = moved
            .iter()
            .filter(|fence| delivered(fence).1.is_some())
            .map(|fence| {
                let words = ["  onRemove: leave\n", "  takeOwnership: true\n"];
                let rest = delivered(fence).0;
                words.iter().fold(rest, |rest, word| rest.replace(word, ""))
            })
            .collect();
        assert!(steps.len() == 4 && steps.iter().all(|step| *step == steps[0]));
        let prints = page.under("## Migrate to it");
        let prints = prints.filter(|fence| fence.info == "console").count();
        assert_eq!(prints, 4, "{name}: what each step prints");
    }
}

/// Returns the strings in backticks of a cell without its outer backticks.
fn quoted(cell: &str) -> Vec<String> {
    let words = cell.split('`').step_by(2);
    words.map(ToOwned::to_owned).collect()
}

#[test]
fn keys_targets_and_names_of_delivery_methods_are_documented() {
    let page = Page::read("docs/reference/delivery/custom.md");
    let first = |head: &str| -> Vec<String> {
        let rows = page.rows(head);
        rows.iter().flat_map(|row| quoted(&row[0])).collect()
    };
    let keys: BTreeSet<String> = first("| key | meaning | default |").into_iter().collect();
    let [known, of_lookups] = delivery::keys();
    let known = known.into_iter().map(|key| key.name.to_owned());
    assert_eq!(keys, known.collect(), "keys of the first document");
    let rows = page.rows("| key | meaning | default |");
    let lookups = rows.iter().find(|row| row[0] == "lookups").expect("a row");
    for key in of_lookups {
        let key = format!("`{}`", key.name);
        assert!(lookups[1].contains(&key), "{key} of `lookups`");
    }
    let known = Target::ALL.map(|(name, _)| name.to_owned());
    let targets: BTreeSet<String> = first("| `$for` | an object for each |")
        .into_iter()
        .collect();
    assert_eq!(targets, known.into(), "targets");
    let rows = page.rows("| name | available for | value |");
    let rows = rows.iter().map(|row| (row[0].clone(), quoted(&row[1])));
    let known = NAMES.iter().map(|(name, targets)| {
        let targets = targets.iter().map(|target| target.name().to_owned());
        ((*name).to_owned(), targets.collect())
    });
    let known: Vec<(String, Vec<String>)> = known.collect();
    assert_eq!(rows.collect::<Vec<_>>(), known, "names");
}
