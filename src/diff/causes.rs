//! The lines of the input that cause the change of an object.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::fields::{Reference, compare};
use super::inputs::{At, Inputs, Line, side};
use super::settings::fleet;
use crate::diagnostic::is_secret_key;
use crate::model::Cluster;
use crate::plan::{Creator, Object, Plan, SubjectId, SubjectScope};
use crate::source::{FileId, Sources, Span};
use crate::template::fill::lookup;
use crate::tree::Node;

/// The two sides of a comparison, and the lines that differ between their inputs.
pub(super) struct Causes<'a> {
    pub(super) inputs: Inputs<'a>,
    plans: [&'a Plan; 2],
    /// The clusters of each side that were added, removed or edited, with the first touched lines.
    edited: [BTreeMap<usize, Vec<Line>>; 2],
    /// The first touched lines of each entry of `clusters`.
    lists: BTreeSet<Line>,
    /// The touched lines below `safety` in `fleet.yaml`.
    safety: BTreeSet<Line>,
    /// The files with members on each side, and the first line of the first member.
    members: [BTreeMap<usize, usize>; 2],
    /// The files with settings of the fleet, templates and delivery methods: they decide which objects exist.
    written: BTreeSet<usize>,
}

impl<'a> Causes<'a> {
    /// Finds the edited clusters and lists. `safety` are the touched lines below `safety` in `fleet.yaml`.
    pub(super) fn new(inputs: Inputs<'a>, plans: [&'a Plan; 2], safety: BTreeSet<Line>) -> Self {
        let edited = [At::Base, At::Head].map(|at| edited(&inputs, plans[at as usize], at));
        let lists = [At::Base, At::Head].map(|at| lists(&inputs, plans[at as usize], at));
        let members = [At::Base, At::Head].map(|at| members(&inputs, plans[at as usize], at));
        let mut written = BTreeSet::new();
        for at in [At::Base, At::Head] {
            let files = written_files(plans[at as usize], inputs.sources(at));
            written.extend(files.into_iter().filter_map(|id| inputs.file(at, id)));
        }
        Self {
            safety,
            inputs,
            plans,
            edited,
            lists: lists.into_iter().flatten().collect(),
            members,
            written,
        }
    }

    /// Returns `true` if some lines are the only ones that can decide what is selected: which templates, patches and
    /// layers apply. Members of other clusters, and the contents of files of values, cannot.
    pub(super) fn decide(&self, lines: &BTreeSet<Line>) -> bool {
        self.inputs.are_all(lines, &|file, hunk| {
            let is_of_member = |at: At| {
                let first = self.members[at as usize].get(&file);
                first.is_some_and(|first| *first <= side(hunk, at).start)
            };
            let are_members = [At::Base, At::Head]
                .into_iter()
                .all(|at| side(hunk, at).is_empty() || is_of_member(at));
            are_members
                || self.inputs.is_of_both(file)
                    && !self.written.contains(&file)
                    && !self.is_list(file)
        })
    }

    fn is_list(&self, file: usize) -> bool {
        self.members.iter().any(|side| side.contains_key(&file))
    }

    /// Adds the touched lines of the entries of `clusters`, which decide the names and namespaces of clusters.
    pub(super) fn of_lists(&self, found: &mut BTreeSet<Line>) {
        found.extend(&self.lists);
    }

    /// Returns the touched line of a value that differs: in the head, or else in the base.
    pub(super) fn of_values(&self, base: Option<Span>, head: Option<Span>) -> Option<Line> {
        let touched = |at, span: Option<Span>| self.inputs.touched(at, span?);
        touched(At::Head, head).or_else(|| touched(At::Base, base))
    }

    /// Adds the lines of the variables that differ between two scopes, among those that are read. Returns `true` if each
    /// difference has a line.
    pub(super) fn of_variables(
        &self,
        read: &BTreeSet<Reference>,
        scopes: [&SubjectScope<'_>; 2],
        found: &mut BTreeSet<Line>,
    ) -> bool {
        let mut is_explained = true;
        for path in read {
            let [base, head] = scopes.map(|scope| lookup(scope, path));
            is_explained &= self.of_trees(base.as_deref(), head.as_deref(), found);
        }
        is_explained
    }

    /// Returns `true` if the expression that sets a variable names a secret.
    pub(super) fn is_derived_from_secret(
        &self,
        at: At,
        scope: &SubjectScope<'_>,
        name: &str,
    ) -> bool {
        let Some(value) = crate::template::fill::Scope::get(scope, name) else {
            return false;
        };
        let written = self.inputs.written(at, value.span);
        written.contains("${") && is_secret_key(&written)
    }

    /// Adds the lines of the leaves that differ between two trees. Returns `true` if each leaf has a line.
    fn of_trees(
        &self,
        base: Option<&Node>,
        head: Option<&Node>,
        found: &mut BTreeSet<Line>,
    ) -> bool {
        let mut points = Vec::new();
        compare(
            base,
            head,
            &mut super::change::FieldPath::default(),
            &mut points,
        );
        let span = |node: Option<&Node>| node.map(|node| node.span);
        let mut is_explained = true;
        for point in points {
            let line = self.of_values(span(point.base), span(point.head));
            is_explained &= line.is_some();
            found.extend(line);
        }
        is_explained
    }

    /// Adds the lines that change the subject of an object: the member of a cluster, or the clusters of a group or of
    /// the fleet.
    pub(super) fn of_subject(
        &self,
        scopes: [Option<&SubjectScope<'_>>; 2],
        found: &mut BTreeSet<Line>,
    ) {
        for at in [At::Head, At::Base] {
            let Some(scope) = scopes[at as usize] else {
                continue;
            };
            let edited = &self.edited[at as usize];
            let clusters: Vec<usize> = match (
                scope.id.and_then(SubjectId::cluster_index),
                scope.cluster_indices(),
            ) {
                (Some(cluster), _) => vec![cluster],
                (None, Some(clusters)) => clusters.collect(),
                (None, None) => edited.keys().copied().collect(),
            };
            for cluster in clusters {
                found.extend(edited.get(&cluster).into_iter().flatten());
            }
        }
        let cluster = |at: At| scopes[at as usize].and_then(|scope| scope.subject.cluster());
        if let (Some(base), Some(head)) = (cluster(At::Base), cluster(At::Head)) {
            self.of_labels([base, head], found);
        }
    }

    /// Adds the lines in `fleet.yaml` of the labels that differ between the two sides of a cluster.
    fn of_labels(&self, clusters: [&Cluster; 2], found: &mut BTreeSet<Line>) {
        let [base, head] = clusters.map(|cluster| {
            let labels = cluster.labels.iter();
            labels
                .map(|(key, value)| (&**key, &**value))
                .collect::<BTreeMap<_, _>>()
        });
        let keys: BTreeSet<&str> = base.keys().chain(head.keys()).copied().collect();
        for key in keys
            .into_iter()
            .filter(|key| base.get(key) != head.get(key))
        {
            let [base, head] = clusters.map(|cluster| cluster.decided_label(key));
            found.extend(self.of_values(base, head));
        }
    }

    /// Adds the lines of what creates an object: the entry of its template or add-on in `fleet.yaml`.
    pub(super) fn of_creator(&self, at: At, creator: &Creator, found: &mut BTreeSet<Line>) {
        let span = match creator {
            Creator::Template(span) => Some(*span),
            Creator::AddOn(name) => {
                let mut addons = self.plans[at as usize].addons.iter();
                let addon = addons.find(|addon| addon.written.name.value == *name);
                addon.map(|addon| addon.written.name.span)
            }
            Creator::Namespace | Creator::Profiles => None,
        };
        if let Some(span) = span {
            match self.inputs.touched(at, span) {
                Some(line) => found.extend([line]),
                None => found.extend(self.inputs.touched_lines(
                    at,
                    span.file,
                    self.inputs.item(at, span),
                )),
            }
        }
    }

    /// Adds the touched lines below `safety` in `fleet.yaml`.
    pub(super) fn of_safety(&self, found: &mut BTreeSet<Line>) {
        found.extend(&self.safety);
    }

    /// Adds the first touched line of what identifies an object as written.
    pub(super) fn of_identity(&self, at: At, object: &Object, found: &mut BTreeSet<Line>) {
        let tree = &object.tree;
        let version = ["apiVersion", "kind"].map(|key| tree.get(key).map(|node| node.span));
        let namespace = object.namespace.as_ref().map(|namespace| namespace.span);
        let spans = version
            .into_iter()
            .chain([Some(object.name.span), namespace]);
        let touched = spans
            .flatten()
            .find_map(|span| self.inputs.touched(at, span));
        found.extend(touched);
    }

    /// Adds the first touched line of an object as written.
    pub(super) fn of_document(&self, at: At, tree: &Node, found: &mut BTreeSet<Line>) {
        let mut first = None;
        tree.each_text(&mut |_, span| {
            if first.is_none() {
                first = self.inputs.touched(at, span);
            }
        });
        found.extend(first);
    }
}

/// Returns the first touched lines of the entries of `clusters` of a side.
fn lists(inputs: &Inputs<'_>, plan: &Plan, at: At) -> BTreeSet<Line> {
    let clusters = plan.clusters.iter();
    let spans = clusters.filter_map(|cluster| cluster.variables.shared.decided.list);
    let distinct: BTreeSet<Span> = spans.collect();
    let lines = distinct
        .into_iter()
        .flat_map(|span| inputs.touched_lines(at, span.file, inputs.item(at, span)));
    lines.collect()
}

/// Returns the files with members of a side, and the first line of the first member.
fn members(inputs: &Inputs<'_>, plan: &Plan, at: At) -> BTreeMap<usize, usize> {
    let mut first: BTreeMap<FileId, Span> = BTreeMap::new();
    for cluster in &plan.clusters {
        let known = first.entry(cluster.span.file).or_insert(cluster.span);
        if cluster.span.start < known.start {
            *known = cluster.span;
        }
    }
    let lines = first
        .into_iter()
        .filter_map(|(id, span)| Some((inputs.file(at, id)?, inputs.lines(at, span).start)));
    lines.collect()
}

/// Returns the files of a side with settings of the fleet, templates or delivery methods.
fn written_files(plan: &Plan, sources: &Sources) -> BTreeSet<FileId> {
    let templates = plan.templates.iter().chain(&plan.delivered);
    let objects = templates.flat_map(|template| &template.objects);
    let mut found: BTreeSet<FileId> = objects.map(|object| object.span.file).collect();
    let methods = plan.addons.iter().filter_map(|addon| addon.delivery.file);
    found.extend(methods.map(|span| span.file));
    let files = sources
        .files()
        .filter(|(_, path)| !path.starts_with("builtin:"));
    found.extend(
        files
            .map(|(id, _)| id)
            .filter(|id| fleet(sources, *id).is_some()),
    );
    found
}

/// Returns the clusters of a side that the other side does not have, or whose members an edit touched.
fn edited(inputs: &Inputs<'_>, plan: &Plan, at: At) -> BTreeMap<usize, Vec<Line>> {
    let mut starts: BTreeMap<FileId, Vec<(u32, usize)>> = BTreeMap::new();
    for (index, cluster) in plan.clusters.iter().enumerate() {
        let file = starts.entry(cluster.span.file).or_default();
        file.push((cluster.span.start, index));
    }
    let mut edited = BTreeMap::new();
    for (file, mut members) in starts {
        members.sort_unstable();
        let line = |index: usize| inputs.lines(at, plan.clusters[index].span).start;
        let firsts: Vec<usize> = members.iter().map(|(_, index)| line(*index)).collect();
        let ends = firsts
            .iter()
            .skip(1)
            .copied()
            .chain([inputs.length(at, file)]);
        for ((first, end), (_, index)) in firsts.iter().zip(ends).zip(&members) {
            let lines: Range<usize> = *first..end.max(first + 1);
            let touched: Vec<Line> = inputs.touched_lines(at, file, lines).collect();
            if !touched.is_empty() {
                edited.insert(*index, touched);
            }
        }
    }
    edited
}
