//! In which order a list's variables, its name and its namespace are filled: each after what it
//! reads.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::clusters::Clusters;
use crate::input::read::Template;
use crate::source::Span;
use crate::template::expression::{Segment, references};
use crate::tree::Node;

/// A variable to fill.
pub(super) struct Step<'a> {
    /// The variable.
    pub(super) name: Rc<str>,
    /// What is filled; none for the default of a name.
    pub(super) value: Option<Node>,
    span: Span,
    entry: &'a Clusters,
}

impl Step<'_> {
    /// Whether the variable names the cluster or its namespace.
    pub(super) fn is_name(&self) -> bool {
        matches!(&*self.name, "CLUSTER_NAME" | "NAMESPACE")
    }

    /// The variable that gives the default.
    pub(super) fn default_from<'k>(&self, key: &'k str) -> &'k str {
        if *self.name == *"NAMESPACE" {
            "CLUSTER_NAME"
        } else {
            key
        }
    }

    /// The variables that this one reads.
    fn reads(&self) -> Vec<String> {
        match &self.value {
            Some(value) => roots(value),
            None => vec![self.default_from(&self.entry.key.value).to_owned()],
        }
    }
}

/// The names of all variables that a tree reads.
pub(crate) fn roots(node: &Node) -> Vec<String> {
    let mut names = Vec::new();
    node.each_text(&mut |text, _| {
        for slot in text.slots() {
            let segment = Segment::Expression(Box::new(slot.expression.clone()));
            names.extend(
                references(&[segment])
                    .iter()
                    .filter_map(|reference| reference.path.first().cloned()),
            );
        }
    });
    names
}

/// The steps of an entry, in order.
pub(super) fn steps<'a>(entry: &'a Clusters, diags: &mut Diagnostics) -> Vec<Step<'a>> {
    let named = |name: &str, template: &Option<Template>| Step {
        name: name.into(),
        value: template.as_ref().map(Template::node),
        span: template
            .as_ref()
            .map_or(entry.list.span, |template| template.span),
        entry,
    };
    let mut open = vec![
        named("CLUSTER_NAME", &entry.name),
        named("NAMESPACE", &entry.namespace),
    ];
    let variables = entry
        .variables
        .iter()
        .filter(|variable| !variable.value.is_literal());
    open.extend(variables.map(|variable| Step {
        name: variable.key.text.as_written(),
        value: Some(variable.value.clone()),
        span: variable.key.span,
        entry,
    }));
    refuse_labels(&open, diags);
    if let Some(name) = entry
        .name
        .as_ref()
        .filter(|_| entry.key.value == "CLUSTER_NAME")
    {
        let message = "`key: CLUSTER_NAME` names the cluster already";
        diags.push(
            Diagnostic::new(Code::ReservedVariable, name.span, message)
                .related(entry.key.span, "named here")
                .help("remove `name`"),
        );
    }
    let mut ordered: Vec<Step<'a>> = Vec::new();
    while !open.is_empty() {
        let ready = open.iter().position(|step| {
            let reads = step.reads();
            open.iter()
                .all(|other| !reads.iter().any(|name| **name == *other.name) || is_key(step, entry))
        });
        let Some(ready) = ready else {
            refuse_cycle(&open, diags);
            break;
        };
        ordered.push(open.remove(ready));
    }
    ordered
}

/// With `key: CLUSTER_NAME` the member itself names the cluster.
fn is_key(step: &Step<'_>, entry: &Clusters) -> bool {
    step.value.is_none() && *step.name == *entry.key.value
}

fn refuse_labels(steps: &[Step<'_>], diags: &mut Diagnostics) {
    for step in steps
        .iter()
        .filter(|step| step.reads().iter().any(|name| name == "LABELS"))
    {
        let message = "`LABELS` is known in templates only";
        diags.push(
            Diagnostic::new(Code::VariableCycle, step.span, message)
                .help("labels are made from variables"),
        );
    }
}

fn refuse_cycle(open: &[Step<'_>], diags: &mut Diagnostics) {
    let (Some(first), rest) = (open.first(), &open[1..]) else {
        return;
    };
    let message = format!("`{}` is needed to fill itself", first.name);
    let diagnostic = Diagnostic::new(Code::VariableCycle, first.span, message);
    let diagnostic = rest.iter().fold(diagnostic, |diagnostic, step| {
        diagnostic.related(step.span, "waits for another, too")
    });
    diags.push(diagnostic.help("write one of the values without the other"));
}
