//! Reads input that is not part of a fleet's directory: stdin, or a file that the command line names.

use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::File;

use super::path_error::PathError;
use crate::diagnostic::{Code, Diagnostic, escape_control_chars};

/// Maximum size of the input in bytes.
const MAX_INPUT_BYTES: u64 = 64 << 20;

/// Returns the contents of a file, or of stdin without a path.
///
/// # Errors
///
/// Returns an error if the input cannot be read or is too large, or if stdin is a terminal.
pub fn read_input(path: Option<&Path>) -> Result<Vec<u8>, Diagnostic> {
    let shown = path.map_or("stdin".into(), |path| {
        escape_control_chars(&path.to_string_lossy())
    });
    let read = |reader: &mut dyn io::Read| {
        let mut bytes = Vec::new();
        reader.take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = match path {
        Some(path) => {
            File::open_ambient(path, ambient_authority()).and_then(|mut file| read(&mut file))
        }
        None if io::stdin().is_terminal() => Ok(Vec::new()),
        None => read(&mut io::stdin().lock()),
    };
    let bytes = bytes.map_err(|error| PathError::from(error).diagnostic(&shown, None))?;
    if bytes.len() as u64 > MAX_INPUT_BYTES {
        let message = format!("`{shown}` exceeds the limit of 64 MiB");
        let help = "pass the objects of fewer namespaces: `kubectl get --namespace NAME`";
        return Err(Diagnostic::without_location(Code::FileTooLarge, message).help(help));
    }
    Ok(bytes)
}
