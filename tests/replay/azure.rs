//! Azure's calls.

use super::{Driver, Error, Limits, Session, Transcript, Value, json, limits as read_limits};
use portolan::{
    Endpoint,
    azure::{
        ArmConfig, Cloud, List, RegistryId,
        acr::{Change, Order, manifest, repository, tag, token},
        arm::{
            Resource,
            container_groups::{self, NewContainer},
            credentials::{self, Login, Which},
            groups,
            imports::{self, Import, ImportSource},
            registries::{self, Settings, Sku},
            replications, runs, scoped_tokens,
            tasks::{self, Build},
            usages,
        },
        entra::{DeviceCode, Entra, ManagedIdentity},
        storage::{LogOutcome, LogRead, PutBlob, SignedUrl},
    },
};

const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000001";

fn cloud(transcript: &Transcript) -> Cloud {
    let [arm, authority] = &transcript.azure[..] else { panic!("azure ARM AUTHORITY") };
    Cloud::custom(arm, authority, "https://management.example", "azurecr.example").expect("a cloud")
}

/// A session with ARM, or an anonymous one with the authority.
pub(super) fn session(transcript: &Transcript) -> Option<Session> {
    if transcript.azure.is_empty() || !transcript.registry.is_empty() {
        return None;
    }
    let cloud = cloud(transcript);
    if transcript.credential.is_empty() {
        let authority = Endpoint::new(cloud.authority.origin().clone());
        return Some(Session::anonymous(authority, read_limits(&transcript.limits)));
    }
    let words: Vec<_> = transcript.credential.iter().skip(1).map(String::as_str).collect();
    let mut config = ArmConfig::new(cloud, identity(transcript, &words));
    config.limits = read_limits(&transcript.limits);
    Some(Session::arm(config))
}

pub(super) fn identity(transcript: &Transcript, words: &[&str]) -> Entra {
    let cloud = cloud(transcript);
    match *words {
        ["secret", tenant, client, secret] => Entra::client_secret(&cloud, tenant, client, secret).unwrap(),
        ["refresh", tenant, client, token] => Entra::refresh_token(&cloud, tenant, client, token).unwrap(),
        ["token", token] => Entra::token(&cloud, token, None).unwrap(),
        ["token", token, expires] => Entra::token(&cloud, token, expires.parse().ok()).unwrap(),
        ["managed"] => Entra::managed_identity(&cloud, ManagedIdentity::System),
        ["managed", client] => Entra::managed_identity(&cloud, ManagedIdentity::Client(client.into())),
        ref other => panic!("identity {other:?}"),
    }
}

pub(super) fn perform(words: &[&str], driver: &mut impl Driver, limits: &Limits) -> Result<Value, Error> {
    match words {
        ["group", rest @ ..] => group(rest, driver, limits),
        ["registry", rest @ ..] => registry(rest, driver, limits),
        ["replication", rest @ ..] => replication(rest, driver, limits),
        ["run", rest @ ..] => run(rest, driver, limits),
        ["acr", rest @ ..] => acr(rest, driver, limits),
        ["container", "create", group, name, image, user, password] => {
            let container = NewContainer::of(*image, "eastus").login(*user, *password);
            let op = container_groups::create(&id(group).group, &name.parse()?, &container);
            let made = driver.run(op).0?;
            Ok(json!({ "name": made.name, "state": made.provisioning_state, "ip": made.ip }))
        }
        ["upload", url, text] => {
            driver.run(PutBlob::new(SignedUrl::parse(url)?, text.as_bytes().into())).0?;
            Ok(json!({}))
        }
        ["log", url] => {
            let (outcome, bytes) = driver.run(LogRead::follow(SignedUrl::parse(url)?));
            Ok(json!({ "text": String::from_utf8_lossy(&bytes), "outcome": ending(&outcome?) }))
        }
        ["device", authority, tenant, client] => {
            let cloud = Cloud::custom("https://arm.example", authority, "https://management.example", "x").unwrap();
            let login = driver.run(DeviceCode::new(&cloud, tenant, client)?).0?;
            let (code, address) = (login.user_code.clone(), login.verification_uri.clone());
            driver.run(login.poll()).0?;
            Ok(json!({ "code": code, "address": address }))
        }
        ["exchange", service, token] => {
            let op = token::Exchange::new(token::Shown::AccessToken((*token).into()), *service, None);
            let answer = driver.run(op).0?;
            Ok(json!({ "refreshToken": answer.refresh_token.expose(), "lifetime": answer.lifetime.as_secs() }))
        }
        other => panic!("call {other:?}"),
    }
}

/// `GROUP/REGISTRY`, or a group alone.
fn id(text: &str) -> RegistryId {
    let full = if text.contains('/') { text.to_string() } else { format!("{text}/mycontainerregistry") };
    format!("{SUBSCRIPTION}/{full}").parse().expect("GROUP/REGISTRY")
}

fn shown(resource: &Resource) -> Value {
    json!({ "name": resource.name, "state": resource.provisioning_state })
}

fn ending(outcome: &LogOutcome) -> &str {
    match outcome {
        LogOutcome::Success => "success",
        LogOutcome::Failure(_) => "failure",
        LogOutcome::TimedOut => "timedOut",
        LogOutcome::Canceled => "canceled",
    }
}

fn login(login: &Login) -> Value {
    let passwords: Vec<_> = login.passwords.iter().map(|(_, password)| password.expose()).collect();
    json!({ "username": login.username, "passwords": passwords })
}

fn group(words: &[&str], driver: &mut impl Driver, limits: &Limits) -> Result<Value, Error> {
    Ok(match words {
        ["create", name, location] => {
            shown(&driver.run(groups::create(&id(name).group, location, &Default::default())).0?)
        }
        ["show", name] => shown(&driver.run(groups::show(&id(name).group)).0?),
        ["list"] => list(groups::list(&SUBSCRIPTION.parse()?), |group| group.name.clone(), driver, limits)?,
        ["delete", name] => json!({ "deleted": driver.run(groups::delete(&id(name).group)).0? }),
        other => panic!("group {other:?}"),
    })
}

fn registry(words: &[&str], driver: &mut impl Driver, limits: &Limits) -> Result<Value, Error> {
    Ok(match words {
        ["check", name] => {
            let check = driver.run(registries::check_name(&SUBSCRIPTION.parse()?, &name.parse()?)).0?;
            json!({ "available": check.available, "reason": check.reason })
        }
        ["create", name, location, sku] => {
            let settings = Settings { sku: Some(Sku::from(*sku)), ..Settings::default() };
            let made = driver.run(registries::create(&id(name), location, &settings)).0?;
            json!({ "name": made.name, "state": made.provisioning_state, "loginServer": made.login_server })
        }
        ["admin", name, on] => {
            let settings = Settings { admin_user_enabled: Some(*on == "on"), ..Settings::default() };
            let changed = driver.run(registries::update(&id(name), &settings)).0?;
            json!({ "name": changed.name, "admin": changed.admin_user_enabled })
        }
        ["show", name] => shown(&driver.run(registries::show(&id(name))).0?.resource),
        ["list", group] => list(registries::list(&id(group).group), |r| r.name.clone(), driver, limits)?,
        ["delete", name] => json!({ "deleted": driver.run(registries::delete(&id(name))).0? }),
        ["credentials", name] => login(&driver.run(credentials::list(&id(name))).0?),
        ["regenerate", name] => login(&driver.run(credentials::regenerate(&id(name), Which::Second)).0?),
        ["usages", name] => {
            let usages = driver.run(usages::list(&id(name))).0?.into_iter();
            usages.map(|u| json!({ "name": u.name, "limit": u.limit, "current": u.current })).collect()
        }
        ["import", name, from, image, tag, user @ ..] => {
            let import = match user {
                [user, password] => Import::from_host(*from, *image).login(*user, *password),
                _ => Import::of(ImportSource::Azure((*from).into()), *image),
            };
            driver.run(imports::import(&id(name), &import.tag(*tag))).0?;
            json!({ "imported": true })
        }
        ["token", name, token] => login(&driver.run(scoped_tokens::generate(&id(name), &token.parse()?)).0?),
        other => panic!("registry {other:?}"),
    })
}

fn replication(words: &[&str], driver: &mut impl Driver, limits: &Limits) -> Result<Value, Error> {
    let shown = |r: replications::Replication| json!({ "name": r.name, "state": r.provisioning_state, "status": r.display_status, "endpoint": r.region_endpoint_enabled });
    Ok(match words {
        ["create", name, location] => {
            let op = replications::create(&id(name), &replications::name(location)?, location, true);
            shown(driver.run(op).0?)
        }
        ["show", name, location] => shown(driver.run(replications::show(&id(name), &location.parse()?)).0?),
        ["endpoint", name, location, on] => {
            shown(driver.run(replications::set_region_endpoint(&id(name), &location.parse()?, *on == "on")).0?)
        }
        ["list", name] => list(replications::list(&id(name)), |r| r.name.clone(), driver, limits)?,
        ["delete", name, location] => {
            json!({ "deleted": driver.run(replications::delete(&id(name), &location.parse()?)).0? })
        }
        other => panic!("replication {other:?}"),
    })
}

fn run(words: &[&str], driver: &mut impl Driver, limits: &Limits) -> Result<Value, Error> {
    let shown = |run: &runs::Run| json!({ "id": run.run_id, "status": run.status });
    Ok(match words {
        ["target", name] => json!({ "path": driver.run(tasks::upload_target(&id(name))).0?.relative_path }),
        ["schedule", name, source, image] => {
            shown(&driver.run(tasks::schedule(&id(name), &Build::of(*source).image(*image))).0?)
        }
        ["show", name, run] => shown(&driver.run(runs::show(&id(name), &run.parse()?)).0?),
        ["wait", name, run] => shown(&driver.run(runs::wait(&id(name), &run.parse()?)).0?),
        ["cancel", name, run] => {
            driver.run(runs::cancel(&id(name), &run.parse()?)).0?;
            json!({})
        }
        ["list", name] => list(runs::list(&id(name), None), |run| run.run_id.clone(), driver, limits)?,
        other => panic!("run {other:?}"),
    })
}

fn acr(words: &[&str], driver: &mut impl Driver, limits: &Limits) -> Result<Value, Error> {
    Ok(match words {
        ["repositories"] => list(repository::list(None), String::clone, driver, limits)?,
        ["repository", name] => {
            let found = driver.run(repository::show(&name.parse()?)).0?;
            json!({ "name": found.name, "tags": found.tags, "locked": found.attributes.is_locked() })
        }
        ["delete", name] => {
            let deleted = driver.run(repository::delete(&name.parse()?)).0?;
            json!({ "manifests": deleted.manifests, "tags": deleted.tags })
        }
        ["tags", name] => {
            let tags = tag::list(&name.parse()?, Order::NewestFirst, Some(2), None);
            list(tags, |tag| tag.name.clone(), driver, limits)?
        }
        ["lock", name, tag] => {
            let tag = driver.run(tag::update(&name.parse()?, &tag.parse()?, Change::lock())).0?;
            json!({ "name": tag.name, "locked": tag.attributes.is_locked() })
        }
        ["untag", name, tag] => json!({ "deleted": driver.run(tag::delete(&name.parse()?, &tag.parse()?)).0? }),
        ["manifests", name] => {
            let manifests = manifest::list(&name.parse()?, Order::Name, None);
            list(manifests, |m| m.digest.clone(), driver, limits)?
        }
        ["remove", name, digest] => {
            json!({ "deleted": driver.run(manifest::delete(&name.parse()?, &digest.parse()?)).0? })
        }
        other => panic!("acr {other:?}"),
    })
}

fn list<R: Send + 'static>(
    mut list: List<R>,
    name: fn(&R) -> String,
    driver: &mut impl Driver,
    limits: &Limits,
) -> Result<Value, Error> {
    let (mut names, mut skipped) = (Vec::new(), 0);
    while let Some(op) = list.next_page() {
        let page = list.accept(driver.run(op).0, limits)?;
        names.extend(page.items.iter().map(name));
        skipped += page.skipped;
        if let Some(truncated) = page.truncated {
            return Ok(json!({ "names": names, "skipped": skipped, "truncated": truncated.error.kind().as_str() }));
        }
    }
    Ok(json!({ "names": names, "skipped": skipped }))
}
