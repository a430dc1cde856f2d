//! What the webhooks of Cluster API and its providers, and AWS, ask of single fields, as a table.

use super::texts::{Letters, network, version_problem};
use crate::diagnostic::Code;
use crate::model::name::{LABEL_LENGTH, NAME_LENGTH, name_problem};
use crate::plan::{CAPI, Object};
use crate::tree::Node;

const BOOTSTRAPPED: &str = "controlplane.cluster.x-k8s.io";
const INFRASTRUCTURE: &str = "infrastructure.cluster.x-k8s.io";

/// A field of a kind of object, and what stands in it.
#[derive(Debug)]
pub(crate) struct Rule {
    group: &'static str,
    kind: &'static str,
    /// The keys that lead to the field. A list is looked at item by item.
    pub(crate) path: &'static [&'static str],
    /// What stands there.
    pub(crate) field: Field,
    /// Which objects have the rule.
    applies: fn(&Node) -> bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// A version of Kubernetes.
    Version,
    /// A network of Pods.
    Pods,
    /// A network of Services.
    Services,
    /// A name, of at most so many characters.
    Name(usize, Letters),
}

const fn rule(
    (group, kind): (&'static str, &'static str),
    path: &'static [&'static str],
    field: Field,
) -> Rule {
    let applies = |_: &Node| true;
    Rule {
        group,
        kind,
        path,
        field,
        applies,
    }
}

const fn pool(path: &'static [&'static str], limit: usize, applies: fn(&Node) -> bool) -> Rule {
    Rule {
        applies,
        ..rule(
            (INFRASTRUCTURE, "AzureManagedMachinePool"),
            path,
            Field::Name(limit, Letters::Lower),
        )
    }
}

const fn association(path: &'static [&'static str], limit: usize, letters: Letters) -> Rule {
    let of = ("eks.services.k8s.aws", "PodIdentityAssociation");
    rule(of, path, Field::Name(limit, letters))
}

const TEMPLATE_VERSION: &[&str] = &["spec", "template", "spec", "version"];
const NAME: &[&str] = &["metadata", "name"];
const POOL_NAME: &[&str] = &["spec", "name"];

/// The rules. What a webhook would mend by itself is no mistake, but the object differs from what is in
/// Git from then on.
const RULES: [Rule; 21] = [
    rule(
        (CAPI, "Cluster"),
        &["spec", "topology", "version"],
        Field::Version,
    ),
    rule(
        (CAPI, "Cluster"),
        &["spec", "clusterNetwork", "pods", "cidrBlocks"],
        Field::Pods,
    ),
    rule(
        (CAPI, "Cluster"),
        &["spec", "clusterNetwork", "services", "cidrBlocks"],
        Field::Services,
    ),
    rule((CAPI, "Machine"), &["spec", "version"], Field::Version),
    rule((CAPI, "MachineSet"), TEMPLATE_VERSION, Field::Version),
    rule(
        (CAPI, "MachineDeployment"),
        TEMPLATE_VERSION,
        Field::Version,
    ),
    rule((CAPI, "MachinePool"), TEMPLATE_VERSION, Field::Version),
    rule(
        (BOOTSTRAPPED, "KubeadmControlPlane"),
        &["spec", "version"],
        Field::Version,
    ),
    // EKS names a cluster so; without one the provider makes it of the namespace and the name.
    rule(
        (BOOTSTRAPPED, "AWSManagedControlPlane"),
        &["spec", "eksClusterName"],
        Field::Name(100, Letters::Word),
    ),
    // GKE likewise.
    rule(
        (INFRASTRUCTURE, "GCPManagedControlPlane"),
        &["spec", "clusterName"],
        Field::Name(40, Letters::Any),
    ),
    rule(
        (INFRASTRUCTURE, "AzureManagedControlPlane"),
        NAME,
        Field::Name(LABEL_LENGTH, Letters::Unbranded),
    ),
    rule(
        (INFRASTRUCTURE, "AzureManagedControlPlane"),
        &["spec", "dnsPrefix"],
        Field::Name(54, Letters::Dashed),
    ),
    rule(
        (INFRASTRUCTURE, "AzureCluster"),
        NAME,
        Field::Name(44, Letters::LowerDashed),
    ),
    rule(
        ("iam.services.k8s.aws", "Role"),
        &["spec", "name"],
        Field::Name(64, Letters::Iam),
    ),
    association(&["spec", "clusterName"], 100, Letters::Word),
    association(&["spec", "namespace"], LABEL_LENGTH, Letters::Dns),
    association(&["spec", "serviceAccount"], NAME_LENGTH, Letters::Dns),
    pool(POOL_NAME, 12, |tree| !is_windows(tree)),
    pool(POOL_NAME, 6, is_windows),
    pool(NAME, 12, |tree| {
        !is_windows(tree) && spec(tree, "name").is_none()
    }),
    pool(NAME, 6, |tree| {
        is_windows(tree) && spec(tree, "name").is_none()
    }),
];

fn spec<'a>(tree: &'a Node, key: &str) -> Option<&'a Node> {
    tree.get("spec")?.get(key).filter(|value| !value.is_null())
}

fn is_windows(tree: &Node) -> bool {
    spec(tree, "osType").and_then(Node::text) == Some("Windows")
}

/// The rules for an object.
pub(crate) fn rules(object: &Object) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .filter(|rule| object.is(rule.group, rule.kind) && (rule.applies)(&object.tree))
}

impl Rule {
    /// What is wrong with a text of the field.
    pub(crate) fn problem(&self, text: &str) -> Option<(Code, String)> {
        // What is no name at all is told of the object.
        let is_told = self.path == NAME && name_problem(text, LABEL_LENGTH, true).is_some();
        if text.is_empty() || is_told {
            return None;
        }
        match self.field {
            Field::Version => version_problem(text),
            Field::Pods | Field::Services => network(text).is_none().then(|| {
                let message = format!("`{text}` is no network in CIDR notation");
                (Code::InvalidNetwork, message)
            }),
            Field::Name(limit, letters) => self.name_problem(text, limit, letters),
        }
    }

    fn name_problem(&self, text: &str, limit: usize, letters: Letters) -> Option<(Code, String)> {
        let kind = self.kind;
        let length = text.chars().count();
        if length > limit {
            let field = self.path.join(".");
            let message = format!(
                "`{field}` of this {kind} has {length} characters, and {limit} are allowed"
            );
            return Some((Code::NameTooLong, message));
        }
        let (is_allowed, allowed) = letters.judge(text);
        (!is_allowed).then(|| {
            let message = format!("`{text}` is no name for this {kind}: {allowed}");
            (Code::InvalidName, message)
        })
    }
}

#[cfg(test)]
#[path = "rules/tests.rs"]
mod tests;
