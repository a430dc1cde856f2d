//! `kubectl fleet get addons`

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};

use crate::cli::listing::{ListFormat, Listing};
use crate::cli::session::plan_dir;
use crate::cli::terminal::CommandResult;
use crate::input::selector;
use crate::model::Selector;
use crate::plan::{AddOn, Plan, Software, VariantName};

/// List the add-ons of a fleet with the number of their clusters.
#[derive(Args)]
#[command(
    visible_alias = "addon",
    after_help = "Examples:
  # List the add-ons of the fleet in this directory
  kubectl fleet get addons

  # Count only the clusters with a label
  kubectl fleet get addons examples/addons -l type=production

  # List the add-ons with their variants, for a program
  kubectl fleet get addons examples/addons -o json"
)]
pub(super) struct AddOns {
    /// Directory with fleet.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Count only clusters with matching labels, in the syntax of kubectl: a=b,c!=d,e,!f
    #[arg(short = 'l', long, value_name = "SELECTOR", value_parser = selector::parse)]
    selector: Option<Selector>,
    /// Output format; defaults to a table
    #[arg(short, long, value_name = "FORMAT", value_enum)]
    output: Option<ListFormat>,
}

impl AddOns {
    pub(super) fn run(self, chdir: &Path) -> CommandResult {
        let selector = self.selector.unwrap_or_default();
        let plan = &plan_dir(chdir, &self.dir)?;
        let is_selected = |index: &&usize| {
            let cluster = &plan.clusters[**index];
            selector.matches(|key| cluster.label(key))
        };
        let addons = plan.addons.iter();
        let rows = addons.map(|addon| AddOnRow::new(plan, addon, &is_selected));
        listing(&rows.collect::<Vec<_>>()).print(self.output)
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
                format!("{}/{name}@{version}", repo.trim_end_matches('/'))
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
