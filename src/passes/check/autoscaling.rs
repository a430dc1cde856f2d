//! `replicas` of pools that the autoscaler of Cluster API scales.

use std::ops::ControlFlow;

use super::rules::rejected_value;
use crate::diagnostic::{Code, Diagnostics, Problem};
use crate::fill::{Collector, Reader, Visit};
use crate::model::CAPI;
use crate::passes::findings::Findings;
use crate::plan::{Object, Template};
use crate::source::Span;
use crate::tree::Node;

/// The annotations with which the autoscaler finds its pools, and the bounds of their size (cluster-autoscaler,
/// `cloudprovider/clusterapi/clusterapi_utils.go`).
const MINIMUM: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size";
const MAXIMUM: &str = "cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size";

/// Returns `true` if the metadata of a pool sets a bound of the autoscaler.
pub(super) fn has_bounds(metadata: Option<&Node>) -> bool {
    let annotations = metadata.and_then(|metadata| metadata.get("annotations"));
    annotations.is_some_and(|all| all.entry(MINIMUM).or(all.entry(MAXIMUM)).is_some())
}

/// Warns of pools whose size both the autoscaler and the fleet set, and reports sizes that the autoscaler never sets.
#[derive(Default)]
pub(crate) struct Autoscaling {
    /// The pools of the current template.
    pools: Vec<Pool>,
    findings: Findings,
}

/// The values of a pool, by their numbers.
struct Pool {
    replicas: usize,
    span: Span,
    bounds: [Option<usize>; 2],
}

impl Autoscaling {
    /// Reports all findings.
    pub(crate) fn report(self, diags: &mut Diagnostics) {
        self.findings.report(diags);
    }
}

impl Reader for Autoscaling {
    fn prepare(&mut self, template: &Template, values: &mut Collector<'_>) {
        self.pools.clear();
        let mut pool = |object: &Object| {
            let replicas = object.tree.get("spec")?.get("replicas")?;
            let annotations = object.annotations()?;
            let bounds =
                [MINIMUM, MAXIMUM].map(|key| annotations.get(key).map(|value| values.value(value)));
            let pool = Pool {
                replicas: values.value(replicas),
                span: replicas.span,
                bounds,
            };
            (pool.bounds != [None; 2]).then_some(pool)
        };
        let is_pool = |object: &&Object| {
            ["MachineDeployment", "MachinePool", "MachineSet"]
                .iter()
                .any(|kind| object.is(CAPI, kind))
        };
        self.pools = template
            .objects
            .iter()
            .filter(is_pool)
            .filter_map(&mut pool)
            .collect();
    }

    fn read(&mut self, visit: &mut Visit<'_>) -> ControlFlow<()> {
        if !visit.is_complete() {
            return ControlFlow::Continue(());
        }
        let number = |value: usize| visit.values.text(value)?.parse::<i64>().ok();
        for pool in &self.pools {
            let Some(replicas) = number(pool.replicas) else {
                continue;
            };
            let [minimum, maximum] = pool.bounds.map(|bound| bound.and_then(number));
            let (code, problem) = match (minimum, maximum) {
                (Some(least), _) if replicas < least => {
                    let message = format!(
                        "`spec.replicas` is {replicas}, less than the autoscaler's minimum of {least}"
                    );
                    (Code::RefusedValue, rejected_value(message))
                }
                (_, Some(most)) if replicas > most => {
                    let message = format!(
                        "`spec.replicas` is {replicas}, more than the autoscaler's maximum of {most}"
                    );
                    (Code::RefusedValue, rejected_value(message))
                }
                _ => {
                    let message =
                        "each sync resets `spec.replicas` to a number that the autoscaler changes";
                    let help = "remove `replicas`, or ignore the field in the tool that applies the objects, as the Applications of `argocd apps` do";
                    (Code::AutoscaledReplicas, Problem::new(message).help(help))
                }
            };
            self.findings
                .add(code, pool.span, visit.scope.subject, || problem);
        }
        ControlFlow::Continue(())
    }
}
