//! Reads `patches` of templates and add-ons.

use std::collections::BTreeMap;
use std::rc::Rc;

use jsonptr::PointerBuf;

use super::addon::software;
use super::form::{Form, Mapping, form};
use super::key::{Key, Type};
use super::read;
use super::typed::{Typed, keywords};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Selector;
use crate::source::{Span, Spanned};
use crate::template::patch::{Action, Change, Operation};
use crate::tree::{Node, Text};
use crate::yaml::text::unsupported_key_reason;

form! {
    "a patch";
    /// An entry of `patches`, of a template or of an add-on.
    #[derive(Debug)]
    pub struct Patch<C> {
        /// Name of the patch, unique in its template or add-on.
        pub name: Spanned<String> = required("name", name),
        /// Clusters of the patch; default: all.
        pub selector: Option<Spanned<Selector>> = strict("selector"),
        /// The change.
        pub change: C = part(C::keys, C::read_keys),
    }
}

form! {
    "a patch";
    /// A change of some objects.
    #[derive(Debug)]
    pub struct ObjectChange {
        /// Objects to change: those that match all keys; an add-on patch without it changes the add-on.
        pub target: Target = required("target"),
        /// `merge` or `json`.
        pub change: Rc<Change> = part(|| CHANGE.to_vec(), change),
    }
}

form! {
    "a patch's target", check check_target;
    /// The objects that a patch changes.
    #[derive(Debug)]
    pub struct Target {
        /// Location of the mapping.
        pub span: Span = span(),
        /// Group of `apiVersion`; empty for the core group.
        pub group: Option<Spanned<String>> = optional("group", group),
        /// Kind of the object.
        pub kind: Option<Spanned<String>> = optional("kind"),
        /// `metadata.name`, with variables substituted.
        pub name: Option<Spanned<Text>> = optional("name"),
    }
}

/// The keys of a change, which must set exactly one of them.
const CHANGE: [Key; 2] = [
    Key {
        name: "merge",
        value: Type::Map,
        is_required: false,
        doc: "JSON Merge Patch (RFC 7386); without `target`, `helm` or `manifests` of the add-on.",
    },
    Key {
        name: "json",
        value: Type::Sequence(&WrittenOperation::TYPE),
        is_required: false,
        doc: "JSON Patch (RFC 6902), instead of `merge`.",
    },
];

/// The patches of an add-on.
#[derive(Debug, Default)]
pub struct AddOnPatches {
    /// Changes of its software.
    pub software: Vec<Patch<Node>>,
    /// Changes of the objects that its delivery method creates, which have a `target`.
    pub objects: Vec<Patch<ObjectChange>>,
}

impl AddOnPatches {
    pub(super) const TYPE: Type = <Vec<Patch<AddOnChange>> as Typed>::TYPE;
}

enum AddOnChange {
    Software(Node),
    Objects(ObjectChange),
}

impl Form for AddOnChange {
    const SUBJECT: &'static str = ObjectChange::SUBJECT;

    fn keys() -> Vec<Key> {
        // Without `target`, a patch changes the add-on itself.
        let keys = ObjectChange::keys().into_iter();
        let optional = keys.map(|key| Key {
            is_required: false,
            ..key
        });
        optional.collect()
    }

    fn read_keys(patch: &Mapping<'_>, diags: &mut Diagnostics) -> Option<Self> {
        let [target, ..] = &ObjectChange::keys()[..] else {
            return None;
        };
        if patch.get(target.name).is_some() {
            return ObjectChange::read_keys(patch, diags).map(Self::Objects);
        }
        let [merge, json] = CHANGE.map(|key| key.name);
        if let Some(json) = patch.entry(json) {
            let message = "`json` needs a `target`";
            let help = "set `target: {kind: …}` to a kind that the delivery method creates, or use `merge`";
            diags.push(Diagnostic::new(Code::MissingKey, json.key.span, message).help(help));
            return None;
        }
        let merge = patch.required(merge, Node::read, diags)?;
        software::check_keys(&merge, diags)?;
        Some(Self::Software(merge))
    }
}

/// Reads the patches of an add-on.
pub(super) fn patches_of_addon(
    node: &Node,
    subject: &str,
    diags: &mut Diagnostics,
) -> Option<AddOnPatches> {
    let mut patches = AddOnPatches::default();
    for patch in self::patches(node, subject, diags)? {
        let Patch {
            name,
            selector,
            change,
        } = patch;
        match change {
            AddOnChange::Software(change) => patches.software.push(Patch {
                name,
                selector,
                change,
            }),
            AddOnChange::Objects(change) => patches.objects.push(Patch {
                name,
                selector,
                change,
            }),
        }
    }
    Some(patches)
}

/// Reads patches, whose names must be unique.
pub(super) fn patches<C: Form>(
    node: &Node,
    subject: &str,
    diags: &mut Diagnostics,
) -> Option<Vec<Patch<C>>> {
    let patches = Vec::<Patch<C>>::read(node, subject, diags)?;
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    for Patch { name, .. } in &patches {
        if let Some(first) = names.insert(&name.value, name.span) {
            let message = format!("two patches are named `{}`", name.value);
            diags.push(
                Diagnostic::new(Code::InvalidValue, name.span, message)
                    .related(first, "the other patch")
                    .help("rename one of them"),
            );
        }
    }
    Some(patches)
}

fn change(patch: &Mapping<'_>, diags: &mut Diagnostics) -> Option<Rc<Change>> {
    let [merge, json] = CHANGE.map(|key| key.name);
    match (patch.get(merge), patch.get(json)) {
        (Some(node), None) => {
            patch.optional(merge, read::entries, diags)?;
            Some(Rc::new(Change::Merge(node.clone())))
        }
        (None, Some(_)) => {
            let operations = patch.optional(json, operations, diags)?;
            Some(Rc::new(Change::Json(operations)))
        }
        (merge, _) => {
            let span = merge.map_or(patch.head(), |merge| merge.span);
            let message = "a patch must set exactly one of `merge` or `json`";
            diags.push(
                Diagnostic::new(Code::MissingKey, span, message)
                    .help("set `merge: {spec: …}` to the changed fields"),
            );
            None
        }
    }
}

fn name(node: &Node, _: &str, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let name = Spanned::<String>::read(node, "a patch's name", diags)?;
    if name.value.contains('.') || name.value == "base" {
        let message = format!("a patch cannot be named `{}`", name.value);
        diags.push(
            Diagnostic::new(Code::InvalidValue, node.span, message)
                .help("use a name without dots that is not `base`"),
        );
        return None;
    }
    Some(name)
}

fn group(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let span = node.span;
    read::string(node, subject, diags).map(|value| Spanned { value, span })
}

fn check_target(target: &Target, mapping: &Mapping<'_>, diags: &mut Diagnostics) {
    let mut keys = Target::keys().into_iter();
    if keys.all(|key| mapping.get(key.name).is_none()) {
        let message = "a target must set at least one of `group`, `kind` or `name`";
        diags.push(
            Diagnostic::new(Code::MissingKey, target.span, message)
                .help("set `target: {kind: MachinePool}`"),
        );
    }
}

form! {
    "an operation";
    struct WrittenOperation {
        /// Operation.
        op: Op = required("op"),
        /// JSON Pointer to the changed value.
        path: Spanned<PointerBuf> = required("path": Type::String, pointer),
        /// JSON Pointer to the value that is moved or copied.
        from: Option<Spanned<PointerBuf>> = optional(FROM: Type::String, pointer),
        /// Value that is added or compared; can be `null`.
        value: Option<Node> = nullable(VALUE),
    }
}

const FROM: &str = "from";
const VALUE: &str = "value";

#[derive(Clone, Copy)]
enum Op {
    Add,
    Remove,
    Replace,
    Move,
    Copy,
    Test,
}

keywords!(Op {
    "add" => Self::Add,
    "remove" => Self::Remove,
    "replace" => Self::Replace,
    "move" => Self::Move,
    "copy" => Self::Copy,
    "test" => Self::Test,
});

fn operations(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Vec<Operation>> {
    let operations = read::sequence(node, subject, diags)?.iter();
    operations.map(|node| operation(node, diags)).collect()
}

fn operation(node: &Node, diags: &mut Diagnostics) -> Option<Operation> {
    let mapping = Mapping::read(
        node,
        WrittenOperation::SUBJECT,
        &WrittenOperation::keys(),
        diags,
    )?;
    let written = WrittenOperation::read_keys(&mapping, diags)?;
    let from = written.from.ok_or(FROM);
    let from = from.map(|from| from.value);
    let value = written.value.ok_or(VALUE);
    let action = match written.op {
        Op::Add => value.map(Action::Add),
        Op::Remove => Ok(Action::Remove),
        Op::Replace => value.map(Action::Replace),
        Op::Move => from.map(Action::Move),
        Op::Copy => from.map(Action::Copy),
        Op::Test => value.map(Action::Test),
    };
    Some(Operation {
        action: action
            .map_err(|key| mapping.report_missing(key, diags))
            .ok()?,
        path: written.path,
        span: mapping.head(),
    })
}

/// Reads a JSON Pointer. After an error, which ends the run, returns the pointer to the whole object.
fn pointer(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Spanned<PointerBuf>> {
    let text = read::string(node, subject, diags)?;
    let span = node.span;
    let value = read::parse_pointer(&text, span, "/spec/replicas", diags).unwrap_or_default();
    // A pointer can name a key that does not exist yet.
    for key in value.tokens() {
        if let Some(why) = unsupported_key_reason(&key.decoded()) {
            let message = format!("a key of this pointer cannot be used: {why}");
            diags.push(Diagnostic::new(Code::InvalidKey, span, message).help("choose another key"));
        }
    }
    Some(Spanned { value, span })
}
