//! Fills every hole for every cluster, and checks what comes out.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::cells::Cells;
use super::common::Common;
use super::delivered::Made;
use super::identity::{ObjectRef, fits};
use super::measure::Measure;
use super::program::{Compiled, Labels, compile};
use super::references::References;
use super::values::Values;
use super::written::Written;
use super::{Output, Section};
use crate::diagnostic::Diagnostics;
use crate::input::safety::Safety;
use crate::passes::check::Checks;
use crate::passes::check::identity::{Name, identity_hash};
use crate::passes::{Problems, too_large};
use crate::plan::{Instance, Object, Plan, Scoped, Subject, SubjectId, Template};
use crate::request::CompileOptions;
use crate::template::fill;
use crate::tree::Node;
use crate::yaml::print::{Format, SEPARATOR};

/// Fills a plan. Without an error in `diags`, the output can be written.
pub fn fill(
    plan: &Plan,
    options: &CompileOptions,
    safety: &Safety,
    diags: &mut Diagnostics,
) -> Output {
    let format = options.format;
    let made = Made::new(plan, options);
    let all = made.templates(plan);
    let mut cells = Cells::new(plan, &all, options);
    let most = safety.filled_budget(plan.has_cells);
    let mut filler = Filler::new(plan, &all, format, most);
    filler.is_too_large = !fits(&all);
    let templates = if filler.is_too_large {
        Vec::new()
    } else {
        filler.sections(&all)
    };
    let namespace = Template {
        objects: plan.namespace.objects.clone(),
        variables: Rc::default(),
        instances: filler.namespaces(&mut cells),
        selected: None,
        is_from_spoke: false,
    };
    let namespaces = filler.section(0, &namespace);
    let is_filled = filler.problems.is_empty() && !filler.is_too_large;
    filler.problems.report(diags);
    if is_filled {
        filler
            .references
            .report(&filler.identities, &mut filler.checks);
    }
    filler.checks.report(diags);
    if options.spoke.is_none() {
        check_spokes(plan, format, most, diags);
    }
    let sections: Vec<Section> = std::iter::once(namespaces).chain(templates).collect();
    let mut output = Output {
        format,
        sections,
        clusters: plan
            .clusters
            .iter()
            .map(|cluster| Rc::clone(cluster.name.as_rc()))
            .collect(),
        cells,
        sizes: Vec::new(),
        skipped: Vec::new(),
        bytes: filler.bytes,
        objects: filler.identities.len(),
    };
    let measure = Measure {
        plan,
        templates: &all,
        options,
        safety,
        overhead: filler.overhead,
    };
    if filler.is_too_large {
        let message = format!("the output is larger than its budget of {most} bytes");
        diags.push(too_large(message, output.cells.exist()));
    } else if diags.checkpoint().is_ok() {
        measure.measure(&mut output, filler.identities, diags);
    }
    output
}

/// Finds what is wrong with what spokes apply to themselves: it is asked for one by one, and later.
fn check_spokes(plan: &Plan, format: Format, most: usize, diags: &mut Diagnostics) {
    let made = Made::of_spokes(plan, &plan.spokes());
    let all = made.templates(plan);
    let mut filler = Filler::new(plan, &all, format, most);
    for (index, template) in all.iter().enumerate() {
        filler.section(index + 1, template);
    }
    filler.problems.report(diags);
    filler.checks.report(diags);
}

struct Filler<'a> {
    plan: &'a Plan,
    format: Format,
    budget: usize,
    is_too_large: bool,
    problems: Problems,
    checks: Checks,
    references: References<'a>,
    identities: Vec<(u64, ObjectRef)>,
    /// The size of all objects so far.
    bytes: usize,
    /// What an object costs beside its own bytes: its line end, and a separator.
    overhead: usize,
    /// For each cluster, whether an object is printed in its namespace.
    used: Vec<bool>,
    /// The namespaces that templates make.
    made: BTreeSet<Rc<str>>,
}

impl<'a> Filler<'a> {
    fn new(plan: &'a Plan, all: &'a [&'a Template], format: Format, budget: usize) -> Self {
        Self {
            plan,
            format,
            budget,
            is_too_large: false,
            problems: Problems::default(),
            checks: Checks::default(),
            references: References::new(plan, all),
            identities: Vec::new(),
            bytes: 0,
            overhead: match format {
                Format::Yaml => 1 + SEPARATOR.len(),
                Format::Json => 1,
            },
            used: vec![false; plan.clusters.len()],
            made: BTreeSet::new(),
        }
    }

    /// All templates, behind the Namespaces.
    fn sections(&mut self, all: &[&Template]) -> Vec<Section> {
        let numbered = all.iter().enumerate();
        let sections = numbered.map(|(index, template)| self.section(index + 1, template));
        sections.collect()
    }

    fn section(&mut self, section: usize, template: &Template) -> Section {
        let plan = self.plan;
        let program = compile(&Common::new(plan, template), self.format);
        let mut filled = Section {
            program,
            instances: template.instances.clone(),
            fills: Vec::new(),
            ends: Vec::new(),
        };
        let holes = filled.instances.len() * filled.program.holes.len();
        filled.ends.reserve_exact(holes);
        let objects = filled.instances.len() * template.objects.len();
        self.identities.reserve_exact(objects);
        let mut values = Values::default();
        let is_final = |value: &Written| value.node.text().map(Name::new).unwrap_or_default();
        let mut names: Vec<Name> = filled.program.values.iter().map(is_final).collect();
        let mut sizes = vec![0; filled.program.holes.len()];
        let mut clean = vec![None; template.objects.len()];
        for (position, instance) in template.instances.iter().enumerate() {
            let scope = plan.scope(template, instance);
            let subject = scope.subject;
            let mut found = Vec::new();
            values.clear();
            let before = filled.fills.len();
            for value in &filled.program.values {
                values.push(value, &scope, &mut found);
                if before + values.bytes() > self.budget {
                    break;
                }
            }
            let is_complete = found.is_empty();
            if !is_complete {
                self.problems.add(found, subject);
            }
            for (hole, size) in filled.program.holes.iter().zip(&mut sizes) {
                let start = filled.fills.len();
                if start.max(before + values.bytes()) > self.budget {
                    // What is filled is printed at least once: beyond the budget nothing more is
                    // needed.
                    self.is_too_large = true;
                    return filled;
                }
                values.print(hole, self.format, &mut filled.fills);
                *size = filled.fills.len() - start;
                let end = u32::try_from(filled.fills.len()).unwrap_or(u32::MAX);
                filled.ends.push(end);
            }
            for (index, value) in filled.program.values.iter().enumerate() {
                values.each_unquoted(index, value, &mut |word, text| {
                    self.checks.ambiguity(word, text, subject);
                });
            }
            if is_complete {
                for value in &filled.program.names {
                    names[*value] = Name::new(values.text(*value).unwrap_or_default());
                }
                if let Some(template) = section.checked_sub(1) {
                    self.references.ask(template, position, &scope);
                }
                for (object, written) in template.objects.iter().enumerate() {
                    let at = ObjectRef::new(section, position, object);
                    let bytes = filled.object_bytes(object, &sizes);
                    let compiled = &filled.program.objects[object];
                    let id = instance.subject;
                    compiled
                        .looked
                        .judge(&values, subject, &mut clean[object], &mut self.checks);
                    self.object(
                        written,
                        (at, id),
                        compiled,
                        bytes,
                        (&values, &names),
                        &scope,
                    );
                }
            }
        }
        filled
    }

    fn object(
        &mut self,
        object: &Object,
        (at, id): (ObjectRef, SubjectId),
        compiled: &Compiled,
        bytes: usize,
        (values, names): (&Values, &[Name]),
        scope: &Scoped<'_>,
    ) {
        let subject = scope.subject;
        let identity = compiled.identity(object, values);
        let name = names[compiled.name];
        let namespace = compiled.namespace.map(|value| names[value]);
        let hash = identity_hash(compiled.kind, namespace, name);
        self.identities.push((hash, at));
        self.checks
            .names(object, subject, (identity.name, name), identity.namespace);
        self.labels(object, &compiled.labels, values, subject);
        self.bytes += bytes + self.overhead;
        self.checks.size(object, subject, bytes, |part| {
            let filled = part.map(|node| fill::node(node, scope, &mut Vec::new()));
            filled.map_or(0, |filled| text_bytes(&filled))
        });
        if let (SubjectId::Cluster(index), Some(cluster)) = (id, subject.cluster())
            && identity.namespace == Some(cluster.namespace.as_rc())
        {
            self.used[index as usize] = true;
        }
        if at.is_of_template() && object.is("", "Namespace") {
            self.made.insert(identity.name.into());
        }
    }

    fn labels(&mut self, object: &Object, labels: &Labels, values: &Values, subject: Subject<'_>) {
        let place = || object.labels().map_or(object.span, |labels| labels.span);
        match labels {
            Labels::Map(map) => {
                if let Some(map) = values.tree(*map) {
                    self.checks.labels(object, map, place(), subject);
                }
            }
            Labels::Each(labels) => {
                for (key, span, value) in labels {
                    let value = values.text(*value);
                    self.checks
                        .label(object, (key, *span), value, place(), subject);
                }
            }
        }
    }

    /// The first cluster of each namespace that is to be printed, by namespace.
    fn namespaces(&self, cells: &mut Cells) -> Vec<Instance> {
        let namespace = |index: &usize| self.plan.clusters[*index].namespace.as_rc();
        let is_wanted = |index: &usize| {
            let name = namespace(index);
            **name != *"default" && !name.starts_with("kube-") && !self.made.contains(name)
        };
        let used = (0..self.used.len()).filter(|index| self.used[*index]);
        let mut wanted: Vec<usize> = Vec::new();
        for index in used.filter(is_wanted) {
            match wanted.last() {
                Some(first) if namespace(first) == namespace(&index) => {
                    let made = ObjectRef::new(0, wanted.len() - 1, 0);
                    cells.share(made, [*first, index].map(SubjectId::cluster));
                }
                _ => wanted.push(index),
            }
        }
        let instance = |index| SubjectId::cluster(index).into();
        wanted.into_iter().map(instance).collect()
    }
}

fn text_bytes(map: &Node) -> usize {
    let entry = |entry: &crate::tree::Entry| {
        entry.key.text.as_written().len() + entry.value.text().map_or(0, str::len)
    };
    map.entries().unwrap_or_default().iter().map(entry).sum()
}
