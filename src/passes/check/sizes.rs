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
    if bytes > OBJECT_BYTES {
        findings.add(Code::ObjectTooLarge, object.span, subject, || {
            Problem::new(format!(
                "this {kind} has {bytes} bytes, more than the {OBJECT_BYTES} that etcd takes"
            ))
        });
    } else if bytes > ANNOTATION_BYTES {
        let data = texts(
            object
                .tree
                .get("data")
                .filter(|_| object.is("", "ConfigMap")),
        );
        if data > DATA_BYTES {
            findings.add(Code::ObjectTooLarge, object.span, subject, || {
                Problem::new(format!("this ConfigMap holds {data} bytes, more than the {DATA_BYTES} that Kubernetes takes"))
            });
        }
        let annotations = texts(object.annotations());
        if annotations > ANNOTATION_BYTES {
            findings.add(Code::ObjectTooLarge, object.span, subject, || {
                Problem::new(format!("the annotations of this {kind} have {annotations} bytes, more than the {ANNOTATION_BYTES} that Kubernetes takes"))
            });
        }
    }
}
