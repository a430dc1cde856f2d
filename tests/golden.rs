//! Every directory of `testdata/` contains a fleet and its expected output.
//!
//! ```text
//! testdata/ok/<case>/in/**            the fleet
//!                    out/all.yaml     what `generate in` prints
//!                    out/all.jsonl    what `generate in -o json` prints
//!                    out/stderr.txt   its warnings, if it has any
//!                    out/spoke-*      the same of `generate in --spoke NAME`, for each of its spokes
//! testdata/err/<case>/in/**           the fleet
//!                     err.txt         `exit: N`, then what `generate in` says on stderr
//! testdata/diff/<case>/base/**        the fleet before a change
//!                      head/**        the fleet after it
//!                      diff.txt       `exit: N`, then what `diff head --base base` says on stdout and stderr
//!                      diff.md        the comment, unless a side has an error
//!                      diff.json      the JSON, unless a side has an error
//! testdata/reports/<case>/in/**       the fleet, in the directory `fleets/in` of a repository
//!                         github.txt  what `validate in -o github` prints; the same for `gitlab.json`, `sarif.json`
//!                                     and `junit.xml`
//! testdata/matrix/<case>/base, head    the same
//!                      report.*       what `report head` prints in each format
//!                      change.*       what `report head --base base` prints
//! ```
//!
//! `SNAPSHOTS=overwrite cargo test --test golden` writes the current output.

#![expect(
    clippy::disallowed_methods,
    reason = "these tests read directories of fleets"
)]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use datatest_stable::Result;
use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

datatest_stable::harness! {
    { test = ok, root = "testdata/ok", pattern = r"^[^/]+/in/fleet\.ya?ml$" },
    { test = diff, root = "testdata/diff", pattern = r"^[^/]+/head/fleet\.ya?ml$" },
    { test = report, root = "testdata/reports", pattern = r"^[^/]+/in/fleet\.ya?ml$" },
    { test = matrix, root = "testdata/matrix", pattern = r"^[^/]+/head/fleet\.ya?ml$" },
    { test = err, root = "testdata/err", pattern = r"^[^/]+/in/fleet\.ya?ml$" },
}

fn ok(fleet: &Path) -> Result<()> {
    let case = case(fleet)?;
    let mut expected = BTreeSet::from(["in".to_owned()]);
    let (lines, stderr) = printed(case, "all", &[], &mut expected)?;
    if !stderr.is_empty() {
        is(stderr.clone(), &case.join("out/stderr.txt"));
        expected.insert("out/stderr.txt".to_owned());
    }
    for spoke in spokes(&lines)? {
        let (_, same) = printed(
            case,
            &format!("spoke-{spoke}"),
            &["--spoke", &spoke],
            &mut expected,
        )?;
        assert_eq!(same, stderr, "of the spoke `{spoke}`");
    }
    holds_only(case, &expected)?;
    assert_eq!(
        validate(case, 0)?,
        codes(&stderr),
        "`validate` finds more or less"
    );
    Ok(())
}

fn err(fleet: &Path) -> Result<()> {
    let case = case(fleet)?;
    let run = run(case, &["generate", "in"])?;
    let stderr = String::from_utf8(run.stderr)?;
    let code = run.status.code().expect("an exit code");
    assert_eq!(String::from_utf8(run.stdout)?, "", "stdout");
    assert!(code != 0 && code != 70, "exit {code}\n{stderr}");
    is(format!("exit: {code}\n{stderr}"), &case.join("err.txt"));
    holds_only(
        case,
        &BTreeSet::from(["in", "err.txt"].map(ToOwned::to_owned)),
    )?;
    assert_eq!(
        validate(case, 1)?,
        codes(&stderr),
        "`validate` finds more or less"
    );
    Ok(())
}

fn diff(fleet: &Path) -> Result<()> {
    let case = case(fleet)?;
    let args = ["diff", "head", "--base", "base"];
    let text = run(case, &args)?;
    let code = text.status.code().expect("an exit code");
    let [stdout, stderr] = [text.stdout, text.stderr].map(String::from_utf8);
    let stdout = stdout?;
    is(
        format!("exit: {code}\n{stdout}{}", stderr?),
        &case.join("diff.txt"),
    );
    let mut expected = BTreeSet::from(["base", "head", "diff.txt"].map(ToOwned::to_owned));
    if !stdout.is_empty() {
        let formats = [("markdown", "diff.md"), ("json", "diff.json")];
        let [_, json] = formats.map(|(format, file)| {
            let printed = run(case, &[&args[..], &["-o", format]].concat()).expect(format);
            assert_eq!(printed.status.code(), Some(code), "of {format}");
            let text = String::from_utf8(printed.stdout).expect("UTF-8");
            is(text.clone(), &case.join(file));
            expected.insert(file.to_owned());
            text
        });
        check_schema(&serde_json::from_str(&json)?)?;
        if code <= 1 {
            check_patch(case)?;
        }
        let same = run(case, &["diff", "head", "--base", "head"])?;
        // A base that its own guards reject is an error.
        let expected = if code <= 1 { 0 } else { code };
        assert_eq!(same.status.code(), Some(expected), "of equal sides");
    }
    holds_only(case, &expected)
}

fn report(fleet: &Path) -> Result<()> {
    let case = case(fleet)?;
    let repository = tempfile::tempdir()?;
    fs::create_dir(repository.path().join(".git"))?;
    let dir = repository.path().join("fleets");
    copy(&case.join("in"), &dir.join("in"))?;
    let text = run(&dir, &["validate", "in"])?;
    let text = (text.status.code(), String::from_utf8(text.stderr)?);
    let mut expected = BTreeSet::from(["in".to_owned()]);
    for file in ["github.txt", "gitlab.json", "sarif.json", "junit.xml"] {
        let format = file.split('.').next().ok_or("a format")?;
        let printed = run(&dir, &["validate", "in", "-o", format])?;
        let report = String::from_utf8(printed.stdout)?;
        let found = (printed.status.code(), String::from_utf8(printed.stderr)?);
        if format == "github" {
            let summary = text.1.lines().last().ok_or("a summary")?;
            assert_eq!(found, (text.0, format!("{summary}\n")));
            let is_command = |line: &str| line.starts_with("::");
            assert!(report.lines().all(is_command), "{report}");
        } else {
            assert_eq!(found, text, "of {format}");
        }
        let is_inert = |c: char| c == '\n' || !(c.is_control() || "\u{202e}\u{fffe}".contains(c));
        assert!(report.chars().all(is_inert), "{report:?}");
        is(report, &case.join(file));
        expected.insert(file.to_owned());
    }
    holds_only(case, &expected)
}

fn matrix(fleet: &Path) -> Result<()> {
    let case = case(fleet)?;
    let mut expected = BTreeSet::from(["base", "head"].map(ToOwned::to_owned));
    let sides = [
        ("report", &["head"][..]),
        ("change", &["head", "--base", "base"]),
    ];
    let formats = [("markdown", "md"), ("csv", "csv"), ("mermaid", "mmd")];
    for (name, args) in sides {
        for (format, extension) in formats {
            let printed = run(case, &[&["report", "-o", format], args].concat())?;
            assert_eq!(String::from_utf8(printed.stderr)?, "", "of {format}");
            let file = format!("{name}.{extension}");
            // Records of CSV end with a carriage return, which Git must not change.
            let text = String::from_utf8(printed.stdout)?.replace('\r', "\u{240d}");
            is(text, &case.join(&file));
            expected.insert(file);
        }
        check_page(case, args)?;
    }
    holds_only(case, &expected)
}

/// Copies a directory.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Checks that a page contains no secret, and that no text of the fleet is markup. Secrets in the cases contain `canary-in`.
fn check_page(case: &Path, args: &[&str]) -> Result<()> {
    let printed = run(case, &[&["report", "-o", "html"], args].concat())?;
    let page = String::from_utf8(printed.stdout)?;
    assert!(page.starts_with("<!DOCTYPE html>"), "{args:?}");
    assert!(!page.contains("canary-in"), "{args:?}");
    assert_eq!(page.matches("</script>").count(), 2, "{args:?}");
    assert!(
        !page.contains("<img") && !page.contains('\u{202e}'),
        "{args:?}"
    );
    Ok(())
}

/// Checks the JSON of a difference with the published schema.
fn check_schema(json: &serde_json::Value) -> Result<()> {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../docs/reference/diff.schema.json"))?;
    let validator = jsonschema::validator_for(&schema)?;
    let errors: Vec<String> = validator
        .iter_errors(json)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    Ok(())
}

/// Checks that `patch` turns the output of the base into that of the head.
fn check_patch(case: &Path) -> Result<()> {
    let [base, head] = [["generate", "base"], ["generate", "head"]].map(|args| run(case, &args));
    let patch = run(case, &["diff", "head", "--base", "base", "-o", "patch"])?;
    let dir = tempfile::tempdir()?;
    fs::write(dir.path().join("manifests.yaml"), base?.stdout)?;
    fs::write(dir.path().join("change.patch"), patch.stdout)?;
    let args = ["-p1", "--silent", "--input", "change.patch"];
    let status = Command::new("patch")
        .args(args)
        .current_dir(dir.path())
        .status()?;
    assert!(status.success(), "patch applies the change");
    let patched = fs::read_to_string(dir.path().join("manifests.yaml"))?;
    assert_eq!(patched, String::from_utf8(head?.stdout)?);
    Ok(())
}

/// Compares the output of a fleet in both formats; returns the JSON and the warnings.
fn printed(
    case: &Path,
    name: &str,
    args: &[&str],
    expected: &mut BTreeSet<String>,
) -> Result<(String, String)> {
    let yaml = run(case, &[&["generate", "in"], args].concat())?;
    let json = run(case, &[&["generate", "in", "-o", "json"], args].concat())?;
    let stderr = String::from_utf8(yaml.stderr)?;
    assert_eq!(yaml.status.code(), Some(0), "{stderr}");
    assert_eq!(json.status.code(), Some(0));
    assert_eq!(stderr, String::from_utf8(json.stderr)?, "of both forms");
    let lines = String::from_utf8(json.stdout)?;
    for (form, printed) in [
        ("yaml", String::from_utf8(yaml.stdout)?),
        ("jsonl", lines.clone()),
    ] {
        let golden = format!("out/{name}.{form}");
        is(printed, &case.join(&golden));
        expected.insert(golden);
    }
    Ok((lines, stderr))
}

/// Returns the spokes of a fleet.
fn spokes(lines: &str) -> Result<BTreeSet<String>> {
    let mut spokes = BTreeSet::new();
    for line in lines.lines() {
        let object: serde_json::Value = serde_json::from_str(line)?;
        let parameters = &object["spec"]["source"]["plugin"]["parameters"];
        let parameters = parameters.as_array().into_iter().flatten();
        let named = parameters.filter(|parameter| parameter["name"] == "spoke");
        spokes.extend(named.filter_map(|named| Some(named["string"].as_str()?.to_owned())));
    }
    Ok(spokes)
}

fn case(fleet: &Path) -> Result<&Path> {
    let case = fleet.parent().and_then(Path::parent);
    Ok(case.ok_or("a case has a directory")?)
}

fn run(case: &Path, args: &[&str]) -> Result<Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-fleet"));
    Ok(command.args(args).current_dir(case).env_clear().output()?)
}

fn is(actual: String, golden: &Path) {
    let expected = Data::read_from(golden, Some(DataFormat::Text)).raw();
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(Data::text(actual).raw(), expected);
}

/// Returns the codes that `validate` reports, in both formats of its messages.
fn validate(case: &Path, code: i32) -> Result<Vec<String>> {
    let text = run(case, &["validate", "in"])?;
    let json = run(case, &["validate", "in", "-o", "json"])?;
    assert_eq!(text.status.code(), Some(code), "of `validate`");
    assert_eq!(json.status.code(), Some(code), "of `validate -o json`");
    assert_eq!(
        (text.stdout.as_slice(), json.stderr.as_slice()),
        (&[][..], &[][..])
    );
    let json: serde_json::Value = serde_json::from_slice(&json.stdout)?;
    let messages = json["messages"].as_array().ok_or("no messages")?;
    let code = |message: &serde_json::Value| message["code"].as_str().map(ToOwned::to_owned);
    let found: Vec<String> = messages.iter().filter_map(code).collect();
    assert_eq!(
        codes(&String::from_utf8(text.stderr)?),
        found,
        "of both forms"
    );
    Ok(found)
}

/// Returns the codes of messages, in order.
fn codes(stderr: &str) -> Vec<String> {
    let code = |line: &str| {
        let rest = line
            .strip_prefix("error[")
            .or_else(|| line.strip_prefix("warning["))?;
        Some(rest.split_once(']')?.0.to_owned())
    };
    stderr.lines().filter_map(code).collect()
}

/// Checks that the directory of a case contains only files that a test reads.
fn holds_only(case: &Path, expected: &BTreeSet<String>) -> Result<()> {
    let names = |dir: &Path| -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(dir)?.map(|entry| Ok(entry?.path()));
        entries.collect()
    };
    let mut found = names(case)?;
    if expected.contains("out/all.yaml") {
        found.retain(|path| path.file_name() != Some(OsStr::new("out")));
        found.extend(names(&case.join("out"))?);
    }
    let found: BTreeSet<_> = found
        .iter()
        .filter_map(|path| path.strip_prefix(case).ok())
        .collect();
    let expected: BTreeSet<_> = expected.iter().map(Path::new).collect();
    assert_eq!(found, expected, "the files of the case");
    Ok(())
}
