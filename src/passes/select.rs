//! Which clusters each template, add-on and profile is for.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::path;
use super::read::Written;
use super::resolve::Settled;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported, did_you_mean, pluralize};
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

/// A template's path and what its objects are made for.
#[derive(Debug)]
pub struct Use<'a> {
    /// The template.
    pub template: &'a TemplateFile,
    /// The path, its variables filled.
    pub path: Rc<str>,
    /// What the objects are made for, in the order of the output.
    pub subjects: Vec<SubjectId>,
    /// For groups and the fleet: the clusters that the selector matches, ascending.
    pub selected: Option<Rc<[usize]>>,
    /// The template's patches, in order.
    pub patches: Rc<[Selected<'a, ObjectChange>]>,
}

impl Use<'_> {
    /// Where `fleet.yaml` names the path.
    pub fn span(&self) -> Span {
        self.template.file.span
    }
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
    /// The patches of its objects, in order.
    pub object_patches: Vec<Selected<'a, ObjectChange>>,
}

/// What everything that has a selector is for.
#[derive(Debug)]
pub struct Selection<'a> {
    /// Each entry of `templates`; a path with variables gives a use per path.
    pub templates: Vec<Use<'a>>,
    /// Each entry of `addons`.
    pub addons: Vec<SelectedAddOn<'a>>,
    /// Each of it that selects clusters, and its own; none without a selector.
    pub chosen: Vec<(&'a profile::Selection, Option<Vec<usize>>)>,
}

/// Applies every selector to the clusters. Returns an error if there are too many for that.
pub fn select<'a>(
    Written {
        fleet, profiles, ..
    }: &'a Written,
    resolved: &Settled,
    diags: &mut Diagnostics,
) -> Result<Selection<'a>, ErrorsReported> {
    let subjects = resolved.subjects();
    let clusters = subjects.clusters;
    check_size(fleet, profiles, clusters, diags)?;
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
        let selected = selectors.matching_or_all(template.selector.as_ref());
        let patches = selectors.patches(&template.patches).into();
        templates.extend(selectors.uses(template, subjects, selected, &patches));
    }
    let addons = fleet.addons.iter().map(|addon| SelectedAddOn {
        addon,
        clusters: addon
            .selector
            .as_ref()
            .map(|one| selectors.matching(one, |_| true)),
        patches: selectors.patches(&addon.patches.software),
        object_patches: selectors.patches(&addon.patches.objects),
    });
    let addons = addons.collect();
    let selections = profiles
        .iter()
        .filter_map(|profile| profile.selection.as_ref());
    let chosen = selections.map(|profile| (profile, selectors.of_profile(profile)));
    Ok(Selection {
        templates,
        addons,
        chosen: chosen.collect(),
    })
}

/// The most selectors times clusters.
const SELECTIONS: usize = 5_000_000;

fn check_size(
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
    if selections <= SELECTIONS {
        return Ok(());
    }
    let message = format!(
        "templates, add-ons, patches and profiles would be asked {selections} times whether a cluster is theirs, and {SELECTIONS} are allowed"
    );
    let help = "split the fleet into two";
    diags.push(Diagnostic::new(Code::TooManySelections, fleet.span, message).help(help));
    Err(ErrorsReported)
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
    fn matching_or_all(&mut self, selector: Option<&Spanned<Selector>>) -> Vec<usize> {
        match selector {
            Some(selector) => self.matching(selector, |_| true),
            None => (0..self.clusters.len()).collect(),
        }
    }

    /// The clusters that a selector matches, of those that it is shown.
    fn matching(
        &mut self,
        selector: &Spanned<Selector>,
        is_shown: impl Fn(&Cluster) -> bool,
    ) -> Vec<usize> {
        let are_known = self.warn_unknown_labels(selector);
        let clusters = self.clusters;
        let matches = |index: &usize| {
            let cluster = &clusters[*index];
            is_shown(cluster) && selector.value.matches(|key| cluster.label(key))
        };
        let selected: Vec<usize> = (0..clusters.len()).filter(matches).collect();
        if selected.is_empty() && are_known {
            let clusters = pluralize(clusters.len(), "cluster");
            let message = format!("this selector matches none of {clusters}");
            let code = Code::SelectorMatchesNothing;
            let diagnostic = Diagnostic::new(code, selector.span, message);
            self.diags.push(diagnostic);
        }
        selected
    }

    fn patches<'p, C>(&mut self, patches: &'p [Patch<C>]) -> Vec<Selected<'p, C>> {
        let selected = |patch: &'p Patch<C>| Selected {
            patch,
            clusters: self.matching_or_all(patch.selector.as_ref()),
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
        Some(self.matching(selector, is_shown))
    }

    /// Warns of labels that no cluster has. Returns `true` if there are none.
    fn warn_unknown_labels(&mut self, selector: &Spanned<Selector>) -> bool {
        let mut are_known = true;
        for requirement in &selector.value.requirements {
            let key = requirement.key.value.as_str();
            if key != CLUSTER_LABEL && !self.labels.contains(key) {
                are_known = false;
                let message = format!("no cluster has the label `{key}`");
                let diagnostic = Diagnostic::new(Code::UnknownLabel, requirement.key.span, message);
                self.diags.push(if self.labels.is_empty() {
                    diagnostic.help("set `labels` in an entry of `clusters`")
                } else {
                    diagnostic.help(did_you_mean(key, self.labels.iter().copied()))
                });
            }
        }
        are_known
    }

    /// What a template's objects are made for, by the path that each fills in.
    fn uses<'t>(
        &mut self,
        template: &'t TemplateFile,
        subjects: Subjects<'_>,
        selected: Vec<usize>,
        patches: &Rc<[Selected<'t, ObjectChange>]>,
    ) -> Vec<Use<'t>> {
        let has_selector = template.selector.is_some();
        let is_selected = |index: &usize| selected.binary_search(index).is_ok();
        let of: Vec<SubjectId> = match &template.for_each {
            // Of a cluster that exists already others make the objects.
            ForEach::Cluster => {
                let made = selected
                    .iter()
                    .filter(|index| !subjects.clusters[**index].exists);
                made.map(|index| SubjectId::cluster(*index)).collect()
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
        let one = |path, of| Use {
            template,
            path,
            subjects: of,
            selected: selected.clone(),
            patches: Rc::clone(patches),
        };
        match template.file.value.literal() {
            Some(path) => vec![one(path.into(), of)],
            None => path::by_path(&template.file, &[], subjects, of, &|id| id, self.diags)
                .into_iter()
                .map(|(path, of)| one(path, of))
                .collect(),
        }
    }

    /// A label that no cluster has makes no groups.
    fn warn_no_groups(&mut self, label: &Spanned<String>) {
        let message = format!(
            "no cluster has the label `{}`: there is no group",
            label.value
        );
        let help = did_you_mean(&label.value, self.labels.iter().copied());
        let diagnostic = Diagnostic::new(Code::UnknownLabel, label.span, message);
        self.diags.push(diagnostic.help(help));
    }
}
