//! Resolves groups: the clusters that share one value of a label, and the variables of each.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::list::{List, ListState};
use super::steps::Step;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::input::groups::Groups;
use crate::input::list::{Member, MemberList};
use crate::input::members::Members;
use crate::input::templates::ForEach;
use crate::model::name::label_value_problem;
use crate::model::{Cluster, Group, Variables};
use crate::source::Span;

/// Returns the groups of every label that has groups, in the order of labels in `fleet.yaml`, then by name.
pub(super) fn resolve_groups(
    fleet: &Fleet,
    mut members: Vec<Option<MemberList>>,
    clusters: &[Cluster],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Vec<Group> {
    let mut groups = Vec::new();
    for (at, label) in group_labels(fleet).into_iter().enumerate() {
        let by_value = group_by_label(label, clusters);
        let entry: Option<&Groups> = fleet.groups.get(at);
        let listed = entry
            .and_then(|entry| entry.members.as_ref())
            .zip(members.get_mut(at).and_then(Option::take));
        match listed {
            Some((written, listed)) => {
                let before = diags.errors();
                let written_list = (written, fleet.safety.allow_empty);
                let mut resolved = resolve_list(written_list, listed.members, label, files, diags);
                if listed.is_whole && diags.errors() == before {
                    report_unlisted(written, &resolved, &by_value, label, clusters, diags);
                }
                for group in &mut resolved {
                    let clusters = by_value.get(&group.name);
                    group.clusters = clusters.cloned().unwrap_or_default();
                }
                resolved.sort_by(|a, b| a.name.cmp(&b.name));
                groups.extend(resolved);
            }
            None => groups.extend(by_value.into_iter().map(|(name, members)| Group {
                label: label.into(),
                name,
                variables: Variables::default(),
                span: clusters[members[0]].span,
                clusters: members,
            })),
        }
    }
    groups
}

/// Returns the labels of `groups`, followed by those that only `forEach` of templates names.
fn group_labels(fleet: &Fleet) -> Vec<&str> {
    let mut labels: Vec<&str> = fleet
        .groups
        .iter()
        .map(|entry| entry.label.value.as_str())
        .collect();
    for template in &fleet.templates {
        if let ForEach::Group(label) = &template.for_each
            && !labels.contains(&label.value.as_str())
        {
            labels.push(&label.value);
        }
    }
    labels
}

/// Groups the indices of clusters by the value of a label.
fn group_by_label(label: &str, clusters: &[Cluster]) -> BTreeMap<Rc<str>, Vec<usize>> {
    let mut by_value: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
    for (index, cluster) in clusters.iter().enumerate() {
        if let Some(value) = cluster.label(label) {
            by_value.entry(value.into()).or_default().push(index);
        }
    }
    by_value
}

fn resolve_list(
    (written, allow_empty): (&Members, bool),
    members: Vec<Member>,
    label: &str,
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Vec<Group> {
    let names = vec![Step::name("GROUP", None, &written.key.value, written)];
    let mut list = List::new("group", (written, allow_empty), names, &[], diags);
    let mut state = ListState::default();
    let mut groups = Vec::with_capacity(members.len());
    for member in members {
        let Some(mut resolved) = list.resolve_member(member, &mut state, files, diags) else {
            continue;
        };
        let name = resolved.text("GROUP");
        let problem = match &*name {
            "" => Some("it is empty".to_owned()),
            name => label_value_problem(name),
        };
        if let Some(problem) = problem {
            let message = format!("`{name}` is not a valid group name: {problem}");
            let help =
                "use a valid label value: letters and digits, with `-`, `_` or `.` between them";
            diags.push(Diagnostic::new(Code::InvalidName, resolved.span, message).help(help));
            continue;
        }
        resolved.finish_variables(&mut state, diags);
        groups.push(Group {
            label: label.into(),
            name,
            variables: resolved.variables,
            clusters: Vec::new(),
            span: resolved.span,
        });
        if state.is_full() {
            break;
        }
    }
    list.finish(state, diags);
    groups
}

/// Reports values of the label that the list does not name: such a group would have no variables.
fn report_unlisted(
    written: &Members,
    groups: &[Group],
    by_value: &BTreeMap<Rc<str>, Vec<usize>>,
    label: &str,
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) {
    let listed: BTreeSet<&str> = groups.iter().map(|group| &*group.name).collect();
    for (name, members) in by_value
        .iter()
        .filter(|(name, _)| !listed.contains(&***name))
    {
        let first: Span = clusters[members[0]].span;
        let message =
            format!("label `{label}` names group `{name}`, which is missing from the list");
        let help = diags
            .suggestions
            .did_you_mean(name, || listed.iter().copied());
        diags.push(
            Diagnostic::new(Code::UnknownGroup, first, message)
                .related(written.list.span, "the list of groups")
                .help(help),
        );
    }
}
