//! `addons`: what software goes where.

pub(super) mod software;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::patch::{self, ObjectChange, Patch};
use super::read::{self, Mapping};
use super::selector;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::name::{LABEL_LENGTH, name_problem};
use crate::model::{OnRemove, Selector};
use crate::source::{Span, Spanned};
use crate::tree::{Entry, Node, Text};
pub use software::{Software, runtime_path, software};

/// An entry of `addons`.
#[derive(Debug)]
pub struct AddOn {
    /// `name`: unique in the fleet.
    pub name: Spanned<Rc<str>>,
    /// `selector`: for which clusters; without it, for those of its dependents.
    pub selector: Option<Spanned<Selector>>,
    /// `dependsOn`: the names of other add-ons.
    pub depends_on: Vec<Spanned<Rc<str>>>,
    /// `deliver`: where it is not the fleet's.
    pub deliver: Option<Spanned<String>>,
    /// `onRemove`: what becomes of it where it is no longer selected.
    pub on_remove: Option<Spanned<OnRemove>>,
    /// `takeOwnership`: whether Helm takes over objects that it has not made.
    pub take_ownership: Option<Spanned<bool>>,
    /// `project`: the project of its Applications.
    pub project: Option<Spanned<Text>>,
    /// `from: hub`: whether the hub delivers it to spokes, too.
    pub from_hub: Option<Span>,
    /// `helm` or `manifests`, as written: what patches change. See [`software()`].
    pub software: Node,
    /// `patches`: changes of the software for some clusters.
    pub patches: Vec<Patch<Node>>,
    /// `patches` with a `target`: changes of the objects that the delivery method creates.
    pub object_patches: Vec<Patch<ObjectChange>>,
}

/// Reads an entry of `addons`.
pub(super) fn addon(node: &Node, diags: &mut Diagnostics) -> Option<AddOn> {
    let keys = [
        "name",
        "selector",
        "dependsOn",
        "deliver",
        "onRemove",
        "takeOwnership",
        "project",
        "from",
        "helm",
        "manifests",
        "patches",
    ];
    let addon = Mapping::read(node, "an add-on", &keys, diags)?;
    let name = addon
        .require("name", diags)
        .and_then(|node| name(node, diags));
    let selector = addon
        .get("selector")
        .map(|node| selector::read(node, diags));
    let depends_on = addon
        .get("dependsOn")
        .map(|node| depends_on(node, diags))
        .unwrap_or_default();
    let deliver = addon.get("deliver").map(|node| deliver(node, diags));
    let words = [
        ("uninstall", OnRemove::Uninstall),
        ("leave", OnRemove::Leave),
    ];
    let on_remove = addon.get("onRemove").and_then(|node| {
        let value = read::word(node, "`onRemove`", &words, diags)?;
        let span = node.span;
        Some(Spanned { value, span })
    });
    let take_ownership = addon.get("takeOwnership").and_then(|node| {
        let value = read::boolean(node, "`takeOwnership`", diags)?;
        let span = node.span;
        Some(Spanned { value, span })
    });
    let project = addon
        .get("project")
        .and_then(|node| read::template(node, "`project`", diags));
    let from_hub = addon.get("from").and_then(|node| {
        read::word(node, "`from`", &[("hub", ())], diags)?;
        Some(node.span)
    });
    let written = node.entries().unwrap_or_default().iter();
    let is_software = |entry: &&Entry| {
        matches!(entry.key.text.literal(), Some("helm" | "manifests")) && !entry.value.is_null()
    };
    let software = Node::mapping(addon.head(), written.filter(is_software).cloned().collect());
    let unnamed = || Spanned {
        value: Rc::default(),
        span: addon.head(),
    };
    let named = name.clone().unwrap_or_else(unnamed);
    let is_whole = software::software(&software, &named, diags).is_some();
    let (patches, object_patches) = addon
        .get("patches")
        .map(|node| patch::of_addon(node, diags))
        .unwrap_or_default();
    let selector = match selector {
        Some(read) => Some(read?),
        None => None,
    };
    let deliver = match deliver {
        Some(read) => Some(read?),
        None => None,
    };
    is_whole.then_some(AddOn {
        name: name?,
        selector,
        depends_on,
        deliver,
        on_remove,
        take_ownership,
        project,
        from_hub,
        software,
        patches,
        object_patches,
    })
}

/// Reads `deliver`.
pub(super) fn deliver(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    read::non_empty(node, "`deliver`", diags)
}

/// A name that is the name of objects and a part of a label's key.
fn name(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<Rc<str>>> {
    let name = read::non_empty(node, "an add-on's name", diags)?;
    let problem = match name_problem(&name.value, LABEL_LENGTH, false) {
        Some(problem) => problem.to_string(),
        None if name.value == "cluster" => {
            "the label `kubectl-fleet.io/cluster` names clusters".to_owned()
        }
        None => {
            return Some(Spanned {
                value: name.value.into(),
                span: name.span,
            });
        }
    };
    let message = format!("`{}` is no name for an add-on: {problem}", name.value);
    diags.push(Diagnostic::new(Code::InvalidName, name.span, message).help("choose another name"));
    None
}

/// Reads the names of what something depends on.
pub(super) fn depends_on(node: &Node, diags: &mut Diagnostics) -> Vec<Spanned<Rc<str>>> {
    let mut names: Vec<Spanned<Rc<str>>> = Vec::new();
    for node in read::sequence(node, "`dependsOn`", diags).unwrap_or_default() {
        let Some(name) = read::non_empty(node, "a name of `dependsOn`", diags) else {
            continue;
        };
        if let Some(first) = names.iter().find(|first| *first.value == *name.value) {
            let message = format!("`{}` is there twice", name.value);
            diags.push(
                Diagnostic::new(Code::InvalidValue, name.span, message)
                    .related(first.span, "first said here")
                    .help("remove one of them"),
            );
            continue;
        }
        names.push(Spanned {
            value: name.value.into(),
            span: name.span,
        });
    }
    names
}

/// Reports add-ons of one name.
pub(super) fn refuse_twins(addons: &[AddOn], diags: &mut Diagnostics) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    for AddOn { name, .. } in addons {
        if let Some(first) = names.insert(&name.value, name.span) {
            let message = format!("two add-ons are named `{}`", name.value);
            diags.push(
                Diagnostic::new(Code::InvalidValue, name.span, message)
                    .related(first, "the other add-on")
                    .help("give one of them another name, or change it for some clusters by `patches`"),
            );
        }
    }
}
