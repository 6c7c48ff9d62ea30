//! The index of a single file: what it takes to read it where the rest of the index is not.

use super::{Checkpoint, LayerFacts, LayerIndex};
use crate::layers::{Entry, EntryRef, Listing};

impl LayerIndex {
    /// As much of an index as one entry needs.
    pub(crate) fn of_entry(facts: &LayerFacts, checkpoints: &[Checkpoint], entry: EntryRef<'_>) -> Self {
        let mut listing = Listing::new();
        let copy = Entry {
            path: &entry.path(),
            kind: entry.kind(),
            mode: entry.mode(),
            uid: entry.uid(),
            gid: entry.gid(),
            mtime: entry.mtime(),
            size: entry.size(),
            offset: entry.offset(),
            stored: entry.stored(),
            link: entry.link(),
            device: entry.device(),
            xattrs: entry.xattrs(),
            flags: entry.flags(),
        };
        if let Some(row) = listing.push(&copy) {
            listing.set_print(row, entry.print());
            if let Some(digest) = entry.content_digest() {
                listing.set_content_digest(row, digest);
            }
            listing.set_content_parts(row, entry.content_parts().to_vec());
            listing.set_regions(row, entry.regions().to_vec());
        }
        Self { facts: facts.clone(), listing, checkpoints: checkpoints.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Digest, Limits,
        layers::{Scan, ScanOptions},
    };
    use alloc::{vec, vec::Vec};

    /// A tar archive of files with these names and sizes.
    fn archive(files: &[(&str, usize)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, size) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(*size as u64);
            header.set_mode(0o640);
            header.set_cksum();
            builder.append_data(&mut header, name, &*vec![b'x'; *size]).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn a_file_is_read_by_an_index_of_its_own() {
        let layer = archive(&[("a", 700), ("b/c", 9000), ("d", 3)]);
        let mut scan = Scan::new(ScanOptions::new(Digest::sha256(&layer)));
        scan.push(&layer).unwrap();
        let index = scan.finish().unwrap();
        let entry = index.listing.find(b"b/c").unwrap();
        let single = LayerIndex::of_entry(&index.facts, &index.checkpoints, entry);
        let bytes = single.encode().unwrap();
        let limits = Limits::DEFAULT;
        let single = LayerIndex::decode(&bytes, &index.facts.digest, index.facts.size, &limits).unwrap();
        let only = single.listing.get(0).unwrap();
        assert_eq!(
            (single.listing.len(), only.path(), only.mode(), only.print()),
            (1, entry.path(), 0o640, entry.print())
        );
        let mut read = crate::layers::FileRead::plan(&single, 0, None, &limits).unwrap();
        let range = read.range();
        let mut file = Vec::new();
        read.push(&layer[range.start as usize..range.end as usize], &mut |bytes| file.extend_from_slice(bytes))
            .unwrap();
        assert_eq!(file, vec![b'x'; 9000]);
        assert!(read.finish().unwrap().is_verified());
    }
}
