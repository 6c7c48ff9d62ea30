//! As much of Microsoft Graph as it takes to make service principals and to look principals up.

use super::Entra;
use axum::Router;

/// Below `/v1.0`.
pub(super) fn router() -> Router<Entra> {
    Router::new()
}
