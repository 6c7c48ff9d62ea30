//! Names that become segments of ARM's paths.

use crate::{ReferenceError, checked::checked_str};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
};
use core::str::FromStr;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident: $rule:expr, $why:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        checked_str!($name, 0);

        impl FromStr for $name {
            type Err = ReferenceError;

            fn from_str(text: &str) -> Result<Self, ReferenceError> {
                let rule: fn(&str) -> bool = $rule;
                if rule(text) { Ok(Self(text.to_owned())) } else { Err(ReferenceError::Azure($why)) }
            }
        }
    )*};
}

names! {
    /// A subscription.
    ///
    /// ```
    /// use portolan::azure::SubscriptionId;
    /// assert!("00000000-0000-0000-0000-000000000001".parse::<SubscriptionId>().is_ok());
    /// assert!("../other".parse::<SubscriptionId>().is_err());
    /// ```
    SubscriptionId: |text| fits(text, 1..=64, |b| b == b'-'), "a subscription is an id of letters, digits and '-'";
    /// The name of a resource group.
    ///
    /// ```
    /// use portolan::azure::GroupName;
    /// assert!("my-group_(1)".parse::<GroupName>().is_ok());
    /// assert!("ends.".parse::<GroupName>().is_err());
    /// ```
    GroupName: is_group, "a resource group has 1 to 90 letters, digits, '-', '_', '.', '(' and ')', and no '.' at its end";
    /// The name of a registry, or of a replication.
    ///
    /// ```
    /// use portolan::azure::RegistryName;
    /// assert!("mycontainerregistry".parse::<RegistryName>().is_ok());
    /// assert!("my-registry".parse::<RegistryName>().is_err());
    /// assert!("four".parse::<RegistryName>().is_err());
    /// ```
    RegistryName: |text| fits(text, 5..=50, |_| false), "a registry has a name of 5 to 50 letters and digits";
    /// The name of anything else: a run, a container group, a token.
    ///
    /// ```
    /// use portolan::azure::ResourceName;
    /// assert!("cf1".parse::<ResourceName>().is_ok());
    /// assert!("a/b".parse::<ResourceName>().is_err());
    /// ```
    ResourceName: is_group, "a resource has a name of 1 to 90 letters, digits, '-', '_', '.', '(' and ')'";
}

fn fits(text: &str, length: core::ops::RangeInclusive<usize>, more: fn(u8) -> bool) -> bool {
    length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || more(b))
}

fn is_group(text: &str) -> bool {
    // The dots alone would be steps of a path.
    let plain = |b| matches!(b, b'-' | b'_' | b'.' | b'(' | b')');
    fits(text, 1..=90, plain) && !text.ends_with('.')
}

/// A resource group of a subscription.
///
/// ```
/// use portolan::azure::GroupId;
/// let group: GroupId = "00000000-0000-0000-0000-000000000001/myResourceGroup".parse()?;
/// assert!(group.path().ends_with("/resourceGroups/myResourceGroup"));
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The group.
    pub name: GroupName,
}

impl GroupId {
    /// Joins the parts.
    #[must_use]
    pub fn new(subscription: SubscriptionId, name: GroupName) -> Self {
        Self { subscription, name }
    }

    /// Its id: the path at ARM.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/subscriptions/{}/resourceGroups/{}", self.subscription, self.name)
    }
}

impl FromStr for GroupId {
    type Err = ReferenceError;

    /// `SUBSCRIPTION/GROUP`.
    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let (subscription, name) = text.split_once('/').ok_or(ReferenceError::Azure("not SUBSCRIPTION/GROUP"))?;
        Ok(Self { subscription: subscription.parse()?, name: name.parse()? })
    }
}

/// A registry of a resource group.
///
/// ```
/// use portolan::azure::RegistryId;
/// let registry: RegistryId = "00000000-0000-0000-0000-000000000001/myResourceGroup/mycontainerregistry".parse()?;
/// assert!(registry.path().ends_with("/providers/Microsoft.ContainerRegistry/registries/mycontainerregistry"));
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistryId {
    /// The group.
    pub group: GroupId,
    /// The registry.
    pub name: RegistryName,
}

impl RegistryId {
    /// Joins the parts.
    #[must_use]
    pub fn new(group: GroupId, name: RegistryName) -> Self {
        Self { group, name }
    }

    /// Its id: the path at ARM.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/providers/Microsoft.ContainerRegistry/registries/{}", self.group.path(), self.name)
    }
}

impl FromStr for RegistryId {
    type Err = ReferenceError;

    /// `SUBSCRIPTION/GROUP/REGISTRY`.
    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let (group, name) = text.rsplit_once('/').ok_or(ReferenceError::Azure("not SUBSCRIPTION/GROUP/REGISTRY"))?;
        Ok(Self { group: group.parse()?, name: name.parse()? })
    }
}

/// How `az` names a replication: its region without spaces, lower case.
pub(crate) fn region(location: &str) -> String {
    location.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase().to_string()
}
