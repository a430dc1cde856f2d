//! Built-in templates and delivery methods, each a file in `builtin/`.

use crate::diagnostic::Suggestions;

/// A built-in template or delivery method.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The name that follows `builtin:` or `deliver:`.
    pub name: &'static str,
    /// The contents of its file.
    pub text: &'static str,
}

/// Defines a table of the files in a directory.
macro_rules! built_in {
    ($(#[$doc:meta])* $table:ident in $dir:literal: $($name:literal)*) => {
        $(#[$doc])*
        pub const $table: &[BuiltIn] = &[$(BuiltIn {
            name: $name,
            text: include_str!(concat!($dir, $name, ".yaml")),
        },)*];
    };
}

built_in! {
    /// All built-in templates, in the order of their names.
    ALL in "builtin/":
    "aks"
    "argocd-register-aws-secrets-manager"
    "argocd-register-capi"
    "argocd-register-crossplane"
    "argocd-register-eks"
    "argocd-register-spoke"
    "argocd-spoke"
    "argocd-team"
    "argocd-team-bootstrap"
    "aws-irsa"
    "aws-kubeadm"
    "aws-pod-identity"
    "clusterclass"
    "crossplane-eks"
    "docker"
    "eks"
    "gke"
}

built_in! {
    /// The built-in delivery methods.
    DELIVERIES in "builtin/deliver/":
    "sveltos"
    "argocd"
    "flux"
    "caaph"
}

/// Returns the built-in template named `name`.
pub fn find(name: &str) -> Option<&'static BuiltIn> {
    ALL.iter().find(|built_in| built_in.name == name)
}

/// Returns the built-in delivery method named `name`.
pub fn find_delivery(name: &str) -> Option<&'static BuiltIn> {
    DELIVERIES.iter().find(|method| method.name == name)
}

/// Returns the help for an unknown template name.
pub fn suggest(name: &str, suggestions: &mut Suggestions) -> String {
    let names = || ALL.iter().map(|built_in| built_in.name);
    match suggestions.closest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "use {}, or the path of a file",
            crate::diagnostic::join_or(names())
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn names_are_in_order() {
        assert!(ALL.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
