//! Manifests: files that are printed as they are.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Layers, addon_variable, joined};
use crate::diagnostic::{Code, Diagnostic};
use crate::input;
use crate::input::read::Template;
use crate::passes::path;
use crate::plan::{Manifest, Software, SubjectId, Variant, VariantName};
use crate::source::Span;
use crate::template::fill;
use crate::tree::{Node, Part, Text};

/// The longest key of a `ConfigMap`.
const KEY_LENGTH: usize = 253;

impl Layers<'_, '_> {
    /// The variants of clusters that the same patches match: one for each path that they fill in.
    pub(super) fn manifest_variants(
        &mut self,
        names: &[String],
        path: &Template,
        clusters: Vec<usize>,
        variants: &mut Vec<Variant>,
    ) {
        let variables = [addon_variable(&self.selected.addon.name)];
        let by_path = if self.reads_own(&path.node()) {
            path::by_path(
                path,
                &variables,
                self.subjects,
                clusters,
                &SubjectId::cluster,
                self.diags,
            )
        } else {
            let constant = self.constant(path).map(|path| (path, clusters));
            constant.into_iter().collect()
        };
        for (filled, clusters) in by_path {
            let first = clusters.first().copied().unwrap_or_default();
            let names = [names, &self.values(path, first)].concat();
            if let Some(files) = self.manifests_at(&filled, path.span) {
                variants.push(Variant {
                    name: VariantName::Shared(joined(&names)),
                    software: Software::Manifests(files),
                    clusters,
                });
            }
        }
    }

    /// What the variables of a path are for a cluster, where they could be something else.
    fn values(&self, path: &Template, cluster: usize) -> Vec<String> {
        let Text::Parts(parts) = &path.text else {
            return Vec::new();
        };
        let own = parts.iter().filter_map(|part| {
            let text = Text::Parts([part.clone()].into());
            let span = path.span;
            let template = Template { text, span };
            let is_own = matches!(part, Part::Expression(_)) && self.reads_own(&template.node());
            is_own.then(|| {
                fill::text(
                    &template.text,
                    &self.subjects.clusters[cluster],
                    &mut Vec::new(),
                )
                .to_string()
            })
        });
        own.collect()
    }

    pub(super) fn manifests_at(&mut self, path: &str, span: Span) -> Option<Rc<[Manifest]>> {
        let path = self.files.relative(path, span);
        let paths = self.files.matching(&path, span);
        let paths = paths
            .map_err(|diagnostic| self.diags.push(diagnostic))
            .ok()?;
        let before = self.diags.errors();
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let mut files = Vec::with_capacity(paths.len());
        for path in &paths {
            let name = path.rsplit('/').next().unwrap_or(path);
            if let Some(first) = names.insert(name, path) {
                let message = format!("`{first}` and `{path}` have one name, which is their key");
                self.diags.push(
                    Diagnostic::new(Code::InvalidPath, span, message)
                        .help("rename one of them, or make two add-ons"),
                );
            }
            let is_key = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
            if !name.chars().all(is_key) || name.len() > KEY_LENGTH {
                let message = format!("`{path}` cannot be a key of a ConfigMap");
                let help = "use letters, digits, `-`, `_` and `.` in the file's name";
                self.diags
                    .push(Diagnostic::new(Code::InvalidPath, span, message).help(help));
            }
            files.extend(self.manifest(path, name, span));
        }
        (self.diags.errors() == before).then(|| files.into())
    }

    fn manifest(&mut self, path: &str, name: &str, span: Span) -> Option<Manifest> {
        let file = self.files.read(path, Some(span));
        let file = file
            .map_err(|diagnostic| self.diags.push(diagnostic))
            .ok()?;
        if self.checked.insert(file) {
            for object in input::objects(self.files, file, span, self.diags) {
                self.check_object(&object);
            }
        }
        Some(Manifest {
            name: name.into(),
            text: self.files.sources.text(file),
            span: Span::new(file, 0..0),
        })
    }

    /// What the API server would refuse is refused here.
    fn check_object(&mut self, object: &Node) {
        let says = |key: &str| object.get(key).and_then(Node::text).is_some();
        let named = object.get("metadata").is_some_and(|metadata| {
            let name = metadata.get("name").or(metadata.get("generateName"));
            name.and_then(Node::text)
                .is_some_and(|name| !name.is_empty())
        });
        let is_list = object
            .get("items")
            .is_some_and(|items| items.items().is_some());
        if !(says("apiVersion") && says("kind") && (named || is_list)) {
            let place = object.entries().and_then(<[_]>::first);
            let span = place.map_or(object.span, |entry| entry.key.span);
            let message = "this is no object";
            let help = "every document of a manifest needs apiVersion, kind and metadata.name";
            self.diags
                .push(Diagnostic::new(Code::NotAnObject, span, message).help(help));
        }
    }
}
