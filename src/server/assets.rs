//! The portal's files.

use super::refusal::Refusal;
use alloc::sync::Arc;
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use std::path::{Path, PathBuf};
use tower::{Layer as _, ServiceExt as _};
use tower_http::{compression::CompressionLayer, services::ServeDir};

/// Vite writes a hash of the content into every name below this.
const HASHED: &str = "/assets/";
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// A directory with the built portal.
#[derive(Clone, Debug)]
pub(super) struct Assets(Arc<Path>);

impl Assets {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self(directory.into())
    }

    /// The file that `request` names, compressed as the browser likes; the page itself for the portal's own addresses.
    pub(super) async fn serve(&self, mut request: Request) -> Response {
        let path = request.uri().path();
        let page = path == "/" || path == "/r" || path.starts_with("/r/");
        let hashed = path.starts_with(HASHED);
        if page {
            *request.uri_mut() = Uri::from_static("/index.html");
        }
        let files =
            ServeDir::new(&self.0).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
        let service = CompressionLayer::new().layer(files);
        let mut response = match service.oneshot(request).await {
            Ok(response) => response.map(Body::new),
            Err(never) => match never {},
        };
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => {
                let cache = if hashed { IMMUTABLE } else { REVALIDATE };
                response.headers_mut().insert(header::CACHE_CONTROL, cache);
                response
            }
            StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PRECONDITION_FAILED => response,
            _ if page => NO_PORTAL.into_response(),
            _ => Refusal::NOT_FOUND.into_response(),
        }
    }
}

const NO_PORTAL: Refusal = Refusal::new(
    StatusCode::NOT_FOUND,
    "PORTAL_NOT_BUILT",
    "the portal's files are not there; build them, or say where they are with --assets",
);
