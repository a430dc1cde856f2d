//! The words before the cursor.

use std::path::PathBuf;

use clap::{Arg, Command};

/// A command line up to the cursor.
pub(super) struct Line<'c> {
    /// The innermost command.
    pub(super) command: &'c Command,
    /// The names of the commands below the program.
    pub(super) path: Vec<&'c str>,
    /// The positional arguments of that command.
    pub(super) positionals: Vec<String>,
    /// The values of options, by the identifiers of the options.
    pub(super) values: Vec<(&'c str, String)>,
    /// Whether the next word can be an option: there was no `--`.
    pub(super) options_allowed: bool,
    /// What the next word is.
    pub(super) expected: Expected<'c>,
}

/// What the word at the cursor is.
#[derive(Clone, Copy)]
pub(super) enum Expected<'c> {
    /// A command, an option or a positional argument.
    Any,
    /// The value of an option.
    Value(&'c Arg),
}

impl<'c> Line<'c> {
    /// Reads words as the parser does, and ignores errors.
    pub(super) fn read(program: &'c Command, words: &[String]) -> Self {
        let mut line = Self {
            command: program,
            path: Vec::new(),
            positionals: Vec::new(),
            values: Vec::new(),
            options_allowed: true,
            expected: Expected::Any,
        };
        for word in words {
            line.add(word);
        }
        line
    }

    fn add(&mut self, word: &str) {
        if let Expected::Value(arg) = self.expected {
            self.values.push((arg.get_id().as_str(), word.to_owned()));
            self.expected = Expected::Any;
            return;
        }
        if self.options_allowed && word == "--" {
            self.options_allowed = false;
            return;
        }
        if self.options_allowed && word.len() > 1 && word.starts_with('-') {
            self.add_option(word);
            return;
        }
        let next = self.command.find_subcommand(word);
        if let Some(next) = next.filter(|_| self.positionals.is_empty()) {
            self.command = next;
            self.path.push(next.get_name());
        } else {
            self.positionals.push(word.to_owned());
        }
    }

    fn add_option(&mut self, word: &str) {
        let (arg, value) = if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            (self.option(name), value)
        } else {
            let mut chars = word[1..].chars();
            let short = chars.next();
            let rest = chars.as_str();
            let mut all = self.command.get_arguments();
            let arg = all.find(|arg| arg.get_short() == short);
            (
                arg,
                (!rest.is_empty()).then_some(rest.trim_start_matches('=')),
            )
        };
        match (arg, value) {
            (Some(arg), Some(value)) => {
                self.values.push((arg.get_id().as_str(), value.to_owned()));
            }
            (Some(arg), None) if arg.get_action().takes_values() => {
                self.expected = Expected::Value(arg);
            }
            _ => {}
        }
    }

    /// Returns the option with a long name.
    pub(super) fn option(&self, long: &str) -> Option<&'c Arg> {
        let mut all = self.command.get_arguments();
        all.find(|arg| arg.get_long() == Some(long))
    }

    /// Returns the positional argument at the cursor.
    pub(super) fn positional(&self) -> Option<&'c Arg> {
        let all: Vec<&Arg> = self.command.get_positionals().collect();
        let last = all.last().filter(|last| {
            last.get_num_args()
                .is_some_and(|range| range.max_values() > 1)
        });
        all.get(self.positionals.len()).or(last).copied()
    }

    /// Returns the value of an option.
    pub(super) fn value(&self, id: &str) -> Option<&str> {
        let found = self.values.iter().rev().find(|(known, _)| *known == id);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the directory of the fleet.
    pub(super) fn dir(&self) -> PathBuf {
        let chdir = PathBuf::from(self.value("chdir").unwrap_or_default());
        let mut positionals = self.command.get_positionals();
        match (positionals.next(), self.positionals.first()) {
            (Some(arg), Some(dir)) if arg.get_id() == "dir" => chdir.join(dir),
            _ => chdir,
        }
    }
}
