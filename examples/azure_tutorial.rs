//! Microsoft's "build and run containers with Azure Container Registry" tutorials, from the first command to the last, with the SDK in
//! place of `az`: a resource group, a registry, a build, identities, pulls, a container, a replication, and all of it deleted.
//!
//! Against the emulator:
//!
//! ```text
//! portolan emulate --info info.json
//! cargo run --example azure_tutorial --features azure -- --info info.json
//! ```
//!
//! Against Azure, which costs money: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET` and `AZURE_SUBSCRIPTION_ID` in the
//! environment, and the name of a registry that is nobody's yet as `--registry NAME`. `examples/azure-tutorial.mjs` is the same
//! program for Node, and says the same.
#![allow(clippy::print_stdout, reason = "it talks to people")]

use core::{error::Error, time::Duration};
use portolan::{
    Endpoint, Kind, ReferenceTarget, RegistryConfig, RepositoryName, Secret, Tag,
    auth::Credential,
    azure::{
        ArmConfig, Cloud, ResourceName, SubscriptionId,
        acr::{Change, Order},
        arm::{
            container_groups::NewContainer,
            credentials::Which,
            registries::{Registry as RegistryRecord, Settings, Sku},
            tasks::Build,
        },
        entra::Entra,
        storage::LogOutcome,
    },
    client::{
        Registry, ReqwestTransport,
        azure::{Acr, Arm, ArmGroup, ArmRegistry, Whole, context},
    },
};
use std::{env, fs, path::Path};

type Result<T> = core::result::Result<T, Box<dyn Error>>;

/// Where everything is, and who we are.
pub(crate) struct Place {
    cloud: Cloud,
    subscription: SubscriptionId,
    tenant: String,
    client_id: String,
    client_secret: Secret,
    ca_certificate: Option<Vec<u8>>,
    registry: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    walk(Place::find()?, |line| println!("{line}")).await
}

/// The whole way; `say` is told what came of each step.
pub(crate) async fn walk(place: Place, say: fn(String)) -> Result<()> {
    let tutorial = Tutorial::begin(place, say)?;
    let registry = tutorial.create().await?;
    tutorial.build(Path::new("hello")).await?;
    tutorial.list(&registry).await?;
    let admin = tutorial.admin().await?;
    tutorial.pull(&registry, &admin).await?;
    tutorial.look(&registry).await?;
    tutorial.run(&registry, &admin).await?;
    tutorial.replicate().await?;
    tutorial.delete().await
}

struct Tutorial {
    place: Place,
    say: fn(String),
    transport: ReqwestTransport,
    group: ArmGroup<ReqwestTransport>,
    registry: ArmRegistry<ReqwestTransport>,
    repository: RepositoryName,
    tag: Tag,
}

impl Tutorial {
    fn begin(place: Place, say: fn(String)) -> Result<Self> {
        let mut builder = ReqwestTransport::builder();
        if let Some(pem) = &place.ca_certificate {
            builder = builder.ca_pem(pem.clone());
        }
        let transport = builder.build()?;
        let config = ArmConfig::new(place.cloud.clone(), place.identity()?);
        let arm = Arm::new(transport.clone(), config, place.subscription.clone());
        let group = arm.group("tutorial".parse()?);
        let registry = group.registry(place.registry.parse()?);
        Ok(Self { place, say, transport, group, registry, repository: "acrtasks".parse()?, tag: "v1".parse()? })
    }

    /// 1. `az group create`. 2. `az acr create --sku Premium`.
    async fn create(&self) -> Result<RegistryRecord> {
        let group = self.group.create("eastus").await?;
        (self.say)(format!("1 group {}: {}", group.name, group.provisioning_state));
        let settings = Settings { sku: Some(Sku::Premium), ..Settings::default() };
        let registry = self.registry.create("eastus", &settings).await?;
        (self.say)(format!(
            "2 registry: {} {} admin={}",
            registry.sku.as_str(),
            registry.provisioning_state,
            registry.admin_user_enabled
        ));
        for usage in self.registry.usages().await? {
            if matches!(&*usage.name, "Size" | "Webhooks") {
                (self.say)(format!("2 usage {}: {} {}", usage.name, usage.limit.unwrap_or_default(), usage.unit));
            }
        }
        Ok(registry)
    }

    /// 3. `az acr build --image acrtasks:v1 .`
    async fn build(&self, name: &Path) -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join(name), "Hello from a quick build\n")?;
        fs::write(folder.path().join("Dockerfile"), "FROM scratch\nCOPY hello /hello\nCMD [\"/hello\"]\n")?;
        let mut archive = Vec::new();
        let packed = context::pack(folder.path(), &folder.path().join("Dockerfile"), &mut archive)?;
        let source = self.registry.upload(Whole::new(archive)).await?;
        let build = Build::of(source).dockerfile(packed.dockerfile).image(format!("{}:{}", self.repository, self.tag));
        let run: ResourceName = self.registry.schedule(&build).await?.run_id.parse()?;
        let mut log = self.registry.log(&run).await?;
        let mut lines = 0;
        while log.line().await?.is_some() {
            lines += 1;
        }
        let outcome = if log.outcome() == Some(LogOutcome::Success) { "success" } else { "failure" };
        (self.say)(format!("3 log: some lines={} outcome={outcome}", lines > 0));
        let run = self.registry.wait(&run).await?;
        (self.say)(format!("3 run: {} images={}", run.status, run.images.len()));
        Ok(())
    }

    /// 4. `az acr repository list`
    async fn list(&self, registry: &RegistryRecord) -> Result<()> {
        let mut pages = self.open(registry, self.entra()?)?.repositories(None);
        while let Some(page) = pages.next().await? {
            (self.say)(format!("4 repositories: {}", page.names.join(" ")));
        }
        Ok(())
    }

    /// 5. `az acr update --admin-enabled true`, `az acr credential show`
    async fn admin(&self) -> Result<(String, Secret)> {
        let off = self.registry.credentials().await.is_err();
        let settings = Settings { admin_user_enabled: Some(true), ..Settings::default() };
        let updated = self.registry.update(&settings).await?;
        let before = self.registry.credentials().await?;
        let after = self.registry.regenerate(Which::Second).await?;
        let changed: Vec<_> = before.passwords.iter().zip(&after.passwords).map(|(a, b)| a.1 != b.1).collect();
        (self.say)(format!("5 admin: refused before={off} enabled={} changed={changed:?}", updated.admin_user_enabled));
        let (_, password) = after.passwords.into_iter().next().ok_or("no password")?;
        Ok((after.username, password))
    }

    /// 6. Pulls as everybody who may, and as nobody.
    async fn pull(&self, registry: &RegistryRecord, admin: &(String, Secret)) -> Result<()> {
        let everything = self.pull_as(registry, "admin", Credential::new(&admin.0, admin.1.clone())?).await?;
        let principal = Credential::new(&self.place.client_id, self.place.client_secret.clone())?;
        let same = self.pull_as(registry, "service principal", principal).await?;
        let (map, token) = ("readers".parse()?, "reader".parse()?);
        self.registry.create_scope_map(&map, &["repositories/acrtasks/content/read"]).await?;
        let (_, login) = self.registry.create_token(&token, &map).await?;
        let scoped = self.pull_as(registry, "scoped token", login.credential()?).await?;
        let exchanged = self.pull_as(registry, "Entra token", self.entra()?).await?;
        (self.say)(format!("6 one image: {}", [same, scoped, exchanged].iter().all(|digest| *digest == everything)));
        let nobody = Registry::new(self.transport.clone(), RegistryConfig::new(endpoint(registry)?));
        let refused = nobody.manifest(&self.repository, &ReferenceTarget::Tag(self.tag.clone())).await;
        (self.say)(format!("6 nobody: {}", refused.err().map_or("pulled", |error| error.kind().as_str())));
        Ok(())
    }

    async fn pull_as(&self, registry: &RegistryRecord, name: &str, credential: Credential) -> Result<String> {
        let registry = self.open(registry, credential)?;
        let image = registry.image(&self.repository, &ReferenceTarget::Tag(self.tag.clone()), None).await?;
        let mut bytes = 0;
        for layer in image.manifest.image().map(|manifest| &*manifest.layers).unwrap_or_default() {
            let mut blob = registry.blob(&self.repository, &layer.digest, Some(layer.size)).await?;
            while let Some(chunk) = blob.next().await {
                bytes += chunk?.len();
            }
        }
        (self.say)(format!("6 pull as {name}: some bytes={}", bytes > 0));
        Ok(image.manifest.digest().to_string())
    }

    /// What ACR knows beside the distribution API: attributes, locks, order.
    async fn look(&self, registry: &RegistryRecord) -> Result<()> {
        let acr = Acr::of(&self.open(registry, self.entra()?)?);
        let tags = acr.tags(&self.repository, Order::NewestFirst).all().await?;
        let locked = acr.update_tag(&self.repository, &self.tag, Change::lock()).await?;
        let refused = acr.untag(&self.repository, &self.tag).await.is_err();
        let unlocked = acr.update_tag(&self.repository, &self.tag, Change::unlock()).await?;
        let lock = (locked.attributes.is_locked(), refused, unlocked.attributes.is_locked());
        (self.say)(format!("6 tags: {} lock={} refused={} locked after={}", tags.len(), lock.0, lock.1, lock.2));
        Ok(())
    }

    /// 7. `az container create`, and its address
    async fn run(&self, registry: &RegistryRecord, admin: &(String, Secret)) -> Result<()> {
        let image = format!("{}/{}:{}", registry.login_server, self.repository, self.tag);
        let container = self.group.container("acr-tasks".parse()?);
        let container = container.create(&NewContainer::of(image, "eastus").login(&admin.0, admin.1.clone())).await?;
        (self.say)(format!(
            "7 container {}: {} address={}",
            container.name,
            container.provisioning_state,
            container.ip.is_some()
        ));
        Ok(())
    }

    /// 8. `az acr replication create --location japaneast`, and its status until it is ready
    async fn replicate(&self) -> Result<()> {
        let made = self.registry.replicate("japaneast").await?;
        (self.say)(format!("8 replication {}: {}", made.name, made.provisioning_state));
        while !self.registry.replication("japaneast").await?.is_synced() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        for replication in self.registry.replications().all().await? {
            let status = replication.display_status.as_deref().unwrap_or_default();
            let endpoint = replication.region_endpoint_enabled;
            (self.say)(format!("8 {} {} {status} {endpoint}", replication.name, replication.provisioning_state));
        }
        Ok(())
    }

    /// 9. `az group delete`
    async fn delete(&self) -> Result<()> {
        (self.say)(format!("9 deleted: {}", self.group.delete().await?));
        let gone = self.registry.show().await.err().map(|error| error.kind());
        (self.say)(format!("9 registry gone: {}", gone == Some(Kind::NotFound)));
        Ok(())
    }

    fn entra(&self) -> Result<Credential> {
        Ok(Credential::Entra(Box::new(self.place.identity()?.for_registries())))
    }

    fn open(&self, registry: &RegistryRecord, credential: Credential) -> Result<Registry<ReqwestTransport>> {
        let mut config = RegistryConfig::new(endpoint(registry)?);
        config.credential = Some(credential);
        Ok(Registry::new(self.transport.clone(), config))
    }
}

fn endpoint(registry: &RegistryRecord) -> Result<Endpoint> {
    Ok(format!("https://{}", registry.login_server).parse()?)
}

impl Place {
    fn find() -> Result<Self> {
        let words: Vec<String> = env::args().skip(1).collect();
        let option = |name| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
        let registry = option("--registry").map_or("mycontainerregistry", String::as_str);
        match option("--info") {
            Some(file) => Self::emulator(&fs::read_to_string(file)?, registry),
            None => Self::azure(registry),
        }
    }

    fn azure(registry: &str) -> Result<Self> {
        Ok(Self {
            cloud: Cloud::public(),
            subscription: env::var("AZURE_SUBSCRIPTION_ID")?.parse()?,
            tenant: env::var("AZURE_TENANT_ID")?,
            client_id: env::var("AZURE_CLIENT_ID")?,
            client_secret: env::var("AZURE_CLIENT_SECRET")?.into(),
            ca_certificate: None,
            registry: registry.into(),
        })
    }

    pub(crate) fn emulator(info: &str, registry: &str) -> Result<Self> {
        let info: serde_json::Value = serde_json::from_str(info)?;
        let text =
            |pointer: &str| info.pointer(pointer).and_then(|v| v.as_str()).ok_or_else(|| format!("no {pointer}"));
        let audience = "https://management.azure.com";
        Ok(Self {
            cloud: Cloud::custom(text("/arm")?, text("/authority")?, audience, "azurecr.io")?,
            subscription: text("/subscription")?.parse()?,
            tenant: text("/tenant")?.into(),
            client_id: text("/service_principals/0/client_id")?.into(),
            client_secret: text("/service_principals/0/client_secret")?.into(),
            ca_certificate: Some(fs::read(text("/ca_certificate")?)?),
            registry: registry.into(),
        })
    }

    fn identity(&self) -> Result<Entra> {
        Ok(Entra::client_secret(&self.cloud, &self.tenant, &self.client_id, self.client_secret.clone())?)
    }
}
