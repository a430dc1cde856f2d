//! `source`: the location of the fleet's own repository, for controllers that read it.

use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node};

/// The value of `source`.
#[derive(Clone, Debug)]
pub struct FleetSource {
    /// The location of `source`.
    pub span: Span,
    /// `repoURL`: the repository's URL, for Argo CD.
    pub repo_url: Option<Spanned<String>>,
    /// `revision`: the branch, tag or commit, for Argo CD; default: `HEAD`.
    pub revision: String,
    /// `path`: the fleet's directory in the repository; default: the root.
    pub path: String,
    /// `kind`, `name` and `namespace`: the Flux object that represents the repository.
    pub object: Option<FluxSourceRef>,
}

/// A Flux object that represents a repository.
#[derive(Clone, Debug)]
pub struct FluxSourceRef {
    /// `kind`; default: `GitRepository`.
    pub kind: String,
    /// `name`.
    pub name: String,
    /// `namespace`.
    pub namespace: String,
}

impl FleetSource {
    /// Returns the source as the value of a variable, with defaults.
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

    /// Returns a path in the fleet's directory as a path in the repository; the root is `.`.
    pub fn in_repository(&self, path: &str) -> String {
        match (self.path.as_str(), path) {
            ("." | "", "" | ".") => ".".to_owned(),
            ("." | "", path) => path.to_owned(),
            (root, "" | ".") => root.to_owned(),
            (root, path) => format!("{root}/{path}"),
        }
    }
}
