//! Names with a hash of an object's content, or of a string that is not a valid name.

use super::problem::name_problem;

/// Returns `written` followed by a ten-digit hash of `content`.
///
/// If the result exceeds `limit`, truncates `written` and includes it in the hash. The result names live objects, so
/// the algorithm must never change: a different name recreates every rotated object.
pub fn with_content_hash(written: &str, content: &[u8], limit: usize) -> String {
    /// Length of a dash and the hash in hexadecimal digits.
    const SUFFIX: usize = 11;
    let is_short = written.len() + SUFFIX <= limit;
    let extra = if is_short { "" } else { written };
    // The upper bits of FNV-1a are weak, so they are mixed with the finalizer of MurmurHash.
    let mixed = |hash: u64, factor: u64| (hash ^ (hash >> 33)).wrapping_mul(factor);
    let hash = mixed(
        fnv(content.iter().chain(extra.as_bytes())),
        0xff51_afd7_ed55_8ccd,
    );
    let hash = mixed(hash, 0xc4ce_b9fe_1a85_ec53);
    let hash = format!("{:010x}", (hash ^ (hash >> 33)) >> 24);
    let kept: String = written.chars().take(limit - SUFFIX).collect();
    let kept = if is_short {
        written
    } else {
        kept.trim_end_matches(['-', '.'])
    };
    format!("{kept}-{hash}")
}

/// Computes an FNV-1a hash, which is the same on every machine.
fn fnv<'a>(bytes: impl Iterator<Item = &'a u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Returns a string as a name with dots and at most `limit` characters. A string that is not a valid name is
/// truncated and gets a hash, which is the same on every machine.
pub fn truncate_with_hash(text: &str, limit: usize) -> String {
    match name_problem(text, limit, true) {
        None => text.to_owned(),
        Some(_) => with_hash(text, limit),
    }
}

/// Returns the valid characters of a string, without dots, and a hash, with at most `limit` characters in total.
pub fn with_hash(text: &str, limit: usize) -> String {
    /// Length of a dash and the hash in hexadecimal digits.
    const SUFFIX: usize = 9;
    let kept = |character: char| match character.to_ascii_lowercase() {
        character @ ('a'..='z' | '0'..='9') => character,
        _ => '-',
    };
    let kept: String = text.chars().map(kept).take(limit - SUFFIX).collect();
    // Half of the hash is enough: two strings with the same name are found and reported.
    let hash = format!("{:08x}", fnv(text.as_bytes().iter()) >> 32);
    match kept.trim_matches('-') {
        "" => hash,
        kept => format!("{kept}-{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::problem::LABEL_LENGTH;
    use super::*;

    /// Tests the names of live objects: a change of the algorithm would recreate every rotated object.
    #[test]
    fn rotated_names_are_stable() {
        let long = "a".repeat(60);
        for (written, content, expected) in [
            ("md", "{}", "md-adee1081a7"),
            ("md", "{\"a\":1}", "md-c81650bcc3"),
            (&long[..52], "{}", &*format!("{}-adee1081a7", &long[..52])),
            (&long, "{}", &*format!("{}-4c3ac2b961", &long[..52])),
        ] {
            assert_eq!(
                with_content_hash(written, content.as_bytes(), LABEL_LENGTH),
                expected
            );
        }
        let cut = with_content_hash(&format!("{}.{long}", &long[..51]), b"", LABEL_LENGTH);
        assert_eq!(name_problem(&cut, LABEL_LENGTH, true), None);
    }
}
