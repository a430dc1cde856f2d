//! Labels of clusters: what selectors read.

use std::rc::Rc;

use super::list::List;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::wrong_type;
use crate::model::Variables;
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::name::{label_key_problem, label_value_problem};
use crate::source::Span;
use crate::template::fill::{self, Trouble};
use crate::tree::{Entry, Shape, Text};

/// Checks the keys of an entry's labels, and that their values are texts.
pub(super) fn check_keys(labels: &[Entry], diags: &mut Diagnostics) {
    for label in labels {
        let key = label.key.text.as_written();
        let prefix = key.split_once('/').map_or("", |(prefix, _)| prefix);
        if let Some(problem) = label_key_problem(&key) {
            let message = format!("`{key}` is no label key: {problem}");
            diags.push(Diagnostic::new(Code::InvalidLabel, label.key.span, message));
        } else if prefix == "kubectl-fleet.io" || prefix.ends_with(".kubectl-fleet.io") {
            let message = format!(
                "the label `{key}` is reserved: kubectl-fleet sets labels such as `{CLUSTER_LABEL}` itself"
            );
            diags.push(
                Diagnostic::new(Code::ReservedLabel, label.key.span, message)
                    .help("use a key of your own"),
            );
        }
        let is_text = label.value.as_scalar().is_some()
            && matches!(label.value.shape(), Shape::Text | Shape::Nothing);
        if !is_text {
            wrong_type(&label.value, "a label's value", "a text", diags);
        }
    }
}

impl List<'_> {
    /// A cluster's labels, sorted by key.
    pub(super) fn labels(
        &self,
        variables: &Variables,
        span: Span,
        found: &mut Vec<fill::Problem>,
        diags: &mut Diagnostics,
    ) -> Option<Vec<(Rc<str>, Rc<str>)>> {
        let mut labels: Vec<(Rc<str>, Rc<str>)> = Vec::with_capacity(self.entry.labels.len());
        let before = diags.errors();
        for label in &self.entry.labels {
            let (Some(scalar), Text::Literal(key)) = (label.value.as_scalar(), &label.key.text)
            else {
                continue;
            };
            if label.value.is_null() {
                continue;
            }
            let mut problems = Vec::new();
            let value = fill::text(&scalar.as_text(), variables, &mut problems);
            // A label whose variable may be unset is left out.
            if !problems.is_empty() && problems.iter().all(|problem| self.is_optional(problem)) {
                continue;
            }
            found.append(&mut problems);
            if let Some(problem) = label_value_problem(&value) {
                let message = format!("the label `{key}` cannot be `{value}`: {problem}");
                diags.push(
                    Diagnostic::new(Code::InvalidLabel, span, message)
                        .related(label.value.span, "set here"),
                );
            }
            labels.push((Rc::clone(key), value));
        }
        labels.sort();
        (diags.errors() == before).then_some(labels)
    }

    /// Whether only a field is missing that a member may leave out.
    fn is_optional(&self, problem: &fill::Problem) -> bool {
        let Trouble::Missing(path) = &problem.kind else {
            return false;
        };
        let root = path.split('.').next().unwrap_or_default();
        self.fields.iter().flatten().any(|field| field.name == root)
    }
}
