//! `Link: </v2/_catalog?last=b>; rel="next"` (RFC 8288).

/// The target of the first `rel="next"` link, as written: relative or absolute.
///
/// ```
/// assert_eq!(portolan::http::next_link("</p?last=a,b>; rel=\"next\""), Some("/p?last=a,b"));
/// assert_eq!(portolan::http::next_link("</p>; rel=prev, </q>; rel=next"), Some("/q"));
/// ```
#[must_use]
pub fn next_link(value: &str) -> Option<&str> {
    let mut rest = value;
    loop {
        let start = rest.find('<')?;
        rest = rest.get(start + 1..)?;
        let end = rest.find('>')?;
        let (target, params) = (rest.get(..end)?, rest.get(end + 1..)?);
        let close = end_of_params(params);
        if is_next(params.get(..close)?) {
            return Some(target);
        }
        rest = params.get(close..)?;
    }
}

/// Parameters end at a comma outside quotes.
fn end_of_params(params: &str) -> usize {
    let mut quoted = false;
    for (i, b) in params.bytes().enumerate() {
        match b {
            b'"' => quoted = !quoted,
            b',' if !quoted => return i,
            _ => {}
        }
    }
    params.len()
}

fn is_next(params: &str) -> bool {
    params.split(';').filter_map(|p| p.split_once('=')).any(|(key, value)| {
        key.trim().eq_ignore_ascii_case("rel")
            && value.trim().trim_matches('"').split(' ').any(|rel| rel.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::next_link;

    #[test]
    fn odd_links() {
        assert_eq!(next_link("<https://x/y>;rel=\"prev next\""), Some("https://x/y"));
        assert_eq!(next_link("</a>; title=\"x, <b>; rel=next\"; rel=\"next\""), Some("/a"));
        assert_eq!(next_link("</a>; title=\"x, rel=next\""), None);
        for none in ["", "<", "</a", "</a>", "</a>; rel=nextish", "junk"] {
            assert_eq!(next_link(none), None, "{none}");
        }
    }
}
