//! Divided lists: the same members in other documents and files.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::order::{Form, Users, forms, users};

/// A document of a list.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    form: Form,
    /// Whether the other field of a member comes first.
    is_turned: bool,
    users: Vec<(String, &'static str)>,
}

impl Document {
    pub(crate) fn written(&self) -> String {
        let fields = |(name, kind): &(String, &str), indent: &str| {
            let mut fields = [format!("user: {name}\n"), format!("type: {kind}\n")];
            if self.is_turned {
                fields.reverse();
            }
            fields.join(indent)
        };
        let users = self.users.iter();
        match (self.form, self.users.as_slice()) {
            // In a file that a glob matches, a mapping is one member.
            (Form::Mapping, [user]) => fields(user, ""),
            (Form::Mapping | Form::Sequence, _) => {
                let users = users.map(|user| format!("- {}", fields(user, "  ")));
                users.collect::<Vec<String>>().concat()
            }
            (Form::ConfigMap, _) => {
                let users = users.map(|(name, kind)| format!("  {name}: {kind}\n"));
                format!(
                    "apiVersion: v1\nkind: ConfigMap\ndata:\n{}",
                    users.collect::<String>()
                )
            }
        }
    }
}

/// Generates the same members in documents, and the documents in files, in random order.
pub(crate) fn split() -> impl Strategy<Value = (Users, Vec<(String, Vec<Document>)>)> {
    let documents = |users: Users| {
        let order = users.clone().into_iter().collect::<Vec<_>>();
        let places = proptest::collection::vec(0..4_usize, order.len());
        let kinds = proptest::collection::vec((forms(), any::<bool>(), 0..3_usize), 4);
        (Just(users), Just(order).prop_shuffle(), places, kinds)
    };
    let paths = proptest::collection::btree_set("[a-z]{1,4}(/[a-z0-9]{1,4})?", 3);
    let paths = paths.prop_map(|paths| paths.into_iter().collect::<Vec<_>>());
    let turns = Just(vec![0, 1, 2, 3]).prop_shuffle();
    let created = (
        users().prop_flat_map(documents),
        paths.prop_shuffle(),
        turns,
    );
    created.prop_map(|((users, order, places, kinds), paths, turns)| {
        let mut files: BTreeMap<usize, Vec<Document>> = BTreeMap::new();
        for document in turns {
            let (form, is_turned, file) = kinds[document];
            let here = order
                .iter()
                .zip(&places)
                .filter(|(_, place)| **place == document);
            let users: Vec<_> = here.map(|(user, _)| user.clone()).collect();
            if !users.is_empty() {
                files.entry(file).or_default().push(Document {
                    form,
                    is_turned,
                    users,
                });
            }
        }
        let files = files.into_iter();
        (
            users,
            files
                .map(|(file, documents)| (paths[file].clone(), documents))
                .collect(),
        )
    })
}
