//! The page of all messages.

use kubectl_fleet::diagnostic::{Code, Exit};

use super::page::{Fence, Page};
use crate::fleet::Fleet;

#[test]
fn every_code_has_its_section() {
    let page = Page::read("docs/messages.md");
    let base: Vec<&Fence> = page.under("# Codes").collect();
    let headings: Vec<String> = page
        .headings()
        .filter(|heading| heading.starts_with("### `"))
        .map(ToOwned::to_owned)
        .collect();
    let expected = |code: &Code| format!("### `{}`", code.name());
    assert_eq!(headings, Code::ALL.iter().map(expected).collect::<Vec<_>>());
    for (code, heading) in Code::ALL.iter().zip(&headings) {
        let exit = match code.exit() {
            None => "A warning".to_owned(),
            Some(Exit::Files) => "Exit code 3".to_owned(),
            Some(Exit::Guard) => "Exit code 4".to_owned(),
            Some(Exit::Environment) => "Exit code 5".to_owned(),
        };
        let body = page.body(heading);
        let first = format!("\n{} *{exit}.*\n", code.about());
        assert!(body.starts_with(&first), "{heading} begins with {first}");
        assert!(body.contains("\n**Mend:** "), "{heading} says what to do");
        let change: Vec<&Fence> = page.under(heading).collect();
        if change.is_empty() {
            assert!(body.contains("\nFor example: "), "{heading} has an example");
            continue;
        }
        let fleet = Fleet::empty();
        for fence in base.iter().chain(&change) {
            let path = fence.path().expect("a file");
            let head = match fence.text.lines().any(|line| line.starts_with("kind:")) {
                _ if path != "fleet.yaml" => "",
                true => "",
                false => "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\n",
            };
            fleet.write(path, format!("{head}{}", fence.text));
        }
        let json = fleet.run(&["validate", "-o", "json"]).stdout;
        let found: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let found: Vec<_> = found["messages"].as_array().expect("messages").clone();
        let found: Vec<_> = found.iter().map(|message| &message["code"]).collect();
        assert!(
            found.iter().all(|found| *found == code.name()) && !found.is_empty(),
            "the example of {heading} gives {found:?}"
        );
    }
}
