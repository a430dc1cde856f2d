//! Parser of expressions in the grammar of drone/envsubst v2, which reports all errors instead of the first.

use std::ops::Range;

use super::function::Function;
use super::grammar::{Expression, MAX_DEPTH, MAX_ERRORS, Operation, Segment, SyntaxError};

mod scan;

use scan::{Escapes, Parser};

/// Splits `text` into segments, in order. Never panics, and takes linear time.
///
/// # Errors
///
/// Returns at least one and at most [`MAX_ERRORS`] errors, in order. For nested expressions, only the
/// innermost invalid one is reported.
pub fn split(text: &str) -> Result<Vec<Segment>, Vec<SyntaxError>> {
    let mut parser = Parser { text, at: 0 };
    let mut segments = Vec::new();
    let mut errors = Vec::new();
    while parser.at < text.len() && errors.len() < MAX_ERRORS {
        if parser.looking_at("${") {
            match parser.expression(1) {
                Ok(expression) => segments.push(expression),
                Err(failure) => {
                    // Every `${` begins at most one failure, so the time remains linear.
                    parser.at = failure.resume;
                    errors.push(failure.error);
                }
            }
        } else {
            parser.literal(b"", Escapes::Dollar, &mut segments);
        }
    }
    if errors.is_empty() {
        Ok(segments)
    } else {
        Err(errors)
    }
}

/// An error of an expression, and the offset at which parsing resumes.
struct Failure {
    error: SyntaxError,
    resume: usize,
}

impl Failure {
    /// Returns a failure of the expression whose `$` is at `start`; `range` is the location of the error.
    fn new(start: usize, range: Range<usize>, message: impl Into<String>) -> Self {
        let error = SyntaxError {
            range,
            message: message.into(),
            help: None,
        };
        Self {
            error,
            resume: start + 2,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.error.help = Some(help.into());
        self
    }
}

/// The parsed head of an expression: the offset of its `$`, the range of its name, and its nesting depth.
struct Head {
    start: usize,
    name: Range<usize>,
    depth: usize,
}

impl Head {
    /// Returns a failure at the end of the string, whose location is the start of the expression.
    fn unclosed(&self, message: &str) -> Failure {
        Failure::new(self.start, self.start..self.name.end, message)
    }
}

impl Parser<'_> {
    /// Parses an expression at its `${`. `depth` counts this expression and those around it.
    fn expression(&mut self, depth: usize) -> Result<Segment, Failure> {
        let start = self.at;
        let inside = start + 2;
        if depth > MAX_DEPTH {
            let message = format!("expressions are nested deeper than {MAX_DEPTH} levels");
            let help = "set a variable to the inner expression, and use that variable";
            return Err(Failure::new(start, start..inside, message).help(help));
        }
        self.at = inside;
        let (path, operation) = if let Some(path) = self.plain() {
            (path, Operation::None)
        } else {
            self.at = inside;
            let length = self.eat("#");
            let name = self.at;
            let Some(path) = self.path() else {
                return Err(self.nameless(start));
            };
            let head = Head {
                start,
                name: name..self.at,
                depth,
            };
            let operation = if length {
                self.close(&head)?;
                Operation::Call {
                    function: Function::Length,
                    arguments: Vec::new(),
                }
            } else {
                self.operation(&head)?
            };
            (path, operation)
        };
        Ok(Segment::Expression(Box::new(Expression {
            path,
            operation,
            range: start..self.at,
        })))
    }

    /// Parses the part of an expression after its name, including `}`.
    fn operation(&mut self, head: &Head) -> Result<Operation, Failure> {
        if [":=", ":-", ":?", ":+", "="]
            .into_iter()
            .any(|operator| self.eat(operator))
        {
            return self.default(head);
        }
        let from = self.at;
        let operator = Function::OPERATORS
            .into_iter()
            .find(|(operator, _)| self.eat(operator));
        let Some((_, function)) = operator else {
            return Err(self.unexpected(head));
        };
        let arguments = match function {
            Function::Substring => self.offsets(head)?,
            Function::TrimShortestPrefix
            | Function::TrimLongestPrefix
            | Function::TrimShortestSuffix
            | Function::TrimLongestSuffix => vec![self.argument(b"}", Escapes::None, head)?],
            Function::ReplaceFirst
            | Function::ReplaceAll
            | Function::ReplacePrefix
            | Function::ReplaceSuffix => self.replacement(head)?,
            _ => Vec::new(),
        };
        self.close(head)?;
        let trim = match function {
            Function::ReplacePrefix if arguments.len() == 1 => Some("#"),
            Function::ReplaceSuffix if arguments.len() == 1 => Some("%"),
            _ => None,
        };
        if let Some(trim) = trim {
            let message = "an empty replacement at the start or end of a value has no effect";
            let help = format!(
                "to remove a prefix or suffix, write `${{{}{trim}…}}`",
                self.name(head)
            );
            return Err(Failure::new(head.start, from..from + 2, message).help(help));
        }
        self.check(head, function, &arguments)?;
        Ok(Operation::Call {
            function,
            arguments,
        })
    }

    fn default(&mut self, head: &Head) -> Result<Operation, Failure> {
        let mut default = Vec::new();
        while !self.eat("}") {
            if self.looking_at("${") {
                default.push(self.expression(head.depth + 1)?);
            } else if self.rest().is_empty() {
                return Err(self.unexpected(head));
            } else {
                self.literal(b"}", Escapes::None, &mut default);
            }
        }
        Ok(Operation::Default(default))
    }

    fn offsets(&mut self, head: &Head) -> Result<Vec<Vec<Segment>>, Failure> {
        let mut arguments = vec![self.argument(b":}", Escapes::None, head)?];
        if self.eat_while(|c| c == ':') > 0 {
            arguments.push(self.argument(b"}", Escapes::None, head)?);
        }
        Ok(arguments)
    }

    fn replacement(&mut self, head: &Head) -> Result<Vec<Vec<Segment>>, Failure> {
        // The string to replace can contain `}`; only `/` ends it.
        let mut arguments = vec![self.argument(b"/", Escapes::All, head)?];
        if self.rest().is_empty() {
            let help = format!(
                "to remove a string, write `${{{}/STRING/}}`",
                self.name(head)
            );
            return Err(head
                .unclosed("missing `/` after the string to replace")
                .help(help));
        }
        if self.eat_while(|c| c == '/') == 0 {
            return Err(self.unexpected(head));
        }
        if !self.looking_at("}") {
            arguments.push(self.argument(b"}", Escapes::All, head)?);
        }
        Ok(arguments)
    }

    /// Parses an argument: a nested expression, or a string that is not empty.
    fn argument(
        &mut self,
        ends: &[u8],
        escapes: Escapes,
        head: &Head,
    ) -> Result<Vec<Segment>, Failure> {
        if self.looking_at("${") {
            return Ok(vec![self.expression(head.depth + 1)?]);
        }
        let mut argument = Vec::new();
        self.literal(ends, escapes, &mut argument);
        if argument.is_empty() {
            let range = head.start..self.at;
            let help = format!(
                "write the argument; the variable itself is `${{{}}}`",
                self.name(head)
            );
            return Err(Failure::new(head.start, range, "missing argument").help(help));
        }
        Ok(argument)
    }

    fn close(&mut self, head: &Head) -> Result<(), Failure> {
        if self.eat("}") {
            Ok(())
        } else {
            Err(self.unexpected(head))
        }
    }

    /// Checks the arguments that contain no variables.
    fn check(
        &self,
        head: &Head,
        function: Function,
        arguments: &[Vec<Segment>],
    ) -> Result<(), Failure> {
        for (position, argument) in arguments.iter().enumerate() {
            let Some((text, range)) = literal_text(self.text, argument) else {
                continue;
            };
            if let Err((message, help)) = function.check(position, &text) {
                return Err(Failure::new(head.start, range, message).help(help));
            }
        }
        Ok(())
    }

    fn nameless(&self, start: usize) -> Failure {
        let found = self.rest().chars().next();
        let end = self.at + found.map_or(0, char::len_utf8);
        let help = if found.is_some_and(char::is_whitespace) {
            "whitespace must surround a name: `${ NAME }`"
        } else {
            "write `$${` for the literal string `${`"
        };
        Failure::new(start, start..end, "missing variable name after `${`").help(help)
    }

    /// Returns the failure at the current position of an expression with a name.
    fn unexpected(&self, head: &Head) -> Failure {
        let found = self.rest().chars().next();
        let Some(found) = found.filter(|found| !matches!(found, '\n' | '\r')) else {
            let help = format!("close the expression: `${{{}}}`", self.name(head));
            return head.unclosed("missing closing brace").help(help);
        };
        let range = self.at..self.at + found.len_utf8();
        if self.at > head.name.end && self.looking_at("${") {
            let message = "an argument must be either a string or a single expression";
            let help = "set a variable to the combined value, and use it as the argument";
            return Failure::new(head.start, range, message).help(help);
        }
        let failure = Failure::new(head.start, range, "missing closing brace");
        let name = self.name(head);
        match found {
            _ if self.at > head.name.end => failure.help(format!("write `}}` before `{found}`")),
            '-' | '+' | '?' => failure.help(format!("write a default as `${{{name}:=VALUE}}`")),
            _ => failure.help(format!(
                "write `${{{name}}}` for the variable, or `$${{` for the literal string `${{`"
            )),
        }
    }

    fn name(&self, head: &Head) -> &str {
        self.text.get(head.name.clone()).unwrap_or_default()
    }
}

/// Returns the string of an argument and its range, or `None` if the argument contains a variable.
fn literal_text(text: &str, argument: &[Segment]) -> Option<(String, Range<usize>)> {
    let mut literal = String::new();
    let mut range: Option<Range<usize>> = None;
    for segment in argument {
        let part = match segment {
            Segment::Text(part) => {
                literal.push_str(text.get(part.clone())?);
                part
            }
            Segment::Dollar(part) => {
                literal.push('$');
                part
            }
            Segment::Expression(_) => return None,
        };
        range = Some(range.map_or(part.start, |range| range.start)..part.end);
    }
    range.map(|range| (literal, range))
}
