//! The SDK against the emulator where the tutorial does not lead: identities of every kind, large contexts, refusals.
#![cfg(all(feature = "cli", feature = "azure"))]
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]
#![allow(clippy::print_stderr, reason = "a test that does not run says so")]
#![allow(dead_code, reason = "what is shared has more than is used here")]

#[path = "emulator_clients/lab.rs"]
mod lab;

use lab::Emulator;
use portolan::{
    Kind, RegistryConfig,
    auth::Credential,
    azure::{
        ArmConfig, Cloud,
        acr::{Change, Order},
        arm::{
            imports::Import,
            registries::{Settings, Sku},
            tasks::Build,
        },
        entra::{AZURE_CLI, Entra, ManagedIdentity},
    },
    client::{
        Registry, ReqwestTransport,
        azure::{Acr, Arm, Whole, context, sign_in},
    },
};
use serde_json::Value;
use std::{fs, future::Future};

struct Lab {
    emulator: Emulator,
    info: Value,
    transport: ReqwestTransport,
    cloud: Cloud,
}

impl Lab {
    fn start() -> Self {
        let emulator = Emulator::start();
        let info: Value = serde_json::from_slice(&fs::read(emulator.folder().join("info.json")).unwrap()).unwrap();
        let ca = fs::read(info["ca_certificate"].as_str().unwrap()).unwrap();
        let transport = ReqwestTransport::builder().ca_pem(ca).build().unwrap();
        let text = |name: &str| info[name].as_str().unwrap();
        let mut cloud =
            Cloud::custom(text("arm"), text("authority"), "https://management.azure.com", "azurecr.io").unwrap();
        cloud.identity_endpoint = text("identity_endpoint").parse().unwrap();
        Self { emulator, info, transport, cloud }
    }

    fn text(&self, name: &str) -> &str {
        self.info[name].as_str().unwrap()
    }

    fn principal(&self, role: &str) -> Entra {
        let (client, secret) = self.emulator.principal(role);
        Entra::client_secret(&self.cloud, self.text("tenant"), &client, secret).unwrap()
    }

    fn arm(&self, identity: Entra) -> Arm<ReqwestTransport> {
        let config = ArmConfig::new(self.cloud.clone(), identity);
        Arm::new(self.transport.clone(), config, self.text("subscription").parse().unwrap())
    }

    fn registry(&self, login_server: &str, identity: Entra) -> Registry<ReqwestTransport> {
        let mut config = RegistryConfig::new(format!("https://{login_server}").parse().unwrap());
        config.credential = Some(Credential::Entra(Box::new(identity.for_registries())));
        Registry::new(self.transport.clone(), config)
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(test)
}

#[test]
fn a_context_of_many_blocks_is_built() {
    let lab = Lab::start();
    run(async {
        let arm = lab.arm(lab.principal("Owner"));
        let registry =
            arm.group(lab.text("resource_group").parse().unwrap()).registry(lab.text("registry").parse().unwrap());
        let folder = tempfile::tempdir().unwrap();
        // What does not compress: 9 MiB make three blocks.
        let mut state = 88_172_645_463_325_252_u64;
        let noise = (0..9 << 17).flat_map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        });
        fs::write(folder.path().join("noise"), noise.collect::<Vec<_>>()).unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM scratch\nCOPY noise /noise\n").unwrap();
        let mut archive = Vec::new();
        let packed = context::pack(folder.path(), &folder.path().join("Dockerfile"), &mut archive).unwrap();
        assert!(archive.len() > 8 << 20);
        let source = registry.upload(Whole::new(archive)).await.unwrap();
        let build = Build::of(source).dockerfile(packed.dockerfile).image("noise:v1");
        let id = registry.schedule(&build).await.unwrap().run_id.parse().unwrap();
        let run = registry.wait(&id).await.unwrap();
        assert!(run.is_success(), "{run:?}");
        let acr = Acr::of(&lab.registry(lab.emulator.login_server(), lab.principal("AcrPull")));
        let manifests = acr.manifests(&"noise".parse().unwrap(), Order::Name).all().await.unwrap();
        assert_eq!(manifests[0].tags, ["v1"]);
        assert!(manifests[0].image_size > 8 << 20);
    });
}

#[test]
fn an_image_is_imported_from_registry_to_registry() {
    let lab = Lab::start();
    run(async {
        let arm = lab.arm(lab.principal("Owner"));
        let group = arm.group(lab.text("resource_group").parse().unwrap());
        let source = group.registry(lab.text("registry").parse().unwrap());
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Dockerfile"), "FROM scratch\nCOPY Dockerfile /file\n").unwrap();
        let mut archive = Vec::new();
        let packed = context::pack(folder.path(), &folder.path().join("Dockerfile"), &mut archive).unwrap();
        let context = source.upload(Whole::new(archive)).await.unwrap();
        for tag in ["app:v1", "app:v2"] {
            let build = Build::of(context.clone()).dockerfile(packed.dockerfile.clone()).image(tag);
            let id = source.schedule(&build).await.unwrap().run_id.parse().unwrap();
            assert!(source.wait(&id).await.unwrap().is_success());
        }

        let target = group.registry("importing1".parse().unwrap());
        let settings = Settings { sku: Some(Sku::Basic), ..Settings::default() };
        let login_server = target.create("eastus", &settings).await.unwrap().login_server;
        let by_id = Import::from_registry(source.id(), "app:v1").tag("team/app").repository("bare/app");
        target.import(&by_id).await.unwrap();
        let (user, password) = lab.emulator.principal("AcrPull");
        let by_host = Import::from_host(lab.emulator.login_server(), "app:v2").tag("team/app:v1");
        let error = target.import(&by_host.clone()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Denied, "{error}");
        let by_host = by_host.login(user, password);
        let error = target.import(&by_host.clone()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict, "{error}");
        target.import(&by_host.force()).await.unwrap();

        let [from, to] = [lab.emulator.login_server(), &login_server]
            .map(|server| Acr::of(&lab.registry(server, lab.principal("Owner"))));
        let manifests = async |acr: &Acr<ReqwestTransport>, repository: &str| {
            acr.manifests(&repository.parse().unwrap(), Order::Name).all().await.unwrap()
        };
        let named = async |acr: &Acr<ReqwestTransport>, repository: &str, tag: &str| {
            acr.tag(&repository.parse().unwrap(), &tag.parse().unwrap()).await.unwrap().digest
        };
        assert_eq!(named(&to, "team/app", "v1").await, named(&from, "app", "v2").await);
        let bare = &manifests(&to, "bare/app").await[..];
        assert!(bare.len() == 1 && bare[0].tags.is_empty(), "{bare:?}");
        assert_eq!(bare[0].digest, named(&from, "app", "v1").await);
    });
}

#[test]
fn the_machines_own_identity_pulls() {
    let lab = Lab::start();
    run(async {
        let machine = Entra::managed_identity(&lab.cloud, ManagedIdentity::System);
        let registry = lab.registry(lab.emulator.login_server(), machine);
        assert!(registry.ping().await.unwrap().authenticated);
    });
}

#[test]
fn a_person_signs_in_on_another_device() {
    let Some(curl) = lab::tool("curl") else { return };
    let lab = Lab::start();
    run(async {
        let user = &lab.info["users"][0];
        let (name, password) =
            (user["name"].as_str().unwrap().to_owned(), user["password"].as_str().unwrap().to_owned());
        let page = format!("{}/devicelogin", lab.text("authority"));
        let ca = lab.text("ca_certificate").to_owned();
        let approve = move |code: &str| {
            let arguments = [
                "--silent",
                "--fail",
                "--cacert",
                &ca,
                "--data-urlencode",
                &format!("user_code={code}"),
                "--data-urlencode",
                &format!("username={name}"),
                "--data-urlencode",
                &format!("password={password}"),
                &page,
            ];
            lab::run(&curl, &arguments);
        };
        let identity = sign_in(lab.transport.clone(), &lab.cloud, lab.text("tenant"), AZURE_CLI, |login| {
            assert!(login.verification_uri.ends_with("/devicelogin"));
            approve(&login.user_code);
        });
        let identity = identity.await.unwrap();
        assert!(identity.kept_token().is_some());
        let groups = lab.arm(identity.clone()).groups().all().await.unwrap();
        assert!(groups.iter().any(|group| group.name == lab.text("resource_group")));
        assert!(lab.registry(lab.emulator.login_server(), identity).ping().await.unwrap().authenticated);
    });
}

#[test]
fn refusals_keep_their_kinds() {
    let lab = Lab::start();
    run(async {
        let wrong = Entra::client_secret(&lab.cloud, lab.text("tenant"), &lab.emulator.principal("Owner").0, "wrong");
        let error = lab.arm(wrong.unwrap()).groups().all().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unauthorized, "{error}");

        let reader = lab.arm(lab.principal("Reader"));
        let error = reader.group("elsewhere".parse().unwrap()).create("eastus").await.unwrap_err();
        assert_eq!(error.kind(), Kind::Denied, "{error}");

        let owner = lab.arm(lab.principal("Owner"));
        let check = owner.check_name(&lab.text("registry").parse().unwrap()).await.unwrap();
        assert_eq!((check.available, check.reason.as_deref()), (false, Some("AlreadyExists")));
        let group = owner.group("basic".parse().unwrap());
        group.create("eastus").await.unwrap();
        let basic = group.registry("basicregistry".parse().unwrap());
        basic.create("eastus", &Settings { sku: Some(Sku::Basic), ..Settings::default() }).await.unwrap();
        let error = basic.replicate("japaneast").await.unwrap_err();
        assert!(matches!(error.kind(), Kind::Refused | Kind::Conflict | Kind::Denied | Kind::Failed), "{error}");

        let acr = Acr::of(&lab.registry(lab.emulator.login_server(), lab.principal("AcrPull")));
        let error = acr.update_repository(&"nothing".parse().unwrap(), Change::lock()).await.unwrap_err();
        assert!(matches!(error.kind(), Kind::Unauthorized | Kind::Denied | Kind::NotFound), "{error}");
        assert!(!acr.untag(&"nothing".parse().unwrap(), &"v1".parse().unwrap()).await.unwrap_or(false));
    });
}
