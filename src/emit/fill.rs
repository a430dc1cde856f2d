//! Fills every hole for every cluster, and checks what comes out.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::print::{self, Format, SEPARATOR};
use super::program::{Program, compile};
use super::{Output, Section};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Cluster;
use crate::passes::Problems;
use crate::passes::check::{Checks, Identity};
use crate::plan::{Object, Plan, Template};
use crate::template::fill;
use crate::tree::Node;

/// Fills a plan. Without an error in `diags`, the output can be written.
pub fn fill(plan: &Plan, format: Format, budget: usize, diags: &mut Diagnostics) -> Output {
    let mut filler = Filler::new(plan, format);
    let templates: Vec<Section> = plan
        .templates
        .iter()
        .enumerate()
        .map(|(index, template)| filler.section(index + 1, template))
        .collect();
    let namespace = Template {
        objects: plan.namespace.objects.clone(),
        clusters: filler.namespaces(),
    };
    let namespaces = filler.section(0, &namespace);
    filler.problems.report(diags);
    filler.checks.report(diags);
    let sections: Vec<Section> = std::iter::once(namespaces).chain(templates).collect();
    let mut output = Output {
        format,
        sections,
        clusters: plan.clusters.len(),
        skipped: Vec::new(),
        bytes: 0,
        objects: 0,
    };
    if diags.checkpoint().is_ok() {
        skip_repetitions(plan, &mut output, filler.identities, diags);
        measure(&mut output);
        if output.bytes > budget {
            let message = format!(
                "the output has {} bytes, more than its budget of {budget}",
                output.bytes
            );
            let help =
                "split the fleet, or raise `safety.budgets.output` and Argo CD's limits with it";
            diags.push(Diagnostic::without_place(Code::OutputTooLarge, message).help(help));
        }
    }
    output
}

/// An object of one cluster: where it is among the sections.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    section: usize,
    position: usize,
    object: usize,
}

struct Filler<'a> {
    plan: &'a Plan,
    format: Format,
    problems: Problems,
    checks: Checks,
    identities: Vec<(u64, At)>,
    /// The namespaces of clusters in which an object is printed.
    used: BTreeSet<usize>,
    /// The namespaces that templates make.
    made: BTreeSet<Rc<str>>,
}

impl<'a> Filler<'a> {
    fn new(plan: &'a Plan, format: Format) -> Self {
        Self {
            plan,
            format,
            problems: Problems::default(),
            checks: Checks::default(),
            identities: Vec::new(),
            used: BTreeSet::new(),
            made: BTreeSet::new(),
        }
    }

    fn section(&mut self, section: usize, template: &Template) -> Section {
        let program = compile(&template.objects, self.format);
        let mut filled = Section {
            program,
            clusters: template.clusters.clone(),
            fills: Vec::new(),
            ends: Vec::new(),
        };
        filled
            .ends
            .reserve_exact(filled.clusters.len() * filled.program.holes.len());
        let mut values: Vec<Node> = Vec::with_capacity(filled.program.values.len());
        for (position, index) in template.clusters.iter().enumerate() {
            let cluster = &self.plan.clusters[*index];
            let mut found = Vec::new();
            values.clear();
            values.extend(
                filled
                    .program
                    .values
                    .iter()
                    .map(|value| fill::node(value, cluster, &mut found)),
            );
            let is_complete = found.is_empty();
            self.problems
                .add(found, &cluster.name.to_string(), cluster.span);
            for hole in &filled.program.holes {
                print::value(
                    self.format,
                    &values[hole.value],
                    hole.place,
                    &mut filled.fills,
                );
                filled.ends.push(filled.fills.len());
            }
            if is_complete {
                for (object, written) in template.objects.iter().enumerate() {
                    let at = At {
                        section,
                        position,
                        object,
                    };
                    self.object(written, *index, at, &filled, &values);
                }
            }
        }
        filled
    }

    fn object(
        &mut self,
        object: &Object,
        index: usize,
        at: At,
        section: &Section,
        values: &[Node],
    ) {
        let cluster = &self.plan.clusters[index];
        let compiled = &section.program.objects[at.object];
        let identity = identity(object, &section.program, at.object, values);
        self.checks
            .names(object, cluster, identity.name, identity.namespace);
        if let Some(labels) = compiled.labels {
            let place = object.labels().map_or(object.span, |labels| labels.span);
            self.checks.labels(object, &values[labels], place, cluster);
        }
        self.checks.size(
            object,
            cluster,
            section.object_bytes(at.position, at.object),
            || {
                let annotations = object
                    .annotations()
                    .map(|annotations| fill::node(annotations, cluster, &mut Vec::new()));
                annotations.map_or(0, |annotations| annotation_bytes(&annotations))
            },
        );
        self.identities.push((identity.hash(), at));
        if identity.namespace == Some(cluster.namespace.as_rc()) {
            self.used.insert(index);
        }
        if object.is("", "Namespace") && at.section > 0 {
            self.made.insert(identity.name.into());
        }
    }

    /// The first cluster of each namespace that is to be printed, by namespace.
    fn namespaces(&self) -> Vec<usize> {
        let namespace = |index: &usize| self.plan.clusters[*index].namespace.as_rc();
        let is_wanted = |index: &usize| {
            let name = namespace(index);
            **name != *"default" && !name.starts_with("kube-") && !self.made.contains(name)
        };
        let mut wanted: Vec<usize> = self.used.iter().copied().filter(is_wanted).collect();
        wanted.dedup_by(|a, b| namespace(a) == namespace(b));
        wanted
    }
}

fn annotation_bytes(annotations: &Node) -> usize {
    let entry = |entry: &crate::tree::Entry| {
        entry.key.text.as_written().len() + entry.value.text().map_or(0, str::len)
    };
    annotations
        .entries()
        .unwrap_or_default()
        .iter()
        .map(entry)
        .sum()
}

fn identity<'v>(
    object: &'v Object,
    program: &Program,
    index: usize,
    values: &'v [Node],
) -> Identity<'v> {
    let compiled = &program.objects[index];
    let text = |value: usize| values[value].text().unwrap_or_default();
    Identity {
        object,
        namespace: compiled.namespace.map(text),
        name: text(compiled.name),
    }
}

/// Finds objects with one identity: equal ones are printed once, others are refused.
fn skip_repetitions(
    plan: &Plan,
    output: &mut Output,
    mut identities: Vec<(u64, At)>,
    diags: &mut Diagnostics,
) {
    identities.sort_unstable();
    for group in identities
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
    {
        for (index, (_, second)) in group.iter().enumerate().skip(1) {
            for (_, first) in &group[..index] {
                if let Some(is_equal) = compare(plan, output, *first, *second, diags) {
                    if is_equal {
                        output
                            .skipped
                            .push((second.section, second.position, second.object));
                    }
                    break;
                }
            }
        }
    }
    output.skipped.sort_unstable();
}

/// Whether two objects that are one are equal in every byte; none where they are two.
fn compare(
    plan: &Plan,
    output: &Output,
    first: At,
    second: At,
    diags: &mut Diagnostics,
) -> Option<bool> {
    let object = |at: At| match at.section {
        0 => &plan.namespace.objects[at.object],
        section => &plan.templates[section - 1].objects[at.object],
    };
    let section = |at: At| &output.sections[at.section];
    let cluster = |at: At| &plan.clusters[section(at).clusters[at.position]];
    let values = |at: At| -> Vec<Node> {
        let fill = |value: &Node| fill::node(value, cluster(at), &mut Vec::new());
        section(at).program.values.iter().map(fill).collect()
    };
    let (first_values, second_values) = (values(first), values(second));
    let one = identity(
        object(first),
        &section(first).program,
        first.object,
        &first_values,
    );
    let other = identity(
        object(second),
        &section(second).program,
        second.object,
        &second_values,
    );
    if !one.is(&other) {
        return None;
    }
    let bytes = |at: At| {
        section(at)
            .pieces(at.position, at.object)
            .collect::<Vec<_>>()
            .concat()
    };
    let is_equal = bytes(first) == bytes(second);
    if !is_equal {
        let clusters: [&Cluster; 2] = [cluster(first), cluster(second)];
        other.refuse(&one, clusters, diags);
    }
    Some(is_equal)
}

fn measure(output: &mut Output) {
    let sections = output.sections.iter();
    for (index, section) in sections.enumerate() {
        for position in 0..section.clusters.len() {
            for object in 0..section.program.objects.len() {
                if output
                    .skipped
                    .binary_search(&(index, position, object))
                    .is_err()
                {
                    output.objects += 1;
                    output.bytes += section.object_bytes(position, object) + 1;
                }
            }
        }
    }
    if output.format == Format::Yaml {
        output.bytes += output.objects.saturating_sub(1) * SEPARATOR.len();
    }
}
