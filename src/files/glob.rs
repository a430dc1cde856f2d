//! Finds the files that a path with wildcards matches.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use globset::{GlobBuilder, GlobMatcher};
use unicode_normalization::UnicodeNormalization as _;

use super::atomic_write::is_temporary;
use super::capture::Captures;
use super::path::{is_pattern, normalize};
use super::path_error::PathError;
use super::reader::{Files, MAX_FILES, check_count};
use crate::diagnostic::{Code, Diagnostic, escape_control_chars};
use crate::source::Span;

/// The values of the captures of a path, in the order of the pattern.
type CaptureValues = Vec<(Rc<str>, Rc<str>)>;

impl Files {
    /// Returns the files of a path, sorted: the path itself, or the files that its wildcards match.
    pub fn glob(&mut self, pattern: &str, referenced_at: Span) -> Result<Vec<String>, Diagnostic> {
        let shown = escape_control_chars(pattern);
        let pattern = normalize(pattern, Some(referenced_at))?;
        if !is_pattern(&pattern) {
            return Ok(vec![pattern]);
        }
        let glob = matcher(&pattern).map_err(|error| {
            let message = format!("`{shown}` is not a valid path pattern: {}", error.kind());
            Diagnostic::new(Code::InvalidPath, referenced_at, message).help("correct the wildcards")
        })?;
        // Only the directory before the first wildcard, and those below it, can contain a match.
        let literal: Vec<&str> = pattern
            .split('/')
            .take_while(|part| !is_pattern(part))
            .collect();
        let depth = if pattern.contains("**") {
            usize::MAX
        } else {
            pattern.split('/').count() - literal.len()
        };
        let dir = literal.join("/");
        let mut found = Vec::new();
        let real = self.resolver.directory(Path::new(&dir));
        if let Ok(real) = &real {
            let rest = pattern[dir.len()..].trim_start_matches('/').to_owned();
            self.patterns.insert((real.clone(), rest));
        }
        let walked = real
            .map_err(PathError::from)
            .and_then(|real| self.walk(Path::new(&dir), &real, depth, &glob, &mut found));
        let is_missing = matches!(&walked, Err(error) if error.code == Code::NoSuchFile);
        if !is_missing {
            walked.map_err(|error| error.diagnostic(&shown, Some(referenced_at)))?;
        }
        found.sort_unstable();
        report_twins(&found, referenced_at)?;
        if found.is_empty() {
            let message = format!("`{shown}` matches no file");
            let help = if is_missing {
                format!("directory `{dir}` does not exist: {}", self.path_help(&dir))
            } else {
                "correct the path, or remove the entry".to_owned()
            };
            return Err(Diagnostic::new(Code::NoSuchFile, referenced_at, message).help(help));
        }
        Ok(found)
    }

    /// Returns the files that a path with captures matches, each with the values of its captures.
    pub fn glob_with_captures(
        &mut self,
        pattern: &str,
        referenced_at: Span,
    ) -> Result<Vec<(String, CaptureValues)>, Diagnostic> {
        let captures = Captures::of(pattern);
        let invalid = |message: String| Diagnostic::new(Code::InvalidPath, referenced_at, message);
        let names = captures.names.iter().enumerate();
        let mut twice = names.filter(|(at, name)| captures.names[..*at].contains(name));
        if let Some((_, name)) = twice.next() {
            let shown = escape_control_chars(pattern);
            let message = format!("`{shown}` captures `{name}` twice");
            return Err(invalid(message).help("write `*` instead of the second capture"));
        }
        let paths = self.glob(&captures.glob, referenced_at)?;
        if captures.names.is_empty() {
            return Ok(paths.into_iter().map(|path| (path, Vec::new())).collect());
        }
        let matcher = captures.matcher().ok_or_else(|| {
            invalid(format!(
                "`{}` is not a valid path pattern",
                escape_control_chars(pattern)
            ))
            .help("correct the wildcards")
        })?;
        let with_values = |path: String| {
            let found = matcher.captures(path.as_bytes());
            let values = found.iter().flat_map(|found| found.iter().skip(1));
            let value = |bytes| String::from_utf8_lossy(bytes).as_ref().into();
            let values =
                values.map(|found| found.map_or("".into(), |found| value(found.as_bytes())));
            let names = captures.names.iter().map(Rc::clone);
            let pairs = names.zip(values).collect();
            (path, pairs)
        };
        Ok(paths.into_iter().map(with_values).collect())
    }

    /// Adds the matching files below a directory. Links to directories are not followed, so that a wildcard finds a
    /// file only once.
    fn walk(
        &mut self,
        dir: &Path,
        real: &Path,
        depth: usize,
        glob: &GlobMatcher,
        found: &mut Vec<String>,
    ) -> Result<(), PathError> {
        if depth == 0 {
            return Ok(());
        }
        let room = MAX_FILES.saturating_sub(self.listed) + 1;
        for entry in self.resolver.list(real, room)? {
            self.listed += 1;
            check_count(self.listed)?;
            let path = dir.join(&entry.name);
            if entry.is_dir && entry.name != ".git" {
                self.walk(&path, &real.join(&entry.name), depth - 1, glob, found)?;
            } else if !entry.is_dir && glob.is_match(&path) && !is_temporary(&entry.name) {
                let path = path.into_os_string().into_string().map_err(|path| {
                    let path = escape_control_chars(&path.to_string_lossy());
                    let message = format!("matches `{path}`, whose name is not UTF-8");
                    PathError::new(
                        Code::InvalidPath,
                        message,
                        "rename the file to a UTF-8 name",
                    )
                })?;
                found.push(path);
            }
        }
        Ok(())
    }
}

/// Returns `true` if a path or a pattern with captures names a file, which need not exist.
pub(crate) fn names_file(pattern: &str, path: &str) -> bool {
    let Ok(pattern) = normalize(&Captures::of(pattern).glob, None) else {
        return false;
    };
    if !is_pattern(&pattern) {
        return pattern == path;
    }
    matcher(&pattern).is_ok_and(|glob| glob.is_match(path))
}

/// Returns the matcher of a pattern.
pub(super) fn matcher(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build()?;
    Ok(glob.compile_matcher())
}

/// Reports names that are equal on some systems and different on others: a commit would then mean two fleets.
fn report_twins(paths: &[String], referenced_at: Span) -> Result<(), Diagnostic> {
    let mut seen: BTreeMap<String, &String> = BTreeMap::new();
    for path in paths {
        let folded: String = if path.is_ascii() {
            path.to_ascii_lowercase()
        } else {
            path.nfc().flat_map(char::to_lowercase).nfc().collect()
        };
        if let Some(twin) = seen.insert(folded, path) {
            let (a, b) = (escape_control_chars(twin), escape_control_chars(path));
            let message =
                format!("file names `{a}` and `{b}` differ only in case or Unicode normalization");
            let help = "rename one of them, because they mean the same file on some systems";
            return Err(Diagnostic::new(Code::TwinFiles, referenced_at, message).help(help));
        }
    }
    Ok(())
}
