//! The programs that people run instead: where they are, and how helm gets there.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Fallible;
use crate::workload::Fleet;

/// The version of helm, said here alone. Its module's checksum is that of Go's checksum database.
const HELM_VERSION: &str = "v4.3.1";
const HELM_COMMAND: &str = "helm.sh/helm/v4/cmd/helm";
/// Where Go's own archive puts it, which is often not on the `PATH`.
const GO: &str = "/usr/local/go/bin/go";

/// Programs that were found.
pub(crate) struct Rivals {
    helm: PathBuf,
}

impl Rivals {
    pub(crate) fn find() -> Fallible<Self> {
        if !starts("envsubst", "--version")? {
            return Err(
                "envsubst is missing: install gettext (on Debian and Ubuntu the package is \
                 gettext-base), or leave out the others with the word `ours`"
                    .into(),
            );
        }
        Ok(Self { helm: helm()? })
    }

    /// One render of the chart, the list as its values.
    pub(crate) fn helm(&self, fleet: &Fleet) -> Command {
        let mut helm = Command::new(&self.helm);
        helm.args(["template", "fleet", "chart", "--values", "users.yaml"]);
        // Nobody's plugins and repositories are loaded.
        for kind in ["CACHE", "CONFIG", "DATA"] {
            helm.env(format!("HELM_{kind}_HOME"), fleet.path().join("helm-home"));
        }
        helm
    }

    /// One envsubst for each user.
    pub(crate) fn envsubst() -> Command {
        let mut shell = Command::new("sh");
        shell.arg("envsubst.sh");
        shell
    }
}

/// Builds helm where the target directory has none of that version.
fn helm() -> Fallible<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("helm-{HELM_VERSION}"));
    let helm = folder.join("helm");
    if !helm.exists() {
        let go = if starts("go", "version")? {
            "go"
        } else if starts(GO, "version")? {
            GO
        } else {
            return Err(
                "go is missing, which builds helm: install Go (https://go.dev/dl), or \
                 leave out the others with the word `ours`"
                    .into(),
            );
        };
        println!("building helm {HELM_VERSION}: some minutes, once");
        let built = Command::new(go)
            .args(["install", &format!("{HELM_COMMAND}@{HELM_VERSION}")])
            .env("GOBIN", &folder)
            .status()?;
        if !built.success() {
            return Err(
                format!("{go} cannot build helm {HELM_VERSION}: its message is above").into(),
            );
        }
    }
    Ok(helm)
}

/// Whether there is such a program.
fn starts(program: &str, arg: &str) -> Fallible<bool> {
    match Command::new(program)
        .arg(arg)
        .stdout(Stdio::null())
        .status()
    {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}
