//! Reads `source`.

use super::read::{self, Mapping};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{FleetSource, FluxSourceRef};
use crate::source::Spanned;
use crate::tree::Node;

/// Reads `source`.
pub(super) fn fleet_source(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<FleetSource>> {
    let keys = ["repoURL", "revision", "path", "kind", "name", "namespace"];
    let source = Mapping::read(node, "`source`", &keys, diags)?;
    let mut texts = keys.map(|key| {
        let node = source.get(key)?;
        read::non_empty(node, &format!("`{key}`"), diags)
    });
    let [repo_url, revision, path, kind, name, namespace] = texts.each_mut().map(Option::take);
    let object = match (name, namespace) {
        (Some(name), Some(namespace)) => Some(FluxSourceRef {
            kind: kind.map_or_else(|| "GitRepository".to_owned(), |kind| kind.value),
            name: name.value,
            namespace: namespace.value,
        }),
        (None, None) if kind.is_none() => None,
        _ if !source.lacks("name") && !source.lacks("namespace") => None,
        _ => {
            let message = "`source` names an object of Flux by `name` and `namespace`";
            diags.push(
                Diagnostic::new(Code::MissingKey, source.head(), message)
                    .help("write both; `kind` is GitRepository, where it says nothing else"),
            );
            None
        }
    };
    let path = path.map_or_else(|| ".".to_owned(), |path| path.value);
    let span = node.span;
    let value = FleetSource {
        span,
        repo_url,
        revision: revision.map_or_else(|| "HEAD".to_owned(), |revision| revision.value),
        path: path
            .trim_start_matches("./")
            .trim_end_matches('/')
            .to_owned(),
        object,
    };
    Some(Spanned { value, span })
}
