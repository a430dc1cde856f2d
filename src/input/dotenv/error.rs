//! Errors of `.env` files, each with its location and its fix.

use std::ops::Range;

use super::preceding::PrecedingToken;
use super::text::{bare_word, line_end, name_at};
use super::variables::MAX_EXPANDED_BYTES;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// Characters that can follow the name in a `${…}` of a shell.
const OPERATORS: &str = ":-=?+%#/^,@[.*!";

/// An error at a range of bytes of a file.
pub(super) struct DotenvError {
    code: Code,
    range: Range<usize>,
    message: String,
    help: String,
    related: Option<(usize, &'static str)>,
}

impl DotenvError {
    fn syntax(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: Code::DotenvSyntax,
            range,
            message: message.into(),
            help: help.into(),
            related: None,
        }
    }

    fn command(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            code: Code::DotenvCommand,
            ..Self::syntax(range, message, help)
        }
    }

    /// Returns the diagnostic for an error in `file`.
    pub(super) fn at(self, file: FileId) -> Diagnostic {
        let span = Span::new(file, self.range);
        let diagnostic = Diagnostic::new(self.code, span, self.message).help(self.help);
        match self.related {
            Some((at, label)) => diagnostic.related(Span::new(file, at..at + 1), label),
            None => diagnostic,
        }
    }
}

/// Returns the error for a word or operator where an assignment or a name is expected. No message contains a
/// value, because values can be secret.
pub(super) fn word(text: &str, at: usize, preceding: PrecedingToken) -> DotenvError {
    let word = bare_word(text, at);
    let range = at..at + word.len();
    let name = name_at(text, at);
    let after_name = &text[at + name.len()..];
    let next = text[range.end..].trim_start_matches([' ', '\t']);
    let is_argument = matches!(preceding, PrecedingToken::Argument);
    if word.is_empty() {
        return operator(text, at);
    }
    if word.starts_with('=') || (!name.is_empty() && name == word && next.starts_with('=')) {
        return spaces(range);
    }
    match preceding {
        PrecedingToken::Value { is_empty: true } => return spaces(range),
        PrecedingToken::Value { is_empty: false } => {
            let message = "unexpected word after the value";
            let help = "quote a value that contains spaces: `NAME=\"…\"`";
            return DotenvError::syntax(range, message, help);
        }
        PrecedingToken::Nothing | PrecedingToken::Argument => {}
    }
    if !name.is_empty() && after_name.starts_with("+=") {
        let range = at..at + name.len() + 2;
        let help = format!("write the whole value: `{0}=${{{0}}}…`", shorten(name));
        return DotenvError::syntax(range, "a POSIX shell does not support `+=`", help);
    }
    if !name.is_empty() && after_name.starts_with('[') && word.contains("]=") {
        return array(range);
    }
    if word.starts_with('$') && !word.starts_with("$(") && word.contains('=') {
        let message = "the name of an assignment must not begin with `$`";
        return DotenvError::syntax(at..at + 1, message, "write `NAME=value`");
    }
    if word.starts_with(['"', '\'']) && (word.contains('=') || is_argument) {
        let message = "a name must not be quoted";
        return DotenvError::syntax(range, message, "write `NAME=\"value\"`");
    }
    if is_argument && word.starts_with('-') {
        let help = "write `export NAME=value` or `unset NAME`";
        return DotenvError::command(
            range,
            "options of `export` and `unset` are not supported",
            help,
        );
    }
    if let Some((name, _)) = word.split_once('=') {
        return invalid_name(at, name);
    }
    if is_argument {
        return invalid_name(at, word);
    }
    if word.ends_with(':') || matches!(word, "-" | "---") {
        let message = "expected an assignment, found YAML";
        let help = "write `NAME=value`, or use the file name extension `.yaml`";
        return DotenvError::syntax(range, message, help);
    }
    command(word, range)
}

/// Returns the error for a command, by its name. The other words of the command are not in the message.
fn command(word: &str, range: Range<usize>) -> DotenvError {
    let (message, help) = match word {
        "." | "source" => (
            "a `.env` file cannot include another file",
            "name both files where this file is named",
        ),
        "set" => (
            "commands are not run, and `set` is a command",
            "remove the line: all variables of the file are read, exported or not",
        ),
        "declare" | "typeset" | "local" | "readonly" => (
            "declarations are not supported in a `.env` file",
            "write `NAME=value`",
        ),
        "!" | "{" | "}" | "[[" | "case" | "do" | "done" | "elif" | "else" | "esac" | "fi"
        | "for" | "function" | "if" | "select" | "then" | "time" | "until" | "while" => (
            "a `.env` file is not run: conditions, loops and functions are not supported",
            "write the assignments that this code would make",
        ),
        _ => (
            "expected an assignment, found a command: commands are not run",
            "write `NAME=value`, or remove the line",
        ),
    };
    DotenvError::command(range, message, help)
}

fn spaces(range: Range<usize>) -> DotenvError {
    let message = "spaces around `=`: a shell interprets this as a command";
    let help = "write `NAME=value` without spaces around `=`; quote a value that contains spaces";
    DotenvError::syntax(range, message, help)
}

fn invalid_name(at: usize, name: &str) -> DotenvError {
    let message = format!("`{}` is not a valid variable name", shorten(name));
    let help = "use ASCII letters, digits and `_`; the first character must not be a digit";
    DotenvError::syntax(at..at + name.len(), message, help)
}

/// Returns the beginning of a name.
fn shorten(name: &str) -> String {
    const MAX_CHARS: usize = 40;
    match name.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

pub(super) fn array(range: Range<usize>) -> DotenvError {
    let message = "a POSIX shell does not support arrays";
    DotenvError::syntax(range, message, "write one string: `NAME=\"a b\"`")
}

/// Returns the error for an operator where a command or its next word is expected.
pub(super) fn operator(text: &str, at: usize) -> DotenvError {
    let first = &text[at..=at];
    let length = 1 + usize::from(text[at + 1..].starts_with(first));
    let operator = &text[at..at + length];
    let range = at..at + length;
    if first == ";" {
        let message = "expected an assignment before `;`";
        return DotenvError::syntax(range, message, "remove the `;`");
    }
    let message = format!("operator `{operator}` is not supported: a `.env` file is not run");
    let help = "if the character is part of the value, quote the value: `NAME=\"…\"`";
    DotenvError::command(range, message, help)
}

pub(super) fn export_without_name(command: Range<usize>) -> DotenvError {
    let message = "`export` needs the name of a variable";
    DotenvError::command(
        command,
        message,
        "write `export NAME=value`, or remove the line",
    )
}

pub(super) fn unset_without_name(command: Range<usize>) -> DotenvError {
    let message = "`unset` needs the name of a variable";
    DotenvError::syntax(command, message, "write `unset NAME`, or remove the line")
}

pub(super) fn reserved(name: &str, range: Range<usize>) -> DotenvError {
    let message = format!("variable `{name}` is reserved: a shell might change its value");
    DotenvError::command(range, message, "choose another name")
}

/// Returns the error for an open quote; `suspicious` is a quote that might be the one to close instead.
pub(super) fn unclosed(text: &str, quote: usize, suspicious: Option<usize>) -> DotenvError {
    let help = if text[quote..].starts_with('\'') {
        "close it; to write a `'` in the value, use `\"'\"`"
    } else {
        "close it; to write a `\"` in the value, use `\\\"`"
    };
    let related = suspicious.map(|quote| (quote, "this quote might be the one that is not closed"));
    DotenvError {
        related,
        ..DotenvError::syntax(quote..quote + 1, "this quote is not closed", help)
    }
}

pub(super) fn byte_order_mark(range: Range<usize>) -> DotenvError {
    let message = "the file begins with a byte order mark (U+FEFF)";
    DotenvError::syntax(range, message, "save the file as UTF-8 without it")
}

pub(super) fn last_backslash(at: usize) -> DotenvError {
    let message = "a backslash ends the file";
    let help = "remove it; to write a backslash in the value, use `\\\\`";
    DotenvError::syntax(at..at + 1, message, help)
}

pub(super) fn tilde(at: usize) -> DotenvError {
    let message = "a shell replaces this `~` with a home directory";
    DotenvError::command(at..at + 1, message, "write the path, or quote the `~`")
}

pub(super) fn brace(at: usize) -> DotenvError {
    let message = "some shells expand this `{` after `export`";
    DotenvError::syntax(at..at + 1, message, "quote the value: `NAME='…'`")
}

pub(super) fn command_output(range: Range<usize>) -> DotenvError {
    let message = "command substitution is not supported: commands are not run";
    let help = "write the value itself; if it contains this string, quote it: `NAME='…'`";
    DotenvError::command(range, message, help)
}

/// Returns the error for `$(…)` or `$((…))`.
pub(super) fn substitution(text: &str, start: usize) -> DotenvError {
    if text[start..].starts_with("$((") {
        let message = "arithmetic is not supported: a `.env` file is not run";
        return DotenvError::command(start..start + 3, message, "write the result");
    }
    command_output(start..start + 2)
}

pub(super) fn bracket(start: usize) -> DotenvError {
    let message = "some shells interpret `$[` as arithmetic";
    let help = "write the result; if the value contains this string, quote it: `NAME='…'`";
    DotenvError::command(start..start + 2, message, help)
}

/// Returns the error for a `${…}` that is not `${NAME}`.
pub(super) fn operation(text: &str, start: usize) -> DotenvError {
    let inside = start + 2;
    let end = inside + name_at(text, inside).len();
    let rest = &text[end..line_end(text, start)];
    let is_operation = end == inside || rest.starts_with(|next: char| OPERATORS.contains(next));
    match rest.find('}').filter(|_| is_operation) {
        Some(length) => {
            let help = "write the value itself, or only `${NAME}`";
            let range = start..end + length + 1;
            DotenvError::command(range, "only `${NAME}` is supported here", help)
        }
        None => DotenvError::syntax(start..end, "this `${` is not closed", "write `${NAME}`"),
    }
}

/// Returns the error for a parameter of the shell, such as `$5`, `$?` or `$LINENO`.
pub(super) fn parameter(text: &str, range: Range<usize>) -> DotenvError {
    let message = format!("`{}` is set only in a running shell", &text[range.clone()]);
    let help = "write the value itself, or `\\$` for a dollar sign";
    DotenvError::command(range, message, help)
}

pub(super) fn dollar_quote(text: &str, start: usize) -> DotenvError {
    let range = start..start + 2;
    let message = format!("a POSIX shell does not support `{}`", &text[range.clone()]);
    let help = "remove the `$`, or write `\\$` for a dollar sign";
    DotenvError::syntax(range, message, help)
}

pub(super) fn broken_name(range: Range<usize>) -> DotenvError {
    let message = "the name of a variable must not contain a line end";
    DotenvError::syntax(range, message, "write the name on one line")
}

pub(super) fn unsupported_character(name: &str, range: Range<usize>) -> DotenvError {
    let message = format!("this value contains {name}, which Go YAML parsers do not preserve");
    DotenvError {
        code: Code::UncarriedCharacter,
        ..DotenvError::syntax(range, message, "remove the character")
    }
}

pub(super) fn too_large(range: Range<usize>) -> DotenvError {
    let mebibytes = MAX_EXPANDED_BYTES / 1024 / 1024;
    let message = format!("the variables of this file expand to more than {mebibytes} MiB");
    DotenvError {
        code: Code::FileTooLarge,
        ..DotenvError::syntax(
            range,
            message,
            "reduce the values that contain other values",
        )
    }
}
