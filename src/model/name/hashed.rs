//! Names that end with a hash: of what does not fit, or of what an object holds.

use super::problem::name_problem;

/// The name of an object whose name follows its content: what was written, and ten digits that hang on
/// the content alone. Where both are too long, they hang on what was written, too, and that is cut.
///
/// Objects in clusters are called so. Another name for the same content is another object: this never
/// changes.
pub fn rotated(written: &str, content: &[u8], limit: usize) -> String {
    /// A dash and the hash in hexadecimal digits.
    const SUFFIX: usize = 11;
    let is_short = written.len() + SUFFIX <= limit;
    let extra = if is_short { "" } else { written };
    // What FNV-1a leaves alike in the upper bits is mixed once more, as MurmurHash ends.
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

/// FNV-1a, which is the same on every machine.
fn fnv<'a>(bytes: impl Iterator<Item = &'a u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A text as a name with dots of at most `limit` characters: itself where it is one, else what can
/// be kept of it and a hash, which is the same on every machine.
pub fn fitted(text: &str, limit: usize) -> String {
    match name_problem(text, limit, true) {
        None => text.to_owned(),
        Some(_) => hashed(text, limit),
    }
}

/// What a name of at most `limit` characters can keep of a text, without dots, and a hash of the text.
pub fn hashed(text: &str, limit: usize) -> String {
    /// A dash and the hash in hexadecimal digits.
    const SUFFIX: usize = 9;
    let kept = |letter: char| match letter.to_ascii_lowercase() {
        letter @ ('a'..='z' | '0'..='9') => letter,
        _ => '-',
    };
    let kept: String = text.chars().map(kept).take(limit - SUFFIX).collect();
    // Half of it is plenty: two texts with one name are found and refused.
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

    /// Names in clusters: a change here would make every rotated object anew.
    #[test]
    fn rotated_names_are_what_they_always_were() {
        let long = "a".repeat(60);
        for (written, content, expected) in [
            ("md", "{}", "md-adee1081a7"),
            ("md", "{\"a\":1}", "md-c81650bcc3"),
            (&long[..52], "{}", &*format!("{}-adee1081a7", &long[..52])),
            (&long, "{}", &*format!("{}-4c3ac2b961", &long[..52])),
        ] {
            assert_eq!(rotated(written, content.as_bytes(), LABEL_LENGTH), expected);
        }
        let cut = rotated(&format!("{}.{long}", &long[..51]), b"", LABEL_LENGTH);
        assert_eq!(name_problem(&cut, LABEL_LENGTH, true), None);
    }
}
