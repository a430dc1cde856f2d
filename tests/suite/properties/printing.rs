//! Any tree is printed so that other parsers read the same tree.

use kubectl_fleet::yaml::text::find_unsupported_char;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use super::variables::yaml;
use crate::fleet::FleetFiles;

/// Strings that YAML writers often print incorrectly.
fn texts() -> impl Strategy<Value = String> {
    let pieces = proptest::sample::select(vec![
        "",
        " ",
        "\n",
        "\n\n",
        "\t",
        "\r",
        "#",
        " #",
        ":",
        ": ",
        "- ",
        "-",
        "?",
        "? ",
        "'",
        "\"",
        "\\",
        "|",
        ">",
        "&a",
        "*a",
        "!",
        "%",
        "@",
        "`",
        "{",
        "}",
        "[",
        "]",
        ",",
        "~",
        "null",
        "yes",
        "on",
        "0",
        "1",
        "012",
        "0x",
        "1e3",
        ".",
        "_",
        "+",
        "inf",
        ".inf",
        ".nan",
        "2020-01-01",
        "12:30",
        "=",
        "<<",
        "---",
        "...",
        "a",
        "b c",
        "é",
        "\u{a0}",
        "\u{feff}",
        "\u{2028}",
        "\u{1f600}",
        "\0",
        "\u{1b}",
        "\u{e002}",
        "/",
        "$",
        "${",
        "$$",
        "{{",
        "line\n  more\n",
    ]);
    let odd = proptest::collection::vec(pieces, 0..5).prop_map(|pieces| pieces.concat());
    // Characters that Go does not preserve, and the character that represents expressions, are rejected.
    let is_wanted = |c: &char| {
        !matches!(c, '\u{e000}' | '\u{e001}')
            && find_unsupported_char(c.encode_utf8(&mut [0; 4])).is_none()
    };
    prop_oneof![3 => odd, 1 => any::<String>()]
        .prop_map(move |text| text.chars().filter(is_wanted).collect())
}

/// Returns `true` if JSON can represent the number, and its shortest form is not that of another whole number.
fn is_spelled_once(number: f64) -> bool {
    number.is_finite() && !(1e15..1e21).contains(&number.abs())
}

fn trees() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => texts().prop_map(Value::String),
        1 => any::<i64>().prop_map(|number| json!(number)),
        1 => any::<f64>().prop_filter("a number of one spelling", |number| is_spelled_once(*number))
            .prop_map(|number| json!(number)),
        1 => any::<bool>().prop_map(|value| json!(value)),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map(texts(), inner, 0..6).prop_map(|entries| {
                Value::Object(entries.into_iter().filter(|(key, _)| key != "<<").collect())
            }),
        ]
    })
}

/// Returns the tree with numbers as Go prints them: a float without a fraction is a whole number.
fn as_printed(tree: &Value) -> Value {
    match tree {
        Value::Array(items) => items.iter().map(as_printed).collect(),
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.clone(), as_printed(value)))
            .collect(),
        Value::Number(number) => {
            let float = number.as_f64().filter(|_| number.is_f64());
            match float.filter(|float| float.fract() == 0.0 && float.abs() < 1e15) {
                #[expect(clippy::cast_possible_truncation, reason = "it is small and whole")]
                Some(float) => json!(float as i64),
                None => tree.clone(),
            }
        }
        _ => tree.clone(),
    }
}

proptest! {
    #![proptest_config(cases(600))]

    /// Compiling compares the YAML with the JSON.
    #[test]
    fn printed_tree_is_parsed_to_the_same_tree(tree in trees()) {
        let object = json!({
            "apiVersion": "example.org/v1", "kind": "T", "metadata": {"name": "x"}, "spec": tree,
        });
        // An escaped dollar sign does not begin an expression.
        let template = yaml(&object).replace('$', "\\u0024");
        let fleet = "{apiVersion: kubectl-fleet.io/v1alpha1, kind: Fleet, clusters: [{list: list.yaml}], templates: [{file: template.yaml}]}";
        let fleet = FleetFiles::new([
            ("fleet.yaml", fleet.to_owned()),
            ("list.yaml", "a: {}".to_owned()),
            ("template.yaml", template),
        ]);
        let printed = fleet.compile().unwrap_or_else(|refused| panic!("{}", refused.text));
        let objects = printed.objects();
        let [.., object] = objects.as_slice() else { panic!("nothing is printed") };
        prop_assert_eq!(&object["spec"], &as_printed(&tree));
    }
}
