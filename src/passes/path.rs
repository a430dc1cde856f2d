//! Paths with variables: which clusters use which file.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Problems;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::read::Template;
use crate::model::Cluster;
use crate::plan::{Scoped, Subject};
use crate::template::fill;
use crate::tree::{Node, Part, Text};

/// What begins a wildcard.
const WILDCARDS: [char; 4] = ['*', '?', '[', '{'];

/// The clusters by the path that they fill in, with `variables` beside their own. A variable's
/// value is one name of it.
pub(super) fn by_path(
    template: &Template,
    variables: &[(Rc<str>, Node)],
    clusters: &[Cluster],
    selected: Vec<usize>,
    diags: &mut Diagnostics,
) -> BTreeMap<Rc<str>, Vec<usize>> {
    let mut by_path: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
    let mut problems = Problems::default();
    for index in selected {
        let cluster = &clusters[index];
        let mut found = Vec::new();
        let scope = Scoped {
            template: variables,
            subject: Subject::Cluster(cluster),
        };
        let path = fill::text(&template.text, &scope, &mut found);
        if found.is_empty() {
            by_path.entry(path).or_default().push(index);
        } else {
            problems.add(
                found,
                &cluster.name.to_string(),
                Some(cluster.span),
                &cluster.variables,
            );
        }
    }
    problems.report(diags);
    let names = written(&template.text, &['/']) + 1;
    let wildcards = written(&template.text, &WILDCARDS);
    by_path.retain(|path, users| {
        let parts = || path.split('/');
        let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
        let is_path = parts().count() == names
            && parts().all(is_name)
            && path.matches(WILDCARDS).count() == wildcards;
        if !is_path {
            let message = format!("a variable makes the path `{path}`: its value must be one name");
            let help = "a name is not empty, not `..`, and holds no slash and no wildcard";
            let diagnostic = Diagnostic::new(Code::InvalidPath, template.span, message).help(help);
            diags.push(diagnostic.related(clusters[users[0]].span, "for this member"));
        }
        is_path
    });
    by_path
}

/// How often a path has slashes, and what begins a wildcard, as `fleet.yaml` writes it.
fn written(path: &Text, letters: &[char]) -> usize {
    let parts = path.parts();
    let literals = parts.iter().filter_map(|part| match part {
        Part::Literal(text) => Some(text.matches(letters).count()),
        _ => None,
    });
    literals.sum()
}
