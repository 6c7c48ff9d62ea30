//! Which change is the next one.

use crate::emulator::{
    clock,
    options::Order,
    replication::{
        queue::{Part, Queue},
        travel::Travel,
    },
    store::change::{Change, Stamp, TagFacts, What},
};
use alloc::vec::Vec;
use core::time::Duration;
use tokio::time::{Instant, advance};

const SECOND: Duration = Duration::from_secs(1);

fn travel(order: Order) -> Travel {
    Travel {
        lag: 10 * SECOND,
        tag_lag: 5 * SECOND,
        delete_lag: 20 * SECOND,
        blob_lag: None,
        bandwidth: None,
        order,
        blocked: false,
    }
}

fn change(sequence: u64, what: What) -> Change {
    let stamp = Stamp { instant: clock::Instant::now(), region: "eastus".into() };
    Change { sequence, stamp, repository: "a".parse().unwrap(), what }
}

fn removed(sequence: u64) -> Change {
    change(sequence, What::TagRemoved("v1".parse().unwrap()))
}

fn set(sequence: u64) -> Change {
    let digest = crate::Digest::sha256(b"");
    let now = clock::Instant::now();
    change(sequence, What::TagSet("v1".parse().unwrap(), TagFacts { digest, created: now, updated: now }))
}

fn attributes(sequence: u64) -> Change {
    change(sequence, What::Attributes(crate::emulator::store::change::Subject::Repository, Default::default()))
}

fn all(queue: &mut Queue, travel: &Travel) -> Vec<u64> {
    let mut numbers = Vec::new();
    while let Some(waiting) = queue.next(Instant::now(), travel, || 1) {
        queue.done(waiting.change.sequence);
        numbers.push(waiting.change.sequence);
    }
    numbers
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_change_has_its_lag_and_does_not_hold_up_others() {
    let mut queue = Queue::after(0);
    queue.take_in([removed(1), set(2), attributes(3)].into(), Instant::now(), |_| true);
    let travel = travel(Order::Kept);
    assert!(queue.soonest(&travel).unwrap() <= Instant::now() + 10 * SECOND);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push((all(&mut queue, &travel), queue.position()));
        advance(10 * SECOND).await;
    }
    assert_eq!(seen, [([].into(), 0), ([3].into(), 0), ([2].into(), 0), ([1].into(), 3)]);
}

#[tokio::test(start_paused = true)]
async fn order_is_kept_or_left_to_chance() {
    let fill = || {
        let mut queue = Queue::after(0);
        queue.take_in((1..=4).map(attributes).collect(), Instant::now(), |_| true);
        queue
    };
    let (mut kept, mut shuffled) = (fill(), fill());
    advance(60 * SECOND).await;
    assert_eq!(all(&mut kept, &travel(Order::Kept)), [1, 2, 3, 4]);
    assert_eq!(all(&mut shuffled, &travel(Order::Shuffled)), [2, 3, 4, 1], "always the second of those that are left");
}

#[tokio::test(start_paused = true)]
async fn the_position_stays_before_what_is_not_done() {
    let mut queue = Queue::after(7);
    assert_eq!(queue.position(), 7);
    queue.take_in((8..=12).map(attributes).collect(), Instant::now(), |change| change.sequence != 12);
    assert_eq!((queue.position(), queue.read()), (7, 12));
    queue.done(9);
    queue.half_done(8);
    assert_eq!(queue.position(), 7);
    queue.done(8);
    assert_eq!(queue.position(), 9);
    queue.put_off(10, Instant::now() + 100 * SECOND);
    advance(20 * SECOND).await;
    assert_eq!(all(&mut queue, &travel(Order::Kept)), [11], "the one that failed does not hold up others");
    advance(100 * SECOND).await;
    let last = queue.next(Instant::now(), &travel(Order::Kept), || 0).unwrap();
    assert_eq!((last.change.sequence, last.part), (10, Part::All));
    queue.done(10);
    assert_eq!(queue.position(), 12, "what nobody wanted is done");
}
