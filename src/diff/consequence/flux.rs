//! Rows of Flux.

use super::conditions::{
    KEEPS_OBJECTS, NO_LONGER_KEEP, NO_LONGER_ORPHAN, NO_LONGER_TRUE, PRUNES, SUSPENDED, TRUE,
};
use super::effect::Consequence::{
    Deletes, InPlace, KeepsRunning, Reinstalls, Remains, Unguards, Uninstalls, Upgrades,
};
use super::row::{Family, field, removed};

const HELM: &str = "helm-controller 1.6.4, internal/controller/helmrelease_controller.go";
const TARGET: &str = "helm-controller 1.6.4, internal/action/verify.go";
const HELM_DOCS: &str = "helm-controller 1.6.4, docs/spec/v2/helmreleases.md";
const KUSTOMIZE: &str =
    "kustomize-controller 1.10.1, internal/controller/kustomization_controller.go";
const KUSTOMIZE_DOCS: &str = "kustomize-controller 1.10.1, docs/spec/v1/kustomizations.md";
const SOURCES: &str = "source-controller 1.10.1, docs/spec/v1/README.md";

const MOVED: &str = "Flux uninstalls the release and installs it again.";

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { kinds: &[("helm.toolkit.fluxcd.io", "HelmRelease")], is_owned: false, rows: &[
        removed(&[Remains], "Flux deletes a suspended HelmRelease without uninstalling its release.", HELM).only(SUSPENDED),
        removed(&[Remains], "Flux uninstalls the release, and Helm keeps its objects because of their `helm.sh/resource-policy`.", HELM_DOCS).only(KEEPS_OBJECTS),
        removed(&[Uninstalls], "Flux uninstalls the release.", HELM),
        field("spec commonMetadata annotations helm.sh/resource-policy", &[Unguards], "From now on, Helm deletes the objects when the release is uninstalled.", HELM_DOCS).only(NO_LONGER_KEEP),
        field("spec suspend", &[Unguards], "From now on, deleting the HelmRelease uninstalls its release.", HELM).only(NO_LONGER_TRUE),
        field("spec releaseName", &[Reinstalls], MOVED, TARGET),
        field("spec targetNamespace", &[Reinstalls], MOVED, TARGET),
        field("spec storageNamespace", &[Reinstalls], MOVED, TARGET),
        field("spec chart spec chart", &[Reinstalls], "Flux uninstalls the release and installs it again if the chart has another name.", TARGET),
        field("spec chart spec", &[Upgrades], "Flux upgrades the release in place.", HELM),
        field("spec chart", &[Upgrades], "Flux upgrades the release in place if the chart keeps its name.", HELM),
        field("spec chartRef", &[Upgrades], "Flux upgrades the release in place if the chart keeps its name, and reinstalls it otherwise.", TARGET),
        field("spec values", &[Upgrades], "Flux upgrades the release in place.", HELM),
        field("spec valuesFrom", &[Upgrades], "Flux upgrades the release in place.", HELM),
        field("spec postRenderers", &[Upgrades], "Flux upgrades the release in place.", HELM),
        field("spec kubeConfig", &[KeepsRunning], "Flux stores releases on the cluster of the kubeconfig: the release on the previous cluster keeps running.", HELM_DOCS),
        field("spec suspend", &[InPlace], "Flux stops or continues to reconcile the release.", HELM),
        field("spec install crds", &[InPlace], "The policy for CRDs applies to the next installation.", HELM_DOCS),
        field("spec upgrade crds", &[InPlace], "The policy for CRDs applies to the next upgrade: `CreateReplace` also replaces CRDs.", HELM_DOCS),
        field("spec", &[InPlace], "Flux installs, tests and upgrades the release with other options.", HELM_DOCS),
    ] },
    Family { kinds: &[("kustomize.toolkit.fluxcd.io", "Kustomization")], is_owned: false, rows: &[
        removed(&[Remains], "Flux deletes a suspended Kustomization and keeps the objects that it applied.", KUSTOMIZE).only(SUSPENDED),
        removed(&[Uninstalls], "Flux deletes every object that the Kustomization applied.", KUSTOMIZE).only(PRUNES),
        removed(&[Remains], "Flux keeps the objects that the Kustomization applied.", KUSTOMIZE),
        field("spec targetNamespace", &[Reinstalls], "Flux creates the objects in the new namespace, and deletes those in the previous one if `prune` is `true`.", KUSTOMIZE),
        field("spec namePrefix", &[Reinstalls], "Flux creates objects with other names, and deletes the previous ones if `prune` is `true`.", KUSTOMIZE),
        field("spec nameSuffix", &[Reinstalls], "Flux creates objects with other names, and deletes the previous ones if `prune` is `true`.", KUSTOMIZE),
        field("spec kubeConfig", &[KeepsRunning], "Flux applies the objects to the cluster of the kubeconfig: those on the previous cluster keep running.", KUSTOMIZE_DOCS),
        field("spec path", &[Upgrades], "Flux applies the objects of the path, and deletes those that it lacks if `prune` is `true`.", KUSTOMIZE),
        field("spec sourceRef", &[Upgrades], "Flux applies the objects of the source, and deletes those that it lacks if `prune` is `true`.", KUSTOMIZE),
        field("spec patches", &[Upgrades], "Flux applies the changed objects.", KUSTOMIZE),
        field("spec images", &[Upgrades], "Flux applies the changed objects.", KUSTOMIZE),
        field("spec components", &[Upgrades], "Flux applies the changed objects.", KUSTOMIZE),
        field("spec postBuild", &[Upgrades], "Flux applies the changed objects.", KUSTOMIZE),
        field("spec commonMetadata", &[Upgrades], "Flux applies the changed objects.", KUSTOMIZE),
        field("spec prune", &[Unguards], "From now on, Flux deletes objects that the source no longer contains.", KUSTOMIZE).only(TRUE),
        field("spec deletionPolicy", &[Unguards], "From now on, Flux can delete the objects when the Kustomization is deleted.", KUSTOMIZE).only(NO_LONGER_ORPHAN),
        field("spec prune", &[InPlace], "The setting decides whether Flux deletes objects that the source no longer contains.", KUSTOMIZE),
        field("spec deletionPolicy", &[InPlace], "The setting decides whether objects remain when the Kustomization is deleted.", KUSTOMIZE),
        field("spec suspend", &[InPlace], "Flux stops or continues to apply the objects.", KUSTOMIZE),
        field("spec", &[InPlace], "Flux applies the same objects with other options.", KUSTOMIZE_DOCS),
    ] },
    Family { kinds: &[("source.toolkit.fluxcd.io", "*")], is_owned: false, rows: &[
        removed(&[Deletes], "Only the source is deleted: what was applied from it keeps running, and is no longer updated.", SOURCES),
        field("spec", &[Upgrades], "Flux fetches from another location or revision, and applies it wherever the source is used.", SOURCES),
    ] },
];
