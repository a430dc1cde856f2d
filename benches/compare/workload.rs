//! The fleets of the benchmark.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use tempfile::TempDir;

use crate::Fallible;

/// All workloads.
///
/// A fleet is a directory next to this file, without its list. It can contain alternatives that create
/// the same objects from the same list: `chart` for helm and `envsubst.sh` for a shell.
pub(crate) const WORKLOADS: [Workload; 6] = [
    // Eight documents per user, all from templates.
    Workload::new("templates", "templates"),
    // Six documents per user from templates, and ten add-ons with variants. One add-on has different
    // values for each cluster.
    Workload::new("addons", "addons"),
    // Seven documents per user from templates, and ten add-ons with four layers of values. The last
    // layer belongs to one cluster.
    Workload::layers("layers-sveltos", "sveltos"),
    Workload::layers("layers-argocd", "argocd"),
    Workload::layers("layers-flux", "flux"),
    Workload::layers("layers-caaph", "caaph"),
];

/// Number of add-ons in the fleet `layers`.
const ADDONS: usize = 10;

/// A fleet, and the delivery method of its add-ons if the fleet sets none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    dir: &'static str,
    delivery: Option<&'static str>,
}

impl Workload {
    const fn new(name: &'static str, dir: &'static str) -> Self {
        Self {
            name,
            dir,
            delivery: None,
        }
    }

    const fn layers(name: &'static str, delivery: &'static str) -> Self {
        Self {
            name,
            dir: "layers",
            delivery: Some(delivery),
        }
    }
}

/// A copy of a workload in a temporary directory, with a list of users.
pub(crate) struct Fleet(TempDir);

impl Fleet {
    pub(crate) fn new(workload: Workload, users: usize) -> Fallible<Self> {
        let dir = tempfile::tempdir()?;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare");
        copy(&source.join(workload.dir), dir.path())?;
        if let Some(delivery) = workload.delivery {
            write_delivery(dir.path(), delivery, users)?;
        }
        write_list(File::create(dir.path().join("users.yaml"))?, users)?;
        Ok(Self(dir))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }
}

/// Writes a `ConfigMap`, which helm also reads as a values file.
fn write_list(file: File, users: usize) -> Fallible<()> {
    // The list is never in memory as a whole, because the peak memory of a child includes that of its parent.
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

/// Writes the included file and the layers: three that clusters share, and one for every tenth cluster.
fn write_delivery(dir: &Path, delivery: &str, users: usize) -> Fallible<()> {
    let included =
        format!("apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\ndeliver: {delivery}\n");
    fs::write(dir.join("deliver.yaml"), included)?;
    for addon in 0..ADDONS {
        let layer = |path: String, values: &str| -> Fallible<()> {
            let path = dir.join("values").join(path);
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
