//! Objects with the same identity: identical ones are printed once, others are errors.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::plan::identity::Identity;
use crate::plan::{Creator, ObjectRef, Subject};
use crate::render::Output;

/// Finds the objects that repeat another one with the same bytes, each after the one that it repeats, and
/// reports different objects with the same identity.
pub(crate) fn check_duplicates(
    output: &Output,
    identities: &mut [(u64, ObjectRef)],
    diags: &mut Diagnostics,
) -> Vec<[ObjectRef; 2]> {
    let mut repeated = Vec::new();
    identities.sort_unstable_by_key(|(hash, _)| *hash);
    for group in identities
        .chunk_by_mut(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
    {
        // The object that is printed first stays.
        group.sort_unstable_by_key(|(_, at)| {
            let (section, position) = (at.section(), at.position());
            let order = output.order(section, position);
            (order, section, position, at.object())
        });
        for (index, (_, second)) in group.iter().enumerate().skip(1) {
            for (_, first) in &group[..index] {
                if let Some(is_equal) = compare(output, [*first, *second], diags) {
                    repeated.extend(is_equal.then_some([*first, *second]));
                    break;
                }
            }
        }
    }
    repeated
}

/// Compares every byte of two objects. Returns `None` if their identities differ.
fn compare(
    output: &Output,
    [first, second]: [ObjectRef; 2],
    diags: &mut Diagnostics,
) -> Option<bool> {
    let objects = [first, second].map(|at| output.object(at));
    let [one, other] = objects.map(|object| object.identity());
    if one != other {
        return None;
    }
    let [first, second] = objects.map(|object| object.pieces().collect::<Vec<_>>().concat());
    let is_equal = first == second;
    if !is_equal {
        match objects.map(|object| object.creator()) {
            [Creator::AddOn(first), Creator::AddOn(second)] if first != second => {
                let is_one_document = one.object.name.span == other.object.name.span;
                report_document(&other, [first, second], is_one_document, diags);
            }
            _ => {
                let subjects = objects.map(|object| output.plan.subject(object.subject()));
                report_duplicate(&one, &other, subjects, diags);
            }
        }
    }
    Some(is_equal)
}

/// Reports that two add-ons have objects of one name, by one document of a delivery method or by two.
fn report_document(
    object: &Identity<'_>,
    addons: [&str; 2],
    is_one_document: bool,
    diags: &mut Diagnostics,
) {
    let help = if is_one_document {
        "use `${ADDON}` in the name"
    } else {
        "two delivery methods create it: make their documents equal, or write another name in one of them"
    };
    let [first, second] = addons;
    diags.push(
        different(object, "")
            .label(format!("for the add-ons `{first}` and `{second}`"))
            .help(help),
    );
}

fn report_duplicate(
    first: &Identity<'_>,
    second: &Identity<'_>,
    subjects: [Subject<'_>; 2],
    diags: &mut Diagnostics,
) {
    let place = match &second.namespace {
        Some(namespace) => format!(" in the namespace `{namespace}`"),
        None => String::new(),
    };
    let help = if subjects.iter().any(|subject| subject.cluster().is_some()) {
        "use `${CLUSTER_NAME}` in the name, or make the objects equal"
    } else {
        "rename one of them"
    };
    diags.push(
        different(second, &place)
            .label(format!("for {}", subjects[1]))
            .related(first.object.name.span, format!("for {}", subjects[0]))
            .help(help),
    );
}

fn different(Identity { object, name, .. }: &Identity<'_>, place: &str) -> Diagnostic {
    let kind = &object.kind;
    let message = format!("two different {kind} objects are named `{name}`{place}");
    Diagnostic::new(Code::DuplicateObject, object.name.span, message)
}
