//! `-o dir=PATH`: a folder of manifests.

use std::collections::BTreeSet;
use std::fs;

use super::{Fleet, files, stderr};

#[test]
fn a_folder_of_manifests_is_what_is_printed() {
    let fleet = Fleet::new(4);
    let folder = fleet.0.path().join("rendered");
    assert_eq!(
        stderr(&fleet.run(&["generate", "-o", "dir=rendered"])),
        "5 files written, 0 removed\n"
    );
    let written = files(&folder);
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
    assert_eq!(all, documents(&fleet.printed(&["generate"])));
    // What is not ours stays, what nothing prints goes, what is the same is not touched.
    fs::write(folder.join("kustomization.yaml"), "resources: []\n").expect("a file");
    fleet.edit("users.yaml", "u1: {cell: c1} # end\n", "");
    let said = stderr(&fleet.run(&["generate", "-o", "dir=rendered"]));
    assert_eq!(said, "0 files written, 1 removed\n");
    assert!(files(&folder).contains_key("kustomization.yaml"));
    assert!(!folder.join("c1").exists());
    // Of one cell: the others stay.
    let said = stderr(&fleet.run(&["generate", "-o", "dir=rendered", "--cell", "c0"]));
    assert_eq!(said, "0 files written, 0 removed\n");
}
