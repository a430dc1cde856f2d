//! The objects of all add-ons, as templates of the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::content::contents;
use super::names::Form;
use super::repository;
use crate::model::delivery::{Document, Target};
use crate::plan::{AddOn, Creator, Instance, Object, Plan, Software, Subject, SubjectId, Template};
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

/// Returns the object of a document into which the data of an add-on is bound. Returns `None` if it reported
/// an error.
pub type Create<'a> = dyn FnMut(&AddOn, &Document, &Node) -> Option<Object> + 'a;

/// The objects of add-ons, and the errors that prevented others.
struct Delivered<'a, 'c> {
    create: &'a mut Create<'c>,
    templates: Vec<(Rank, Template)>,
    /// The chart repositories by delivery method and URL, of the hub and of spokes.
    repositories: BTreeMap<(Rc<str>, String, bool), Repository>,
    /// The errors, each with the number of its add-on.
    problems: Vec<(usize, FillError)>,
}

/// A chart repository.
struct Repository {
    /// Its first add-on.
    addon: usize,
    /// The subjects: the fleet as a whole, or spokes.
    subjects: BTreeSet<SubjectId>,
}

/// Creates the objects of all add-ons, and then those that are copied unchanged, in the order of the output.
pub fn templates(plan: &Plan, create: &mut Create<'_>) -> (Vec<Template>, Vec<(usize, FillError)>) {
    let mut delivered = Delivered {
        create,
        templates: Vec::new(),
        repositories: BTreeMap::new(),
        problems: Vec::new(),
    };
    let spokes = plan.spokes();
    for (number, addon) in plan.addons.iter().enumerate() {
        if addon.delivery.shares_objects {
            delivered.shared(plan, number, addon);
        } else {
            delivered.for_clusters(plan, &spokes, (number, addon));
        }
    }
    delivered.repositories(plan);
    delivered.templates.sort_by(|a, b| a.0.cmp(&b.0));
    let templates = delivered
        .templates
        .into_iter()
        .map(|(_, template)| template);
    let mut templates: Vec<Template> = templates.collect();
    let profiles = plan.profiles.clone();
    let instances = vec![SubjectId::Shared.into()];
    templates.push(Template::new(Creator::Profiles, profiles, instances));
    (templates, delivered.problems)
}

impl Delivered<'_, '_> {
    /// Creates the objects of an add-on whose clusters share them.
    fn shared(&mut self, plan: &Plan, number: usize, addon: &AddOn) {
        let form = Form::new(plan, addon, &addon.base);
        let is_manifests = matches!(addon.base, Software::Manifests(_));
        for content in contents(plan, addon) {
            let is_shared = content.subjects == [SubjectId::Shared];
            let rank = Rank::Content(is_shared, is_manifests, number);
            let form = Form {
                content: Some(&content),
                ..form
            };
            self.push(&rank, number, &form, Target::Content, &content.subjects);
        }
        self.push(
            &Rank::AddOn(number),
            number,
            &form,
            Target::AddOn,
            &[SubjectId::Shared],
        );
    }

    /// Creates the objects of an add-on for each cluster.
    fn for_clusters(
        &mut self,
        plan: &Plan,
        spokes: &BTreeSet<usize>,
        (number, addon): (usize, &AddOn),
    ) {
        let delivery = &addon.delivery;
        let reads_url = |target: Target| {
            delivery.reads([target], &["CHART", "registry"])
                || delivery.reads([target], &["REPOSITORY"])
        };
        for is_spoke in [false, true] {
            for variant in &addon.variants {
                let target = addon.target(&variant.software);
                let has_sides = addon.has_sides(target) && addon.written.from_hub.is_none();
                let is_on_side = |index: &&usize| is_spoke == (has_sides && spokes.contains(index));
                let clusters = variant.clusters.iter().filter(is_on_side).copied();
                let clusters: Vec<usize> = clusters.collect();
                if clusters.is_empty() {
                    continue;
                }
                let groups = match &variant.software {
                    Software::Helm(chart) if reads_url(target) => {
                        let mut groups: BTreeMap<Option<Rc<str>>, Vec<usize>> = BTreeMap::new();
                        for index in clusters {
                            let subject = Subject::Cluster(&plan.clusters[index]);
                            let url = addon.text(&chart.repo.value, plan.subjects(), subject);
                            groups.entry(Some(url)).or_default().push(index);
                        }
                        groups
                    }
                    _ => BTreeMap::from([(None, clusters)]),
                };
                for (url, clusters) in groups {
                    let form = Form {
                        is_spoke,
                        repository: url.as_deref(),
                        ..Form::new(plan, addon, &variant.software)
                    };
                    let subjects: Vec<SubjectId> =
                        clusters.into_iter().map(SubjectId::cluster).collect();
                    if let Some(url) = &url {
                        let url = repository::normalize_url(url).to_owned();
                        let key = (Rc::clone(&delivery.name), url, is_spoke);
                        let new = || Repository {
                            addon: number,
                            subjects: BTreeSet::new(),
                        };
                        let repository = self.repositories.entry(key).or_insert_with(new);
                        // Each spoke has its own repository object. The clusters of the hub share one.
                        let shared = [SubjectId::Shared];
                        repository.subjects.extend(if is_spoke {
                            subjects.as_slice()
                        } else {
                            &shared
                        });
                    }
                    self.push(&Rank::Cluster(number), number, &form, target, &subjects);
                }
            }
        }
    }

    /// Creates the objects of chart repositories, each for its first add-on.
    fn repositories(&mut self, plan: &Plan) {
        for ((_, url, is_spoke), repository) in std::mem::take(&mut self.repositories) {
            let number = repository.addon;
            let addon = &plan.addons[number];
            let form = Form {
                is_spoke,
                repository: Some(&url),
                ..Form::new(plan, addon, &addon.base)
            };
            let rank = Rank::Repository(repository::name(&url));
            let subjects: Vec<SubjectId> = repository.subjects.into_iter().collect();
            self.push(&rank, number, &form, Target::Repository, &subjects);
        }
    }

    /// Adds the objects of the documents for a target.
    fn push(
        &mut self,
        rank: &Rank,
        number: usize,
        form: &Form<'_>,
        target: Target,
        subjects: &[SubjectId],
    ) {
        let addon = form.addon;
        let name = &addon.written.name;
        let variables = form.content.map(|content| content.variables.as_slice());
        let variables: Rc<[(Rc<str>, Node)]> =
            variables.map_or_else(|| addon.variables().into(), Rc::from);
        let names = form.names();
        let documents = addon.delivery.documents.iter();
        for document in documents.filter(|document| document.target == target) {
            let mut problems = Vec::new();
            let tree = bind(&document.tree, &names, &mut problems);
            // An incomplete tree would cause further errors.
            if !problems.is_empty() {
                let problems = problems.into_iter().map(|problem| (number, problem));
                self.problems.extend(problems);
            } else if let Some(object) = (self.create)(addon, document, &tree) {
                let creator = Creator::AddOn(Rc::clone(&name.value));
                let instances = subjects.iter().copied().map(Instance::from).collect();
                let template = Template {
                    variables: Rc::clone(&variables),
                    is_from_spoke: form.is_spoke,
                    ..Template::new(creator, vec![object], instances)
                };
                self.templates.push((rank.clone(), template));
            }
        }
    }
}
