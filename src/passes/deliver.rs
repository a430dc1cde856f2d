//! Checks of add-ons against their delivery methods, and creation of the objects that deploy them.

mod bound;
mod directory;
mod documents;
mod patched;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::cells::check_cell_requested;
use super::findings::{ADDON, AffectedSubject, Findings};
use super::prepare::guard::add_guards;
use super::read::Written;
use super::select::{SelectedAddOn, Selection};
use crate::deliver::templates;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ErrorsReported, did_you_mean};
use crate::files::Files;
use crate::input::addon::runtime_path;
use crate::input::fleet::Fleet;
use crate::model::OnRemove;
use crate::model::delivery::Target;
use crate::model::name::{NAME_LENGTH, name_problem};
use crate::plan::{AddOn, Manifests, Plan, Software, Step, Subject, SubjectScope};
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
    check_spoke_exists(plan, options.spoke.as_deref(), diags);
    check_cell_requested(&written.fleet, options, diags);
    diags.checkpoint()?;
    add_guards(plan, &written.fleet.safety);
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
        DeliveryChecker { files, plan, diags }.check(addon);
        let is_own_wrong = are_own_wrong && addon.delivery.file.is_some();
        if is_own_wrong || diags.errors() > before {
            wrong.insert(Rc::clone(&addon.written.name.value));
        }
    }
    let checked = diags.errors();
    let (templates, found) = templates(plan, &mut |addon, document, tree| {
        bound_object(addon, document, tree, diags)
    });
    let mut findings = Findings::default();
    for (addon, error) in found {
        let name = &plan.addons[addon].written.name;
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
    record_variables(plan);
}

/// Records the variables that add-ons read, and those that decide whether optional keys are rendered.
fn record_variables(plan: &mut Plan) {
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
    for object in plan.delivered.iter().flat_map(|template| &template.objects) {
        plan.reads.extend(roots(&object.tree));
        plan.deciding.extend(deciding_roots(&object.tree));
    }
}

/// Reports a requested spoke that does not exist.
fn check_spoke_exists(plan: &Plan, spoke: Option<&str>, diags: &mut Diagnostics) {
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
            "cluster `{name}` is not a spoke; Argo CD would delete everything it deployed there"
        );
        let help = if spokes.is_empty() {
            "add the template `builtin:argocd-spoke`, or remove the parameter `spoke`".to_owned()
        } else {
            did_you_mean(name, names().collect::<Vec<_>>())
        };
        diags.push(Diagnostic::without_location(Code::UnknownCluster, message).help(help));
    }
}

struct DeliveryChecker<'a> {
    files: &'a mut Files,
    plan: &'a Plan,
    diags: &'a mut Diagnostics,
}

impl DeliveryChecker<'_> {
    fn check(&mut self, addon: &AddOn) {
        let written = &addon.written;
        let is_whole = check_documents(addon, self.diags);
        self.check_source(addon);
        self.warn_unordered(addon);
        let has_projects = addon.reads("PROJECT");
        // If a document is missing, the keys that it would read are unknown.
        if is_whole {
            self.check_on_remove(addon);
            self.check_ownership(addon);
            let targets = addon.targets();
            let has_sides = || targets.iter().any(|target| addon.has_sides(*target));
            if let Some(span) = written.from_hub.filter(|_| !has_sides()) {
                self.report(addon, span, "does not support `from`", "remove `from`");
            }
            if let Some(project) = written.project.as_ref().filter(|_| !has_projects) {
                self.report(
                    addon,
                    project.span,
                    "does not support `project`",
                    "remove `project`",
                );
            }
        }
        if has_projects || !is_whole {
            self.check_project(addon);
        }
        let mut reported = BTreeSet::new();
        for variant in &addon.variants {
            match &variant.software {
                Software::Helm(chart) => {
                    if let Some(paths) = &chart.runtime_values
                        && reported.insert(paths.span)
                    {
                        self.check_runtime_values(addon, paths);
                    }
                }
                Software::Manifests(manifests) => self.check_manifests(addon, manifests),
            }
        }
    }

    fn report(&mut self, addon: &AddOn, span: Span, property: &str, help: &str) {
        let diagnostic = Diagnostic::new(Code::CannotDeliver, span, delivered_by(addon, property));
        self.diags.push(diagnostic.help(help));
    }

    /// Reports a delivery method that reads the fleet's repository, if `source` does not locate it.
    fn check_source(&mut self, addon: &AddOn) {
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
                "add `source: {kind: GitRepository, name: …, namespace: …}` to fleet.yaml",
            )
        } else {
            (
                !has_url && reads(&["repoURL", "revision", "path"]),
                "add `source: {repoURL: …, revision: …, path: …}` to fleet.yaml",
            )
        };
        if is_missing {
            let message = format!(
                "add-on `{}` needs `source`: delivery method `{}` reads manifests from the fleet's repository",
                addon.written.name.value, addon.delivery.name
            );
            let diagnostic = Diagnostic::new(Code::MissingSource, addon.written.name.span, message);
            self.diags.push(diagnostic.help(help));
        }
    }

    /// Warns of dependencies that the delivery method does not wait for.
    fn warn_unordered(&mut self, addon: &AddOn) {
        for dependency in &addon.written.depends_on {
            if addon.can_wait_for(&dependency.value, &self.plan.addons) {
                continue;
            }
            let message = format!(
                "add-on `{}` does not wait for `{}`: delivery method `{}` {}",
                addon.written.name.value, dependency.value, addon.delivery.name, addon.delivery.order_note
            );
            let help = "remove the dependency if both can be installed in any order, or set a `deliver` that keeps the order";
            let diagnostic = Diagnostic::new(Code::OrderNotKept, dependency.span, message);
            self.diags.push(diagnostic.help(help));
        }
    }

    /// Reports an `onRemove` that the delivery method does not support. If no document reads it, the delivery method
    /// decides.
    fn check_on_remove(&mut self, addon: &AddOn) {
        if addon.reads("ON_REMOVE") {
            return;
        }
        let leave = "set `onRemove: leave`, or another `deliver` for this add-on";
        let (property, help) = match (addon.delivery.on_remove, addon.written.on_remove(), &addon.base) {
            (OnRemove::Uninstall, OnRemove::Leave, _) => {
                ("always uninstalls add-ons", "remove `onRemove: leave`")
            }
            (OnRemove::Leave, OnRemove::Uninstall, Software::Manifests(_)) => {
                ("never deletes manifests", leave)
            }
            (OnRemove::Leave, OnRemove::Uninstall, Software::Helm(_)) => {
                ("never uninstalls charts", leave)
            }
            _ => return,
        };
        let on_remove = addon.written.on_remove.as_ref();
        let span = on_remove.map_or(addon.written.name.span, |on_remove| on_remove.span);
        self.report(addon, span, property, help);
    }

    /// Reports a `takeOwnership` that the delivery method does not support.
    fn check_ownership(&mut self, addon: &AddOn) {
        let Some(ownership) = &addon.written.take_ownership else {
            return;
        };
        let always = addon.delivery.always_takes_over;
        let never = !always && !addon.reads("OWNERSHIP");
        let property = if !addon.is_chart() {
            "always adopts existing objects of manifests"
        } else if never && ownership.value {
            "never adopts existing objects"
        } else if always && !ownership.value {
            "always adopts existing objects"
        } else {
            return;
        };
        self.report(addon, ownership.span, property, "remove `takeOwnership`");
    }

    /// Reports paths of `runtimeValues` that the delivery method cannot look up.
    fn check_runtime_values(&mut self, addon: &AddOn, node: &Node) {
        let Some(lookups) = &addon.delivery.lookups else {
            self.report(
                addon,
                node.span,
                "does not support `runtimeValues`",
                "move the values to `values`, or set another `deliver` for this add-on",
            );
            return;
        };
        if let Some(entries) = node.entries() {
            for entry in entries {
                self.check_runtime_values(addon, &entry.value);
            }
            return;
        }
        let path = node.text().unwrap_or_default();
        let keys = runtime_path(path).unwrap_or_default();
        let is_known = |(root, depth): &(Vec<Rc<str>>, usize)| {
            let is_below = root.iter().zip(&keys).all(|(known, key)| **known == **key);
            is_below && keys.len() >= root.len() && keys.len() - root.len() <= *depth
        };
        if !lookups.paths.iter().any(is_known) {
            let root = |(root, _): &(Vec<Rc<str>>, usize)| format!("`.{}`", root.join("."));
            let known: Vec<String> = lookups.paths.iter().map(root).collect();
            let help = format!("use a path below one of {}", known.join(", "));
            self.report(addon, node.span, &format!("cannot look up `{path}`"), &help);
        }
    }

    /// Reports a project of Applications that is not a valid name for a cluster.
    fn check_project(&mut self, addon: &AddOn) {
        let Spanned { value: text, span } = addon.written.project();
        let variables = addon.variables();
        let clusters = addon.variants.iter().flat_map(|variant| &variant.clusters);
        let wrong = clusters.copied().find_map(|index| {
            let cluster = &self.plan.clusters[index];
            let scope =
                SubjectScope::new(self.plan.subjects(), Subject::Cluster(cluster), &variables);
            let mut missing = Vec::new();
            let name = fill::text(&text, &scope, &mut missing);
            // Missing variables are reported with the Application.
            let problem = name_problem(&name, NAME_LENGTH, true).filter(|_| missing.is_empty())?;
            Some((name, problem, cluster.span))
        });
        if let Some((name, problem, member)) = wrong {
            let message = format!("`{name}` is not a valid project name: {problem}");
            let help = "use the name of an Argo CD `AppProject`, for example `default`";
            let diagnostic = Diagnostic::new(Code::InvalidName, span, message).help(help);
            let has_variables = text.literal().is_none();
            self.diags.push(if has_variables {
                diagnostic.related(member, "value comes from this member")
            } else {
                diagnostic
            });
        }
    }

    fn check_manifests(&mut self, addon: &AddOn, manifests: &Manifests) {
        let software = &addon.written.software;
        let span = software
            .get("manifests")
            .map_or(addon.written.name.span, |path| path.span);
        if let Some((property, help)) =
            directory::problem(self.files, &addon.delivery, manifests, span)
        {
            self.report(addon, span, &property, help);
        }
    }
}
