//! `-o dir=PATH`: a directory of manifests.

use std::collections::BTreeSet;
use std::fs;

use super::fleet_with_clusters;

#[test]
fn output_directory_contains_the_printed_manifests() {
    let fleet = fleet_with_clusters(4);
    let dir = fleet.path("rendered");
    assert_eq!(
        fleet.run(&["generate", "-o", "dir=rendered"]).stderr,
        "5 files written, 0 removed\n"
    );
    let written = fleet.files("rendered");
    let expected = [
        "@fleet/@fleet.yaml",
        "c0/u0.yaml",
        "c0/u3.yaml",
        "c1/u1.yaml",
        "c2/u2.yaml",
    ];
    assert_eq!(
        written.keys().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
    let documents = |text: &str| -> BTreeSet<String> {
        let body = text.lines().filter(|line| !line.starts_with('#'));
        let body: Vec<&str> = body.collect();
        let objects = body.split(|line| *line == "---");
        objects.map(|object| object.join("\n")).collect()
    };
    let all: BTreeSet<String> = written.values().flat_map(|text| documents(text)).collect();
    assert_eq!(all, documents(&fleet.print(&["generate"])));
    // Files of others are kept, generated files that are no longer in the output are removed, and unchanged
    // files are not written.
    fs::write(dir.join("kustomization.yaml"), "resources: []\n").expect("a file");
    fleet.edit("users.yaml", "u1: {cell: c1} # end\n", "");
    let stderr = fleet.run(&["generate", "-o", "dir=rendered"]).stderr;
    assert_eq!(stderr, "0 files written, 1 removed\n");
    assert!(fleet.files("rendered").contains_key("kustomization.yaml"));
    assert!(!dir.join("c1").exists());
    // With one cell, the files of the others are kept.
    let stderr = fleet
        .run(&["generate", "-o", "dir=rendered", "--cell", "c0"])
        .stderr;
    assert_eq!(stderr, "0 files written, 0 removed\n");
}

/// Files that kubectl-fleet did not write stay as they are, and the message names them.
#[test]
fn foreign_files_stop_the_run() {
    let fleet = fleet_with_clusters(2);
    fleet.write("rendered/c1/u1.yaml", "ours: true\n");
    let said = fleet.fail(&["generate", "-o", "dir=rendered"], 5);
    let expected =
        "error[file-exists]: `rendered/c1/u1.yaml` exists, and kubectl-fleet did not generate it";
    assert!(said.starts_with(expected), "{said}");
    assert!(said.ends_with("; no file was written\n"), "{said}");
    let written = fleet.files("rendered");
    assert_eq!(written.into_keys().collect::<Vec<_>>(), ["c1/u1.yaml"]);
    assert_eq!(fleet.read("rendered/c1/u1.yaml"), "ours: true\n");
    // A directory at the path of a file, and a file at the path of a directory.
    fs::create_dir_all(fleet.path("other/c0/u0.yaml")).expect("a directory");
    let said = fleet.fail(&["generate", "-o", "dir=other"], 5);
    assert!(
        said.contains("must be a generated file, but is a directory"),
        "{said}"
    );
    fleet.write("third/c0", "");
    let said = fleet.fail(&["generate", "-o", "dir=third"], 5);
    assert!(
        said.contains("`third/c0` must be a directory, but is a file"),
        "{said}"
    );
    let said = fleet.fail(&["generate", "-o", "dir=users.yaml"], 5);
    assert!(
        said.contains("`users.yaml` must be a directory, but is a file"),
        "{said}"
    );
}

/// Two fleets do not share a directory: each would delete the files of the other.
#[test]
fn files_of_another_fleet_stop_the_run() {
    let fleet = fleet_with_clusters(2);
    let plain = fleet.read("fleet.yaml");
    let named = |name: &str| {
        let kind = format!("\nkind: Fleet\nmetadata: {{name: {name}}}\n");
        fleet.write("fleet.yaml", plain.replacen("\nkind: Fleet\n", &kind, 1));
    };
    let generate = ["generate", "-o", "dir=rendered"];
    for (before, mark) in [
        (None, "# Printed by kubectl-fleet: edit"),
        (
            Some("edge"),
            "# Printed by kubectl-fleet for the fleet edge: edit",
        ),
    ] {
        match before {
            None => fleet.write("fleet.yaml", &plain),
            Some(name) => named(name),
        }
        fleet.print(&generate);
        let written = fleet.files("rendered");
        assert!(
            written.values().all(|text| text.starts_with(mark)),
            "{written:?}"
        );
        assert_eq!(fleet.run(&generate).stderr, "0 files written, 0 removed\n");
        // No file of the other fleet has the same path.
        named("core");
        fleet.write("users.yaml", "zoe: {cell: z}\n");
        for args in [&generate[..], &[&generate[..], &["--cell", "z"]].concat()] {
            let said = fleet.fail(args, 5);
            let found = before.map_or("a fleet without a name".to_owned(), |name| {
                format!("the fleet `{name}`")
            });
            let expected = format!("` was generated for {found}, and this is the fleet `core`\n");
            assert!(said.contains(&expected), "{said}");
        }
        assert_eq!(fleet.files("rendered"), written);
        fs::remove_dir_all(fleet.path("rendered")).expect("a directory");
    }
}

/// A directory from which the fleet reads, even a generated file, gets no output.
#[test]
fn inputs_are_never_next_to_output() {
    let fleet = fleet_with_clusters(2);
    for dir in [".", "./", "nested/.."] {
        fs::create_dir_all(fleet.path("nested")).expect("a directory");
        let said = fleet.fail(&["generate", "-o", &format!("dir={dir}")], 5);
        assert!(
            said.contains("fleet.yaml`, which the fleet reads\n"),
            "{said}"
        );
    }
    fleet.edit("fleet.yaml", "list: users.yaml", "list: lists/users.yaml");
    fleet.write("lists/users.yaml", fleet.read("users.yaml"));
    let said = fleet.fail(&["generate", "-o", "dir=lists"], 5);
    assert!(
        said.contains("/users.yaml`, which the fleet reads\n"),
        "{said}"
    );
    assert_eq!(fleet.files("lists").len(), 1);
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_followed() {
    use std::os::unix::fs::symlink;

    use crate::fleet::Run;

    let fleet = fleet_with_clusters(1);
    fleet.print(&["generate", "-o", "dir=real"]);
    let before = fleet.files("real");
    fleet.edit("fleet.yaml", "eu-central-1", "us-east-1");
    symlink("real", fleet.path("link")).expect("a link");
    fs::create_dir_all(fleet.path("half")).expect("a directory");
    symlink("../real/c0", fleet.path("half/c0")).expect("a link");
    fs::create_dir_all(fleet.path("file/c0")).expect("a directory");
    symlink("../../real/c0/u0.yaml", fleet.path("file/c0/u0.yaml")).expect("a link");
    for dir in ["link", "link/", "link/.", "half", "file"] {
        let messages = fleet.fail(&["generate", "-o", &format!("dir={dir}")], 5);
        assert!(
            messages.contains(", but is a symbolic link\n"),
            "{dir}: {messages}"
        );
        assert_eq!(fleet.files("real"), before, "{dir}");
    }
    // A pipe at the path of a file would block a reader; other pipes and links stay.
    fs::create_dir_all(fleet.path("pipes/c0")).expect("a directory");
    symlink("../real/c0/u0.yaml", fleet.path("pipes/old.yaml")).expect("a link");
    for path in ["pipes/other.yaml", "pipes/c0/u0.yaml"] {
        Run::of(&mut fleet.command_of("mkfifo", &[path])).output();
    }
    let said = fleet.fail(&["generate", "-o", "dir=pipes"], 5);
    assert!(
        said.contains("but is a pipe, a socket or a device\n"),
        "{said}"
    );
    fs::remove_file(fleet.path("pipes/c0/u0.yaml")).expect("a pipe");
    fleet.print(&["generate", "-o", "dir=pipes"]);
    assert!(fleet.path("pipes/old.yaml").is_symlink());
    assert!(fleet.path("pipes/other.yaml").exists());
}

/// Names that a tool or a system gives a meaning get a prefix.
#[test]
fn names_with_a_meaning_get_a_prefix() {
    let fleet = fleet_with_clusters(0);
    let users =
        "kustomization: {cell: Chart.yaml}\nfleet: {cell: a}\ncon: {cell: a}\nkustom: {cell: a}\n";
    fleet.write("users.yaml", users);
    fleet.print(&["generate", "-o", "dir=rendered"]);
    let written = fleet.files("rendered");
    let expected = [
        "@cell-Chart.yaml/@cluster-kustomization.yaml",
        "@fleet/@fleet.yaml",
        "a/@cluster-con.yaml",
        "a/@cluster-fleet.yaml",
        "a/kustom.yaml",
    ];
    assert_eq!(
        written.keys().map(String::as_str).collect::<Vec<_>>(),
        expected
    );
    let cell = ["--cell", "Chart.yaml"];
    let said = fleet.run(&[&["generate", "-o", "dir=rendered"], &cell[..]].concat());
    assert_eq!(said.stderr, "0 files written, 0 removed\n");
    fleet.write("users.yaml", "alice: {cell: eu}\nbob: {cell: EU}\n");
    let said = fleet.fail(&["generate", "-o", "dir=rendered"], 3);
    assert!(said.starts_with("error[twin-files]: cells `"), "{said}");
    assert!(said.contains("--> users.yaml:"), "{said}");
    assert_eq!(fleet.files("rendered"), written);
}

/// The next run would read its own output, from a directory that does not exist yet, too.
#[test]
fn patterns_of_the_fleet_match_no_output() {
    let fleet = fleet_with_clusters(1);
    let written = fleet
        .read("fleet.yaml")
        .replace("users.yaml", "'members/**/*.yaml'");
    fleet.write("fleet.yaml", written);
    fleet.write("members/eu/u0.yaml", "cell: c0\n");
    for dir in [
        "members/out",
        "members/new/out",
        "./members/eu/../out",
        "absent/../members/out",
    ] {
        let said = fleet.fail(&["generate", "-o", &format!("dir={dir}")], 5);
        let expected = "it matches the pattern `**/*.yaml` of the fleet";
        assert!(
            said.starts_with("error[file-exists]: the next run would read `"),
            "{said}"
        );
        assert!(said.contains(expected), "{said}");
    }
    assert!(!fleet.path("members/out").exists() && !fleet.path("absent").exists());
    let said = fleet
        .run(&["generate", "-o", "dir=absent/../rendered"])
        .stderr;
    assert!(said.contains("files written"), "{said}");
    assert!(fleet.path("rendered").exists() && !fleet.path("absent").exists());
}

#[test]
fn empty_files_of_others_are_kept() {
    let fleet = fleet_with_clusters(1);
    fleet.write("rendered/c0/u0.yaml", "");
    let said = fleet.fail(&["generate", "-o", "dir=rendered"], 5);
    assert!(said.contains("kubectl-fleet did not generate it"), "{said}");
    assert_eq!(fleet.read("rendered/c0/u0.yaml"), "");
}
