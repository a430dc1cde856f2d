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
