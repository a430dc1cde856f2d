//! A live object that remains, and the command that deletes it.

use super::object::ObjectKey;

/// A live object that the fleet no longer creates.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leftover {
    /// Why it is one. Pools are sorted first: their templates can be deleted after them.
    pub reason: Reason,
    /// Its identity.
    pub key: ObjectKey,
    /// Name of the cluster that it belongs to; empty for an object of a `ClusterClass`.
    pub cluster: String,
    /// Whether the fleet certainly created it: it has the annotations of a guard, and is no Cluster. Other tools create
    /// Clusters, too, and a fleet can list these.
    pub is_certain: bool,
}

/// The reason that an object is a leftover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A pool whose machines continue to run.
    Pool,
    /// Another object that is not in the output, and that no object refers to.
    Object,
    /// A template that no printed or live object refers to.
    Template,
    /// A Cluster of this fleet.
    Cluster,
    /// A Cluster of this fleet, or of another one: neither has a name.
    UnnamedCluster,
}

impl Reason {
    /// Returns the reason as JSON output shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pool => "pool-not-in-output",
            Self::Object => "object-not-in-output",
            Self::Template => "template-without-reference",
            Self::Cluster => "cluster-not-in-output",
            Self::UnnamedCluster => "cluster-of-unnamed-fleet",
        }
    }

    /// Returns the reason as a table shows it.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Pool => "is not in the output, and its machines run on",
            Self::Template => "is not in the output, and no object refers to it",
            Self::Object | Self::Cluster => "is not in the output",
            Self::UnnamedCluster => "is not in the output; another fleet might create it",
        }
    }
}

impl Leftover {
    /// Returns the kind as `kubectl` accepts it: `Kind.group` in lower case.
    pub fn resource(&self) -> String {
        let kind = self.key.kind.to_ascii_lowercase();
        match self.key.group.as_str() {
            "" => kind,
            group => format!("{kind}.{group}"),
        }
    }

    /// Returns the namespace and the name.
    pub fn qualified_name(&self) -> String {
        match self.key.namespace.as_str() {
            "" => self.key.name.clone(),
            namespace => format!("{namespace}/{}", self.key.name),
        }
    }

    /// Returns the condition on which a person must delete the object; `None` if the fleet certainly created it.
    pub fn condition(&self) -> Option<&'static str> {
        match self.reason {
            Reason::UnnamedCluster => Some("only if no other fleet or person creates it"),
            Reason::Cluster => Some("only if this fleet created it"),
            _ if self.is_certain => None,
            _ => Some("only if this fleet created it"),
        }
    }

    /// Returns the command that deletes the object.
    pub fn delete_command(&self) -> String {
        let command = format!("kubectl delete {} {}", self.resource(), self.key.name);
        match self.key.namespace.as_str() {
            "" => command,
            namespace => format!("{command} --namespace {namespace}"),
        }
    }

    /// Returns the first value of the identity that is not safe in a command line.
    pub(super) fn unsafe_value(&self) -> Option<&str> {
        let ObjectKey {
            group,
            kind,
            namespace,
            name,
        } = &self.key;
        let is_safe = |value: &str| {
            let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:".contains(&byte);
            !value.starts_with('-') && value.bytes().all(is_safe)
        };
        let required = [kind, name];
        let mut values = [group, kind, namespace, name].into_iter();
        let empty = required.into_iter().find(|value| value.is_empty());
        empty
            .or_else(|| values.find(|value| !is_safe(value)))
            .map(String::as_str)
    }
}
