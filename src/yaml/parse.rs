//! Parses YAML.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Tag};

use super::build::{Builder, DEPTH};
use super::mask::Mask;
use super::{rules, text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use crate::tree::{Node, Part, Style, Text};

/// How many documents a file may hold.
const DOCUMENTS: usize = 10_000;

/// Reads a text. Documents without content are omitted. Returns `None` after a syntax error: the
/// content of the file is unknown then, and nothing can be reported about it.
pub fn parse(
    file: FileId,
    text: &str,
    mask: &dyn Mask,
    diags: &mut Diagnostics,
) -> Option<Vec<Node>> {
    let mut reader = Reader {
        file,
        mask,
        diags,
        builder: Builder::new(mask.has_optional_keys()),
    };
    reader.read(text)
}

/// Reads a text as one list or map in flow style, all of it at one place; none where it is no such
/// text.
pub fn flow(span: Span, text: &str) -> Option<Node> {
    let mut diags = Diagnostics::default();
    let documents = parse(span.file, text, &At(span.start), &mut diags);
    let mut documents = documents.into_iter().flatten();
    match (documents.next(), documents.next()) {
        (Some(node), None) if diags.errors() == 0 && node.as_scalar().is_none() => Some(node),
        _ => None,
    }
}

/// A text whose parts have no places of their own.
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
            flow_nesting_limit: DEPTH,
            block_nesting_limit: DEPTH,
        };
        let mut documents = Vec::new();
        for event in Parser::new_from_str_with_options(text, options) {
            let read = match event {
                Ok((event, span)) => {
                    let range = span.byte_range().unwrap_or(0..0);
                    let span = self.span(range.clone());
                    self.refuse_forged(&event, &text[range.clone()], span);
                    self.event(event, (range, span), &mut documents)
                }
                Err(error) => Err(Box::new(self.syntax_error(text, &error))),
            };
            if let Err(diagnostic) = read {
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

    fn refuse_forged(&mut self, event: &Event<'_>, written: &str, span: Span) {
        if let Event::Scalar(text, ScalarStyle::DoubleQuoted, ..) = event
            && self.mask.is_forged(text, written)
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
            Event::DocumentStart(..) if documents.len() == DOCUMENTS => {
                let message = format!("more than {DOCUMENTS} documents in one file");
                return Err(Box::new(Diagnostic::new(Code::YamlBudget, span, message)));
            }
            Event::Scalar(text, style, anchor, tag) => {
                // The parser tells an absent value as `~`.
                let is_absent = style == ScalarStyle::Plain && range.is_empty();
                let text = if is_absent { "" } else { &*text };
                let node = self.scalar(text, style, tag.as_ref(), span);
                self.builder.leaf(node, anchor, self.diags)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_ref(), span);
                self.builder.open(false, span, anchor)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_ref(), span);
                self.builder.open(true, span, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.builder.close(span, self.diags),
            Event::Alias(anchor) => self.builder.alias(anchor, span, self.diags)?,
            Event::UnresolvedAlias(name) => {
                let message =
                    format!("no anchor `&{name}` stands before this alias in its document");
                self.diags
                    .push(Diagnostic::new(Code::UnknownAlias, span, message));
                self.builder.leaf(Node::string(span, ""), 0, self.diags)?;
            }
            Event::Anchor(_, name)
                if matches!(self.mask.unmask(&name, Style::Plain), Text::Parts(_)) =>
            {
                let message = "an anchor cannot be named by a variable";
                self.diags
                    .push(Diagnostic::new(Code::VariableNotAllowed, span, message));
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
            self.refuse_tag(tag, span);
        }
        let style = if style == ScalarStyle::Plain && !is_string {
            Style::Plain
        } else {
            Style::Quoted
        };
        if let Some((_, name)) = text::uncarried(text) {
            let message = format!("this text holds {name}, which Go's YAML readers cannot carry");
            self.diags.push(
                Diagnostic::new(Code::UncarriedCharacter, span, message)
                    .help("remove the character"),
            );
        }
        let text = self.mask.unmask(text, style);
        if style == Style::Plain {
            self.refuse_unclosed_default(&text);
        }
        Node {
            span,
            value: crate::tree::Value::Scalar(crate::tree::Scalar { style, text }),
        }
    }

    /// A list or a map that an unquoted scalar begins with has to end before the expression does.
    fn refuse_unclosed_default(&mut self, text: &Text) {
        if let Text::Parts(parts) = text
            && let Some(Part::Expression(slot)) = parts.first()
            && slot.is_default_unclosed()
        {
            let message = "the default ends at the first `}`, and is no list or map until there";
            let help =
                "write the value in `variables` of fleet.yaml, or quote the whole if it is a text";
            let diagnostic = Diagnostic::new(Code::ExpressionSyntax, slot.span, message);
            self.diags.push(diagnostic.help(help));
        }
    }

    fn refuse_tag(&mut self, tag: Option<&Cow<'_, Tag>>, span: Span) {
        if let Some(tag) = tag {
            let message = format!("the tag `{}` is not supported", tag.original());
            let help = "remove the tag; quote a value that is a string";
            self.diags
                .push(Diagnostic::new(Code::YamlTag, span, message).help(help));
        }
    }

    fn syntax_error(&self, text: &str, error: &ScanError) -> Diagnostic {
        let at = error.marker().byte_offset().unwrap_or(0);
        let span = self.span(at..at);
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => Diagnostic::new(
                Code::YamlBudget,
                span,
                format!("collections are nested deeper than {DEPTH} levels"),
            ),
            ErrorKind::DirectiveDisallowed => Diagnostic::new(
                Code::YamlDirective,
                span,
                "a YAML directive; kubectl refuses them",
            )
            .help("remove the line"),
            ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabNotAllowed => {
                Diagnostic::new(Code::YamlSyntax, span, "a tab indents this line")
                    .help("indent with blanks")
            }
            ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidSimpleKey
                if is_behind_long_key(text, at) =>
            {
                rules::key_too_long(span)
            }
            ErrorKind::TabInPlainScalar => {
                // The parser tells where the text before the tab begins.
                let tab = text[at..].find('\t').map_or(at, |tab| at + tab);
                Diagnostic::new(Code::YamlSyntax, self.span(tab..tab), "a tab stands here")
                    .help("use blanks")
            }
            kind => {
                let message = format!("not YAML: {}", error.info());
                let diagnostic = Diagnostic::new(Code::YamlSyntax, span, message);
                match next_action(kind) {
                    _ if line(text, at).contains("{{") => diagnostic.help(
                        "`{{ … }}` is no template language here: quote it where it is a text",
                    ),
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                }
            }
        }
    }
}

/// Refuses the characters that stand for expressions.
pub(crate) fn reserved_character(span: Span) -> Diagnostic {
    let message = "this text holds a private-use character (U+E000 or U+E001), which is reserved";
    Diagnostic::new(Code::UncarriedCharacter, span, message).help("remove the character")
}

/// Whether what stands on the line before an offset is longer than a key may be.
fn is_behind_long_key(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    text::key_too_long(text[line..at].trim())
}

/// The line of an offset.
fn line(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    &text[start..end]
}

/// What to do about a syntax error.
fn next_action(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::MappingValueNotAllowed => {
            "write `key: value` on every line, indent it as its neighbours, or quote a text that holds `: `"
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation => "indent the line as its neighbours",
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => "close the quotes",
        ErrorKind::UnclosedFlowCollection { .. } => "close the bracket",
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            "remove the bracket, or quote a text that holds one"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "write `key: value`, and indent the line as its neighbours"
        }
        ErrorKind::UnexpectedCharacter { .. } | ErrorKind::MissingAnchorOrAliasName => {
            "quote a text that begins with this character"
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "quote the whole text, or remove what stands behind the quotes"
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => {
            "put a comma between the entries, or quote a text that holds one"
        }
        _ => return None,
    })
}
