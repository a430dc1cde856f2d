//! A value is data: it is substituted in a scalar, and creates, moves or removes nothing.

use kubectl_fleet::diagnostic::Exit;
use kubectl_fleet::template::BUILT_IN;
use proptest::prelude::*;

use super::cases;
use super::variables::{Form, TEMPLATES, template};
use crate::fleet::Rejected;

/// Strings with a special meaning in YAML, JSON, shells or template engines.
pub(crate) const HOSTILE: [&str; 66] = [
    "a\n---\nkind: ClusterRoleBinding\nx: ",
    "x: y #z",
    "\"'{[",
    "- a",
    "- ",
    "-",
    "&x",
    "&x y",
    "*x",
    "!!int 3",
    "!x",
    "%YAML",
    "%YAML 1.1\n---\n",
    "|",
    ">",
    "|-\n  x",
    "yes",
    "no",
    "on",
    "y",
    "true",
    "null",
    "~",
    "012",
    "0x1F",
    "0b11",
    "1_000",
    "1e3",
    "1e400",
    ".nan",
    "-.inf",
    "9223372036854775808",
    "1.10",
    "2020-01-01",
    "12:30:45",
    "=",
    "<<",
    "<<: {a: b}",
    "?",
    "? a",
    ":",
    "a:",
    "#",
    " # x",
    "@",
    "`id`",
    "$(id)",
    "$x",
    "$$",
    "x  ",
    "\tx",
    "x\t",
    "  x",
    "\n",
    "a\n",
    "\na",
    "a\r\nb",
    "---",
    "...",
    "]",
    "}",
    "{}",
    "[]",
    "\\",
    "\u{feff}x",
    "Zoë\u{301} \u{1f600} \u{2028}\u{a0}\u{202e}",
];
/// Strings that are rejected in every field of a member.
pub(crate) const REFUSED: [&str; 7] = [
    "${X}",
    "a {{ b }}",
    "$${X}",
    "\u{7f}",
    "\u{85}",
    "\u{9f}x",
    "\u{ffff}",
];
pub(crate) fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn hostile_string_remains_one_string_everywhere_in_a_template() {
    let mut texts = owned(&HOSTILE);
    texts.push("long ".repeat(2_000));
    assert!(TEMPLATES.len() > 1, "no template is found");
    // The format of a list has the same effect for each template, so the formats are used in turn.
    let mut forms = [Form::Mapping, Form::ConfigMap, Form::Sequence]
        .into_iter()
        .cycle();
    for template in TEMPLATES.iter() {
        for path in template.variables.keys() {
            // A mapping whose fields the template reads cannot be a string.
            let is_map = |other: &Vec<String>| other.len() > path.len() && other.starts_with(path);
            if BUILT_IN.contains(&path[0].as_str()) || template.variables.keys().any(is_map) {
                continue;
            }
            let can_hold = |form: &Form| path.len() == 1 || !matches!(form, Form::ConfigMap);
            let form = forms.find(can_hold).unwrap();
            template.try_texts(path, &texts, form);
        }
    }
}

#[test]
fn expressions_of_other_engines_and_unsupported_characters_are_rejected() {
    let text = "{apiVersion: example.org/v1, kind: T, metadata: {name: \"${CLUSTER_NAME}\"}, spec: \"${V}\"}";
    let template = template("inline".to_owned(), text.to_owned()).unwrap();
    for text in owned(&REFUSED) {
        for form in [Form::ConfigMap, Form::Mapping, Form::Sequence] {
            let path = ["V".to_owned()];
            let refused: Rejected = template
                .fleet(&path, std::slice::from_ref(&text), form)
                .compile()
                .expect_err(&text);
            assert_eq!(refused.exit, Exit::Files, "{text:?}");
        }
    }
}

/// Generates a string of hostile parts and random characters.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(&HOSTILE[..]).prop_map(ToOwned::to_owned),
        "[ -~]{1,8}".prop_map(|text: String| text),
        any::<String>().prop_map(|text| text.chars().filter(|c| *c != '\0').take(8).collect()),
        proptest::sample::select(&["\n", " ", ":", "#", "\"", "'", "\t", "-"][..])
            .prop_map(ToOwned::to_owned),
    ];
    proptest::collection::vec(piece, 1..5)
        .prop_map(|pieces| pieces.concat())
        .prop_filter("an empty string is treated as unset", |text| {
            !text.is_empty()
        })
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn any_string_remains_one_string(
        texts in proptest::collection::vec(hostile(), 8),
        pick in any::<proptest::sample::Index>(),
        form in proptest::sample::select(vec![Form::ConfigMap, Form::Mapping, Form::Sequence]),
    ) {
        let text = "
            {apiVersion: example.org/v1, kind: T, metadata: {name: \"${CLUSTER_NAME}\", annotations: {a: \"${V}\", b: ${V}}},
             spec: {a: ${V}, b: \"${V}\", c: [${V}, x${V}, \"${V}y\"], \"k-${V}\": 1}, keys: {\"${V}\": 2}, d: ${V:=d}, e: 'x ${V:-e}'}";
        let inline = template("inline".to_owned(), text.to_owned()).unwrap();
        // Several lines of a ConfigMap that contain a colon could be a mapping of fields.
        let is_mapping = |text: &str| matches!(form, Form::ConfigMap) && text.contains('\n');
        let text = |text: String| if is_mapping(&text) { text.replace(':', ";") } else { text };
        let texts: Vec<String> = texts.into_iter().map(text).collect();
        inline.try_texts(&["V".to_owned()], &texts, form);
        let template = pick.get(&TEMPLATES);
        let of_member = |path: &&Vec<String>| path.len() == 1 && !BUILT_IN.contains(&path[0].as_str());
        if let Some(path) = template.variables.keys().find(of_member) {
            template.try_texts(path, &texts, form);
        }
    }
}
