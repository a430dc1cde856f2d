//! The candidates for the word at the cursor of a shell: `kubectl-fleet __complete WORD… CURRENT`.
//!
//! The protocol is that of kubectl for plugins (`pkg/cmd/plugin/plugin_completion.go` in k8s.io/kubectl v0.36): a line
//! for each candidate, with a description after a tab, and last a directive of Cobra.

mod found;
mod line;
mod values;

use std::ffi::OsString;
use std::io::Write as _;

use clap::{Arg, Command};

use found::{Candidate, Directive, Found};
use line::{Expected, Line};

/// The hidden command with this interface.
pub(super) const COMMAND: &str = "__complete";

/// Prints the candidates. Never fails and never writes to stderr, because the user is typing a command.
pub(super) fn run(mut command: Command, words: &[OsString]) {
    command.build();
    let words: Vec<String> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let (current, before) = match words.split_last() {
        Some((current, before)) => (current.as_str(), before),
        None => ("", &[][..]),
    };
    let line = Line::read(&command, before);
    let (found, prefix) = find(&line, current);
    let mut out = std::io::stdout().lock();
    let is_shown = |candidate: &&Candidate| {
        candidate.text.starts_with(&current[prefix.len()..])
            && !candidate.text.contains(char::is_control)
    };
    let lines = found.candidates.iter().filter(is_shown);
    let lines = lines.map(|candidate| {
        let about = candidate.about.lines().next().unwrap_or_default();
        let tab = if about.is_empty() { "" } else { "\t" };
        format!("{prefix}{}{tab}{about}\n", candidate.text)
    });
    let lines: String = lines.collect();
    let _ = writeln!(out, "{lines}:{}", found.directive as u8);
    let _ = out.flush();
}

/// Returns the candidates, and the part of the current word before them.
fn find<'w>(line: &Line<'_>, current: &'w str) -> (Found, &'w str) {
    if let Expected::Value(arg) = line.expected {
        return (values::of(line, arg, current), "");
    }
    if line.options_allowed && current.starts_with('-') {
        if let Some((name, _)) = current.split_once('=')
            && let Some(arg) = name.strip_prefix("--").and_then(|long| line.option(long))
        {
            let prefix = &current[..=name.len()];
            return (values::of(line, arg, &current[prefix.len()..]), prefix);
        }
        return (options(line.command), "");
    }
    if line.positionals.is_empty() && line.command.has_subcommands() {
        return (subcommands(line.command), "");
    }
    match line.positional() {
        Some(arg) => (values::of(line, arg, current), ""),
        None => (Found::none(), ""),
    }
}

fn subcommands(command: &Command) -> Found {
    let visible = command.get_subcommands().filter(|one| !one.is_hide_set());
    let candidate = |one: &Command| Candidate {
        text: one.get_name().to_owned(),
        about: one.get_about().map(ToString::to_string).unwrap_or_default(),
    };
    Found {
        candidates: visible.map(candidate).collect(),
        directive: Directive::NoFiles,
    }
}

fn options(command: &Command) -> Found {
    let visible = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let candidates = visible.flat_map(|arg| {
        let about = help(arg);
        let long = arg.get_long().map(|long| format!("--{long}"));
        let short = arg.get_short().map(|short| format!("-{short}"));
        let names = long.into_iter().chain(short);
        names.map(move |text| Candidate {
            text,
            about: about.clone(),
        })
    });
    Found {
        candidates: candidates.collect(),
        directive: Directive::NoFiles,
    }
}

fn help(arg: &Arg) -> String {
    arg.get_help().map(ToString::to_string).unwrap_or_default()
}
