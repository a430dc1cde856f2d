//! Imports between the modules and files of `src/`.

mod source;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use source::{Source, sources};

use crate::repository;

/// The modules of `src/`, from the lowest to the highest layer, each with the modules that it imports.
const LAYERS: [(&str, &str); 27] = [
    ("lines", ""),
    ("source", ""),
    ("tree", "source"),
    ("diagnostic", "source"),
    ("builtin", "diagnostic"),
    ("report", "diagnostic source"),
    ("kinds", "diagnostic source tree"),
    ("files", "diagnostic lines source tree"),
    ("yaml", "diagnostic source tree"),
    ("edit", "source tree yaml"),
    ("template", "diagnostic source tree yaml"),
    ("model", "source template tree"),
    ("request", "model yaml"),
    (
        "input",
        "diagnostic files kinds model source template tree yaml",
    ),
    ("schema", "files input"),
    ("plan", "input kinds model source template tree yaml"),
    ("fill", "plan source template tree"),
    ("render", "files fill model plan request template tree yaml"),
    ("deliver", "input model plan source template tree"),
    (
        "passes",
        "builtin deliver diagnostic files fill input kinds model plan render request source template tree yaml",
    ),
    (
        "lib",
        "diagnostic files input model passes plan render request",
    ),
    (
        "explain",
        "builtin diagnostic files input model plan render source template tree",
    ),
    (
        "diff",
        "diagnostic files lines model plan render report source template tree yaml",
    ),
    (
        "matrix",
        "diagnostic diff explain model plan source template tree",
    ),
    ("live", "diagnostic model source tree yaml"),
    ("argocd", "diagnostic model source template tree yaml"),
    (
        "cli",
        "argocd builtin diagnostic diff edit explain files input lib lines live matrix model passes plan render report request schema source template tree yaml",
    ),
];

/// The files that each file imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// Returns the imports between the files of `src/`, without tests.
fn imports() -> Imports {
    let sources = sources();
    let names: BTreeSet<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let of = |source: &Source| (source.name.clone(), source.imports(&names));
    sources.iter().map(of).collect()
}

/// Returns the shortest path of imports from a file to another, including both.
fn way<'i>(imports: &'i Imports, from: &'i str, to: &str) -> Option<Vec<&'i str>> {
    let mut open = VecDeque::from([from]);
    let mut importers: BTreeMap<&str, &str> = BTreeMap::new();
    while let Some(file) = open.pop_front() {
        for next in imports.get(file).into_iter().flatten() {
            if importers.contains_key(next.as_str()) {
                continue;
            }
            importers.insert(next, file);
            open.push_back(next);
            if next == to {
                let mut way = vec![next.as_str()];
                while way.len() == 1 || way[0] != from {
                    way.insert(0, importers[way[0]]);
                }
                return Some(way);
            }
        }
    }
    None
}

/// Returns the module of `src/` that a file belongs to.
fn module(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

#[test]
fn modules_import_lower_layers() {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let imports = imports();
    for (file, imported) in &imports {
        let imported = imported.iter().map(|name| module(name));
        let others = imported.filter(|name| *name != module(file));
        found.entry(module(file)).or_default().extend(others);
    }
    found.remove("main");
    for (at, (module, allowed)) in LAYERS.iter().enumerate() {
        let allowed: BTreeSet<&str> = allowed.split_whitespace().collect();
        let found = found.remove(module).unwrap_or_default();
        assert_eq!(
            found, allowed,
            "the imports of `{module}`, and its row in LAYERS"
        );
        let is_lower = |name: &str| LAYERS[..at].iter().any(|(lower, _)| *lower == name);
        assert!(
            allowed.into_iter().all(is_lower),
            "`{module}` imports a higher layer"
        );
    }
    assert!(
        found.is_empty(),
        "modules without a row in LAYERS: {found:?}"
    );
}

#[test]
fn architecture_lists_modules_by_layer() {
    let map = repository::read("ARCHITECTURE.md");
    let rows = map.lines().filter_map(|line| line.strip_prefix("| `"));
    let modules = rows.filter_map(|row| row.split_once(".rs` |"));
    let found: Vec<&str> = modules.map(|(module, _)| module).collect();
    let layers = LAYERS.iter().map(|(module, _)| *module);
    assert_eq!(found, layers.chain(["main"]).collect::<Vec<_>>());
}

#[test]
fn imports_between_files_have_no_cycle() {
    let imports = imports();
    let cycles = imports.keys().filter_map(|file| way(&imports, file, file));
    let shortest = cycles.min_by_key(Vec::len);
    let shown = shortest.map(|cycle| cycle.join(" imports "));
    assert_eq!(shown, None, "files import each other");
}
