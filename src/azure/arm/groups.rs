//! Resource groups: `Microsoft.Resources`, 2021-04-01.

use super::{Resource, deletion, listed, object, tags_value, versioned};
use crate::{
    Error,
    azure::{Call, GroupId, List, SubscriptionId},
    http::Method,
};
use alloc::{collections::BTreeMap, format, string::String};
use serde_json::Value;

const API: &str = "2021-04-01";

/// A resource group.
pub type Group = Resource;

fn read(raw: Value) -> Result<Group, Error> {
    Resource::read(raw)
}

/// Creates a group, or sets its tags if it is there.
///
/// ```
/// use portolan::azure::arm::groups;
/// let op = groups::create(&"00000000-0000-0000-0000-000000000001/g".parse()?, "eastus", &Default::default());
/// # let _ = op;
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[must_use]
pub fn create(group: &GroupId, location: &str, tags: &BTreeMap<String, String>) -> Call<Group> {
    let body = object([("location", Value::from(location)), ("tags", tags_value(tags))]);
    Call::arm(Method::Put, versioned(&group.path(), API), read).with(&body).until_there()
}

/// Shows a group.
#[must_use]
pub fn show(group: &GroupId) -> Call<Group> {
    Call::arm(Method::Get, versioned(&group.path(), API), read)
}

/// Lists the groups of a subscription.
#[must_use]
pub fn list(subscription: &SubscriptionId) -> List<Group> {
    listed(versioned(&format!("/subscriptions/{subscription}/resourcegroups"), API), read)
}

/// Deletes a group and everything in it. False if there was none.
#[must_use]
pub fn delete(group: &GroupId) -> Call<bool> {
    deletion(versioned(&group.path(), API))
}

/// The location of a group: what `az` takes for resources that are given none.
#[must_use]
pub fn location(group: &GroupId) -> Call<String> {
    Call::arm(Method::Get, versioned(&group.path(), API), |raw| Ok(Resource::read(raw)?.location))
}
