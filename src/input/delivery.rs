//! The file of a delivery method: its capabilities, then a document for each object.

mod names;

use std::rc::Rc;

use super::read::{self, Mapping};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::OnRemove;
use crate::model::delivery::{Delivery, Document, Lookups, Order, Target};
use crate::source::Span;
use crate::tree::{Entry, Node};

/// The keys of the first document.
pub const KEYS: [&str; 13] = [
    "apiVersion",
    "kind",
    "title",
    "order",
    "orderNote",
    "profiles",
    "sharesObjects",
    "uniform",
    "lookups",
    "takeOwnership",
    "onRemove",
    "extensions",
    "description",
];
/// The keys of `lookups`.
pub const LOOKUP_KEYS: [&str; 5] = ["paths", "cluster", "failsOnMissing", "stringMaps", "secret"];
/// The key of a document that sets its target.
const FOR: &str = "$for";

/// Reads the documents of a delivery method's file.
pub fn delivery(
    name: &str,
    documents: &[Node],
    whole: Span,
    diags: &mut Diagnostics,
) -> Option<Delivery> {
    let before = diags.errors();
    let [head, objects @ ..] = documents else {
        let message = "this file of a delivery method is empty";
        let help =
            "write `kind: Delivery` in the first document, and an object with `$for` in each other";
        diags.push(Diagnostic::new(Code::MissingKey, whole, message).help(help));
        return None;
    };
    let mut delivery = capabilities(name, head, diags)?;
    for object in objects {
        delivery.documents.extend(document(object, diags));
    }
    if objects.is_empty() {
        let message = "this delivery method creates no object";
        let help = "add a document with `$for: chart` for charts, or `$for: manifests`";
        diags.push(Diagnostic::new(Code::MissingKey, head.span, message).help(help));
    }
    (diags.errors() == before).then_some(delivery)
}

fn capabilities(name: &str, head: &Node, diags: &mut Diagnostics) -> Option<Delivery> {
    let head = Mapping::read(head, "a delivery method", &KEYS, diags)?;
    let api_version = head.require("apiVersion", diags);
    let api_versions = [(super::fleet::API_VERSION, ())];
    api_version.and_then(|node| read::word(node, "`apiVersion`", &api_versions, diags));
    let kind = head.require("kind", diags);
    kind.and_then(|node| read::word(node, "`kind`", &[("Delivery", ())], diags));
    let orders = [
        ("none", Order::None),
        ("kind", Order::Kind),
        ("method", Order::Method),
    ];
    let on_remove = [
        ("uninstall", OnRemove::Uninstall),
        ("leave", OnRemove::Leave),
    ];
    let mut is_set = |key: &str| {
        head.get(key)
            .and_then(|node| read::boolean(node, &format!("`{key}`"), diags))
            .unwrap_or(false)
    };
    let [has_profiles, shares] = ["profiles", "sharesObjects"].map(&mut is_set);
    let mut text = |key: &str| {
        let node = head.get(key)?;
        let read = read::non_empty(node, &format!("`{key}`"), diags)?;
        Some(Rc::from(read.value))
    };
    let [title, order_note] = ["title", "orderNote"].map(&mut text);
    let mut strings = |key: &str| {
        let node = head.get(key);
        node.map_or(Vec::new(), |node| strings(node, &format!("`{key}`"), diags))
    };
    let [uniform, extensions] = ["uniform", "extensions"].map(&mut strings);
    let order = head
        .get("order")
        .and_then(|node| read::word(node, "`order`", &orders, diags));
    let owners = [("always", ())];
    let ownership = head.get("takeOwnership");
    let always = ownership.and_then(|node| read::word(node, "`takeOwnership`", &owners, diags));
    let left = head.get("onRemove");
    let left = left.and_then(|node| read::word(node, "`onRemove`", &on_remove, diags));
    Some(Delivery {
        name: name.into(),
        title: title.unwrap_or_else(|| name.into()),
        order: order.unwrap_or(Order::None),
        order_note: order_note.unwrap_or_else(|| "keeps no order between add-ons".into()),
        has_profiles,
        shares,
        uniform,
        lookups: head.get("lookups").and_then(|node| lookups(node, diags)),
        always_takes_over: always.is_some(),
        on_remove: left.unwrap_or(OnRemove::Uninstall),
        extensions,
        documents: Vec::new(),
    })
}

fn strings(node: &Node, subject: &str, diags: &mut Diagnostics) -> Vec<Rc<str>> {
    let items = read::sequence(node, subject, diags).unwrap_or_default();
    let read = items
        .iter()
        .filter_map(|item| read::non_empty(item, subject, diags));
    read.map(|text| text.value.into()).collect()
}

fn lookups(node: &Node, diags: &mut Diagnostics) -> Option<Lookups> {
    let lookups = Mapping::read(node, "`lookups`", &LOOKUP_KEYS, diags)?;
    let mut is_set = |key: &str| {
        lookups
            .get(key)
            .and_then(|node| read::boolean(node, &format!("`{key}`"), diags))
            .unwrap_or(false)
    };
    let [fails_on_missing, has_string_maps, reads_secret] =
        ["failsOnMissing", "stringMaps", "secret"].map(&mut is_set);
    let cluster = lookups.get("cluster");
    let cluster = cluster.and_then(|node| read::string(node, "`cluster`", diags));
    let paths = lookups.require("paths", diags)?;
    let paths = strings(paths, "`paths`", diags);
    Some(Lookups {
        cluster: cluster.map_or_else(Rc::default, |cluster| cluster.value.into()),
        fails_on_missing,
        has_string_maps,
        reads_secret,
        paths: paths.iter().map(|path| lookup_path(path)).collect(),
    })
}

/// Returns the keys of a path such as `.metadata.labels.*`, and how many keys can follow: `*` is one, and
/// `**` any number.
fn lookup_path(path: &str) -> (Vec<Rc<str>>, usize) {
    let mut keys: Vec<&str> = path.trim_start_matches('.').split('.').collect();
    let more = match keys.last() {
        Some(&"*") => 1,
        Some(&"**") => usize::MAX,
        _ => 0,
    };
    if more > 0 {
        keys.pop();
    }
    (keys.into_iter().map(Rc::from).collect(), more)
}

fn document(object: &Node, diags: &mut Diagnostics) -> Option<Document> {
    let entries = read::mapping_of_variables(object, "a document of a delivery method", diags)?;
    let span = entries.first().map_or(object.span, |entry| entry.key.span);
    let Some(target) = object.get(FOR) else {
        let message = format!("this object has no `{FOR}`, the target that it is created for");
        let help = "write `$for: chart`, or another target: manifests, content, add-on, repository";
        diags.push(Diagnostic::new(Code::MissingKey, span, message).help(help));
        return None;
    };
    let target = read::word(target, &format!("`{FOR}`"), &Target::ALL, diags)?;
    let others = entries
        .iter()
        .filter(|entry| entry.key.text.literal() != Some(FOR));
    let tree = Node::mapping(object.span, others.cloned().collect::<Vec<Entry>>());
    let reads = names::check_names(&tree, diags);
    Some(Document {
        target,
        tree,
        reads,
        span,
    })
}
