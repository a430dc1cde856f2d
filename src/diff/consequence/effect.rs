//! Consequences of changes, and their effects on one object.

use std::borrow::Cow;

use crate::diff::change::FieldPath;

/// What controllers do with a change, the most dangerous first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// Machines, cloud resources or stored data are deleted.
    Destroys,
    /// Software is uninstalled from a cluster.
    Uninstalls,
    /// Software is uninstalled and installed again.
    Reinstalls,
    /// An object loses a guard against deletion.
    Unguards,
    /// Something that the output no longer contains continues to run.
    KeepsRunning,
    /// The API server or a webhook rejects the change.
    Rejected,
    /// A Kubernetes version becomes lower, and no webhook rejects that.
    Downgrades,
    /// The machines of a control plane are replaced, or a managed control plane is upgraded.
    RollsControlPlane,
    /// Nodes are replaced.
    RollsNodes,
    /// Nodes are added or removed.
    Scales,
    /// Selectors and generators choose again, which can install and uninstall software.
    Reselects,
    /// Argo CD deletes nothing before a person confirms it.
    WaitsForConfirmation,
    /// The table does not contain the kind or the field.
    Unknown,
    /// Software is upgraded or configured differently.
    Upgrades,
    /// Existing machines or releases do not get the change.
    Ignored,
    /// Only machines that are created later get the change.
    NewMachinesOnly,
    /// Only the object itself is deleted.
    Deletes,
    /// The object, or what it applied, is kept without effect.
    Remains,
    /// The object is changed and nothing is replaced.
    InPlace,
    /// The object is created.
    Creates,
}

impl Consequence {
    /// All consequences, the most dangerous first.
    pub const ALL: [Self; 20] = [
        Self::Destroys,
        Self::Uninstalls,
        Self::Reinstalls,
        Self::Unguards,
        Self::KeepsRunning,
        Self::Rejected,
        Self::Downgrades,
        Self::RollsControlPlane,
        Self::RollsNodes,
        Self::Scales,
        Self::Reselects,
        Self::WaitsForConfirmation,
        Self::Unknown,
        Self::Upgrades,
        Self::Ignored,
        Self::NewMachinesOnly,
        Self::Deletes,
        Self::Remains,
        Self::InPlace,
        Self::Creates,
    ];

    /// Returns `true` if a reviewer must not miss the consequence: something is lost, or does not happen as written.
    pub fn is_danger(self) -> bool {
        self <= Self::Downgrades
    }

    /// Returns `true` if no list may be cut: something that runs is lost, or the change has another result than it says.
    pub fn is_always_listed(self) -> bool {
        self.is_danger() && self != Self::Unguards
    }

    /// Returns the title of a list of changes with this consequence.
    pub fn title(self) -> &'static str {
        self.words().1
    }

    /// Returns the stable name, for programs.
    pub fn name(self) -> &'static str {
        self.words().0
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Destroys => ("destroys", "destroys machines, cloud resources or data"),
            Self::Unguards => ("unguards", "weakens a guard against deletion"),
            Self::KeepsRunning => ("keeps-running", "keeps running unnoticed"),
            Self::Rejected => ("rejected", "is rejected"),
            Self::Downgrades => ("downgrades", "downgrades Kubernetes"),
            Self::Uninstalls => ("uninstalls", "uninstalls software"),
            Self::Reinstalls => ("reinstalls", "uninstalls and reinstalls software"),
            Self::RollsControlPlane => ("rolls-control-plane", "rolls the control plane"),
            Self::RollsNodes => ("rolls-nodes", "rolls nodes"),
            Self::Scales => ("scales", "adds or removes nodes"),
            Self::Reselects => ("reselects", "can change what selectors match"),
            Self::WaitsForConfirmation => ("waits-for-confirmation", "waits for a confirmation"),
            Self::Unknown => ("unknown", "has effects that are not known"),
            Self::Upgrades => ("upgrades", "upgrades or reconfigures software"),
            Self::Ignored => ("ignored", "does not affect what is running"),
            Self::NewMachinesOnly => ("new-machines-only", "affects only new machines"),
            Self::Deletes => ("deletes", "deletes only the object"),
            Self::Remains => ("remains", "remains without effect"),
            Self::InPlace => ("in-place", "is applied in place"),
            Self::Creates => ("creates", "creates the object"),
        }
    }
}

/// What controllers do with a change of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The consequence.
    pub consequence: Consequence,
    /// One sentence for the reviewer.
    pub reason: Cow<'static, str>,
    /// The first field with this effect; `None` if the object is added or removed.
    pub field: Option<FieldPath>,
    /// The upstream project, its version, and the file or page that states it.
    pub source: &'static str,
    /// Whether Cluster API deletes the object together with its Cluster: the effect does not apply if the Cluster is
    /// removed, too.
    pub follows_cluster: bool,
}

impl Effect {
    /// Returns the effect of an object that is removed together with its Cluster.
    pub fn of_cluster() -> Self {
        Self {
            consequence: Consequence::Destroys,
            reason: "Cluster API deletes the object with its Cluster.".into(),
            field: None,
            source: "Cluster API 1.14.2, internal/controllers/cluster/cluster_controller.go",
            follows_cluster: false,
        }
    }
}
