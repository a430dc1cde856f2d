//! The fleet directory of a command, and the diagnostics of its run.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::terminal::print_stderr;
use crate::diagnostic::{Diagnostic, Diagnostics, ErrorsReported, find_exit};
use crate::files::{Disk, Files};
use crate::input::fleet::Fleet;
use crate::plan::Plan;
use crate::render::Output;
use crate::request::CompileOptions;
use crate::source::Sources;
use crate::yaml::print::Format;
use crate::{compile, compile_with_fleet, plan, report};

/// A fleet directory that is open, and the diagnostics so far.
pub(super) struct Session {
    /// The directory, for edits.
    pub(super) disk: Rc<Disk>,
    pub(super) files: Files,
    pub(super) diags: Diagnostics,
}

impl Session {
    /// Opens the fleet directory.
    ///
    /// # Errors
    ///
    /// Reports a directory that cannot be opened, and returns the exit code.
    pub(super) fn open(chdir: &Path, dir: &Path) -> Result<Self, u8> {
        let disk = Disk::open(&fleet_dir(chdir, dir))
            .map_err(|diagnostic| Findings::from(diagnostic).report())?;
        let disk = Rc::new(disk);
        Ok(Self {
            files: Files::new(Rc::<Disk>::clone(&disk)),
            disk,
            diags: Diagnostics::default(),
        })
    }

    /// Opens the fleet directory, and reports nothing if it cannot be opened.
    #[must_use]
    pub(super) fn open_silently(dir: &Path) -> Option<Self> {
        let disk = Rc::new(Disk::open(&fleet_dir(dir, Path::new(""))).ok()?);
        Some(Self {
            files: Files::new(Rc::<Disk>::clone(&disk)),
            disk,
            diags: Diagnostics::default(),
        })
    }

    /// Plans the whole fleet.
    pub(super) fn plan(&mut self) -> Result<(Fleet, Plan), ErrorsReported> {
        plan(
            &mut self.files,
            &CompileOptions::from(Format::Json),
            &mut self.diags,
        )
    }

    /// Compiles the fleet, and returns it with its output, which contains the objects of spokes. Only `validate` prints warnings.
    ///
    /// # Errors
    ///
    /// Returns an error if an error was pushed.
    pub(super) fn compile_with_fleet(&mut self) -> Result<(Fleet, Output), ErrorsReported> {
        let options = CompileOptions {
            keep_identities: true,
            ..Format::Json.into()
        };
        compile_with_fleet(&mut self.files, &options, &mut self.diags)
    }

    /// Compiles the fleet.
    pub(super) fn compile(&mut self, options: &CompileOptions) -> Result<Output, ErrorsReported> {
        compile(&mut self.files, options.clone(), &mut self.diags)
    }

    /// Ends the run.
    pub(super) fn finish(self) -> Findings {
        Findings::new(self.diags, self.files.sources)
    }
}

/// The diagnostics of a run, sorted, and the sources that they quote.
pub(super) struct Findings {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) sources: Sources,
}

impl Findings {
    pub(super) fn new(diags: Diagnostics, sources: Sources) -> Self {
        Self {
            diagnostics: diags.into_sorted(),
            sources,
        }
    }

    /// Prints the diagnostics, and returns their exit code.
    pub(super) fn report(&self) -> u8 {
        print_stderr(&report::render_text(&self.diagnostics, &self.sources));
        self.exit_code()
    }

    /// Prints the diagnostics and their number, and returns the exit code.
    ///
    /// `outcome` states that the command had no effect.
    pub(super) fn reject(&self, outcome: &str) -> u8 {
        let code = self.report();
        let summary = report::summarize(&self.diagnostics);
        print_stderr(&format!("{summary}; {outcome}\n"));
        code
    }

    /// Prints the errors in at most `limit` bytes, and returns their exit code.
    pub(super) fn report_truncated(&self, limit: usize) -> u8 {
        print_stderr(&report::render_truncated(
            &self.diagnostics,
            &self.sources,
            limit,
        ));
        self.exit_code()
    }

    /// Prints the warnings, one line each.
    pub(super) fn report_warnings(&self) {
        print_stderr(&report::render_warnings(&self.diagnostics, &self.sources));
    }

    fn exit_code(&self) -> u8 {
        find_exit(&self.diagnostics).map_or(0, |exit| exit as u8)
    }
}

impl From<Diagnostic> for Findings {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic],
            sources: Sources::default(),
        }
    }
}

/// The output of a fleet, `None` if there is an error, and the diagnostics.
pub(super) struct Compiled {
    pub(super) output: Option<Output>,
    pub(super) findings: Findings,
}

/// Compiles the fleet in a directory.
pub(super) fn compile_dir(dir: &Path, options: &CompileOptions) -> Compiled {
    let mut diags = Diagnostics::default();
    match Files::open(dir) {
        Ok(mut files) => Compiled {
            output: compile(&mut files, options.clone(), &mut diags).ok(),
            findings: Findings::new(diags, files.sources),
        },
        Err(diagnostic) => Compiled {
            output: None,
            findings: diagnostic.into(),
        },
    }
}

/// Returns the plan of the fleet in a directory. Only `validate` prints warnings.
///
/// # Errors
///
/// Reports the errors of the fleet, and returns the exit code.
pub(super) fn plan_dir(chdir: &Path, dir: &Path) -> Result<Plan, u8> {
    let mut session = Session::open(chdir, dir)?;
    match session.plan() {
        Ok((_, plan)) => Ok(plan),
        Err(ErrorsReported) => Err(session.finish().report()),
    }
}

/// Returns the path of a command's directory.
pub(super) fn fleet_dir(chdir: &Path, dir: &Path) -> PathBuf {
    let dir = chdir.join(dir);
    if dir.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        dir
    }
}
