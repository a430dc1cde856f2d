//! Reads `clusters`, the lists of clusters.

use super::form::form;
use super::members::Members;
use super::read;
use crate::source::Spanned;
use crate::tree::{Entry, Text};

form! {
    "a `clusters` entry", bare "list";
    /// An entry of `clusters`.
    #[derive(Debug)]
    pub struct Clusters {
        /// Members, each of which becomes a cluster.
        pub members: Members = part(Members::keys, Members::read_keys),
        /// Whether the list contains manifests of clusters that exist already, which another tool applies; default: `false`.
        pub existing: bool = default("existing"),
        /// Name of the cluster; default: the name of the member.
        pub name: Option<Spanned<Text>> = optional("name"),
        /// Namespace of the cluster; default: its name.
        pub namespace: Option<Spanned<Text>> = optional("namespace"),
        /// Labels of the cluster, with expressions in the values.
        pub labels: Vec<Entry> = default("labels", read::variables),
    }
}
