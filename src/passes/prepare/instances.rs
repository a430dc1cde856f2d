//! Creates the instances of a template: one for each target, or one for each entry of `with`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::list;
use crate::input::read::report_built_in;
use crate::input::safety::Safety;
use crate::input::templates::{TemplateFile, With as WrittenWith};
use crate::passes::empty_sequences;
use crate::passes::findings::Findings;
use crate::passes::path;
use crate::passes::select::TemplateUse;
use crate::plan::{Instance, SubjectId, SubjectScope, Subjects, With};
use crate::source::{Span, Spanned};
use crate::template::BUILT_IN;
use crate::template::error::{FillError, FillErrorKind};
use crate::template::fill;
use crate::tree::{Node, Scalar, Style, Text, Value};

/// The entries of each target; equal sequences are shared.
pub(super) type Entries = BTreeMap<SubjectId, Rc<[With]>>;

/// The numbers of entries that a template's `with` can have.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// The maximum number of instances for which an output has room.
    pub(super) room: usize,
    /// Whether there can be no entry.
    pub(super) allow_empty: bool,
}

impl Limits {
    /// Returns the limits of a template with this room.
    pub(super) fn new(safety: &Safety, room: usize) -> Self {
        Self {
            room,
            allow_empty: safety.allow_empty,
        }
    }
}

/// The variables of a template, by name.
type Variables = [(Rc<str>, Node)];

/// Returns the instances of a template for some of its targets; `used` is its number. `entries` is `None` if the
/// template has no `with`.
pub(super) fn instances(
    entries: Option<&Entries>,
    used: usize,
    subjects: &[SubjectId],
) -> Vec<Instance> {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let create = |subject: &SubjectId| {
        let entries = match entries {
            Some(entries) => entries.get(subject).map_or(&[][..], |entries| entries),
            None => &[With::None],
        };
        let subject = *subject;
        let numbered = entries.iter().enumerate();
        numbered.map(move |(index, with)| Instance {
            subject,
            with: with.clone(),
            order: (number(used), number(index)),
        })
    };
    subjects.iter().flat_map(create).collect()
}

/// Returns the variables of a template.
pub(super) fn variables(
    template_use: &TemplateUse<'_>,
    subjects: Subjects<'_>,
    diags: &mut Diagnostics,
) -> Rc<Variables> {
    let mut variables = Vec::new();
    let mut findings = Findings::default();
    for entry in &template_use.template.variables {
        let name = entry.key.text.source_text();
        report_built_in(&name, entry.key.span, diags);
        if entry.value.is_null() {
            continue;
        }
        if !entry.value.is_literal() {
            for id in &template_use.subjects {
                let scope = scope(template_use, subjects, *id);
                let mut errors = Vec::new();
                fill::node(&entry.value, &scope, &mut errors);
                findings.add_errors(errors, scope.subject);
            }
        }
        variables.push((name, entry.value.clone()));
    }
    findings.report(diags);
    variables.into()
}

/// Returns the variables of a target itself.
fn scope<'a>(
    template_use: &'a TemplateUse<'_>,
    subjects: Subjects<'a>,
    id: SubjectId,
) -> SubjectScope<'a> {
    SubjectScope {
        selected: template_use.selected.as_deref(),
        ..SubjectScope::new(subjects, subjects.subject(id), &[])
    }
}

/// Returns the entries of a template's `with`, or `None` without `with`. Returns `Err` if there are more than
/// an output has room for, which is reported.
pub(super) fn entries(
    files: &mut Files,
    template_use: &TemplateUse<'_>,
    (subjects, variables): (Subjects<'_>, &Variables),
    limits: Limits,
    diags: &mut Diagnostics,
) -> Result<Option<Entries>, ()> {
    let Some(with) = &template_use.template.with else {
        return Ok(None);
    };
    let (entries, span) = match with {
        WrittenWith::Variable(list) => (
            variable_entries(template_use, list, (subjects, variables), limits, diags),
            list.span,
        ),
        WrittenWith::File(path) => (
            file_entries(files, template_use, (path, limits), subjects, diags),
            path.span,
        ),
    };
    let total: usize = entries.values().map(|entries| entries.len()).sum();
    if total > limits.room {
        let message = format!(
            "this sequence creates more instances of the template than the limit of {}",
            limits.room
        );
        let help = "split the fleet, or raise `safety.budgets.output` and Argo CD's limits with it";
        diags.push(Diagnostic::new(Code::OutputTooLarge, span, message).help(help));
        return Err(());
    }
    Ok(Some(entries))
}

fn variable_entries(
    template_use: &TemplateUse<'_>,
    list: &Spanned<Text>,
    (subjects, variables): (Subjects<'_>, &Variables),
    limits: Limits,
    diags: &mut Diagnostics,
) -> Entries {
    let is_clusters = list.value == Text::variable("CLUSTERS", list.span);
    let plain = Node {
        span: list.span,
        value: Value::Scalar(Scalar {
            style: Style::Plain,
            text: list.value.clone(),
        }),
    };
    let mut entries = Entries::new();
    let mut reported = BTreeSet::new();
    let mut findings = Findings::default();
    let mut total = 0;
    for id in &template_use.subjects {
        let scope = SubjectScope {
            variables,
            ..scope(template_use, subjects, *id)
        };
        let mut errors = Vec::new();
        let clusters = scope.cluster_indices().filter(|_| is_clusters);
        let with: Rc<[With]> = if let Some(clusters) = clusters {
            let check = |index: usize| {
                let cluster = fill::ListEntry::Scope(&subjects.clusters[index]);
                cluster.check_fixed(&scope, &mut errors);
                With::cluster(index)
            };
            clusters.map(check).collect()
        } else {
            let filled = fill::traced(&plain, &scope, &mut errors);
            let items = filled.items().filter(|_| errors.is_empty());
            if items.is_none() && errors.is_empty() {
                errors.push(not_a_sequence(list));
            }
            let items = items.unwrap_or_default();
            check_fixed(items, &scope, &mut errors);
            items
                .iter()
                .map(|item| With::Entry(Rc::new(item.clone())))
                .collect()
        };
        findings.add_errors(errors, scope.subject);
        check_entry_fields(template_use.template, &with, &mut reported, diags);
        total += with.len();
        entries.insert(*id, with);
        if total > limits.room {
            break;
        }
    }
    findings.report(diags);
    if let (Some(slot), Some(first), 0) =
        (list.value.sole_slot(), template_use.subjects.first(), total)
    {
        let scope = SubjectScope {
            variables,
            ..scope(template_use, subjects, *first)
        };
        if !limits.allow_empty && empty_sequences::is_empty(&scope, slot) {
            let name = slot.expression.path.join(".");
            diags.push(empty_sequences::warning(list.span, &name));
        }
    }
    entries
}

/// Pushes an error for each field of an entry of a member that sets what fleet.yaml sets or restricts.
fn check_fixed(items: &[Node], scope: &SubjectScope<'_>, errors: &mut Vec<FillError>) {
    // The template's own variables, which no entry sets, are checked with their own message.
    let scope = SubjectScope {
        variables: &[],
        ..*scope
    };
    for item in items {
        fill::ListEntry::Node(item).check_fixed(&scope, errors);
    }
}

fn not_a_sequence(list: &Spanned<Text>) -> FillError {
    let name = match list.value.sole_slot() {
        Some(slot) => slot.expression.path.join("."),
        None => list.value.source_text().to_string(),
    };
    FillError {
        span: list.span,
        kind: FillErrorKind::NotSequence(name),
    }
}

fn file_entries(
    files: &mut Files,
    template_use: &TemplateUse<'_>,
    (path, limits): (&Spanned<Text>, Limits),
    subjects: Subjects<'_>,
    diags: &mut Diagnostics,
) -> Entries {
    let by_path = path::by_path(
        path,
        &[],
        subjects,
        template_use.subjects.clone(),
        &|id| id,
        diags,
    );
    let mut entries = Entries::new();
    let mut findings = Findings::default();
    let mut total = 0;
    for (filled, ids) in by_path {
        let relative = files.relative(&filled, path.span);
        let file = match files.read(&relative, Some(path.span)) {
            Ok(file) => file,
            Err(diagnostic) => {
                let member = ids.first().and_then(|id| subjects.subject(*id).span());
                let member = member.filter(|_| path.value.literal().is_none());
                diags.push(diagnostic.related(member, "path comes from this member"));
                continue;
            }
        };
        let items = list::entries(files, file, path.span, limits.allow_empty, diags);
        let with: Rc<[With]> = items
            .iter()
            .map(|item| With::Entry(Rc::new(item.clone())))
            .collect();
        check_entry_fields(template_use.template, &with, &mut BTreeSet::new(), diags);
        total += with.len() * ids.len();
        // The caller reports too many instances, which must not be visited.
        let checked = if total > limits.room { &[] } else { &*ids };
        for id in checked {
            let scope = scope(template_use, subjects, *id);
            let mut errors = Vec::new();
            check_fixed(&items, &scope, &mut errors);
            findings.add_errors(errors, scope.subject);
        }
        entries.extend(ids.into_iter().map(|id| (id, Rc::clone(&with))));
    }
    findings.report(diags);
    entries
}

/// Reports fields of an entry that the template's `variables` set, and built-in variables.
fn check_entry_fields(
    template: &TemplateFile,
    entries: &[With],
    reported: &mut BTreeSet<Span>,
    diags: &mut Diagnostics,
) {
    for with in entries {
        let With::Entry(entry) = with else {
            continue;
        };
        for field in entry.entries().unwrap_or_default() {
            let name = field.key.text.source_text();
            let mut variable = template.variables.iter();
            let variable = variable.find(|variable| variable.key.text == field.key.text);
            let is_reserved = variable.is_some() || BUILT_IN.contains(&&*name);
            match variable {
                _ if !is_reserved || !reported.insert(field.key.span) => {}
                Some(variable) => {
                    let message = format!(
                        "entry must not set `{name}`, which `variables` of the template sets"
                    );
                    diags.push(
                        Diagnostic::new(Code::FixedVariable, field.key.span, message)
                            .related(variable.key.span, "set here")
                            .help("remove one of them"),
                    );
                }
                None => report_built_in(&name, field.key.span, diags),
            }
        }
    }
}
