#![no_main]

mod common;

use common::{limits, stored};
use libfuzzer_sys::fuzz_target;
use portolan::{
    Descriptor, Digest, MediaType,
    layers::{FileRead, LayerIndex, TocNext, TocPlan},
};

/// The header of `stargz.index.json`.
fn header(size: usize) -> [u8; 512] {
    let mut header = [0; 512];
    header[..17].copy_from_slice(b"stargz.index.json");
    header[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header
}

/// A layer whose table of contents is `text`, and its descriptor.
fn layer(text: &[u8]) -> (Vec<u8>, Descriptor) {
    let contents = stored(&[7; 600]);
    let mut archive = [&header(text.len())[..], text].concat();
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    let mut layer = [contents.clone(), stored(&archive)].concat();
    layer.extend([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 26, 0, b'S', b'G', 22, 0]);
    layer.extend(format!("{:016x}STARGZ", contents.len()).bytes());
    layer.extend([1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut descriptor = Descriptor::new(MediaType::OCI_LAYER_GZIP, Digest::sha256(&layer), layer.len() as u64);
    let digest = Digest::sha256(text).to_string();
    descriptor.annotations.insert("containerd.io/snapshot/stargz/toc.digest".into(), digest);
    (layer, descriptor)
}

fn listed(layer: &[u8], descriptor: &Descriptor) -> Option<LayerIndex> {
    let mut plan = TocPlan::of(descriptor, &limits()).ok()??;
    loop {
        let range = plan.range();
        match plan.accept(&layer[range.start as usize..range.end as usize]).ok()? {
            TocNext::Index(index) => return Some(index),
            TocNext::More(more) => plan = more,
        }
    }
}

fuzz_target!(|text: &[u8]| {
    let (layer, descriptor) = layer(text);
    let Some(index) = listed(&layer, &descriptor) else { return };
    let written = index.encode().expect("a table is never partial");
    LayerIndex::decode(&written, &descriptor.digest, descriptor.size, &limits()).expect("what was written can be read");
    for row in 0..index.listing.len() as u32 {
        let Ok(mut read) = FileRead::plan(&index, row, None, &limits()) else { continue };
        let range = read.range();
        let _ = read.push(&layer[range.start as usize..range.end as usize], &mut |_| {});
        let _ = read.finish();
    }
});
