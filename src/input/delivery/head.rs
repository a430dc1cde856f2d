//! The first document of a delivery method: its capabilities.

use std::rc::Rc;

use super::definitions::Definitions;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::input::fleet::API_VERSION;
use crate::input::form::{Form as _, form};
use crate::input::key::Key;
use crate::input::read;
use crate::input::typed::{Typed, keywords};
use crate::model::OnRemove;
use crate::model::delivery::{Delivery, Lookups, Order};
use crate::tree::{Entry, Node};

/// The key of every other document that sets its target.
pub(super) const FOR: &str = "$for";

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
        uniform: Vec<Rc<str>> = default("uniform", uniform),
        /// How values are looked up.
        lookups: Option<WrittenLookups> = optional("lookups"),
        /// `always`: Helm takes over existing objects in any case.
        take_ownership: Option<Always> = optional("takeOwnership"),
        /// What becomes of an add-on whose documents do not read `ON_REMOVE`.
        on_remove: Option<OnRemove> = optional("onRemove"),
        /// Endings of the names of the files that its controller reads in a directory.
        extensions: Option<Vec<Rc<str>>> = optional("extensions", strings),
        /// Values that the documents have in common.
        define: Option<Vec<Entry>> = optional("define", read::entries),
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

/// The first document.
pub(super) struct Head {
    /// The delivery method, without its documents.
    pub(super) delivery: Delivery,
    /// The values that its documents read by names of their own.
    pub(super) definitions: Definitions,
}

/// Returns the keys of the first document, and those of its `lookups`.
pub fn keys() -> [Vec<Key>; 2] {
    [Capabilities::keys(), WrittenLookups::keys()]
}

/// Reads the first document.
pub(super) fn read(name: &str, node: &Node, diags: &mut Diagnostics) -> Option<Head> {
    if node.entry(FOR).is_some() {
        let message = "the first document must be `kind: Delivery`";
        let help = "write what the method can do in a document before this one";
        diags.push(Diagnostic::new(Code::InvalidDelivery, node.span, message).help(help));
        return None;
    }
    let head = Capabilities::read(node, "", diags)?;
    let (ApiVersion, Kind) = (head.api_version, head.kind);
    let shares = head.shares_objects;
    let extensions = || [".yaml", ".yml"].map(Rc::from).into();
    let delivery = Delivery {
        name: name.into(),
        file: None,
        title: head.title.unwrap_or_else(|| name.into()),
        order: head.order.unwrap_or(Order::None),
        order_note: head
            .order_note
            .unwrap_or_else(|| "keeps no order between add-ons".into()),
        has_profiles: head.profiles,
        shares,
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
        extensions: head.extensions.unwrap_or_else(extensions),
        documents: Vec::new(),
    };
    if let Some(entry) = node.entry("uniform").filter(|_| !shares) {
        let message = "`uniform` needs `sharesObjects: true`: each cluster has objects of its own";
        let help = "remove `uniform`";
        diags.push(Diagnostic::new(Code::InvalidDelivery, entry.key.span, message).help(help));
    }
    let has_cluster = |lookups: &Lookups| !lookups.cluster.is_empty();
    if let Some(entry) = node.entry("sharesObjects").filter(|_| shares)
        && !delivery.lookups.as_ref().is_some_and(has_cluster)
    {
        let message =
            "clusters can share objects only if an engine looks up the labels of their Cluster";
        let help =
            "set `lookups.cluster` to the name of the Cluster in its templates, such as `Cluster`";
        diags.push(Diagnostic::new(Code::InvalidDelivery, entry.key.span, message).help(help));
    }
    let definitions = Definitions::read(head.define.as_deref().unwrap_or_default(), diags);
    Some(Head {
        delivery,
        definitions,
    })
}

/// Reads the keys of `helm` that must be the same for all clusters.
fn uniform(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Vec<Rc<str>>> {
    let words = ["release", "namespace"].map(|key| (key, key));
    let items = read::sequence(node, subject, diags)?;
    let read = items
        .iter()
        .filter_map(|item| read::read_enum(item, "an item of `uniform`", &words, diags));
    Some(read.map(Rc::from).collect())
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
