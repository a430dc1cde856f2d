//! YAML parser.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};

use super::build::{Builder, MAX_DEPTH, too_deep};
use super::mask::Mask;
use super::{rules, text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, ParsedCounts};
use crate::source::{FileId, Span};
use crate::tree::{Node, Part, Style, Text};

/// Maximum number of documents of a file.
const MAX_DOCUMENTS: usize = 10_000;

/// Parses YAML, and returns the documents that have content.
///
/// Returns `None` after a syntax error: the contents of the file are unknown then, and no other errors can be
/// reported.
pub fn parse(
    file: FileId,
    text: &str,
    mask: &dyn Mask,
    diags: &mut Diagnostics,
) -> Option<Vec<Node>> {
    diags.parsed.file = ParsedCounts::default();
    // The file that exceeded a limit of the run was reported, and further files would be, too.
    if diags.parsed.is_exceeded {
        return None;
    }
    parse_part(file, text, mask, diags)
}

/// Parses a string that a file contains, as [`parse`] does. Its nodes count toward the file that was parsed last.
pub fn parse_part(
    file: FileId,
    text: &str,
    mask: &dyn Mask,
    diags: &mut Diagnostics,
) -> Option<Vec<Node>> {
    let mut reader = Reader {
        file,
        mask,
        builder: Builder::new(mask.has_optional_keys(), diags.parsed),
        diags,
    };
    let documents = reader.read(text);
    reader.diags.parsed = reader.builder.parsed;
    documents
}

/// Parses a sequence or mapping in flow style, whose nodes all have the location `span`.
///
/// Returns `None` if `text` is not a single valid collection.
pub fn flow(span: Span, text: &str) -> Option<Node> {
    let mut diags = Diagnostics::default();
    let documents = parse(span.file, text, &At(span.start), &mut diags);
    let mut documents = documents.into_iter().flatten();
    match (documents.next(), documents.next()) {
        (Some(node), None) if diags.errors() == 0 && node.as_scalar().is_none() => Some(node),
        _ => None,
    }
}

/// The mask of a string whose nodes all have the same location.
struct At(u32);

impl Mask for At {
    fn offset(&self, _: usize) -> usize {
        self.0 as usize
    }

    fn unmask(&self, text: &str, _: Style) -> Text {
        Text::Literal(text.into())
    }
}

struct Reader<'a> {
    file: FileId,
    mask: &'a dyn Mask,
    diags: &'a mut Diagnostics,
    builder: Builder,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) -> Option<Vec<Node>> {
        let options = granit_parser::options! {
            disallow_directives: true,
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let mut documents = Vec::new();
        for event in Parser::new_from_str_with_options(text, options) {
            let read = match event {
                Ok((event, span)) => {
                    let range = span.byte_range().unwrap_or(0..0);
                    let span = self.span(range.clone());
                    self.check_placeholder(&event, &text[range.clone()], span);
                    self.event(event, (range, span), &mut documents)
                }
                Err(error) => Err(Box::new(self.syntax_error(text, &error))),
            };
            if let Err(diagnostic) = read {
                self.builder.parsed.is_exceeded |= self.builder.is_run_exceeded();
                self.diags.push(*diagnostic);
                return None;
            }
        }
        Some(documents)
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(
            self.file,
            self.mask.offset(range.start)..self.mask.offset(range.end),
        )
    }

    fn check_placeholder(&mut self, event: &Event<'_>, written: &str, span: Span) {
        if let Event::Scalar(text, ScalarStyle::DoubleQuoted, ..) = event
            && self.mask.contains_escaped_placeholder(text, written)
        {
            self.diags.push(reserved_character(span));
        }
    }

    fn event(
        &mut self,
        event: Event<'_>,
        (range, span): (std::ops::Range<usize>, Span),
        documents: &mut Vec<Node>,
    ) -> Result<(), Box<Diagnostic>> {
        match event {
            Event::DocumentStart(..) if documents.len() == MAX_DOCUMENTS => {
                let message = format!("more than {MAX_DOCUMENTS} documents in one file");
                let diagnostic = Diagnostic::new(Code::YamlBudget, span, message);
                return Err(Box::new(diagnostic.help("split the file")));
            }
            Event::Scalar(text, style, anchor, tag) => {
                // The parser represents an absent value as `~`.
                let is_absent = style == ScalarStyle::Plain && range.is_empty();
                let text = if is_absent { "" } else { &*text };
                let node = self.scalar(text, style, tag.as_ref(), span);
                self.builder.leaf(node, anchor, self.diags)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_tag(tag.as_ref(), span);
                self.builder.open(false, span, anchor)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_tag(tag.as_ref(), span);
                self.builder.open(true, span, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.builder.close(span, self.diags),
            Event::Alias(anchor) => self.builder.alias(anchor, span, self.diags)?,
            Event::UnresolvedAlias(name) => {
                let message = format!("no anchor `&{name}` precedes this alias in its document");
                let help = format!("define `&{name}` before the alias, or quote a string with `*`");
                self.diags
                    .push(Diagnostic::new(Code::UnknownAlias, span, message).help(help));
                self.builder.leaf(Node::string(span, ""), 0, self.diags)?;
            }
            Event::Anchor(_, name)
                if matches!(self.mask.unmask(&name, Style::Plain), Text::Parts(_)) =>
            {
                let message = "the name of an anchor must not contain a variable";
                let help = "write a literal name, for example `&defaults`";
                self.diags
                    .push(Diagnostic::new(Code::VariableNotAllowed, span, message).help(help));
            }
            Event::DocumentEnd => documents.extend(self.builder.take_root()),
            _ => {}
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Cow<'_, Tag>>,
        span: Span,
    ) -> Node {
        let is_string = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
        if !is_string {
            self.check_tag(tag, span);
        }
        let style = if style == ScalarStyle::Plain && !is_string {
            Style::Plain
        } else {
            Style::Quoted
        };
        if let Some((_, name)) = text::find_unsupported_char(text) {
            let message =
                format!("this string contains {name}, which Go YAML parsers do not preserve");
            self.diags.push(
                Diagnostic::new(Code::UncarriedCharacter, span, message)
                    .help("remove the character"),
            );
        }
        let text = self.mask.unmask(text, style);
        if style == Style::Plain {
            self.check_default(&text);
        }
        Node {
            span,
            value: crate::tree::Value::Scalar(crate::tree::Scalar { style, text }),
        }
    }

    /// Reports a default of an unquoted scalar that begins as a flow collection and contains `}`.
    fn check_default(&mut self, text: &Text) {
        if let Text::Parts(parts) = text
            && let Some(Part::Expression(slot)) = parts.first()
            && slot.is_default_unclosed()
        {
            let message =
                "the default ends at the first `}` and is not a valid sequence or mapping";
            let help = "set the variable in `variables` of fleet.yaml, or quote the scalar if it is a string";
            let diagnostic = Diagnostic::new(Code::ExpressionSyntax, slot.span, message);
            self.diags.push(diagnostic.help(help));
        }
    }

    fn check_tag(&mut self, tag: Option<&Cow<'_, Tag>>, span: Span) {
        if let Some(tag) = tag {
            let message = format!("unsupported tag `{}`", tag.original());
            let help = "remove the tag, or quote the value if it is a string";
            self.diags
                .push(Diagnostic::new(Code::YamlTag, span, message).help(help));
        }
    }

    fn syntax_error(&self, text: &str, error: &ScanError) -> Diagnostic {
        let at = error.marker().byte_offset().unwrap_or(0);
        let span = self.span(at..at);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => too_deep(span),
            ErrorKind::DirectiveDisallowed => Diagnostic::new(
                Code::YamlDirective,
                span,
                "YAML directives are not supported by kubectl",
            )
            .help("remove the directive"),
            ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabNotAllowed => {
                Diagnostic::new(Code::YamlSyntax, span, "this line is indented with a tab")
                    .help("indent with spaces")
            }
            ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidSimpleKey
                if follows_long_key(text, at) =>
            {
                rules::key_too_long(span)
            }
            ErrorKind::TabInPlainScalar => {
                // The parser reports the start of the scalar that contains the tab.
                let tab = text[at..].find('\t').map_or(at, |tab| at + tab);
                Diagnostic::new(
                    Code::YamlSyntax,
                    self.span(tab..tab),
                    "tab in an unquoted scalar",
                )
                .help("use spaces, or quote the scalar")
            }
            kind => {
                let message = format!("invalid YAML: {}", error.info());
                let diagnostic = Diagnostic::new(Code::YamlSyntax, span, message);
                match next_action(kind) {
                    _ if line(text, at).contains("{{") => diagnostic
                        .help("`{{ … }}` is not evaluated here: quote the string that contains it"),
                    Some(help) => diagnostic.help(help),
                    None => diagnostic.help("correct the syntax, or quote the string"),
                }
            }
        }
    }
}

/// Returns the diagnostic of a character that is reserved for placeholders.
pub(crate) fn reserved_character(span: Span) -> Diagnostic {
    let message = "this string contains a reserved private-use character (U+E000 or U+E001)";
    Diagnostic::new(Code::UncarriedCharacter, span, message).help("remove the character")
}

/// Returns `true` if the line before an offset is longer than a key can be.
fn follows_long_key(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text::key_too_long(text[line..at].trim())
}

/// Returns the line that contains an offset.
fn line(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    &text[start..end]
}

/// Returns the help for a syntax error.
fn next_action(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::MappingValueNotAllowed => {
            "write `key: value`, indent the line like its neighbors, or quote a string that contains `: `"
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation => "indent the line like its neighbors",
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => "close the quotes",
        ErrorKind::UnclosedFlowCollection { .. } => "close the bracket",
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            "remove the bracket, or quote a string that contains a bracket"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "write `key: value`, and indent the line like its neighbors"
        }
        ErrorKind::UnexpectedCharacter { .. } | ErrorKind::MissingAnchorOrAliasName => {
            "quote a string that begins with this character"
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "quote the whole string, or remove the characters after the quotes"
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            "add a comma between the entries, or quote a string that contains a comma"
        }
        _ => return None,
    })
}
