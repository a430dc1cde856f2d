//! The fleets that are timed.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use tempfile::TempDir;

use crate::Fallible;

/// What is timed. A fleet is a folder beside this file, without its list, and with what makes the same
/// objects of the same list in another way: `chart` for helm and `envsubst.sh` for a shell. A fleet that
/// has only one of the two, or none, is timed without the other.
pub(crate) const WORKLOADS: [Workload; 6] = [
    // Eight documents a user, all from templates.
    Workload::new("templates", "templates"),
    // Six documents a user from templates, ten add-ons with variants, and one of them with values of
    // each cluster's own.
    Workload::new("addons", "addons"),
    // Seven documents a user from templates, ten add-ons with values of four layers, the last of them
    // the cluster's own.
    Workload::layers("layers-sveltos", "sveltos"),
    Workload::layers("layers-argocd", "argocd"),
    Workload::layers("layers-flux", "flux"),
    Workload::layers("layers-caaph", "caaph"),
];

/// How many add-ons the fleet `layers` has.
const ADDONS: usize = 10;

/// A fleet, and how its add-ons are delivered where the fleet leaves that open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    folder: &'static str,
    delivery: Option<&'static str>,
}

impl Workload {
    const fn new(name: &'static str, folder: &'static str) -> Self {
        Self {
            name,
            folder,
            delivery: None,
        }
    }

    const fn layers(name: &'static str, delivery: &'static str) -> Self {
        Self {
            name,
            folder: "layers",
            delivery: Some(delivery),
        }
    }
}

/// A workload in a folder of its own, with a list of users.
pub(crate) struct Fleet(TempDir);

impl Fleet {
    pub(crate) fn new(workload: Workload, users: usize) -> Fallible<Self> {
        let folder = tempfile::tempdir()?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare");
        copy(&source.join(workload.folder), folder.path())?;
        if let Some(delivery) = workload.delivery {
            write_delivery(folder.path(), delivery, users)?;
        }
        write_list(File::create(folder.path().join("users.yaml"))?, users)?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }
}

/// A `ConfigMap`, which is a file of values for helm, too.
fn write_list(file: File, users: usize) -> Fallible<()> {
    // Never whole in memory: a child's peak is at least its parent's size.
    let mut list = BufWriter::new(file);
    writeln!(list, "apiVersion: v1\nkind: ConfigMap")?;
    writeln!(list, "metadata: {{name: users}}\ndata:")?;
    for user in 0..users {
        let kind = if user % 2 == 0 {
            "staging"
        } else {
            "production"
        };
        writeln!(list, "  user{user:06}: {kind}")?;
    }
    list.flush()?;
    Ok(())
}

/// What the fleet includes, and its layers: three that clusters share, and one of every tenth cluster's own.
fn write_delivery(folder: &Path, delivery: &str, users: usize) -> Fallible<()> {
    let included =
        format!("apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\ndeliver: {delivery}\n");
    fs::write(folder.join("deliver.yaml"), included)?;
    for addon in 0..ADDONS {
        let layer = |path: String, values: &str| -> Fallible<()> {
            let path = folder.join("values").join(path);
            fs::create_dir_all(&path)?;
            Ok(fs::write(path.join(format!("addon-{addon}.yaml")), values)?)
        };
        layer(
            String::new(),
            "replicas: 1\nresources:\n  limits: {memory: 256Mi}\n  requests: {cpu: 100m, memory: 128Mi}\n\
             serviceAccount: {create: true, name: addon}\ntolerations: []\n",
        )?;
        layer(
            "types/production".into(),
            "replicas: 3\nresources: {limits: {memory: 1Gi}}\n",
        )?;
        layer(
            "regions/eu-central-1".into(),
            "image: {registry: registry.eu.example.org}\n",
        )?;
        for user in (0..users).step_by(10) {
            layer(format!("clusters/eks-user{user:06}"), "replicas: 5\n")?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Fallible<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
