//! Paths with captures, such as `members/{hub}/*.yaml`, which sets `hub` for each file.

use std::rc::Rc;

use regex::bytes::Regex;

use crate::tree::expression::is_name;

/// A path pattern with captures.
#[derive(Debug)]
pub(super) struct Captures {
    /// The pattern with a wildcard in place of each capture.
    pub(super) glob: String,
    /// The names of the captures, in order.
    pub(super) names: Vec<Rc<str>>,
    /// The pattern with a mark on both sides of each name.
    marked: String,
}

/// Mark that no path contains.
const MARK: &str = "\0";

impl Captures {
    /// Parses a pattern. A name in braces is a capture, which matches a part of one file or directory name.
    pub(super) fn of(pattern: &str) -> Self {
        let mut captures = Self {
            glob: String::new(),
            names: Vec::new(),
            marked: String::new(),
        };
        let mut rest = pattern;
        while let Some((before, name, after)) = next(rest) {
            captures.glob += before;
            captures.glob.push('*');
            captures.marked.extend([before, MARK, name, MARK]);
            captures.names.push(name.into());
            rest = after;
        }
        captures.glob += rest;
        captures.marked += rest;
        captures
    }

    /// Returns an expression that matches the values of the captures, or `None` if the pattern is not valid.
    pub(super) fn matcher(&self) -> Option<Regex> {
        let glob = globset::GlobBuilder::new(&self.marked)
            .literal_separator(true)
            .build()
            .ok()?;
        let mut regex = glob.regex().to_owned();
        for name in &self.names {
            let marked = format!("{MARK}{name}{MARK}");
            regex = regex.replacen(&marked, "([^/]+)", 1);
        }
        Regex::new(&regex).ok()
    }
}

/// Returns the names that a path captures.
pub(crate) fn captures(path: &str) -> Vec<Rc<str>> {
    Captures::of(path).names
}

/// Returns the next capture: the text before it, its name, and the text after it.
fn next(pattern: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = pattern[from..].find('{') {
        let start = from + open + 1;
        let name = pattern[start..].split_once('}');
        if let Some((name, after)) = name.filter(|(name, _)| is_name(name)) {
            return Some((&pattern[..start - 1], name, after));
        }
        from = start;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Captures;

    #[test]
    fn captures_are_parts_of_one_name() {
        for (pattern, path, expected) in [
            ("members/{hub}/*.yaml", "members/a/x.yaml", Some(vec!["a"])),
            ("{a}/**/{b}.yaml", "x/y/z/w.yaml", Some(vec!["x", "w"])),
            ("{a}-{b}.env", "eu-1-x.env", Some(vec!["eu-1", "x"])),
            ("{x,y}/{a}.yaml", "y/z.yaml", Some(vec!["z"])),
            ("{a}/*.yaml", "é/x.yaml", Some(vec!["é"])),
            ("{a}.yaml", "x/y.yaml", None),
            ("x[{]{a}", "x{b", Some(vec!["b"])),
        ] {
            let captures = Captures::of(pattern);
            let matcher = captures.matcher().expect(pattern);
            let found = matcher.captures(path.as_bytes()).map(|found| {
                let texts = found.iter().skip(1).flatten();
                texts
                    .map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned())
                    .collect::<Vec<_>>()
            });
            let expected = expected.map(|texts| texts.into_iter().map(String::from).collect());
            assert_eq!(found, expected, "{pattern} of {path}");
        }
    }
}
