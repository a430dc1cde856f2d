//! `add` writes any value as data, and `remove` restores the bytes of the list.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value as Json;

use super::cases;
use crate::fleet::Fleet;

const FLEET: &str = "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- {list: LIST, value: note, fields: {note: {type: string}}}\ntemplates: [{file: info.yaml}]\n";
const INFO: &str =
    "apiVersion: example.org/v1\nkind: Info\nmetadata: {name: info}\nspec: {note: \"${note}\"}\n";

/// The lists: pattern, file with a member `a`, and the file of the new member.
const LISTS: [(&str, &str, &str, &str); 9] = [
    ("l.yaml", "l.yaml", "a: x\n# end\n", "l.yaml"),
    ("l.yaml", "l.yaml", "a: {note: x}", "l.yaml"),
    ("l.yaml", "l.yaml", "a:\r\n  note: x\r\n", "l.yaml"),
    ("l.yaml", "l.yaml", "- name: a\n  note: x\n", "l.yaml"),
    (
        "l.json",
        "l.json",
        "{\n  \"a\": {\n    \"note\": \"x\"\n  }\n}\n",
        "l.json",
    ),
    ("l.yaml", "l.yaml", "{a: x}\n", "l.yaml"),
    (
        "l.yaml",
        "l.yaml",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: x\n",
        "l.yaml",
    ),
    ("'*.env'", "a.env", "note=x\n", "n.env"),
    ("'m/*.yaml'", "m/a.yaml", "note: x\n", "m/n.yaml"),
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = select(
        &[
            "a",
            "1",
            "0x1",
            "true",
            "null",
            "~",
            " ",
            "  ",
            "\n",
            "\t",
            "\r",
            ": ",
            ":",
            " #",
            "#",
            "'",
            "\"",
            "\\",
            "- ",
            "? ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&",
            "*",
            "!",
            "|",
            ">",
            "%",
            "@",
            "`",
            "$",
            "$x",
            "---\n",
            "...\n",
            "<<",
            "=",
            "é",
            "😀",
            "\u{1}",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{fffe}",
            "y",
            "1.10",
            "2020-01-01",
        ][..],
    );
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn values_are_data_and_bytes_return((list, file, text, new) in select(&LISTS[..]), value in hostile()) {
        let fleet = Fleet::new([("fleet.yaml", FLEET.replace("LIST", list).as_str()), ("info.yaml", INFO), (file, text)]);
        let before = fleet.files(".");
        let argument = format!("note={value}");
        let run = fleet.run(&["add", "n", "--list", new, &argument]);
        if run.code != 0 {
            // The rules of lists reject the value, or the format cannot contain it.
            prop_assert!(matches!(run.code, 3 | 4), "{}", run.stderr);
            prop_assert_eq!(fleet.files("."), before);
            let is_harmless = value.chars().all(|c| c.is_ascii_alphanumeric() || " :#'\"\\-,.!|>@[]&*?\n".contains(c));
            prop_assert!(!is_harmless, "{value:?}: {}", run.stderr);
            return Ok(());
        }
        let printed = fleet.print(&["generate", "-o", "json"]);
        let objects = printed.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON"));
        let found: Vec<Json> = objects
            .filter(|object| object["kind"] == "Info" && object["metadata"]["namespace"] == "n")
            .map(|object| object["spec"]["note"].clone())
            .collect();
        prop_assert_eq!(found, [Json::String(value)]);
        fleet.run(&["remove", "n"]);
        prop_assert_eq!(fleet.files("."), before);
    }
}
