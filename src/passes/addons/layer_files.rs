//! Files of `layers`: values that are merged over those of an add-on, lowest first.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::empty::lost;
use crate::input::fleet::Fleet;
use crate::plan::Step;
use crate::source::Span;
use crate::template;
use crate::tree::Node;

/// The files of `layers` by their paths from the fleet's directory, each read once. Paths without a file are
/// included.
pub(super) struct LayerFiles {
    /// Whether files can be empty.
    allow_empty: bool,
    read: BTreeMap<Rc<str>, Option<Rc<Step>>>,
}

impl LayerFiles {
    /// Returns no files.
    pub(super) fn new(allow_empty: bool) -> Self {
        Self {
            allow_empty,
            read: BTreeMap::new(),
        }
    }

    /// Returns the path of a file from the fleet's directory, and its layer; `None` if the file does not exist.
    /// A path is relative to the file of the fleet that contains it, so the same path can resolve to different files.
    pub(super) fn get(
        &mut self,
        files: &mut Files,
        path: &str,
        referenced_at: Span,
        diags: &mut Diagnostics,
    ) -> Option<(Rc<str>, Rc<Step>)> {
        let relative: Rc<str> = files.relative(path, referenced_at).into();
        if let Some(known) = self.read.get(&relative) {
            return Some((relative, known.clone()?));
        }
        let values = if files.has(&relative) {
            let file = files.read(&relative, Some(referenced_at));
            let file = file.map_err(|diagnostic| diags.push(diagnostic)).ok();
            file.and_then(|file| {
                let documents = template::parse(file, &files.sources, diags)?;
                match documents.as_slice() {
                    [] => {
                        if !self.allow_empty {
                            let fact = format!("layer `{relative}` contains no values");
                            // A layer that sets nothing on purpose is `{}`.
                            let help = "restore its values, or write `{}` if it sets none";
                            diags.push(lost(referenced_at, &fact, "values", help));
                        }
                        Some(Node::mapping(files.sources.start(file), Vec::new()))
                    }
                    [values] if values.entries().is_some() => Some(values.clone()),
                    [first, ..] => {
                        let message = format!("expected one mapping of values in `{relative}`");
                        diags.push(
                            Diagnostic::new(Code::WrongType, first.span, message)
                                .related(referenced_at, "used as a layer here")
                                .help("write the values as a single mapping, for example `replicas: 2`"),
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

/// Warns of files in the directories of layers that no add-on uses for any cluster. Otherwise their values would be
/// ignored silently.
pub(super) fn warn_unused_layer_files(
    files: &mut Files,
    fleet: &Fleet,
    layers: &LayerFiles,
    diags: &mut Diagnostics,
) {
    let mut directories: BTreeMap<String, Span> = BTreeMap::new();
    for layer in &fleet.layers {
        let written = layer.value.source_text();
        let constant = written.split("${").next().unwrap_or_default();
        if let Some((directory, _)) = constant.rsplit_once('/') {
            let directory = files.relative(directory, layer.span);
            directories.entry(directory).or_insert(layer.span);
        }
    }
    let mut used = BTreeSet::new();
    let mut missing: Vec<String> = Vec::new();
    for (path, layer) in &layers.read {
        match layer.as_deref() {
            Some(Step::Layer(values)) => {
                used.insert(files.sources.path(values.span.file).to_owned());
            }
            _ => missing.push(path.to_string()),
        }
    }
    let mut reported = BTreeSet::new();
    for (directory, span) in directories {
        let pattern = format!("{directory}/**/*.{{yaml,yml,json}}");
        let Ok(found) = files.glob(&pattern, span) else {
            continue;
        };
        for path in found {
            if used.contains(&path) || !reported.insert(path.clone()) {
                continue;
            }
            let message = format!("layer file `{path}` is never used");
            let missing = || missing.iter().map(String::as_str);
            let near = diags.suggestions.closest(&path, missing);
            let help = match near {
                Some(near) => format!("rename the file to `{near}`"),
                None => "move the file to a path that `layers` names, or remove it".to_owned(),
            };
            diags.push(Diagnostic::new(Code::UnreachedLayer, span, message).help(help));
        }
    }
}
