//! `kubectl fleet man`

use clap::{Args, Command};
use clap_mangen::Man;

use super::terminal::{CommandResult, EXIT_USAGE, print_stderr, print_stdout};
use crate::diagnostic::escape_control_chars;

/// Print the man page of a command.
#[derive(Args)]
#[command(
    hide = true,
    after_help = "Examples:
  # Show the page of `kubectl fleet add`
  kubectl fleet man add | man -l -"
)]
pub(super) struct Manual {
    /// Words of the command; default: the page of the program
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

impl Manual {
    pub(super) fn run(self, mut program: Command) -> CommandResult {
        program.build();
        let mut command = &program;
        for word in &self.words {
            command = command.find_subcommand(word).ok_or_else(|| {
                let word = escape_control_chars(word);
                print_stderr(&format!("error: there is no command `{word}`\n"));
                EXIT_USAGE
            })?;
        }
        let title = [&["kubectl-fleet".to_owned()], self.words.as_slice()]
            .concat()
            .join("-");
        let page = Man::new(command.clone()).title(title.to_uppercase());
        let mut text = Vec::new();
        let rendered = page.render(&mut text);
        print_stdout(|out| rendered.and_then(|()| out.write_all(&text)))
    }
}
