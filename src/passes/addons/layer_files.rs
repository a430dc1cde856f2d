//! `layers`: files of values, merged over what an add-on says itself, lowest first.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, closest_match};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::plan::Step;
use crate::source::Span;
use crate::template;
use crate::tree::Node;

/// The files of `layers` by their paths from the fleet's directory, each read once, and the paths that name
/// none.
#[derive(Default)]
pub(super) struct LayerFiles {
    read: BTreeMap<Rc<str>, Option<Rc<Step>>>,
}

impl LayerFiles {
    /// Returns the path of a file from the fleet's directory, and its layer; `None` if the file does not exist.
    /// The same path leads to another file from each file of the fleet that contains it.
    pub(super) fn get(
        &mut self,
        files: &mut Files,
        path: &str,
        asked_at: Span,
        diags: &mut Diagnostics,
    ) -> Option<(Rc<str>, Rc<Step>)> {
        let relative: Rc<str> = files.relative(path, asked_at).into();
        if let Some(known) = self.read.get(&relative) {
            return Some((relative, known.clone()?));
        }
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
        let layer = values.map(|values| Rc::new(Step::Layer(values)));
        self.read.insert(Rc::clone(&relative), layer.clone());
        Some((relative, layer?))
    }
}

/// Warns of files in the folders of layers that no cluster and no add-on reaches: that is how values are
/// lost in silence.
pub(super) fn warn_unused_layer_files(
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
    for (path, layer) in &layers.read {
        match layer.as_deref() {
            Some(Step::Layer(values)) => {
                reached.insert(files.sources.path(values.span.file).to_owned());
            }
            _ => missed.push(path.to_string()),
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
            let near = closest_match(&path, missed.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("`{near}` would be read: is it meant to be there?"),
                None => "move it, or remove it".to_owned(),
            };
            diags.push(Diagnostic::new(Code::UnreachedLayer, span, message).help(help));
        }
    }
}
