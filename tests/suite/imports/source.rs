//! The imports of a Rust file, found in its tokens.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::repository;

/// A file of `src/`.
pub(super) struct Source {
    /// Its path in `src/` without the extension, such as `plan/subject`.
    pub(super) name: String,
    /// Identifiers and punctuation, without comments and strings.
    tokens: Vec<String>,
}

/// Returns the files of `src/` without those of tests.
pub(super) fn sources() -> Vec<Source> {
    let files = repository::sources("src").into_iter();
    let source = |(path, text): (String, String)| {
        let name = Path::new(&path).with_extension("");
        let name = name
            .strip_prefix("src")
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let is_test = name.split('/').any(|part| part == "tests");
        let code = text.split("#[cfg(test)]\nmod tests {").next();
        (!is_test).then(|| Source {
            name,
            tokens: tokens(code.unwrap_or_default()),
        })
    };
    files.filter_map(source).collect()
}

impl Source {
    /// Returns the files that this one imports, or refers to in a path.
    pub(super) fn imports(&self, files: &BTreeSet<&str>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        // Modules with a local name, such as `fill` after `use crate::template::fill`.
        let mut aliases: BTreeMap<&str, String> = BTreeMap::new();
        let (used, other) = self.paths();
        for path in &used {
            let resolved = self.resolve(path, &BTreeMap::new(), files);
            if let (Some((file, 0)), Some(name)) = (&resolved, path.last()) {
                aliases.insert(name, file.clone());
            }
            found.extend(resolved.map(|(file, _)| file));
        }
        for path in other.iter().filter(|path| path.len() > 1) {
            found.extend(self.resolve(path, &aliases, files).map(|(file, _)| file));
        }
        found.remove(&self.name);
        found
    }

    /// Returns the deepest file that a path names, and how many names follow it.
    fn resolve(
        &self,
        path: &[&str],
        aliases: &BTreeMap<&str, String>,
        files: &BTreeSet<&str>,
    ) -> Option<(String, usize)> {
        let child = |parent: &str, name: &str| match parent {
            "lib" => name.to_owned(),
            parent => format!("{parent}/{name}"),
        };
        let parent = |file: &str| match file.rsplit_once('/') {
            Some((parent, _)) => parent.to_owned(),
            None => "lib".to_owned(),
        };
        let mut rest = path;
        let mut file = match rest.split_first()? {
            (&"crate", names) => {
                rest = names;
                "lib".to_owned()
            }
            (&"self", names) => {
                rest = names;
                self.name.clone()
            }
            (&"super", _) => {
                let mut file = self.name.clone();
                while let Some((&"super", names)) = rest.split_first() {
                    rest = names;
                    file = parent(&file);
                }
                file
            }
            (first, names) if aliases.contains_key(first) => {
                rest = names;
                aliases[first].clone()
            }
            (first, _) if files.contains(child(&self.name, first).as_str()) => self.name.clone(),
            _ => return None,
        };
        while let Some((name, names)) = rest.split_first() {
            let deeper = child(&file, name);
            if !files.contains(deeper.as_str()) {
                break;
            }
            file = deeper;
            rest = names;
        }
        Some((file, rest.len()))
    }

    /// Returns the paths of `use` items, and all other paths.
    fn paths(&self) -> (Vec<Vec<&str>>, Vec<Vec<&str>>) {
        let (mut used, mut other) = (Vec::new(), Vec::new());
        let mut rest = self.tokens.as_slice();
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            if token == "use" {
                rest = tree(rest, &[], &mut used);
            } else if is_name(token) {
                let mut path = vec![token.as_str()];
                while let [colons, name, after @ ..] = rest
                    && colons == "::"
                    && is_name(name)
                {
                    path.push(name);
                    rest = after;
                }
                other.push(path);
            }
        }
        (used, other)
    }
}

/// Adds the paths of a tree of `use`; returns what follows it.
fn tree<'t>(
    mut rest: &'t [String],
    before: &[&'t str],
    found: &mut Vec<Vec<&'t str>>,
) -> &'t [String] {
    let mut path = before.to_vec();
    while let Some((token, after)) = rest.split_first() {
        match token.as_str() {
            "::" => rest = after,
            "{" => {
                rest = after;
                while rest.first().is_some_and(|token| token != "}") {
                    rest = tree(rest, &path, found);
                    rest = rest.strip_prefix(&[",".to_owned()]).unwrap_or(rest);
                }
                return rest.get(1..).unwrap_or_default();
            }
            "as" => rest = after.get(1..).unwrap_or_default(),
            name if is_name(name) => {
                path.push(name);
                rest = after;
            }
            _ => break,
        }
    }
    if path.last() == Some(&"self") && path.len() > 1 {
        path.pop();
    }
    found.push(path);
    rest
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Divides code into names, `::` and single characters, without comments and literals.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let name = &rest[..name.unwrap_or(rest.len())];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(length) = literal(rest) {
            length
        } else if first.is_whitespace() {
            first.len_utf8()
        } else {
            let token = match name {
                "" if rest.starts_with("::") => "::",
                "" => &rest[..first.len_utf8()],
                name => name,
            };
            tokens.push(token.to_owned());
            token.len()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Returns the length of the string or character that code begins with.
fn literal(code: &str) -> Option<usize> {
    let hashes = code
        .strip_prefix('r')
        .map(|raw| raw.len() - raw.trim_start_matches('#').len());
    if let Some(hashes) = hashes
        && code[1 + hashes..].starts_with('"')
    {
        let end = format!("\"{}", "#".repeat(hashes));
        let start = hashes + 2;
        return Some(start + code[start..].find(&end)? + end.len());
    }
    let (quote, inside) = match code.as_bytes() {
        [b'"', ..] => ('"', &code[1..]),
        // A lifetime is not a character.
        [b'\'', b'\\', ..] => ('\'', &code[1..]),
        [b'\'', ..] if code.chars().nth(2) == Some('\'') => ('\'', &code[1..]),
        _ => return None,
    };
    let mut is_escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return Some(at + 2),
            _ => {}
        }
    }
    None
}
