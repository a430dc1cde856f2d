//! The sizes of filled objects.

use crate::diagnostic::{Code, Problem};
use crate::passes::findings::Findings;
use crate::plan::{Object, Subject};
use crate::tree::Node;

/// The most bytes that an object's annotations may have together.
const ANNOTATION_BYTES: usize = 256 << 10;
/// The most bytes that a `ConfigMap` may hold.
const DATA_BYTES: usize = 1 << 20;
/// The most bytes of an object: what etcd takes.
pub(crate) const OBJECT_BYTES: usize = 3 << 19;

/// Checks an object's size, in bytes; `texts` gives the size of all texts of a mapping of it.
pub(super) fn check_size(
    findings: &mut Findings,
    object: &Object,
    subject: Subject<'_>,
    bytes: usize,
    texts: impl Fn(Option<&Node>) -> usize,
) {
    let kind = &object.kind;
    let mut check = |what: String, bytes: usize, limit: usize, taker: &str| {
        if bytes > limit {
            findings.add(Code::ObjectTooLarge, object.span, subject, || {
                Problem::new(format!(
                    "{what} {bytes} bytes, more than the {limit} that {taker} takes"
                ))
            });
        }
    };
    if bytes > OBJECT_BYTES {
        check(format!("this {kind} has"), bytes, OBJECT_BYTES, "etcd");
    } else if bytes > ANNOTATION_BYTES {
        let data = object.tree.get("data");
        let data = texts(data.filter(|_| object.is("", "ConfigMap")));
        check(
            "this ConfigMap holds".to_owned(),
            data,
            DATA_BYTES,
            "Kubernetes",
        );
        let what = format!("the annotations of this {kind} have");
        check(
            what,
            texts(object.annotations()),
            ANNOTATION_BYTES,
            "Kubernetes",
        );
    }
}
