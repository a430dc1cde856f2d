//! Built-in templates: members' values change neither the identities of objects nor the expressions and JSON
//! that other engines read.

use std::collections::BTreeMap;

use kubectl_fleet::builtin::{self, BuiltIn};
use kubectl_fleet::diagnostic::Exit;
use kubectl_fleet::template::BUILT_IN;
use kubectl_fleet::tree::expression::{references, split};
use serde_json::{Map, Value, json};

use super::batches::divide;
use super::engine_strings::{assert_exact_json, assert_same_json, expressions};
use super::hostile::{HOSTILE, REFUSED, owned};
use super::variables::{BENIGN, fits, is_typed, other, yaml};
use crate::fleet::{FleetFiles, identity};

/// Strings that would end a string in JSON, in Go or in an expression of another engine.
const BREAKERS: [&str; 12] = [
    "x\",\"y\":\"z",
    "\"},\"execProviderConfig\":{\"command\":\"sh\"},\"x\":{\"y\":\"",
    "\\",
    "x\\",
    "\\\"",
    "\\\\\"",
    "\\u0022,",
    "{",
    "}}",
    "}}{",
    "` | `",
    "\"}}",
];

/// The author of a string.
#[derive(Clone, Copy, Debug)]
enum Author {
    Cluster,
    Group,
}

/// The kind of value that contains the string.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Text,
    List,
    Map,
}

impl Shape {
    fn value(self, text: &str) -> Value {
        match self {
            Self::Text => json!(text),
            Self::List => json!([text]),
            Self::Map => json!({text: text}),
        }
    }
}

/// A built-in template, and its variables: whether each is required.
struct Used {
    name: &'static str,
    text: &'static str,
    variables: BTreeMap<String, bool>,
    /// The fields that an entry of its `with` must set.
    entry: Map<String, Value>,
}

impl Used {
    fn all() -> impl Iterator<Item = Self> {
        builtin::ALL.iter().map(|BuiltIn { name, text }| {
            let (mut variables, mut entry) = (BTreeMap::new(), Map::new());
            let segments = split(text).expect("expressions");
            for reference in references(&segments) {
                let first = &reference.path[0];
                if !BUILT_IN.contains(&first.as_str()) {
                    *variables.entry(first.clone()).or_insert(false) |= reference.required;
                } else if let ("WITH", Some(field), true) =
                    (&**first, reference.path.get(1), reference.required)
                {
                    entry.insert(field.clone(), json!(other(field, 0)));
                }
            }
            Self {
                name,
                text,
                variables,
                entry,
            }
        })
    }

    /// Returns `true` if the template creates objects for groups.
    fn is_for_groups(&self) -> bool {
        self.text.contains("`forEach: {label: team}`")
    }

    fn authors(&self) -> &[Author] {
        if self.is_for_groups() {
            &[Author::Cluster, Author::Group]
        } else {
            &[Author::Cluster]
        }
    }

    /// Returns a fleet with a member for each value of a variable.
    fn fleet(&self, members: &[(String, Value)], variable: &str, author: Author) -> FleetFiles {
        let required = self.variables.iter().filter(|(_, required)| **required);
        let others = required.map(|(name, _)| (name.clone(), json!(other(name, 0))));
        let mut others: Map<String, Value> = others.collect();
        others.remove(variable);
        let list = |says: &dyn Fn(&str, &Value) -> Value| -> String {
            let members = members.iter().map(|(name, value)| says(name, value));
            let members: Vec<String> = members.map(|member| yaml(&member)).collect();
            format!("[{}]", members.join(",\n"))
        };
        let named = list(&|name, value| json!({"name": name, variable: value}));
        let mut files = vec![];
        let mut template = json!({"file": format!("builtin:{}", self.name)});
        if let Some((_, with)) = self.text.split_once("`with: ") {
            template["with"] = json!(with.split('`').next());
            files.push(("identities.yaml", yaml(&json!([self.entry]))));
        }
        let source = json!({"repoURL": "https://git.example.org/fleet.git", "revision": "main", "path": "."});
        let mut fleet =
            json!({"apiVersion": "kubectl-fleet.io/v1alpha1", "kind": "Fleet", "source": source});
        if self.is_for_groups() {
            template["forEach"] = json!({"label": "team"});
            let (clusters, teams) = match author {
                Author::Cluster => {
                    let says = |name: &str, value: &Value| json!({"name": format!("of-{name}"), "team": name, variable: value});
                    // The group needs the variables of its clusters for its own objects, too. A cluster must not set
                    // what `variables` of the group set.
                    let own =
                        |name: &str, _: &Value| json!({"name": name, variable: other(variable, 0)});
                    (list(&says), list(&own))
                }
                Author::Group => {
                    let says =
                        |name: &str, _: &Value| json!({"name": format!("of-{name}"), "team": name});
                    (list(&says), named)
                }
            };
            fleet["clusters"] = json!([{"list": "clusters.yaml", "labels": {"team": "${team}"}}]);
            fleet["groups"] = json!([{"label": "team", "list": "teams.yaml", "variables": others}]);
            files.extend([("clusters.yaml", clusters), ("teams.yaml", teams)]);
        } else {
            fleet["clusters"] =
                json!([{"list": "clusters.yaml", "variables": others, "labels": {"type": "x"}}]);
            files.push(("clusters.yaml", named));
        }
        fleet["templates"] = json!([template]);
        files.push(("fleet.yaml", yaml(&fleet)));
        let mut fleet = FleetFiles::default();
        let bytes = files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), text.into_bytes()));
        fleet.0.extend(bytes);
        fleet
    }

    /// Compiles a fleet whose members contain these strings, and compares it with a fleet of benign members.
    /// Returns the number of accepted strings.
    fn try_texts(&self, texts: &[String], variable: &str, way: (Author, Shape)) -> usize {
        let (author, shape) = way;
        let fleet = |texts: &[String]| {
            let members = texts.iter().enumerate();
            let members = members.map(|(index, text)| (format!("m{index:03}"), shape.value(text)));
            self.fleet(&members.collect::<Vec<_>>(), variable, author)
        };
        // A value whose shape differs from that of the template is rejected.
        let benign = [BENIGN.to_owned()];
        if shape != Shape::Text
            && fleet(&benign).try_compile().is_err()
            && fleet(texts).try_compile().is_err()
        {
            return 0;
        }
        // A batch of accepted strings is compared as a whole; other batches are divided.
        let list = match author {
            Author::Cluster => "clusters.yaml",
            Author::Group => "teams.yaml",
        };
        let mut open = vec![texts.to_vec()];
        let mut taken = Vec::new();
        while let Some(some) = open.pop() {
            match fleet(&some).try_compile() {
                Ok(printed) => taken.push((some, printed)),
                Err(refused) => {
                    let expected = matches!(refused.exit, Exit::Files | Exit::Guard);
                    assert!(expected, "{}", refused.text);
                    if some.len() > 1 {
                        open.extend(divide(&some, Some(&refused), list, 1));
                    }
                }
            }
        }
        let mut printed = 0;
        let mut plain = BTreeMap::new();
        for (some, hostile) in taken {
            let plain = plain.entry(some.len()).or_insert_with(|| {
                let benign = fleet(&vec![BENIGN.to_owned(); some.len()]);
                benign.compile().map(|printed| printed.objects())
            });
            let Ok(plain) = plain else {
                // A string that YAML cannot contain is treated as unset.
                let is_nothing = some.iter().all(|text| is_typed(text));
                assert!(is_nothing, "{}: {variable}: {some:?}", self.name);
                continue;
            };
            self.compare(plain, &hostile.objects(), &some, variable, shape);
            printed += some.len();
        }
        printed
    }

    fn compare(
        &self,
        plain: &[Value],
        hostile: &[Value],
        texts: &[String],
        variable: &str,
        shape: Shape,
    ) {
        let who = format!("{}: {variable}", self.name);
        assert_eq!(plain.len(), hostile.len(), "{who}");
        // Strings that a function changes are not compared exactly.
        let is_exact = !self.text.contains(&format!("${{{variable}/"));
        for (plain, hostile) in plain.iter().zip(hostile) {
            let identity = identity(plain);
            assert_eq!(identity, crate::fleet::identity(hostile), "{who}");
            let texts = member(&identity).map_or(texts, |at| &texts[at..=at]);
            assert_eq!(expressions(plain), expressions(hostile), "{who}: {hostile}");
            assert_same_json(plain, hostile, &who);
            assert_exact_json(plain, hostile, &who, &|plain, hostile| {
                texts
                    .iter()
                    .any(|text| fits(plain, hostile, text, is_exact))
            });
            let is_one = |text: &String| fits(plain, hostile, text, is_exact);
            let is_filled = shape != Shape::Text || texts.iter().any(is_one);
            assert!(is_filled, "{who}: {texts:?}\n{plain}\n{hostile}");
        }
    }
}

/// Returns the number of the member whose name is part of the identity of an object.
fn member(identity: &str) -> Option<usize> {
    let mut numbers = identity.match_indices('m');
    numbers.find_map(|(at, _)| identity.get(at + 1..at + 4)?.parse().ok())
}

#[test]
fn hostile_value_creates_and_moves_no_object_and_reaches_no_engine() {
    let texts = [owned(&HOSTILE), owned(&BREAKERS)].concat();
    let mut printed = 0;
    for used in Used::all() {
        for variable in used.variables.keys() {
            for author in used.authors() {
                for shape in [Shape::Text, Shape::List, Shape::Map] {
                    let some = match shape {
                        Shape::Text => &texts[..],
                        _ => &texts[texts.len() - BREAKERS.len()..],
                    };
                    printed += used.try_texts(some, variable, (*author, shape));
                }
            }
        }
    }
    assert!(printed > 2_000, "{printed} texts were printed");
}

#[test]
fn hostile_name_is_rejected_or_used_as_a_name() {
    let mut names = [owned(&HOSTILE), owned(&REFUSED), owned(&BREAKERS)].concat();
    names.extend(
        [
            "..",
            "../../x",
            "kube-system",
            "default",
            "in-cluster",
            "argocd",
        ]
        .map(str::to_owned),
    );
    names.push("a".repeat(64));
    for used in Used::all() {
        let kinds = |name: &str| {
            let any = used.variables.keys().next().map_or("any", String::as_str);
            let members = [(name.to_owned(), json!(other(any, 0)))];
            let fleet = used.fleet(&members, any, used.authors()[0]);
            let printed = fleet.try_compile()?;
            let kind = |one: &Value| format!("{} {}", one["apiVersion"], one["kind"]);
            Ok::<_, crate::fleet::Rejected>(printed.objects().iter().map(kind).collect::<Vec<_>>())
        };
        let expected = kinds(BENIGN).unwrap_or_else(|refused| panic!("{}", refused.text));
        for name in &names {
            match kinds(name) {
                Ok(found) => {
                    assert_eq!(found, expected, "{}: {name:?}", used.name);
                    let is_of_name =
                        |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
                    assert!(name.bytes().all(is_of_name), "{}: {name:?}", used.name);
                }
                Err(refused) => assert!(matches!(refused.exit, Exit::Files | Exit::Guard)),
            }
        }
    }
}

/// An expression of another engine is constant: no variable is substituted in it.
#[test]
fn expressions_of_other_engines_contain_no_variable() {
    let mut found = 0;
    for BuiltIn { name, text } in builtin::ALL {
        for expression in expressions(&json!(text)) {
            assert!(!expression.contains("${"), "{name}: {expression}");
            found += 1;
        }
    }
    assert!(found >= 19, "{found} expressions");
}
