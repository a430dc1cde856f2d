//! Formats of strings and numbers that an API server enforces.

/// Returns what a string must be if it does not have a format. Unknown formats accept every string.
pub(super) fn problem(format: &str, text: &str) -> Option<&'static str> {
    let (is_valid, requirement) = match format {
        "byte" => (is_base64(text), "must be Base64"),
        "date-time" => (
            is_date_time(text),
            "must be a time, for example `2030-01-31T12:00:00Z`",
        ),
        "ipv4" => (
            text.parse::<std::net::Ipv4Addr>().is_ok(),
            "must be an IPv4 address",
        ),
        "ipv6" => (
            text.parse::<std::net::Ipv6Addr>().is_ok(),
            "must be an IPv6 address",
        ),
        _ => (true, ""),
    };
    (!is_valid).then_some(requirement)
}

/// Returns the range of an integer with a format.
pub(super) fn range(format: Option<&str>) -> (f64, f64) {
    match format {
        Some("int32") => (f64::from(i32::MIN), f64::from(i32::MAX)),
        _ => (f64::NEG_INFINITY, f64::INFINITY),
    }
}

/// Returns `true` for Base64 with padding, which Go decodes with line breaks.
fn is_base64(text: &str) -> bool {
    let mut length = 0;
    let mut padding = 0;
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
        length += 1;
        match byte {
            b'=' => padding += 1,
            _ if padding > 0 => return false,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {}
            _ => return false,
        }
    }
    length % 4 == 0 && padding <= 2
}

/// Returns `true` for a time in the form of RFC 3339.
fn is_date_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digits = |range: std::ops::Range<usize>| {
        bytes
            .get(range)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let is_at = |at: usize, set: &[u8]| bytes.get(at).is_some_and(|byte| set.contains(byte));
    let has_clock = is_digits(0..4)
        && is_at(4, b"-")
        && is_digits(5..7)
        && is_at(7, b"-")
        && is_digits(8..10)
        && is_at(10, b"Tt")
        && is_digits(11..13)
        && is_at(13, b":")
        && is_digits(14..16)
        && is_at(16, b":")
        && is_digits(17..19);
    if !has_clock {
        return false;
    }
    let rest = &text[19..];
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let is_offset = |rest: &str| {
        let bytes = rest.as_bytes();
        bytes.len() == 6
            && matches!(bytes[0], b'+' | b'-')
            && bytes[3] == b':'
            && [1, 2, 4, 5].iter().all(|at| bytes[*at].is_ascii_digit())
    };
    matches!(rest, "Z" | "z") || is_offset(rest)
}
