//! The kinds of lists.

/// The kind of a list. `fleet.yaml` decides it, because the content of a list is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// A list whose members become clusters or groups.
    Members,
    /// A list of manifests of clusters that exist already.
    Existing,
}
