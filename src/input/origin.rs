//! `source`: where the fleet's own repository is, for controllers that read it.

use super::read::{self, Mapping};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node};

/// `source`.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Where it was written.
    pub span: Span,
    /// `repoURL`: the repository's URL, for Argo CD.
    pub repo_url: Option<Spanned<String>>,
    /// `revision`: the branch, tag or commit, for Argo CD; default: `HEAD`.
    pub revision: String,
    /// `path`: the fleet's folder in the repository; default: its root.
    pub path: String,
    /// `kind`, `name` and `namespace`: the object that stands for the repository, for Flux.
    pub object: Option<SourceObject>,
}

/// The object of Flux that stands for a repository.
#[derive(Clone, Debug)]
pub struct SourceObject {
    /// `kind`; default: `GitRepository`.
    pub kind: String,
    /// `name`.
    pub name: String,
    /// `namespace`.
    pub namespace: String,
}

impl Origin {
    /// The same as a value of a variable, with its defaults.
    pub fn node(&self) -> Node {
        let span = self.span;
        let object = self.object.as_ref();
        let texts = [
            ("repoURL", self.repo_url.as_ref().map(|url| &url.value)),
            ("revision", Some(&self.revision)),
            ("path", Some(&self.path)),
            ("kind", object.map(|object| &object.kind)),
            ("name", object.map(|object| &object.name)),
            ("namespace", object.map(|object| &object.namespace)),
        ];
        let said = texts
            .into_iter()
            .filter_map(|(key, text)| Some(Entry::new(key, Node::string(span, text?))));
        Node::mapping(span, said.collect())
    }

    /// A path of the fleet's folder as a path of the repository; `.` is its root.
    pub fn in_repository(&self, path: &str) -> String {
        match (self.path.as_str(), path) {
            ("." | "", "" | ".") => ".".to_owned(),
            ("." | "", path) => path.to_owned(),
            (root, "" | ".") => root.to_owned(),
            (root, path) => format!("{root}/{path}"),
        }
    }
}

/// Reads `source`.
pub(super) fn origin(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<Origin>> {
    let keys = ["repoURL", "revision", "path", "kind", "name", "namespace"];
    let source = Mapping::read(node, "`source`", &keys, diags)?;
    let mut texts = keys.map(|key| {
        let node = source.get(key)?;
        read::non_empty(node, &format!("`{key}`"), diags)
    });
    let [repo_url, revision, path, kind, name, namespace] = texts.each_mut().map(Option::take);
    let object = match (name, namespace) {
        (Some(name), Some(namespace)) => Some(SourceObject {
            kind: kind.map_or_else(|| "GitRepository".to_owned(), |kind| kind.value),
            name: name.value,
            namespace: namespace.value,
        }),
        (None, None) if kind.is_none() => None,
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
    let value = Origin {
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
