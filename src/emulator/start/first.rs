//! What there is at first start.

use crate::emulator::{
    Options,
    clock::Instant,
    password, random,
    state::{Assignment, Definition, Document, Group, Kind, Principal, Registry, Replication, Sku, SystemData},
};
use alloc::{
    format,
    string::{String, ToString as _},
};
use std::io;

/// Name of the resource group.
const GROUP: &str = "emulator";

/// Service principals: name, role, and whether it holds for the subscription rather than for the registry.
const SERVICES: [(&str, &str, bool); 6] = [
    ("owner", "Owner", true),
    ("contributor", "Contributor", true),
    ("reader", "Reader", true),
    ("acrpull", "AcrPull", false),
    ("acrpush", "AcrPush", false),
    ("acrdelete", "AcrDelete", false),
];

/// A group with a registry in it, and principals for every role.
pub(super) fn document(options: &Options) -> io::Result<Document> {
    let mut document = Document::empty(random::uuid()?, random::uuid()?);
    let home = options.regions.first().map_or("eastus", String::as_str);
    document.groups.push(Group { name: GROUP.to_string(), location: home.to_string(), tags: Default::default() });
    let registry = registry(options, home)?;
    let scope = document.registry_id(&registry);
    document.registries.push(registry);
    let subscription = document.subscription_id();
    for (name, role, wide) in SERVICES {
        let (object_id, ..) = document.directory.add_service(name)?;
        assign(&mut document, &object_id, Kind::ServicePrincipal, role, if wide { &subscription } else { &scope })?;
    }
    let user = principal("Emulated User", Kind::User)?;
    assign(&mut document, &user.object_id, Kind::User, "Owner", &subscription)?;
    let user = Principal { user: Some(("user@emulator.localhost".to_string(), password::new()?)), ..user };
    let identity = principal("emulator-identity", Kind::ManagedIdentity)?;
    assign(&mut document, &identity.object_id, Kind::ManagedIdentity, "AcrPull", &scope)?;
    let identity = Principal { app_id: Some(random::uuid()?), ..identity };
    document.directory.principals.extend([user, identity]);
    Ok(document)
}

fn registry(options: &Options, home: &str) -> io::Result<Registry> {
    let system = SystemData::new("portolan", "Application");
    let mut registry = Registry::new(&options.registry, GROUP, home, Sku::Premium, system)?;
    let others = options.regions.iter().skip(1);
    registry.regions.extend(others.map(|region| Replication::new(region, region, Instant::now())));
    Ok(registry)
}

fn principal(name: &str, kind: Kind) -> io::Result<Principal> {
    Ok(Principal { object_id: random::uuid()?, kind, name: name.to_string(), app_id: None, user: None })
}

fn assign(document: &mut Document, principal: &str, kind: Kind, role: &str, scope: &str) -> io::Result<()> {
    let role = Definition::named(role).ok_or_else(|| io::Error::other(format!("there is no role {role}")))?;
    document.assignments.push(Assignment {
        name: random::uuid()?,
        scope: scope.to_string(),
        role: role.id.to_string(),
        principal: principal.to_string(),
        principal_type: kind.principal_type().to_string(),
        condition: None,
        description: None,
        created_by: principal.to_string(),
        created: Instant::now(),
    });
    Ok(())
}
