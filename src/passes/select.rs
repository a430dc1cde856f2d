//! Which clusters each template, add-on and profile is for.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::path;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, count, did_you_mean};
use crate::input::addon::AddOn;
use crate::input::fleet::{Fleet, TemplateFile};
use crate::input::patch::{ObjectChange, Patch};
use crate::input::profile::{self, Profile};
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::{Cluster, Selector};
use crate::source::{Span, Spanned};
use crate::tree::Node;

/// A template's path and the clusters that use it.
#[derive(Debug)]
pub struct Use<'a> {
    /// The path, its variables filled.
    pub path: Rc<str>,
    /// Where `fleet.yaml` names it.
    pub span: Span,
    /// Indices of clusters, ascending.
    pub clusters: Vec<usize>,
    /// The template's patches, in order.
    pub patches: Rc<[Selected<'a, ObjectChange>]>,
}

/// A patch and the clusters that it is for.
#[derive(Debug)]
pub struct Selected<'a, C> {
    /// The patch.
    pub patch: &'a Patch<C>,
    /// Indices of clusters, ascending.
    pub clusters: Vec<usize>,
}

/// An add-on and the clusters that it is for.
#[derive(Debug)]
pub struct SelectedAddOn<'a> {
    /// The add-on.
    pub addon: &'a AddOn,
    /// Indices of clusters, ascending; none where it follows what depends on it.
    pub clusters: Option<Vec<usize>>,
    /// Its patches, in order.
    pub patches: Vec<Selected<'a, Node>>,
}

/// What everything that has a selector is for.
#[derive(Debug)]
pub struct Selection<'a> {
    /// Each entry of `templates`; a path with variables gives a use per path.
    pub templates: Vec<Use<'a>>,
    /// Each entry of `addons`.
    pub addons: Vec<SelectedAddOn<'a>>,
    /// What is printed as it is.
    pub profiles: &'a [Profile],
    /// Each of it that selects clusters, and its own; none without a selector.
    pub chosen: Vec<(&'a profile::Selection, Option<Vec<usize>>)>,
}

/// Applies every selector to the clusters.
pub fn select<'a>(
    fleet: &'a Fleet,
    profiles: &'a [Profile],
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) -> Selection<'a> {
    let clusters = if is_too_much(fleet, profiles, clusters, diags) {
        &[]
    } else {
        clusters
    };
    let mut selectors = Selectors {
        clusters,
        labels: clusters
            .iter()
            .flat_map(|cluster| cluster.labels.iter().map(|(key, _)| &**key))
            .collect(),
        diags,
    };
    let mut templates = Vec::new();
    for template in &fleet.templates {
        let selected = selectors.matching(template.selector.as_ref());
        let patches = selectors.patches(&template.patches).into();
        templates.extend(paths(
            template,
            clusters,
            selected,
            &patches,
            selectors.diags,
        ));
    }
    let addons = fleet.addons.iter().map(|addon| SelectedAddOn {
        addon,
        clusters: addon
            .selector
            .as_ref()
            .map(|selector| selectors.matching(Some(selector))),
        patches: selectors.patches(&addon.patches),
    });
    let addons = addons.collect();
    let selections = profiles
        .iter()
        .filter_map(|profile| profile.selection.as_ref());
    let chosen = selections.map(|profile| (profile, selectors.of_profile(profile)));
    Selection {
        templates,
        addons,
        profiles,
        chosen: chosen.collect(),
    }
}

/// The most selectors times clusters.
const SELECTIONS: usize = 5_000_000;

fn is_too_much(
    fleet: &Fleet,
    profiles: &[Profile],
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) -> bool {
    let templates = fleet.templates.iter();
    let of_templates: usize = templates.map(|template| 1 + template.patches.len()).sum();
    let addons = fleet.addons.iter();
    let of_addons: usize = addons.map(|addon| 1 + addon.patches.len()).sum();
    let selections = (of_templates + of_addons + profiles.len()) * clusters.len();
    if selections > SELECTIONS {
        let message = format!(
            "templates, add-ons, patches and profiles would be asked {selections} times whether a cluster is theirs, and {SELECTIONS} are allowed"
        );
        diags.push(
            Diagnostic::new(Code::TooManySelections, fleet.span, message)
                .help("split the fleet into two"),
        );
    }
    selections > SELECTIONS
}

/// The clusters, for selectors.
struct Selectors<'a> {
    clusters: &'a [Cluster],
    /// The keys of all labels.
    labels: BTreeSet<&'a str>,
    diags: &'a mut Diagnostics,
}

impl Selectors<'_> {
    /// The clusters that a selector matches; all of them without one.
    fn matching(&mut self, selector: Option<&Spanned<Selector>>) -> Vec<usize> {
        match selector {
            Some(selector) => self.matching_in(selector, &|_| true),
            None => (0..self.clusters.len()).collect(),
        }
    }

    /// The clusters that a selector matches, of those that it is shown.
    fn matching_in(
        &mut self,
        selector: &Spanned<Selector>,
        is_shown: &dyn Fn(&Cluster) -> bool,
    ) -> Vec<usize> {
        self.warn_unknown_labels(selector);
        let clusters = self.clusters;
        let matches = |index: &usize| {
            let cluster = &clusters[*index];
            is_shown(cluster) && selector.value.matches(|key| cluster.label(key))
        };
        let selected: Vec<usize> = (0..clusters.len()).filter(matches).collect();
        if selected.is_empty() {
            let clusters = count(clusters.len(), "cluster");
            let message = format!("this selector matches none of {clusters}");
            let code = Code::SelectorMatchesNothing;
            self.diags
                .push(Diagnostic::new(code, selector.span, message));
        }
        selected
    }

    fn patches<'p, C>(&mut self, patches: &'p [Patch<C>]) -> Vec<Selected<'p, C>> {
        let selected = |patch: &'p Patch<C>| Selected {
            patch,
            clusters: self.matching(patch.selector.as_ref()),
        };
        patches.iter().map(selected).collect()
    }

    fn of_profile(&mut self, profile: &profile::Selection) -> Option<Vec<usize>> {
        let selector = profile.selector.as_ref()?;
        let is_shown = |cluster: &Cluster| {
            let namespace = profile.namespace.as_ref();
            namespace.is_none_or(|namespace| *namespace == *cluster.namespace.as_rc())
        };
        if selector.value.requirements.is_empty() {
            // Sveltos takes it for nothing, Cluster API's Helm provider for everything.
            return Some(Vec::new());
        }
        Some(self.matching_in(selector, &is_shown))
    }

    fn warn_unknown_labels(&mut self, selector: &Spanned<Selector>) {
        for requirement in &selector.value.requirements {
            let key = requirement.key.value.as_str();
            if key != CLUSTER_LABEL && !self.labels.contains(key) {
                let message = format!("no cluster has the label `{key}`");
                let diagnostic = Diagnostic::new(Code::UnknownLabel, requirement.key.span, message);
                self.diags.push(if self.labels.is_empty() {
                    diagnostic.help("set `labels` in an entry of `clusters`")
                } else {
                    diagnostic.help(did_you_mean(key, self.labels.iter().copied()))
                });
            }
        }
    }
}

fn paths<'a>(
    template: &TemplateFile,
    clusters: &[Cluster],
    selected: Vec<usize>,
    patches: &Rc<[Selected<'a, ObjectChange>]>,
    diags: &mut Diagnostics,
) -> Vec<Use<'a>> {
    let span = template.file.span;
    if let Some(path) = template.file.text.literal() {
        return vec![Use {
            path: path.into(),
            span,
            clusters: selected,
            patches: Rc::clone(patches),
        }];
    }
    path::by_path(&template.file, &[], clusters, selected, diags)
        .into_iter()
        .map(|(path, clusters)| Use {
            path,
            span,
            clusters,
            patches: Rc::clone(patches),
        })
        .collect()
}
