//! Repositories of charts: which URLs are one, and what it is called.

use crate::model::name::{NAME_LENGTH, hashed, name_problem};

/// The one way to write a URL: Flux, too, takes slashes at the end of a path for none.
pub(super) fn one_url(url: &str) -> &str {
    if url.contains(['?', '#']) {
        return url;
    }
    url.trim_end_matches('/')
}

/// The name of the repository of a URL that is written the one way. No two share one, and none hangs on
/// which others a fleet has: a name is the URL's host and folder only where the URL can be read off it,
/// and else has a hash and no dot.
pub(super) fn name(url: &str) -> String {
    plain_name(url).unwrap_or_else(|| hashed(&url.replacen("://", "-", 1), NAME_LENGTH))
}

/// The host and the folder of a URL, joined. The host's last part has no dash, and the folder no dot: the
/// dash behind the last dot is where the folder begins.
fn plain_name(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://")?;
    let (host, folder) = match rest.split_once('/') {
        Some((host, folder)) => (host, Some(folder)),
        None => (rest, None),
    };
    let (_, last) = host.rsplit_once('.')?;
    let is_folder = |folder: &str| name_problem(folder, NAME_LENGTH, false).is_none();
    if last.contains('-') || folder.is_some_and(|folder| !is_folder(folder)) {
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
    fn an_ordinary_url_is_its_name() {
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

    /// URLs of what could be taken for parts of another have names of their own, each a good one.
    #[test]
    fn names_are_apart() {
        let hosts = [
            "h", "h.a", "h.a-a", "a.h-a", "h-a.a", "h.a-a.a", "H.a", "h.a:80", "h_a.a", "h..a",
        ];
        let folders = [
            "", "/a", "/a/a", "/a-a", "/a.a", "/a-/a", "/a/-a", "/A", "/a_a", "/a?a", "/a/?a",
            "/a#a", "/-a", "//a",
        ];
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for scheme in ["https", "http", "oci"] {
            for host in hosts {
                for folder in folders {
                    let url = format!("{scheme}://{host}{folder}");
                    let name = name(one_url(&url));
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
    fn slashes_at_the_end_say_nothing() {
        for (written, expected) in [
            ("https://h.a/b/", "https://h.a/b"),
            ("https://h.a//", "https://h.a"),
            ("https://h.a/b?c=d/", "https://h.a/b?c=d/"),
        ] {
            assert_eq!(one_url(written), expected);
        }
    }
}
