//! Reads the first document of a delivery method, its capabilities.

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

/// Key of the other documents, which sets their target.
pub(super) const FOR: &str = "$for";

form! {
    "a delivery method";
    struct Capabilities {
        /// Version of the format.
        api_version: ApiVersion = required("apiVersion"),
        /// Kind of the file.
        kind: Kind = required("kind"),
        /// Name of the method in messages.
        title: Option<Rc<str>> = optional("title"),
        /// Add-ons whose order the method keeps.
        order: Option<Order> = optional("order"),
        /// Reason that an add-on does not wait for another add-on, for messages.
        order_note: Option<Rc<str>> = optional("orderNote"),
        /// Whether `profiles` are objects of this method.
        profiles: bool = default("profiles"),
        /// Whether clusters of the same variant share objects.
        shares_objects: bool = default("sharesObjects"),
        /// Keys of `helm` that must be the same for all clusters.
        uniform: Vec<Rc<str>> = default("uniform", uniform),
        /// Lookups of values at run time.
        lookups: Option<WrittenLookups> = optional("lookups"),
        /// `always`: Helm always adopts existing objects.
        take_ownership: Option<Always> = optional("takeOwnership"),
        /// Effect of removal on an add-on if no document reads `ON_REMOVE`.
        on_remove: Option<OnRemove> = optional("onRemove"),
        /// File name extensions that the controller reads in a directory.
        extensions: Option<Vec<Rc<str>>> = optional("extensions", strings),
        /// Values that the documents share.
        define: Option<Vec<Entry>> = optional("define", read::entries),
    }
}

form! {
    "`lookups`";
    struct WrittenLookups {
        /// Paths that can be looked up.
        paths: Vec<Rc<str>> = required("paths", strings),
        /// Variable that contains the `Cluster`.
        cluster: Option<String> = optional("cluster", read::string),
        /// Whether the engine fails on a missing key.
        fails_on_missing: bool = default("failsOnMissing"),
        /// Whether labels and annotations are mappings of strings.
        string_maps: bool = default("stringMaps"),
        /// Whether the values come from the Argo CD cluster Secret.
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
    /// The values of `define`.
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
        let help = "add a document with `kind: Delivery` before this one";
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
        shares_objects: shares,
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
        let message = "`uniform` is supported only with `sharesObjects: true`";
        let help = "remove `uniform`, or set `sharesObjects: true`";
        diags.push(Diagnostic::new(Code::InvalidDelivery, entry.key.span, message).help(help));
    }
    let has_cluster = |lookups: &Lookups| !lookups.cluster.is_empty();
    if let Some(entry) = node.entry("sharesObjects").filter(|_| shares)
        && !delivery.lookups.as_ref().is_some_and(has_cluster)
    {
        let message =
            "`sharesObjects` needs `lookups.cluster`: templates look up the labels of each Cluster";
        let help = "set `lookups.cluster` to the variable of the Cluster in its templates, such as `Cluster`";
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
    let keys = ["release", "namespace"].map(|key| (key, key));
    let items = read::sequence(node, subject, diags)?;
    let read = items
        .iter()
        .filter_map(|item| read::read_enum(item, "an item of `uniform`", &keys, diags));
    Some(read.map(Rc::from).collect())
}

/// Reads a sequence of strings; messages name each item by the key.
fn strings(node: &Node, subject: &str, diags: &mut Diagnostics) -> Option<Vec<Rc<str>>> {
    read::each(node, subject, subject, Typed::read, diags)
}

/// Returns the keys of a path such as `.metadata.labels.*`, and the maximum number of keys that can follow:
/// one for `*`, any number for `**`.
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
