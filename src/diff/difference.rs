//! The comparison of two outputs.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::causes::Causes;
use super::change::{Action, FieldChange, FieldPath, Step};
use super::changed_object::{ChangedObject, changed};
use super::fields::{Point, compare, reads};
use super::inputs::{At, InputLine, Inputs, Line};
use super::pairs::{Pair, pairs};
use super::rejection::Rejection;
use crate::model::Cluster;
use crate::plan::{Creator, Object, ObjectRef, Subject, SubjectId, SubjectScope, With};
use crate::render::{Output, Rendered};
use crate::source::Sources;
use crate::tree::{Node, Part, Text};

/// The annotations that guards write.
const GUARDS: [&str; 3] = [
    "argocd.argoproj.io/sync-options",
    "argocd.argoproj.io/compare-options",
    "kustomize.toolkit.fluxcd.io/prune",
];

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
    let mut comparison = Comparison {
        outputs: [base.output, head.output],
        causes: Causes::new(inputs, [&base.output.plan, &head.output.plan]),
        written: BTreeMap::new(),
    };
    let found = pairs(base.output, head.output);
    let mut objects: Vec<(ChangedObject, BTreeSet<Line>)> =
        found.iter().map(|pair| comparison.object(*pair)).collect();
    objects.sort_by(|(one, _), (other, _)| one.key().cmp(&other.key()));
    let removed = objects
        .iter()
        .map(|(object, _)| object)
        .filter(|object| object.is_cluster() && object.action == Action::Removed);
    let removed: BTreeSet<String> = removed
        .filter_map(|object| object.cluster.clone())
        .collect();
    for (object, _) in &mut objects {
        object.follow(&removed);
    }
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
    Difference {
        causes: lines.iter().map(|line| inputs.shown(*line)).collect(),
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
    /// Whether a constant has no touched line.
    is_unexplained: bool,
    /// The parts that can differ, and the variables that they read.
    points: Vec<(Point<'a>, BTreeSet<Rc<str>>)>,
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
        let mut is_unexplained = written.is_unexplained;
        for (point, names) in &written.points {
            let known = fields.len();
            point.changes(Some(&old_scope), Some(&new_scope), fields);
            if fields.len() == known {
                continue;
            }
            let is_derived = |(at, scope): (At, &SubjectScope<'_>)| {
                let mut names = names.iter();
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
            self.causes
                .of_variables(names, [&old_scope, &new_scope], &mut found);
            is_unexplained |= found.is_empty();
            lines.append(&mut found);
        }
        if is_unexplained && fields.iter().any(is_guard) {
            let known = lines.len();
            self.causes.of_safety(lines);
            is_unexplained = lines.len() == known;
        }
        let is_moved = base.cell() != head.cell();
        if is_unexplained || is_moved {
            // Labels decide which patches and variants apply to a cluster.
            let is_selected = match (old_scope.subject, new_scope.subject) {
                (Subject::Cluster(old), Subject::Cluster(new)) => {
                    old.labels != new.labels && !fields.iter().any(is_guard)
                }
                _ => false,
            };
            let mut found = BTreeSet::new();
            self.causes
                .of_subject([Some(&old_scope), Some(&new_scope)], &mut found);
            if found.is_empty() || !is_selected {
                self.causes.of_creator(At::Base, base.creator(), &mut found);
                self.causes.of_creator(At::Head, head.creator(), &mut found);
            }
            lines.append(&mut found);
            // Otherwise, any edit could be the cause.
            if is_unexplained && !is_selected && !self.causes.inputs.are_all(lines) {
                lines.clear();
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
                self.causes.of_lists(lines);
                if lines.is_empty() {
                    self.causes.of_subject(pair_of(at, &scope, None), lines);
                }
            }
            Some(Ok(index)) => {
                self.causes.of_identity(at, written, lines);
                if !lines.is_empty() {
                    return;
                }
                let id = SubjectId::cluster(index);
                let twin = SubjectScope {
                    id: Some(id),
                    ..SubjectScope::new(other.plan.subjects(), other.plan.subject(id), &[])
                };
                let scopes = pair_of(at, &scope, Some(&twin));
                if is_rotated(written) {
                    self.causes.of_document(at, &written.tree, lines);
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
                let labels = |scope: &SubjectScope<'_>| {
                    scope
                        .subject
                        .cluster()
                        .map(|cluster| Rc::clone(&cluster.labels))
                };
                // Labels decide which templates and add-ons a cluster gets. Otherwise, any edit could be the cause.
                if labels(&scope) == labels(&twin) && !self.causes.inputs.are_all(lines) {
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
                    if !self.causes.inputs.are_all(lines) {
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

/// Returns `true` for an annotation that guards write.
fn is_guard(field: &FieldChange) -> bool {
    matches!(&field.path.0[..], [.., Step::Key(annotations), Step::Key(key)]
        if **annotations == *"annotations" && GUARDS.contains(&&**key))
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
        let mut is_unexplained = false;
        for point in &constants {
            let span = |node: Option<&Node>| node.map(|node| node.span);
            let line = causes.of_values(span(point.base), span(point.head));
            is_unexplained |= line.is_none();
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
            is_unexplained,
            points: points.into_iter().map(with_names).collect(),
        }
    }
}
