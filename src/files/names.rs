//! Names of the files that kubectl-fleet reads and writes, and the mark of generated files.

/// Path of the fleet's main file.
pub const FLEET: &str = "fleet.yaml";
/// Path of the lock.
pub const LOCK: &str = "fleet.lock";
/// Start and end of the first line of each generated file.
const MARK: [&str; 2] = ["# Printed by kubectl-fleet", ": edit the fleet instead.\n"];
/// Text of the mark before the name of a fleet.
const MARK_NAME: &str = " for the fleet ";
/// Maximum length of a mark; the name of a fleet is a DNS label.
pub const MARK_LENGTH: usize = 128;

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

/// Returns the first line of each generated file of a fleet. A generated file that the output no longer contains is
/// removed.
pub fn mark(fleet: Option<&str>) -> String {
    let [start, end] = MARK;
    match fleet {
        Some(name) => format!("{start}{MARK_NAME}{name}{end}"),
        None => format!("{start}{end}"),
    }
}

/// Returns the fleet of the mark that a file begins with: its name, or `Some(None)` for a fleet without a name. Returns
/// `None` if the file does not begin with a mark.
pub fn marked_fleet(text: &str) -> Option<Option<&str>> {
    let [start, end] = MARK;
    let rest = text.strip_prefix(start)?;
    let (name, _) = rest.split_once(end)?;
    if name.is_empty() {
        return Some(None);
    }
    let name = name.strip_prefix(MARK_NAME)?;
    (!name.contains('\n')).then_some(Some(name))
}

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
    use super::{has_meaning, mark, marked_fleet};

    #[test]
    fn marks_name_their_fleet() {
        for fleet in [None, Some("edge"), Some("a-1")] {
            assert_eq!(
                marked_fleet(&format!("{}kind: x\n", mark(fleet))),
                Some(fleet)
            );
        }
        for text in [
            "",
            "kind: x\n",
            "# Printed by kubectl-fleet\n: edit the fleet instead.\n",
        ] {
            assert_eq!(marked_fleet(text), None, "{text}");
        }
    }

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
