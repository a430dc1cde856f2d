//! JSON Schemas of `fleet.yaml` and of lists agree with the parser.

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::files::Files;
use kubectl_fleet::input::fleet::Fleet as Written;
use kubectl_fleet::input::read_fleet;
use kubectl_fleet::yaml::{self, NoMask};
use kubectl_fleet::{schema, template};
use serde_json::Value as Json;

use crate::fleet::{Fleet, compile_dir};
use crate::repository;
use kubectl_fleet::yaml::print::Format;

/// Returns the fleets below a directory.
fn fleets(dir: &str) -> Vec<PathBuf> {
    let root = repository::root().join(dir);
    let mut paths: Vec<PathBuf> = repository::files(&root)
        .into_iter()
        .filter_map(|path| path.strip_suffix("fleet.yaml").map(|dir| root.join(dir)))
        .filter(|dir| dir.join("fleet.yaml").is_file())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn validator(schema: &Json) -> Validator {
    jsonschema::meta::validate(schema).expect("a valid JSON Schema");
    jsonschema::validator_for(schema).expect("a valid JSON Schema")
}

/// Returns the first document of a fleet.yaml as JSON.
fn document(dir: &Path) -> Option<Json> {
    let mut files = Files::open(dir).expect("a directory");
    let file = files.read("fleet.yaml", None).ok()?;
    let mut diags = Diagnostics::default();
    let documents = template::parse(file, &files.sources, &mut diags)?;
    let [root] = documents.as_slice() else {
        return None;
    };
    Some(root.to_json())
}

fn read(dir: &Path) -> (Written, Files) {
    let mut files = Files::open(dir).expect("a directory");
    let fleet = read_fleet(&mut files, &mut Diagnostics::default()).expect("a fleet");
    (fleet, files)
}

#[test]
fn schema_accepts_every_valid_fleet() {
    let schema = validator(&schema::fleet());
    for dir in fleets("testdata/ok").into_iter().chain(fleets("examples")) {
        let Some(document) = document(&dir) else {
            continue;
        };
        let errors: Vec<String> = schema
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, [""; 0], "{}", dir.display());
    }
}

#[test]
fn schema_rejects_keys_that_the_parser_rejects() {
    let schema = validator(&schema::fleet());
    let mut rejected = 0;
    for dir in fleets("testdata/err") {
        let Some(document) = document(&dir) else {
            continue;
        };
        let Err(errors) = compile_dir(&dir, Format::Json) else {
            continue;
        };
        // The keys of lists and of other files are in other places, and `?` and `<<` are not keys.
        let is_of_fleet = |(code, (path, _)): (&&str, &(String, usize))| {
            **code == *"unknown-key" && path == "fleet.yaml"
        };
        let is_rejected = errors.codes.len() == errors.places.len()
            && errors.codes.iter().zip(&errors.places).any(is_of_fleet);
        let is_special = errors.text.contains("cannot be optional")
            || errors.text.contains("must set `clusters`")
            || errors.text.contains("must set exactly one");
        if is_rejected && !is_special {
            rejected += 1;
            assert!(
                !schema.is_valid(&document),
                "{}: {}",
                dir.display(),
                errors.text
            );
        }
    }
    assert!(rejected >= 5, "{rejected}");
}

#[test]
fn schema_of_a_list_accepts_its_members() {
    let mut checked = 0;
    for dir in fleets("testdata/ok").into_iter().chain(fleets("examples")) {
        let (fleet, mut files) = read(&dir);
        for entry in fleet.clusters.iter().filter(|entry| !entry.existing) {
            let members = &entry.members;
            let schema = validator(&schema::list(members));
            validator(&schema::member(members));
            let pattern = files.relative(&members.list.value, members.list.span);
            let found = files.glob_with_captures(&pattern, members.list.span);
            for (path, _) in found.expect("files") {
                if Path::new(&path)
                    .extension()
                    .is_some_and(|extension| extension == "env")
                {
                    continue;
                }
                let file = files.read(&path, None).expect("a file");
                let text = files.sources.text(file);
                let documents = yaml::parse(file, &text, &NoMask, &mut Diagnostics::default());
                for document in documents.expect("YAML") {
                    checked += 1;
                    let document = document.to_json();
                    let errors: Vec<String> = schema
                        .iter_errors(&document)
                        .map(|error| format!("{}: {error}", error.instance_path()))
                        .collect();
                    assert_eq!(errors, [""; 0], "{}: {path}", dir.display());
                }
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn schema_of_a_list_rejects_what_fields_reject() {
    let fleet = Fleet::new([
        (
            "fleet.yaml",
            "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: users.yaml\n  value: type\n  fields: {type: {enum: [a, b]}, size: {type: integer, default: 1, unique: true}}\n- {list: \"m/{hub}/*.yaml\", key: user, variables: {REGION: x}}\n",
        ),
        ("users.yaml", ""),
        ("m/eu/n.yaml", "{}"),
    ]);
    let of = |args: &[&str]| -> Json {
        let printed = fleet.print(&[&["schema"][..], args].concat());
        serde_json::from_str(&printed).expect("JSON")
    };
    let list = validator(&of(&["--list", "users.yaml"]));
    let member = of(&["--list", "users.yaml", "--member"]);
    assert_eq!(member["required"], serde_json::json!(["name", "type"]));
    assert_eq!(
        member["properties"]["size"],
        serde_json::json!({"type": "integer", "default": 1})
    );
    for (text, expected) in [
        (
            r#"{"x": "a", "y": {"type": "b", "size": 2}, "z": {"type": "a", "size": null}}"#,
            true,
        ),
        (r#"[{"name": "x", "type": "a"}]"#, true),
        (
            r#"{"apiVersion": "v1", "kind": "ConfigMap", "data": {"x": "a"}}"#,
            true,
        ),
        (r#"{"x": "c"}"#, false),
        (r#"{"x": {}}"#, false),
        (r#"{"x": null}"#, false),
        (r#"{"x": {"type": "a", "siz": 2}}"#, false),
        (r#"{"x": {"type": "a", "size": "2"}}"#, false),
        (r#"[{"type": "a"}]"#, false),
        ("3", false),
    ] {
        let document = serde_json::from_str(text).expect("JSON");
        assert_eq!(list.is_valid(&document), expected, "{text}");
    }
    let file = validator(&of(&["--list", "m/us/new.yaml"]));
    for (text, expected) in [
        (r#"{"any": 1, "user": "n"}"#, true),
        (r#"{"REGION": "y"}"#, false),
        (r#"{"user": 1}"#, false),
    ] {
        let document = serde_json::from_str(text).expect("JSON");
        assert_eq!(file.is_valid(&document), expected, "{text}");
    }
    fleet.fail(&["schema", "--list", "other.yaml"], 3);
    fleet.fail(&["schema", "--member"], 2);
}

#[test]
fn init_writes_the_schema_that_it_names() {
    let fleet = Fleet::empty();
    fleet.run(&["init"]);
    let first = fleet.read("fleet.yaml");
    let first = first.lines().next().expect("a line");
    assert_eq!(first, "# yaml-language-server: $schema=fleet.schema.json");
    assert_eq!(fleet.read("fleet.schema.json"), fleet.print(&["schema"]));
}
