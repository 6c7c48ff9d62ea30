//! Entra's grants.

use crate::{
    http::send,
    lab::{ARM, Lab, claims, encoded, field},
};
use serde_json::Value;

#[tokio::test]
async fn client_secrets() {
    let lab = Lab::start().await;
    let reader = lab.service("reader");
    let scope = format!("{ARM}/.default");
    let form = |id: &str, secret: &str| {
        encoded(&[
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
            ("scope", &scope),
        ])
    };
    let path = format!("/{}/oauth2/v2.0/token", lab.info().tenant);
    let authority = Lab::host(&lab.info().authority);
    let secret = reader.client_secret.as_deref().unwrap();
    for (id, secret, status, error) in [
        (reader.client_id.as_str(), secret, 200, ""),
        (&reader.client_id, "wrong", 401, "invalid_client"),
        (&reader.client_id, "", 401, "invalid_client"),
        ("nobody", secret, 400, "unauthorized_client"),
    ] {
        let answer = send(authority, "POST", &path, &[], &form(id, secret)).await;
        assert_eq!((answer.status, &*answer.code()), (status, error), "{id}");
    }
    let answer = send(authority, "POST", &path, &[], &form(&reader.client_id, secret)).await.json();
    assert!(answer.get("refresh_token").is_none());
    let claims = claims(answer["access_token"].as_str().unwrap());
    assert_eq!((&claims["aud"], &claims["oid"]), (&Value::from(ARM), &Value::from(reader.object_id.as_str())));
}

#[tokio::test]
async fn users_sign_in_by_password_and_by_device_code() {
    let lab = Lab::start().await;
    let user = lab.info().users[0].clone();
    let scope = format!("{ARM}/.default offline_access openid profile");
    let by_password = async |password: &str| {
        lab.entra(&[
            ("grant_type", "password"),
            ("client_id", "cli"),
            ("username", &user.name),
            ("password", password),
            ("scope", &scope),
        ])
        .await
    };
    assert_eq!(by_password("wrong").await.code(), "invalid_grant");
    let answer = by_password(&user.password).await;
    let refresh = field(&answer, "refresh_token");
    let form =
        [("grant_type", "refresh_token"), ("client_id", "cli"), ("refresh_token", refresh.as_str()), ("scope", &scope)];
    let access = field(&lab.entra(&form).await, "access_token");
    assert_eq!(lab.arm_with(&access, "GET", "/subscriptions", Value::Null).await.status, 200);

    let authority = Lab::host(&lab.info().authority);
    let path = format!("/{}/oauth2/v2.0/devicecode", lab.info().tenant);
    let begun = send(authority, "POST", &path, &[], &encoded(&[("client_id", "cli"), ("scope", &scope)])).await.json();
    let text = |name: &str| begun[name].as_str().unwrap().to_owned();
    let (device, code) = (text("device_code"), text("user_code"));
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", "cli"),
        ("device_code", device.as_str()),
    ];
    assert_eq!(lab.entra(&form).await.code(), "authorization_pending");
    for (password, status) in [("wrong", 400), (user.password.as_str(), 200)] {
        let page = [("user_code", code.as_str()), ("username", &user.name), ("password", password)];
        let answer = send(authority, "POST", "/devicelogin", &[], &encoded(&page)).await;
        assert_eq!(answer.status, status);
    }
    field(&lab.entra(&form).await, "id_token");
    // Good once.
    assert_eq!(lab.entra(&form).await.code(), "bad_verification_code");
}

#[tokio::test]
async fn managed_identities_need_no_secret_and_a_header() {
    let lab = Lab::start().await;
    let identity = &lab.info().managed_identities[0];
    let authority = Lab::host(&lab.info().authority);
    let path = |more: &str| {
        format!("/metadata/identity/oauth2/token?api-version=2018-02-01&resource={}{more}", crate::lab::ACR)
    };
    let marked = [("Metadata", "true")];
    assert_eq!(send(authority, "GET", &path(""), &[], "").await.status, 400);
    assert_eq!(send(authority, "GET", &path("&client_id=none"), &marked, "").await.status, 400);
    let client = format!("&client_id={}", identity.client_id);
    let answer = send(authority, "GET", &path(&client), &marked, "").await;
    assert_eq!(answer.json()["expires_in"], "3600");
    let refresh = lab.exchange(&field(&answer, "access_token")).await;
    assert_eq!(refresh.status, 200, "{refresh:?}");
}

#[tokio::test]
async fn only_who_gives_roles_makes_principals() {
    let lab = Lab::start().await;
    let authority = Lab::host(&lab.info().authority);
    for (service, status) in [("owner", 201), ("contributor", 403), ("reader", 403), ("acrpull", 403)] {
        let bearer = format!("Bearer {}", lab.entra_token(service, &lab.info().authority).await);
        let headers = [("Authorization", bearer.as_str())];
        let body = r#"{"displayName":"made"}"#;
        let answer = send(authority, "POST", "/v1.0/applications", &headers, body).await;
        assert_eq!(answer.status, status, "{service}");
        let application = send(authority, "GET", "/v1.0/applications?$filter=appId%20eq%20'none'", &headers, "").await;
        assert_eq!(application.json()["value"], serde_json::json!([]));
    }
    let bearer = format!("Bearer {}", lab.entra_token("owner", ARM).await);
    let answer = send(authority, "GET", "/v1.0/users", &[("Authorization", &bearer)], "").await;
    assert_eq!(answer.status, 401);
}
