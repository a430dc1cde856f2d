//! The fleet, or the change of it, that a report shows.

use super::session::Findings;
use super::side::{Compiled, Side, compile_both};
use crate::diff::difference::{Difference, difference};
use crate::explain::Context;
use crate::matrix::changes::Changes;
use crate::matrix::table::Matrix;
use crate::matrix::{build, compare};
use crate::request::CompileOptions;
use crate::yaml::print::Format;

/// What a report shows. Only pages show the change and the findings.
#[cfg_attr(
    not(feature = "html"),
    expect(dead_code, reason = "only pages show all")
)]
pub(super) struct Shown {
    pub(super) matrix: Matrix,
    /// The change, if two revisions are compared.
    pub(super) change: Option<Change>,
    /// The warnings about the fleet, or about the head.
    pub(super) findings: Findings,
}

/// The change between two revisions.
#[cfg_attr(
    not(feature = "html"),
    expect(dead_code, reason = "only pages show it")
)]
pub(super) struct Change {
    /// The names of the sides, such as `base 1a2b3c4`.
    pub(super) names: [String; 2],
    pub(super) difference: Difference,
    pub(super) changes: Changes,
}

impl Shown {
    /// Compiles a fleet. With `is_explained`, each cell has an explanation.
    ///
    /// # Errors
    ///
    /// Reports the errors of the fleet, and returns the exit code.
    pub(super) fn one(mut side: Side, is_explained: bool) -> Result<Self, u8> {
        let options = CompileOptions::from(Format::Json);
        let Some(compiled) = side.compile(&options) else {
            return Err(side.finish().reject("no report was written"));
        };
        Ok(Self {
            matrix: matrix(&compiled, &mut side, is_explained),
            change: None,
            findings: side.finish(),
        })
    }

    /// Compiles and compares both sides.
    ///
    /// # Errors
    ///
    /// Reports the errors of the sides, and returns the exit code.
    pub(super) fn both(mut base: Side, mut head: Side, is_explained: bool) -> Result<Self, u8> {
        let options = CompileOptions {
            keep_identities: true,
            ..Format::Json.into()
        };
        let ([old, new], sides) = compile_both([base, head], &options, "no report was written")?;
        [base, head] = sides;
        let difference = difference(base.of(&old.1), head.of(&new.1));
        let names = [base.name.clone(), head.name.clone()];
        Ok(Self::of(
            difference,
            names,
            [(base, old), (head, new)],
            is_explained,
        ))
    }

    /// Returns the matrix of a difference that was found before.
    pub(super) fn of(
        difference: Difference,
        names: [String; 2],
        [(mut base, old), (mut head, new)]: [(Side, Compiled); 2],
        is_explained: bool,
    ) -> Self {
        let changes = Changes::new(&difference);
        let before = matrix(&old, &mut base, false);
        let mut matrix = matrix(&new, &mut head, is_explained);
        compare((&before, &old.1.plan), (&mut matrix, &new.1.plan), &changes);
        Self {
            matrix,
            change: Some(Change {
                names,
                difference,
                changes,
            }),
            findings: head.finish(),
        }
    }
}

fn matrix((fleet, output): &Compiled, side: &mut Side, is_explained: bool) -> Matrix {
    let mut context = Context {
        fleet,
        output,
        files: &mut side.files,
        is_shared: true,
    };
    build(&mut context, is_explained)
}
