//! Chart repositories: the normal form of their URLs, and their names.

use crate::model::name::{NAME_LENGTH, name_problem, truncate_with_hash, with_hash};

/// Returns the normal form of a URL, which has no trailing slashes. Flux also ignores them.
pub(super) fn normalize_url(url: &str) -> &str {
    if url.contains(['?', '#']) {
        return url;
    }
    url.trim_end_matches('/')
}

/// Returns the name of the repository with a normalized URL. Each URL has its own name, which does not depend on the
/// other repositories of a fleet. The name is the URL's host and path if they can be recovered from the name.
/// Otherwise it ends with a hash and contains no dot.
pub(super) fn name(url: &str) -> String {
    plain_name(url).unwrap_or_else(|| with_hash(&url.replacen("://", "-", 1), NAME_LENGTH))
}

/// Returns the name of the repository of a fleet.
pub(super) fn qualified_name(fleet: Option<&str>, url: &str) -> String {
    let name = name(url);
    match fleet {
        Some(fleet) => truncate_with_hash(&format!("{fleet}.{name}"), NAME_LENGTH),
        None => name,
    }
}

/// Returns the host and the path of a URL, joined by a dash. The host's last label contains no dash, and the path no
/// dot, so the path begins after the first dash that follows the last dot.
fn plain_name(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://")?;
    let (host, path) = match rest.split_once('/') {
        Some((host, path)) => (host, Some(path)),
        None => (rest, None),
    };
    let (_, last) = host.rsplit_once('.')?;
    let is_segment = |path: &str| name_problem(path, NAME_LENGTH, false).is_none();
    if last.contains('-') || path.is_some_and(|path| !is_segment(path)) {
        return None;
    }
    let name = rest.replacen('/', "-", 1);
    name_problem(&name, NAME_LENGTH, true)
        .is_none()
        .then_some(name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn name_of_an_https_repository_is_its_url() {
        for (url, expected) in [
            (
                "https://charts.bitnami.com/bitnami",
                "charts.bitnami.com-bitnami",
            ),
            (
                "https://prometheus-community.github.io/helm-charts",
                "prometheus-community.github.io-helm-charts",
            ),
            ("https://charts.jetstack.io", "charts.jetstack.io"),
            (
                "oci://quay.io/jetstack/charts",
                "oci-quay-io-jetstack-charts-59fd85b6",
            ),
            (
                "http://charts.jetstack.io",
                "http-charts-jetstack-io-2e87962a",
            ),
        ] {
            assert_eq!(name(url), expected);
        }
    }

    /// URLs whose parts could be confused have different names, each of them valid.
    #[test]
    fn names_are_unique() {
        let hosts = [
            "h", "h.a", "h.a-a", "a.h-a", "h-a.a", "h.a-a.a", "H.a", "h.a:80", "h_a.a", "h..a",
        ];
        let paths = [
            "", "/a", "/a/a", "/a-a", "/a.a", "/a-/a", "/a/-a", "/A", "/a_a", "/a?a", "/a/?a",
            "/a#a", "/-a", "//a",
        ];
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for scheme in ["https", "http", "oci"] {
            for host in hosts {
                for path in paths {
                    let url = format!("{scheme}://{host}{path}");
                    let name = name(normalize_url(&url));
                    assert_eq!(
                        name_problem(&name, NAME_LENGTH, true),
                        None,
                        "{url}: {name}"
                    );
                    let other = known.insert(name, url.clone());
                    assert_eq!(other, None, "of {url}");
                }
            }
        }
    }

    #[test]
    fn trailing_slashes_are_removed() {
        for (written, expected) in [
            ("https://h.a/b/", "https://h.a/b"),
            ("https://h.a//", "https://h.a"),
            ("https://h.a/b?c=d/", "https://h.a/b?c=d/"),
        ] {
            assert_eq!(normalize_url(written), expected);
        }
    }
}
