//! A side of a comparison: a directory, or a revision of it.

use std::path::Path;
#[cfg(feature = "git")]
use std::rc::Rc;

use crate::cli::session::Findings;
use crate::compile;
use crate::diagnostic::{Diagnostic, Diagnostics, escape_control_chars};
use crate::diff::difference;
use crate::files::Files;
#[cfg(feature = "git")]
use crate::files::Revision;
use crate::render::Output;
use crate::request::CompileOptions;

/// The files of a side, and the diagnostics of its compilation.
pub(super) struct Side {
    /// The name in messages, such as `base 1a2b3c4`.
    pub(super) name: String,
    pub(super) files: Files,
    diags: Diagnostics,
}

impl Side {
    /// Opens the base: a directory, a revision, or by default the merge base with the default branch.
    ///
    /// # Errors
    ///
    /// Reports a side that cannot be opened, and returns the exit code.
    pub(super) fn base(chdir: &Path, dir: &Path, base: Option<&Path>) -> Result<Self, u8> {
        match base {
            Some(base) => Self::open("base", chdir, dir, base),
            None => default_base(dir),
        }
    }

    /// Opens the head: a directory, a revision, or by default the directory of the fleet.
    ///
    /// # Errors
    ///
    /// Reports a side that cannot be opened, and returns the exit code.
    pub(super) fn head(chdir: &Path, dir: &Path, head: Option<&Path>) -> Result<Self, u8> {
        match head {
            Some(head) => Self::open("head", chdir, dir, head),
            None => Self::disk("head", dir),
        }
    }

    /// Opens a directory that exists, or else a revision.
    fn open(side: &str, chdir: &Path, dir: &Path, name: &Path) -> Result<Self, u8> {
        match Files::open(&chdir.join(name)) {
            Ok(files) => Ok(Self::new(side, &name.to_string_lossy(), files)),
            Err(error) => revision(side, dir, name, error),
        }
    }

    fn disk(side: &str, dir: &Path) -> Result<Self, u8> {
        let files = Files::open(dir).map_err(|error| Findings::from(error).report())?;
        Ok(Self::new(side, &dir.to_string_lossy(), files))
    }

    fn new(side: &str, name: &str, files: Files) -> Self {
        Self {
            name: format!("{side} {}", escape_control_chars(name)),
            files,
            diags: Diagnostics::default(),
        }
    }

    /// Compiles the side. Returns `None` if it has an error.
    pub(super) fn compile(&mut self, options: &CompileOptions) -> Option<Output> {
        compile(&mut self.files, options.clone(), &mut self.diags).ok()
    }

    /// Returns the output of the side for the comparison.
    pub(super) fn of<'a>(&'a self, output: &'a Output) -> difference::Side<'a> {
        let sources = &self.files.sources;
        difference::Side { output, sources }
    }

    /// Ends the run.
    pub(super) fn finish(self) -> Findings {
        Findings::new(self.diags, self.files.sources)
    }
}

#[cfg(feature = "git")]
fn default_base(dir: &Path) -> Result<Side, u8> {
    of_revision("base", Revision::base(dir))
}

#[cfg(feature = "git")]
fn revision(side: &str, dir: &Path, name: &Path, error: Diagnostic) -> Result<Side, u8> {
    let Some(name) = name.to_str() else {
        return Err(Findings::from(error).report());
    };
    of_revision(side, Revision::open(dir, name))
}

#[cfg(feature = "git")]
fn of_revision(side: &str, revision: Result<Revision, Diagnostic>) -> Result<Side, u8> {
    let revision = revision.map_err(|error| Findings::from(error).report())?;
    let name = revision.commit().to_owned();
    Ok(Side::new(side, &name, Files::new(Rc::new(revision))))
}

#[cfg(not(feature = "git"))]
fn default_base(_: &Path) -> Result<Side, u8> {
    use crate::cli::terminal::{EXIT_USAGE, print_stderr};
    print_stderr("error: this build reads no revisions\nhelp: pass a directory: --base DIR\n");
    Err(EXIT_USAGE)
}

#[cfg(not(feature = "git"))]
fn revision(_: &str, _: &Path, _: &Path, error: Diagnostic) -> Result<Side, u8> {
    Err(Findings::from(error).report())
}
