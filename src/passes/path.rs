//! Paths with variables: which clusters use which file.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::findings::Findings;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::{Scoped, SubjectId, Subjects};
use crate::source::{Span, Spanned};
use crate::template::fill;
use crate::tree::{Node, Part, Text};

/// What begins a wildcard.
const WILDCARDS: [char; 4] = ['*', '?', '[', '{'];

/// A path that a file of the fleet says, with variables.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    template: &'a Spanned<Text>,
    /// How many slashes and beginnings of wildcards are written.
    names: usize,
    wildcards: usize,
}

impl<'a> Path<'a> {
    pub(super) fn new(template: &'a Spanned<Text>) -> Self {
        Self {
            template,
            names: written(&template.value, &['/']) + 1,
            wildcards: written(&template.value, &WILDCARDS),
        }
    }

    /// Reports a filled path in which a variable's value is not one name of it; `member` said the
    /// value.
    pub(super) fn check(&self, path: &str, member: Option<Span>, diags: &mut Diagnostics) -> bool {
        // Once for each cluster and layer: a single look at each letter.
        let (mut names, mut wildcards, mut is_plain) = (0, 0, true);
        for part in path.as_bytes().split(|byte| *byte == b'/') {
            names += 1;
            is_plain &= !matches!(part, b"" | b"." | b"..");
            for byte in part {
                wildcards += usize::from(WILDCARDS.contains(&char::from(*byte)));
                is_plain &= !matches!(byte, b'\\' | b'\0');
            }
        }
        let is_path = is_plain && names == self.names && wildcards == self.wildcards;
        if !is_path {
            let message = format!("a variable makes the path `{path}`: its value must be one name");
            let help = "a name is not empty, not `..`, and holds no slash and no wildcard";
            diags.push(
                Diagnostic::new(Code::InvalidPath, self.template.span, message)
                    .related(member, "for this member")
                    .help(help),
            );
        }
        is_path
    }
}

/// What is made for by the path that it fills in, with `variables` beside its own. A variable's
/// value is one name of it.
pub(super) fn by_path<I: Copy>(
    template: &Spanned<Text>,
    variables: &[(Rc<str>, Node)],
    subjects: Subjects<'_>,
    selected: Vec<I>,
    id: &dyn Fn(I) -> SubjectId,
    diags: &mut Diagnostics,
) -> BTreeMap<Rc<str>, Vec<I>> {
    let mut by_path: BTreeMap<Rc<str>, Vec<I>> = BTreeMap::new();
    let mut findings = Findings::default();
    for one in selected {
        let subject = subjects.subject(id(one));
        let mut found = Vec::new();
        let scope = Scoped::new(subjects, subject, variables);
        let path = fill::text(&template.value, &scope, &mut found);
        if found.is_empty() {
            by_path.entry(path).or_default().push(one);
        } else {
            findings.add_errors(found, subject);
        }
    }
    findings.report(diags);
    if template.value.literal().is_some() {
        return by_path;
    }
    let written = Path::new(template);
    by_path.retain(|path, users| {
        let member = users
            .first()
            .and_then(|one| subjects.subject(id(*one)).span());
        written.check(path, member, diags)
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
