//! `kubectl fleet add`: a member in every format of a list, and what it must not change.

mod layouts;

use std::collections::BTreeMap;

use crate::fleet::Fleet;
use layouts::LAYOUTS;

const TEMPLATE: &str = "apiVersion: example.org/v1\nkind: Info\nmetadata: {name: info}\nspec: {type: \"${type:=none}\", size: \"${size:=none}\"}\n";

/// Returns a fleet with one list; `entry` contains further keys of its entry.
fn fleet(list: &str, path: &str, text: &str, entry: &str) -> Fleet {
    let fleet = format!(
        "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- {{list: \"{list}\"{entry}}}\ntemplates: [{{file: info.yaml}}]\nsafety: {{allowEmpty: true}}\n"
    );
    Fleet::new([
        ("fleet.yaml", fleet.as_str()),
        ("info.yaml", TEMPLATE),
        (path, text),
    ])
}

/// Returns all files.
fn files(fleet: &Fleet) -> BTreeMap<String, String> {
    fleet.files(".")
}

#[test]
fn members_are_added_in_the_layout_of_the_list_and_removed_again() {
    for &(entry, list, args, expected) in LAYOUTS {
        let fleet = fleet("users.yaml", "users.yaml", list, entry);
        let args = [&["add", "new", "--list", "users.yaml"][..], args].concat();
        let dry = fleet.run(&[&args[..], &["--dry-run"]].concat());
        assert_eq!(
            (dry.code, fleet.read("users.yaml").as_str()),
            (0, list),
            "{list}: {}",
            dry.stderr
        );
        let run = fleet.run(&args);
        assert_eq!(run.stderr, "changed users.yaml\n", "{list}");
        assert_eq!(fleet.read("users.yaml"), expected, "{list}");
        assert_eq!(
            fleet.run(&["remove", "new"]).stderr,
            "changed users.yaml\n",
            "{expected}"
        );
        assert_eq!(fleet.read("users.yaml"), list, "{expected}");
    }
}

#[test]
fn a_list_with_a_wildcard_gets_a_file() {
    for (list, path, args, expected) in [
        (
            "users/*.yaml",
            "users/new.yaml",
            &["type=w", "size=3"][..],
            "type: w\nsize: 3\n",
        ),
        ("users/*.yaml", "./users/new.yaml", &[], "{}\n"),
        (
            "users/*.yaml",
            "users/other.yaml",
            &["type=w"],
            "name: new\ntype: w\n",
        ),
        (
            "users/*.json",
            "users/new.json",
            &["size=3"],
            "{\n  \"size\": 3\n}\n",
        ),
        (
            "users/*.env",
            "users/new.env",
            &["type=it's $HOME", "size=3"],
            "type='it'\\''s $HOME'\nsize=3\n",
        ),
        (
            "users/**/{hub}/*.yaml",
            "users/de/eu/new.yaml",
            &["type=w"],
            "type: w\n",
        ),
    ] {
        let first = list.replace("**/{hub}", "de/us").replace('*', "a");
        let text = if list.ends_with("env") {
            "type=x\n"
        } else {
            "{}"
        };
        let fleet = fleet(list, &first, text, "");
        let before = files(&fleet);
        let args = [&["add", "new", "--list", path][..], args].concat();
        let run = fleet.run(&[&args[..], &["--dry-run"]].concat());
        assert_eq!(files(&fleet), before);
        assert!(
            run.stdout.starts_with("--- /dev/null\n+++ "),
            "{}{}",
            run.stdout,
            run.stderr
        );
        let shown = path.trim_start_matches("./");
        assert_eq!(fleet.run(&args).stderr, format!("changed {shown}\n"));
        assert_eq!(fleet.read(path), expected);
        assert!(
            fleet.print(&["get", "clusters"]).contains("\nnew "),
            "{path}"
        );
        fleet.run(&["remove", "new"]);
        assert_eq!(files(&fleet), before, "{path}");
    }
}

#[test]
fn declared_types_decide_the_type_of_a_value() {
    let fields = ", fields: {type: {type: string, default: x}, size: {type: integer, default: 1}, mode: {enum: ['on', 'off'], default: 'on'}, any: {default: null}}";
    for (arg, expected) in [
        ("type=1.10", "new: {type: \"1.10\"}"),
        ("type=\"x\"", "new: {type: \"\\\"x\\\"\"}"),
        ("type=", "new: {type: \"\"}"),
        ("size=3", "new: {size: 3}"),
        ("mode=off", "new: {mode: \"off\"}"),
        ("any=1.5", "new: {any: 1.5}"),
        ("any=true", "new: {any: true}"),
        ("any=\"1.5\"", "new: {any: \"1.5\"}"),
        ("any='it''s'", "new: {any: it's}"),
        ("any=[a, \"2\", {b: 1}]", "new: {any: [a, \"2\", {b: 1}]}"),
        ("any={a: b} # no", "new: {any: \"{a: b} # no\"}"),
        ("any=\"a\" # \"", "new: {any: \"\\\"a\\\" # \\\"\"}"),
        ("any=", "new: {any: \"\"}"),
    ] {
        let fleet = fleet("users.yaml", "users.yaml", "a: {}\n", fields);
        let run = fleet.run(&["add", "new", "--list", "users.yaml", arg]);
        assert_eq!(run.stderr, "changed users.yaml\n", "{arg}");
        assert_eq!(fleet.read("users.yaml"), format!("a: {{}}\n{expected}\n"));
    }
    for (args, code, expected) in [
        (
            &["size=x"][..],
            3,
            "error[invalid-field]: `size` must be a whole number, not a string",
        ),
        (&["siz=3"], 3, "error[unknown-field]: unknown field `siz`"),
        (
            &["name=b"],
            3,
            "error[invalid-value]: `name` is the key of the list",
        ),
        (&["type=${X}"], 3, "error[member-expression]: "),
        (
            &["type=a", "type=b"],
            2,
            "error: the field `type` is set twice",
        ),
        (
            &["type"],
            2,
            "error: invalid value 'type' for '[FIELD=VALUE]...': write FIELD=VALUE",
        ),
    ] {
        let fleet = fleet("users.yaml", "users.yaml", "a: {}\n", fields);
        let stderr = fleet.fail(
            &[&["add", "new", "--list", "users.yaml"][..], args].concat(),
            code,
        );
        assert!(stderr.starts_with(expected), "{args:?}: {stderr}");
        assert_eq!(fleet.read("users.yaml"), "a: {}\n");
    }
}

#[test]
fn nothing_is_written_if_more_than_the_cluster_changes() {
    let base = fleet("users.yaml", "users.yaml", "a: {}\n", "");
    for (args, code, expected) in [
        (
            &["a", "--list", "users.yaml"][..],
            3,
            "error[duplicate-key]: ",
        ),
        (&["N", "--list", "users.yaml"], 3, "error[invalid-name]: "),
        (&["new", "--list", "../users.yaml"], 4, "error[outside-"),
        (
            &["new", "--list", "other.yaml"],
            3,
            "error[unknown-name]: no list in `clusters` contains the file `other.yaml`",
        ),
        (
            &["new"],
            2,
            "error: the following required arguments were not provided:\n  --list <FILE>",
        ),
    ] {
        let stderr = base.fail(&[&["add"][..], args].concat(), code);
        assert!(stderr.starts_with(expected), "{args:?}: {stderr}");
        assert_eq!(base.read("users.yaml"), "a: {}\n");
    }
    for (list, path, text, entry, add, expected) in [
        (
            "users/*.yaml",
            "users/a.yaml",
            "{}\n",
            "",
            "users/a.yaml",
            "`users/a.yaml` is the file of one member",
        ),
        (
            "users.yaml",
            "users.yaml",
            "kind: A\nspec: {}\n",
            ", at: /spec",
            "users.yaml",
            "`users.yaml` is the file of one member",
        ),
        (
            "users.env",
            "users.env",
            "type=x\n",
            "",
            "users.env",
            "`users.env` is the file of one member",
        ),
        (
            "users.yaml",
            "users.yaml",
            "a: {}\n",
            "}\n- {list: users.yaml, name: \"x-${name}\"",
            "users.yaml",
            "two lists in `clusters` contain",
        ),
    ] {
        let fleet = fleet(list, path, text, entry);
        let stderr = fleet.fail(&["add", "new", "--list", add], 3);
        assert!(
            stderr.starts_with("error[cannot-edit]: ") && stderr.contains(expected),
            "{stderr}"
        );
        assert_eq!(fleet.read(path), text);
    }
    // The object of a group appears with its first cluster.
    let grouped = fleet(
        "users.yaml",
        "users.yaml",
        "a: {type: x}\n",
        ", labels: {type: \"${type}\"}",
    );
    let template =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: group, namespace: \"${GROUP}\"}\n";
    grouped.write("group.yaml", template);
    grouped.edit(
        "fleet.yaml",
        "info.yaml}",
        "info.yaml}, {file: group.yaml, forEach: {label: type}}",
    );
    grouped.edit(
        "fleet.yaml",
        "templates",
        "groups: [{label: type}]\ntemplates",
    );
    let args = ["add", "new", "--list", "users.yaml", "type=w"];
    let stderr = grouped.fail(&args, 4);
    assert!(stderr.contains("other objects that change:\n  added: ConfigMap w/group\nerror[other-changes]: the new cluster also changes 1 object"), "{stderr}");
    let run = grouped.run(&[&args[..], &["--allow-changes"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn the_lock_remains_and_a_locked_member_can_be_restored() {
    let fleet = fleet("users.yaml", "users.yaml", "a: {}\nnew: {}\n", "");
    fleet.run(&["lock"]);
    let lock = fleet.read("fleet.lock");
    fleet.write("users.yaml", "a: {}\n");
    assert_eq!(
        fleet.run(&["add", "new", "--list", "users.yaml"]).stderr,
        "changed users.yaml\n"
    );
    assert_eq!(
        fleet.run(&["add", "m", "--list", "users.yaml"]).stderr,
        "changed users.yaml\nnote: run `kubectl fleet lock` to add the cluster to fleet.lock\n"
    );
    assert_eq!(fleet.read("fleet.lock"), lock);
}

#[test]
fn secrets_of_other_members_are_not_printed() {
    for list in [
        "a: {dbToken: CANARY-a}\nb:\n  password: CANARY-b\n",
        "{a: {dbToken: CANARY-a}}\n",
        "{\n  \"a\": {\"dbToken\": \"CANARY-a\"}\n}\n",
    ] {
        let fleet = fleet("users.yaml", "users.yaml", list, "");
        for args in [
            &["dbToken=CANARY-n"][..],
            &["dbToken=CANARY-${n}"],
            &["type=w"],
        ] {
            let run = fleet.run(
                &[
                    &["add", "new", "--list", "users.yaml", "--dry-run"][..],
                    args,
                ]
                .concat(),
            );
            assert!(!run.stdout.contains("CANARY"), "{}", run.stdout);
            assert!(!run.stderr.contains("CANARY"), "{}", run.stderr);
        }
        let run = fleet.run(&["remove", "a", "--dry-run"]);
        assert!(!run.stdout.contains("CANARY"), "{}", run.stdout);
    }
}
