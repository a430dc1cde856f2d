//! YAML that expands, nests or contains invalid characters.

use std::fmt::Write as _;

use kubectl_fleet::diagnostic::Code;

use super::{CLUSTER, POOL, lines, one_user, with_list, with_users};

#[test]
fn aliases_of_aliases_are_counted_before_they_expand() {
    let list = |level: usize| format!("[{}]", vec![format!("*a{level}"); 9].join(", "));
    let map = |level: usize| {
        let entries: Vec<_> = (0..9).map(|key| format!("k{key}: *a{level}")).collect();
        format!("{{{}}}", entries.join(", "))
    };
    for level in [&list as &dyn Fn(usize) -> String, &map] {
        let mut users = "a0: &a0 {x: y}\n".to_owned();
        for at in 1..9 {
            writeln!(users, "a{at}: &a{at} {}", level(at - 1)).unwrap();
        }
        let stderr = with_users(&users).rejected(Code::YamlBudget, "users.yaml:7:");
        assert!(
            stderr.contains("expands to more than 1000000 nodes"),
            "{stderr}"
        );
    }
}

#[test]
fn repetition_of_long_strings_is_limited() {
    for (length, why) in [(100_000, "4194304 bytes"), (10, "more than 1000 aliases")] {
        let text = "x".repeat(length);
        let aliases = vec!["*a"; 5_000].join(", ");
        let users = format!("a: {{text: &a {text}}}\nb: {{list: [{aliases}]}}\n");
        let stderr = with_users(users).rejected(Code::YamlBudget, "users.yaml:2:");
        assert!(stderr.contains(why), "{stderr}");
    }
}

/// The contents of many files are kept at once.
#[test]
fn nodes_and_aliases_of_all_files_are_counted() {
    let list = |aliases: usize, nodes: usize| {
        let nodes = vec!["0"; nodes].join(", ");
        let aliases = vec!["*a"; aliases].join(", ");
        format!("first: &a [{nodes}]\nlist: [{aliases}]\n")
    };
    for (files, text, why) in [
        (4, list(990, 1_000), "more than 3000000 nodes"),
        (21, list(990, 1), "more than 20000 aliases"),
    ] {
        let mut fleet = with_list("lists/*.yaml");
        for number in 10..10 + files {
            fleet = fleet.with(&format!("lists/c{number}.yaml"), &text);
        }
        let at = format!("lists/c{}.yaml:2:", 10 + files - 1);
        let said = fleet.rejected(Code::YamlBudget, &at);
        assert!(said.contains(why), "{said}");
    }
}

/// The strings of a `ConfigMap` are a part of its file.
#[test]
fn nodes_of_strings_in_a_config_map_are_counted() {
    let nodes = vec!["0"; 1_000].join(", ");
    let aliases = vec!["*a"; 600].join(", ");
    let member =
        |name: &str| format!("  {name}: |\n    first: &a [{nodes}]\n    list: [{aliases}]\n");
    let users = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: users}\ndata:\n".to_owned();
    let said = with_users(users + &member("alice") + &member("bob"))
        .rejected(Code::YamlBudget, "users.yaml:10:");
    assert!(
        said.contains("expands to more than 1000000 nodes"),
        "{said}"
    );
}

#[test]
fn nested_merges_are_limited() {
    let mut lists = "m0: &m0 {k0: v}\n".to_owned();
    let mut maps = lists.clone();
    for at in 1..=40 {
        let below = at - 1;
        writeln!(lists, "m{at}: &m{at} {{<<: [*m{below}, *m{below}]}}").unwrap();
        writeln!(
            maps,
            "m{at}: &m{at} {{<<: {{a: *m{below}, b: *m{below}}}, k{at}: v}}"
        )
        .unwrap();
    }
    with_users(lists).rejected(Code::InvalidMerge, "users.yaml:2:");
    with_users(maps).rejected(Code::YamlBudget, "users.yaml:");
}

#[test]
fn nesting_of_collections_is_limited() {
    let indented = lines(0..3_000, |depth| format!("{}a:", " ".repeat(depth % 1_000)));
    let deep = lines(0..100, |depth| format!("{}a:", " ".repeat(depth)));
    for users in [
        "{a: ".repeat(50_000),
        "[".repeat(100_000),
        "- ".repeat(100_000),
        "? ".repeat(20_000),
        deep,
    ] {
        let stderr = with_users(&users).rejected(Code::YamlBudget, "users.yaml:");
        assert!(stderr.contains("nested deeper than 64"), "{stderr}");
        one_user()
            .with("cluster.yaml", &users)
            .rejected(Code::YamlBudget, "cluster.yaml:");
    }
    assert_ne!(with_users(indented).run_limited(&["generate"]).code, 0);
}

#[test]
fn documents_are_limited_and_comments_are_not() {
    let documents = lines(0..100_000, |number| format!("---\n- {{name: u{number}}}"));
    let stderr = with_users(documents).rejected(Code::YamlBudget, "users.yaml:");
    assert!(stderr.contains("more than 10000 documents"), "{stderr}");
    let nothing = "---\n".repeat(100_000);
    with_users(format!("{nothing}alice: {{}}\n")).printed();
    let comments = "# nothing to see here\n".repeat(180_000);
    with_users(format!("{comments}alice: {{}}\n")).printed();
}

#[test]
fn non_text_characters_are_rejected() {
    for (users, place) in [
        ("alice: {}\n\u{feff}bob: {}\n", "users.yaml:2:1"),
        ("alice: \u{1b}[31mred\n", "users.yaml:1:8"),
        ("alice: {a: \u{7f}}\n", "users.yaml:1:12"),
        ("alice: {a: b\u{85}}\n", "users.yaml:1:12"),
        ("alice: {a: \u{9f}}\n", "users.yaml:1:12"),
        ("alice: {a: \"\u{fffe}\"}\n", "users.yaml:1:13"),
    ] {
        let run = with_users(users).run_limited(&["generate"]);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (3, ""),
            "{users:?} {}",
            run.stderr
        );
        assert!(
            run.stderr.contains(&format!("--> {place}")),
            "{users:?} {}",
            run.stderr
        );
        assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
    }
    let half = with_users("alice: {a: \"\\ud83d\"}\n");
    half.rejected(Code::YamlSyntax, "users.yaml:1:");
}

#[test]
fn line_ends_and_tabs_between_tokens_change_no_byte() {
    let expected = with_users("alice: {}\nbob: {}\n").printed();
    for users in [
        "alice: {}\rbob: {}\r",
        "alice: {}\r\nbob: {}\r\n",
        "alice:\t{}\nbob:\t{}\t\n",
        "\u{feff}alice: {}\nbob: {}",
    ] {
        assert_eq!(with_users(users).printed(), expected, "{users:?}");
    }
}

#[test]
fn strings_are_preserved() {
    let strings = [
        "",
        " ",
        "~",
        "null",
        "true",
        "yes",
        "on",
        "012",
        "1_000",
        "0x1f",
        "1e3",
        "1.10",
        "2020-01-01",
        "12:30:45",
        "=",
        "<<",
        "- a",
        "? a",
        ": a",
        "a: b",
        "a #b",
        "#a",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "'a'",
        "\"a\"",
        "{a}",
        "[a]",
        "|",
        ">",
        "a\nb",
        "a\n",
        "\na",
        "a\n\n",
        " a",
        "a ",
        "a\n  b",
        "\t",
        "a\tb",
        "a\r\nb",
        "---",
        "...",
        "a\n---\nb",
        "\\",
        "é",
        "😀",
        "\u{a0}",
        "\u{2028}",
        "\u{feff}",
        "$(id)",
        "`id`",
        "$HOME",
        "{ { a } }",
    ];
    let entries: Vec<String> = strings
        .iter()
        .map(|text| serde_json::to_string(text).unwrap())
        .collect();
    let cluster = format!(
        "{CLUSTER}---\n{POOL}spec: {{written: [{}], filled: ${{strings}}}}\n",
        entries.join(", ")
    );
    let users = format!("alice: {{strings: [{}]}}\n", entries.join(", "));
    let fleet = with_users(users).with("cluster.yaml", cluster);
    let expected = serde_json::json!({"written": &strings[..], "filled": &strings[..]});
    let run = fleet.run_limited(&["generate", "-o", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json: serde_json::Value = serde_json::from_str(run.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(json["spec"], expected);
    let printed = fleet.printed();
    let object = printed.split("\n---\napiVersion: example").nth(1).unwrap();
    let yaml: serde_json::Value =
        serde_saphyr::from_str(&format!("apiVersion: example{object}")).unwrap();
    assert_eq!(yaml["spec"], expected);
}
