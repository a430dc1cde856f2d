//! Variables of templates, and fleets that set one of them to other strings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use kubectl_fleet::builtin::{self, BuiltIn};
use kubectl_fleet::diagnostic::{Diagnostics, Exit};
use kubectl_fleet::source::Sources;
use kubectl_fleet::template;
use kubectl_fleet::template::BUILT_IN;
use kubectl_fleet::tree::expression::{Operation, Segment, references};
use kubectl_fleet::tree::{self, Node, Text};
use serde_json::{Map, Value, json};

use super::batches::divide;
use crate::fleet::{FleetFiles, Printed};

/// The benign string that replaces a hostile one.
pub(crate) const BENIGN: &str = "qbenignq";

/// Returns the value of another variable, of the kind that its name suggests, because versions, CIDRs, numbers
/// of machines and some choices are validated. Two values differ, because names of objects contain some of them.
pub(crate) fn other(name: &str, number: usize) -> String {
    let name = name.to_lowercase();
    if name.contains("version") {
        format!("v1.34.{number}")
    } else if name.contains("cidr") || name == "services" {
        format!("10.{number}.0.0/16")
    } else if name.contains("count") || name.contains("nodes") || name == "replicas" {
        (2 * number + 1).to_string()
    } else if name == "aws_ami_type" {
        ["AL2023_x86_64_STANDARD", "AL2023_ARM_64_STANDARD"][number % 2].to_owned()
    } else if name == "gcp_release_channel" {
        ["regular", "stable"][number % 2].to_owned()
    } else {
        format!("other{number}")
    }
}

/// A template, and how it uses its variables.
pub(crate) struct Template {
    name: String,
    text: String,
    /// Each path of names, and whether all its uses insert the value unchanged.
    pub(crate) variables: BTreeMap<Vec<String>, bool>,
    /// A key of the `$case` for each path that a `$case` reads.
    choices: BTreeMap<Vec<String>, String>,
}

/// The format of a string in a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Form {
    ConfigMap,
    Mapping,
    Sequence,
}

/// Returns the built-in templates, and those of `testdata/ok`, without duplicates.
pub(crate) static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let built_in = builtin::ALL
        .iter()
        .map(|BuiltIn { name, text }| ((*name).to_owned(), (*text).to_owned()));
    let of_cases = FleetFiles::cases().into_iter().flat_map(|(case, fleet)| {
        let named = |(path, text): (&str, &str)| (format!("{case}/{path}"), text.to_owned());
        fleet.texts().map(named).collect::<Vec<_>>()
    });
    let mut known = BTreeSet::new();
    built_in
        .chain(of_cases)
        .filter(|(_, text)| known.insert(text.clone()))
        .filter_map(|(name, text)| template(name, text))
        .collect()
});

/// Returns the template in a file, if it has variables.
pub(crate) fn template(name: String, text: String) -> Option<Template> {
    let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
    let file = sources.add("template.yaml", text.clone());
    let documents = template::parse(file, &sources, &mut diags)?;
    let is_template = diags.checkpoint().is_ok()
        && documents
            .iter()
            .all(|one| one.get("kind").is_some() && one.get("metadata").is_some());
    let (mut variables, mut choices) = (BTreeMap::new(), BTreeMap::new());
    for document in documents.iter().filter(|_| is_template) {
        collect(document, &mut variables);
        collect_choices(document, &mut choices);
    }
    // Templates for groups, and for entries of a list, are tested in `products.rs`.
    let of_others = ["GROUP", "CLUSTERS", "WITH"];
    let is_for_clusters = !variables
        .keys()
        .any(|path| of_others.contains(&path[0].as_str()));
    (!variables.is_empty() && is_for_clusters && !text.contains("$each")).then_some(Template {
        name,
        text,
        variables,
        choices,
    })
}

/// Finds the variables that `$case`s read, with a key of each.
fn collect_choices(node: &Node, choices: &mut BTreeMap<Vec<String>, String>) {
    if let Some((selector, options)) = node.case()
        && let Some(slot) = selector.text.sole_slot()
        && !matches!(slot.expression.operation, Operation::Call { .. })
        && let Some(key) = options.iter().find_map(|option| option.key.text.literal())
    {
        let path = slot.expression.path.clone();
        choices.entry(path).or_insert_with(|| key.to_owned());
    }
    match &node.value {
        tree::Value::Scalar(_) => {}
        tree::Value::Sequence(items) => {
            items.iter().for_each(|item| collect_choices(item, choices));
        }
        tree::Value::Mapping(entries) => {
            entries
                .iter()
                .for_each(|entry| collect_choices(&entry.value, choices));
        }
    }
}

/// Finds the variables that are strings: a spread variable is a mapping, and has a default.
fn collect(node: &Node, variables: &mut BTreeMap<Vec<String>, bool>) {
    let mut collect_text = |text: &Text| {
        for slot in text.slots() {
            let is_call = matches!(slot.expression.operation, Operation::Call { .. });
            let segment = Segment::Expression(Box::new(slot.expression.clone()));
            for reference in references(&[segment]) {
                *variables.entry(reference.path.to_vec()).or_insert(true) &= !is_call;
            }
        }
    };
    match &node.value {
        tree::Value::Scalar(scalar) => collect_text(&scalar.text),
        tree::Value::Sequence(items) => items.iter().for_each(|item| collect(item, variables)),
        tree::Value::Mapping(entries) => {
            for entry in entries.iter().filter(|entry| !entry.key.is_spread()) {
                collect_text(&entry.key.text);
            }
            for entry in entries.iter().filter(|entry| !entry.key.is_spread()) {
                collect(&entry.value, variables);
            }
        }
    }
}

impl Template {
    /// Returns a value that a variable can have.
    fn proper(&self, path: &[String], number: usize) -> Value {
        let choice = self.choices.get(path).cloned();
        let text = choice.unwrap_or_else(|| other(&path[path.len() - 1], number));
        let networks = format!("cidrBlocks: ${{{}", path.join("."));
        if self.text.contains(&networks) {
            json!([text])
        } else {
            json!(text)
        }
    }

    /// Returns a fleet with a member for each string, which is the value of a variable.
    pub(crate) fn fleet(&self, path: &[String], texts: &[String], form: Form) -> FleetFiles {
        let values: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
        self.fleet_of_values(path, &values, form)
    }

    fn fleet_of_values(&self, path: &[String], values: &[Value], form: Form) -> FleetFiles {
        let mut others = Map::new();
        let set = self
            .variables
            .keys()
            .filter(|other| !BUILT_IN.contains(&other[0].as_str()));
        for (number, path) in set.enumerate() {
            put(&mut others, path, &self.proper(path, number));
        }
        let mut fields = others.clone();
        fields.retain(|name, _| *name == path[0]);
        others.remove(&path[0]);
        let members = values.iter().enumerate().map(|(index, value)| {
            let mut fields = fields.clone();
            put(&mut fields, path, value);
            (format!("m{index:02}"), fields)
        });
        let list: Vec<String> = match form {
            Form::ConfigMap => {
                std::iter::once("{apiVersion: v1, kind: ConfigMap, data: {".to_owned())
                    .chain(
                        members.map(|(key, fields)| format!("{key}: {},", yaml(&fields[&path[0]]))),
                    )
                    .chain(["}}".to_owned()])
                    .collect()
            }
            Form::Mapping => members
                .map(|(key, fields)| format!("{key}: {}", yaml(&Value::Object(fields))))
                .collect(),
            Form::Sequence => members
                .map(|(key, mut fields)| {
                    fields.insert("name".to_owned(), Value::String(key));
                    format!("- {}", yaml(&Value::Object(fields)))
                })
                .collect(),
        };
        let fleet = json!({
            "apiVersion": "kubectl-fleet.io/v1alpha1",
            "kind": "Fleet",
            "clusters": [{
                "list": "list.yaml",
                "value": path[0],
                "variables": others,
                "labels": {"label": "value"},
            }],
            "templates": [{"file": "template.yaml"}],
            "source": {"repoURL": "https://git.example.org/fleet.git", "revision": "main", "path": "."},
        });
        FleetFiles::new([
            ("fleet.yaml", yaml(&fleet)),
            ("list.yaml", list.join("\n")),
            ("template.yaml", self.text.clone()),
        ])
    }

    /// Sets a variable to strings: together, and in smaller batches if some are rejected or equal objects are
    /// printed once.
    pub(crate) fn try_texts(&self, path: &[String], texts: &[String], form: Form) {
        let first = if form == Form::ConfigMap { 2 } else { 1 };
        let mut open = vec![texts.to_vec()];
        let mut plain: BTreeMap<usize, Option<Printed>> = BTreeMap::new();
        while let Some(some) = open.pop() {
            let hostile = self.fleet(path, &some, form).try_compile();
            let plain = plain.entry(some.len()).or_insert_with(|| {
                let benign = vec![BENIGN.to_owned(); some.len()];
                self.fleet(path, &benign, form).compile().ok()
            });
            match (plain, hostile) {
                (Some(plain), Ok(hostile))
                    if plain.objects().len() == hostile.objects().len() || some.len() == 1 =>
                {
                    self.compare(plain, &hostile, &some, self.variables[path]);
                }
                (_, Err(refused)) => {
                    let expected = matches!(refused.exit, Exit::Files | Exit::Guard);
                    assert!(expected, "{}", refused.text);
                    if some.len() > 1 {
                        open.extend(divide(&some, Some(&refused), "list.yaml", first));
                    }
                }
                _ if some.len() > 1 => open.extend(divide(&some, None, "list.yaml", first)),
                // A string that YAML cannot contain is treated as unset.
                (_, Ok(_)) => assert!(is_typed(&some[0]), "{}: {path:?}: {some:?}", self.name),
            }
        }
        // A validated field rejects all these strings, and so do names.
        if plain.values().all(Option::is_none) {
            let proper = self.proper(path, 0);
            // The values of a ConfigMap are strings.
            let form = if proper.is_array() {
                Form::Mapping
            } else {
                form
            };
            if let Err(refused) = self.fleet_of_values(path, &[proper], form).compile() {
                panic!("{}: {}", self.name, refused.text);
            }
        }
    }

    fn compare(&self, plain: &Printed, hostile: &Printed, texts: &[String], is_exact: bool) {
        let (plain, hostile) = (plain.objects(), hostile.objects());
        assert_eq!(plain.len(), hostile.len(), "{}: {texts:?}", self.name);
        for (plain, hostile) in plain.iter().zip(&hostile) {
            // Members are in their own namespaces, named after the number of their string.
            let namespace = plain["metadata"]["namespace"].as_str().unwrap_or_default();
            let of_member = namespace
                .strip_prefix('m')
                .and_then(|number| number.parse().ok());
            let texts = of_member.map_or(texts, |at: usize| &texts[at..=at]);
            let fits = texts
                .iter()
                .any(|text| fits(plain, hostile, text, is_exact));
            assert!(fits, "{}: {texts:?}\n{plain}\n{hostile}", self.name);
            for key in ["apiVersion", "kind"] {
                assert_eq!(plain[key], hostile[key], "{}: {texts:?}", self.name);
            }
        }
    }
}

/// Returns `true` if a tree equals the other tree with `text` in the scalars that contain the benign string.
pub(crate) fn fits(plain: &Value, hostile: &Value, text: &str, is_exact: bool) -> bool {
    match (plain, hostile) {
        (Value::Object(plain), Value::Object(hostile)) => {
            let entry = |(key, value): (&String, &Value)| {
                let filled = hostile.get(&key.replace(BENIGN, text));
                filled.map_or(!is_exact, |filled| fits(value, filled, text, is_exact))
            };
            plain.len() == hostile.len() && plain.iter().all(entry)
        }
        (Value::Array(plain), Value::Array(hostile)) => {
            let item = |(plain, hostile)| fits(plain, hostile, text, is_exact);
            plain.len() == hostile.len() && plain.iter().zip(hostile).all(item)
        }
        (Value::String(plain), Value::String(hostile)) => {
            *hostile == plain.replace(BENIGN, text)
                || (!is_exact && *plain != *hostile)
                || json_of(plain).is_some_and(|plain| {
                    json_of(hostile).is_some_and(|hostile| fits(&plain, &hostile, text, is_exact))
                })
        }
        // A plain scalar is typed after substitution, and is still one scalar.
        (Value::String(plain), Value::Null | Value::Bool(_) | Value::Number(_)) => {
            let is_here = plain.contains(BENIGN) && is_typed(&plain.replace(BENIGN, text));
            is_here || !is_exact
        }
        _ => plain == hostile,
    }
}

/// Returns the mapping or sequence that a string contains as JSON.
pub(crate) fn json_of(text: &str) -> Option<Value> {
    let read = text
        .starts_with(['{', '['])
        .then(|| serde_json::from_str(text));
    read?.ok()
}

/// Returns `true` if YAML parses an unquoted string as another type.
pub(crate) fn is_typed(text: &str) -> bool {
    let words = [
        "yes", "no", "on", "y", "n", "off", "true", "false", "null", "~",
    ];
    words.contains(&text.to_lowercase().as_str())
        || text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
}

fn put(map: &mut Map<String, Value>, path: &[String], value: &Value) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        let old = map.entry(first.clone()).or_insert(Value::Null);
        if !old.is_object() {
            *old = value.clone();
        }
        return;
    }
    let inner = map.entry(first.clone()).or_insert_with(|| json!({}));
    if !inner.is_object() {
        *inner = json!({});
    }
    if let Some(inner) = inner.as_object_mut() {
        put(inner, rest, value);
    }
}

/// Returns a value as JSON, which is YAML; characters that YAML cannot contain are escaped.
pub(crate) fn yaml(value: &Value) -> String {
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{ffff}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    value.to_string().chars().map(escape).collect()
}
