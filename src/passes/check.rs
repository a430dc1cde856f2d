//! Rules for filled objects: names, labels, sizes. Those of single fields are a table of their own.

mod checked_fields;
pub(crate) mod checker;
pub(crate) mod duplicates;
pub(crate) mod references;
pub(crate) mod rules;
pub(crate) mod texts;
mod unknown_references;

use std::collections::BTreeMap;

use rules::Relation;

use super::prepare::object::name_rule;
use crate::diagnostic::is_secret_key;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, count};
use crate::model::name::{
    LABEL_LENGTH, NameProblem, label_key_problem, label_value_problem, name_problem,
};
use crate::plan::identity::Name;
use crate::plan::{Object, Subject};
use crate::source::Span;
use crate::tree::Node;
use crate::tree::ambiguity;

/// The most bytes that an object's annotations may have together.
const ANNOTATION_BYTES: usize = 256 << 10;
/// The most bytes that a `ConfigMap` may hold.
const DATA_BYTES: usize = 1 << 20;
/// The most bytes of an object: what etcd takes.
pub(crate) const OBJECT_BYTES: usize = 3 << 19;

/// Objects that others own, by group, kind and name: only a template that writes the name out means them.
const RESERVED: [(&str, &str, &str); 1] = [("argoproj.io", "AppProject", "default")];

/// What is wrong with objects: one message for all clusters with the same mistake at one place.
#[derive(Default)]
pub(crate) struct Checks {
    found: BTreeMap<(Code, Span), Affected>,
    count: usize,
}

struct Affected {
    message: String,
    /// What to do next, where that is not the same for all of a code.
    help: String,
    member: Option<Span>,
    /// Whom it was found for last: what is repeated for one subject counts once.
    last: Option<Span>,
    more: usize,
}

impl Checks {
    /// How many mistakes were found, each for each cluster that has it.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Adds a mistake at a place of a template.
    pub(crate) fn add(
        &mut self,
        code: Code,
        span: Span,
        subject: Subject<'_>,
        message: impl FnOnce() -> String,
    ) {
        self.add_with_help(code, span, subject, || (message(), String::new()));
    }

    /// The same, with what to do next.
    pub(crate) fn add_with_help(
        &mut self,
        code: Code,
        span: Span,
        subject: Subject<'_>,
        message: impl FnOnce() -> (String, String),
    ) {
        self.count += 1;
        let affected = self.found.entry((code, span));
        let new = || {
            let (message, help) = message();
            Affected {
                message,
                help,
                member: subject.span(),
                last: subject.span(),
                more: 0,
            }
        };
        affected
            .and_modify(|affected| {
                if affected.last != subject.span() {
                    affected.last = subject.span();
                    affected.more += 1;
                }
            })
            .or_insert_with(new);
    }

    /// Checks an object's name and namespace.
    pub(crate) fn names(
        &mut self,
        object: &Object,
        subject: Subject<'_>,
        (name, known): (&str, Name),
        namespace: Option<&str>,
    ) {
        let kind = &object.kind;
        if !known.is_label
            && let Some((limit, dots)) = name_rule(&object.group, kind)
            && let Some(problem) = name_problem(name, limit, dots)
        {
            let code = if matches!(problem, NameProblem::TooLong { .. }) {
                Code::NameTooLong
            } else {
                Code::InvalidName
            };
            self.add(code, object.name.1, subject, || {
                format!("`{name}` is no name for a {kind}: {problem}")
            });
        }
        if object.name.0.literal().is_none()
            && let Some((_, kind, reserved)) = RESERVED
                .iter()
                .find(|(group, kind, reserved)| name == *reserved && object.is(group, kind))
        {
            self.add(Code::ReservedName, object.name.1, subject, || {
                format!("the {kind} `{reserved}` is Argo CD's own: no variable can name it")
            });
        }
        let cluster = subject.cluster();
        if object.is_cluster()
            && let Some(cluster) = cluster.filter(|cluster| *name != **cluster.name.as_rc())
        {
            self.add(Code::InvalidName, object.name.1, subject, || {
                format!("this Cluster is named `{name}`, and the cluster is `{}`: its labels would not be found", cluster.name)
            });
        }
        // The cluster's own namespace was checked with the cluster.
        let own = cluster.map(|cluster| &**cluster.namespace.as_rc());
        let other = namespace.filter(|namespace| Some(*namespace) != own);
        if let (Some(namespace), Some((_, span))) = (other, &object.namespace)
            && let Some(problem) = name_problem(namespace, LABEL_LENGTH, false)
        {
            self.add(Code::InvalidName, *span, subject, || {
                format!("`{namespace}` is no name for a namespace: {problem}")
            });
        }
    }

    /// Checks an object's labels after filling. Those of the Cluster are what selectors read.
    pub(crate) fn labels(
        &mut self,
        object: &Object,
        labels: &Node,
        place: Span,
        subject: Subject<'_>,
    ) {
        let cluster = subject.cluster().filter(|_| object.is_cluster());
        for (key, value) in cluster.iter().flat_map(|cluster| cluster.printed_labels()) {
            if labels.get(key).is_none() && !value.is_empty() {
                self.conflict(key, ("", value), place, subject);
            }
        }
        for entry in labels.entries().unwrap_or_default() {
            let (key, value) = (entry.key.text.as_written(), entry.value.text());
            if let Some(problem) = label_key_problem(&key) {
                self.add(Code::InvalidLabel, place, subject, || {
                    format!("`{key}` is no label key: {problem}")
                });
            }
            self.label(object, (&key, entry.value.span), value, place, subject);
        }
    }

    /// Checks a label after filling; its key is a good one. `value` is a text, or it is wrong.
    pub(crate) fn label(
        &mut self,
        object: &Object,
        (key, span): (&str, Span),
        value: Option<&str>,
        place: Span,
        subject: Subject<'_>,
    ) {
        let cluster = subject.cluster().filter(|_| object.is_cluster());
        let known = cluster.and_then(|cluster| cluster.printed_label(key));
        let written = value.unwrap_or_default();
        if let Some(known) = known.filter(|known| *known != written) {
            self.conflict(key, (written, known), span, subject);
        }
        let Some(value) = value else {
            self.add(Code::InvalidLabel, place, subject, || {
                format!("the label `{key}` must be a text")
            });
            return;
        };
        if let Some(problem) = label_value_problem(value) {
            self.add(Code::InvalidLabel, place, subject, || {
                format!("the label `{key}` cannot be `{value}`: {problem}")
            });
        }
    }

    fn conflict(
        &mut self,
        key: &str,
        (written, known): (&str, &str),
        span: Span,
        subject: Subject<'_>,
    ) {
        self.add(Code::LabelConflict, span, subject, || {
            format!("the label `{key}` is `{written}` here, and `{known}` for the fleet: selectors would not agree")
        });
    }

    /// Warns of an unquoted text that became, by its variables, what readers disagree about.
    pub(crate) fn ambiguity(&mut self, written: &Node, text: &str, subject: Subject<'_>) {
        if written.is_literal() {
            return;
        }
        if let Some(why) = ambiguity(text) {
            let source = written.as_scalar().map(|scalar| scalar.text.as_written());
            let secret = source.is_some_and(|source| is_secret_key(&source));
            self.add(Code::AmbiguousScalar, written.span, subject, || {
                if secret {
                    "the value is ambiguous where it is filled in without quotes".to_owned()
                } else {
                    format!("`{text}` is ambiguous where it is filled in without quotes: {why}")
                }
            });
        }
    }

    /// Warns of networks of Pods and of Services that are not apart.
    pub(crate) fn shared_addresses(
        &mut self,
        span: Option<Span>,
        (pods, services): (&str, &str),
        subject: Subject<'_>,
    ) {
        if let Some(span) = span {
            self.add(Code::SharedAddresses, span, subject, || {
                format!("the Services' network {services} overlaps the Pods' network {pods}")
            });
        }
    }

    /// Tells of two fields of an object that do not go together; the second is at the place.
    pub(crate) fn unrelated(
        &mut self,
        span: Span,
        relation: &Relation,
        (one, other): (&str, &str),
        subject: Subject<'_>,
    ) {
        self.add(Code::RefusedValue, span, subject, || {
            let [first, second] = relation.paths.map(|path| path.join("."));
            let wanted = relation.wanted;
            format!("`{second}` is `{other}` here, and `{first}` is `{one}`: {wanted}")
        });
    }

    /// Checks an object's size, in bytes; `texts` gives the size of all texts of a mapping of it.
    pub(crate) fn size(
        &mut self,
        object: &Object,
        subject: Subject<'_>,
        bytes: usize,
        texts: impl Fn(Option<&Node>) -> usize,
    ) {
        let kind = &object.kind;
        if bytes > OBJECT_BYTES {
            self.add(Code::ObjectTooLarge, object.span, subject, || {
                format!(
                    "this {kind} has {bytes} bytes, more than the {OBJECT_BYTES} that etcd takes"
                )
            });
        } else if bytes > ANNOTATION_BYTES {
            let data = texts(
                object
                    .tree
                    .get("data")
                    .filter(|_| object.is("", "ConfigMap")),
            );
            if data > DATA_BYTES {
                self.add(Code::ObjectTooLarge, object.span, subject, || {
                    format!("this ConfigMap holds {data} bytes, more than the {DATA_BYTES} that Kubernetes takes")
                });
            }
            let annotations = texts(object.annotations());
            if annotations > ANNOTATION_BYTES {
                self.add(Code::ObjectTooLarge, object.span, subject, || {
                    format!("the annotations of this {kind} have {annotations} bytes, more than the {ANNOTATION_BYTES} that Kubernetes takes")
                });
            }
        }
    }

    /// Reports all.
    pub(crate) fn report(self, diags: &mut Diagnostics) {
        for ((code, span), affected) in self.found {
            let message = match affected.more {
                0 => affected.message,
                more => format!("{}; and {} more", affected.message, count(more, "cluster")),
            };
            let diagnostic = Diagnostic::new(code, span, message);
            let diagnostic = match affected.member {
                Some(member) => diagnostic.related(member, "for this member"),
                None => diagnostic,
            };
            diags.push(match code {
                Code::NameTooLong => {
                    diagnostic.help("shorten the member's name or what is added to it")
                }
                Code::InvalidName => diagnostic.help("mend the text here, or the variables in it; a Cluster is named \"${CLUSTER_NAME}\""),
                Code::AmbiguousScalar => diagnostic.help("quote the expression if it is a text"),
                Code::ReservedName => diagnostic.help("choose another name for the group or the member"),
                Code::LabelConflict => diagnostic.help("remove the label from the template"),
                Code::InvalidVersion | Code::VersionWithoutV => diagnostic.help("write for example v1.34.0"),
                Code::InvalidNetwork => diagnostic.help("write for example 10.0.0.0/16"),
                Code::RefusedValue => diagnostic.help("mend the text here, or the variables in it"),
                Code::SharedAddresses => diagnostic.help("give them networks of their own"),
                _ if affected.help.is_empty() => diagnostic,
                _ => diagnostic.help(affected.help),
            });
        }
    }
}
