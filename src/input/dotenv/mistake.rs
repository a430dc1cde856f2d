//! What a `.env` file may not say, where, and what to write instead.

use std::ops::Range;

use super::before::Before;
use super::text::{bare_word, line_end, name_at};
use super::variables::BUDGET;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};

/// What may stand behind the name in a `${…}` of some shell.
const OPERATORS: &str = ":-=?+%#/^,@[.*!";

/// A mistake at bytes of the text.
pub(super) struct Mistake {
    code: Code,
    range: Range<usize>,
    message: String,
    help: String,
    related: Option<(usize, &'static str)>,
}

impl Mistake {
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

    /// The message about a file.
    pub(super) fn at(self, file: FileId) -> Diagnostic {
        let span = Span::new(file, self.range);
        let diagnostic = Diagnostic::new(self.code, span, self.message).help(self.help);
        match self.related {
            Some((at, label)) => diagnostic.related(Span::new(file, at..at + 1), label),
            None => diagnostic,
        }
    }
}

/// A word, or an operator, where an assignment or a name belongs. No value is repeated: it may be
/// secret.
pub(super) fn word(text: &str, at: usize, before: Before) -> Mistake {
    let word = bare_word(text, at);
    let range = at..at + word.len();
    let name = name_at(text, at);
    let behind = &text[at + name.len()..];
    let next = text[range.end..].trim_start_matches([' ', '\t']);
    let is_argument = matches!(before, Before::Argument);
    if word.is_empty() {
        return operator(text, at);
    }
    if word.starts_with('=') || (!name.is_empty() && name == word && next.starts_with('=')) {
        return blanks(range);
    }
    match before {
        Before::Value { is_empty: true } => return blanks(range),
        Before::Value { is_empty: false } => {
            let message = "the value before ends at a blank, and this word is no assignment";
            let help = "quote a value that holds blanks: `NAME=\"…\"`";
            return Mistake::syntax(range, message, help);
        }
        Before::Nothing | Before::Argument => {}
    }
    if !name.is_empty() && behind.starts_with("+=") {
        let range = at..at + name.len() + 2;
        let help = format!("write the whole value: `{0}=${{{0}}}…`", shown(name));
        return Mistake::syntax(range, "a POSIX shell knows no `+=`", help);
    }
    if !name.is_empty() && behind.starts_with('[') && word.contains("]=") {
        return array(range);
    }
    if word.starts_with('$') && !word.starts_with("$(") && word.contains('=') {
        let message = "a name is assigned to without `$`";
        return Mistake::syntax(at..at + 1, message, "write `NAME=value`");
    }
    if word.starts_with(['"', '\'']) && (word.contains('=') || is_argument) {
        let message = "a name is written without quotes";
        return Mistake::syntax(range, message, "write `NAME=\"value\"`");
    }
    if is_argument && word.starts_with('-') {
        let help = "write `export NAME=value` or `unset NAME`";
        return Mistake::command(range, "an option of the command", help);
    }
    if let Some((name, _)) = word.split_once('=') {
        return no_name(at, name);
    }
    if is_argument {
        return no_name(at, word);
    }
    if word.ends_with(':') || matches!(word, "-" | "---") {
        let message = "this looks like YAML, and a `.env` file holds assignments";
        let help = "write `NAME=value`, or let the file's name end with `.yaml`";
        return Mistake::syntax(range, message, help);
    }
    command(word, range)
}

/// The words that begin commands, and what to do about them. The others are not repeated.
fn command(word: &str, range: Range<usize>) -> Mistake {
    let (message, help) = match word {
        "." | "source" => (
            "another file is not read from here",
            "name both files where this one is named",
        ),
        "set" => (
            "`set` is not run",
            "remove the line: every variable of the file is read, exported or not",
        ),
        "declare" | "typeset" | "local" | "readonly" => (
            "this declares a variable in ways of a shell",
            "write `NAME=value`",
        ),
        "!" | "{" | "}" | "[[" | "case" | "do" | "done" | "elif" | "else" | "esac" | "fi"
        | "for" | "function" | "if" | "select" | "then" | "time" | "until" | "while" => (
            "a `.env` file is read and not run: it has no conditions, loops and functions",
            "write the assignments that are meant",
        ),
        _ => (
            "a command: a `.env` file is read and not run",
            "write `NAME=value`, or remove the line",
        ),
    };
    Mistake::command(range, message, help)
}

fn blanks(range: Range<usize>) -> Mistake {
    let message = "blanks stand around `=`: a shell takes this for a command";
    let help = "write `NAME=value` without blanks, and quote a value that holds some";
    Mistake::syntax(range, message, help)
}

fn no_name(at: usize, name: &str) -> Mistake {
    let message = format!("`{}` is no name of a variable", shown(name));
    let help = "a name has letters of ASCII, digits and `_`, and no digit first";
    Mistake::syntax(at..at + name.len(), message, help)
}

/// The beginning of a name.
fn shown(name: &str) -> String {
    const SHOWN: usize = 40;
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

pub(super) fn array(range: Range<usize>) -> Mistake {
    let message = "an array, which a POSIX shell does not have";
    Mistake::syntax(range, message, "write one text: `NAME=\"a b\"`")
}

/// An operator where a command or its next word could stand.
pub(super) fn operator(text: &str, at: usize) -> Mistake {
    let first = &text[at..=at];
    let length = 1 + usize::from(text[at + 1..].starts_with(first));
    let operator = &text[at..at + length];
    let range = at..at + length;
    if first == ";" {
        let message = "no assignment stands before this `;`";
        return Mistake::syntax(range, message, "remove the `;`");
    }
    let message = format!("`{operator}` is an operator of a shell, and a `.env` file is not run");
    let help = "quote the value if the character belongs to it: `NAME=\"…\"`";
    Mistake::command(range, message, help)
}

pub(super) fn export_alone(command: Range<usize>) -> Mistake {
    let message = "`export` without a name prints what is exported";
    Mistake::command(command, message, "remove the line")
}

pub(super) fn unset_alone(command: Range<usize>) -> Mistake {
    let message = "`unset` names no variable";
    Mistake::syntax(command, message, "name one, or remove the line")
}

pub(super) fn kept(name: &str, range: Range<usize>) -> Mistake {
    let message = format!("a shell keeps `{name}` for itself, and may change what is assigned");
    Mistake::command(range, message, "choose another name")
}

/// `suspect` is a quote that may be the one that lacks its end.
pub(super) fn unclosed(text: &str, quote: usize, suspect: Option<usize>) -> Mistake {
    let help = if text[quote..].starts_with('\'') {
        "close it; a `'` that belongs to the value is written `\"'\"`"
    } else {
        "close it; a `\"` that belongs to the value is written `\\\"`"
    };
    let related = suspect.map(|quote| (quote, "or is it this one that was meant to end earlier?"));
    Mistake {
        related,
        ..Mistake::syntax(quote..quote + 1, "this quote is not closed", help)
    }
}

pub(super) fn byte_order_mark(range: Range<usize>) -> Mistake {
    let message = "the file begins with a byte order mark (U+FEFF)";
    Mistake::syntax(range, message, "save the file as UTF-8 without it")
}

pub(super) fn last_backslash(at: usize) -> Mistake {
    let message = "a backslash ends the file";
    let help = "remove it, or write `\\\\` for one that belongs to the value";
    Mistake::syntax(at..at + 1, message, help)
}

pub(super) fn home(at: usize) -> Mistake {
    let message = "a shell puts a home folder in the place of this `~`";
    Mistake::command(at..at + 1, message, "write the path, or quote the `~`")
}

pub(super) fn brace(at: usize) -> Mistake {
    let message = "some shells take this `{` behind `export` for a list of words";
    Mistake::syntax(at..at + 1, message, "quote the value: `NAME='…'`")
}

pub(super) fn command_output(range: Range<usize>) -> Mistake {
    let message = "the output of a command: a `.env` file is read and not run";
    let help = "write the value itself; quote it '…' if it is this text";
    Mistake::command(range, message, help)
}

/// `$(…)` or `$((…))`.
pub(super) fn substitution(text: &str, start: usize) -> Mistake {
    if text[start..].starts_with("$((") {
        let message = "a calculation: a `.env` file is read and not run";
        return Mistake::command(start..start + 3, message, "write the result");
    }
    command_output(start..start + 2)
}

pub(super) fn bracket(start: usize) -> Mistake {
    let message = "some shells take `$[` for a calculation";
    let help = "write the result, or quote the value '…' if it is this text";
    Mistake::command(start..start + 2, message, help)
}

/// A `${…}` that is not `${NAME}`.
pub(super) fn operation(text: &str, start: usize) -> Mistake {
    let inside = start + 2;
    let end = inside + name_at(text, inside).len();
    let rest = &text[end..line_end(text, start)];
    let is_operation = end == inside || rest.starts_with(|next: char| OPERATORS.contains(next));
    match rest.find('}').filter(|_| is_operation) {
        Some(length) => {
            let help = "write the value itself, or only `${NAME}`";
            let range = start..end + length + 1;
            Mistake::command(range, "only `${NAME}` is understood here", help)
        }
        None => Mistake::syntax(start..end, "this `${` is not closed", "write `${NAME}`"),
    }
}

/// `$5`, `$?`, `$LINENO` and the like.
pub(super) fn parameter(text: &str, range: Range<usize>) -> Mistake {
    let message = format!("only a running shell knows `{}`", &text[range.clone()]);
    let help = "write the value itself, or `\\$` for a dollar sign";
    Mistake::command(range, message, help)
}

pub(super) fn dollar_quote(text: &str, start: usize) -> Mistake {
    let range = start..start + 2;
    let message = format!("a POSIX shell knows no `{}`", &text[range.clone()]);
    let help = "remove the `$`, or write `\\$` for a dollar sign";
    Mistake::syntax(range, message, help)
}

pub(super) fn broken_name(range: Range<usize>) -> Mistake {
    let message = "a line end stands in the name of a variable";
    Mistake::syntax(range, message, "write the name on one line")
}

pub(super) fn uncarried(name: &str, range: Range<usize>) -> Mistake {
    let message = format!("this text holds {name}, which Go's YAML readers cannot carry");
    Mistake {
        code: Code::UncarriedCharacter,
        ..Mistake::syntax(range, message, "remove the character")
    }
}

pub(super) fn budget(range: Range<usize>) -> Mistake {
    let mebibytes = BUDGET / 1024 / 1024;
    let message = format!("the variables of this file expand to more than {mebibytes} MiB");
    Mistake {
        code: Code::FileTooLarge,
        ..Mistake::syntax(range, message, "let fewer values hold other values")
    }
}
