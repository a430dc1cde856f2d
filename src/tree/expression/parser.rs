//! Reads expressions as drone/envsubst v2 does, but to the last mistake instead of the first.

use std::ops::Range;

use super::function::Function;
use super::grammar::{Expression, MAX_DEPTH, MAX_ERRORS, Operation, Segment, SyntaxError};

mod scan;

use scan::{Escapes, Parser};

/// Cuts `text` into pieces, in order. Never panics, and takes time in proportion to the text.
///
/// # Errors
///
/// All mistakes up to [`MAX_ERRORS`], in order; at least one. Of expressions nested in each other only the innermost
/// broken one is reported.
pub fn split(text: &str) -> Result<Vec<Segment>, Vec<SyntaxError>> {
    let mut parser = Parser { text, at: 0 };
    let mut segments = Vec::new();
    let mut errors = Vec::new();
    while parser.at < text.len() && errors.len() < MAX_ERRORS {
        if parser.looking_at("${") {
            match parser.expression(1) {
                Ok(expression) => segments.push(expression),
                Err(failure) => {
                    // Every `${` is the start of one failure at most, so the time stays linear.
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

/// Why an expression could not be read, and where to look for the next one.
struct Failure {
    error: SyntaxError,
    resume: usize,
}

impl Failure {
    /// `start` is where the `$` of the expression is, `range` what to point at.
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

/// What has been read of an expression: where its `$` is, its name as written, its depth.
struct Head {
    start: usize,
    name: Range<usize>,
    depth: usize,
}

impl Head {
    /// For what is missing at the end of the text: points at the start of the expression.
    fn unclosed(&self, message: &str) -> Failure {
        Failure::new(self.start, self.start..self.name.end, message)
    }
}

impl Parser<'_> {
    /// Reads an expression, looking at its `${`; `depth` counts it and those around it.
    fn expression(&mut self, depth: usize) -> Result<Segment, Failure> {
        let start = self.at;
        let inside = start + 2;
        if depth > MAX_DEPTH {
            let message = format!("expressions are nested more than {MAX_DEPTH} deep");
            return Err(Failure::new(start, start..inside, message));
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

    /// Reads from after the name to after `}`.
    fn operation(&mut self, head: &Head) -> Result<Operation, Failure> {
        if [":=", ":-", ":?", ":+", "="]
            .into_iter()
            .any(|operator| self.eat(operator))
        {
            return self.default(head);
        }
        let from = self.at;
        let found = Function::OPERATORS
            .into_iter()
            .find(|(operator, _)| self.eat(operator));
        let Some((_, function)) = found else {
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
            let message = "an empty replacement has no effect at the start or end of a value";
            let help = format!("`${{{}{trim}…}}` removes", self.name(head));
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
        // A pattern may hold `}`; only `/` ends it.
        let mut arguments = vec![self.argument(b"/", Escapes::All, head)?];
        if self.rest().is_empty() {
            let help = format!("`${{{}/text/}}` removes a text", self.name(head));
            return Err(head
                .unclosed("missing `/` after the text to replace")
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

    /// One nested expression, or a text that is not empty.
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
            return Err(Failure::new(
                head.start,
                head.start..self.at,
                "an argument is missing",
            ));
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

    /// Refuses arguments that are wrong whatever the variables hold.
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
            if let Err(message) = function.check(position, &text) {
                return Err(Failure::new(head.start, range, message));
            }
        }
        Ok(())
    }

    fn nameless(&self, start: usize) -> Failure {
        let found = self.rest().chars().next();
        let end = self.at + found.map_or(0, char::len_utf8);
        let help = if found.is_some_and(char::is_whitespace) {
            "blanks may stand around a name and nothing else: `${ NAME }`"
        } else {
            "write `$${` where the text is meant to say `${`"
        };
        Failure::new(start, start..end, "`${` without the name of a variable").help(help)
    }

    /// Says what is wrong at the current place of an expression with a name.
    fn unexpected(&self, head: &Head) -> Failure {
        let found = self.rest().chars().next();
        let Some(found) = found.filter(|found| !matches!(found, '\n' | '\r')) else {
            return head.unclosed("missing closing brace");
        };
        let range = self.at..self.at + found.len_utf8();
        if self.at > head.name.end && self.looking_at("${") {
            let message = "an argument is a text or one expression, not both";
            return Failure::new(head.start, range, message);
        }
        let failure = Failure::new(head.start, range, "missing closing brace");
        let name = self.name(head);
        match found {
            _ if self.at > head.name.end => failure,
            '-' | '+' | '?' => failure.help(format!("a default is written `${{{name}:=…}}`")),
            _ => failure.help(format!(
                "`${{{name}}}` is the variable, `$${{` the text `${{`"
            )),
        }
    }

    fn name(&self, head: &Head) -> &str {
        self.text.get(head.name.clone()).unwrap_or_default()
    }
}

/// The text of an argument and its range, unless a variable decides it.
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
