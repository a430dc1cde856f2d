//! The matrix of a compiled fleet.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::table::{Cell, Column, Installed, Mark, Matrix, Row};
use crate::diagnostic::escape_control_chars;
use crate::explain::cell::Cells;
use crate::explain::{Context, REDACTED, is_secret_label, shown};
use crate::model::Cluster;
use crate::plan::{AddOn, Plan, Software, Subject, SubjectScope, VariantName};
use crate::source::{Sources, Span};
use crate::template::fill::Scope as _;
use crate::tree::Text;

type Labels = Rc<[(Rc<str>, Rc<str>)]>;

/// Returns the matrix of a fleet. With `is_explained`, each cell has an explanation.
pub fn build(context: &mut Context<'_>, is_explained: bool) -> Matrix {
    let plan = &context.output.plan;
    let variants = plan
        .addons
        .iter()
        .map(|addon| by_cluster(addon, plan.clusters.len()))
        .collect::<Vec<_>>();
    let mut cells = Cells::new(plan);
    let mut labels = SharedLabels::default();
    let mut locations = Locations::default();
    let mut clusters = Vec::with_capacity(plan.clusters.len());
    for (index, cluster) in plan.clusters.iter().enumerate() {
        let mut row = Vec::with_capacity(plan.addons.len());
        for (at, addon) in plan.addons.iter().enumerate() {
            let variant = variants[at][index];
            let explanation = is_explained.then(|| cells.explain(context, at, variant, index));
            let sources = &context.files.sources;
            row.push(Cell {
                installed: variant.map(|variant| {
                    installed(plan, addon, variant, cluster, sources, &mut locations)
                }),
                explanation,
                ..Cell::default()
            });
        }
        clusters.push(Row {
            name: Rc::clone(cluster.name.as_rc()),
            namespace: Rc::clone(cluster.namespace.as_rc()),
            cell: cluster.cell.clone(),
            is_existing: cluster.is_existing,
            labels: labels.of(cluster),
            location: Some(locations.text(cluster.span, &context.files.sources)),
            cells: row,
            mark: Mark::Same,
            changes: None,
        });
    }
    Matrix {
        name: plan.name.clone(),
        addons: plan
            .addons
            .iter()
            .map(|addon| column(addon, &context.files.sources))
            .collect(),
        clusters,
        explanations: cells.all,
        objects: context.output.count,
    }
}

/// Returns the index of each cluster's variant.
fn by_cluster(addon: &AddOn, clusters: usize) -> Vec<Option<usize>> {
    let mut found = vec![None; clusters];
    for (index, variant) in addon.variants.iter().enumerate() {
        for cluster in &variant.clusters {
            found[*cluster] = Some(index);
        }
    }
    found
}

fn column(addon: &AddOn, sources: &Sources) -> Column {
    let software = match &addon.base {
        Software::Helm(chart) => {
            let [repo, name, version] =
                [&chart.repo, &chart.chart, &chart.version].map(|text| text.value.source_text());
            format!("{}/{name}@{version}", shown(repo.trim_end_matches('/')))
        }
        Software::Manifests(manifests) => manifests.path.to_string(),
    };
    let depends_on = addon.written.dependencies().into_iter();
    Column {
        name: Rc::clone(&addon.written.name.value),
        deliver: Rc::clone(&addon.delivery.name),
        software: escape_control_chars(&software),
        depends_on: depends_on.cloned().collect(),
        location: location(addon.written.name.span, sources),
        mark: Mark::Same,
    }
}

fn installed(
    plan: &Plan,
    addon: &AddOn,
    index: usize,
    cluster: &Cluster,
    sources: &Sources,
    locations: &mut Locations,
) -> Installed {
    let variant = &addon.variants[index];
    let (version, span) = match &variant.software {
        Software::Helm(chart) => {
            let version = addon.text(
                &chart.version.value,
                plan.subjects(),
                Subject::Cluster(cluster),
            );
            let version = escape_control_chars(shown(&version)).into();
            let origin = origin(plan, &chart.version.value, cluster);
            (version, Some(origin.unwrap_or(chart.version.span)))
        }
        Software::Manifests(_) => ("".into(), None),
    };
    Installed {
        version,
        location: span.map(|span| locations.text(span, sources).into()),
        variant: match &variant.name {
            VariantName::Shared(name) => Rc::clone(name),
            VariantName::Cluster => Rc::clone(cluster.name.as_rc()),
        },
        index,
    }
}

/// Returns the location of the last variable that a string reads.
fn origin(plan: &Plan, text: &Text, cluster: &Cluster) -> Option<Span> {
    let scope = SubjectScope::new(plan.subjects(), Subject::Cluster(cluster), &[]);
    let slot = text.slots().last()?;
    let (root, keys) = slot.expression.path.split_first()?;
    let value = scope.get(root)?;
    let value = keys
        .iter()
        .try_fold(value.as_ref(), |value, key| value.get(key));
    value.map(|value| value.span)
}

/// Returns the path and the line of a location.
pub(super) fn location(span: Span, sources: &Sources) -> String {
    let path = escape_control_chars(sources.path(span.file));
    format!("{path}:{}", sources.position(span).line)
}

/// The texts of locations, each computed once.
#[derive(Default)]
struct Locations(BTreeMap<Span, String>);

impl Locations {
    fn text(&mut self, span: Span, sources: &Sources) -> String {
        let found = self.0.entry(span);
        found.or_insert_with(|| location(span, sources)).clone()
    }
}

/// The labels of clusters, without secrets. Clusters share them.
#[derive(Default)]
struct SharedLabels(BTreeMap<Labels, Labels>);

impl SharedLabels {
    fn of(&mut self, cluster: &Cluster) -> Labels {
        let written = &cluster.labels;
        let found = self.0.entry(Rc::clone(written));
        let masked = found.or_insert_with(|| {
            if !written.iter().any(|(key, _)| is_secret_label(key)) {
                return Rc::clone(written);
            }
            let masked = written.iter().map(|(key, value)| {
                let is_secret = is_secret_label(key);
                let value = if is_secret {
                    REDACTED.into()
                } else {
                    Rc::clone(value)
                };
                (Rc::clone(key), value)
            });
            masked.collect()
        });
        Rc::clone(masked)
    }
}
