//! Helm charts, and the fields of an add-on that can differ between clusters.

use crate::source::Spanned;
use crate::tree::{Node, Text};

/// A Helm chart with its installation options. Its strings can contain variables.
#[derive(Clone, Debug)]
pub struct Chart {
    /// `repo`: URL of the chart repository: `https`, `http` or `oci`.
    pub repo: Spanned<Text>,
    /// `chart`: name of the chart.
    pub chart: Spanned<Text>,
    /// `version`: version of the chart.
    pub version: Spanned<Text>,
    /// `release`: name of the release; by default that of the add-on.
    pub release: Spanned<Text>,
    /// `namespace`: namespace of the release.
    pub namespace: Spanned<Text>,
    /// `values`: a mapping, or a variable that contains one.
    pub values: Option<Node>,
    /// `runtimeValues`: values that the delivery method looks up in the cluster, as a tree whose leaves
    /// are paths such as `.metadata.annotations.vpc`.
    pub runtime_values: Option<Node>,
}

/// A field of an add-on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddOnField {
    /// `helm.repo`.
    Repo,
    /// `helm.chart`.
    Chart,
    /// `helm.version`.
    Version,
    /// `helm.release`.
    Release,
    /// `helm.namespace`.
    Namespace,
    /// `helm.values` and `helm.runtimeValues`.
    Values,
    /// `manifests`.
    Manifests,
}

impl AddOnField {
    /// Returns the field that a key of `helm` sets, or the key `manifests`.
    pub fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "repo" => Self::Repo,
            "chart" => Self::Chart,
            "version" => Self::Version,
            "release" => Self::Release,
            "namespace" => Self::Namespace,
            "values" | "runtimeValues" => Self::Values,
            "manifests" => Self::Manifests,
            _ => return None,
        })
    }

    /// Returns `true` if the field is a string of a chart.
    pub fn is_text(self) -> bool {
        !matches!(self, Self::Values | Self::Manifests)
    }
}

impl Chart {
    /// Returns the values, or `None` for an empty mapping, which is omitted from objects.
    pub fn non_empty_values(&self) -> Option<&Node> {
        let is_empty = |values: &Node| values.entries().is_some_and(<[_]>::is_empty);
        self.values.as_ref().filter(|values| !is_empty(values))
    }

    /// Returns the strings, each with its field and its key.
    pub fn texts(&self) -> [(AddOnField, &'static str, &Spanned<Text>); 5] {
        [
            (AddOnField::Repo, "repo", &self.repo),
            (AddOnField::Chart, "chart", &self.chart),
            (AddOnField::Version, "version", &self.version),
            (AddOnField::Release, "release", &self.release),
            (AddOnField::Namespace, "namespace", &self.namespace),
        ]
    }
}
