//! Reads the software of an add-on: a chart or manifests.
//!
//! Patches change an add-on as written, so their results are read here, too.

use super::chart::Chart;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::form::{Form as _, Mapping};
use crate::input::key::{Key, Type};
use crate::input::typed::Typed as _;
use crate::source::Spanned;
use crate::tree::{Entry, Node, Text};

/// The software that an add-on installs.
#[derive(Clone, Debug)]
pub enum Software {
    /// `helm`: a chart.
    Helm(Box<Chart>),
    /// `manifests`: the path or pattern of files with objects.
    Manifests(Spanned<Text>),
}

/// The keys of software.
pub(crate) const KEYS: [Key; 2] = [
    Key {
        name: "helm",
        value: Chart::TYPE,
        is_required: false,
        doc: "Helm chart.",
    },
    Key {
        name: "manifests",
        value: Type::Template,
        is_required: false,
        doc: "Path or pattern of files with objects, instead of `helm`.",
    },
];

/// Reads `helm` or `manifests` of an add-on, which must set exactly one of them.
pub fn software(node: &Node, diags: &mut Diagnostics) -> Option<Software> {
    let software = Mapping::read(node, "an add-on", &KEYS, diags)?;
    let [helm, manifests] = KEYS.map(|key| key.name);
    match (software.get(helm), software.get(manifests)) {
        (Some(_), None) => {
            let helm = software.optional(helm, Chart::read, diags)?;
            Some(Software::Helm(Box::new(helm)))
        }
        (None, Some(_)) => {
            let path = software.optional(manifests, Spanned::read, diags)?;
            Some(Software::Manifests(path))
        }
        (helm, _) => {
            let span = helm.map_or(software.head(), |helm| helm.span);
            let message = "an add-on must set exactly one of `helm` or `manifests`";
            diags.push(
                Diagnostic::new(Code::MissingKey, span, message)
                    .help("set `helm: {repo: …, chart: …, version: …, namespace: …}`"),
            );
            None
        }
    }
}

/// Returns the software of an add-on as written if it is valid.
pub(crate) fn written(addon: &Mapping<'_>, diags: &mut Diagnostics) -> Option<Node> {
    let entries = KEYS.iter().filter_map(|key| addon.entry(key.name));
    let entries: Vec<Entry> = entries.cloned().collect();
    let written = Node::mapping(addon.head(), entries);
    software(&written, diags)?;
    Some(written)
}

/// Checks the keys of a patch's `merge`; its values are checked after it is applied.
pub(crate) fn check_keys(merge: &Node, diags: &mut Diagnostics) -> Option<()> {
    let before = diags.errors();
    let merge = Mapping::read(merge, "the `merge` of an add-on's patch", &KEYS, diags)?;
    if let Some(helm) = merge.get(KEYS[0].name) {
        Mapping::read(helm, Chart::SUBJECT, &Chart::keys(), diags)?;
    }
    (diags.errors() == before).then_some(())
}
