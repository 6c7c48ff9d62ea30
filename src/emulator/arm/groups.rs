//! Resource groups.

use super::{Answer, Call, Cloud, Refusal, Route, locations, operations, registries, values};
use crate::emulator::{
    clock::Instant,
    cloud::Later,
    state::{Document, Group},
};
use alloc::{boxed::Box, format, string::ToString as _, sync::Arc};
use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const ONE: &str = "/subscriptions/{subscription}/resourceGroups/{group}";

pub(super) const ROUTES: &[Route] = &[
    Route::now(Method::GET, "/subscriptions/{subscription}/resourceGroups", "", list),
    Route::now(Method::PUT, ONE, "Microsoft.Resources/subscriptions/resourceGroups/write", put),
    Route::now(Method::PATCH, ONE, "Microsoft.Resources/subscriptions/resourceGroups/write", patch),
    Route::now(Method::GET, ONE, "Microsoft.Resources/subscriptions/resourceGroups/read", show),
    Route::now(Method::HEAD, ONE, "Microsoft.Resources/subscriptions/resourceGroups/read", exists),
    Route::later(Method::DELETE, ONE, "Microsoft.Resources/subscriptions/resourceGroups/delete", delete),
    Route::now(Method::GET, "/subscriptions/{subscription}/operationresults/{job}", "", deleted),
];

fn list(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    Ok(Answer::list(cloud.state.read(|document| {
        let read = "Microsoft.Resources/subscriptions/resourceGroups/read";
        let seen = |group: &&Group| document.allows(&call.identity.object_id, read, &document.group_id(&group.name));
        document.groups.iter().filter(seen).map(|group| shown(document, group)).collect()
    })))
}

fn show(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    cloud.state.read(|document| Ok(Answer::ok(shown(document, call.group(document)?))))
}

fn exists(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let there = cloud.state.read(|document| call.group(document).is_ok());
    Ok(Answer::empty(if there { 204 } else { 404 }))
}

fn put(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let name = call.name("group");
    let valid = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'(' | b')');
    if name.is_empty() || name.len() > 90 || name.ends_with('.') || !name.bytes().all(valid) {
        return Err(Refusal::bad("InvalidResourceGroup", format!("The resource group name '{name}' is invalid.")));
    }
    let location = values::text(&call.body, "/location");
    let location = location.ok_or_else(|| Refusal::bad("LocationRequired", "The location property is required."))?;
    let location = locations::known(location)?;
    let tags = values::tags(&call.body)?.unwrap_or_default();
    cloud.state.change(|document| {
        let Some(group) = document.groups.iter_mut().find(|group| group.name.eq_ignore_ascii_case(name)) else {
            let group = Group { name: name.to_string(), location, tags };
            let answer = shown(document, &group);
            document.groups.push(group);
            return Ok(Answer::new(201, answer));
        };
        if group.location != location {
            return Err(Refusal::new(
                409,
                "InvalidResourceGroupLocation",
                format!(
                    "Invalid resource group location '{location}'. The Resource group already exists in location '{}'.",
                    group.location
                ),
            ));
        }
        group.tags = tags;
        let group = group.clone();
        Ok(Answer::ok(shown(document, &group)))
    })
}

fn patch(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let tags = values::tags(&call.body)?;
    cloud.state.change(|document| {
        let mut group = call.group(document)?.clone();
        group.tags = tags.unwrap_or(group.tags);
        let answer = shown(document, &group);
        document.groups.iter_mut().filter(|other| other.name == group.name).for_each(|other| *other = group.clone());
        Ok(Answer::ok(answer))
    })
}

/// With all that is in it.
fn delete(cloud: Arc<Cloud>, call: Call) -> Later<'static, Result<Answer, Refusal>> {
    Box::pin(async move {
        let _turn = cloud.turn().await;
        let (name, registries) = cloud.state.change(|document| {
            let name = call.group(document)?.name.clone();
            let registries = document.remove_group(&name);
            Ok::<_, Refusal>((name, registries))
        })?;
        for registry in registries {
            registries::forget(&cloud, &registry).await?;
        }
        cloud.workshop()?.containers.delete_all(&name)?;
        let job = format!("{}:{name}", Instant::now().after(operations::PAUSE).0);
        let subscription = cloud.state.read(Document::subscription_id);
        let place = operations::group_result(&cloud, &subscription, &URL_SAFE_NO_PAD.encode(job), call.version());
        Ok(Answer::empty(202).header("location", place).header("retry-after", "1"))
    })
}

/// 202 until the time that the job's name holds, then 200.
fn deleted(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let job = call.name("job");
    let until = crate::base64::decode(job, crate::base64::URL_SAFE)
        .and_then(|bytes| alloc::string::String::from_utf8(bytes).ok());
    let until = until.and_then(|text| text.split(':').next()?.parse().ok()).unwrap_or_default();
    if Instant(until) <= Instant::now() {
        return Ok(Answer::empty(200));
    }
    let subscription = cloud.state.read(Document::subscription_id);
    let place = operations::group_result(cloud, &subscription, job, call.version());
    Ok(Answer::empty(202).header("location", place).header("retry-after", "1"))
}

fn shown(document: &Document, group: &Group) -> Value {
    json!({
        "id": format!("{}/resourceGroups/{}", document.subscription_id(), group.name), "name": group.name,
        "type": "Microsoft.Resources/resourceGroups", "location": group.location, "tags": group.tags,
        "properties": { "provisioningState": "Succeeded" },
    })
}
