//! `fleet.yaml`.

use super::patch::{self, Patch};
use super::read::{self, Mapping, Template};
use super::selector;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Deletion, Selector};
use crate::source::{FileId, Span, Spanned};
use crate::tree::{Entry, Node};

/// The `apiVersion` of a fleet.
pub const API_VERSION: &str = "kubectl-fleet.io/v1alpha1";

/// A whole `fleet.yaml`.
#[derive(Debug)]
pub struct Fleet {
    /// Where the file begins.
    pub span: Span,
    /// `clusters`: who wants a cluster.
    pub clusters: Vec<Clusters>,
    /// `templates`: what objects there are.
    pub templates: Vec<TemplateFile>,
    /// `safety`: what stops a run.
    pub safety: Safety,
}

/// An entry of `clusters`.
#[derive(Debug)]
pub struct Clusters {
    /// `list`: the path of the list.
    pub list: Spanned<String>,
    /// `key`: the field that names the member.
    pub key: Spanned<String>,
    /// `value`: the variable that a plain string sets.
    pub value: Option<Spanned<String>>,
    /// `fields`: what a member may say; without it, anything but `variables`.
    pub fields: Option<Vec<Field>>,
    /// `variables`: fixed for all members.
    pub variables: Vec<Entry>,
    /// `name`: the cluster's name; default: the key's value.
    pub name: Option<Template>,
    /// `namespace`: the cluster's namespace; default: its name.
    pub namespace: Option<Template>,
    /// `labels`: on the cluster's object.
    pub labels: Vec<Entry>,
}

/// An entry of `fields`: a name and its JSON Schema.
#[derive(Debug)]
pub struct Field {
    /// The field's name.
    pub name: Spanned<String>,
    /// Its JSON Schema as written, with our keywords `unique` and `disjoint`.
    pub schema: Node,
}

/// An entry of `templates`.
#[derive(Debug)]
pub struct TemplateFile {
    /// `file`: a path, or `builtin:` and a name.
    pub file: Template,
    /// `selector`: which clusters; default: all.
    pub selector: Option<Spanned<Selector>>,
    /// `patches`: changes for some of them.
    pub patches: Vec<Patch>,
}

/// `safety`.
#[derive(Debug)]
pub struct Safety {
    /// `deletion`: how deletions are held back.
    pub deletion: Deletion,
    /// `minClusters`: the fewest clusters.
    pub min_clusters: Option<Spanned<usize>>,
    /// `allowEmpty`: lists may be empty.
    pub allow_empty: bool,
    /// `protect`: kinds guarded like a Cluster, as `Kind.group`.
    pub protect: Vec<Spanned<String>>,
    /// `budgets`: `output`, in bytes.
    pub output_budget: usize,
}

/// The most bytes of output without a word in `safety.budgets`.
const OUTPUT_BYTES: usize = 90 << 20;

impl Default for Safety {
    fn default() -> Self {
        Self {
            deletion: Deletion::Confirm,
            min_clusters: None,
            allow_empty: false,
            protect: Vec::new(),
            output_budget: OUTPUT_BYTES,
        }
    }
}

/// Reads the documents of `fleet.yaml`.
pub fn read(file: FileId, documents: &[Node], diags: &mut Diagnostics) -> Option<Fleet> {
    let [root] = documents else {
        let span = documents
            .get(1)
            .map_or(Span::new(file, 0..0), |second| second.span);
        let message = format!("fleet.yaml must hold one document, not {}", documents.len());
        let help = match documents.len() {
            0 => format!("begin with apiVersion: {API_VERSION}"),
            _ => "join the documents to one".to_owned(),
        };
        diags.push(Diagnostic::new(Code::NotAFleet, span, message).help(help));
        return None;
    };
    let keys = ["apiVersion", "kind", "clusters", "templates", "safety"];
    let fleet = Mapping::read(root, "fleet.yaml", &keys, diags)?;
    for (key, wanted) in [("apiVersion", API_VERSION), ("kind", "Fleet")] {
        let node = fleet.require(key, diags)?;
        if node.text() != Some(wanted) {
            let found = node
                .text()
                .map_or_else(|| node.shape().to_string(), |text| format!("`{text}`"));
            let message = format!("the {key} of fleet.yaml must be `{wanted}`, not {found}");
            diags.push(
                Diagnostic::new(Code::NotAFleet, node.span, message)
                    .help(format!("write {key}: {wanted}")),
            );
        }
    }
    let span = fleet.head();
    let clusters = fleet
        .require("clusters", diags)
        .and_then(|node| read::sequence(node, "`clusters`", diags));
    let clusters = clusters
        .unwrap_or_default()
        .iter()
        .filter_map(|node| self::clusters(node, diags))
        .collect();
    let templates = fleet
        .get("templates")
        .and_then(|node| read::sequence(node, "`templates`", diags));
    let templates = templates
        .unwrap_or_default()
        .iter()
        .filter_map(|node| template(node, diags))
        .collect();
    let safety = fleet
        .get("safety")
        .and_then(|node| safety(node, diags))
        .unwrap_or_default();
    Some(Fleet {
        span,
        clusters,
        templates,
        safety,
    })
}

fn clusters(node: &Node, diags: &mut Diagnostics) -> Option<Clusters> {
    let keys = [
        "list",
        "key",
        "value",
        "fields",
        "variables",
        "name",
        "namespace",
        "labels",
    ];
    if is_bare(node, "clusters", "list", diags) {
        return None;
    }
    let entry = Mapping::read(node, "a `clusters` entry", &keys, diags)?;
    let list = entry
        .require("list", diags)
        .and_then(|node| read::non_empty(node, "`list`", diags));
    let key = entry
        .get("key")
        .map(|node| read::non_empty(node, "`key`", diags));
    let value = entry
        .get("value")
        .map(|node| read::non_empty(node, "`value`", diags));
    let fields = entry.get("fields").map(|node| fields(node, diags));
    let variables = entry
        .get("variables")
        .map(|node| read::mapping(node, "`variables`", diags));
    let name = entry
        .get("name")
        .map(|node| read::template(node, "`name`", diags));
    let namespace = entry
        .get("namespace")
        .map(|node| read::template(node, "`namespace`", diags));
    let labels = entry
        .get("labels")
        .map(|node| read::mapping(node, "`labels`", diags));
    let key = key.unwrap_or_else(|| {
        Some(Spanned {
            value: "name".to_owned(),
            span: entry.head(),
        })
    });
    Some(Clusters {
        list: list?,
        key: key?,
        value: value.flatten(),
        fields: fields.flatten(),
        variables: variables.flatten().unwrap_or_default().to_vec(),
        name: name.flatten(),
        namespace: namespace.flatten(),
        labels: labels.flatten().unwrap_or_default().to_vec(),
    })
}

/// Reports an entry that is a path alone.
fn is_bare(node: &Node, what: &str, key: &str, diags: &mut Diagnostics) -> bool {
    let Some(path) = node.text().filter(|path| !path.is_empty()) else {
        return false;
    };
    let message = format!("an entry of `{what}` must be a mapping, not a text");
    let help = format!("write `- {key}: {path}`");
    diags.push(Diagnostic::new(Code::WrongType, node.span, message).help(help));
    true
}

fn fields(node: &Node, diags: &mut Diagnostics) -> Option<Vec<Field>> {
    let entries = read::mapping(node, "`fields`", diags)?;
    let field = |entry: &Entry| Field {
        name: Spanned {
            value: entry.key.text.as_written().to_string(),
            span: entry.key.span,
        },
        schema: entry.value.clone(),
    };
    Some(entries.iter().map(field).collect())
}

fn template(node: &Node, diags: &mut Diagnostics) -> Option<TemplateFile> {
    if is_bare(node, "templates", "file", diags) {
        return None;
    }
    let entry = Mapping::read(
        node,
        "a `templates` entry",
        &["file", "selector", "patches"],
        diags,
    )?;
    let file = entry
        .require("file", diags)
        .and_then(|node| read::template(node, "`file`", diags));
    let selector = entry
        .get("selector")
        .map(|node| selector::read(node, diags));
    let selector = match selector {
        Some(read) => Some(read?),
        None => None,
    };
    let patches = entry.get("patches").map(|node| patch::read(node, diags));
    Some(TemplateFile {
        file: file?,
        selector,
        patches: patches.unwrap_or_default(),
    })
}

fn safety(node: &Node, diags: &mut Diagnostics) -> Option<Safety> {
    let keys = [
        "deletion",
        "minClusters",
        "allowEmpty",
        "protect",
        "budgets",
    ];
    let safety = Mapping::read(node, "`safety`", &keys, diags)?;
    let default = Safety::default();
    let words = [
        ("confirm", Deletion::Confirm),
        ("allow", Deletion::Allow),
        ("forbid", Deletion::Forbid),
    ];
    let deletion = safety
        .get("deletion")
        .and_then(|node| read::word(node, "`deletion`", &words, diags));
    let min_clusters = safety.get("minClusters").and_then(|node| {
        let value = read::number(node, "`minClusters`", diags)?;
        Some(Spanned {
            value,
            span: node.span,
        })
    });
    let allow_empty = safety
        .get("allowEmpty")
        .and_then(|node| read::boolean(node, "`allowEmpty`", diags));
    let protect = safety
        .get("protect")
        .and_then(|node| read::sequence(node, "`protect`", diags))
        .unwrap_or_default();
    Some(Safety {
        deletion: deletion.unwrap_or(default.deletion),
        min_clusters,
        allow_empty: allow_empty.unwrap_or(default.allow_empty),
        protect: protect
            .iter()
            .filter_map(|node| kind(node, diags))
            .collect(),
        output_budget: safety
            .get("budgets")
            .and_then(|node| budget(node, diags))
            .unwrap_or(default.output_budget),
    })
}

/// `Kind.group`, or `Kind` for the core group.
fn kind(node: &Node, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let kind = read::non_empty(node, "an entry of `protect`", diags)?;
    if !kind
        .value
        .starts_with(|first: char| first.is_ascii_uppercase())
    {
        let message = format!("`{}` is no kind", kind.value);
        let help = "write the kind and its group: EKSCluster.eks.example.org";
        diags.push(Diagnostic::new(Code::InvalidValue, node.span, message).help(help));
    }
    Some(kind)
}

fn budget(node: &Node, diags: &mut Diagnostics) -> Option<usize> {
    let budgets = Mapping::read(node, "`budgets`", &["output"], diags)?;
    let output = budgets.get("output")?;
    let text = read::string(output, "`output`", diags)?;
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
    let bytes = units.iter().find_map(|(unit, shift)| {
        let number: usize = text.value.strip_suffix(unit)?.parse().ok()?;
        number.checked_mul(1 << shift)
    });
    match bytes {
        Some(bytes) if (OUTPUT_BYTES..u32::MAX as usize).contains(&bytes) => Some(bytes),
        Some(_) => {
            let message =
                "a budget can only be raised: `output` is at least 90MiB and less than 4GiB";
            diags.push(Diagnostic::new(Code::InvalidValue, output.span, message));
            None
        }
        None => {
            let message = format!("`{}` is no size", text.value);
            let help = did_you_mean(&text.value, ["128MiB", "512MiB", "1GiB"]);
            diags.push(Diagnostic::new(Code::InvalidValue, output.span, message).help(help));
            None
        }
    }
}
