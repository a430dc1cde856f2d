//! Names of the files that kubectl-fleet reads and writes, and the mark of generated files.

/// Path of the fleet's main file.
pub const FLEET: &str = "fleet.yaml";
/// Path of the lock.
pub const LOCK: &str = "fleet.lock";
/// First line of each generated file; a generated file that the output no longer contains is removed.
pub const MARK: &str = "# Printed by kubectl-fleet: edit the fleet instead.\n";

/// Names of files to which a tool gives a meaning, in lower case: kustomize, Helm, Rancher Fleet and kubectl-fleet.
const WITH_MEANING: [&str; 6] = [
    "chart.yaml",
    FLEET,
    LOCK,
    "kustomization",
    "kustomization.yaml",
    "kustomization.yml",
];

/// Names of devices on Windows, in lower case: no file can have such a name, with any ending.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// Returns `true` if a file or directory should not have this name, because a tool or a system gives it a meaning. Case
/// does not matter, as on most disks of Windows and macOS.
pub fn has_meaning(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = name.split_once('.').map_or(&*name, |(stem, _)| stem);
    let is_port = match stem.strip_prefix("com").or(stem.strip_prefix("lpt")) {
        Some(number) => matches!(number.as_bytes(), [b'0'..=b'9']),
        None => false,
    };
    name.starts_with('.') || WITH_MEANING.contains(&&*name) || DEVICES.contains(&stem) || is_port
}

#[cfg(test)]
mod tests {
    use super::has_meaning;

    #[test]
    fn names_with_a_meaning_are_known_in_any_case() {
        for name in [
            "kustomization.yaml",
            "Kustomization",
            "Chart.yaml",
            "fleet.lock",
            ".argocd-source-x.yaml",
            "con.yaml",
            "COM1",
            "lpt9.x.yaml",
        ] {
            assert!(has_meaning(name), "{name}");
        }
        for name in [
            "alice.yaml",
            "chart",
            "console.yaml",
            "com10",
            "com",
            "fleet",
        ] {
            assert!(!has_meaning(name), "{name}");
        }
    }
}
