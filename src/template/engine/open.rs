//! The expressions of other template engines that are open at the end of a string.

/// The expressions that are open. The engines are independent, because a string does not state which one reads it.
#[derive(Default)]
pub(super) struct Open {
    last: u8,
    action: Option<Quote>,
    statement: Option<Quote>,
    is_comment: bool,
    /// How many `${` are open.
    substitutions: usize,
}

/// The quotes in an expression. The end of the expression does not count in a quoted string.
#[derive(Clone, Copy, Default)]
struct Quote {
    quote: Option<u8>,
    is_escaped: bool,
}

impl Open {
    /// Returns the marker of an open expression.
    pub(super) fn marker(&self) -> Option<&'static str> {
        match self {
            Self {
                action: Some(_), ..
            } => Some("{{"),
            Self {
                statement: Some(_), ..
            } => Some("{%"),
            Self {
                is_comment: true, ..
            } => Some("{#"),
            Self {
                substitutions: 0, ..
            } => None,
            _ => Some("${"),
        }
    }

    /// Reads the next part of the string.
    pub(super) fn read(&mut self, part: &str) {
        if self.marker().is_none() && self.last != b'{' && !part.contains('{') {
            self.last = part.bytes().last().unwrap_or(self.last);
            return;
        }
        for byte in part.bytes() {
            self.read_byte(byte);
        }
    }

    fn read_byte(&mut self, byte: u8) {
        let pair = [self.last, byte];
        self.last = byte;
        let before = self.delimited();
        self.action = read(self.action, pair, *b"{{", *b"}}");
        self.statement = read(self.statement, pair, *b"{%", *b"%}");
        self.is_comment = if self.is_comment {
            pair != *b"#}"
        } else {
            pair == *b"{#"
        };
        match pair {
            [b'$', b'{'] => self.substitutions = self.substitutions.saturating_add(1),
            [_, b'}'] => self.substitutions = self.substitutions.saturating_sub(1),
            _ => {}
        }
        // Characters of a marker or an end are not a part of the next one.
        if before != self.delimited() {
            self.last = 0;
        }
    }

    /// Returns which expressions with markers of two characters at both ends are open.
    fn delimited(&self) -> [bool; 3] {
        let Self {
            action, statement, ..
        } = self;
        [action.is_some(), statement.is_some(), self.is_comment]
    }
}

/// Returns the state of an expression after two characters.
fn read(open: Option<Quote>, pair: [u8; 2], begin: [u8; 2], end: [u8; 2]) -> Option<Quote> {
    let Some(Quote { quote, is_escaped }) = open else {
        return (pair == begin).then(Quote::default);
    };
    let byte = pair[1];
    let is_quote = |quote: u8| b"\"'`".contains(&quote);
    let (quote, is_escaped) = match quote {
        None if pair == end => return None,
        None => (Some(byte).filter(|byte| is_quote(*byte)), false),
        // A raw string of Go has no escapes.
        Some(b'`') => (Some(b'`').filter(|_| byte != b'`'), false),
        Some(quote) if is_escaped => (Some(quote), false),
        Some(quote) => (Some(quote).filter(|_| byte != quote), byte == b'\\'),
    };
    Some(Quote { quote, is_escaped })
}

#[cfg(test)]
mod tests {
    use super::Open;

    #[test]
    fn an_expression_ends_outside_of_its_strings() {
        for (text, expected) in [
            ("a { b", None),
            ("{{ .x", Some("{{")),
            ("{{ .x }} ", None),
            ("{{ \"}}", Some("{{")),
            ("{{ \"\\\"}}", Some("{{")),
            ("{{ `\\` }} ", None),
            ("{{ '}}' }} {", None),
            ("{{ x }}{{ y", Some("{{")),
            ("{{}}}}{", None),
            ("{% if x", Some("{%")),
            ("{% if x %} ", None),
            ("{# a ' b", Some("{#")),
            ("{# a ' b #} ", None),
            ("{#} ", Some("{#")),
            ("${A:=${B}", Some("${")),
            ("${A:=${B}} ", None),
            ("${{ a ", Some("{{")),
            ("{{ ${A} ", Some("{{")),
        ] {
            let mut open = Open::default();
            text.split_inclusive(' ').for_each(|part| open.read(part));
            assert_eq!(open.marker(), expected, "{text}");
            let mut open = Open::default();
            for at in 0..text.len() {
                open.read(&text[at..=at]);
            }
            assert_eq!(open.marker(), expected, "{text}, one character at a time");
        }
    }
}
