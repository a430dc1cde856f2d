//! `templates`: what objects there are, and what they are made for.

use super::groups;
use super::patch::{self, ObjectChange, Patch};
use super::read::{self, Mapping, is_bare};
use super::selector;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Selector;
use crate::source::{Span, Spanned};
use crate::tree::expression::is_name;
use crate::tree::{Entry, Node, Text};

/// An entry of `templates`.
#[derive(Debug)]
pub struct TemplateFile {
    /// `file`: a path, or `builtin:` and a name.
    pub file: Spanned<Text>,
    /// `selector`: which clusters; default: all.
    pub selector: Option<Spanned<Selector>>,
    /// `forEach`: what the objects are made for.
    pub for_each: ForEach,
    /// `with`: a list, for each entry of which they are made.
    pub with: Option<With>,
    /// `variables`: fixed, they hide those of the clusters.
    pub variables: Vec<Entry>,
    /// `patches`: changes for some of them.
    pub patches: Vec<Patch<ObjectChange>>,
    /// `from: spoke`, where it is said: spokes apply the objects to themselves.
    pub from_spoke: Option<Span>,
    /// `rotate`, where it is said: objects that cannot be changed get names that follow their content.
    pub rotate: Option<Span>,
}

/// What a template's objects are made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForEach {
    /// Each cluster.
    Cluster,
    /// The fleet, once.
    Fleet,
    /// Each value of a label.
    Group(Spanned<String>),
}

/// A list whose entries a template is used with.
#[derive(Debug)]
pub enum With {
    /// A variable that holds a list, or `CLUSTERS`.
    Variable(Spanned<Text>),
    /// The path of a list file.
    File(Spanned<Text>),
}

/// Reads an entry of `templates`.
pub(super) fn template(node: &Node, diags: &mut Diagnostics) -> Option<TemplateFile> {
    if is_bare(node, "templates", "file", diags) {
        return None;
    }
    let keys = [
        "file",
        "selector",
        "forEach",
        "with",
        "variables",
        "patches",
        "from",
        "rotate",
    ];
    let entry = Mapping::read(node, "a `templates` entry", &keys, diags)?;
    let file = entry
        .require("file", diags)
        .and_then(|node| read::template(node, "`file`", diags));
    let selector = match entry.get("selector") {
        Some(node) => Some(selector::read(node, diags)?),
        None => None,
    };
    let for_each = match entry.get("forEach") {
        Some(node) => for_each(node, diags)?,
        None => ForEach::Cluster,
    };
    let with = match entry.get("with") {
        Some(node) => Some(with(node, diags)?),
        None => None,
    };
    let variables = entry
        .get("variables")
        .and_then(|node| read::mapping(node, "`variables`", diags));
    let patches = entry
        .get("patches")
        .map(|node| patch::of_template(node, diags))
        .unwrap_or_default();
    let from_spoke = entry.get("from").and_then(|node| {
        read::word(node, "`from`", &[("spoke", ())], diags)?;
        Some(node.span)
    });
    let rotate = entry.get("rotate").and_then(|node| {
        let is_wanted = read::boolean(node, "`rotate`", diags)?;
        is_wanted.then_some(node.span)
    });
    if for_each != ForEach::Cluster {
        refuse_selectors(&patches, diags);
        if let Some(span) = from_spoke {
            let message = "a spoke is a cluster, and these objects are made for none of them alone";
            let help = "remove `from` or `forEach`";
            diags.push(Diagnostic::new(Code::InvalidValue, span, message).help(help));
        }
    }
    Some(TemplateFile {
        file: file?,
        selector,
        for_each,
        with,
        variables: variables.unwrap_or_default().to_vec(),
        patches,
        from_spoke,
        rotate,
    })
}

fn for_each(node: &Node, diags: &mut Diagnostics) -> Option<ForEach> {
    if node.entries().is_some() {
        let group = Mapping::read(node, "`forEach`", &["label"], diags)?;
        let label = groups::label_key(group.require("label", diags)?, diags)?;
        return Some(ForEach::Group(label));
    }
    let words = [("cluster", ForEach::Cluster), ("fleet", ForEach::Fleet)];
    let text = read::string(node, "`forEach`", diags)?;
    let found = words.into_iter().find(|(word, _)| *word == text.value);
    if found.is_none() {
        let message = format!("objects are made for no `{}`", text.value);
        let help = "write `cluster`, `fleet`, or {label: team} for each value of a label";
        diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
    }
    Some(found?.1)
}

/// A name, or a path of names, is a variable; anything else is the path of a file.
fn with(node: &Node, diags: &mut Diagnostics) -> Option<With> {
    let path = read::template(node, "`with`", diags)?;
    let Some(text) = path.value.literal() else {
        return Some(match path.value.sole_slot() {
            Some(_) => With::Variable(path),
            None => With::File(path),
        });
    };
    if text.is_empty() {
        let message = "`with` must not be empty";
        diags.push(Diagnostic::new(Code::InvalidValue, node.span, message));
        return None;
    }
    Some(if is_name(text) {
        With::Variable(Spanned {
            value: Text::variable_at(&[text], path.span),
            span: path.span,
        })
    } else {
        With::File(path)
    })
}

/// Clusters are selected; what is made for others has nothing that a selector could ask for.
fn refuse_selectors(patches: &[Patch<ObjectChange>], diags: &mut Diagnostics) {
    for patch in patches {
        if let Some(selector) = &patch.selector {
            let message =
                "a selector asks for clusters, and these objects are made for none of them alone";
            let help = "remove the selector; that of the template says which clusters are CLUSTERS";
            diags.push(Diagnostic::new(Code::InvalidSelector, selector.span, message).help(help));
        }
    }
}
