//! Built-in templates and delivery methods: data, each a file of `builtin/`.

use crate::diagnostic::closest_match;

/// A built-in template or delivery method.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Its name, which follows `builtin:` or `deliver:`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! built_in {
    ($($name:literal)*) => {
        /// All of them, by name.
        pub const ALL: &[BuiltIn] = &[$(BuiltIn {
            name: $name,
            text: include_str!(concat!("builtin/", $name, ".yaml")),
        },)*];
    };
}

built_in! {
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

/// The built-in delivery methods.
pub const DELIVERIES: &[BuiltIn] = &[
    BuiltIn {
        name: "sveltos",
        text: include_str!("builtin/deliver/sveltos.yaml"),
    },
    BuiltIn {
        name: "argocd",
        text: include_str!("builtin/deliver/argocd.yaml"),
    },
    BuiltIn {
        name: "flux",
        text: include_str!("builtin/deliver/flux.yaml"),
    },
    BuiltIn {
        name: "caaph",
        text: include_str!("builtin/deliver/caaph.yaml"),
    },
];

/// The template of a name.
pub fn find(name: &str) -> Option<&'static BuiltIn> {
    ALL.iter().find(|one| one.name == name)
}

/// Returns the delivery method of a name.
pub fn find_delivery(name: &str) -> Option<&'static BuiltIn> {
    DELIVERIES.iter().find(|one| one.name == name)
}

/// What to do about a name that none has.
pub fn help(name: &str) -> String {
    let names = || ALL.iter().map(|one| one.name);
    match closest_match(name, names()) {
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
