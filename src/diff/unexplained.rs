//! Changed fields without a touched line.

use super::change::{FieldPath, Step};

/// The annotations that guards write.
const GUARDS: [&str; 3] = [
    "argocd.argoproj.io/sync-options",
    "argocd.argoproj.io/compare-options",
    "kustomize.toolkit.fluxcd.io/prune",
];

/// Whether fields without a touched line remain: annotations of guards, and others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unexplained {
    pub(super) guards: bool,
    pub(super) others: bool,
}

impl Unexplained {
    pub(super) fn add(&mut self, path: &FieldPath) {
        if is_guard(path) {
            self.guards = true;
        } else {
            self.others = true;
        }
    }
}

/// Returns `true` for an annotation that guards write.
fn is_guard(path: &FieldPath) -> bool {
    matches!(&path.0[..], [.., Step::Key(annotations), Step::Key(key)]
        if **annotations == *"annotations" && GUARDS.contains(&&**key))
}
