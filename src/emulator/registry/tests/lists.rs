//! Lists and their pages.

use super::*;

/// Follows `Link` from `path` on; what `key` has of all pages.
async fn follow(registry: &Registry, path: &str, key: &str) -> (Vec<Value>, usize) {
    let (mut path, mut items, mut pages) = (String::from(path), Vec::new(), 0);
    loop {
        let answer = registry.ask("GET", &path).await;
        assert_eq!(answer.status, StatusCode::OK);
        items.extend(answer.json()[key].as_array().unwrap().iter().cloned());
        pages += 1;
        let Some(link) = answer.headers.get("link") else { return (items, pages) };
        let link = link.to_str().unwrap().strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        path = link.into();
    }
}

#[tokio::test]
async fn pages_link_to_the_next_one() {
    let registry = Registry::new();
    for name in ["c", "a", "b/x", "b"] {
        registry.image(name, "t", "").await;
    }
    let first = registry.ask("GET", "/v2/_catalog?n=2").await;
    assert_eq!(first.json()["repositories"], json!(["a", "b"]));
    assert_eq!(first.header("link"), "</v2/_catalog?last=b&n=2&orderby=>; rel=\"next\"");
    for path in ["/v2/_catalog?n=2", "/v2/_catalog", "/acr/v1/_catalog?n=3"] {
        assert_eq!(follow(&registry, path, "repositories").await.0, ["a", "b", "b/x", "c"]);
    }
    assert_eq!(registry.ask("GET", "/v2/_catalog?last=b~&n=9").await.json()["repositories"], json!(["c"]));
}

#[tokio::test]
async fn tags_are_sorted_and_paged() {
    let registry = Registry::new();
    for tag in ["b", "C", "a", "1.0"] {
        registry.image("a", tag, "").await;
    }
    let all = registry.ask("GET", "/v2/a/tags/list").await.json();
    assert_eq!(all, json!({ "name": "a", "tags": ["1.0", "C", "a", "b"] }));
    assert_eq!(
        follow(&registry, "/v2/a/tags/list?n=1", "tags").await,
        (Vec::from(["1.0", "C", "a", "b"].map(Value::from)), 4)
    );
    let none = registry.ask("GET", "/v2/a/tags/list?n=0").await;
    assert_eq!(none.json()["tags"], json!([]));
    assert!(none.headers.get("link").is_none());
    assert_eq!(registry.ask("GET", "/v2/none/tags/list").await.code(), "NAME_UNKNOWN");
}

#[tokio::test]
async fn a_page_has_a_hundred_items_where_nothing_is_said() {
    let registry = Registry::new();
    for number in 0..101 {
        registry.image("a", &format!("t{number:03}"), "").await;
    }
    let first = registry.ask("GET", "/v2/a/tags/list").await;
    assert_eq!(first.json()["tags"].as_array().unwrap().len(), 100);
    assert_eq!(follow(&registry, "/v2/a/tags/list", "tags").await.0.len(), 101);
    assert_eq!(follow(&registry, "/v2/a/tags/list?n=5000", "tags").await.1, 1);
}

#[tokio::test]
async fn acr_lists_are_ordered_by_time_on_request() {
    let registry = Registry::new();
    for tag in ["b", "a", "c"] {
        registry.image("r", tag, tag).await;
    }
    registry.image("r", "b", "again").await;
    let names = async |query: &str| {
        let (tags, _) = follow(&registry, &format!("/acr/v1/r/_tags?{query}"), "tags").await;
        tags.iter().map(|tag| tag["name"].as_str().unwrap().into()).collect::<Vec<String>>()
    };
    assert_eq!(names("").await, ["a", "b", "c"]);
    assert_eq!(names("n=1&orderby=timeasc").await, ["a", "c", "b"]);
    assert_eq!(names("n=2&orderby=timedesc").await, ["b", "c", "a"]);
    let manifests = follow(&registry, "/acr/v1/r/_manifests?n=1&orderby=timedesc", "manifests").await.0;
    assert_eq!(manifests.len(), 4);
    assert_eq!(manifests[0]["tags"], json!(["b"]));
    assert!(manifests[3].get("tags").is_none());
}
