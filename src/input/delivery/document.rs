//! Reads the other documents of a delivery method: one object for each target.

use super::head::{FOR, Head};
use super::names::check_names;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, join_or};
use crate::input::read;
use crate::model::delivery::{Delivery, Document, Target};
use crate::source::Span;
use crate::tree::{Entry, Node};

/// Reads a document that creates an object.
pub(super) fn read(object: &Node, head: &mut Head, diags: &mut Diagnostics) -> Option<Document> {
    let entries = read::mapping_of_variables(object, "a document of a delivery method", diags)?;
    let span = entries.first().map_or(object.span, |entry| entry.key.span);
    let Some(written) = object.get(FOR) else {
        let message = format!("this object does not set `{FOR}`, its target");
        let targets = join_or(Target::ALL.iter().map(|(name, _)| *name));
        let help = format!("set `{FOR}: chart`; the targets are {targets}");
        diags.push(Diagnostic::new(Code::MissingKey, span, message).help(help));
        return None;
    };
    let target = read::read_enum(written, &format!("`{FOR}`"), &Target::ALL, diags)?;
    check_target(target, written.span, &head.delivery, diags);
    let others = entries
        .iter()
        .filter(|entry| entry.key.text.literal() != Some(FOR));
    let tree = Node::mapping(object.span, others.cloned().collect::<Vec<Entry>>());
    let tree = head.definitions.expand(&tree, diags);
    head.definitions.check_expanded(&tree, diags);
    let reads = check_names(&tree, target, diags);
    Some(Document {
        target,
        tree,
        reads,
        span,
    })
}

/// Reports a target that a delivery method with these capabilities does not support.
fn check_target(target: Target, span: Span, delivery: &Delivery, diags: &mut Diagnostics) {
    let name = target.name();
    let (message, help) = if target.is_shared() != delivery.shares_objects {
        if delivery.shares_objects {
            (
                format!("target `{name}` is not supported with `sharesObjects: true`"),
                "set `$for: add-on` or `$for: content`, or remove `sharesObjects`",
            )
        } else {
            (
                format!("target `{name}` is supported only with `sharesObjects: true`"),
                "set `$for: chart` or `$for: manifests`, which create objects for each cluster",
            )
        }
    } else if target == Target::ChartWithLookups && delivery.lookups.is_none() {
        (
            format!("target `{name}` is supported only with `lookups`"),
            "set `$for: chart`, or set `lookups` in the first document",
        )
    } else {
        return;
    };
    diags.push(Diagnostic::new(Code::InvalidDelivery, span, message).help(help));
}
