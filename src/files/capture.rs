//! Paths with captures: `members/{hub}/*.yaml` tells of each file which `hub` it is of.

use std::rc::Rc;

use regex::bytes::Regex;

use crate::tree::expression::is_name;

/// A path pattern, and what tells its captures.
#[derive(Debug)]
pub(super) struct Captures {
    /// The pattern with a wildcard for each capture.
    pub(super) glob: String,
    /// The names, in order.
    pub(super) names: Vec<Rc<str>>,
    /// The pattern with a mark around each name.
    marked: String,
}

/// No path holds it.
const MARK: &str = "\0";

impl Captures {
    /// Reads a pattern: a name between braces is a capture, and stands for a part of one file's or
    /// folder's name.
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

    /// What tells the captures of a path that the pattern matches; none if it is no pattern.
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

/// The next capture: what stands before it, its name, and what stands behind it.
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
