//! Any string, parsed as a `.env` file, reported in messages, and written again.

#![no_main]

use std::fmt::Write as _;

use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::input::dotenv;
use kubectl_fleet::report;
use kubectl_fleet::source::{Sources, Span};
use kubectl_fleet::tree::Entry;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add(".env", text.to_owned());
    let text = sources.text(file);
    let mut diags = Diagnostics::default();
    let entries = dotenv::read(file, &text, &mut diags).unwrap_or_default();

    let mut names: Vec<&str> = entries.iter().map(name).collect();
    names.sort_unstable();
    assert!(
        names.windows(2).all(|pair| pair[0] != pair[1]),
        "duplicate name"
    );
    for entry in &entries {
        check_place(entry.key.span, &text);
        check_place(entry.value.span, &text);
        let scalar = entry.value.as_scalar().expect("a scalar");
        for slot in scalar.text.slots() {
            check_place(slot.span, &text);
        }
    }
    let is_read = diags.checkpoint().is_ok();
    let found = diags.into_sorted();
    for label in found
        .iter()
        .flat_map(|one| one.primary.iter().chain(&one.related))
    {
        check_place(label.span, &text);
    }
    report::render_text(&found, &sources);
    report::render_json(&found, &[], &sources);
    if is_read {
        is_read_back(&entries);
    }
});

/// Checks that the values without expressions are the same when each is in single quotes.
fn is_read_back(entries: &[Entry]) {
    let known = |entry: &&Entry| entry.value.is_literal();
    let written = entries
        .iter()
        .filter(known)
        .fold(String::new(), |mut text, entry| {
            let name = name(entry);
            match entry.value.text().filter(|_| !entry.value.is_null()) {
                Some(value) => writeln!(text, "{name}='{}'", value.replace('\'', "'\\''")),
                None => writeln!(text, "unset {name}"),
            }
            .expect("memory");
            text
        });
    let mut sources = Sources::default();
    let file = sources.add(".env", written);
    let mut diags = Diagnostics::default();
    let again = dotenv::read(file, &sources.text(file), &mut diags).unwrap_or_default();
    assert!(diags.checkpoint().is_ok(), "{}", sources.text(file));
    let same =
        |(one, other): (&Entry, &Entry)| name(one) == name(other) && one.value == other.value;
    assert_eq!(again.len(), entries.iter().filter(known).count());
    assert!(entries.iter().filter(known).zip(&again).all(same));
}

fn name(entry: &Entry) -> &str {
    entry.key.text.literal().expect("a name")
}

fn check_place(span: Span, text: &str) {
    assert!(
        text.get(span.start as usize..span.end as usize).is_some(),
        "{span:?}"
    );
}
