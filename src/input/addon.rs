//! Reads `addons`, the software of clusters.

pub mod chart;
pub(super) mod software;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::form::form;
use super::key::Type;
use super::patch::{AddOnPatches, patches_of_addon};
use super::read;
use super::typed::{Typed as _, keywords};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::{LABEL_LENGTH, name_problem};
use crate::model::{OnRemove, Selector};
use crate::source::{Span, Spanned};
use crate::tree::{Node, Text};
pub use chart::{AddOnField, Chart, runtime_path};
pub use software::{Software, software};

form! {
    "an add-on";
    /// An entry of `addons`.
    #[derive(Debug)]
    pub struct AddOn {
        /// Name of the add-on, unique in the fleet.
        pub name: Spanned<Rc<str>> = required("name", name),
        /// Clusters of the add-on; default: those of the add-ons that depend on it.
        pub selector: Option<Spanned<Selector>> = strict("selector"),
        /// Names of add-ons and profiles that must be deployed first.
        pub depends_on: Vec<Spanned<Rc<str>>> = default("dependsOn", depends_on),
        /// Delivery method; default: that of the fleet.
        pub deliver: Option<Spanned<String>> = strict("deliver"),
        /// Effect on a cluster that is no longer selected; default: `uninstall`.
        pub on_remove: Option<Spanned<OnRemove>> = optional("onRemove"),
        /// Whether Helm adopts existing objects; the default depends on the delivery method.
        pub take_ownership: Option<Spanned<bool>> = optional("takeOwnership"),
        /// Argo CD project of its Applications; default: `default`.
        pub project: Option<Spanned<Text>> = optional("project"),
        /// `hub`: the hub deploys it to spokes, too.
        pub from_hub: Option<Span> = optional("from": Type::Enum(&[HUB]), from_hub),
        /// `helm` or `manifests` as written; patches change it. See [`software()`].
        pub software: Node = part(|| software::KEYS.to_vec(), software::written),
        /// Changes for some clusters.
        pub patches: AddOnPatches = default("patches": AddOnPatches::TYPE, patches_of_addon),
    }
}

const HUB: &str = "hub";

impl AddOn {
    /// Returns whether the add-on is uninstalled from a cluster that it no longer selects.
    pub fn on_remove(&self) -> OnRemove {
        let on_remove = self.on_remove.as_ref();
        on_remove.map_or(OnRemove::Uninstall, |on_remove| on_remove.value)
    }

    /// Returns the project of its Applications.
    pub fn project(&self) -> Spanned<Text> {
        self.project.clone().unwrap_or_else(|| Spanned {
            value: Text::Literal("default".into()),
            span: self.name.span,
        })
    }

    /// Returns `true` if `runtimeValues` is set anywhere in its configuration, even to an empty mapping. This decides
    /// for all clusters together: if a patch decided for each cluster, a label would replace the object that owns the
    /// release, and so uninstall it.
    pub fn has_lookups(&self) -> bool {
        let patches = self.patches.software.iter().map(|patch| &patch.change);
        let mut configurations = patches.chain([&self.software]);
        configurations.any(|written| {
            let helm = written.get("helm");
            let values = helm.and_then(|helm| helm.get("runtimeValues"));
            values.is_some_and(|values| !values.is_null())
        })
    }

    /// Returns the names that it depends on, sorted.
    pub fn dependencies(&self) -> Vec<&Rc<str>> {
        let mut names: Vec<&Rc<str>> = self.depends_on.iter().map(|name| &name.value).collect();
        names.sort_unstable();
        names
    }
}

keywords!(OnRemove {
    "uninstall" => OnRemove::Uninstall,
    "leave" => OnRemove::Leave,
});

fn from_hub(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Span> {
    read::read_enum(node, subject, &[(HUB, node.span)], diags)
}

/// Reads a name; object names and a label key contain it.
fn name(node: &Node, _: &str, diags: &mut Diagnostics) -> Option<Spanned<Rc<str>>> {
    let name = Spanned::<Rc<str>>::read(node, "an add-on's name", diags)?;
    let problem = match name_problem(&name.value, LABEL_LENGTH, false) {
        Some(problem) => problem.to_string(),
        None if &*name.value == "cluster" => {
            "the label `kubectl-fleet.io/cluster` is reserved for the cluster name".to_owned()
        }
        None => return Some(name),
    };
    let message = format!("`{}` is not a valid add-on name: {problem}", name.value);
    diags.push(Diagnostic::new(Code::InvalidName, name.span, message).help("choose another name"));
    None
}

/// Reads `dependsOn`: names of add-ons and profiles.
pub(super) fn depends_on(
    node: &Node,
    subject: &str,
    diags: &mut Diagnostics,
) -> Option<Vec<Spanned<Rc<str>>>> {
    let item = format!("a name of {subject}");
    let mut known: BTreeMap<Rc<str>, Span> = BTreeMap::new();
    let mut names: Vec<Spanned<Rc<str>>> = Vec::new();
    for name in read::each(node, subject, &item, Spanned::<Rc<str>>::read, diags)? {
        if let Some(first) = known.get(&name.value) {
            let message = format!("duplicate name `{}`", name.value);
            diags.push(
                Diagnostic::new(Code::InvalidValue, name.span, message)
                    .related(*first, "first listed here")
                    .help("remove one of them"),
            );
            continue;
        }
        known.insert(Rc::clone(&name.value), name.span);
        names.push(name);
    }
    Some(names)
}

/// Reports add-ons that have the same name.
pub(super) fn report_twins(addons: &[Rc<AddOn>], diags: &mut Diagnostics) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    for addon in addons {
        let name = &addon.name;
        if let Some(first) = names.insert(&name.value, name.span) {
            let message = format!("two add-ons are named `{}`", name.value);
            diags.push(
                Diagnostic::new(Code::InvalidValue, name.span, message)
                    .related(first, "the other add-on")
                    .help(
                        "rename one of them; to change an add-on for some clusters, use `patches`",
                    ),
            );
        }
    }
}
