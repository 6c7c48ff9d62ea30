//! `kill -9`, two hundred times.

use super::{
    process::Emulator,
    push::{Acknowledged, Client},
};
use std::{
    collections::{BTreeSet, hash_map::RandomState},
    hash::{BuildHasher as _, Hasher as _},
    thread,
    time::{Duration, Instant},
};

const KILLS: usize = 200;
const REPOSITORIES: [&str; 2] = ["app", "team/tool"];
/// Tags that every region moves.
const MOVING: &str = "latest";

/// Numbers that differ from run to run; the seed is said when something fails.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).take(length).collect()
    }
}

/// Pushes to one region until it is gone. Returns what was acknowledged.
fn push(client: &Client, mut random: Random) -> Vec<Acknowledged> {
    let mut told = Vec::new();
    loop {
        let repository = REPOSITORIES[random.next() as usize % REPOSITORIES.len()];
        let length = 1 + random.next() as usize % 60_000;
        let layer = random.bytes(length);
        let tag = if random.next().is_multiple_of(3) { MOVING.into() } else { format!("t{:x}", random.next()) };
        if client.image(repository, &tag, &layer, &mut told).is_err() {
            return told;
        }
    }
}

fn clients(emulator: &Emulator, token: &str) -> Vec<Client> {
    let regions = emulator.regions().into_iter();
    regions.map(|(_, host)| Client { host, token: token.into() }).collect()
}

/// One life of an emulator: pushes to every region, and a kill in the midst of them.
fn live(emulator: Emulator, token: &str, random: &mut Random) -> Vec<Vec<Acknowledged>> {
    let pushers: Vec<_> = clients(&emulator, token)
        .into_iter()
        .map(|client| {
            let own = Random(random.next());
            thread::spawn(move || push(&client, own))
        })
        .collect();
    thread::sleep(Duration::from_micros(random.next() % 120_000));
    emulator.kill();
    pushers.into_iter().map(|pusher| pusher.join().unwrap()).collect()
}

#[test]
fn nothing_acknowledged_is_lost_and_regions_agree() {
    let seed = RandomState::new().build_hasher().finish() | 1;
    eprintln!("seed {seed}");
    let mut random = Random(seed);
    let data = tempfile::tempdir().unwrap();
    let options = ["--regions", "eastus,japaneast,westeurope", "--lag", "20ms"];
    let start = || Emulator::start(data.path(), &options);
    let emulator = start();
    let scopes = REPOSITORIES.map(|name| format!("repository:{name}:pull,push"));
    let token = emulator.token("Owner", &scopes);
    let mut told: Vec<Vec<Acknowledged>> = vec![Vec::new(); emulator.regions().len()];
    let mut emulator = Some(emulator);
    for _ in 0..KILLS {
        let new = live(emulator.take().unwrap(), &token, &mut random);
        let restarted = start();
        for (client, new) in clients(&restarted, &token).iter().zip(&new) {
            for what in new.iter().rev().take(3) {
                assert!(client.has(what), "lost at {}: {what:?} (seed {seed})", client.host);
            }
        }
        told.iter_mut().zip(new).for_each(|(all, new)| all.extend(new));
        emulator = Some(restarted);
    }
    let emulator = emulator.unwrap();
    let clients = clients(&emulator, &token);
    for (client, own) in clients.iter().zip(&told) {
        assert!(own.len() > KILLS, "hardly anything was pushed: {}", own.len());
        own.iter().for_each(|what| assert!(client.has(what), "lost: {what:?} (seed {seed})"));
    }
    agree(&clients, &told, seed);
}

/// Every region comes to have everything, and the same tags.
fn agree(clients: &[Client], told: &[Vec<Acknowledged>], seed: u64) {
    let patience = Instant::now() + Duration::from_secs(120);
    for client in clients {
        for what in told.iter().flatten() {
            while !client.has(what) {
                assert!(Instant::now() < patience, "never reached {}: {what:?} (seed {seed})", client.host);
                thread::sleep(Duration::from_millis(50));
            }
        }
    }
    let tags = told.iter().flatten().filter_map(|what| match what {
        Acknowledged::Manifest { repository, tag, .. } => Some((repository.as_str(), tag.as_str())),
        Acknowledged::Blob { .. } => None,
    });
    for (repository, tag) in tags.collect::<BTreeSet<_>>() {
        loop {
            let named: BTreeSet<_> = clients.iter().map(|client| client.tag(repository, tag)).collect();
            if named.len() == 1 && !named.contains(&None) {
                break;
            }
            assert!(Instant::now() < patience, "{repository}:{tag} differs: {named:?} (seed {seed})");
            thread::sleep(Duration::from_millis(50));
        }
    }
}
