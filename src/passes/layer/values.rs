//! `layers`: files of values, merged over what an add-on says itself, lowest first.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::source::Span;
use crate::template::{self, patch};
use crate::tree::{Entry, Node};

/// The files of `layers`, each read once, and the paths that name none.
#[derive(Default)]
pub(super) struct LayerFiles {
    read: BTreeMap<Rc<str>, Option<Node>>,
}

impl LayerFiles {
    /// The values of a file; none where there is no such file.
    pub(super) fn get(
        &mut self,
        files: &mut Files,
        path: &Rc<str>,
        asked_at: Span,
        diags: &mut Diagnostics,
    ) -> Option<Node> {
        if let Some(known) = self.read.get(path) {
            return known.clone();
        }
        let relative = files.relative(path, asked_at);
        let values = if files.has(&relative) {
            let file = files.read(&relative, Some(asked_at));
            let file = file.map_err(|diagnostic| diags.push(diagnostic)).ok();
            file.and_then(|file| {
                let documents = template::parse(file, &files.sources, diags)?;
                match documents.as_slice() {
                    [] => Some(Node::mapping(files.sources.start(file), Vec::new())),
                    [one] if one.entries().is_some() => Some(one.clone()),
                    [first, ..] => {
                        let message = format!("`{relative}` must hold one mapping: values");
                        diags.push(
                            Diagnostic::new(Code::WrongType, first.span, message)
                                .related(asked_at, "a layer"),
                        );
                        None
                    }
                }
            })
        } else {
            None
        };
        self.read.insert(Rc::clone(path), values.clone());
        values
    }
}

/// An add-on's software with the values of layers merged over its own. Nulls stay: Helm takes them for
/// the wish to drop a chart's default.
pub(super) fn merged(software: &Node, layers: &[Node], diags: &mut Diagnostics) -> Node {
    let Some(helm) = software.entry("helm").filter(|_| !layers.is_empty()) else {
        return software.clone();
    };
    let own = helm.value.get("values").cloned();
    let mut values = own.unwrap_or_else(|| Node::mapping(helm.value.span, Vec::new()));
    for layer in layers {
        let mut problems = Vec::new();
        values = patch::merge_values(&values, layer, &mut problems);
        for problem in problems {
            diags.push(Diagnostic::new(
                Code::PatchFailed,
                problem.span,
                format!("this layer: {}", problem.message),
            ));
        }
    }
    let helm = with(&helm.value, "values", values);
    with(software, "helm", helm)
}

/// The mapping with another value for a key.
fn with(map: &Node, key: &str, value: Node) -> Node {
    let mut entries = map.entries().unwrap_or_default().to_vec();
    let known = entries
        .iter_mut()
        .find(|entry| entry.key.text.literal() == Some(key));
    match known {
        Some(entry) => entry.value = value,
        None => entries.push(Entry::new(key, value)),
    }
    Node::mapping(map.span, entries)
}

/// Warns of files in the folders of layers that no cluster and no add-on reaches: that is how values are
/// lost in silence.
pub(super) fn unreached(
    files: &mut Files,
    fleet: &Fleet,
    layers: &LayerFiles,
    diags: &mut Diagnostics,
) {
    let mut folders: BTreeMap<String, Span> = BTreeMap::new();
    for layer in &fleet.layers {
        let written = layer.value.as_written();
        let fixed = written.split("${").next().unwrap_or_default();
        if let Some((folder, _)) = fixed.rsplit_once('/') {
            let folder = files.relative(folder, layer.span);
            folders.entry(folder).or_insert(layer.span);
        }
    }
    let mut reached = BTreeSet::new();
    let mut missed: Vec<String> = Vec::new();
    for (path, found) in &layers.read {
        if found.is_some() {
            reached.insert(path.to_string());
        } else {
            missed.push(path.to_string());
        }
    }
    let mut told = BTreeSet::new();
    for (folder, span) in folders {
        let pattern = format!("{folder}/**/*.{{yaml,yml,json}}");
        let Ok(found) = files.glob(&pattern, span) else {
            continue;
        };
        for path in found {
            if reached.contains(&path) || !told.insert(path.clone()) {
                continue;
            }
            let message = format!("no cluster and no add-on reads `{path}`, a file of values");
            let near = nearest(&path, missed.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("`{near}` would be read: is it meant to be there?"),
                None => "move it, or remove it".to_owned(),
            };
            diags.push(Diagnostic::new(Code::UnreachedLayer, span, message).help(help));
        }
    }
}
