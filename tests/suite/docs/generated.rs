//! The generated parts of pages: keys, commands, codes, message texts, and tables of contents.
//!
//! A part is between `<!-- generated: NAME -->` and `<!-- end -->`. `SNAPSHOTS=overwrite` writes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use kubectl_fleet::diagnostic::Code;
use kubectl_fleet::diff::consequence::{all, rows};
use kubectl_fleet::input::fleet;
use kubectl_fleet::input::key::{Key, Type};

use super::messages::{MESSAGES, severity};
use super::page::{Page, anchor, is_overwriting, overwrite};
use crate::campaign;
use crate::fleet::run;
use crate::repository;

/// A page with more lines needs a table of contents.
const LINES_WITHOUT_CONTENTS: usize = 150;
/// Maximum number of messages of one code.
const TEXTS: usize = 6;
/// The commands that have their own page.
const GROUPS: [&str; 8] = [
    "get",
    "explain",
    "report",
    "add",
    "remove",
    "argocd",
    "schema",
    "completion",
];
const END: &str = "<!-- end -->\n";

/// Compares a generated part of a page, or writes it.
fn check(path: &str, name: &str, expected: &str) {
    assert!(!expected.is_empty(), "`{name}` in {path}");
    let page = repository::read(path);
    let begin = format!("<!-- generated: {name} -->\n");
    let (_, rest) = page
        .split_once(&begin)
        .unwrap_or_else(|| panic!("{path} has no line {begin}"));
    let (found, _) = rest.split_once(END).expect(path);
    if found != expected {
        assert!(
            is_overwriting(),
            "`{name}` in {path} is out of date; run this test with SNAPSHOTS=overwrite. Expected:\n{expected}"
        );
        let [found, expected] = [found, expected].map(|part| format!("{begin}{part}{END}"));
        overwrite(path, &found, &expected);
    }
}

/// One test, because two parts can be in one page.
#[test]
fn generated_parts_are_current() {
    check("docs/reference/fleet-yaml.md", "keys", &keys());
    check(
        "docs/reference/consequences/README.md",
        "consequences",
        &all(),
    );
    for (name, rows) in rows() {
        check(
            &format!("docs/reference/consequences/{name}.md"),
            "rows",
            &rows,
        );
    }
    check("docs/reference/cli.md", "commands", &commands(&[]));
    let edits = "docs/explanation/what-an-edit-destroys.md";
    check(edits, "campaign", &campaign::table());
    for group in GROUPS {
        let path = format!("docs/reference/cli-{group}.md");
        check(&path, "commands", &commands(&[group]));
    }
    check("docs/reference/messages/README.md", "codes", &codes());
    let texts = texts();
    for name in MESSAGES {
        let path = format!("docs/reference/messages/{name}.md");
        let texts = texts_of(&Page::read(&path), &texts);
        // Applications have no cases in `testdata/`.
        if name != "argocd" {
            check(&path, "texts", &texts);
        }
    }
    for page in super::page::pages() {
        let is_long = page.lines() > LINES_WITHOUT_CONTENTS && page.path.starts_with("docs/");
        if is_long || repository::read(&page.path).contains("<!-- generated: contents -->") {
            check(&page.path, "contents", &contents(&page));
        }
    }
}

/// Returns the links to the headings of the second level.
fn contents(page: &Page) -> String {
    let titles = page
        .headings()
        .filter_map(|heading| heading.strip_prefix("## "));
    titles.fold(String::new(), |mut list, title| {
        writeln!(list, "- [{title}](#{})", anchor(title)).unwrap();
        list
    })
}

/// Returns the table of all keys of `fleet.yaml`.
fn keys() -> String {
    let mut rows = "| key | value | required | description |\n|---|---|---|---|\n".to_owned();
    add_keys(&fleet::keys(), "", &mut BTreeMap::new(), &mut rows);
    rows
}

/// Paths of mappings that the table contains, by the names and descriptions of their keys.
type Mappings = BTreeMap<Vec<(&'static str, &'static str)>, String>;

fn add_keys(keys: &[Key], parent: &str, known: &mut Mappings, rows: &mut String) {
    for key in keys {
        assert!(key.doc.ends_with('.'), "{}: {}", key.name, key.doc);
        let path = format!("{parent}{}", key.name);
        let required = if key.is_required { "yes" } else { "" };
        let mut below = String::new();
        let same = add_keys_of(key.value, &path, known, &mut below);
        let same = same.map(|path| format!(", as `{path}`"));
        let value = type_name(key.value) + &same.unwrap_or_default();
        writeln!(rows, "| `{path}` | {value} | {required} | {} |", key.doc).unwrap();
        rows.push_str(&below);
    }
}

/// Adds the keys in the value of a key. Returns the path of the same keys if the table contains them.
fn add_keys_of(value: Type, path: &str, known: &mut Mappings, rows: &mut String) -> Option<String> {
    match value {
        Type::Form(keys) => {
            let keys = keys();
            let names = keys.iter().map(|key| (key.name, key.doc)).collect();
            if let Some(same) = known.get(&names) {
                return Some(same.clone());
            }
            known.insert(names, path.to_owned());
            add_keys(&keys, &format!("{path}."), known, rows);
            None
        }
        Type::Sequence(item) => add_keys_of(*item, &format!("{path}[]"), known, rows),
        Type::OneOf(types) => {
            let mut types = types.iter();
            types.find_map(|field_type| add_keys_of(*field_type, path, known, rows))
        }
        _ => None,
    }
}

fn type_name(value: Type) -> String {
    match value {
        Type::Any => "any".to_owned(),
        Type::String => "string".to_owned(),
        Type::Template => "string, with expressions".to_owned(),
        Type::Boolean => "`true` or `false`".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Enum(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            words.join(" or ")
        }
        Type::Sequence(Type::Template) => "sequence of strings, with expressions".to_owned(),
        Type::Sequence(Type::String) => "sequence of strings".to_owned(),
        Type::Sequence(Type::Form(_)) => "sequence of mappings".to_owned(),
        Type::Sequence(item) => format!("sequence of: {}", type_name(*item)),
        Type::Map | Type::Form(_) => "mapping".to_owned(),
        Type::OneOf(types) => {
            let names: Vec<String> = types
                .iter()
                .map(|field_type| type_name(*field_type))
                .collect();
            names.join(" or ")
        }
    }
}

/// Returns the help of a command and of those below it, each under a heading.
fn commands(command: &[&str]) -> String {
    let args = [command, &["--help"]].concat();
    let help = run(repository::root(), &args).output();
    let name = [&["kubectl fleet"], command].concat().join(" ");
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let list = list.lines().take_while(|line| !line.is_empty());
    let names = list.filter_map(|line| line.split_whitespace().next());
    let names = names.filter(|name| *name != "help" && !GROUPS.contains(name));
    let below = names.map(|name| commands(&[command, &[name]].concat()));
    format!(
        "## `{name}`\n\n```text\n{help}```\n\n{}",
        below.collect::<String>()
    )
}

/// Returns the table of all codes.
fn codes() -> String {
    let mut rows = "| code | summary | |\n|---|---|---|\n".to_owned();
    for name in MESSAGES {
        for code in Page::read(&format!("docs/reference/messages/{name}.md")).codes() {
            let known = Code::ALL.iter().find(|known| known.name() == code);
            let known = known.unwrap_or_else(|| panic!("{code} is a code"));
            let link = format!("[`{code}`]({name}.md#{code})");
            writeln!(
                rows,
                "| {link} | {} | {} |",
                known.summary(),
                severity(*known)
            )
            .unwrap();
        }
    }
    rows
}

/// Returns the messages that the cases of `testdata/` contain, by code. Messages that differ only in backticks
/// count once.
fn texts() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut texts: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (kind, golden) in [("err", "err.txt"), ("ok", "out/stderr.txt")] {
        for case in repository::entries(&format!("testdata/{kind}")) {
            let messages = fs::read_to_string(case.join(golden)).unwrap_or_default();
            for line in messages.lines() {
                let code = line
                    .strip_prefix("error[")
                    .or_else(|| line.strip_prefix("warning["));
                let Some((code, text)) = code.and_then(|line| line.split_once("]: ")) else {
                    continue;
                };
                let form: Vec<&str> = text.split('`').step_by(2).collect();
                let shortest = texts.entry(code.to_owned()).or_default();
                let known = shortest
                    .entry(form.join("`"))
                    .or_insert_with(|| text.to_owned());
                if text.len() < known.len() {
                    text.clone_into(known);
                }
            }
        }
    }
    texts
}

/// Returns the messages of the codes of a page.
fn texts_of(page: &Page, texts: &BTreeMap<String, BTreeMap<String, String>>) -> String {
    let mut list = String::new();
    for code in page.codes() {
        let texts = texts.get(&code).into_iter().flat_map(BTreeMap::values);
        for text in texts.take(TEXTS) {
            writeln!(list, "- [`{code}`](#{code}): {text}").unwrap();
        }
    }
    list
}
