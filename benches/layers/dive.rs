//! dive, which finds the files of an image and their waste, too. It wants the layers unpacked, in an archive of Docker's: one of the
//! layer is made once, and not counted.

use std::{
    env,
    fs::{self, File},
    io::{Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What to do where there is none.
pub(super) const MISSING: &str = "dive: not here. `go install github.com/wagoodman/dive/cmd/dive@latest` brings it; PATH has to lead to it, \
                                  or the variable DIVE to name it";

pub(super) struct Dive {
    program: PathBuf,
    image: PathBuf,
    unpacked: u64,
}

/// Where the layer begins in the image: behind two entries of a block each.
const LAYER: u64 = 5 * 512;

impl Dive {
    /// Looks for the program, and makes the image of the layer.
    pub(super) fn find(layer: &Path, unpacked: u64) -> Option<Self> {
        let of_path =
            || env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join("dive")).find(|file| file.is_file());
        let program = env::var_os("DIVE").map(PathBuf::from).or_else(of_path)?;
        Some(Self { program, image: image(layer, unpacked), unpacked })
    }

    /// The layer as dive has it.
    pub(super) fn layer(&self) -> impl Read {
        let mut image = File::open(&self.image).unwrap();
        image.seek(SeekFrom::Start(LAYER)).unwrap();
        image.take(self.unpacked)
    }

    /// Indexes the image, and judges it.
    pub(super) fn run(&self) {
        let mut command = Command::new(&self.program);
        command.args(["--source", "docker-archive"]).arg(&self.image).env("CI", "true");
        // What it judges is of no matter here, and that it came to it is.
        let out = command.stdin(Stdio::null()).output().unwrap();
        let told = String::from_utf8_lossy(&out.stdout);
        assert!(told.contains("efficiency:"), "{told}{}", String::from_utf8_lossy(&out.stderr));
    }
}

/// An archive as `docker save` made them, with this one layer.
fn image(layer: &Path, unpacked: u64) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("dive-{unpacked}.tar"));
    if !file.exists() {
        println!("unpacking the layer for dive (once)");
        let part = file.with_extension("part");
        let mut archive = tar::Builder::new(File::create(&part).unwrap());
        let manifest = br#"[{"Config":"config.json","RepoTags":["bench:1"],"Layers":["layer/layer.tar"]}]"#;
        let config = br#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:0"]},"history":[{"created_by":"bench"}]}"#;
        append(&mut archive, "manifest.json", manifest.len() as u64, &manifest[..]);
        append(&mut archive, "config.json", config.len() as u64, &config[..]);
        append(
            &mut archive,
            "layer/layer.tar",
            unpacked,
            flate2::read::MultiGzDecoder::new(File::open(layer).unwrap()),
        );
        archive.finish().unwrap();
        fs::rename(part, &file).unwrap();
    }
    file
}

fn append(archive: &mut tar::Builder<File>, path: &str, size: u64, content: impl Read) {
    let mut header = tar::Header::new_ustar();
    header.set_mode(0o644);
    header.set_size(size);
    archive.append_data(&mut header, path, content).unwrap();
}
