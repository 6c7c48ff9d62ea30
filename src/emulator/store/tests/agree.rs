//! Regions that have seen the same agree, whatever the order.

use super::*;
use crate::emulator::store::{
    Applied, Place, Unpaced,
    change::{AttributesPatch, Subject},
};
use alloc::string::ToString as _;
use proptest::prelude::*;

const REGIONS: [&str; 3] = ["eastus", "japaneast", "westeurope"];

/// Something that a client does in a region.
#[derive(Clone, Debug)]
enum Act {
    Push {
        repository: usize,
        tag: usize,
        note: usize,
    },
    DeleteManifest {
        repository: usize,
        tag: usize,
    },
    DeleteTag {
        repository: usize,
        tag: usize,
    },
    DeleteRepository {
        repository: usize,
    },
    Lock {
        repository: usize,
        tag: usize,
        open: bool,
    },
    DeleteBlob {
        repository: usize,
        note: usize,
    },
    /// Some of what one region knows reaches another, in some order.
    Deliver {
        to: usize,
        skip: usize,
        backwards: bool,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let (repository, tag, note) = (0..2_usize, 0..3_usize, 0..4_usize);
    prop_oneof![
        4 => (repository.clone(), tag.clone(), note.clone())
            .prop_map(|(repository, tag, note)| Act::Push { repository, tag, note }),
        2 => (repository.clone(), tag.clone()).prop_map(|(repository, tag)| Act::DeleteManifest { repository, tag }),
        2 => (repository.clone(), tag.clone()).prop_map(|(repository, tag)| Act::DeleteTag { repository, tag }),
        1 => repository.clone().prop_map(|repository| Act::DeleteRepository { repository }),
        1 => (repository.clone(), tag, any::<bool>())
            .prop_map(|(repository, tag, open)| Act::Lock { repository, tag, open }),
        1 => (repository, note).prop_map(|(repository, note)| Act::DeleteBlob { repository, note }),
        4 => (0..REGIONS.len(), 0..4_usize, any::<bool>())
            .prop_map(|(to, skip, backwards)| Act::Deliver { to, skip, backwards }),
    ]
}

async fn run(stores: &[Store], at: usize, act: &Act) {
    let store = &stores[at];
    let repository = |number: &usize| ["a", "b/c"][*number];
    let tag_name = |number: &usize| format!("t{number}");
    // What a client may not do, or what is not there, is refused: that is fine.
    match act {
        Act::Push { repository: r, tag, note } => {
            let _ = image(store, repository(r), &[&tag_name(tag)], &format!("note {note}")).await;
        }
        Act::DeleteManifest { repository: r, tag: t } => {
            if let Ok(found) = store.tag(&name(repository(r)), &tag(&tag_name(t))) {
                let _ = store.delete_manifest(&name(repository(r)), &found.digest).await;
            }
        }
        Act::DeleteTag { repository: r, tag: t } => {
            let _ = store.delete_tag(&name(repository(r)), &tag(&tag_name(t))).await;
        }
        Act::DeleteRepository { repository: r } => {
            let _ = store.delete_repository(&name(repository(r))).await;
        }
        Act::Lock { repository: r, tag: t, open } => {
            let patch: AttributesPatch = serde_json::from_value(json!({ "writeEnabled": open })).unwrap();
            let _ = store.set_attributes(&name(repository(r)), Subject::Tag(tag(&tag_name(t))), patch).await;
        }
        Act::DeleteBlob { repository: r, note } => {
            let digest = Digest::sha256(format!("note {note}").as_bytes());
            let _ = store.delete_blob(&name(repository(r)), &digest).await;
        }
        Act::Deliver { to, skip, backwards } => {
            let mut changes = store.changes_since(0, usize::MAX);
            if *backwards {
                changes.reverse();
            }
            for change in changes.iter().skip(*skip) {
                let _ = stores[*to].apply(change, store, &Unpaced).await;
            }
        }
    }
}

/// Carries everything everywhere, until there is nothing new.
async fn settle(stores: &[Store]) {
    loop {
        let mut news = false;
        for to in stores {
            for from in stores {
                for change in from.changes_since(0, usize::MAX) {
                    news |= matches!(to.apply(&change, from, &Unpaced).await, Ok(Applied::News));
                }
            }
        }
        if !news {
            return;
        }
    }
}

fn views(store: &Store) -> Vec<String> {
    let wanted = super::super::Wanted { limit: usize::MAX - 1, ..Default::default() };
    let mut views = Vec::new();
    for name in store.repositories(&wanted).items {
        let tags = store.tags(&name, &wanted, None).unwrap();
        let manifests = store.manifests(&name, &wanted).unwrap();
        views.push(format!("{name} {tags:?} {manifests:?}"));
    }
    views
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn regions_agree_in_the_end(acts in prop::collection::vec((0..REGIONS.len(), act()), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let stores: Vec<_> = REGIONS.iter().map(|region| Store::open(&Place::Memory, region).unwrap()).collect();
            for (at, act) in &acts {
                run(&stores, *at, act).await;
                if let Act::Deliver { to, .. } = act {
                    assert_whole(&stores[*to]).await;
                }
            }
            settle(&stores).await;
            let (said, seen) = (words(&stores[0]), views(&stores[0]));
            for store in &stores {
                assert!(words(store) == said, "{acts:?}");
                assert!(views(store) == seen, "{acts:?}");
                store.reclaim(core::time::Duration::ZERO).await.unwrap();
                assert_whole(store).await;
            }
        });
    }
}

async fn pair() -> (Store, Store) {
    let open = |region| Store::open(&Place::Memory, region).unwrap();
    (open("eastus"), open("japaneast"))
}

async fn carry(from: &Store, to: &Store) -> Vec<Applied> {
    let mut applied = Vec::new();
    for change in from.changes_since(0, usize::MAX) {
        applied.push(to.apply(&change, from, &Unpaced).await.unwrap());
    }
    applied
}

#[tokio::test]
async fn a_change_comes_once_and_does_not_echo() {
    let (east, japan) = pair().await;
    image(&east, "a", &["t"], "x").await.unwrap();
    assert!(carry(&east, &japan).await.contains(&Applied::News));
    let sequence = japan.sequence();
    assert!(carry(&east, &japan).await.iter().all(|applied| *applied == Applied::Known));
    assert!(carry(&japan, &east).await.iter().all(|applied| *applied == Applied::Known));
    assert_eq!(japan.sequence(), sequence);
    for change in japan.changes_since(0, usize::MAX) {
        assert_eq!(change.stamp.region, "eastus");
    }
}

#[tokio::test]
async fn what_was_deleted_does_not_come_back_by_itself() {
    let (east, japan) = pair().await;
    let put = image(&east, "a", &["t"], "x").await.unwrap();
    let early = east.changes_since(0, usize::MAX);
    carry(&east, &japan).await;
    japan.delete_manifest(&name("a"), &put.digest).await.unwrap();
    for change in &early {
        assert_eq!(japan.apply(change, &east, &Unpaced).await.unwrap(), Applied::Known, "{change:?}");
    }
    carry(&japan, &east).await;
    assert!(east.manifest(&name("a"), &put.digest.clone().into()).is_err());
    // On purpose it does.
    image(&east, "a", &["t"], "x").await.unwrap();
    carry(&east, &japan).await;
    assert_eq!(japan.tag(&name("a"), &tag("t")).unwrap().digest, put.digest);
}

#[tokio::test]
async fn the_later_tag_wins_everywhere() {
    let (east, japan) = pair().await;
    let first = image(&east, "a", &["t"], "x").await.unwrap();
    let second = image(&japan, "a", &["t"], "y").await.unwrap();
    assert_ne!(first.digest, second.digest);
    carry(&japan, &east).await;
    carry(&east, &japan).await;
    for store in [&east, &japan] {
        assert_eq!(store.tag(&name("a"), &tag("t")).unwrap().digest, second.digest);
    }
    // Who has seen it overwrites it, whatever the clocks say.
    let third = image(&east, "a", &["t"], "z").await.unwrap();
    carry(&east, &japan).await;
    assert_eq!(japan.tag(&name("a"), &tag("t")).unwrap().digest, third.digest);
}

#[tokio::test]
async fn a_tag_brings_its_manifest_and_that_its_content() {
    let (east, japan) = pair().await;
    let put = image(&east, "a", &["t"], "x").await.unwrap();
    let changes = east.changes_since(0, usize::MAX);
    let set = changes.iter().find(|change| matches!(change.what, What::TagSet(..))).unwrap();
    assert_eq!(japan.apply(set, &east, &Unpaced).await.unwrap(), Applied::News);
    assert_eq!(japan.tag(&name("a"), &tag("t")).unwrap().digest, put.digest);
    assert_whole(&japan).await;
}

#[tokio::test]
async fn changes_are_told_when_they_are_durable() {
    let (east, _) = pair().await;
    let mut subscription = east.subscribe();
    image(&east, "a", &["t"], "x").await.unwrap();
    assert!(subscription.beyond(0).await);
    let last = east.sequence();
    let all = east.changes_since(0, usize::MAX);
    let first_two = east.changes_since(0, 2);
    assert_eq!(first_two, all[..2]);
    assert_eq!(east.changes_since(first_two[1].sequence, usize::MAX), all[2..]);
    assert_eq!(all.last().map(|change| change.sequence), Some(last));
    assert_eq!(REGIONS[0].to_string(), east.region());
}
