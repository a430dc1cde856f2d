//! `kubectl fleet get clusters`

use std::path::Path;
use std::rc::Rc;

use clap::Args;
use serde_json::{Value as Json, json};

use super::args::ListArgs;
use crate::cli::listing::Listing;
use crate::cli::session::plan_dir;
use crate::cli::terminal::CommandResult;
use crate::diagnostic::Code;
use crate::model::Cluster;
use crate::plan::{AddOn, Plan, Software, Subject, SubjectId};

/// List the clusters of a fleet with their objects and add-ons.
#[derive(Args)]
#[command(
    visible_alias = "cluster",
    after_help = "Examples:
  # List the clusters of the fleet in this directory
  kubectl fleet get clusters

  # List the clusters with a label, and the versions of their add-ons
  kubectl fleet get clusters -l type=production -o wide -C examples/addons

  # List only the names, for a script
  kubectl fleet get clusters -o name -C examples/eks

  # List one cluster
  kubectl fleet get clusters capi-eks-user1 -C examples/eks"
)]
pub(super) struct Clusters {
    #[command(flatten)]
    args: ListArgs,
}

impl Clusters {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let args = self.args;
        args.check_names()?;
        let plan = &plan_dir(chdir, Path::new(""))?;
        let clusters = plan.clusters.iter();
        let known: Vec<String> = clusters.map(|cluster| cluster.name.to_string()).collect();
        args.check_known((Code::UnknownCluster, "cluster"), &known)?;
        let clusters = plan.clusters.iter().enumerate();
        let matching = clusters
            .filter(|(_, cluster)| args.names(cluster.name.as_rc()) && args.selects(cluster))
            .map(|(index, cluster)| ClusterRow::new(plan, index, cluster));
        args.print(&listing(&matching.collect::<Vec<_>>()))
    }
}

/// A row of the listing.
struct ClusterRow<'a> {
    cluster: &'a Cluster,
    addons: Vec<InstalledAddOn>,
    /// Number of objects that templates create for the cluster.
    objects: usize,
}

/// An add-on of a cluster.
struct InstalledAddOn {
    name: String,
    delivery: Rc<str>,
    /// Version of the Helm chart; empty for manifests.
    version: String,
}

impl<'a> ClusterRow<'a> {
    fn new(plan: &'a Plan, index: usize, cluster: &'a Cluster) -> Self {
        let addons = plan.addons.iter();
        let installed = addons.filter_map(|addon| find_installed(plan, addon, index));
        let id = SubjectId::cluster(index);
        let templates = plan.templates.iter().filter(|one| !one.is_from_spoke);
        let objects = templates.map(|template| {
            let instances = template.instances.iter();
            let own = instances.filter(|instance| instance.subject == id);
            own.count() * template.objects.len()
        });
        Self {
            cluster,
            addons: installed.collect(),
            objects: objects.sum(),
        }
    }

    fn labels(&self) -> String {
        let labels = self.cluster.labels.iter();
        let labels = labels.map(|(key, value)| format!("{key}={value}"));
        labels.collect::<Vec<_>>().join(",")
    }

    fn row(&self) -> Vec<String> {
        let addons = self.addons.iter();
        let addons = addons.map(|addon| match addon.version.as_str() {
            "" => addon.name.clone(),
            version => format!("{}@{version}", addon.name),
        });
        vec![
            self.cluster.name.to_string(),
            self.cluster.namespace.to_string(),
            self.cluster.cell.as_deref().unwrap_or("-").to_owned(),
            self.objects.to_string(),
            self.addons.len().to_string(),
            self.labels(),
            addons.collect::<Vec<_>>().join(","),
        ]
    }

    fn json(&self) -> Json {
        let labels = self.cluster.labels.iter();
        let labels: serde_json::Map<String, Json> = labels
            .map(|(key, value)| (key.to_string(), Json::from(&**value)))
            .collect();
        let addon = |addon: &InstalledAddOn| json!({"name": addon.name, "deliver": &*addon.delivery, "version": addon.version});
        json!({
            "name": self.cluster.name.to_string(),
            "namespace": self.cluster.namespace.to_string(),
            "cell": self.cluster.cell.as_deref(),
            "exists": self.cluster.is_existing,
            "labels": labels,
            "objects": self.objects,
            "addons": self.addons.iter().map(addon).collect::<Vec<_>>(),
        })
    }
}

/// Returns an add-on as installed on a cluster, or `None` if the cluster does not get it.
fn find_installed(plan: &Plan, addon: &AddOn, cluster: usize) -> Option<InstalledAddOn> {
    let mut variants = addon.variants.iter();
    let variant = variants.find(|variant| variant.clusters.binary_search(&cluster).is_ok())?;
    let version = match &variant.software {
        Software::Helm(chart) => {
            let subject = Subject::Cluster(&plan.clusters[cluster]);
            let version = addon.text(&chart.version.value, plan.subjects(), subject);
            version.to_string()
        }
        Software::Manifests(_) => String::new(),
    };
    Some(InstalledAddOn {
        name: addon.written.name.value.to_string(),
        delivery: Rc::clone(&addon.delivery.name),
        version,
    })
}

fn listing(clusters: &[ClusterRow<'_>]) -> Listing {
    Listing {
        head: vec![
            "NAME",
            "NAMESPACE",
            "CELL",
            "OBJECTS",
            "ADDONS",
            "LABELS",
            "VERSIONS",
        ],
        wide: 2,
        rows: clusters.iter().map(ClusterRow::row).collect(),
        json: json!({"clusters": clusters.iter().map(ClusterRow::json).collect::<Vec<_>>()}),
    }
}
