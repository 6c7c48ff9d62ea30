//! Anything, in any order, with restarts in between: in the end all regions hold the same.

use super::fleet::{Fleet, REGIONS, push, repository, tag, tagged};
use crate::emulator::{
    options::Order,
    replication::Settings,
    store::{Place, Store, change::Subject},
};
use alloc::format;
use core::time::Duration;
use proptest::{collection::vec, prelude::*, test_runner::Config};
use serde_json::json;
use tokio::time::sleep;

/// Something that happens.
#[derive(Clone, Debug)]
enum Act {
    Push {
        region: usize,
        name: u8,
        tag: u8,
        layer: u8,
    },
    Delete {
        region: usize,
        name: u8,
        tag: u8,
    },
    Untag {
        region: usize,
        name: u8,
        tag: u8,
    },
    DeleteRepository {
        region: usize,
        name: u8,
    },
    Lock {
        region: usize,
        name: u8,
        tag: u8,
        list: bool,
    },
    Wait {
        seconds: u64,
    },
    Restart,
    /// A region goes, and comes back empty.
    Renew {
        region: usize,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let (region, name, tag) = (0..REGIONS.len(), 0..2_u8, 0..3_u8);
    prop_oneof![
        8 => (region.clone(), name.clone(), tag.clone(), 0..5_u8)
            .prop_map(|(region, name, tag, layer)| Act::Push { region, name, tag, layer }),
        2 => (region.clone(), name.clone(), tag.clone()).prop_map(|(region, name, tag)| Act::Delete { region, name, tag }),
        2 => (region.clone(), name.clone(), tag.clone()).prop_map(|(region, name, tag)| Act::Untag { region, name, tag }),
        1 => (region.clone(), name.clone()).prop_map(|(region, name)| Act::DeleteRepository { region, name }),
        1 => (region.clone(), name, tag, any::<bool>())
            .prop_map(|(region, name, tag, list)| Act::Lock { region, name, tag, list }),
        4 => (0..8_u64).prop_map(|seconds| Act::Wait { seconds }),
        2 => Just(Act::Restart),
        1 => region.prop_map(|region| Act::Renew { region }),
    ]
}

impl Act {
    /// What a client is told does not matter here.
    async fn perform(&self, fleet: &mut Fleet) {
        let name = |name: &u8| format!("app{name}");
        let tag_of = |number: &u8| format!("v{number}");
        match self {
            Self::Push { region, name: n, tag, layer } => {
                let _ = push(fleet.store(REGIONS[*region]), &name(n), &tag_of(tag), &[*layer; 100]).await;
            }
            Self::Delete { region, name: n, tag } => {
                let store = fleet.store(REGIONS[*region]);
                if let Some(digest) = tagged(store, &name(n), &tag_of(tag)) {
                    let _ = store.delete_manifest(&repository(&name(n)), &digest).await;
                }
            }
            Self::Untag { region, name: n, tag: t } => {
                let _ = fleet.store(REGIONS[*region]).delete_tag(&repository(&name(n)), &tag(&tag_of(t))).await;
            }
            Self::DeleteRepository { region, name: n } => {
                let _ = fleet.store(REGIONS[*region]).delete_repository(&repository(&name(n))).await;
            }
            Self::Lock { region, name: n, tag: t, list } => {
                let patch = serde_json::from_value(json!({"listEnabled": list})).unwrap();
                let subject = Subject::Tag(tag(&tag_of(t)));
                let _ = fleet.store(REGIONS[*region]).set_attributes(&repository(&name(n)), subject, patch).await;
            }
            Self::Wait { seconds } => sleep(Duration::from_secs(*seconds)).await,
            Self::Restart => fleet.restart(),
            Self::Renew { region } => {
                fleet.replication.remove(REGIONS[*region]).await;
                fleet.add(Store::open(&Place::Memory, REGIONS[*region]).unwrap());
            }
        }
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    let order = prop_oneof![Just(Order::Kept), Just(Order::Shuffled)];
    let bandwidth = prop_oneof![Just(None), Just(Some(200))];
    (0..5_u64, bandwidth, order).prop_map(|(lag, bandwidth, order)| Settings {
        lag: Duration::from_secs(lag),
        bandwidth,
        order,
    })
}

fn links() -> impl Strategy<Value = serde_json::Value> {
    prop_oneof![
        2 => Just(json!({})),
        1 => Just(json!({"links": [{"to": "japaneast", "tagLag": "7s", "deleteLag": "11s"}]})),
        1 => Just(json!({"links": [{"from": "eastus", "blobLag": "5s"}, {"to": "eastus", "lag": "9s"}]})),
        1 => Just(json!({"outages": [{"region": "westeurope", "after": "3s", "for": "20s"}]})),
    ]
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

    #[test]
    fn regions_agree_in_the_end(settings in settings(), links in links(), acts in vec(act(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        runtime.block_on(async {
            let mut fleet = Fleet::with_book(settings, Some(folder.path().into()));
            fleet.set(&links);
            for act in &acts {
                act.perform(&mut fleet).await;
            }
            fleet.settle().await;
            fleet.assert_agreed().await;
        });
    }
}
