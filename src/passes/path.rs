//! Substitutes variables in paths, and groups clusters by path.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::findings::Findings;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::{SubjectId, SubjectScope, Subjects};
use crate::source::{Span, Spanned};
use crate::template::fill;
use crate::tree::{Node, Part, Text};

/// Characters that begin a wildcard.
const WILDCARDS: [char; 4] = ['*', '?', '[', '{'];

/// A path with variables in a file of the fleet.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    template: &'a Spanned<Text>,
    /// The number of written path segments and of written wildcards.
    segments: usize,
    wildcards: usize,
}

impl<'a> Path<'a> {
    pub(super) fn new(template: &'a Spanned<Text>) -> Self {
        Self {
            template,
            segments: count_literal(&template.value, &['/']) + 1,
            wildcards: count_literal(&template.value, &WILDCARDS),
        }
    }

    /// Reports a resolved path in which the value of a variable is not exactly one path segment. `member` is the
    /// location of the value.
    pub(super) fn check(&self, path: &str, member: Option<Span>, diags: &mut Diagnostics) -> bool {
        // This runs for every cluster and layer, so it reads each character only once.
        let (mut segments, mut wildcards, mut is_plain) = (0, 0, true);
        for part in path.as_bytes().split(|byte| *byte == b'/') {
            segments += 1;
            is_plain &= !matches!(part, b"" | b"." | b"..");
            for byte in part {
                wildcards += usize::from(WILDCARDS.contains(&char::from(*byte)));
                is_plain &= !matches!(byte, b'\\' | b'\0');
            }
        }
        let is_path = is_plain && segments == self.segments && wildcards == self.wildcards;
        if !is_path {
            let message =
                format!("path `{path}` is not valid: each variable must be one path segment");
            let help = "set the variable to a name without `/`, `\\`, `*`, `?`, `[` and `{`, other than `.` and `..`";
            diags.push(
                Diagnostic::new(Code::InvalidPath, self.template.span, message)
                    .related(member, "path comes from this member")
                    .help(help),
            );
        }
        is_path
    }
}

/// Groups targets by their resolved path, with `variables` in addition to their own. The value of a variable must
/// be exactly one path segment.
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
    for item in selected {
        let subject = subjects.subject(id(item));
        let mut errors = Vec::new();
        let scope = SubjectScope::new(subjects, subject, variables);
        let path = fill::text(&template.value, &scope, &mut errors);
        if errors.is_empty() {
            by_path.entry(path).or_default().push(item);
        } else {
            findings.add_errors(errors, subject);
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
            .and_then(|item| subjects.subject(id(*item)).span());
        written.check(path, member, diags)
    });
    by_path
}

/// Counts the given characters in the literal parts of a path.
fn count_literal(path: &Text, characters: &[char]) -> usize {
    let parts = path.parts();
    let literals = parts.iter().filter_map(|part| match part {
        Part::Literal(text) => Some(text.matches(characters).count()),
        _ => None,
    });
    literals.sum()
}
