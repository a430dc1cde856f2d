//! Reads `templates`: files of objects, and the targets that the objects are created for.

use super::form::{Mapping, form};
use super::groups::label_key;
use super::key::Type;
use super::patch::{ObjectChange, Patch, patches};
use super::read;
use super::typed::Typed;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Selector;
use crate::source::{Span, Spanned};
use crate::tree::expression::is_name;
use crate::tree::{Entry, Node, Text};

form! {
    "a `templates` entry", bare "file", check check;
    /// An entry of `templates`.
    #[derive(Debug)]
    pub struct TemplateFile {
        /// Path of the template, or `builtin:` and a name.
        pub file: Spanned<Text> = required("file"),
        /// Clusters to create objects for; default: all.
        pub selector: Option<Spanned<Selector>> = strict("selector"),
        /// Target of the objects; default: `cluster`.
        pub for_each: ForEach = or("forEach", |_| ForEach::Cluster),
        /// Variable or path of a sequence; the objects are created once for each entry.
        pub with: Option<With> = strict("with"),
        /// Variables of the template, which override the variables of the cluster.
        pub variables: Vec<Entry> = default("variables"),
        /// Changes of objects.
        pub patches: Vec<Patch<ObjectChange>> = default("patches", patches),
        /// `spoke`: spokes apply the objects to themselves.
        pub from_spoke: Option<Span> = optional("from": Type::Enum(&[SPOKE]), from_spoke),
        /// Whether the names of objects that cannot be changed follow their content; default: `false`.
        pub rotate: Option<Span> = optional("rotate": Type::Boolean, rotate),
    }
}

const SPOKE: &str = "spoke";

/// The target of the objects of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForEach {
    /// One set of objects for each cluster.
    Cluster,
    /// One set of objects for the fleet.
    Fleet,
    /// One set of objects for each value of a label.
    Group(Spanned<String>),
}

/// The sequence of entries that a template is used with.
#[derive(Debug)]
pub enum With {
    /// A variable that contains a sequence, or `CLUSTERS`.
    Variable(Spanned<Text>),
    /// The path of a file that contains a sequence.
    File(Spanned<Text>),
}

fn check(template: &TemplateFile, _: &Mapping<'_>, diags: &mut Diagnostics) {
    if template.for_each != ForEach::Cluster {
        report_selectors(&template.patches, diags);
        if let Some(span) = template.from_spoke {
            let message = "`from: spoke` is not allowed in a template with `forEach: fleet` or `forEach: {label: …}`";
            let help = "remove `from` or `forEach`";
            diags.push(Diagnostic::new(Code::InvalidValue, span, message).help(help));
        }
    }
}

fn from_spoke(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Span> {
    read::read_enum(node, subject, &[(SPOKE, node.span)], diags)
}

fn rotate(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Span> {
    bool::read(node, subject, diags)?.then_some(node.span)
}

form! {
    "`forEach`";
    struct Group {
        /// Label; each of its values is a target.
        label: Spanned<String> = required("label", label_key),
    }
}

impl Typed for ForEach {
    const TYPE: Type = Type::OneOf(&[Type::Enum(&["cluster", "fleet"]), Group::TYPE]);

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        if node.entries().is_some() {
            return Group::read(node, subject, diags).map(|group| Self::Group(group.label));
        }
        let text = read::string(node, subject, diags)?;
        match text.as_str() {
            "cluster" => Some(Self::Cluster),
            "fleet" => Some(Self::Fleet),
            _ => {
                let message = format!(
                    "{subject} must be `cluster`, `fleet` or a mapping with `label`, not `{text}`"
                );
                let help = "write `cluster`, `fleet`, or `{label: team}` for one set of objects for each value of the label";
                diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
                None
            }
        }
    }
}

/// A name, or a path of names, is a variable; anything else is the path of a file.
impl Typed for With {
    const TYPE: Type = Type::Template;

    fn read(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Self> {
        let path = Spanned::<Text>::read(node, subject, diags)?;
        match path.value.literal() {
            Some("") => {
                let message = format!("{subject} must not be empty");
                let help = "write the name of a variable, or the path of a file";
                diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
                None
            }
            Some(name) if is_name(name) => {
                let value = Text::variable_at(&[name], path.span);
                Some(Self::Variable(Spanned { value, ..path }))
            }
            None if path.value.sole_slot().is_some() => Some(Self::Variable(path)),
            Some(_) | None => Some(Self::File(path)),
        }
    }
}

/// Reports selectors of patches of a template that does not create objects for clusters: groups and the fleet
/// have no labels.
fn report_selectors(patches: &[Patch<ObjectChange>], diags: &mut Diagnostics) {
    for patch in patches {
        if let Some(selector) = &patch.selector {
            let message = "`selector` is not allowed in patches of a template with `forEach: fleet` or `forEach: {label: …}`";
            let help = "remove the selector; the selector of the template selects the clusters of `CLUSTERS`";
            diags.push(Diagnostic::new(Code::InvalidSelector, selector.span, message).help(help));
        }
    }
}
