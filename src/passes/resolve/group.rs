//! Groups: the clusters that share one value of a label, and the variables of each.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::list::{List, Run};
use super::steps::Step;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::files::Files;
use crate::input::fleet::Fleet;
use crate::input::groups::Groups;
use crate::input::list::{Member, MemberList};
use crate::input::members::Members;
use crate::input::templates::ForEach;
use crate::model::name::label_value_problem;
use crate::model::{Cluster, Group, Variables};
use crate::source::Span;

/// The groups of every label that has some: by label as the fleet says them, and by name.
pub(super) fn groups(
    fleet: &Fleet,
    mut members: Vec<Option<MemberList>>,
    clusters: &[Cluster],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Vec<Group> {
    let mut groups = Vec::new();
    for (at, label) in labels(fleet).into_iter().enumerate() {
        let of_label = by_value(label, clusters);
        let entry: Option<&Groups> = fleet.groups.get(at);
        let listed = entry
            .and_then(|entry| entry.members.as_ref())
            .zip(members.get_mut(at).and_then(Option::take));
        match listed {
            Some((written, listed)) => {
                let before = diags.errors();
                let mut made = of_members(written, listed.members, label, files, diags);
                if listed.is_whole && diags.errors() == before {
                    refuse_unlisted(written, &made, &of_label, label, clusters, diags);
                }
                for group in &mut made {
                    let clusters = of_label.get(&group.name);
                    group.clusters = clusters.cloned().unwrap_or_default();
                }
                made.sort_by(|a, b| a.name.cmp(&b.name));
                groups.extend(made);
            }
            None => groups.extend(of_label.into_iter().map(|(name, of)| Group {
                label: label.into(),
                name,
                variables: Variables::default(),
                span: clusters[of[0]].span,
                clusters: of,
            })),
        }
    }
    groups
}

/// The labels that `groups` tells of, and those that only templates are made for.
fn labels(fleet: &Fleet) -> Vec<&str> {
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

/// The clusters by the value of a label.
fn by_value(label: &str, clusters: &[Cluster]) -> BTreeMap<Rc<str>, Vec<usize>> {
    let mut by_value: BTreeMap<Rc<str>, Vec<usize>> = BTreeMap::new();
    for (index, cluster) in clusters.iter().enumerate() {
        if let Some(value) = cluster.label(label) {
            by_value.entry(value.into()).or_default().push(index);
        }
    }
    by_value
}

fn of_members(
    written: &Members,
    members: Vec<Member>,
    label: &str,
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Vec<Group> {
    let names = vec![Step::name("GROUP", None, &written.key.value, written)];
    let mut list = List::new("group", written, names, diags);
    let mut run = Run::default();
    let mut groups = Vec::with_capacity(members.len());
    for member in members {
        let Some(mut settled) = list.settle(member, &mut run, files, diags) else {
            continue;
        };
        let name = settled.text("GROUP");
        let problem = match &*name {
            "" => Some("it is empty".to_owned()),
            name => label_value_problem(name),
        };
        if let Some(problem) = problem {
            let message = format!("`{name}` is no name for a group, a label's value: {problem}");
            diags.push(Diagnostic::new(Code::InvalidName, settled.span, message));
            continue;
        }
        settled.close(&mut run, diags);
        groups.push(Group {
            label: label.into(),
            name,
            variables: settled.variables,
            clusters: Vec::new(),
            span: settled.span,
        });
        if run.is_full() {
            break;
        }
    }
    list.finish(run, diags);
    groups
}

/// A cluster's label that no member of the list is named by: the group would have no variables.
fn refuse_unlisted(
    written: &Members,
    groups: &[Group],
    of_label: &BTreeMap<Rc<str>, Vec<usize>>,
    label: &str,
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) {
    let known: BTreeSet<&str> = groups.iter().map(|group| &*group.name).collect();
    for (name, of) in of_label
        .iter()
        .filter(|(name, _)| !known.contains(&***name))
    {
        let first: Span = clusters[of[0]].span;
        let message = format!("the list has no group `{name}`, which the label `{label}` names");
        let help = did_you_mean(name, known.iter().copied());
        diags.push(
            Diagnostic::new(Code::UnknownGroup, first, message)
                .related(written.list.span, "this list of groups")
                .help(help),
        );
    }
}
