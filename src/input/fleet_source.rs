//! Reads `source`.

use super::form::{Mapping, form};
use super::key::Type;
use super::typed::Typed;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{FleetSource, FluxSourceRef};
use crate::source::Spanned;
use crate::tree::Node;

form! {
    "`source`", check check;
    struct Written {
        /// URL of the repository, for Argo CD.
        repo_url: Option<Spanned<String>> = optional("repoURL"),
        /// Branch, tag or commit, for Argo CD; default: `HEAD`.
        revision: Option<String> = optional("revision"),
        /// The fleet's directory in the repository; default: its root.
        path: Option<String> = optional("path"),
        /// Kind of the object that represents the repository, for Flux; default: `GitRepository`.
        kind: Option<String> = optional("kind"),
        /// Name of the Flux object.
        name: Option<String> = optional(NAME),
        /// Namespace of the Flux object.
        namespace: Option<String> = optional(NAMESPACE),
    }
}

const NAME: &str = "name";
const NAMESPACE: &str = "namespace";

fn check(written: &Written, mapping: &Mapping<'_>, diags: &mut Diagnostics) {
    let is_set = |key: &Option<String>| key.is_some();
    let names = [&written.name, &written.namespace].map(is_set);
    let lacks = mapping.lacks(NAME) || mapping.lacks(NAMESPACE);
    if lacks && (names != [false; 2] || is_set(&written.kind)) {
        let message = "`source` must set both `name` and `namespace` of a Flux object";
        diags.push(
            Diagnostic::new(Code::MissingKey, mapping.head(), message)
                .help("set both, for example `{name: flux-system, namespace: flux-system}`; `kind` defaults to GitRepository"),
        );
    }
}

impl Typed for FleetSource {
    const TYPE: Type = Written::TYPE;

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        let written = Written::read(node, subject, diags)?;
        let object = |(name, namespace)| FluxSourceRef {
            kind: written.kind.unwrap_or_else(|| "GitRepository".to_owned()),
            name,
            namespace,
        };
        let path = written.path.unwrap_or_else(|| ".".to_owned());
        Some(Self {
            span: node.span,
            repo_url: written.repo_url,
            revision: written.revision.unwrap_or_else(|| "HEAD".to_owned()),
            path: path
                .trim_start_matches("./")
                .trim_end_matches('/')
                .to_owned(),
            object: written.name.zip(written.namespace).map(object),
        })
    }
}
