//! Applies patches to the documents of a template, for each set of clusters that they select.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_and};
use crate::input::patch::{ObjectChange, Target};
use crate::passes::select::{Selected, TemplateUse};
use crate::plan::{Stack, Step, SubjectId, SubjectScope, Subjects, group_of};
use crate::source::Spanned;
use crate::template::fill::{self, Scope};
use crate::template::patch::PatchError;
use crate::tree::Node;

/// The patches to apply, each with the index of its document, in order.
type Applied = Vec<(usize, usize)>;

/// Patches, and the targets whose objects they can change.
#[derive(Clone, Copy)]
pub(crate) struct Patches<'a> {
    /// The patches, in order.
    pub(crate) patches: &'a [Selected<'a, ObjectChange>],
    /// The targets, in the order of the output.
    pub(crate) subjects: &'a [SubjectId],
}

/// The patches for which an object of their kind exists, and those that change an object.
#[derive(Default)]
pub(crate) struct PatchUse {
    possible: BTreeSet<usize>,
    used: BTreeSet<usize>,
}

/// Documents to which the same patches apply.
pub(crate) struct Patched {
    /// The documents after the patches.
    pub(crate) documents: Vec<Node>,
    /// The inputs of each document; empty without patches.
    pub(crate) stacks: Rc<[Stack]>,
    /// The targets of the documents.
    pub(crate) subjects: Vec<SubjectId>,
}

/// Returns the documents of a template for each set of patches that selects a target, and those targets.
pub(super) fn apply_template_patches(
    documents: &[Node],
    one: &TemplateUse<'_>,
    subjects: Subjects<'_>,
    variables: &[(Rc<str>, Node)],
    diags: &mut Diagnostics,
) -> Vec<Patched> {
    let patches = Patches {
        patches: &one.patches,
        subjects: &one.subjects,
    };
    for Selected { patch, .. } in patches.patches {
        report_unmatched(documents, &patch.change.target, diags);
    }
    let mut used = PatchUse::default();
    let known = (subjects, variables);
    let sets = apply_patches(documents, patches, known, &mut used, diags);
    used.report_unused(&one.patches, diags);
    sets
}

/// Returns documents for each set of patches that selects a target, and those targets. Records the used patches.
pub(crate) fn apply_patches(
    documents: &[Node],
    one: Patches<'_>,
    (subjects, variables): (Subjects<'_>, &[(Rc<str>, Node)]),
    used: &mut PatchUse,
    diags: &mut Diagnostics,
) -> Vec<Patched> {
    if one.patches.is_empty() {
        return vec![Patched {
            documents: documents.to_vec(),
            stacks: Rc::default(),
            subjects: one.subjects.to_vec(),
        }];
    }
    let of_kind = |Selected { patch, .. }: &Selected<'_, ObjectChange>| {
        let is_meant = |index: &usize| is_kind(&documents[*index], &patch.change.target);
        (0..documents.len()).filter(is_meant).collect()
    };
    let candidates: Vec<Vec<usize>> = one.patches.iter().map(of_kind).collect();
    let mut sets: BTreeMap<Applied, Vec<SubjectId>> = BTreeMap::new();
    for id in one.subjects {
        let scope = SubjectScope::new(subjects, subjects.subject(*id), variables);
        let applied = applied(documents, one, &candidates, (*id, &scope), used);
        sets.entry(applied).or_default().push(*id);
    }
    let own: Vec<Rc<Node>> = documents.iter().cloned().map(Rc::new).collect();
    let steps: Vec<Rc<Step>> = one.patches.iter().map(step).collect();
    let stack = |applied: &Applied, document: usize| Stack {
        own: Rc::clone(&own[document]),
        steps: applied
            .iter()
            .filter(|(_, changed)| *changed == document)
            .map(|(patch, _)| Rc::clone(&steps[*patch]))
            .collect(),
    };
    let mut done: Vec<Patched> = sets
        .into_iter()
        .map(|(applied, subjects)| {
            let stacks = (0..documents.len()).map(|document| stack(&applied, document));
            let stacks: Rc<[Stack]> = stacks.filter(|_| !applied.is_empty()).collect();
            let documents = match &*stacks {
                [] => documents.to_vec(),
                stacks => stacks.iter().map(|stack| fold(stack, diags)).collect(),
            };
            Patched {
                documents,
                stacks,
                subjects,
            }
        })
        .collect();
    done.sort_by(|a, b| a.subjects.cmp(&b.subjects));
    done
}

fn step(Selected { patch, .. }: &Selected<'_, ObjectChange>) -> Rc<Step> {
    let change = Rc::clone(&patch.change.change);
    Rc::new(Step::ObjectPatch(patch.name.clone(), change))
}

/// Returns the patched document, and reports patches that cannot be applied.
fn fold(stack: &Stack, diags: &mut Diagnostics) -> Node {
    stack.fold(&mut |step, error| report(step, &error, &stack.own, diags))
}

/// Returns `true` if a patch selects a target. Selectors apply to clusters only.
fn is_for(patch: &Selected<'_, ObjectChange>, id: SubjectId) -> bool {
    let is_selected = |index| patch.clusters.binary_search(&index).is_ok();
    id.cluster_index().is_none_or(is_selected)
}

/// Returns the patches that apply to a target; `candidates` contains the documents of the kind of each patch. A patch
/// whose target name is unknown counts as used.
fn applied(
    documents: &[Node],
    one: Patches<'_>,
    candidates: &[Vec<usize>],
    (id, scope): (SubjectId, &dyn Scope),
    used: &mut PatchUse,
) -> Applied {
    let mut applied = Vec::with_capacity(one.patches.len());
    for (number, selected) in one.patches.iter().enumerate() {
        if !is_for(selected, id) {
            continue;
        }
        let target = &selected.patch.change.target;
        for document in &candidates[number] {
            used.possible.insert(number);
            let is_named = is_named(&documents[*document], target, scope);
            if is_named != Some(false) {
                used.used.insert(number);
            }
            if is_named == Some(true) {
                applied.push((number, *document));
            }
        }
    }
    applied
}

fn report(step: &Step, error: &PatchError, document: &Node, diags: &mut Diagnostics) {
    let code = if error.is_too_large {
        Code::PatchTooLarge
    } else {
        Code::PatchFailed
    };
    let message = format!("{step}: {}", error.message);
    let object = document
        .entries()
        .and_then(<[_]>::first)
        .map_or(document.span, |entry| entry.key.span);
    let diagnostic = Diagnostic::new(code, error.span, message).help(error.help);
    diags.push(diagnostic.related(object, "object to patch"));
}

fn text<'a>(document: &'a Node, key: &str) -> Option<&'a str> {
    document.get(key).and_then(Node::text)
}

pub(crate) fn is_kind(document: &Node, target: &Target) -> bool {
    let group = group_of(text(document, "apiVersion").unwrap_or_default());
    let is = |expected: &Option<Spanned<String>>, found: &str| {
        expected
            .as_ref()
            .is_none_or(|expected| expected.value == found)
    };
    let kind = text(document, "kind").unwrap_or_default();
    is(&target.kind, kind) && is(&target.group, group)
}

/// Returns `true` if the names are equal after substitution. Returns `None` if a name cannot be resolved, which is reported with
/// its object.
fn is_named(document: &Node, target: &Target, scope: &dyn Scope) -> Option<bool> {
    let Some(expected) = &target.name else {
        return Some(true);
    };
    let mut problems = Vec::new();
    let name = document
        .get("metadata")
        .and_then(|metadata| metadata.get("name"));
    let name = name.and_then(Node::as_scalar)?;
    let name = fill::text(&name.as_text(), scope, &mut problems);
    let expected = fill::text(&expected.value, scope, &mut problems);
    problems.is_empty().then_some(name == expected)
}

impl PatchUse {
    /// Reports patches with an object of their kind but without an object of their name.
    pub(crate) fn report_unused(
        &self,
        patches: &[Selected<'_, ObjectChange>],
        diags: &mut Diagnostics,
    ) {
        for number in self.possible.difference(&self.used) {
            let message = "no object of this kind has this name for any cluster";
            let help = "copy `metadata.name` from the template";
            let target = &patches[*number].patch.change.target;
            let span = target.name.as_ref().map_or(target.span, |name| name.span);
            diags.push(Diagnostic::new(Code::TargetMatchesNothing, span, message).help(help));
        }
    }
}

fn report_unmatched(documents: &[Node], target: &Target, diags: &mut Diagnostics) {
    if documents.is_empty() || documents.iter().any(|document| is_kind(document, target)) {
        return;
    }
    let kinds = documents
        .iter()
        .map(|document| text(document, "apiVersion").and(text(document, "kind")));
    // A document without a kind is already reported as an invalid object.
    let Some(kinds) = kinds.collect::<Option<Vec<&str>>>() else {
        return;
    };
    let message = "target matches no object of the template";
    let help = format!("use one of the kinds of the template: {}", join_and(kinds));
    diags.push(Diagnostic::new(Code::TargetMatchesNothing, target.span, message).help(help));
}
