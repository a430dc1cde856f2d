//! The file of a delivery method: its capabilities, then a document for each object.

mod names;

use std::rc::Rc;

use super::fleet::API_VERSION;
use super::form::form;
use super::read;
use super::typed::{Typed, keywords};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::OnRemove;
use crate::model::delivery::{Delivery, Document, Lookups, Order, Target};
use crate::source::Span;
use crate::tree::{Entry, Node};

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

form! {
    "a delivery method";
    struct Capabilities {
        /// Version of the format.
        api_version: ApiVersion = required("apiVersion"),
        /// Kind of the file.
        kind: Kind = required("kind"),
        /// Its name in sentences.
        title: Option<Rc<str>> = optional("title"),
        /// Between which add-ons it keeps an order.
        order: Option<Order> = optional("order"),
        /// Why an add-on does not wait for another one, in the message about it.
        order_note: Option<Rc<str>> = optional("orderNote"),
        /// Whether `profiles` are objects of this method.
        profiles: bool = default("profiles"),
        /// Whether clusters with the same form share objects.
        shares_objects: bool = default("sharesObjects"),
        /// The keys of `helm` that must be the same for all clusters.
        uniform: Vec<Rc<str>> = default("uniform", strings),
        /// How values are looked up.
        lookups: Option<WrittenLookups> = optional("lookups"),
        /// `always`: Helm takes over existing objects in any case.
        take_ownership: Option<Always> = optional("takeOwnership"),
        /// What becomes of an add-on whose documents do not read `ON_REMOVE`.
        on_remove: Option<OnRemove> = optional("onRemove"),
        /// Endings of the names of the files that its controller reads in a directory.
        extensions: Vec<Rc<str>> = default("extensions", strings),
        /// A description for readers.
        description: Option<Node> = optional("description"),
    }
}

form! {
    "`lookups`";
    struct WrittenLookups {
        /// Paths that can be looked up.
        paths: Vec<Rc<str>> = required("paths", strings),
        /// The variable that contains the Cluster.
        cluster: Option<String> = optional("cluster", read::string),
        /// Whether a missing key is an error of its own.
        fails_on_missing: bool = default("failsOnMissing"),
        /// Whether labels and annotations are maps of strings.
        string_maps: bool = default("stringMaps"),
        /// Whether the data is the cluster's Secret.
        secret: bool = default("secret"),
    }
}

#[derive(Clone, Copy)]
struct ApiVersion;
#[derive(Clone, Copy)]
struct Kind;
#[derive(Clone, Copy)]
struct Always;

keywords!(ApiVersion { API_VERSION => Self, });
keywords!(Kind { "Delivery" => Self, });
keywords!(Always { "always" => Self, });
keywords!(Order {
    "none" => Self::None,
    "kind" => Self::Kind,
    "method" => Self::Method,
});

fn capabilities(name: &str, head: &Node, diags: &mut Diagnostics) -> Option<Delivery> {
    let head = Capabilities::read(head, "", diags)?;
    let (ApiVersion, Kind, _) = (head.api_version, head.kind, head.description);
    Some(Delivery {
        name: name.into(),
        title: head.title.unwrap_or_else(|| name.into()),
        order: head.order.unwrap_or(Order::None),
        order_note: head
            .order_note
            .unwrap_or_else(|| "keeps no order between add-ons".into()),
        has_profiles: head.profiles,
        shares: head.shares_objects,
        uniform: head.uniform,
        lookups: head.lookups.map(|lookups| Lookups {
            cluster: lookups.cluster.unwrap_or_default().into(),
            fails_on_missing: lookups.fails_on_missing,
            has_string_maps: lookups.string_maps,
            reads_secret: lookups.secret,
            paths: lookups.paths.iter().map(|path| lookup_path(path)).collect(),
        }),
        always_takes_over: head.take_ownership.is_some(),
        on_remove: head.on_remove.unwrap_or(OnRemove::Uninstall),
        extensions: head.extensions,
        documents: Vec::new(),
    })
}

/// Reads strings, which messages call what their key is.
fn strings(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Vec<Rc<str>>> {
    read::each(node, subject, subject, Typed::read, diags)
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
    let target = read::read_enum(target, &format!("`{FOR}`"), &Target::ALL, diags)?;
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
