//! The keys of `fleet.yaml`, and the variables.

use kubectl_fleet::input::fleet;
use kubectl_fleet::input::key::{Key, Type};
use kubectl_fleet::template::BUILT_IN;

use crate::repository;

/// The quoted words between two marks, wherever both stand in a text.
fn words<'t>(text: &'t str, begin: &str, end: &str) -> Vec<&'t str> {
    let lists = text.split(begin).skip(1);
    let list = |rest: &'t str| rest.split(end).next().unwrap_or_default();
    lists
        .flat_map(|rest| list(rest).split('"').skip(1).step_by(2))
        .collect()
}

/// Adds the names of keys, and of those in their values.
fn add_keys(keys: &[Key], known: &mut Vec<String>) {
    for (number, key) in keys.iter().enumerate() {
        assert!(key.doc.ends_with('.'), "{}: {}", key.name, key.doc);
        let is_new = keys[..number].iter().all(|other| other.name != key.name);
        assert!(is_new, "{} is named once", key.name);
        known.push(key.name.to_owned());
        add_keys_of(key.value, known);
    }
}

fn add_keys_of(value: Type, known: &mut Vec<String>) {
    match value {
        Type::Form(keys) => add_keys(&keys(), known),
        Type::Sequence(item) => add_keys_of(*item, known),
        Type::OneOf(types) => types.iter().for_each(|one| add_keys_of(*one, known)),
        _ => {}
    }
}

#[test]
fn every_key_and_variable_is_documented() {
    let page = repository::read("docs/language.md");
    let mut known: Vec<String> = BUILT_IN.iter().map(|name| (*name).to_owned()).collect();
    add_keys(&fleet::keys(), &mut known);
    let schema = repository::read("src/passes/resolve/schema.rs");
    let keywords = words(&schema, "const KEYWORDS", "];");
    known.extend(keywords.iter().map(|keyword| (*keyword).to_owned()));
    for wanted in [
        "budgets",
        "clusters",
        "dependsOn",
        "list",
        "manifests",
        "runtimeValues",
        "matchLabels",
        "output",
        "pattern",
        "LABELS",
    ] {
        assert!(
            known.iter().any(|known| known == wanted),
            "{wanted} is found"
        );
    }
    for name in known {
        assert!(
            page.contains(&format!("`{name}`")),
            "`{name}` is documented"
        );
    }
}
