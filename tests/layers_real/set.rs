//! The images, and their layers scanned once for all tests.

use portolan::{
    Descriptor, Digest, ImageConfig, Limits, Manifest, ManifestKind,
    layers::{LayerIndex, Scan, ScanOptions},
};
use serde_json::Value;
use std::{
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// One image in an OCI layout.
pub(crate) struct Image {
    pub(crate) name: String,
    pub(crate) packing: String,
    /// What `umoci unpack` left of it.
    pub(crate) root: Option<PathBuf>,
    pub(crate) layers: Vec<Layer>,
}

/// One layer, and what the scan said of it.
pub(crate) struct Layer {
    pub(crate) descriptor: Descriptor,
    pub(crate) diff_id: Digest,
    /// The blob on disk.
    pub(crate) path: PathBuf,
    pub(crate) index: LayerIndex,
}

impl Image {
    /// The image without its packing.
    pub(crate) fn kind(&self) -> &str {
        self.name.split('-').next().unwrap()
    }
}

/// The images; nothing if they were not made.
pub(crate) fn images() -> Option<&'static [Image]> {
    static IMAGES: OnceLock<Option<Vec<Image>>> = OnceLock::new();
    IMAGES.get_or_init(read).as_deref()
}

fn read() -> Option<Vec<Image>> {
    let Some(file) = env::var_os("PORTOLAN_TEST_REAL") else {
        assert!(env::var_os("PORTOLAN_REQUIRE_REAL").is_none(), "no images of a real root file system were made");
        eprintln!("not run: PORTOLAN_TEST_REAL names no images");
        return None;
    };
    let set: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let left_out: Vec<String> = list(&set["left_out"]).iter().map(Value::to_string).collect();
    assert!(left_out.is_empty() || env::var_os("CI").is_none(), "{left_out:?}");
    left_out.iter().for_each(|what| eprintln!("NOT RUN: {what}"));
    let dir = Path::new(&file).parent().unwrap();
    Some(list(&set["images"]).iter().map(|image| Image::read(dir, image)).collect())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

impl Image {
    fn read(dir: &Path, about: &Value) -> Self {
        let text = |name: &str| about[name].as_str().map(str::to_owned);
        let layout = dir.join(text("layout").unwrap());
        let index: Value = serde_json::from_slice(&fs::read(layout.join("index.json")).unwrap()).unwrap();
        let named = |entry: &&Value| entry["annotations"]["org.opencontainers.image.ref.name"] == about["tag"];
        let entry = list(&index["manifests"]).iter().find(named).unwrap();
        let manifest = fs::read(blob(&layout, entry["digest"].as_str().unwrap())).unwrap();
        let media_type = entry["mediaType"].as_str();
        let manifest = Manifest::parse(manifest, media_type, &Limits::DEFAULT).unwrap();
        let ManifestKind::Image(manifest) = manifest.kind() else { panic!("{about}") };
        let config = fs::read(blob(&layout, manifest.config.digest.as_ref())).unwrap();
        let config = ImageConfig::parse(&config, &Limits::DEFAULT).unwrap();
        assert_eq!(config.diff_ids.len(), manifest.layers.len(), "{about}");
        let layer = |(descriptor, diff_id): (&Descriptor, &Digest)| {
            let path = blob(&layout, descriptor.digest.as_ref());
            let index = scan(&path, descriptor, diff_id);
            Layer { descriptor: descriptor.clone(), diff_id: diff_id.clone(), path, index }
        };
        let layers = manifest.layers.iter().zip(&config.diff_ids).map(layer).collect();
        let root = text("root").map(|root| dir.join(root));
        Self { name: text("name").unwrap(), packing: text("packing").unwrap(), root, layers }
    }
}

fn blob(layout: &Path, digest: &str) -> PathBuf {
    layout.join("blobs").join(digest.replace(':', "/"))
}

/// One pass, both digests held against what manifest and config say.
fn scan(path: &Path, descriptor: &Descriptor, diff_id: &Digest) -> LayerIndex {
    let options = ScanOptions { diff_id: Some(diff_id.clone()), ..ScanOptions::new(descriptor.digest.clone()) };
    let mut scan = Scan::new(ScanOptions { media_type: Some(descriptor.media_type.clone()), ..options });
    let mut file = fs::File::open(path).unwrap();
    let mut chunk = vec![0; 64 << 10];
    loop {
        let length = file.read(&mut chunk).unwrap();
        if length == 0 || scan.push(&chunk[..length]).is_err() {
            return scan.into_index();
        }
    }
}
