//! Charts: what may stand in their texts.

use std::rc::Rc;

use super::resolver::AddOnResolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::name::{LABEL_LENGTH, name_problem};
use crate::model::{AddOnField, Chart};
use crate::passes::findings::Findings;
use crate::plan::{Scoped, Subject, addon_variable};
use crate::source::{Span, Spanned};
use crate::template::fill;
use crate::tree::{Node, Text};

/// The longest name of a Helm release.
const RELEASE_LENGTH: usize = 53;

impl AddOnResolver<'_, '_> {
    /// Checks the texts for all clusters, each once where they are the same for all.
    pub(super) fn check_chart(&mut self, chart: &Chart, clusters: &[usize]) {
        let cluster = |index: &usize| Subject::Cluster(&self.subjects.clusters[*index]);
        let clusters: Vec<Subject<'_>> = clusters.iter().map(cluster).collect();
        let fleet = [Subject::Fleet(self.subjects.constants)];
        let before = self.diags.errors();
        for (field, key, text) in chart.texts() {
            let node = text.node();
            let varies = self.varies_by_cluster(&node);
            let subjects = if varies { &*clusters } else { &fleet };
            for (subject, filled) in self.fill_each(&node, subjects) {
                let filled = filled.text().unwrap_or_default();
                self.check_text(field, key, filled, text.span, subject.span());
            }
        }
        // What is missing in values is found when they are printed; nothing is, after an error.
        if let Some(values) = &chart.values
            && self.diags.errors() > before
        {
            self.fill_each(values, &clusters);
        }
    }

    /// A tree as it is filled for each subject; what cannot be filled is reported.
    fn fill_each<'s>(&mut self, tree: &Node, subjects: &[Subject<'s>]) -> Vec<(Subject<'s>, Node)> {
        let variables = [addon_variable(&self.selected.addon.name)];
        let mut findings = Findings::default();
        let mut whole = Vec::with_capacity(subjects.len());
        for subject in subjects {
            let scope = Scoped::new(self.subjects, *subject, &variables);
            let mut found = Vec::new();
            let filled = fill::node(tree, &scope, &mut found);
            if found.is_empty() {
                whole.push((*subject, filled));
            }
            findings.add_errors(found, *subject);
        }
        findings.report(self.diags);
        whole
    }

    /// A text that is the same for the whole fleet.
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
        let message = format!("`{text}` cannot be the `{key}` of a chart: {problem}");
        let diagnostic = Diagnostic::new(Code::InvalidValue, span, message).help(help);
        self.diags.push(match member {
            Some(member) => diagnostic.related(member, "for this member"),
            None => diagnostic,
        });
    }
}

/// What is wrong with a text of a chart, and what would be right.
fn problem(field: AddOnField, text: &str) -> Option<(String, &'static str)> {
    let only = |others: &str| {
        let is_other = |letter: &char| !letter.is_ascii_alphanumeric() && !others.contains(*letter);
        text.chars().find(is_other)
    };
    let found = |letter: char| format!("it holds `{}`", letter.escape_default());
    let empty = || text.is_empty().then(|| "it is empty".to_owned());
    match field {
        AddOnField::Repo => {
            let schemes = ["https://", "http://", "oci://"];
            let rest = schemes.iter().find_map(|scheme| text.strip_prefix(scheme));
            let problem = match rest {
                None => Some("it is no URL of a chart repository".to_owned()),
                Some("") => Some("it has no host".to_owned()),
                Some(_) => only("-._~:/?#[]@!$&'()*+,;=%").map(found),
            };
            problem.zip(Some("write https://…, http://… or oci://…"))
        }
        AddOnField::Chart => empty()
            .or_else(|| only("-._/").map(found))
            .zip(Some("write the chart's name, as its repository has it")),
        AddOnField::Version => empty()
            .or_else(|| only("-.+_~^<>=|*, ").map(found))
            .zip(Some("write a version of the chart: 1.2.3")),
        AddOnField::Release => name_problem(text, RELEASE_LENGTH, true)
            .map(|problem| problem.to_string())
            .zip(Some("write `release`, a name of at most 53 characters")),
        AddOnField::Namespace => name_problem(text, LABEL_LENGTH, false)
            .map(|problem| problem.to_string())
            .zip(Some("write the name of a namespace")),
        AddOnField::Values | AddOnField::Manifests => None,
    }
}
