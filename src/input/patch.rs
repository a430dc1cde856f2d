//! Patches as `fleet.yaml` writes them.

use std::collections::BTreeMap;
use std::rc::Rc;

use jsonptr::PointerBuf;

use super::addon::software;
use super::read::{self, Mapping};
use super::selector;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Selector;
use crate::source::{Span, Spanned};
use crate::template::patch::{Action, Change, Operation};
use crate::tree::{Node, Text};
use crate::yaml::text::uncarried_key;

/// An entry of `patches`, of a template or of an add-on.
#[derive(Debug)]
pub struct Patch<C> {
    /// `name`: unique among its neighbours.
    pub name: Spanned<String>,
    /// `selector`: for which clusters; default: all.
    pub selector: Option<Spanned<Selector>>,
    /// What it changes.
    pub change: C,
}

/// A change of some of a template's objects.
#[derive(Debug)]
pub struct ObjectChange {
    /// `target`: which objects.
    pub target: Target,
    /// `merge` or `json`.
    pub change: Rc<Change>,
}

/// Which objects of a template a patch is for: those that meet all that is said.
#[derive(Debug)]
pub struct Target {
    /// Where it was written.
    pub span: Span,
    /// `group`: the group of `apiVersion`; empty for the core group.
    pub group: Option<Spanned<String>>,
    /// `kind`.
    pub kind: Option<Spanned<String>>,
    /// `name`: `metadata.name`, filled.
    pub name: Option<Spanned<Text>>,
}

/// Reads the patches of an add-on: those of the add-on itself, and those of the objects that its delivery
/// method creates, which have a `target`.
pub(super) fn of_addon(
    node: &Node,
    diags: &mut Diagnostics,
) -> (Vec<Patch<Node>>, Vec<Patch<ObjectChange>>) {
    enum AddOnChange {
        Software(Node),
        Objects(ObjectChange),
    }
    let change = |patch: &Mapping<'_>, diags: &mut Diagnostics| {
        if patch.get("target").is_some() {
            return object_change(patch, diags).map(AddOnChange::Objects);
        }
        if let Some(json) = patch.entry("json") {
            let message = "`json` needs a `target`";
            let help =
                "write target: {kind: …}, a kind that the delivery method creates, or use `merge`";
            diags.push(Diagnostic::new(Code::MissingKey, json.key.span, message).help(help));
            return None;
        }
        let merge = patch.require("merge", diags)?;
        software::check_keys(merge, diags)?;
        Some(AddOnChange::Software(merge.clone()))
    };
    let (mut own, mut objects) = (Vec::new(), Vec::new());
    for patch in read(node, &["target", "merge", "json"], &change, diags) {
        let Patch {
            name,
            selector,
            change,
        } = patch;
        match change {
            AddOnChange::Software(change) => own.push(Patch {
                name,
                selector,
                change,
            }),
            AddOnChange::Objects(change) => objects.push(Patch {
                name,
                selector,
                change,
            }),
        }
    }
    (own, objects)
}

/// Reads the patches of a template.
pub(super) fn of_template(node: &Node, diags: &mut Diagnostics) -> Vec<Patch<ObjectChange>> {
    read(node, &["target", "merge", "json"], &object_change, diags)
}

/// Reads patches; `change` reads what they change, from `keys` beside `name` and `selector`.
pub(super) fn read<C>(
    node: &Node,
    keys: &[&str],
    change: &dyn Fn(&Mapping<'_>, &mut Diagnostics) -> Option<C>,
    diags: &mut Diagnostics,
) -> Vec<Patch<C>> {
    let items = read::sequence(node, "`patches`", diags).unwrap_or_default();
    let keys = [&["name", "selector"], keys].concat();
    let patches: Vec<Patch<C>> = items
        .iter()
        .filter_map(|item| patch(item, &keys, change, diags))
        .collect();
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    for Patch { name, .. } in &patches {
        if let Some(first) = names.insert(&name.value, name.span) {
            let message = format!("two patches are named `{}`", name.value);
            diags.push(
                Diagnostic::new(Code::InvalidValue, name.span, message)
                    .related(first, "the other patch"),
            );
        }
    }
    patches
}

fn patch<C>(
    node: &Node,
    keys: &[&str],
    change: &dyn Fn(&Mapping<'_>, &mut Diagnostics) -> Option<C>,
    diags: &mut Diagnostics,
) -> Option<Patch<C>> {
    let patch = Mapping::read(node, "a patch", keys, diags)?;
    let name = patch
        .require("name", diags)
        .and_then(|node| name(node, diags));
    let selector = match patch.get("selector") {
        Some(node) => Some(selector::read(node, diags)?),
        None => None,
    };
    let change = change(&patch, diags);
    Some(Patch {
        name: name?,
        selector,
        change: change?,
    })
}

fn object_change(patch: &Mapping<'_>, diags: &mut Diagnostics) -> Option<ObjectChange> {
    let target = patch
        .require("target", diags)
        .and_then(|node| target(node, diags));
    let change = match (patch.get("merge"), patch.get("json")) {
        (Some(node), None) => {
            read::mapping(node, "`merge`", diags).map(|_| Change::Merge(node.clone()))
        }
        (None, Some(node)) => operations(node, diags).map(Change::Json),
        (merge, _) => {
            let span = merge.map_or(patch.head(), |merge| merge.span);
            let message = "a patch has one of `merge` and `json`";
            diags.push(
                Diagnostic::new(Code::MissingKey, span, message)
                    .help("write `merge:` with what is to change"),
            );
            None
        }
    };
    Some(ObjectChange {
        target: target?,
        change: Rc::new(change?),
    })
}

fn name(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let name = read::non_empty(node, "a patch's name", diags)?;
    if name.value.contains('.') || name.value == "base" {
        let message = format!("a patch cannot be named `{}`", name.value);
        diags.push(
            Diagnostic::new(Code::InvalidValue, node.span, message)
                .help("use another word than `base`, without dots"),
        );
        return None;
    }
    Some(name)
}

fn target(node: &Node, diags: &mut Diagnostics) -> Option<Target> {
    let target = Mapping::read(node, "a patch's target", &["group", "kind", "name"], diags)?;
    let group = target
        .get("group")
        .map(|node| read::string(node, "`group`", diags));
    let kind = target
        .get("kind")
        .map(|node| read::non_empty(node, "`kind`", diags));
    let name = target
        .get("name")
        .map(|node| read::template(node, "`name`", diags));
    if group.is_none() && kind.is_none() && name.is_none() {
        let message = "a target says at least one of `group`, `kind` and `name`";
        diags.push(
            Diagnostic::new(Code::MissingKey, node.span, message)
                .help("write target: {kind: MachinePool}"),
        );
        return None;
    }
    Some(Target {
        span: node.span,
        group: group.flatten(),
        kind: kind.flatten(),
        name: name.flatten(),
    })
}

fn operations(node: &Node, diags: &mut Diagnostics) -> Option<Vec<Operation>> {
    let items = read::sequence(node, "`json`", diags)?;
    items.iter().map(|item| operation(item, diags)).collect()
}

fn operation(node: &Node, diags: &mut Diagnostics) -> Option<Operation> {
    let operation = Mapping::read(
        node,
        "an operation",
        &["op", "path", "from", "value"],
        diags,
    )?;
    let words = ["add", "remove", "replace", "move", "copy", "test"].map(|word| (word, word));
    let op = operation
        .require("op", diags)
        .and_then(|node| read::word(node, "`op`", &words, diags))?;
    let mut pointer = |key: &str| {
        let node = operation.require(key, diags)?;
        let text = read::string(node, &format!("`{key}`"), diags)?;
        Some(pointer(&text, diags))
    };
    let path = pointer("path")?;
    let action = match op {
        "move" => Action::Move(pointer("from")?.value),
        "copy" => Action::Copy(pointer("from")?.value),
        "remove" => Action::Remove,
        _ => {
            // `null` is a value here, so the entry counts and not its content.
            let Some(value) = node.get("value").cloned() else {
                operation.require("value", diags);
                return None;
            };
            match op {
                "add" => Action::Add(value),
                "replace" => Action::Replace(value),
                _ => Action::Test(value),
            }
        }
    };
    Some(Operation {
        action,
        path,
        span: operation.head(),
    })
}

/// Reads a JSON Pointer, in which a tilde is `~0` and a slash `~1`. After an error, which ends the run,
/// the pointer is that of the whole object.
fn pointer(text: &Spanned<String>, diags: &mut Diagnostics) -> Spanned<PointerBuf> {
    let pointer = PointerBuf::parse(text.value.as_str());
    if pointer.is_err() {
        let message = format!("`{}` is no JSON Pointer", text.value);
        let help = "write /spec/replicas; in a name write ~1 for a slash and ~0 for a tilde";
        diags.push(Diagnostic::new(Code::InvalidValue, text.span, message).help(help));
    }
    let pointer = Spanned {
        value: pointer.unwrap_or_default(),
        span: text.span,
    };
    // A pointer can name a key that does not exist yet.
    for key in pointer.value.tokens() {
        if let Some(why) = uncarried_key(&key.decoded()) {
            let message = format!("a key of this pointer is lost on the way: {why}");
            diags.push(
                Diagnostic::new(Code::InvalidKey, text.span, message).help("choose another key"),
            );
        }
    }
    pointer
}
