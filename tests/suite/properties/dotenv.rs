//! A `.env` file has the meaning that the shell `sh` gives it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::process::{Command, Stdio};

use kubectl_fleet::diagnostic::Diagnostics;
use kubectl_fleet::input::dotenv;
use kubectl_fleet::source::Sources;
use kubectl_fleet::tree::{Part, Style};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::cases;
use crate::fleet::Fleet;

/// The variables that are compared.
const NAMES: [&str; 7] = ["A", "B", "C", "AB", "_x", "HOME", "USER"];
/// A value in the shell's environment. It is not a valid path, so that no file is written elsewhere.
const ENVIRONMENT: [(&str, &str); 2] = [("HOME", "h  *"), ("USER", "u'\"$A\\")];
/// Number of files that one shell reads.
const BATCH: usize = 500;

/// The value of each variable; `None` if it is unset.
type Values = BTreeMap<&'static str, Option<String>>;

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(words).prop_map(ToOwned::to_owned)
}

fn many(word: impl Strategy<Value = String>, most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(word, 0..=most).prop_map(|words| words.concat())
}

/// Generates a value; after `export`, braces are quoted.
fn value() -> impl Strategy<Value = String> {
    let variable = || one_of(&["$A", "$B", "${A}", "${C}", "$HOME", "${USER}", "$AB", "$_x"]);
    let bare = one_of(&[
        "a", "1", "é", "=", ":", ".", "-", "#", "*", "?", "[a]", "!", "%", "}", ",", "$%", "$.",
        "x~", "\\ ", "\\\t", "\\a", "\\\\", "\\$", "\\'", "\\\"", "\\#", "\\;", "\\|", "\\~",
        ".\\\n", "\u{1}", "\u{b}", "\u{2028}",
    ]);
    let single = one_of(&[
        " ", "\n", "a", "\\", "\\\n", "\"", "$A", "`", "#", ";", "&", "(", "~", "$(", "é", "\u{1}",
    ]);
    let double = one_of(&[
        " ", "\n", "a", "\\a", "\\\\", "\\\"", "\\$", "\\`", "\\n", "\\'", ".\\\n", "'", "#", ";",
        "&", "(", "~", ":", "{", "$ ", "$%", "$'", "é", "\t", "\u{1}",
    ]);
    let double = prop_oneof![3 => double, 1 => variable()];
    let piece = prop_oneof![
        4 => bare,
        2 => variable(),
        1 => many(single, 4).prop_map(|text| format!("'{text}'")),
        2 => many(double, 5).prop_map(|text| format!("\"{text}\"")),
    ];
    many(piece, 5)
}

/// Generates a file that contains only assignments.
fn file() -> impl Strategy<Value = String> {
    let name = || select(&NAMES[..]);
    let blank = || one_of(&[" ", " ", "\t", "  ", " \\\n", " \\\n\\\n\t"]);
    let assignment = || (name(), value()).prop_map(|(name, value)| format!("{name}={value}"));
    let words = |word: BoxedStrategy<String>| {
        let word = (blank(), word).prop_map(|(blank, word)| blank + &word);
        proptest::collection::vec(word, 1..4).prop_map(|words| words.concat())
    };
    let export = prop_oneof![3 => assignment(), 1 => name().prop_map(ToOwned::to_owned)];
    let command = prop_oneof![
        3 => words(assignment().boxed()),
        1 => (assignment(), one_of(&["{a,b}", "{1..3}", "{"])).prop_map(|(one, brace)| one + &brace),
        3 => words(export.boxed()).prop_map(|words| format!("export{words}")),
        1 => words(name().prop_map(ToOwned::to_owned).boxed()).prop_map(|words| format!("unset{words}")),
    ];
    let end = one_of(&[
        "\n",
        "\n",
        " \n",
        ";",
        " ; ",
        ";\n",
        "\n\n",
        " # it's $(\n",
        ";#\\\n",
        "\n \\\n",
    ]);
    many((command, end).prop_map(|(command, end)| command + &end), 5)
}

/// Generates a file that almost consists of assignments, or a sequence of random words.
fn near_miss() -> impl Strategy<Value = String> {
    let word = || {
        one_of(&[
            "A", "B", "=", "A=", "B=1", "$", "${", "}", "{", "(", ")", "$(", "`", "'", "\"", "\\",
            "\\\n", "\n", " ", "\t", ";", "&", "|", "<", ">", "#", "~", ":~", "!", "[", "+=",
            "export ", "unset ", "echo ", "set -a\n", "-", "1", ":", "a", ",", "$A", "$B",
            "${A:-b}", "$1", "$?", "${#A}", "if ", "fi", "A[0]=", "$'", "$\"", "\u{feff}", "é",
        ])
    };
    let change = (any::<prop::sample::Index>(), any::<bool>(), word());
    let changed = (file(), proptest::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut letters: Vec<String> = text.chars().map(String::from).collect();
        for (index, is_replaced, word) in changes {
            let at = index.index(letters.len() + 1);
            let end = (at + usize::from(is_replaced)).min(letters.len());
            letters.splice(at..end, [word]);
        }
        letters.concat()
    });
    prop_oneof![2 => changed, 1 => many(word(), 12)]
}

/// Returns the values that this program reads, or `None` if there is an error.
fn parse(text: &str) -> Option<Values> {
    let mut sources = Sources::default();
    let file = sources.add(".env", text.to_owned());
    let mut diags = Diagnostics::default();
    let entries = dotenv::read(file, &sources.text(file), &mut diags).unwrap_or_default();
    diags.checkpoint().ok()?;
    let outside = |name: &str| {
        let known = ENVIRONMENT.iter().find(|(known, _)| *known == name);
        known.map(|(_, value)| (*value).to_owned())
    };
    let mut values: Values = NAMES.iter().map(|name| (*name, outside(name))).collect();
    for entry in &entries {
        let name = entry.key.text.literal().unwrap();
        let scalar = entry.value.as_scalar().unwrap();
        let text = |part: Part| match part {
            Part::Literal(text) => text.to_string(),
            Part::Expression(slot) => outside(&slot.expression.path[0]).unwrap_or_default(),
            part => panic!("{part:?}"),
        };
        let filled = scalar.text.parts().into_iter().map(text).collect();
        if let Some(name) = NAMES.iter().find(|known| **known == name) {
            values.insert(name, (scalar.style == Style::Quoted).then_some(filled));
        }
    }
    Some(values)
}

/// Returns the values that a shell reads from each file, or `None` if it fails or prints a message.
fn run_shell(texts: &[String]) -> Vec<Option<Values>> {
    let dir = Fleet::empty();
    let files: Vec<String> = (0..texts.len()).map(|number| number.to_string()).collect();
    for (file, text) in files.iter().zip(texts) {
        dir.write(file, text);
    }
    let shown: Vec<_> = NAMES
        .iter()
        .map(|name| format!("\"${{{name}+=${name}}}\""))
        .collect();
    let script = format!(
        "PATH=none
        for file in \"$@\"; do (
            . \"./$file\" >\"$file.out\" 2>&1
            status=$?
            printf '%s\\000' \"$status\" {} >\"$file.values\"
        ) done",
        shown.join(" ")
    );
    let status = Command::new("sh")
        .args(["-c", &script, "sh"])
        .args(&files)
        .current_dir(dir.dir())
        .env_clear()
        .env("PATH", env::var("PATH").unwrap())
        .envs(ENVIRONMENT)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("a POSIX shell of the name `sh` on the PATH");
    assert!(status.code().is_some(), "{status}");
    let values = |file: &String| {
        let said = fs::read(dir.path(&format!("{file}.out"))).ok()?;
        let values = fs::read_to_string(dir.path(&format!("{file}.values"))).ok()?;
        let mut values = values.strip_suffix('\0')?.split('\0');
        let is_accepted = said.is_empty() && values.next() == Some("0");
        let value = |value: &str| value.strip_prefix('=').map(ToOwned::to_owned);
        is_accepted.then(|| NAMES.into_iter().zip(values.map(value)).collect())
    };
    files.iter().map(values).collect()
}

/// Returns generated files, each with the values of this program and of a shell.
fn readings(
    strategy: &impl Strategy<Value = String>,
    batches: usize,
) -> Vec<(String, Option<Values>, Option<Values>)> {
    let mut runner = TestRunner::new(cases(1));
    let mut readings = Vec::new();
    for _ in 0..batches {
        let text = |_| strategy.new_tree(&mut runner).unwrap().current();
        let texts: Vec<String> = (0..BATCH).map(text).collect();
        let run_shell = run_shell(&texts);
        let read = texts.into_iter().zip(run_shell);
        readings.extend(read.map(|(text, run_shell)| {
            let parse = parse(&text);
            (text, parse, run_shell)
        }));
    }
    readings
}

#[test]
fn assignments_have_the_values_of_a_shell() {
    for (text, parse, run_shell) in readings(&file(), 4) {
        assert!(parse.is_some(), "refused: {text:?}");
        assert_eq!(parse, run_shell, "{text:?}");
    }
}

#[test]
fn accepted_files_have_the_values_of_a_shell() {
    let readings = readings(&near_miss(), 6);
    let is_accepted = |one: &&(_, Option<Values>, _)| one.1.is_some();
    let accepted = readings.iter().filter(is_accepted).count();
    let few = readings.len() / 10;
    assert!(
        (few..readings.len() - few).contains(&accepted),
        "{accepted}"
    );
    for (text, parse, run_shell) in readings {
        if parse.is_some() {
            assert_eq!(parse, run_shell, "{text:?}");
        }
    }
}
