//! The keys of `fleet.yaml`, and the variables.

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

#[test]
fn every_key_and_variable_is_documented() {
    let page = repository::read("docs/language.md");
    let mut known: Vec<String> = BUILT_IN.iter().map(|name| (*name).to_owned()).collect();
    // A list that is a ConfigMap and the file of a delivery method have keys of their own.
    let others = ["src/input/delivery", "src/input/list"];
    let sources = repository::sources("src/input").into_iter();
    for (_, source) in sources.filter(|(path, _)| !others.iter().any(|one| path.starts_with(one))) {
        let keys = [
            words(&source, "let keys = [", "]"),
            words(&source, "Mapping::read(", "]"),
            words(&source, "const KEYS", "];"),
            words(&source, "const SOFTWARE", "];"),
            words(&source, "const CHART", "];"),
        ];
        known.extend(
            keys.concat()
                .iter()
                .filter(|word| word.starts_with(char::is_lowercase) && !word.contains(' '))
                .map(|key| (*key).to_owned()),
        );
    }
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
