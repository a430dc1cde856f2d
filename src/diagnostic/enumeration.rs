//! Enumerations of names in messages.

/// Joins names as "`a`, `b` or `c`", and cuts a long enumeration.
pub fn join_or<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    join(names, "or")
}

/// Joins names as "`a`, `b` and `c`", and cuts a long enumeration.
pub fn join_and<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    join(names, "and")
}

fn join<'a>(names: impl IntoIterator<Item = &'a str>, conjunction: &str) -> String {
    const MAX_NAMES: usize = 16;
    let mut all = names.into_iter();
    let names = all.by_ref().take(MAX_NAMES);
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let rest = all.count();
    if rest > 0 {
        return format!("{} {conjunction} {rest} more", names.join(", "));
    }
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}
