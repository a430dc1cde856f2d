//! Rows of Sveltos, of the add-on provider for Helm (CAAPH), and of `ClusterResourceSets`.

use super::conditions::{
    INSTALLS_ONCE, LEAVES, LEAVES_REMOVED, NO_LONGER_LEAVES, NOT_SYNCED, SET, STOPS_SYNC,
    UNINSTALL_ACTION, UNSET,
};
use super::effect::Consequence::{
    Creates, Ignored, InPlace, KeepsRunning, Reinstalls, Rejected, Remains, Reselects, Unguards,
    Uninstalls, Upgrades,
};
use super::row::{ADDONS, Family, field, removed};

const GROUP: &str = "config.projectsveltos.io";
const HELM: &str = "Sveltos addon-controller 1.14.0, controllers/handlers_helm.go";
const UTILS: &str = "Sveltos addon-controller 1.14.0, controllers/handlers_utils.go";
const PROFILES: &str = "Sveltos addon-controller 1.14.0, controllers/profile_utils.go";
const SUMMARIES: &str = "Sveltos addon-controller 1.14.0, controllers/clustersummary_controller.go";
const SPEC: &str = "Sveltos addon-controller 1.14.0, api/v1beta1/spec.go";
const PROXY_WEBHOOK: &str = "CAAPH 0.6.4, api/v1alpha1/helmchartproxy_webhook.go";
const PROXY: &str = "CAAPH 0.6.4, controllers/helmchartproxy/helmchartproxy_controller.go";
const PHASES: &str = "CAAPH 0.6.4, controllers/helmchartproxy/helmchartproxy_controller_phases.go";
const SET_WEBHOOK: &str = "Cluster API 1.14.2, core/webhooks/admission/clusterresourceset.go";
pub(super) const RESOURCE_SETS: &str =
    "Cluster API 1.14.2, core/reconcilers/clusterresourceset/clusterresourceset_controller.go";

#[rustfmt::skip]
pub(super) const FAMILIES: &[Family] = &[
    Family { kinds: &[(GROUP, "ClusterProfile"), (GROUP, "Profile")], is_owned: false, rows: &[
        removed(&[Remains], "Sveltos deletes the profile, and everything that it deployed remains.", HELM).only(LEAVES),
        removed(&[Uninstalls], "Sveltos withdraws everything that the profile deployed from all clusters.", HELM),
        field("spec clusterSelector", &[Reselects], "Sveltos withdraws the add-ons from clusters that no longer match, unless `stopMatchingBehavior` is `LeavePolicies`.", PROFILES),
        field("spec clusterRefs *", &[Uninstalls], "Sveltos withdraws the add-ons from the cluster.", PROFILES).only(LEAVES_REMOVED),
        field("spec clusterRefs", &[Reselects], "Sveltos deploys the add-ons to other clusters.", PROFILES),
        field("spec setRefs", &[Reselects], "Sveltos deploys the add-ons to other clusters.", PROFILES),
        field("spec stopMatchingBehavior", &[Unguards], "From now on, Sveltos withdraws the add-ons from clusters that no longer match, or if the profile is deleted.", SPEC).only(NO_LONGER_LEAVES),
        field("spec stopMatchingBehavior", &[InPlace], "The setting decides whether add-ons remain on a cluster that no longer matches.", SPEC),
        field("spec syncMode", &[Ignored], "Sveltos no longer applies changes of the profile to clusters.", SUMMARIES).only(STOPS_SYNC),
        field("spec syncMode", &[Upgrades], "Sveltos applies the current state of the profile to clusters.", SUMMARIES),
        field("spec helmCharts", &[Ignored], "Sveltos applies no changes in this mode.", SUMMARIES).only(NOT_SYNCED),
        field("spec policyRefs", &[Ignored], "Sveltos applies no changes in this mode.", SUMMARIES).only(NOT_SYNCED),
        field("spec kustomizationRefs", &[Ignored], "Sveltos applies no changes in this mode.", SUMMARIES).only(NOT_SYNCED),
        field("spec helmCharts *", &[Uninstalls], "Sveltos uninstalls releases that the profile no longer contains.", HELM).only(LEAVES_REMOVED),
        field("spec helmCharts *", &[KeepsRunning], "Sveltos keeps the release, because `stopMatchingBehavior` is `LeavePolicies`.", HELM).only(UNSET),
        field("spec helmCharts *", &[Creates], "Sveltos installs the chart.", HELM).only(SET),
        field("spec helmCharts * releaseName", &[Reinstalls], "Sveltos installs the new release and uninstalls the previous one.", HELM),
        field("spec helmCharts * releaseNamespace", &[Reinstalls], "Sveltos installs the new release and uninstalls the previous one.", HELM),
        field("spec helmCharts * helmChartAction", &[Uninstalls], "Sveltos uninstalls the release.", HELM).only(UNINSTALL_ACTION),
        field("spec helmCharts * repositoryURL", &[Upgrades], "Sveltos caches the URL by the name of the repository: it keeps using the previous URL until its controller restarts, unless that name changes, too.", HELM),
        field("spec helmCharts *", &[Upgrades], "Sveltos upgrades the release in place.", HELM),
        field("spec policyRefs *", &[Uninstalls], "Sveltos deletes the objects that only this reference deployed.", UTILS).only(LEAVES_REMOVED),
        field("spec policyRefs *", &[Creates], "Sveltos deploys the objects.", UTILS).only(SET),
        field("spec policyRefs", &[Upgrades], "Sveltos deploys the objects of the new reference, and deletes those that it lacks.", UTILS),
        field("spec kustomizationRefs *", &[Uninstalls], "Sveltos deletes the objects that only this reference deployed.", UTILS).only(LEAVES_REMOVED),
        field("spec kustomizationRefs", &[Upgrades], "Sveltos deploys the objects of the new reference, and deletes those that it lacks.", UTILS),
        field("spec patches", &[Upgrades], "Sveltos deploys the changed objects.", SPEC),
        field("spec patchesFrom", &[Upgrades], "Sveltos deploys the changed objects.", SPEC),
        field("spec templateResourceRefs", &[Upgrades], "Sveltos evaluates the templates of the profile again.", SPEC),
        field("spec", &[InPlace], "Sveltos deploys the same add-ons with other options.", SPEC),
    ] },
    Family { kinds: &[("lib.projectsveltos.io", "SveltosCluster")], is_owned: false, rows: &[
        removed(&[KeepsRunning], "Sveltos no longer manages the cluster, and its add-ons keep running.", SUMMARIES),
        field("metadata labels", &[Reselects], "ClusterProfiles select clusters by their labels: add-ons can be installed and uninstalled.", PROFILES),
        field("spec", &[InPlace], "Sveltos reaches the cluster in another way.", SUMMARIES),
    ] },
    Family { kinds: &[(ADDONS, "HelmChartProxy")], is_owned: false, rows: &[
        removed(&[Remains], "CAAPH keeps releases with `InstallOnce`.", PROXY).only(INSTALLS_ONCE),
        removed(&[Uninstalls], "CAAPH uninstalls the release from all selected clusters.", PROXY),
        field("spec reconcileStrategy", &[Rejected], "The webhook of CAAPH rejects another strategy.", PROXY_WEBHOOK),
        field("spec clusterSelector", &[Reselects], "CAAPH uninstalls the release from clusters that no longer match, and installs it on those that match now.", PHASES),
        field("spec chartName", &[Reinstalls], "CAAPH uninstalls the release and installs it again.", PHASES),
        field("spec repoURL", &[Reinstalls], "CAAPH uninstalls the release and installs it again.", PHASES),
        field("spec releaseName", &[Reinstalls], "CAAPH uninstalls the release and installs it again.", PHASES),
        field("spec namespace", &[Reinstalls], "CAAPH uninstalls the release and installs it again.", PHASES),
        field("spec version", &[Ignored], "CAAPH does not upgrade a release with `InstallOnce`.", PHASES).only(INSTALLS_ONCE),
        field("spec valuesTemplate", &[Ignored], "CAAPH does not upgrade a release with `InstallOnce`.", PHASES).only(INSTALLS_ONCE),
        field("spec version", &[Upgrades], "CAAPH upgrades the release in place.", PHASES),
        field("spec valuesTemplate", &[Upgrades], "CAAPH upgrades the release in place.", PHASES),
        field("spec options", &[Ignored], "CAAPH uses the options only with the next change of the version or the values.", PHASES),
        field("spec credentials", &[Ignored], "CAAPH uses the credentials only with the next change of the version or the values.", PHASES),
        field("spec tlsConfig", &[Ignored], "CAAPH uses the setting only with the next change of the version or the values.", PHASES),
    ] },
    Family { kinds: &[(ADDONS, "ClusterResourceSet")], is_owned: false, rows: &[
        removed(&[Remains], "The objects that it applied remain on the clusters.", RESOURCE_SETS),
        field("spec strategy", &[Rejected], "The webhook of Cluster API rejects another strategy.", SET_WEBHOOK),
        field("spec clusterSelector", &[Rejected], "The webhook of Cluster API rejects another selector.", SET_WEBHOOK),
        field("spec resources *", &[Remains], "The objects of the resource remain on the clusters.", RESOURCE_SETS).only(UNSET),
        field("spec resources", &[Upgrades], "Cluster API applies the objects of the resource to the clusters.", RESOURCE_SETS),
    ] },
];
