//! As much of Microsoft Graph as it takes to make service principals and to look principals up.

mod applications;
mod caller;
mod principals;

use super::Entra;
use axum::{
    Router,
    routing::{get, post},
};

/// Below `/v1.0`.
pub(super) fn router() -> Router<Entra> {
    let applications = Router::new()
        .route("/applications", get(applications::list).post(applications::create))
        .route("/applications/{id}", get(applications::show).delete(applications::delete))
        .route("/applications/{id}/addPassword", post(applications::add_password))
        .route("/applications/{id}/removePassword", post(applications::remove_password));
    applications
        .route("/servicePrincipals", get(principals::services).post(principals::create))
        .route("/servicePrincipals/{id}", get(principals::show).delete(principals::delete))
        .route("/users", get(principals::users))
        .route("/users/{id}", get(principals::show))
        .route("/me", get(principals::me))
        .route("/directoryObjects/getByIds", post(principals::by_ids))
}
