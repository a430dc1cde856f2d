//! In which order a list's variables and the names that are made of them are filled: each after what
//! it reads.

use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::members::Members;
use crate::model::cluster::NAMES;
use crate::source::{Span, Spanned};
use crate::tree::roots;
use crate::tree::{Node, Text};

/// A variable to fill.
pub(super) struct Step {
    /// The variable.
    pub(super) name: Rc<str>,
    /// What is filled.
    pub(super) value: Made,
    span: Span,
}

/// What a variable is made of.
pub(super) enum Made {
    /// What is written.
    Filled(Node),
    /// Another variable, as it is.
    Same(Rc<str>),
}

impl Step {
    /// A name that is made for each member: as it is written, or else what another variable is.
    pub(super) fn name(
        name: &str,
        written: Option<&Spanned<Text>>,
        default: &str,
        members: &Members,
    ) -> Self {
        Self {
            name: name.into(),
            value: match written {
                Some(template) => Made::Filled(template.node()),
                None => Made::Same(default.into()),
            },
            span: written.map_or(members.list.span, |template| template.span),
        }
    }

    /// Whether the variable names a cluster, its namespace or a group.
    pub(super) fn is_name(&self) -> bool {
        NAMES.contains(&&*self.name)
    }

    /// The variables that this one reads.
    fn reads(&self) -> Vec<String> {
        match &self.value {
            Made::Filled(value) => roots(value),
            Made::Same(name) => vec![name.to_string()],
        }
    }

    /// Whether the member itself says it, as with `key: CLUSTER_NAME`.
    fn is_said(&self) -> bool {
        matches!(&self.value, Made::Same(name) if *name == self.name)
    }
}

/// The steps of an entry, in order: `names`, and what its `variables` are made of. Returns `None` if
/// there is no order, which is reported.
pub(super) fn steps(
    names: Vec<Step>,
    members: &Members,
    diags: &mut Diagnostics,
) -> Option<Vec<Step>> {
    let before = diags.errors();
    let mut open = names;
    let variables = members
        .variables
        .iter()
        .filter(|variable| !variable.value.is_literal());
    open.extend(variables.map(|variable| Step {
        name: variable.key.text.as_written(),
        value: Made::Filled(variable.value.clone()),
        span: variable.key.span,
    }));
    refuse_labels(&open, diags);
    let mut ordered: Vec<Step> = Vec::new();
    while !open.is_empty() {
        let ready = open.iter().position(|step| {
            let reads = step.reads();
            let waits = |other: &Step| reads.iter().any(|name| **name == *other.name);
            step.is_said() || !open.iter().any(waits)
        });
        let Some(ready) = ready else {
            refuse_cycle(&open, diags);
            break;
        };
        ordered.push(open.remove(ready));
    }
    (diags.errors() == before).then_some(ordered)
}

fn refuse_labels(steps: &[Step], diags: &mut Diagnostics) {
    for step in steps
        .iter()
        .filter(|step| step.reads().iter().any(|name| name == "LABELS"))
    {
        let message = "`LABELS` is known in templates only";
        let help = "labels are made from variables";
        diags.push(Diagnostic::new(Code::VariableCycle, step.span, message).help(help));
    }
}

fn refuse_cycle(open: &[Step], diags: &mut Diagnostics) {
    let [first, rest @ ..] = open else {
        return;
    };
    let message = format!("`{}` is needed to fill itself", first.name);
    let diagnostic = Diagnostic::new(Code::VariableCycle, first.span, message);
    let diagnostic = rest.iter().fold(diagnostic, |diagnostic, step| {
        diagnostic.related(step.span, "waits for another, too")
    });
    diags.push(diagnostic.help("write one of the values without the other"));
}
