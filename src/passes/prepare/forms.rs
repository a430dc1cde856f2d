//! Splits a template into forms, one for each set of results of its optional keys and `$case`s.

use std::collections::BTreeMap;

use crate::plan::{Instance, Object, SubjectScope, Subjects, Template};
use crate::template::decisions::{Decisions, resolve};

/// Maximum number of forms of a template. A template with more is not split: its optional keys and `$case`s are
/// resolved for each instance.
const MAX_FORMS: usize = 1_000;

/// Returns a template for each form, in the order of their first instances.
///
/// Rendering a form is faster: a mapping with optional keys or `$case`s cannot be printed in parts.
pub(super) fn forms(template: Template, subjects: Subjects<'_>) -> Vec<Template> {
    let mut decisions = Decisions::default();
    let trees = template.objects.iter().map(|object| &object.tree);
    trees.for_each(|tree| decisions.add(tree));
    if decisions.is_empty() || template.instances.is_empty() {
        return vec![template];
    }
    let mut forms: BTreeMap<Vec<usize>, Vec<Instance>> = BTreeMap::new();
    let mut answers = Vec::new();
    for instance in &template.instances {
        answers.clear();
        decisions.answers(&scope(&template, subjects, instance), &mut answers);
        if let Some(instances) = forms.get_mut(&answers) {
            instances.push(instance.clone());
        } else if forms.len() == MAX_FORMS {
            return vec![template];
        } else {
            forms.insert(answers.clone(), vec![instance.clone()]);
        }
    }
    let mut forms: Vec<Vec<Instance>> = forms.into_values().collect();
    forms.sort_by_key(|instances| instances.first().map(|first| (first.subject, first.order)));
    let form = |instances: Vec<Instance>| {
        let objects = {
            let scope = scope(&template, subjects, &instances[0]);
            let object = |object: &Object| Object {
                tree: resolve(&object.tree, &scope),
                ..object.clone()
            };
            template.objects.iter().map(object).collect()
        };
        template.part(objects, instances)
    };
    forms.into_iter().map(form).collect()
}

/// Returns the variables of an instance.
fn scope<'a>(
    template: &'a Template,
    subjects: Subjects<'a>,
    instance: &'a Instance,
) -> SubjectScope<'a> {
    let subject = subjects.subject(instance.subject);
    SubjectScope {
        selected: template.selected.as_deref(),
        with: &instance.with,
        ..SubjectScope::new(subjects, subject, &template.variables)
    }
}
