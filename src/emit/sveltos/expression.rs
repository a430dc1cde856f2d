//! Expressions that Sveltos runs for each cluster.

use std::fmt::Write as _;
use std::rc::Rc;

use crate::input::addon::runtime_path;
use crate::plan::{AddOn, Aspect, Plan, Scoped, Software, Subject, VariantName};
use crate::template::fill;
use crate::tree::{Entry, Node, Text};

/// What gives the name of the cluster's variant.
pub(super) fn label(addon: &AddOn) -> String {
    format!("index .Cluster.metadata.labels {:?}", &*addon.label())
}

/// What stands for a text where a cluster's label names no variant. Nothing has this version, so
/// nothing is installed; an error would keep Sveltos from taking off what is no longer selected.
const UNKNOWN: &str = "0.0.0-unknown-variant";

/// A text that differs between variants, looked up by the variant's name. Sveltos runs it inside of
/// YAML that it folds and quotes as it likes: between backquotes nothing is escaped.
pub(super) fn by_variant(addon: &AddOn, plan: &Plan, aspect: Aspect) -> Text {
    let mut pairs: Vec<(Rc<str>, Rc<str>)> = Vec::new();
    for variant in &addon.variants {
        let Software::Helm(chart) = &variant.software else {
            continue;
        };
        let texts = chart.texts();
        let Some((.., text)) = texts.iter().find(|(one, ..)| *one == aspect) else {
            continue;
        };
        let filled = |subject: Subject<'_>| {
            let variables = addon.variables();
            let scope = Scoped::new(plan.subjects(), subject, &variables);
            // What cannot be filled was reported with the add-on.
            fill::text(&text.text, &scope, &mut Vec::new())
        };
        let cluster = |index: &usize| Subject::Cluster(&plan.clusters[*index]);
        match &variant.name {
            // What a variant's name stands for is the same for all of its clusters.
            VariantName::Shared(name) => {
                let first = variant.clusters.first().map(cluster);
                let subject = first.unwrap_or(Subject::Fleet(&plan.constants));
                pairs.push((Rc::clone(name), filled(subject)));
            }
            VariantName::Cluster => pairs.extend(variant.clusters.iter().map(|index| {
                let name = Rc::clone(plan.clusters[*index].name.as_rc());
                (name, filled(cluster(index)))
            })),
        }
    }
    pairs.sort_unstable();
    let mut known = String::new();
    for (name, value) in pairs {
        let _ = write!(known, " `{name}` `{value}`");
    }
    let label = addon.label();
    let text = format!(
        "{{{{ get (dict{known}) (get .Cluster.metadata.labels `{label}`) | default `{UNKNOWN}` }}}}"
    );
    Text::Literal(text.into())
}

/// Paths into the cluster's object as expressions.
pub(in crate::emit) fn runtime(paths: &Node) -> Node {
    if let Some(entries) = paths.entries() {
        let entry = |entry: &Entry| Entry {
            key: entry.key.clone(),
            value: runtime(&entry.value),
        };
        return Node::mapping(paths.span, entries.iter().map(entry).collect());
    }
    Node::string(paths.span, &lookup(paths.text().unwrap_or_default()))
}

/// A path as an expression. `.metadata` is the cluster's; other roots are those of Sveltos. What it
/// finds is written as JSON, so that it stays one value whatever it holds: a member may have said it.
fn lookup(path: &str) -> String {
    let keys = runtime_path(path).unwrap_or_default();
    let root = if keys.first() == Some(&"metadata") {
        ".Cluster"
    } else {
        ""
    };
    let is_plain = |key: &&str| {
        key.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if keys.iter().all(is_plain) {
        return format!("{{{{ {root}.{} | toJson }}}}", keys.join("."));
    }
    // A key that is no word is looked up by `index`, which is silent where it is missing.
    let mut expression = root.to_owned();
    let mut checks = String::new();
    for key in keys {
        if is_plain(&key) {
            expression = format!("{expression}.{key}");
        } else {
            let holder = if expression.contains(' ') {
                format!("({expression})")
            } else {
                expression.clone()
            };
            let _ = write!(
                checks,
                "{{{{ if not (hasKey {holder} `{key}`) }}}}{{{{ fail `{key} is not set` }}}}{{{{ end }}}}"
            );
            expression = format!("(index {holder} `{key}`)");
        }
    }
    format!("{checks}{{{{ {expression} | toJson }}}}")
}
