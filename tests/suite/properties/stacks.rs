//! The plan keeps the inputs of every merge: folding them again results in the printed value, and each leaf is
//! at the location of the input that set it.

use kubectl_fleet::CompileOptions;
use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::files::Files;
use kubectl_fleet::input::shared::{self, Shared};
use kubectl_fleet::model::Variables;
use kubectl_fleet::plan::{Plan, Software, Stack, SubjectId};
use kubectl_fleet::source::Sources;
use kubectl_fleet::tree::{Node, Plain, Style, Value as Tree, type_plain};
use kubectl_fleet::yaml::print::Format;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::addons::{merge, values};
use super::cases;
use super::layers::{CLUSTERS, layers, trees};
use super::merged_values;
use super::patch_locations::{MAPPING, locations, parse};
use super::patches::{self, object};
use super::variables::{is_typed, yaml};
use crate::fleet::{FleetFiles, compile_dir};
use crate::repository;

/// The plan of a fleet, its source files, and the printed objects.
struct Compiled {
    files: Files,
    plan: Plan,
    printed: Vec<Value>,
}

fn compiled(fleet: &FleetFiles) -> Option<Compiled> {
    let dir = fleet.write();
    let printed = compile_dir(dir.dir(), Format::Json).ok()?;
    let mut files = Files::open(dir.dir()).unwrap();
    let plan = plan(&mut files);
    let printed = printed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    Some(Compiled {
        plan,
        printed: printed.collect(),
        files,
    })
}

fn plan(files: &mut Files) -> Plan {
    let options = CompileOptions::from(Format::Json);
    let (_, plan) = kubectl_fleet::plan(files, &options, &mut Diagnostics::default()).unwrap();
    plan
}

fn fold(stack: &Stack) -> Node {
    stack.fold(&mut |step, error| panic!("{step}: {}", error.message))
}

/// Returns the values that the inputs of an add-on result in.
fn folded_values(stack: &Stack) -> Option<Node> {
    fold(stack).get("helm")?.get("values").cloned()
}

fn json(node: &Node) -> Value {
    match &node.value {
        Tree::Sequence(items) => items.iter().map(json).collect(),
        Tree::Mapping(entries) => entries
            .iter()
            .map(|entry| (entry.key.text.source_text().to_string(), json(&entry.value)))
            .collect(),
        Tree::Scalar(scalar) => {
            let text = scalar.text.source_text();
            match type_plain(&text) {
                _ if scalar.style == Style::Quoted => json!(*text),
                Plain::Null => Value::Null,
                Plain::Bool(value) => json!(value),
                Plain::Number(number) => serde_json::from_str(&number).unwrap(),
                Plain::String | Plain::Unrepresentable(_) => json!(*text),
            }
        }
    }
}

/// Returns only the locations of leaves: mappings of several inputs are merged.
fn of_leaves(node: &Node, sources: &Sources) -> Value {
    fn without_mappings(value: &mut Value) {
        match value {
            Value::Object(entries) => {
                entries.remove(MAPPING);
                entries.values_mut().for_each(without_mappings);
            }
            Value::Array(items) => items.iter_mut().for_each(without_mappings),
            _ => {}
        }
    }
    let mut found = locations(node, sources);
    without_mappings(&mut found);
    found
}

/// Checks that files of variables set the shared values of a cluster or group, except for fixed values. Returns
/// the number of variables.
fn check_shared(variables: &Variables, files: &Files) -> usize {
    let read = |file: &_| {
        let start = files.sources.start(*file);
        shared::read(files, *file, start, false, &mut Diagnostics::default())
    };
    let read: Vec<Shared> = variables.shared.files.iter().filter_map(read).collect();
    let merged = shared::merge(read.iter());
    let known = variables.shared.values.iter();
    let known = known.filter_map(|(name, value)| Some((value, merged.get(name)?.0)));
    let mut checked = 0;
    for (value, folded) in
        known.filter(|(value, _)| variables.shared.files.contains(&value.span.file))
    {
        assert_eq!(value, folded);
        assert_eq!(
            locations(value, &files.sources),
            locations(folded, &files.sources)
        );
        checked += 1;
    }
    checked
}

/// Generates variables without strings that kubectl parses as other types if a template does not quote them.
fn variables() -> impl Strategy<Value = Value> {
    values().prop_filter("an ambiguous string", |values| {
        let mut values = values.as_object().unwrap().values();
        values.all(|value| value.as_str().is_none_or(|text| !is_typed(text)))
    })
}

/// Returns a fleet whose clusters share the variables of two files.
fn sharing(all: &Value, each: &[Value]) -> FleetFiles {
    let fleet = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{
            "list": "list.yaml",
            "value": "g",
            "variablesFrom": ["all.yaml", "each/${g}.yaml"],
            "variables": {"d": "fixed"},
        }],
        "templates": [{"file": "template.yaml"}],
    });
    let spec = "{a: ${a:=unset}, b: ${b:=unset}, c: ${c:=unset}, d: ${d:=unset}}";
    let template =
        format!("apiVersion: example.org/v1\nkind: T\nmetadata: {{name: x}}\nspec: {spec}\n");
    let mut files = FleetFiles::new([
        ("fleet.yaml", yaml(&fleet)),
        ("list.yaml", yaml(&json!({"m0": "0", "m1": "1", "m2": "2"}))),
        ("template.yaml", template),
        ("all.yaml", yaml(all)),
    ]);
    for (at, each) in each.iter().enumerate() {
        files
            .0
            .insert(format!("each/{at}.yaml"), yaml(each).into_bytes());
    }
    files
}

#[test]
fn sources_of_cases_end_at_the_plan() {
    let (mut charts, mut objects, mut variables) = (0, 0, 0);
    for case in repository::entries("testdata/ok") {
        let mut files = Files::open(&case.join("in")).unwrap();
        let plan = plan(&mut files);
        for variant in plan.addons.iter().flat_map(|addon| &addon.variants) {
            if let Software::Helm(chart) = &variant.software {
                let folded = folded_values(&variant.stack);
                assert_eq!(folded, chart.values, "{}", case.display());
                charts += usize::from(!variant.stack.steps.is_empty());
            }
        }
        for template in plan.templates.iter().filter(|item| !item.stacks.is_empty()) {
            assert_eq!(template.stacks.len(), template.objects.len());
            objects += template.objects.len();
        }
        let of_clusters = plan.clusters.iter().map(|cluster| &cluster.variables);
        let of_groups = plan.groups.iter().map(|group| &group.variables);
        let checked = of_clusters
            .chain(of_groups)
            .map(|variables| check_shared(variables, &files));
        variables += checked.sum::<usize>();
    }
    assert!(charts > 20, "{charts} charts are merged");
    assert!(objects > 5, "{objects} objects are patched");
    assert!(variables > 10, "{variables} variables are shared");
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn sources_of_an_addon_end_at_its_values(
        all in proptest::collection::vec(values(), 2..6),
    ) {
        let fleet = merged_values::fleet(&all, "argocd");
        let Compiled { files, plan, printed } = compiled(&fleet).unwrap();
        let values = folded_values(&plan.addons[0].variants[0].stack).unwrap();
        let application = printed.iter().find(|object| object["kind"] == "Application").unwrap();
        let empty = json!({});
        let printed = application.pointer("/spec/source/helm/valuesObject").unwrap_or(&empty);
        prop_assert_eq!(&json(&values), printed);

        let mut sources = Sources::default();
        let head = parse(&fleet, "fleet.yaml", &mut sources);
        let addon = &head[0].get("addons").and_then(Node::items).unwrap()[0];
        let patch = &addon.get("patches").and_then(Node::items).unwrap()[0];
        let of_helm = |node: &Node| node.get("helm").unwrap().get("values").unwrap().clone();
        let mut inputs = vec![of_helm(addon)];
        for at in 0..all.len() - 2 {
            inputs.extend(parse(&fleet, &format!("values/{at}.yaml"), &mut sources));
        }
        inputs.push(of_helm(patch.get("merge").unwrap()));
        let mut winners = json!({});
        for input in &inputs {
            merge(&mut winners, &of_leaves(input, &sources));
        }
        prop_assert_eq!(of_leaves(&values, &files.sources), winners);
    }

    #[test]
    fn sources_of_an_object_end_at_the_object(before in trees(true), layers in layers()) {
        let mut all = object("T", &before);
        let changes: Vec<(Value, [bool; CLUSTERS])> = layers.iter()
            .map(|(change, clusters)| (change.written(&mut all), *clusters))
            .collect();
        if let Some(Compiled { files, plan, printed }) = compiled(&patches::fleet(&before, &changes)) {
            for template in &plan.templates {
                let stacks = template.stacks.iter().map(fold);
                for (folded, object) in stacks.zip(&template.objects) {
                    let of_spec = |node: &Node| {
                        node.get("spec").map(|spec| (json(spec), locations(spec, &files.sources)))
                    };
                    prop_assert_eq!(of_spec(&folded), of_spec(&object.tree));
                    let of_kind = printed.iter().filter(|item| item["kind"] == *object.kind);
                    for instance in &template.instances {
                        let SubjectId::Cluster(index) = instance.subject else { unreachable!() };
                        let name = plan.clusters[index as usize].name.as_rc();
                        let is_own = |item: &&Value| item["metadata"]["namespace"] == **name;
                        let printed = of_kind.clone().find(is_own).unwrap();
                        prop_assert_eq!(folded.get("spec").map(json), printed.get("spec").cloned());
                    }
                }
            }
            for cluster in 0..CLUSTERS {
                let of_cluster = plan.templates.iter().find(|template| {
                    let mut subjects = template.instances.iter().map(|item| item.subject);
                    subjects.any(|subject| subject == SubjectId::cluster(cluster))
                });
                let is_patched = changes.iter().any(|(_, clusters)| clusters[cluster]);
                prop_assert_eq!(!of_cluster.unwrap().stacks.is_empty(), is_patched);
            }
        }
    }

    #[test]
    fn files_of_variables_end_at_the_variables(
        all in variables(),
        each in proptest::collection::vec(variables(), CLUSTERS),
    ) {
        let Compiled { files, plan, printed } = compiled(&sharing(&all, &each)).unwrap();
        let printed = printed.iter().filter(|object| object["kind"] == "T");
        for ((cluster, printed), each) in plan.clusters.iter().zip(printed).zip(&each) {
            let mut expected = all.as_object().unwrap().clone();
            expected.extend(each.as_object().unwrap().clone());
            expected.insert("d".to_owned(), json!("fixed"));
            expected.retain(|_, value| !value.is_null());
            prop_assert_eq!(check_shared(&cluster.variables, &files), expected.len() - 1);
            for name in ["a", "b", "c", "d"] {
                let expected = expected.get(name).cloned().unwrap_or(json!("unset"));
                prop_assert_eq!(&printed["spec"][name], &expected);
            }
        }
    }
}
