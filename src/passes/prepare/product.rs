//! `with` and `variables` of a template: what its objects are made for beside their subject.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::list;
use crate::input::read::report_built_in;
use crate::input::templates::{TemplateFile, With as WrittenWith};
use crate::passes::findings::Findings;
use crate::passes::path;
use crate::passes::select::Use;
use crate::plan::{Instance, Scoped, SubjectId, Subjects, With};
use crate::source::{Span, Spanned};
use crate::template::BUILT_IN;
use crate::template::error::{FillError, FillErrorKind};
use crate::template::fill;
use crate::tree::{Node, Scalar, Style, Text, Value};

/// The entries of each subject; equal lists are shared.
pub(super) type Entries = BTreeMap<SubjectId, Rc<[With]>>;

/// The variables of a template, by name.
type Variables = [(Rc<str>, Node)];

/// Returns the instances of some of the subjects, for a template by its number. Without `entries`, the template
/// has no `with`.
pub(super) fn instances(
    entries: Option<&Entries>,
    used: usize,
    subjects: &[SubjectId],
) -> Vec<Instance> {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let of = |subject: &SubjectId| {
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
    subjects.iter().flat_map(of).collect()
}

/// The variables of a template.
pub(super) fn variables(
    one: &Use<'_>,
    subjects: Subjects<'_>,
    diags: &mut Diagnostics,
) -> Rc<Variables> {
    let mut variables = Vec::new();
    let mut findings = Findings::default();
    for entry in &one.template.variables {
        let name = entry.key.text.as_written();
        report_built_in(&name, entry.key.span, diags);
        if entry.value.is_null() {
            continue;
        }
        if !entry.value.is_literal() {
            for id in &one.subjects {
                let scope = scope(one, subjects, *id);
                let mut found = Vec::new();
                fill::node(&entry.value, &scope, &mut found);
                findings.add_errors(found, scope.subject);
            }
        }
        variables.push((name, entry.value.clone()));
    }
    findings.report(diags);
    variables.into()
}

/// The variables of a subject itself.
fn scope<'a>(one: &'a Use<'_>, subjects: Subjects<'a>, id: SubjectId) -> Scoped<'a> {
    Scoped {
        selected: one.selected.as_deref(),
        ..Scoped::new(subjects, subjects.subject(id), &[])
    }
}

/// Finds the entries that a template is used with, if it has a `with`. Returns `Err` if there are more than an
/// output has `room` for, which is reported.
pub(super) fn entries(
    files: &mut Files,
    one: &Use<'_>,
    (subjects, variables): (Subjects<'_>, &Variables),
    room: usize,
    diags: &mut Diagnostics,
) -> Result<Option<Entries>, ()> {
    let Some(with) = &one.template.with else {
        return Ok(None);
    };
    let (entries, span) = match with {
        WrittenWith::Variable(list) => (
            of_variable(one, list, (subjects, variables), room, diags),
            list.span,
        ),
        WrittenWith::File(path) => (of_files(files, one, path, subjects, diags), path.span),
    };
    let total: usize = entries.values().map(|entries| entries.len()).sum();
    if total > room {
        let message = format!(
            "this list gives the template more than the {room} uses that the output has room for"
        );
        let help = "split the fleet, or raise `safety.budgets.output` and Argo CD's limits with it";
        diags.push(Diagnostic::new(Code::OutputTooLarge, span, message).help(help));
        return Err(());
    }
    Ok(Some(entries))
}

fn of_variable(
    one: &Use<'_>,
    list: &Spanned<Text>,
    (subjects, variables): (Subjects<'_>, &Variables),
    room: usize,
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
    let mut told = BTreeSet::new();
    let mut findings = Findings::default();
    let mut total = 0;
    for id in &one.subjects {
        let scope = Scoped {
            variables,
            ..scope(one, subjects, *id)
        };
        let mut found = Vec::new();
        let clusters = scope.cluster_indices().filter(|_| is_clusters);
        let of: Rc<[With]> = if let Some(clusters) = clusters {
            clusters.map(With::cluster).collect()
        } else {
            let filled = fill::node(&plain, &scope, &mut found);
            let items = filled.items().filter(|_| found.is_empty());
            if items.is_none() && found.is_empty() {
                found.push(no_list(list));
            }
            let items = items.unwrap_or_default().iter();
            items
                .map(|item| With::Entry(Rc::new(item.clone())))
                .collect()
        };
        findings.add_errors(found, scope.subject);
        refuse_fixed(one.template, &of, &mut told, diags);
        total += of.len();
        entries.insert(*id, of);
        if total > room {
            break;
        }
    }
    findings.report(diags);
    entries
}

fn no_list(list: &Spanned<Text>) -> FillError {
    let name = match list.value.sole_slot() {
        Some(slot) => slot.expression.path.join("."),
        None => list.value.as_written().to_string(),
    };
    FillError {
        span: list.span,
        kind: FillErrorKind::NotList(name),
    }
}

fn of_files(
    files: &mut Files,
    one: &Use<'_>,
    path: &Spanned<Text>,
    subjects: Subjects<'_>,
    diags: &mut Diagnostics,
) -> Entries {
    let of_path = path::by_path(path, &[], subjects, one.subjects.clone(), &|id| id, diags);
    let mut entries = Entries::new();
    for (filled, of) in of_path {
        let relative = files.relative(&filled, path.span);
        let file = match files.read(&relative, Some(path.span)) {
            Ok(file) => file,
            Err(diagnostic) => {
                let member = of.first().and_then(|id| subjects.subject(*id).span());
                let member = member.filter(|_| path.value.literal().is_none());
                diags.push(diagnostic.related(member, "for this member"));
                continue;
            }
        };
        let items = list::entries(files, file, path.span, diags);
        let with: Rc<[With]> = items
            .into_iter()
            .map(|item| With::Entry(Rc::new(item)))
            .collect();
        refuse_fixed(one.template, &with, &mut BTreeSet::new(), diags);
        entries.extend(of.into_iter().map(|id| (id, Rc::clone(&with))));
    }
    entries
}

/// An entry cannot say what the template fixes, nor a built-in variable.
fn refuse_fixed(
    template: &TemplateFile,
    entries: &[With],
    told: &mut BTreeSet<Span>,
    diags: &mut Diagnostics,
) {
    for with in entries {
        let With::Entry(entry) = with else {
            continue;
        };
        for field in entry.entries().unwrap_or_default() {
            let name = field.key.text.as_written();
            let mut fixed = template.variables.iter();
            let fixed = fixed.find(|fixed| fixed.key.text == field.key.text);
            let is_wrong = fixed.is_some() || BUILT_IN.contains(&&*name);
            match fixed {
                _ if !is_wrong || !told.insert(field.key.span) => {}
                Some(fixed) => {
                    let message = format!(
                        "an entry cannot say `{name}`: the template's entry in fleet.yaml fixes it"
                    );
                    diags.push(
                        Diagnostic::new(Code::FixedVariable, field.key.span, message)
                            .related(fixed.key.span, "fixed here")
                            .help("remove one of them"),
                    );
                }
                None => report_built_in(&name, field.key.span, diags),
            }
        }
    }
}
