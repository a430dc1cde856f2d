//! The alternative programs, helm and envsubst, and the build of helm.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Fallible;
use crate::workload::Fleet;

/// The version of helm. Go verifies the module with its checksum database.
const HELM_VERSION: &str = "v4.3.1";
const HELM_COMMAND: &str = "helm.sh/helm/v4/cmd/helm";
/// The path of Go in its official archive, which is often not in `PATH`.
const GO: &str = "/usr/local/go/bin/go";

/// The installed programs.
pub(crate) struct Rivals {
    helm: PathBuf,
}

impl Rivals {
    pub(crate) fn find() -> Fallible<Self> {
        if !starts("envsubst", "--version")? {
            return Err(
                "envsubst is missing: install gettext (on Debian and Ubuntu the package is \
                 gettext-base), or pass `ours` to omit the alternatives"
                    .into(),
            );
        }
        Ok(Self { helm: helm()? })
    }

    /// Returns the command that renders the chart with the list as values.
    pub(crate) fn helm(&self, fleet: &Fleet) -> Command {
        let mut helm = Command::new(&self.helm);
        helm.args(["template", "fleet", "chart", "--values", "users.yaml"]);
        // Without these variables, helm loads the user's plugins and repositories.
        for kind in ["CACHE", "CONFIG", "DATA"] {
            helm.env(format!("HELM_{kind}_HOME"), fleet.path().join("helm-home"));
        }
        helm
    }

    /// Returns the command that runs envsubst for each user.
    pub(crate) fn envsubst() -> Command {
        let mut shell = Command::new("sh");
        shell.arg("envsubst.sh");
        shell
    }
}

/// Returns the path of helm in the target directory, after building it if it does not exist.
fn helm() -> Fallible<PathBuf> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("helm-{HELM_VERSION}"));
    let helm = dir.join("helm");
    if !helm.exists() {
        let go = if starts("go", "version")? {
            "go"
        } else if starts(GO, "version")? {
            GO
        } else {
            return Err(
                "go is missing and required to build helm: install Go (https://go.dev/dl), or \
                 pass `ours` to omit the alternatives"
                    .into(),
            );
        };
        println!("building helm {HELM_VERSION}: the first build takes several minutes");
        let status = Command::new(go)
            .args(["install", &format!("{HELM_COMMAND}@{HELM_VERSION}")])
            .env("GOBIN", &dir)
            .status()?;
        if !status.success() {
            return Err(
                format!("{go} cannot build helm {HELM_VERSION}: see the messages above").into(),
            );
        }
    }
    Ok(helm)
}

/// Returns `true` if the program exists.
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
