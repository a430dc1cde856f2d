//! Members are not trusted: no value of a member adds an expression of another engine, a key that a controller reads, or
//! a reserved namespace to the output.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use kubectl_fleet::model::name::{is_reserved_namespace, reserved_for};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use super::variables::yaml;
use crate::fleet::{FleetFiles, Printed};

const MARKERS: [&str; 4] = ["{{", "${", "{%", "{#"];

/// What the values of members consist of. Two pieces can be a marker, which is refused where the member writes it.
const PIECES: [&str; 10] = ["{", "$", "%", "#", "-", "x", "\"", "}", "{-{", " "];

/// What strings of templates consist of.
///
/// Values in expressions of the platform are between `«` and `»`.
const PARTS: [&str; 21] = [
    "${a}",
    "${b}",
    "${c}",
    "${a//-/}",
    "${b#x}",
    "${c:1}",
    "${unset:=${a}${b}}",
    "${computed}",
    "${own}",
    "${brace}",
    "{",
    "$$",
    "#",
    "x",
    "%",
    "{{ .template }}",
    "{{ .x \"«${a}»\" }}",
    "{{ .x | f «${b//-/}» }}",
    "{% if «${c}» %}",
    "{# «${unset:=${a}}» #}",
    "$${X:=«${b}»}",
];

/// Keys that a member brings into labels and annotations.
const KEYS: [&str; 9] = [
    "team",
    "stage",
    "argocd.argoproj.io/hook",
    "kustomize.toolkit.fluxcd.io/force",
    "kubectl-fleet.io/policies",
    "sveltos.projectsveltos.io/x",
    "node.cluster.x-k8s.io/x",
    "app.kubernetes.io/instance",
    "not a key",
];

const NAMESPACES: [&str; 5] = ["shared", "other", "argocd", "kube-system", "default"];

/// What a member sets.
#[derive(Clone, Debug)]
struct Member {
    texts: [String; 3],
    keys: BTreeSet<&'static str>,
    key: &'static str,
    namespace: &'static str,
}

impl Member {
    fn harmless() -> Self {
        Self {
            texts: ["ax", "bx", "cx"].map(ToOwned::to_owned),
            keys: BTreeSet::new(),
            key: "team",
            namespace: "shared",
        }
    }

    fn fields(&self) -> Value {
        let [a, b, c] = &self.texts;
        let map: BTreeMap<&str, &str> = self.keys.iter().map(|key| (*key, "v")).collect();
        json!({"a": a, "b": b, "c": c, "map": map, "key": self.key, "place": self.namespace,
            "list": [{"item": a, "tail": b}], "nested": {"metadata": {"labels": map}}})
    }
}

fn member() -> impl Strategy<Value = Member> {
    let text = || {
        let pieces = proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..3);
        pieces.prop_map(|pieces| pieces.concat())
    };
    let key = || proptest::sample::select(&KEYS[..]);
    let keys = proptest::collection::btree_set(key(), 0..2);
    // Most keys and namespaces are fine, so that most fleets are accepted or fail for their strings.
    let key = prop_oneof![4 => Just("team"), 1 => key()];
    let namespace =
        prop_oneof![4 => Just("shared"), 1 => proptest::sample::select(&NAMESPACES[..])];
    let keys = prop_oneof![3 => Just(BTreeSet::new()), 2 => keys];
    let texts = [text(), text(), text()];
    (texts, keys, key, namespace).prop_map(|(texts, keys, key, namespace)| Member {
        texts,
        keys,
        key,
        namespace,
    })
}

fn string() -> impl Strategy<Value = String> {
    let parts = proptest::collection::vec(proptest::sample::select(&PARTS[..]), 1..4);
    parts.prop_map(|parts| parts.concat())
}

/// Returns a fleet whose templates and computed variable use these strings.
fn fleet(strings: &[String], member: &Member) -> FleetFiles {
    let quoted = |text: &String| json!(text).to_string();
    let [computed, value, key, json, item, embedded] =
        [0, 1, 2, 3, 4, 5].map(|index| quoted(&strings[index]));
    let mut fleet = String::from(
        "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n  fields:\n",
    );
    for name in ["a", "b", "c", "key", "place"] {
        let _ = writeln!(fleet, "    {name}: {{type: string}}");
    }
    let _ = write!(
        fleet,
        "    map: {{type: object}}\n    nested: {{type: object}}\n    list: {{type: array}}\n    stage: {{type: string, default: null}}\n  \
         variables: {{own: '{{{{ .own }}}}', brace: '{{', computed: {computed}}}\n  \
         labels: {{stage: '${{stage}}', <<: ${{map}}}}\n\
         templates: [{{file: info.yaml}}, {{file: item.yaml, with: list}}]\n\
         safety: {{deletion: allow}}\n"
    );
    let info = format!(
        "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\n\
         metadata: {{name: '${{CLUSTER_NAME}}', labels: {{<<: ${{map}}}}, annotations: {{\"${{key}}\": x}}}}\n\
         spec: {{paused: false}}\n---\n\
         apiVersion: example.org/v1\nkind: Pool\nmetadata: {{name: pool}}\n\
         spec:\n  value: {value}\n  keys: {{{key}: 1}}\n  json: {{$json: {{inner: [{json}]}}}}\n  whole: ${{nested}}\n  \
         items: [{{$each: list, value: {item}, other: \"${{item}}${{tail}}\"}}]\n---\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: info, namespace: '${{place}}'}}\ndata: {{embedded: {embedded}}}\n"
    );
    let item = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: item, annotations: {{<<: ${{map}}}}}}\n\
         data: {{item: \"${{item}}${{tail}}\", value: {item}}}\n"
    );
    let users = yaml(&json!({"ann": member.fields()}));
    FleetFiles::new([
        ("fleet.yaml", fleet),
        ("info.yaml", info),
        ("item.yaml", item),
        ("users.yaml", users),
    ])
}

/// What a controller or an engine reads in an output.
#[derive(Debug, Default)]
struct Read {
    markers: BTreeMap<&'static str, usize>,
    keys: BTreeSet<(&'static str, String)>,
    namespaces: BTreeSet<String>,
    /// The values in expressions.
    inside: BTreeSet<String>,
}

impl Read {
    fn of(printed: &Printed) -> Self {
        let mut read = Self::default();
        for object in printed.objects() {
            read.value(&object);
            let namespace = object.pointer("/metadata/namespace");
            read.namespaces
                .extend(namespace.and_then(Value::as_str).map(ToOwned::to_owned));
        }
        read
    }

    fn text(&mut self, text: &str) {
        for marker in MARKERS {
            *self.markers.entry(marker).or_default() += text.matches(marker).count();
        }
        let values = text.split('«').skip(1);
        let values = values.filter_map(|rest| rest.split('»').next());
        self.inside.extend(values.map(ToOwned::to_owned));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(entries) => {
                for (key, value) in entries {
                    self.text(key);
                    self.value(value);
                    if key == "metadata" {
                        for kind in ["labels", "annotations"] {
                            let keys = value.get(kind).and_then(Value::as_object);
                            let keys = keys.into_iter().flatten();
                            self.keys.extend(keys.map(|(key, _)| (kind, key.clone())));
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn hostile_members_add_nothing_that_others_evaluate(
        strings in proptest::collection::vec(string(), 6),
        member in member(),
    ) {
        let Ok(harmless) = fleet(&strings, &Member::harmless()).try_compile() else {
            // The template itself is wrong, for example a computed variable that is a part of a key.
            return Ok(());
        };
        let Ok(hostile) = fleet(&strings, &member).try_compile() else {
            return Ok(());
        };
        let (harmless, hostile) = (Read::of(&harmless), Read::of(&hostile));
        for (marker, count) in &hostile.markers {
            prop_assert!(count <= &harmless.markers[marker], "{marker}: {hostile:?}");
        }
        for (kind, key) in hostile.keys.difference(&harmless.keys) {
            let is_of_fleet = *kind == "labels" && key == "stage";
            prop_assert!(reserved_for(key).is_none() && !is_of_fleet, "{key}");
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_./:@-".contains(c);
        for value in &hostile.inside {
            prop_assert!(value.chars().all(is_name), "{value}");
        }
        for namespace in hostile.namespaces.difference(&harmless.namespaces) {
            prop_assert!(!is_reserved_namespace(namespace), "{namespace}");
        }
    }
}

#[test]
fn most_generated_fleets_are_accepted() {
    let strings: Vec<String> = ["${a}-x", "${b}", "k${c}", "${own}", "${computed}", "x"]
        .map(ToOwned::to_owned)
        .to_vec();
    let harmless = fleet(&strings, &Member::harmless()).try_compile();
    harmless.expect("a harmless fleet");
    let mut joined = strings;
    joined[1] = "${a}${b}".to_owned();
    let mut member = Member::harmless();
    member.texts = ["{", "{ .x }}", "c"].map(ToOwned::to_owned);
    let rejected = fleet(&joined, &member).try_compile().expect_err("a marker");
    assert!(
        rejected.codes.contains(&"member-expression"),
        "{}",
        rejected.text
    );
}
