//! The objects of all add-ons, as templates of the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::content::contents;
use super::names::Form;
use super::object::object;
use super::repository;
use super::values::values_of;
use crate::model::delivery::{Document, Target};
use crate::plan::{AddOn, Creator, Instance, Plan, Software, SubjectId, Template};
use crate::template::bind::bind;
use crate::template::error::FillError;
use crate::tree::Node;

/// The position of a template in the output: objects for each cluster by add-on, repositories, contents
/// (those of one cluster first, and values before manifests), and then objects for a whole add-on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Cluster(usize),
    Repository(String),
    Content(bool, bool, usize),
    AddOn(usize),
}

/// The objects of add-ons, and why some could not be created.
#[derive(Default)]
struct Delivered {
    templates: Vec<(Rank, Template)>,
    /// The first add-on of each chart repository, by delivery method and URL.
    repositories: BTreeMap<(Rc<str>, String), usize>,
    /// The problems, each with its add-on.
    problems: Vec<(usize, FillError)>,
}

/// Creates the objects of all add-ons, and then those that are copied unchanged, in the order of the output.
pub fn templates(plan: &Plan) -> (Vec<Template>, Vec<(usize, FillError)>) {
    let mut delivered = Delivered::default();
    let spokes = plan.spokes();
    for (number, addon) in plan.addons.iter().enumerate() {
        if addon.delivery.shares {
            delivered.shared(plan, number, addon);
        } else {
            delivered.for_clusters(plan, &spokes, (number, addon));
        }
    }
    delivered.repositories(plan);
    delivered.templates.sort_by(|a, b| a.0.cmp(&b.0));
    let mut templates: Vec<Template> = delivered
        .templates
        .into_iter()
        .map(|(_, one)| one)
        .collect();
    templates.push(Template {
        creator: Creator::Profiles,
        objects: plan.profiles.clone(),
        stacks: Rc::default(),
        variables: Rc::default(),
        instances: vec![SubjectId::Shared.into()],
        selected: None,
        is_from_spoke: false,
    });
    (templates, delivered.problems)
}

impl Delivered {
    /// Creates the objects of an add-on whose clusters share them.
    fn shared(&mut self, plan: &Plan, number: usize, addon: &AddOn) {
        let form = Form {
            plan,
            addon,
            software: &addon.base,
            is_spoke: false,
            repository: None,
            content: None,
        };
        let is_manifests = matches!(addon.base, Software::Manifests(_));
        for content in contents(plan, addon) {
            let is_shared = content.subjects == [SubjectId::Shared];
            let rank = Rank::Content(is_shared, is_manifests, number);
            let form = Form {
                content: Some(&content),
                ..form
            };
            let made = self.documents(number, &form, Target::Content, &content.subjects);
            for template in made {
                let variables = content.variables.as_slice().into();
                self.push(
                    rank.clone(),
                    Template {
                        variables,
                        ..template
                    },
                );
            }
        }
        for template in self.documents(number, &form, Target::AddOn, &[SubjectId::Shared]) {
            self.push(Rank::AddOn(number), template);
        }
    }

    /// Creates the objects of an add-on that each cluster has for itself.
    fn for_clusters(
        &mut self,
        plan: &Plan,
        spokes: &BTreeSet<usize>,
        (number, addon): (usize, &AddOn),
    ) {
        let delivery = &addon.delivery;
        let has_sides = delivery.reads(Target::all(), &["SIDE"]);
        let reads_url = |target: Target| {
            delivery.reads([target], &["CHART", "registry"])
                || delivery.reads([target], &["REPOSITORY"])
        };
        for is_spoke in [false, true] {
            let is_ours = |index: &&usize| {
                is_spoke == (has_sides && spokes.contains(index) && !addon.is_deployed_by_hub)
            };
            for variant in &addon.variants {
                let clusters = variant.clusters.iter().filter(is_ours).copied();
                let clusters: Vec<usize> = clusters.collect();
                if clusters.is_empty() {
                    continue;
                }
                let target = addon.target(&variant.software);
                let groups = match &variant.software {
                    Software::Helm(chart) if reads_url(target) => {
                        let groups = values_of(&chart.repo, addon, plan, &clusters);
                        groups
                            .into_iter()
                            .map(|(url, clusters)| (Some(url), clusters))
                            .collect()
                    }
                    _ => vec![(None, clusters)],
                };
                for (url, clusters) in groups {
                    if let Some(url) = &url {
                        let url = repository::one_url(url).to_owned();
                        let key = (Rc::clone(&delivery.name), url);
                        self.repositories.entry(key).or_insert(number);
                    }
                    let form = Form {
                        plan,
                        addon,
                        software: &variant.software,
                        is_spoke,
                        repository: url.as_deref(),
                        content: None,
                    };
                    let subjects: Vec<SubjectId> =
                        clusters.into_iter().map(SubjectId::cluster).collect();
                    for template in self.documents(number, &form, target, &subjects) {
                        let is_from_spoke = is_spoke;
                        self.push(
                            Rank::Cluster(number),
                            Template {
                                is_from_spoke,
                                ..template
                            },
                        );
                    }
                }
            }
        }
    }

    /// Creates the objects of chart repositories, each for its first add-on.
    fn repositories(&mut self, plan: &Plan) {
        for ((_, url), number) in std::mem::take(&mut self.repositories) {
            let addon = &plan.addons[number];
            let form = Form {
                plan,
                addon,
                software: &addon.base,
                is_spoke: false,
                repository: Some(&url),
                content: None,
            };
            for template in self.documents(number, &form, Target::Repository, &[SubjectId::Shared])
            {
                self.push(Rank::Repository(repository::name(&url)), template);
            }
        }
    }

    /// Creates the objects of the documents for a target.
    fn documents(
        &mut self,
        number: usize,
        form: &Form<'_>,
        target: Target,
        subjects: &[SubjectId],
    ) -> Vec<Template> {
        let addon = form.addon;
        let documents = addon.delivery.documents.iter();
        let documents: Vec<&Document> = documents.filter(|one| one.target == target).collect();
        let names = form.names();
        let mut templates = Vec::with_capacity(documents.len());
        for document in documents {
            let mut problems = Vec::new();
            let tree: Node = bind(&document.tree, &names, &mut problems);
            self.problems
                .extend(problems.into_iter().map(|problem| (number, problem)));
            let instances = subjects.iter().map(|subject| Instance::from(*subject));
            let span = addon.name.span;
            let span = addon.delivery.file.is_none().then_some(span);
            templates.extend(object(tree, span, document.span).map(|object| Template {
                creator: Creator::AddOn(Rc::clone(&addon.name.value)),
                objects: vec![object],
                stacks: Rc::default(),
                variables: addon.variables().into(),
                instances: instances.collect(),
                selected: None,
                is_from_spoke: false,
            }));
        }
        templates
    }

    fn push(&mut self, rank: Rank, template: Template) {
        self.templates.push((rank, template));
    }
}
