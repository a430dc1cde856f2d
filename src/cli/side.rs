//! A side of a comparison: a directory, or a revision of it.

use std::path::Path;
#[cfg(feature = "git")]
use std::rc::Rc;

use super::session::Findings;
use super::terminal::{EXIT_USAGE, print_stderr};
use crate::compile_with_fleet;
use crate::diagnostic::{Diagnostic, Diagnostics, escape_control_chars};
use crate::diff::difference;
use crate::diff::open_files::read_files_of_other;
#[cfg(feature = "git")]
use crate::files::Revision;
use crate::files::{Files, names};
use crate::input::fleet::Fleet;
use crate::render::Output;
use crate::request::CompileOptions;

/// The files of a side, and the diagnostics of its compilation.
pub(super) struct Side {
    /// The name in messages, such as `base 1a2b3c4`.
    pub(super) name: String,
    pub(super) files: Files,
    diags: Diagnostics,
}

/// A fleet as written, and its output.
pub(super) type Compiled = (Fleet, Output);

/// Compiles both sides, and reads the files that only one of them has read.
///
/// # Errors
///
/// Reports the errors of the sides, and returns the exit code. `outcome` states that the command had no effect.
pub(super) fn compile_both(
    [mut base, mut head]: [Side; 2],
    options: &CompileOptions,
    outcome: &str,
) -> Result<([Compiled; 2], [Side; 2]), u8> {
    match [base.compile(options), head.compile(options)] {
        [Some(old), Some(new)] => {
            read_files_of_other([&mut base.files, &mut head.files]);
            Ok(([old, new], [base, head]))
        }
        outputs => {
            let are_ok = outputs.map(|output| output.is_some());
            Err(reject([base, head], are_ok, outcome))
        }
    }
}

/// Reports the errors of the sides that do not compile, and returns the exit code.
fn reject(sides: [Side; 2], are_ok: [bool; 2], outcome: &str) -> u8 {
    let mut code = 0;
    for (side, is_ok) in sides.into_iter().zip(are_ok) {
        if is_ok {
            continue;
        }
        let other = match are_ok {
            [false, true] => "; the head compiles",
            [true, false] => "; the base compiles",
            _ => "",
        };
        print_stderr(&format!("{} has errors{other}:\n", side.name));
        code = side.finish().reject(outcome);
    }
    code
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

    /// Lets guards against deletion not end the run, so that a reviewer sees what they prevent.
    pub(super) fn collect_rejections(&mut self) {
        self.diags.collect_rejections();
    }

    /// Returns the errors of guards against deletion, which do not prevent a comparison.
    pub(super) fn rejections(&mut self) -> Vec<Diagnostic> {
        self.diags.take_rejections().into_sorted()
    }

    /// Opens a directory that exists, or else a revision.
    fn open(side: &str, chdir: &Path, dir: &Path, name: &Path) -> Result<Self, u8> {
        match Files::open(&chdir.join(name)) {
            Ok(_) if is_revision(dir, name) => Err(ambiguous(name)),
            Ok(files) => Ok(Self::new(side, &name.to_string_lossy(), files)),
            Err(error) if is_path(name) => Err(Findings::from(error).report()),
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
    pub(super) fn compile(&mut self, options: &CompileOptions) -> Option<Compiled> {
        compile_with_fleet(&mut self.files, options, &mut self.diags).ok()
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

/// Returns `true` if a name can only be a path: it begins with `.` or `/`, or ends with `/` or the name of a file.
fn is_path(name: &Path) -> bool {
    let text = name.to_string_lossy();
    text.starts_with(['.', '/']) || text.ends_with('/') || text.ends_with(names::FLEET)
}

/// Returns `true` if the name of a directory is also the name of a revision.
#[cfg(feature = "git")]
fn is_revision(dir: &Path, name: &Path) -> bool {
    let is_open = |name: &str| Revision::open(dir, name).is_ok();
    !is_path(name) && name.to_str().is_some_and(is_open)
}

#[cfg(not(feature = "git"))]
fn is_revision(_: &Path, _: &Path) -> bool {
    false
}

/// Reports a name that is a directory and a revision, and returns the exit code.
fn ambiguous(name: &Path) -> u8 {
    let name = escape_control_chars(&name.to_string_lossy());
    print_stderr(&format!(
        "error: `{name}` is a directory and a revision\nhelp: write `./{name}` for the directory, or the whole name of the revision, such as `refs/heads/{name}`\n"
    ));
    EXIT_USAGE
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
    print_stderr("error: this build reads no revisions\nhelp: pass a directory: --base DIR\n");
    Err(EXIT_USAGE)
}

#[cfg(not(feature = "git"))]
fn revision(_: &str, _: &Path, _: &Path, error: Diagnostic) -> Result<Side, u8> {
    Err(Findings::from(error).report())
}
