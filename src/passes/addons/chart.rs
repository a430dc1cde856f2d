//! Checks of the strings of charts.

use std::rc::Rc;

use super::resolver::AddOnResolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::input::addon::{AddOnField, Chart};
use crate::model::name::{LABEL_LENGTH, name_problem};
use crate::passes::findings::Findings;
use crate::plan::{Subject, SubjectScope, addon_variable};
use crate::source::{Span, Spanned};
use crate::template::fill;
use crate::tree::{Node, Text};

/// Maximum length of the name of a Helm release.
const RELEASE_LENGTH: usize = 53;

impl AddOnResolver<'_, '_> {
    /// Checks the strings of a chart for all clusters. A string that is the same for all is checked once.
    pub(super) fn check_chart(&mut self, chart: &Chart, clusters: &[usize]) {
        let cluster = |index: &usize| Subject::Cluster(&self.subjects.clusters[*index]);
        let clusters: Vec<Subject<'_>> = clusters.iter().map(cluster).collect();
        let fleet = [Subject::Fleet(self.subjects.constants)];
        let before = self.diags.errors();
        for (field, key, text) in chart.texts(&self.selected.addon.name) {
            let node = text.node();
            let varies = self.varies_by_cluster(&node);
            let subjects = if varies { &*clusters } else { &fleet };
            for (subject, filled) in self.fill_each(&node, subjects) {
                let filled = filled.text().unwrap_or_default();
                self.check_text(field, key, filled, text.span, subject.span());
            }
        }
        // Missing variables in values are usually reported when they are rendered, but not after an error.
        if let Some(values) = &chart.values
            && self.diags.errors() > before
        {
            self.fill_each(values, &clusters);
        }
    }

    /// Returns a tree after substitution for each subject. Reports errors, and omits the subjects with errors.
    fn fill_each<'s>(&mut self, tree: &Node, subjects: &[Subject<'s>]) -> Vec<(Subject<'s>, Node)> {
        let variables = [addon_variable(&self.selected.addon.name)];
        let mut findings = Findings::default();
        let mut complete = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let scope = SubjectScope::new(self.subjects, *subject, &variables);
            let mut found = Vec::new();
            let filled = fill::node(tree, &scope, &mut found);
            if found.is_empty() {
                complete.push((*subject, filled));
            }
            findings.add_errors(found, *subject);
        }
        findings.report(self.diags);
        complete
    }

    /// Returns a string that is the same for the whole fleet.
    pub(super) fn constant(&mut self, text: &Spanned<Text>) -> Option<Rc<str>> {
        let fleet = Subject::Fleet(self.subjects.constants);
        let (_, filled) = self.fill_each(&text.node(), &[fleet]).pop()?;
        filled.text().map(Rc::from)
    }

    fn check_text(
        &mut self,
        field: AddOnField,
        key: &str,
        text: &str,
        span: Span,
        member: Option<Span>,
    ) {
        let Some((problem, help)) = problem(field, text) else {
            return;
        };
        let message = format!("`{text}` is not a valid `{key}` of a chart: {problem}");
        let diagnostic = Diagnostic::new(Code::InvalidValue, span, message).help(help);
        self.diags.push(match member {
            Some(member) => diagnostic.related(member, "value comes from this member"),
            None => diagnostic,
        });
    }
}

/// Returns the problem with a string of a chart, and the help. Returns `None` if the string is valid.
fn problem(field: AddOnField, text: &str) -> Option<(String, &'static str)> {
    let only = |others: &str| {
        let is_other = |char: &char| !char.is_ascii_alphanumeric() && !others.contains(*char);
        text.chars().find(is_other)
    };
    let found = |char: char| format!("it contains `{}`", char.escape_default());
    let empty = || text.is_empty().then(|| "it is empty".to_owned());
    match field {
        AddOnField::Repo => {
            let schemes = ["https://", "http://", "oci://"];
            let rest = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
            let problem = match rest {
                None => Some("it is not the URL of a chart repository".to_owned()),
                Some("") => Some("it has no host".to_owned()),
                Some(_) => only("-._~:/?#[]@!$&'()*+,;=%").map(found),
            };
            problem.zip(Some(
                "write a URL that begins with `https://`, `http://` or `oci://`",
            ))
        }
        AddOnField::Chart => empty()
            .or_else(|| only("-._/").map(found))
            .zip(Some("write the name of the chart in its repository")),
        AddOnField::Version => empty()
            .or_else(|| only("-.+_~^<>=|*, ").map(found))
            .zip(Some("write a version of the chart, for example `1.2.3`")),
        AddOnField::Release => name_problem(text, RELEASE_LENGTH, true)
            .map(|problem| problem.to_string())
            .zip(Some("set `release` to a name of at most 53 characters")),
        AddOnField::Namespace => name_problem(text, LABEL_LENGTH, false)
            .map(|problem| problem.to_string())
            .zip(Some(
                "write a valid name of a namespace, for example `kube-system`",
            )),
        AddOnField::Values | AddOnField::Manifests => None,
    }
}
