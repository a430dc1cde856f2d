//! The target of a page: stdout or a file.

use std::path::{Path, PathBuf};

use super::session::Findings;
use super::shown::Shown;
use super::terminal::{CommandResult, print_stdout};
use crate::files::replace_file;
#[cfg(feature = "html")]
use crate::matrix::html;

/// The target of a page.
#[derive(Clone, PartialEq)]
pub(super) enum PageTarget {
    Stdout,
    File(PathBuf),
}

impl PageTarget {
    /// Parses `html` and `html=FILE`; returns `None` for other text.
    ///
    /// # Errors
    ///
    /// Returns the reason if a build without pages cannot write one.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, String> {
        let target = match text.strip_prefix("html") {
            Some("") => Self::Stdout,
            Some(rest) => match rest.strip_prefix('=') {
                Some(path) if !path.is_empty() => Self::File(path.into()),
                _ => return Ok(None),
            },
            None => return Ok(None),
        };
        if cfg!(feature = "html") {
            Ok(Some(target))
        } else {
            Err("this build writes no pages".to_owned())
        }
    }

    /// Writes the page. A file is replaced as a whole.
    pub(super) fn write(&self, chdir: &Path, shown: &Shown) -> CommandResult {
        let page = page(shown);
        match self {
            Self::Stdout => print_stdout(|out| out.write_all(page.as_bytes())),
            Self::File(path) => replace_file(&chdir.join(path), &page)
                .map_err(|diagnostic| Findings::from(diagnostic).report()),
        }
    }
}

#[cfg(feature = "html")]
fn page(shown: &Shown) -> String {
    let change = shown.change.as_ref().map(|change| html::Change {
        names: change.names.each_ref().map(String::as_str),
        difference: &change.difference,
        changes: &change.changes,
    });
    html::page(&html::Contents {
        matrix: &shown.matrix,
        change,
        diagnostics: &shown.findings.diagnostics,
        sources: &shown.findings.sources,
    })
}

#[cfg(not(feature = "html"))]
fn page(_: &Shown) -> String {
    unreachable!("a build without pages parses no target")
}
