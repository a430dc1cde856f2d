//! Teams: removing a person or a cluster removes only its objects.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use super::variables::yaml;
use crate::fleet::FleetFiles;

/// The people and clusters of each team, as numbers that no two teams share.
type Teams = BTreeMap<String, (BTreeSet<u8>, BTreeSet<u8>)>;

fn teams() -> impl Strategy<Value = Teams> {
    let some = || proptest::collection::btree_set(0..20_u8, 0..4);
    let teams = proptest::collection::btree_map("[a-d]", (some(), some()), 2..5);
    teams.prop_map(|mut teams| {
        // Every team has its own cluster, and every list has a member.
        for (number, (_, clusters)) in (20..).zip(teams.values_mut()) {
            clusters.insert(number);
        }
        teams
    })
}

fn fleet(teams: &Teams) -> FleetFiles {
    let person = "apiVersion: example.org/v1\nkind: Person\n\
        metadata: {name: \"${GROUP}-${WITH}\", namespace: people}\n\
        spec: {group: \"${GROUP}-argocd\", user: \"${WITH}\"}\n";
    let of_team = |file: &str| json!({"file": file, "forEach": {"label": "team"}});
    let mut bootstrap = of_team("builtin:argocd-team-bootstrap");
    bootstrap["with"] = json!("CLUSTERS");
    let mut people = of_team("person.yaml");
    people["with"] = json!("people");
    let written = json!({
        "apiVersion": "kubectl-fleet.io/v1alpha1",
        "kind": "Fleet",
        "clusters": [{"list": "clusters.yaml", "labels": {"team": "${team}"}}],
        "groups": [{
            "label": "team",
            "list": "teams/*.yaml",
            "fields": {"people": {"type": "array"}},
            "variables": {"repoURL": "https://git.example.org/${GROUP}"},
        }],
        "templates": [of_team("builtin:argocd-team"), bootstrap, people],
    });
    let mut fleet = FleetFiles::new([
        ("fleet.yaml", yaml(&written)),
        ("person.yaml", person.to_owned()),
    ]);
    let mut clusters = Vec::new();
    for (team, (people, of_team)) in teams {
        let people: Vec<String> = people.iter().map(|number| format!("p{number}")).collect();
        let path = format!("teams/{team}.yaml");
        fleet
            .0
            .insert(path, yaml(&json!({"people": people})).into_bytes());
        clusters.extend(
            of_team
                .iter()
                .map(|number| json!({"name": format!("{team}{number}"), "team": team})),
        );
    }
    let clusters = yaml(&json!(clusters)).into_bytes();
    fleet.0.insert("clusters.yaml".to_owned(), clusters);
    fleet
}

/// Returns the bytes of every object, by identity.
fn printed(teams: &Teams) -> BTreeMap<String, (String, String)> {
    fleet(teams).compile().expect("a fleet").by_identity()
}

/// Returns the identities in the output of one fleet but not of another, in order.
fn removed(before: &Teams, after: &Teams) -> Vec<String> {
    let (before, after) = (printed(before), printed(after));
    let is_new =
        |(identity, bytes): (&String, &(String, String))| before.get(identity) != Some(bytes);
    assert!(
        !after.iter().any(is_new),
        "nothing comes, and nothing changes"
    );
    let is_gone = |identity: &String| !after.contains_key(identity);
    before.into_keys().filter(is_gone).collect()
}

const APPLICATION: &str = "argoproj.io/v1alpha1 Application argocd";
const PROJECT: &str = "argoproj.io/v1alpha1 AppProject argocd";
const CREDENTIALS: &str = "external-secrets.io/v1 ExternalSecret argocd";
const PERSON: &str = "example.org/v1 Person people";

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn objects_of_a_removed_person_are_removed(before in teams(), pick in any::<proptest::sample::Index>()) {
        let team = (*pick.get(&before.keys().collect::<Vec<_>>())).clone();
        let (people, clusters) = &before[&team];

        // A person: only their membership.
        for person in people {
            let mut after = before.clone();
            after.get_mut(&team).unwrap().0.remove(person);
            prop_assert_eq!(removed(&before, &after), [format!("{PERSON} {team}-p{person}")]);
        }

        // The team: its project, credentials, bootstrap and memberships, and no other team's.
        let mut after = before.clone();
        after.remove(&team);
        let of_clusters = clusters.iter().flat_map(|cluster| {
            let name = format!("{team}{cluster}");
            [format!("{APPLICATION} {team}-bootstrap.{name}")]
        });
        let of_people = people.iter().map(|person| format!("{PERSON} {team}-p{person}"));
        let expected: BTreeSet<String> = [format!("{PROJECT} {team}"), format!("{CREDENTIALS} repo-{team}")]
            .into_iter()
            .chain(of_clusters)
            .chain(of_people)
            .collect();
        let removed = removed(&before, &after);
        prop_assert_eq!(removed.into_iter().collect::<BTreeSet<_>>(), expected);

        // A team cannot be removed while a cluster belongs to it.
        let mut fleet = fleet(&before);
        fleet.0.remove(&format!("teams/{team}.yaml"));
        let refused = fleet.compile().expect_err("a team without a file");
        prop_assert!(refused.codes.contains(&"unknown-group"), "{}", refused.text);
    }

    #[test]
    fn destination_of_a_removed_cluster_is_removed(before in teams(), pick in any::<proptest::sample::Index>()) {
        let team = (*pick.get(&before.keys().collect::<Vec<_>>())).clone();
        let cluster = *before[&team].1.iter().next().unwrap();
        let mut after = before.clone();
        after.get_mut(&team).unwrap().1.remove(&cluster);
        if after.values().all(|(_, clusters)| clusters.is_empty()) {
            return Ok(());
        }
        let (mut before, mut after) = (printed(&before), printed(&after));
        let name = format!("{team}{cluster}");
        let bootstrap = format!("{APPLICATION} {team}-bootstrap.{name}");
        prop_assert!(before.remove(&bootstrap).is_some());
        let project = format!("{PROJECT} {team}");
        let read = |printed: Option<(String, String)>| -> Value {
            serde_json::from_str(&printed.unwrap().1).unwrap()
        };
        let mut old = read(before.remove(&project));
        let destinations = old["spec"]["destinations"].as_array_mut().unwrap();
        destinations.retain(|destination| destination["name"] != name);
        prop_assert_eq!(old, read(after.remove(&project)));
        prop_assert_eq!(before, after);
    }
}
