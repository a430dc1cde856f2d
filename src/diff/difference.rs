//! The comparison of two outputs.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::causes::Causes;
use super::change::{Action, FieldChange, FieldPath};
use super::changed_object::{ChangedObject, changed};
use super::consequence::Consequence;
use super::fields::{Point, Reference, compare, reads};
use super::inputs::{At, InputLine, Inputs, Line};
use super::installed::{Clusters, add_withdrawals};
use super::manifests;
use super::pairs::{Pair, pairs};
use super::platform::{self, PlatformChange};
use super::rejection::Rejection;
use super::unexplained::Unexplained;
use crate::model::Cluster;
use crate::plan::{Creator, Object, ObjectRef, SubjectId, SubjectScope, With};
use crate::render::{Output, Rendered};
use crate::source::Sources;
use crate::tree::{Node, Part, Text};

/// An output, and the files that it was compiled from.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The output, with the identities of its objects.
    pub output: &'a Output,
    /// The files.
    pub sources: &'a Sources,
}

/// The differences between two outputs.
#[derive(Debug)]
pub struct Difference {
    /// The lines of the input that cause the changes.
    pub causes: Vec<InputLine>,
    /// The changed settings that belong to the platform team, weakened guards first.
    pub platform: Vec<PlatformChange>,
    /// The objects that differ, by cluster, kind, namespace and name.
    pub objects: Vec<ChangedObject>,
    /// The number of objects in the base and in the head.
    pub counts: [usize; 2],
    /// The first line of each change of the input, for changes without a certain cause.
    pub touched: Vec<InputLine>,
    /// Why guards reject the head.
    pub rejections: Vec<Rejection>,
}

/// Compares two outputs.
pub fn difference(base: Side<'_>, head: Side<'_>) -> Difference {
    let inputs = Inputs::new(base.sources, head.sources);
    let mut platform = platform::settings(&inputs);
    let of_safety = platform.iter().filter(|change| change.is_safety);
    let safety = of_safety.filter_map(|change| change.touched).collect();
    let mut comparison = Comparison {
        outputs: [base.output, head.output],
        causes: Causes::new(inputs, [&base.output.plan, &head.output.plan], safety),
        written: BTreeMap::new(),
    };
    let found = pairs(base.output, head.output);
    let mut objects: Vec<(ChangedObject, BTreeSet<Line>)> =
        found.iter().map(|pair| comparison.object(*pair)).collect();
    let plans = [&base.output.plan, &head.output.plan];
    let clusters = Clusters::new(plans);
    let in_files = manifests::changes(plans, &clusters).into_iter();
    objects.extend(in_files.map(|(object, spans)| {
        let inputs = &comparison.causes.inputs;
        let lines = manifests::lines(spans, |at, span| inputs.touched(at, span));
        (object, lines)
    }));
    objects.sort_by(|(one, _), (other, _)| one.key().cmp(&other.key()));
    let removed = objects
        .iter()
        .map(|(object, _)| object)
        .filter(|object| object.is_cluster() && object.action == Action::Removed)
        .filter(|object| object.consequence() == Consequence::Destroys);
    let removed: BTreeSet<String> = removed
        .filter_map(|object| object.cluster.clone())
        .collect();
    let (mut objects, lines): (Vec<ChangedObject>, Vec<BTreeSet<Line>>) =
        objects.into_iter().unzip();
    for object in &mut objects {
        object.follow(&removed);
    }
    add_withdrawals(plans, &clusters, &mut objects);
    let objects: Vec<_> = objects.into_iter().zip(lines).collect();
    let inputs = &comparison.causes.inputs;
    let lines: BTreeSet<Line> = objects
        .iter()
        .flat_map(|(_, lines)| lines)
        .copied()
        .collect();
    let numbers: BTreeMap<Line, usize> = lines.iter().copied().zip(0..).collect();
    let objects = objects.into_iter().map(|(object, lines)| ChangedObject {
        causes: lines.iter().map(|line| numbers[line]).collect(),
        ..object
    });
    let causes: Vec<InputLine> = lines.iter().map(|line| inputs.shown(*line)).collect();
    platform.extend(platform::open_files(inputs, &causes));
    Difference {
        causes,
        platform,
        objects: objects.collect(),
        counts: [base.output.count, head.output.count],
        touched: inputs.all().map(|line| inputs.shown(line)).collect(),
        rejections: Vec::new(),
    }
}

/// What differs between two objects as written, for all subjects.
struct Written<'a> {
    constants: Vec<FieldChange>,
    lines: BTreeSet<Line>,
    unexplained: Unexplained,
    /// The parts that can differ, and the variables that they read.
    points: Vec<(Point<'a>, BTreeSet<Reference>)>,
}

struct Comparison<'a> {
    outputs: [&'a Output; 2],
    causes: Causes<'a>,
    /// By the sections and the numbers of the objects in them.
    written: BTreeMap<[(usize, usize); 2], Rc<Written<'a>>>,
}

impl<'a> Comparison<'a> {
    fn object(&mut self, pair: Pair) -> (ChangedObject, BTreeSet<Line>) {
        let [base, head] = self.outputs;
        let base = pair.base.map(|at| base.object(at));
        let head = pair.head.map(|at| head.object(at));
        let mut lines = BTreeSet::new();
        let mut fields = Vec::new();
        if let (Some(base), Some(head)) = (&base, &head) {
            let key = [base.at(), head.at()];
            self.fields(key, [base, head], &mut fields, &mut lines);
        } else {
            self.presence([base.as_ref(), head.as_ref()], &mut lines);
        }
        if lines.is_empty() {
            lines.extend(self.causes.inputs.sole());
        }
        (changed(base, head, fields), lines)
    }

    /// Adds the fields of a changed object that differ, and their causes.
    fn fields(
        &mut self,
        key: [ObjectRef; 2],
        [base, head]: [&Rendered<'a>; 2],
        fields: &mut Vec<FieldChange>,
        lines: &mut BTreeSet<Line>,
    ) {
        let (old, _, old_scope) = base.written();
        let (new, _, new_scope) = head.written();
        let key = key.map(|at| (at.section(), at.object()));
        let causes = &self.causes;
        let written = self.written.entry(key).or_insert_with(|| {
            let mut points = Vec::new();
            compare(
                Some(&old.tree),
                Some(&new.tree),
                &mut FieldPath::default(),
                &mut points,
            );
            Rc::new(Written::new(points, causes))
        });
        let written = Rc::clone(written);
        fields.extend(written.constants.iter().cloned());
        lines.extend(&written.lines);
        let mut unexplained = written.unexplained;
        for (point, names) in &written.points {
            let known = fields.len();
            point.changes(Some(&old_scope), Some(&new_scope), fields);
            if fields.len() == known {
                continue;
            }
            let is_derived = |(at, scope): (At, &SubjectScope<'_>)| {
                let mut names = names.iter().filter_map(|path| path.first());
                names.any(|name| self.causes.is_derived_from_secret(at, scope, name))
            };
            let scopes = [(At::Base, &old_scope), (At::Head, &new_scope)];
            if scopes.into_iter().any(is_derived) {
                let changed = fields[known..].iter_mut();
                changed.for_each(|field| field.is_secret = true);
            }
            let mut found = BTreeSet::new();
            let span = |node: Option<&Node>| node.map(|node| node.span);
            if point.base != point.head {
                found.extend(self.causes.of_values(span(point.base), span(point.head)));
            }
            let is_written = !found.is_empty();
            let scopes = [&old_scope, &new_scope];
            let is_read = self.causes.of_variables(names, scopes, &mut found);
            if !is_written && (found.is_empty() || !is_read) {
                unexplained.add(&point.path);
            }
            lines.append(&mut found);
        }
        if unexplained.guards {
            let known = lines.len();
            self.causes.of_safety(lines);
            unexplained.guards = lines.len() == known;
        }
        let is_unexplained = unexplained.guards || unexplained.others;
        let file = |at: At, object: &Object| self.causes.inputs.file(at, object.span.file);
        if file(At::Base, old) != file(At::Head, new) {
            // The cluster has chosen another file.
            self.causes
                .of_subject([Some(&old_scope), Some(&new_scope)], lines);
        }
        if is_unexplained || base.cell() != head.cell() {
            // Labels and variables decide which patches, variants and layers apply to a cluster.
            self.causes
                .of_subject([Some(&old_scope), Some(&new_scope)], lines);
            if is_unexplained && !self.causes.decide(lines) {
                self.creators(base.creator(), lines);
                self.creators(head.creator(), lines);
                // Otherwise, any edit could be the cause.
                if !self.causes.decide(lines) {
                    lines.clear();
                }
            }
        }
    }

    /// Adds the causes of an object that only one side has.
    fn presence(&self, sides: [Option<&Rendered<'a>>; 2], lines: &mut BTreeSet<Line>) {
        let at = if sides[0].is_some() {
            At::Base
        } else {
            At::Head
        };
        let Some(object) = sides[at as usize] else {
            return;
        };
        let (written, _, scope) = object.written();
        let other = self.outputs[1 - at as usize];
        let cluster = scope.subject.cluster();
        let twin = cluster.map(|cluster| {
            let key =
                |other: &Cluster| (other.namespace.as_rc().clone(), other.name.as_rc().clone());
            other
                .plan
                .clusters
                .binary_search_by(|other| key(other).cmp(&key(cluster)))
        });
        match twin {
            // The whole cluster is added or removed.
            Some(Err(_)) => {
                let line = cluster.and_then(|cluster| self.causes.inputs.touched(at, cluster.span));
                lines.extend(line);
                if lines.is_empty() {
                    self.causes.of_lists(lines);
                }
                if lines.is_empty() {
                    self.causes.of_subject(pair_of(at, &scope, None), lines);
                }
            }
            Some(Ok(index)) => {
                let is_rotated = is_rotated(written);
                if !is_rotated {
                    self.causes.of_identity(at, written, lines);
                }
                if !lines.is_empty() {
                    return;
                }
                let id = SubjectId::cluster(index);
                let twin = SubjectScope {
                    id: Some(id),
                    ..SubjectScope::new(other.plan.subjects(), other.plan.subject(id), &[])
                };
                let scopes = pair_of(at, &scope, Some(&twin));
                if is_rotated {
                    // The name contains a hash of everything but the version and the metadata.
                    for entry in written.tree.entries().unwrap_or_default() {
                        let key = entry.key.text.literal();
                        if !matches!(key, Some("apiVersion" | "kind" | "metadata")) {
                            self.causes.of_document(at, &entry.value, lines);
                        }
                    }
                    let mut names = BTreeSet::new();
                    reads(&written.tree, &mut names);
                    if let [Some(base), Some(head)] = scopes {
                        self.causes.of_variables(&names, [base, head], lines);
                    }
                    if !lines.is_empty() {
                        return;
                    }
                }
                self.causes.of_subject(scopes, lines);
                self.creators(object.creator(), lines);
                // Otherwise, any edit could be the cause.
                if !self.causes.decide(lines) {
                    lines.clear();
                    return;
                }
            }
            None => {
                self.causes.of_identity(at, written, lines);
                if let With::Entry(entry) = scope.with {
                    self.causes.of_document(at, entry, lines);
                }
                if lines.is_empty() {
                    self.creators(object.creator(), lines);
                    self.causes.of_subject(pair_of(at, &scope, None), lines);
                    if !self.causes.decide(lines) {
                        lines.clear();
                    }
                }
                return;
            }
        }
        if let With::Entry(entry) = scope.with {
            self.causes.of_document(at, entry, lines);
        }
        if lines.is_empty() {
            self.causes.of_document(at, &written.tree, lines);
        }
    }

    fn creators(&self, creator: &Creator, lines: &mut BTreeSet<Line>) {
        self.causes.of_creator(At::Head, creator, lines);
        self.causes.of_creator(At::Base, creator, lines);
    }
}

/// Returns `true` if the name of an object contains a hash of its content.
fn is_rotated(object: &Object) -> bool {
    match &object.name.value {
        Text::Literal(_) => false,
        Text::Parts(parts) => parts.iter().any(|part| matches!(part, Part::Rotated(_))),
    }
}

fn pair_of<'s, 'a>(
    at: At,
    own: &'s SubjectScope<'a>,
    other: Option<&'s SubjectScope<'a>>,
) -> [Option<&'s SubjectScope<'a>>; 2] {
    match at {
        At::Base => [Some(own), other],
        At::Head => [other, Some(own)],
    }
}

impl<'a> Written<'a> {
    fn new(points: Vec<Point<'a>>, causes: &Causes<'_>) -> Self {
        let (constants, points): (Vec<_>, Vec<_>) =
            points.into_iter().partition(Point::is_constant);
        let mut lines = BTreeSet::new();
        let mut unexplained = Unexplained::default();
        for point in &constants {
            let span = |node: Option<&Node>| node.map(|node| node.span);
            let line = causes.of_values(span(point.base), span(point.head));
            if line.is_none() {
                unexplained.add(&point.path);
            }
            lines.extend(line);
        }
        let with_names = |point: Point<'a>| {
            let mut names = BTreeSet::new();
            let trees = point.base.into_iter().chain(point.head);
            trees.for_each(|tree| reads(tree, &mut names));
            (point, names)
        };
        Self {
            constants: constants.into_iter().map(Point::constant).collect(),
            lines,
            unexplained,
            points: points.into_iter().map(with_names).collect(),
        }
    }
}
