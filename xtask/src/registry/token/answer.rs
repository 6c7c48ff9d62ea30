//! Who gets which token.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use serde_json::{Value, json};
use tiny_http::{Header, Method, Request, Response};

use super::jwt::{Signer, identifier};
use super::request::{Fields, basic};
use super::scope::Scope;

/// The one behind the counter.
pub(super) struct Clerk {
    pub(super) signer: Signer,
    pub(super) username: String,
    pub(super) password: String,
    pub(super) expires_in: u64,
    pub(super) anonymous: Option<String>,
    /// Refresh tokens handed out.
    pub(super) refresh: Mutex<HashSet<String>>,
}

struct Answer {
    status: u16,
    body: Value,
}

impl Answer {
    fn refused(status: u16, code: &str, message: &str) -> Self {
        // Both forms at once: clients of GET read `errors`, those of OAuth2 read `error`.
        let body = json!({
            "errors": [{ "code": code, "message": message }],
            "error": if status == 400 { "invalid_request" } else { "invalid_grant" },
            "error_description": message,
        });
        Self { status, body }
    }
}

impl Clerk {
    /// Answers one request.
    pub(super) fn serve(&self, mut request: Request) {
        let answer =
            self.answer(&mut request).unwrap_or_else(|error| Answer::refused(500, "UNKNOWN", &error.to_string()));
        let mut response = Response::from_string(answer.body.to_string()).with_status_code(answer.status);
        for (name, value) in [("Content-Type", "application/json"), ("Cache-Control", "no-store")] {
            response.add_header(header(name, value));
        }
        if answer.status == 401 {
            response.add_header(header("WWW-Authenticate", "Basic realm=\"portolan test tokens\""));
        }
        // The client may be gone; there is nobody left to tell.
        let _ = request.respond(response);
    }

    fn answer(&self, request: &mut Request) -> Result<Answer> {
        if request.url().split('?').next() != Some("/token") {
            return Ok(Answer::refused(404, "UNSUPPORTED", "only /token is here"));
        }
        match request.method() {
            Method::Get => self.get(request),
            Method::Post => self.post(request),
            _ => Ok(Answer::refused(405, "UNSUPPORTED", "GET or POST")),
        }
    }

    fn get(&self, request: &Request) -> Result<Answer> {
        let fields = Fields::of_query(request.url());
        let subject = match basic(request) {
            None => "",
            Some(Ok((name, password))) if self.knows(&name, &password) => &self.username,
            Some(_) => return Ok(Answer::refused(401, "UNAUTHORIZED", "wrong name or password")),
        };
        let mut answer = self.grant(subject, &fields)?;
        if !subject.is_empty() && fields.get("offline_token") == Some("true") {
            answer.body["refresh_token"] = self.new_refresh()?.into();
        }
        Ok(answer)
    }

    fn post(&self, request: &mut Request) -> Result<Answer> {
        let fields = Fields::of_body(request);
        let Some(_client) = fields.get("client_id") else {
            return Ok(Answer::refused(400, "UNSUPPORTED", "client_id is missing"));
        };
        let refresh = match fields.get("grant_type") {
            Some("password") => {
                let (name, password) = (fields.get("username"), fields.get("password"));
                if !self.knows(name.unwrap_or_default(), password.unwrap_or_default()) {
                    return Ok(Answer::refused(401, "UNAUTHORIZED", "wrong name or password"));
                }
                (fields.get("access_type") == Some("offline")).then(|| self.new_refresh()).transpose()?
            }
            Some("refresh_token") => {
                let token = fields.get("refresh_token").unwrap_or_default();
                if !self.refresh.lock().unwrap_or_else(PoisonError::into_inner).contains(token) {
                    return Ok(Answer::refused(401, "UNAUTHORIZED", "unknown refresh token"));
                }
                Some(token.to_owned())
            }
            _ => return Ok(Answer::refused(400, "UNSUPPORTED", "unknown grant_type")),
        };
        let mut answer = self.grant(&self.username, &fields)?;
        if let (200, Some(refresh)) = (answer.status, refresh) {
            answer.body["refresh_token"] = refresh.into();
        }
        Ok(answer)
    }

    fn knows(&self, name: &str, password: &str) -> bool {
        name == self.username && password == self.password
    }

    fn new_refresh(&self) -> Result<String> {
        let token = identifier()?;
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner).insert(token.clone());
        Ok(token)
    }

    fn grant(&self, subject: &str, fields: &Fields) -> Result<Answer> {
        if fields.get("service") != Some(super::SERVICE) {
            return Ok(Answer::refused(400, "UNSUPPORTED", "unknown service"));
        }
        let asked = Scope::parse_all(&fields.all("scope"));
        let granted: Vec<_> = match subject {
            "" => asked.iter().map(|scope| scope.anonymous(self.anonymous.as_deref())).collect(),
            _ => asked,
        };
        let granted: Vec<_> = granted.into_iter().filter(|scope| !scope.is_empty()).collect();
        let access = granted.iter().map(Scope::claim).collect();
        let token = self.signer.sign(subject, super::SERVICE, &access, self.expires_in)?;
        let scope = granted.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let body = json!({ "token": token, "access_token": token, "expires_in": self.expires_in, "scope": scope });
        Ok(Answer { status: 200, body })
    }
}

fn header(name: &str, value: &str) -> Header {
    // Both are literals of this file, and plain ASCII.
    Header::from_bytes(name, value).expect("a literal header")
}
