//! Orders the variables and names of a list so that each is computed after the variables it reads.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::members::Members;
use crate::model::cluster::NAME_VARIABLES;
use crate::source::{Span, Spanned};
use crate::tree::roots;
use crate::tree::{Node, Text};

/// A variable to compute for each member.
pub(super) struct Step {
    pub(super) name: Rc<str>,
    pub(super) value: StepValue,
    span: Span,
}

/// The source of a variable's value.
pub(super) enum StepValue {
    /// A value with expressions.
    Filled(Node),
    /// A copy of another variable.
    Same(Rc<str>),
}

impl Step {
    /// Creates the step of a name: the written value, or a copy of the variable `default`.
    pub(super) fn name(
        name: &str,
        written: Option<&Spanned<Text>>,
        default: &str,
        members: &Members,
    ) -> Self {
        Self {
            name: name.into(),
            value: match written {
                Some(template) => StepValue::Filled(template.node()),
                None => StepValue::Same(default.into()),
            },
            span: written.map_or(members.list.span, |template| template.span),
        }
    }

    /// Returns `true` if the variable names a cluster, its namespace or a group.
    pub(super) fn is_name(&self) -> bool {
        NAME_VARIABLES.contains(&&*self.name)
    }

    /// Returns the variables that this one reads.
    fn reads(&self) -> Vec<String> {
        match &self.value {
            StepValue::Filled(value) => roots(value),
            StepValue::Same(name) => vec![name.to_string()],
        }
    }

    /// Returns `true` if the member itself sets the variable, as with `key: CLUSTER_NAME`.
    fn is_set_by_member(&self) -> bool {
        matches!(&self.value, StepValue::Same(name) if *name == self.name)
    }
}

/// Returns the steps of an entry in order: `names` and the non-literal `variables`. Returns `None` after an error.
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
        name: variable.key.text.source_text(),
        value: StepValue::Filled(variable.value.clone()),
        span: variable.key.span,
    }));
    report_labels(&open, diags);
    let order = order(&open, diags);
    let mut open: Vec<Option<Step>> = open.into_iter().map(Some).collect();
    let ordered = order.into_iter().filter_map(|step| open[step].take());
    let ordered = ordered.collect();
    (diags.errors() == before).then_some(ordered)
}

/// Returns the numbers of the steps, each after the steps that it reads. Reports a cycle.
fn order(steps: &[Step], diags: &mut Diagnostics) -> Vec<usize> {
    let sources = reads(steps);
    let mut readers = vec![Vec::new(); steps.len()];
    for (step, read) in sources.iter().enumerate() {
        for source in read {
            readers[*source].push(step);
        }
    }
    let mut waits: Vec<usize> = sources.iter().map(BTreeSet::len).collect();
    let mut ready: BTreeSet<usize> = (0..steps.len()).filter(|step| waits[*step] == 0).collect();
    let mut ordered = Vec::with_capacity(steps.len());
    while let Some(step) = ready.pop_first() {
        ordered.push(step);
        for reader in &readers[step] {
            waits[*reader] -= 1;
            if waits[*reader] == 0 {
                ready.insert(*reader);
            }
        }
    }
    if ordered.len() < steps.len() {
        let is_open = |step: &usize| waits[*step] > 0;
        report_cycle(steps, &sources, is_open, diags);
    }
    ordered
}

/// Returns the numbers of the steps that each step reads.
fn reads(steps: &[Step]) -> Vec<BTreeSet<usize>> {
    let numbered = steps.iter().enumerate();
    let by_name: BTreeMap<&str, usize> = numbered.map(|(at, step)| (&*step.name, at)).collect();
    let read = |step: &Step| {
        let reads = step.reads();
        let reads = reads.iter().filter(|_| !step.is_set_by_member());
        reads
            .filter_map(|name| by_name.get(&**name).copied())
            .collect()
    };
    steps.iter().map(read).collect()
}

fn report_labels(steps: &[Step], diags: &mut Diagnostics) {
    for step in steps
        .iter()
        .filter(|step| step.reads().iter().any(|name| name == "LABELS"))
    {
        let message = "`LABELS` is available only in templates";
        let help = "use the variable that sets the label";
        diags.push(Diagnostic::new(Code::VariableCycle, step.span, message).help(help));
    }
}

fn report_cycle(
    steps: &[Step],
    reads: &[BTreeSet<usize>],
    is_open: impl Fn(&usize) -> bool,
    diags: &mut Diagnostics,
) {
    // Each open step reads another open step, so following the reads from any step ends in a cycle.
    let mut cycle: Vec<usize> = Vec::new();
    let mut seen = BTreeMap::new();
    let mut next = (0..steps.len()).find(&is_open);
    while let Some(step) = next {
        if let Some(start) = seen.insert(step, cycle.len()) {
            cycle.drain(..start);
            break;
        }
        cycle.push(step);
        next = reads[step].iter().copied().find(&is_open);
    }
    let cycle: Vec<&Step> = cycle.into_iter().map(|step| &steps[step]).collect();
    let [first, rest @ ..] = &*cycle else {
        return;
    };
    let message = format!("variable `{}` depends on itself", first.name);
    let diagnostic = Diagnostic::new(Code::VariableCycle, first.span, message);
    let diagnostic = rest.iter().fold(diagnostic, |diagnostic, step| {
        diagnostic.related(step.span, "also in the cycle")
    });
    diags.push(diagnostic.help("write one of these values without the others"));
}
