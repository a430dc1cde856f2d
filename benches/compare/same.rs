//! The check that all commands print the same objects.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Fallible;
use crate::contest::Contender;

/// Checks that each command prints the same objects as the first, `generate -o json`, in any order.
pub(crate) fn check(contenders: &mut [Contender]) -> Fallible<()> {
    let mut first: Option<BTreeMap<String, Value>> = None;
    for Contender { name, command, .. } in contenders {
        let output = command.output()?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{name} failed: {message}").into());
        }
        let printed = objects(name, &String::from_utf8(output.stdout)?)?;
        let expected = first.get_or_insert_with(|| printed.clone());
        for identity in expected.keys().chain(printed.keys()) {
            let (ours, theirs) = (expected.get(identity), printed.get(identity));
            if ours != theirs {
                println!("generate -o json: {}", serde_json::to_string(&ours)?);
                println!("{name}: {}", serde_json::to_string(&theirs)?);
                return Err(format!("{name} prints a different {identity}").into());
            }
        }
    }
    Ok(())
}

/// Returns the objects of JSON lines or YAML, by apiVersion, kind, namespace and name.
fn objects(name: &str, text: &str) -> Fallible<BTreeMap<String, Value>> {
    let values: Vec<Value> = if text.starts_with('{') {
        text.lines()
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()?
    } else {
        serde_saphyr::from_multiple(text)?
    };
    let mut objects = BTreeMap::new();
    for value in values {
        let identity = [
            "/apiVersion",
            "/kind",
            "/metadata/namespace",
            "/metadata/name",
        ]
        .map(|pointer| {
            value
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or("-")
        })
        .join(" ");
        if objects.insert(identity.clone(), value).is_some() {
            return Err(format!("{name} prints {identity} twice").into());
        }
    }
    Ok(objects)
}
