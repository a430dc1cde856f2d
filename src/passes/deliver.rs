//! What a delivery can do: that it has what it reads, and what it cannot keep of what is asked for.

mod bound;
mod documents;
mod folder;
mod patched;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::findings::{ADDON, AffectedSubject, Findings};
use super::locked::needed;
use super::prepare::guard::guard;
use super::read::Written;
use super::select::{SelectedAddOn, Selection};
use crate::deliver::templates;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported, did_you_mean};
use crate::files::Files;
use crate::input::addon::{self, runtime_path};
use crate::input::fleet::Fleet;
use crate::model::OnRemove;
use crate::model::delivery::Target;
use crate::model::name::{NAME_LENGTH, name_problem};
use crate::plan::{AddOn, Manifests, Plan, Scoped, Software, Step, Subject};
use crate::request::CompileOptions;
use crate::source::{Span, Spanned};
use crate::template::fill;
use crate::template::uses::deciding_roots;
use crate::tree::{Node, roots};
use bound::bound_object;
use documents::{check_documents, delivered_by};
use patched::patch_delivered;
use unknown::check_names;

/// Checks every add-on against its delivery method, creates its objects, and puts guards on all objects.
///
/// # Errors
///
/// Returns an error if an error was pushed.
pub fn deliver(
    files: &mut Files,
    (written, options): (&Written, &CompileOptions),
    selection: &Selection<'_>,
    plan: &mut Plan,
    diags: &mut Diagnostics,
) -> Result<(), ErrorsReported> {
    create(files, (&written.fleet, &selection.addons), plan, diags);
    asked(plan, options.spoke.as_deref(), diags);
    needed(&written.fleet, options, diags);
    diags.checkpoint()?;
    guard(plan, &written.fleet.safety);
    Ok(())
}

fn create(
    files: &mut Files,
    (fleet, addons): (&Fleet, &[SelectedAddOn<'_>]),
    plan: &mut Plan,
    diags: &mut Diagnostics,
) {
    let before = diags.errors();
    check_names(fleet, plan, diags);
    let are_own_wrong = diags.errors() > before;
    let mut wrong: BTreeSet<Rc<str>> = BTreeSet::new();
    for addon in &plan.addons {
        let before = diags.errors();
        let mut written = fleet.addons.iter();
        let written = written.find(|written| written.name.value == addon.name.value);
        if let Some(written) = written {
            Check { files, plan, diags }.addon(addon, written);
        }
        let is_own_wrong = are_own_wrong && addon.delivery.file.is_some();
        if is_own_wrong || diags.errors() > before {
            wrong.insert(Rc::clone(&addon.name.value));
        }
    }
    let checked = diags.errors();
    let (templates, found) = templates(plan, &mut |addon, document, tree| {
        bound_object(addon, document, tree, diags)
    });
    let mut findings = Findings::default();
    for (addon, error) in found {
        let name = &plan.addons[addon].name;
        if wrong.contains(&name.value) {
            continue;
        }
        let addon = AffectedSubject {
            noun: ADDON,
            name: &name.value,
            span: Some(name.span),
            variables: &plan.constants,
        };
        findings.add_errors(vec![error], addon);
    }
    findings.report(diags);
    if diags.errors() > checked {
        return;
    }
    let addons = addons.iter();
    let addons = addons.filter(|selected| !wrong.contains(&selected.addon.name.value));
    let addons: Vec<&SelectedAddOn<'_>> = addons.collect();
    plan.delivered = patch_delivered(templates, &addons, plan.subjects(), diags);
    note_variables(plan);
}

/// Notes the variables that add-ons read, and those that decide about optional keys.
fn note_variables(plan: &mut Plan) {
    let variants = plan.addons.iter().flat_map(|addon| &addon.variants);
    let steps = variants.flat_map(|variant| variant.stack.steps.iter());
    // Variants share their layers.
    let layers: BTreeMap<*const Step, &Step> =
        steps.map(|step| (Rc::as_ptr(step), &**step)).collect();
    for step in layers.into_values() {
        if let Step::Layer(values) = step {
            plan.reads.extend(roots(values));
        }
    }
    for object in plan.delivered.iter().flat_map(|one| &one.objects) {
        plan.reads.extend(roots(&object.tree));
        plan.deciding.extend(deciding_roots(&object.tree));
    }
}

/// Reports a spoke that is asked for and is none.
fn asked(plan: &Plan, spoke: Option<&str>, diags: &mut Diagnostics) {
    let Some(name) = spoke else {
        return;
    };
    let spokes = plan.spokes();
    let names = || {
        spokes
            .iter()
            .map(|index| &**plan.clusters[*index].name.as_rc())
    };
    if !names().any(|known| known == name) {
        let message = format!(
            "no cluster `{name}` renders the fleet for itself: everything it had would be deleted"
        );
        let help = if spokes.is_empty() {
            "add the template builtin:argocd-spoke, or do not ask for a spoke".to_owned()
        } else {
            did_you_mean(name, names().collect::<Vec<_>>())
        };
        diags.push(Diagnostic::without_location(Code::UnknownCluster, message).help(help));
    }
}

struct Check<'a> {
    files: &'a mut Files,
    plan: &'a Plan,
    diags: &'a mut Diagnostics,
}

impl Check<'_> {
    fn addon(&mut self, addon: &AddOn, written: &addon::AddOn) {
        let is_whole = check_documents(addon, written, self.diags);
        self.source(addon);
        self.order(addon, written);
        let has_projects = addon.reads("PROJECT");
        // A document that is missing might read everything.
        if is_whole {
            self.leave(addon, written);
            self.ownership(addon, written);
            let targets = addon.targets();
            let has_sides = || targets.iter().any(|target| addon.has_sides(*target));
            if let Some(span) = written.from_hub.filter(|_| !has_sides()) {
                self.refuse(addon, span, "has no hub", "remove `from`");
            }
            if let Some(project) = written.project.as_ref().filter(|_| !has_projects) {
                self.refuse(addon, project.span, "knows no projects", "remove `project`");
            }
        }
        if has_projects || !is_whole {
            self.project(addon);
        }
        let mut told = BTreeSet::new();
        for variant in &addon.variants {
            match &variant.software {
                Software::Helm(chart) => {
                    if let Some(paths) = &chart.runtime_values
                        && told.insert(paths.span)
                    {
                        self.runtime(addon, paths);
                    }
                }
                Software::Manifests(manifests) => self.manifests(addon, written, manifests),
            }
        }
    }

    fn refuse(&mut self, addon: &AddOn, span: Span, what: &str, help: &str) {
        let diagnostic = Diagnostic::new(Code::CannotDeliver, span, delivered_by(addon, what));
        self.diags.push(diagnostic.help(help));
    }

    /// A delivery that reads the fleet's repository has to know where it is.
    fn source(&mut self, addon: &AddOn) {
        let source = self.plan.source.as_ref();
        let mut targets = addon.targets();
        targets.insert(Target::Content);
        if addon.is_chart() {
            targets.insert(Target::Repository);
        }
        let reads = |keys: &[&str]| {
            let mut keys = keys.iter();
            keys.any(|key| {
                addon
                    .delivery
                    .reads(targets.iter().copied(), &["SOURCE", key])
            })
        };
        let has_object = source.is_some_and(|source| source.object.is_some());
        let has_url = source.is_some_and(|source| source.repo_url.is_some());
        let (is_missing, help) = if reads(&["kind", "name", "namespace"]) {
            (
                !has_object,
                "write source: {kind: GitRepository, name: …, namespace: …} in fleet.yaml",
            )
        } else {
            (
                !has_url && reads(&["repoURL", "revision", "path"]),
                "write source: {repoURL: …, revision: …, path: …} in fleet.yaml",
            )
        };
        if is_missing {
            let message = delivered_by(addon, "reads the fleet's repository: where is it?");
            let diagnostic = Diagnostic::new(Code::MissingSource, addon.name.span, message);
            self.diags.push(diagnostic.help(help));
        }
    }

    /// Warns of dependencies that nothing waits for.
    fn order(&mut self, addon: &AddOn, written: &addon::AddOn) {
        for needed in &written.depends_on {
            if addon.can_wait_for(&needed.value, &self.plan.addons) {
                continue;
            }
            let message = format!(
                "`{}` does not wait for `{}`: `{}` {}",
                addon.name.value, needed.value, addon.delivery.name, addon.delivery.order_note
            );
            let diagnostic = Diagnostic::new(Code::OrderNotKept, needed.span, message);
            self.diags.push(diagnostic);
        }
    }

    /// If no document depends on what becomes of the add-on, that is decided by the delivery method.
    fn leave(&mut self, addon: &AddOn, written: &addon::AddOn) {
        if addon.reads("ON_REMOVE") {
            return;
        }
        let leave = "write `onRemove: leave`, or use another delivery for this add-on";
        let (what, help) = match (addon.delivery.on_remove, addon.on_remove, &addon.base) {
            (OnRemove::Uninstall, OnRemove::Leave, _) => {
                ("always uninstalls add-ons", "remove `onRemove: leave`")
            }
            (OnRemove::Leave, OnRemove::Uninstall, Software::Manifests(_)) => {
                ("never takes manifests off", leave)
            }
            (OnRemove::Leave, OnRemove::Uninstall, Software::Helm(_)) => {
                ("never uninstalls charts", leave)
            }
            _ => return,
        };
        let on_remove = written.on_remove.as_ref();
        let span = on_remove.map_or(addon.name.span, |on_remove| on_remove.span);
        self.refuse(addon, span, what, help);
    }

    /// Whether objects are taken over is Helm's to decide in two deliveries, and of charts.
    fn ownership(&mut self, addon: &AddOn, written: &addon::AddOn) {
        let Some(said) = &written.take_ownership else {
            return;
        };
        let always = addon.delivery.always_takes_over;
        let never = !always && !addon.reads("OWNERSHIP");
        let what = if !addon.is_chart() {
            "always takes over the objects of manifests"
        } else if never && said.value {
            "never takes over existing objects"
        } else if always && !said.value {
            "always takes over what is there"
        } else {
            return;
        };
        self.refuse(addon, said.span, what, "remove `takeOwnership`");
    }

    /// Checks that the delivery can find what is looked up.
    fn runtime(&mut self, addon: &AddOn, node: &Node) {
        let Some(lookups) = &addon.delivery.lookups else {
            self.refuse(
                addon,
                node.span,
                "looks nothing up in a cluster's object",
                "write the values, or use another delivery for this add-on",
            );
            return;
        };
        if let Some(entries) = node.entries() {
            for entry in entries {
                self.runtime(addon, &entry.value);
            }
            return;
        }
        let path = node.text().unwrap_or_default();
        let keys = runtime_path(path).unwrap_or_default();
        let is_known = |(place, below): &(Vec<Rc<str>>, usize)| {
            let is_below = place.iter().zip(&keys).all(|(known, key)| **known == **key);
            is_below && keys.len() >= place.len() && keys.len() - place.len() <= *below
        };
        if !lookups.paths.iter().any(is_known) {
            let place = |(place, _): &(Vec<Rc<str>>, usize)| format!("`.{}`", place.join("."));
            let known: Vec<String> = lookups.paths.iter().map(place).collect();
            let help = format!("use {}", known.join(", "));
            self.refuse(addon, node.span, &format!("knows no `{path}`"), &help);
        }
    }

    /// The project of Applications is a name for every cluster.
    fn project(&mut self, addon: &AddOn) {
        let Spanned { value: text, span } = &addon.project;
        let variables = addon.variables();
        let clusters = addon.variants.iter().flat_map(|variant| &variant.clusters);
        let wrong = clusters.copied().find_map(|index| {
            let cluster = &self.plan.clusters[index];
            let scope = Scoped::new(self.plan.subjects(), Subject::Cluster(cluster), &variables);
            let mut missing = Vec::new();
            let name = fill::text(text, &scope, &mut missing);
            // What is missing is reported with the Application.
            let problem = name_problem(&name, NAME_LENGTH, true).filter(|_| missing.is_empty())?;
            Some((name, problem, cluster.span))
        });
        if let Some((name, problem, member)) = wrong {
            let message = format!("`{name}` is no name for a project: {problem}");
            let diagnostic = Diagnostic::new(Code::InvalidName, *span, message);
            let is_members = text.literal().is_none();
            self.diags.push(if is_members {
                diagnostic.related(member, "for this member")
            } else {
                diagnostic
            });
        }
    }

    fn manifests(&mut self, addon: &AddOn, written: &addon::AddOn, manifests: &Manifests) {
        let span = written
            .software
            .get("manifests")
            .map_or(addon.name.span, |path| path.span);
        if let Some((what, help)) = folder::problem(self.files, &addon.delivery, manifests, span) {
            self.refuse(addon, span, &what, help);
        }
    }
}
