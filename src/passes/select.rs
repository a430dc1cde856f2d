//! Selects the clusters of each template, add-on, patch and profile.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::path;
use super::read::Written;
use super::resolve::ResolvedFleet;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported, pluralize};
use crate::input::addon::AddOn;
use crate::input::fleet::Fleet;
use crate::input::patch::{ObjectChange, Patch};
use crate::input::profile::{self, Profile};
use crate::input::templates::{ForEach, TemplateFile};
use crate::model::cluster::CLUSTER_LABEL;
use crate::model::{Cluster, Selector};
use crate::plan::{SubjectId, Subjects};
use crate::source::{Span, Spanned};
use crate::tree::Node;

/// A template with a path, and its targets.
#[derive(Debug)]
pub struct TemplateUse<'a> {
    /// The entry of `templates`.
    pub template: &'a TemplateFile,
    /// The path after substitution.
    pub path: Rc<str>,
    /// The targets, in the order of the output.
    pub subjects: Vec<SubjectId>,
    /// For groups and the fleet: the indices of clusters that the selector matches, ascending.
    pub selected: Option<Rc<[usize]>>,
    /// The patches of the template, in order.
    pub patches: Rc<[Selected<'a, ObjectChange>]>,
}

impl TemplateUse<'_> {
    /// Returns the location of the path in `fleet.yaml`.
    pub fn span(&self) -> Span {
        self.template.file.span
    }
}

/// A patch and the clusters that it selects.
#[derive(Debug)]
pub struct Selected<'a, C> {
    /// The patch.
    pub patch: &'a Patch<C>,
    /// Indices of clusters, ascending.
    pub clusters: Vec<usize>,
}

/// An add-on and the clusters that it selects.
#[derive(Debug)]
pub struct SelectedAddOn<'a> {
    /// The add-on.
    pub addon: &'a Rc<AddOn>,
    /// Indices of clusters, ascending; `None` if other add-ons that depend on it determine them.
    pub clusters: Option<Vec<usize>>,
    /// The patches of its software, in order.
    pub patches: Vec<Selected<'a, Node>>,
    /// The patches of its objects, in order.
    pub object_patches: Vec<Selected<'a, ObjectChange>>,
}

/// The results of all selectors.
#[derive(Debug)]
pub struct Selection<'a> {
    /// Uses of the entries of `templates`; a path with variables produces a use for each resolved path.
    pub templates: Vec<TemplateUse<'a>>,
    /// The entries of `addons`.
    pub addons: Vec<SelectedAddOn<'a>>,
    /// The profiles that select clusters, with the indices of these; `None` without a selector.
    pub profile_selections: Vec<(&'a profile::Selection, Option<Vec<usize>>)>,
}

impl Selection<'_> {
    /// Returns the profiles with a selector, as `Kind.group/name`, each with the clusters that it selects.
    pub fn profile_clusters(&self) -> Vec<(String, Vec<usize>)> {
        let selected = self
            .profile_selections
            .iter()
            .filter_map(|(profile, clusters)| {
                let namespace = profile.namespace.iter();
                let names = namespace.chain([&profile.name.value]);
                let path: Vec<&str> = names.map(|name| &**name).collect();
                Some((
                    format!("{}/{}", profile.kind, path.join("/")),
                    clusters.clone()?,
                ))
            });
        selected.collect()
    }
}

/// Applies every selector to the clusters.
///
/// # Errors
///
/// Returns an error if the fleet has too many selectors for its number of clusters.
pub fn select<'a>(
    Written {
        fleet, profiles, ..
    }: &'a Written,
    resolved: &ResolvedFleet,
    diags: &mut Diagnostics,
) -> Result<Selection<'a>, ErrorsReported> {
    let subjects = resolved.subjects();
    let clusters = subjects.clusters;
    check_selection_count(fleet, profiles, clusters, diags)?;
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
        let selected = selectors.match_or_all(template.selector.as_ref());
        let patches = selectors.patches(&template.patches).into();
        templates.extend(selectors.uses(template, subjects, selected, &patches));
    }
    let addons = fleet.addons.iter().map(|addon| SelectedAddOn {
        addon,
        clusters: addon
            .selector
            .as_ref()
            .map(|selector| selectors.match_clusters(selector, |_| true)),
        patches: selectors.patches(&addon.patches.software),
        object_patches: selectors.patches(&addon.patches.objects),
    });
    let addons = addons.collect();
    let selections = profiles
        .iter()
        .filter_map(|profile| profile.selection.as_ref());
    let profile_selections = selections.map(|profile| (profile, selectors.match_profile(profile)));
    Ok(Selection {
        templates,
        addons,
        profile_selections: profile_selections.collect(),
    })
}

/// Maximum number of selectors multiplied by the number of clusters.
const MAX_SELECTIONS: usize = 5_000_000;

fn check_selection_count(
    fleet: &Fleet,
    profiles: &[Profile],
    clusters: &[Cluster],
    diags: &mut Diagnostics,
) -> Result<(), ErrorsReported> {
    let templates = fleet.templates.iter();
    let of_templates: usize = templates.map(|template| 1 + template.patches.len()).sum();
    let addons = fleet.addons.iter();
    let of_addons: usize = addons
        .map(|addon| 1 + addon.patches.software.len() + addon.patches.objects.len())
        .sum();
    let selections = (of_templates + of_addons + profiles.len()) * clusters.len();
    if selections <= MAX_SELECTIONS {
        return Ok(());
    }
    let message = format!(
        "{selections} selector evaluations (selectors × clusters) exceed the limit of {MAX_SELECTIONS}"
    );
    let help = "split the fleet into two fleets";
    diags.push(Diagnostic::new(Code::TooManySelections, fleet.span, message).help(help));
    Err(ErrorsReported)
}

/// The clusters that selectors are applied to.
struct Selectors<'a> {
    clusters: &'a [Cluster],
    /// The keys of all labels.
    labels: BTreeSet<&'a str>,
    diags: &'a mut Diagnostics,
}

impl Selectors<'_> {
    /// Returns the clusters that a selector matches, or all clusters without a selector.
    fn match_or_all(&mut self, selector: Option<&Spanned<Selector>>) -> Vec<usize> {
        match selector {
            Some(selector) => self.match_clusters(selector, |_| true),
            None => (0..self.clusters.len()).collect(),
        }
    }

    /// Returns the clusters that are candidates and that a selector matches.
    fn match_clusters(
        &mut self,
        selector: &Spanned<Selector>,
        is_candidate: impl Fn(&Cluster) -> bool,
    ) -> Vec<usize> {
        let all_exist = self.warn_unknown_labels(selector);
        let clusters = self.clusters;
        let matches = |index: &usize| {
            let cluster = &clusters[*index];
            is_candidate(cluster) && selector.value.matches(|key| cluster.label(key))
        };
        let selected: Vec<usize> = (0..clusters.len()).filter(matches).collect();
        if selected.is_empty() && all_exist {
            let clusters = pluralize(clusters.len(), "cluster");
            let message = format!("selector matches none of {clusters}");
            let code = Code::SelectorMatchesNothing;
            let help = "correct the selector, or remove the entry with the selector";
            let diagnostic = Diagnostic::new(code, selector.span, message).help(help);
            self.diags.push(diagnostic);
        }
        selected
    }

    fn patches<'p, C>(&mut self, patches: &'p [Patch<C>]) -> Vec<Selected<'p, C>> {
        let selected = |patch: &'p Patch<C>| Selected {
            patch,
            clusters: self.match_or_all(patch.selector.as_ref()),
        };
        patches.iter().map(selected).collect()
    }

    fn match_profile(&mut self, profile: &profile::Selection) -> Option<Vec<usize>> {
        let selector = profile.selector.as_ref()?;
        let is_candidate = |cluster: &Cluster| {
            let namespace = profile.namespace.as_ref();
            namespace.is_none_or(|namespace| *namespace == *cluster.namespace.as_rc())
        };
        if selector.value.requirements.is_empty() {
            // Some controllers match nothing with an empty selector, and others match everything.
            return Some(Vec::new());
        }
        Some(self.match_clusters(selector, is_candidate))
    }

    /// Warns about labels that no cluster has. Returns `true` if every label exists.
    fn warn_unknown_labels(&mut self, selector: &Spanned<Selector>) -> bool {
        let mut all_exist = true;
        for requirement in &selector.value.requirements {
            let key = requirement.key.value.as_str();
            if key != CLUSTER_LABEL && !self.labels.contains(key) {
                all_exist = false;
                let message = format!("no cluster has the label `{key}`");
                let diagnostic = Diagnostic::new(Code::UnknownLabel, requirement.key.span, message);
                let labels = || self.labels.iter().copied();
                let help = if self.labels.is_empty() {
                    "set `labels` in an entry of `clusters`".to_owned()
                } else {
                    self.diags.suggestions.did_you_mean(key, labels)
                };
                self.diags.push(diagnostic.help(help));
            }
        }
        all_exist
    }

    /// Returns the uses of a template, one for each resolved path, with their targets.
    fn uses<'t>(
        &mut self,
        template: &'t TemplateFile,
        subjects: Subjects<'_>,
        selected: Vec<usize>,
        patches: &Rc<[Selected<'t, ObjectChange>]>,
    ) -> Vec<TemplateUse<'t>> {
        let has_selector = template.selector.is_some();
        let is_selected = |index: &usize| selected.binary_search(index).is_ok();
        let targets: Vec<SubjectId> = match &template.for_each {
            // The objects of existing clusters are not generated.
            ForEach::Cluster => {
                let generated = selected
                    .iter()
                    .filter(|index| !subjects.clusters[**index].is_existing);
                generated.map(|index| SubjectId::cluster(*index)).collect()
            }
            ForEach::Group(label) => {
                let groups = subjects.groups.iter().enumerate();
                let mut groups = groups
                    .filter(|(_, group)| *group.label == *label.value)
                    .peekable();
                if groups.peek().is_none() {
                    self.warn_no_groups(label);
                }
                groups
                    .filter(|(_, group)| !has_selector || group.clusters.iter().any(is_selected))
                    .map(|(index, _)| SubjectId::group(index))
                    .collect()
            }
            ForEach::Fleet if has_selector && selected.is_empty() => Vec::new(),
            ForEach::Fleet => vec![SubjectId::Fleet],
        };
        let selected = (template.for_each != ForEach::Cluster).then(|| Rc::from(selected));
        let create = |path, targets| TemplateUse {
            template,
            path,
            subjects: targets,
            selected: selected.clone(),
            patches: Rc::clone(patches),
        };
        match template.file.value.literal() {
            Some(path) => vec![create(path.into(), targets)],
            None => path::by_path(&template.file, &[], subjects, targets, &|id| id, self.diags)
                .into_iter()
                .map(|(path, targets)| create(path, targets))
                .collect(),
        }
    }

    /// Warns that a label has no groups because no cluster has it.
    fn warn_no_groups(&mut self, label: &Spanned<String>) {
        let message = format!(
            "no cluster has the label `{}`, so there are no groups",
            label.value
        );
        let labels = || self.labels.iter().copied();
        let help = self.diags.suggestions.did_you_mean(&label.value, labels);
        let diagnostic = Diagnostic::new(Code::UnknownLabel, label.span, message);
        self.diags.push(diagnostic.help(help));
    }
}
