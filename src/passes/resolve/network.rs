//! `disjoint` fields: networks of different members that must not overlap.

use ipnet::IpNet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;
use crate::tree::Node;

/// Reports strings of a `disjoint` field that are not networks.
pub(super) fn check(value: &Node, field: &str, diags: &mut Diagnostics) {
    for node in strings(value) {
        let text = node.text().unwrap_or_default();
        match text.parse::<IpNet>() {
            Ok(network) if network.addr() == network.network() => {}
            Ok(network) => {
                let message = format!("`{text}` is not a network: bits after the prefix are set");
                let help = format!("write `{}`", network.trunc());
                diags.push(Diagnostic::new(Code::InvalidField, node.span, message).help(help));
            }
            Err(_) => {
                let message = format!("`{field}` must be a network in CIDR notation, not `{text}`");
                let help = "write an address and a prefix length, for example `10.0.0.0/16`";
                diags.push(Diagnostic::new(Code::InvalidField, node.span, message).help(help));
            }
        }
    }
}

fn strings(value: &Node) -> &[Node] {
    value.items().unwrap_or(std::slice::from_ref(value))
}

/// The networks that the members of a list set.
#[derive(Default)]
pub(super) struct Networks {
    found: Vec<(IpNet, usize, Span)>,
    members: usize,
}

impl Networks {
    /// Adds the networks of one member.
    pub(super) fn add(&mut self, value: &Node) {
        self.members += 1;
        for node in strings(value) {
            if let Some(network) = node.text().and_then(|text| text.parse().ok()) {
                self.found.push((network, self.members, node.span));
            }
        }
    }

    /// Reports each network that overlaps a network of another member.
    pub(super) fn report(mut self, field: &str, declared: Span, diags: &mut Diagnostics) {
        // Two networks either nest or do not overlap. After sorting by address and size, all networks inside a
        // network directly follow it, so the networks that contain the current one form a stack.
        self.found
            .sort_by_key(|(network, _, span)| (network.network(), network.prefix_len(), *span));
        let mut open: Vec<(IpNet, usize, Span)> = Vec::new();
        for (network, member, span) in self.found {
            open.retain(|(outer, ..)| outer.contains(&network));
            if let Some((outer, _, outer_span)) = open.iter().find(|(_, other, _)| *other != member)
            {
                let message = format!("`{field}`: {network} overlaps {outer} of another member");
                diags.push(
                    Diagnostic::new(Code::OverlappingNetworks, span, message)
                        .related(*outer_span, "the other member")
                        .related(declared, "declared `disjoint` here")
                        .help("choose networks that do not overlap"),
                );
            } else if open.is_empty() {
                // A network inside another network of the same member cannot add overlaps.
                open.push((network, member, span));
            }
        }
    }
}
