//! Manifests: files of objects, which are copied unchanged.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::resolver::{AddOnResolver, Objects};
use super::variant_names::variant_name;
use crate::diagnostic::{Code, Diagnostic};
use crate::input;
use crate::model::delivery::Target;
use crate::passes::check::literal_objects::check_schema;
use crate::plan::{Manifest, Manifests, Software, Stack, Variant, VariantName, group_of};
use crate::source::{Span, Spanned};
use crate::tree::{Node, Text};

/// Maximum length of a key of a `ConfigMap`.
const KEY_LENGTH: usize = 253;

impl AddOnResolver<'_, '_> {
    /// Adds the variants of clusters with the same patches: one for each path after substitution.
    pub(super) fn add_manifest_variants(
        &mut self,
        names: &[String],
        (path, stack): (&Spanned<Text>, &Stack),
        clusters: Vec<usize>,
        variants: &mut Vec<Variant>,
    ) {
        let by_path = self.group_by_path(path, clusters);
        for (filled, clusters) in by_path {
            let first = clusters.first().copied().unwrap_or_default();
            let values = self.values(&self.expressions(path), first);
            let names: Vec<String> = names.iter().cloned().chain(values).collect();
            if let Some(manifests) = self.read_manifests(&filled, path.span) {
                variants.push(Variant {
                    name: VariantName::Shared(variant_name(&names)),
                    software: Software::Manifests(manifests),
                    stack: stack.clone(),
                    clusters,
                });
            }
        }
    }

    pub(super) fn read_manifests(&mut self, path: &str, span: Span) -> Option<Manifests> {
        let relative = self.files.relative(path, span);
        let paths = self.files.glob(&relative, span);
        let paths = paths
            .map_err(|diagnostic| self.diags.push(diagnostic))
            .ok()?;
        let before = self.diags.errors();
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let mut files = Vec::with_capacity(paths.len());
        for path in &paths {
            let name = path.rsplit('/').next().unwrap_or(path);
            if let Some(first) = names.insert(name, path) {
                let message = format!(
                    "`{first}` and `{path}` have the same file name, which is their key in the ConfigMap"
                );
                self.diags.push(
                    Diagnostic::new(Code::InvalidPath, span, message)
                        .help("rename one of the files, or create two add-ons"),
                );
            }
            let is_key = |char: char| char.is_ascii_alphanumeric() || "-._".contains(char);
            if !name.chars().all(is_key) || name.len() > KEY_LENGTH {
                let message =
                    format!("the file name of `{path}` is not a valid key of a ConfigMap");
                let help = "use letters, digits, `-`, `_` and `.` in the file's name";
                self.diags
                    .push(Diagnostic::new(Code::InvalidPath, span, message).help(help));
            }
            files.extend(self.manifest(path, name, span));
        }
        let files = files.into();
        let path = relative.into();
        (self.diags.errors() == before).then_some(Manifests { path, files })
    }

    fn manifest(&mut self, path: &str, name: &str, span: Span) -> Option<Manifest> {
        let file = self.files.read(path, Some(span));
        let file = file
            .map_err(|diagnostic| self.diags.push(diagnostic))
            .ok()?;
        let is_read = self
            .delivery
            .reads([Target::Manifests], &["MANIFESTS", "objects"]);
        let known = self.objects.get(&file).cloned();
        let (objects, identities) = match known {
            Some(known) if known.0.is_some() || !is_read => known,
            _ => {
                let objects = input::objects(self.files, file, span, self.allow_empty, self.diags);
                for object in &objects {
                    self.check_object(object);
                }
                let identities = objects.iter().filter_map(identity).collect();
                let kept: Objects = (is_read.then(|| objects.into()), identities);
                self.objects.insert(file, kept.clone());
                kept
            }
        };
        Some(Manifest {
            name: name.into(),
            text: self.files.sources.text(file),
            span: Span::new(file, 0..0),
            objects: objects.filter(|_| is_read).unwrap_or_default(),
            identities,
        })
    }

    /// Reports an object that the API server would reject.
    fn check_object(&mut self, object: &Node) {
        let has = |key: &str| object.get(key).and_then(Node::text).is_some();
        let named = object.get("metadata").is_some_and(|metadata| {
            let name = metadata.get("name").or(metadata.get("generateName"));
            name.and_then(Node::text)
                .is_some_and(|name| !name.is_empty())
        });
        let is_list = object
            .get("items")
            .is_some_and(|items| items.items().is_some());
        if !(has("apiVersion") && has("kind") && (named || is_list)) {
            let first = object.entries().and_then(<[_]>::first);
            let span = first.map_or(object.span, |entry| entry.key.span);
            let message = "document is not a Kubernetes object";
            let help = "set `apiVersion`, `kind` and `metadata.name`";
            self.diags
                .push(Diagnostic::new(Code::NotAnObject, span, message).help(help));
            return;
        }
        check_schema(self.schemas, object, self.diags);
    }
}

/// Returns the identity of an object as messages show it, without the version of its API.
fn identity(object: &Node) -> Option<Spanned<Rc<str>>> {
    let metadata = object.get("metadata")?;
    let named = metadata.get("name")?;
    let (kind, name) = (object.get("kind")?.text()?, named.text()?);
    let group = group_of(object.get("apiVersion")?.text()?);
    let dot = if group.is_empty() { "" } else { "." };
    let namespace = metadata.get("namespace").and_then(Node::text);
    let namespace = namespace.map(|namespace| format!("{namespace}/"));
    let value = format!("{kind}{dot}{group} {}{name}", namespace.unwrap_or_default());
    Some(Spanned {
        value: value.into(),
        span: named.span,
    })
}
