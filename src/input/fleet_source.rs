//! Reads `source`.

use super::form::{Mapping, form};
use super::key::Type;
use super::typed::Typed;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::{LABEL_LENGTH, NAME_LENGTH, name_problem};
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
        name: Option<Spanned<String>> = optional(NAME),
        /// Namespace of the Flux object.
        namespace: Option<Spanned<String>> = optional(NAMESPACE),
    }
}

const NAME: &str = "name";
const NAMESPACE: &str = "namespace";

fn check(written: &Written, mapping: &Mapping<'_>, diags: &mut Diagnostics) {
    let names = [&written.name, &written.namespace].map(Option::is_some);
    let lacks = mapping.lacks(NAME) || mapping.lacks(NAMESPACE);
    if lacks && (names != [false; 2] || written.kind.is_some()) {
        let message = "`source` must set both `name` and `namespace` of a Flux object";
        diags.push(
            Diagnostic::new(Code::MissingKey, mapping.head(), message)
                .help("set both, for example `{name: flux-system, namespace: flux-system}`; `kind` defaults to GitRepository"),
        );
    }
    for (name, noun, limit, dots) in [
        (&written.name, "object", NAME_LENGTH, true),
        (&written.namespace, "namespace", LABEL_LENGTH, false),
    ] {
        if let Some(Spanned { value, span }) = name
            && let Some(problem) = name_problem(value, limit, dots)
        {
            let message = format!("`{value}` is not a valid {noun} name: {problem}");
            let help =
                "write the name of an object in the management cluster, for example `flux-system`";
            diags.push(Diagnostic::new(Code::InvalidName, *span, message).help(help));
        }
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
        let object_names = written.name.zip(written.namespace);
        let object_names = object_names.map(|(name, namespace)| (name.value, namespace.value));
        let path = written.path.unwrap_or_else(|| ".".to_owned());
        Some(Self {
            span: node.span,
            repo_url: written.repo_url,
            revision: written.revision.unwrap_or_else(|| "HEAD".to_owned()),
            path: path
                .trim_start_matches("./")
                .trim_end_matches('/')
                .to_owned(),
            object: object_names.map(object),
        })
    }
}
