//! Checks the sizes of rendered objects.

use crate::diagnostic::{Code, Problem};
use crate::passes::findings::Findings;
use crate::plan::{Object, Subject};
use crate::tree::Node;

/// Maximum size of all annotations of an object in bytes.
const MAX_ANNOTATION_BYTES: usize = 256 << 10;
/// Maximum size of the data of a `ConfigMap` in bytes.
const MAX_DATA_BYTES: usize = 1 << 20;
/// Maximum size of an object in bytes, as etcd accepts by default.
pub(crate) const MAX_OBJECT_BYTES: usize = 3 << 19;

/// Checks the size of an object in bytes. `string_bytes` returns the size of all strings in a mapping.
pub(super) fn check_size(
    findings: &mut Findings,
    object: &Object,
    subject: Subject<'_>,
    bytes: usize,
    string_bytes: impl Fn(Option<&Node>) -> usize,
) {
    let kind = &object.kind;
    let mut check = |subject_has: String, bytes: usize, limit: usize, owner: &str, help: &str| {
        if bytes > limit {
            findings.add(Code::ObjectTooLarge, object.span, subject, || {
                Problem::new(format!(
                    "{subject_has} {bytes} bytes, more than the {owner} limit of {limit}"
                ))
                .help(help)
            });
        }
    };
    if bytes > MAX_OBJECT_BYTES {
        let help = "divide it into several objects, or use shorter values";
        check(
            format!("this {kind} has"),
            bytes,
            MAX_OBJECT_BYTES,
            "etcd",
            help,
        );
    } else if bytes > MAX_ANNOTATION_BYTES {
        let data = object.tree.get("data");
        let data = string_bytes(data.filter(|_| object.is("", "ConfigMap")));
        check(
            "the data of this ConfigMap has".to_owned(),
            data,
            MAX_DATA_BYTES,
            "Kubernetes",
            "divide the data into several ConfigMaps",
        );
        let annotations = format!("the annotations of this {kind} have");
        check(
            annotations,
            string_bytes(object.annotations()),
            MAX_ANNOTATION_BYTES,
            "Kubernetes",
            "move the data of an annotation into a ConfigMap",
        );
    }
}
