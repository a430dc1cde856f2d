//! `kubectl fleet get addons`

use std::path::Path;

use clap::Args;
use serde_json::{Value as Json, json};

use super::args::ListArgs;
use crate::cli::listing::Listing;
use crate::cli::session::plan_dir;
use crate::cli::terminal::CommandResult;
use crate::diagnostic::{Code, mask_logins};
use crate::plan::{AddOn, Plan, Software, VariantName};

/// List the add-ons of a fleet with the number of their clusters.
///
/// With a selector, only matching clusters are counted.
#[derive(Args)]
#[command(
    visible_alias = "addon",
    after_help = "Examples:
  # List the add-ons of the fleet in this directory
  kubectl fleet get addons

  # Count only the clusters with a label
  kubectl fleet get addons -l type=production -C examples/addons

  # List the add-ons with their variants, for a program
  kubectl fleet get addons -o json -C examples/addons"
)]
pub(super) struct AddOns {
    #[command(flatten)]
    args: ListArgs,
}

impl AddOns {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let args = self.args;
        args.check_names()?;
        let plan = &plan_dir(chdir, Path::new(""))?;
        let name = |addon: &AddOn| addon.written.name.value.to_string();
        let known: Vec<String> = plan.addons.iter().map(name).collect();
        args.check_known((Code::UnknownName, "add-on"), &known)?;
        let is_selected = |index: &&usize| args.selects(&plan.clusters[**index]);
        let addons = plan.addons.iter();
        let rows = addons
            .filter(|addon| args.names(&addon.written.name.value))
            .map(|addon| AddOnRow::new(plan, addon, &is_selected));
        args.print(&listing(&rows.collect::<Vec<_>>()))
    }
}

/// A row of the listing.
struct AddOnRow<'a> {
    addon: &'a AddOn,
    /// Names of the variants that have selected clusters, each with the names of these clusters.
    variants: Vec<(String, Vec<String>)>,
}

impl<'a> AddOnRow<'a> {
    fn new(plan: &Plan, addon: &'a AddOn, is_selected: &dyn Fn(&&usize) -> bool) -> Self {
        let mut variants = Vec::new();
        for variant in &addon.variants {
            let clusters = variant.clusters.iter().filter(is_selected);
            let names = clusters.map(|index| plan.clusters[*index].name.to_string());
            let names: Vec<String> = names.collect();
            match &variant.name {
                _ if names.is_empty() => {}
                VariantName::Shared(name) => variants.push((name.to_string(), names)),
                VariantName::Cluster => {
                    let own = names.into_iter().map(|name| (name.clone(), vec![name]));
                    variants.extend(own);
                }
            }
        }
        Self { addon, variants }
    }

    fn clusters(&self) -> usize {
        self.variants.iter().map(|(_, names)| names.len()).sum()
    }

    /// Returns the chart or the path of the manifests, with expressions unevaluated: their values can differ between clusters.
    fn software(&self) -> String {
        match &self.addon.base {
            Software::Helm(chart) => {
                let [repo, name, version] = [&chart.repo, &chart.chart, &chart.version]
                    .map(|text| text.value.source_text());
                let repo = mask_logins(repo.trim_end_matches('/'));
                format!("{repo}/{name}@{version}")
            }
            Software::Manifests(manifests) => manifests.path.to_string(),
        }
    }

    fn depends_on(&self) -> Vec<&str> {
        let names = self.addon.written.dependencies().into_iter();
        names.map(|name| &**name).collect()
    }

    fn row(&self) -> Vec<String> {
        let depends_on = self.depends_on();
        vec![
            self.addon.written.name.value.to_string(),
            self.addon.delivery.name.to_string(),
            self.clusters().to_string(),
            depends_on.join(","),
            self.software(),
        ]
    }

    fn json(&self) -> Json {
        let depends_on = self.depends_on();
        let variant =
            |(name, clusters): &(String, Vec<String>)| json!({"name": name, "clusters": clusters});
        json!({
            "name": &*self.addon.written.name.value,
            "deliver": &*self.addon.delivery.name,
            "dependsOn": depends_on,
            "software": self.software(),
            "variants": self.variants.iter().map(variant).collect::<Vec<_>>(),
        })
    }
}

fn listing(addons: &[AddOnRow<'_>]) -> Listing {
    Listing {
        head: vec!["NAME", "DELIVER", "CLUSTERS", "DEPENDS ON", "SOFTWARE"],
        wide: 1,
        rows: addons.iter().map(AddOnRow::row).collect(),
        json: json!({"addons": addons.iter().map(AddOnRow::json).collect::<Vec<_>>()}),
    }
}
