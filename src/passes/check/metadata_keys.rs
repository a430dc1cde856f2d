//! Keys of metadata, at any depth: those that members bring into objects, and those that approve deletions.

use std::rc::Rc;

use crate::diagnostic::{Code, Problem};
use crate::fill::unfilled::is_hole;
use crate::fill::{Collector, Values};
use crate::model::name::{approves_deletion, label_key_problem, reserved_for};
use crate::passes::findings::Findings;
use crate::plan::{Subject, SubjectScope};
use crate::source::Span;
use crate::tree::{Entry, Key, Node, Scalar, Style, Value};

/// Keys of `metadata` with which controllers create, keep or delete an object. Only a template can write them.
const CONTROLLED: [&str; 11] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "managedFields",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// The keys of the metadata of an object.
#[derive(Debug, Default)]
pub(super) struct MetadataKeys {
    /// The values that can contain keys of members, each with its place.
    values: Vec<(usize, Place, Span)>,
    /// The written keys that approve a deletion.
    approvals: Vec<(Rc<str>, Span)>,
}

/// The place of a tree in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Labels or annotations; the noun of a key.
    Keys(&'static str),
    /// A `metadata` of the object or of a template in it.
    Metadata,
    /// Anything else.
    Other,
}

impl Place {
    /// Returns the place of the value of a key.
    fn below(self, key: Option<&str>) -> Self {
        match (self, key) {
            (Self::Metadata, Some("labels")) => Self::Keys("label"),
            (Self::Metadata, Some("annotations")) => Self::Keys("annotation"),
            (_, Some("metadata")) => Self::Metadata,
            _ => Self::Other,
        }
    }
}

impl MetadataKeys {
    /// Finds the values of an object whose keys depend on variables.
    pub(super) fn of(object: &Node, values: &mut Collector<'_>) -> Self {
        let mut keys = Self::default();
        keys.find(object, Place::Other, object.span, values);
        keys
    }

    fn find(&mut self, node: &Node, place: Place, span: Span, values: &mut Collector<'_>) {
        // A scalar can become a mapping only if it is one variable.
        let is_open = match &node.value {
            Value::Scalar(Scalar { style, text }) => {
                *style == Style::Plain && text.sole_slot().is_some()
            }
            _ => is_hole(node),
        };
        if is_open {
            match values.constant(node) {
                // A constant tree has no keys of members.
                Some(tree) => self.find_approvals(&tree, place),
                None => self.values.push((values.value(node), place, span)),
            }
            return;
        }
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => {
                for item in items.iter() {
                    self.find(item, place.below(None), span, values);
                }
            }
            Value::Mapping(entries) => {
                for Entry { key, value } in entries.iter() {
                    self.find_approval(key, place);
                    self.find(value, place.below(key.text.literal()), key.span, values);
                }
            }
        }
    }

    fn find_approvals(&mut self, node: &Node, place: Place) {
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => {
                for item in items.iter() {
                    self.find_approvals(item, place.below(None));
                }
            }
            Value::Mapping(entries) => {
                for Entry { key, value } in entries.iter() {
                    self.find_approval(key, place);
                    self.find_approvals(value, place.below(key.text.literal()));
                }
            }
        }
    }

    fn find_approval(&mut self, key: &Key, place: Place) {
        if let (Place::Keys(_), Some(text)) = (place, key.text.literal())
            && approves_deletion(text)
        {
            self.approvals.push((text.into(), key.span));
        }
    }

    /// Checks the keys for a subject.
    pub(super) fn check(&self, values: &Values, scope: &SubjectScope<'_>, findings: &mut Findings) {
        for (key, span) in &self.approvals {
            report_approval(key, *span, scope.subject, findings);
        }
        for (value, place, span) in &self.values {
            if let Some(tree) = values.tree(*value) {
                check_tree(tree, *place, *span, scope, findings);
            }
        }
    }
}

fn check_tree(
    node: &Node,
    place: Place,
    span: Span,
    scope: &SubjectScope<'_>,
    findings: &mut Findings,
) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => {
            for item in items.iter() {
                check_tree(item, place.below(None), span, scope, findings);
            }
        }
        Value::Mapping(entries) => {
            for Entry { key, value } in entries.iter() {
                let text = key.text.literal();
                match (place, text) {
                    (Place::Keys(noun), Some(text)) if key.span.is_of_member() => {
                        check_key((noun, text), span, scope, findings);
                    }
                    (Place::Keys(_), Some(text)) if approves_deletion(text) => {
                        report_approval(text, span, scope.subject, findings);
                    }
                    _ => {}
                }
                if let (Place::Metadata, Some(text)) = (place, text)
                    && key.span.is_of_member()
                    && CONTROLLED.contains(&text)
                {
                    report_controlled(text, span, scope.subject, findings);
                }
                check_tree(value, place.below(text), span, scope, findings);
            }
        }
    }
}

/// Reports a key of `metadata` that a member must not set.
fn report_controlled(key: &str, span: Span, subject: Subject<'_>, findings: &mut Findings) {
    findings.add(Code::ReservedLabel, span, subject, || {
        let message =
            format!("`metadata.{key}` is reserved for controllers: a member must not set it");
        Problem::new(message).help("write the key in the template")
    });
}

/// Reports an annotation that would approve every later deletion of its object.
fn report_approval(key: &str, span: Span, subject: Subject<'_>, findings: &mut Findings) {
    findings.add(Code::ReservedLabel, span, subject, || {
        let message = format!(
            "annotation `{key}` approves the deletion of the object: set here, it would approve every deletion in advance"
        );
        Problem::new(message)
            .help("remove the annotation, and set it with `kubectl annotate` when you delete the object")
    });
}

/// Checks the key of a label or an annotation that a member sets.
fn check_key(
    (noun, key): (&'static str, &str),
    span: Span,
    scope: &SubjectScope<'_>,
    findings: &mut Findings,
) {
    let subject = scope.subject;
    let help = "use a key with your own prefix, or set it in the template";
    if let Some(problem) = label_key_problem(key) {
        findings.add(Code::InvalidLabel, span, subject, || {
            let message = format!("`{key}` is not a valid {noun} key: {problem}");
            Problem::new(message)
                .help("write `NAME` or `PREFIX/NAME`, for example `example.com/team`")
        });
    } else if let Some(owner) = reserved_for(key) {
        findings.add(Code::ReservedLabel, span, subject, || {
            let message =
                format!("{noun} `{key}` is reserved for {owner}: a member must not set it");
            Problem::new(message).help(help)
        });
    } else if let Some(cluster) = scope.cluster()
        && noun == "label"
        && cluster.decided_label(key).is_some()
    {
        findings.add(Code::LabelConflict, span, subject, || {
            let message = format!(
                "label `{key}` is set in `labels` of fleet.yaml: a member must not set it here"
            );
            Problem::new(message).help("rename the label")
        });
    }
}
