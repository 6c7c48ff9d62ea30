//! What exchanges of one session share: tokens, back-off, request slots. Rows that need more than one call at a time.
#![allow(clippy::unwrap_used, clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a test")]

use portolan::{
    Event, Exchange, Kind, RegistryConfig, Session, Step, Tick, TransportError,
    auth::Credential,
    http::{Request, ResponseHead},
    op::{BlobRead, BlobSlice, Ping, Pong},
};
use std::time::Duration;

type Result<T> = std::result::Result<T, portolan::Error>;

fn session() -> Session {
    wide_session(portolan::Limits::DEFAULT.parallel)
}

fn wide_session(parallel: u32) -> Session {
    let mut config = RegistryConfig::new("https://registry.example".parse().unwrap());
    config.credential = Some(Credential::new("me", "secret").unwrap());
    config.limits.parallel = parallel;
    Session::new(config)
}

fn tick(seconds: u64) -> Tick {
    Tick { monotonic: Duration::from_secs(seconds), unix: 0, random: 250 }
}

fn answer(status: u16, fields: &[(&str, &str)]) -> ResponseHead {
    ResponseHead { status, headers: fields.iter().copied().collect() }
}

const CHALLENGE: (&str, &str) = ("WWW-Authenticate", r#"Bearer realm="https://registry.example/token",service="s""#);

struct Caller(Exchange<Ping>);

impl Caller {
    fn new(session: &mut Session) -> Self {
        Self(Exchange::new(Ping::new(), session))
    }

    fn sent(&mut self, session: &mut Session, now: Tick) -> Request {
        match self.0.poll(session, now) {
            Step::Send(request) => *request,
            other => panic!("{other:?}"),
        }
    }

    fn answered(&mut self, session: &mut Session, now: Tick, head: ResponseHead, body: &str) {
        self.0.handle(session, now, Event::Head(head));
        self.0.handle(session, now, Event::Chunk(body.as_bytes()));
        self.0.handle(session, now, Event::End);
    }

    fn waits(&mut self, session: &mut Session, now: Tick) -> portolan::Wait {
        match self.0.poll(session, now) {
            Step::Wait(wait) => wait,
            other => panic!("{other:?}"),
        }
    }

    fn done(&mut self, session: &mut Session, now: Tick) -> Result<Pong> {
        match self.0.poll(session, now) {
            Step::Done(result) => result,
            other => panic!("{other:?}"),
        }
    }
}

/// All send before any is answered, then each is refused.
fn all_refused(callers: &mut [Caller], session: &mut Session, head: &ResponseHead) {
    for caller in &mut *callers {
        let request = caller.sent(session, tick(0));
        assert!(request.url.as_str().ends_with("/v2/"));
    }
    for caller in callers {
        caller.answered(session, tick(0), head.clone(), "");
    }
}

#[test]
fn h06_one_refresh_for_twenty_callers() {
    let mut session = wide_session(20);
    let mut callers: Vec<_> = (0..20).map(|_| Caller::new(&mut session)).collect();
    all_refused(&mut callers, &mut session, &answer(401, &[CHALLENGE]));
    // The first to ask again fetches; the others wait for it.
    let token = callers[0].sent(&mut session, tick(0));
    assert!(token.url.as_str().starts_with("https://registry.example/token?"), "{}", token.url);
    for caller in &mut callers[1..] {
        assert!(caller.waits(&mut session, tick(0)).or_change);
    }
    callers[0].answered(&mut session, tick(0), answer(200, &[]), r#"{"token":"t1"}"#);
    for caller in &mut callers {
        let request = caller.sent(&mut session, tick(0));
        assert_eq!(request.authorization.unwrap().expose(), "Bearer t1");
        caller.answered(&mut session, tick(0), answer(200, &[]), "{}");
        assert!(caller.done(&mut session, tick(0)).unwrap().authenticated);
    }
}

#[test]
fn h06_a_failed_fetch_fails_all_that_waited_and_nobody_later() {
    let mut session = wide_session(20);
    let mut callers: Vec<_> = (0..3).map(|_| Caller::new(&mut session)).collect();
    all_refused(&mut callers, &mut session, &answer(401, &[CHALLENGE]));
    callers[0].sent(&mut session, tick(0));
    for caller in &mut callers[1..] {
        caller.waits(&mut session, tick(0));
    }
    callers[0].answered(&mut session, tick(1), answer(401, &[]), "");
    for caller in &mut callers {
        assert_eq!(caller.done(&mut session, tick(1)).unwrap_err().kind(), Kind::Unauthorized);
    }
    let mut later = Caller::new(&mut session);
    assert!(later.sent(&mut session, tick(2)).url.as_str().contains("/token?"));
}

#[test]
fn i4_a_dropped_fetch_is_taken_over() {
    let mut session = wide_session(20);
    let mut callers: Vec<_> = (0..2).map(|_| Caller::new(&mut session)).collect();
    all_refused(&mut callers, &mut session, &answer(401, &[CHALLENGE]));
    callers[0].sent(&mut session, tick(0));
    callers[1].waits(&mut session, tick(0));
    callers[0].0.abandon(&mut session);
    assert!(callers[1].sent(&mut session, tick(0)).url.as_str().contains("/token?"));
}

#[test]
fn h01_no_request_to_the_host_before_the_time() {
    let mut session = session();
    let mut first = Caller::new(&mut session);
    first.sent(&mut session, tick(0));
    first.answered(&mut session, tick(0), answer(429, &[("Retry-After", "7")]), "");
    let mut second = Caller::new(&mut session);
    assert_eq!(second.waits(&mut session, tick(1)).at_most, Duration::from_secs(6));
    assert_eq!(first.waits(&mut session, tick(1)).at_most, Duration::from_secs(6));
    second.sent(&mut session, tick(7));
    first.sent(&mut session, tick(7));
}

#[test]
fn h04_twenty_callers_share_one_back_off_and_five_attempts_each() {
    let mut session = session();
    let mut callers: Vec<_> = (0..20).map(|_| Caller::new(&mut session)).collect();
    let (mut requests, mut now) = (0, Duration::ZERO);
    let mut failed = 0;
    while failed < callers.len() {
        let at = Tick { monotonic: now, unix: 0, random: 250 };
        let mut shortest = Duration::from_secs(30);
        for caller in &mut callers {
            match caller.0.poll(&mut session, at) {
                Step::Send(_) => {
                    requests += 1;
                    caller.answered(&mut session, at, answer(503, &[]), "");
                }
                Step::Wait(wait) => shortest = shortest.min(wait.at_most),
                Step::Done(Err(error)) => {
                    if error.kind() == Kind::Unavailable {
                        failed += 1;
                    }
                }
                other => panic!("{other:?}"),
            }
        }
        now += shortest.max(Duration::from_millis(1));
    }
    assert!(requests <= 100, "{requests}");
}

#[test]
fn parallel_requests_are_bounded_and_slots_come_back() {
    let mut session = session();
    let digest = portolan::Digest::sha256(b"x");
    let read =
        |session: &mut Session| Exchange::new(BlobRead::new(&"a/b".parse().unwrap(), &digest, None).unwrap(), session);
    let mut running: Vec<_> = (0..4).map(|_| read(&mut session)).collect();
    for exchange in &mut running {
        assert!(matches!(exchange.poll(&mut session, tick(0)), Step::Send(_)));
    }
    let mut fifth = read(&mut session);
    assert!(matches!(fifth.poll(&mut session, tick(0)), Step::Wait(wait) if wait.or_change));
    let mut metadata = Caller::new(&mut session);
    metadata.sent(&mut session, tick(0));
    running[0].abandon(&mut session);
    assert!(matches!(fifth.poll(&mut session, tick(1)), Step::Wait(_)), "the slot for metadata is not one for blobs");
    metadata.answered(&mut session, tick(1), answer(200, &[]), "");
    assert!(matches!(fifth.poll(&mut session, tick(1)), Step::Send(_)));
}

#[test]
fn i4_who_has_enough_of_a_slice_leaves_nothing_behind() {
    let mut session = wide_session(1);
    let digest = portolan::Digest::sha256(b"x");
    for round in 0..100 {
        let op = BlobSlice::new(&"a/b".parse().unwrap(), &digest, 100, 10..90);
        let mut exchange = Exchange::new(op, &mut session);
        assert!(matches!(exchange.poll(&mut session, tick(round)), Step::Send(_)), "round {round}");
        let head = answer(206, &[("Content-Range", "bytes 10-89/100")]);
        exchange.handle(&mut session, tick(round), Event::Head(head));
        assert!(exchange.streaming().is_some());
        assert_eq!(exchange.handle(&mut session, tick(round), Event::Chunk(&[0; 20])), 0..20);
        exchange.abandon(&mut session);
    }
}

#[test]
fn i4_slots_that_never_come_back_end_in_an_error() {
    let mut session = session();
    let digest = portolan::Digest::sha256(b"x");
    let read =
        |session: &mut Session| Exchange::new(BlobRead::new(&"a/b".parse().unwrap(), &digest, None).unwrap(), session);
    let mut held: Vec<_> = (0..4).map(|_| read(&mut session)).collect();
    for exchange in &mut held {
        assert!(matches!(exchange.poll(&mut session, tick(0)), Step::Send(_)));
    }
    let mut fifth = read(&mut session);
    assert!(matches!(fifth.poll(&mut session, tick(0)), Step::Wait(_)));
    match fifth.poll(&mut session, tick(61)) {
        Step::Done(Err(error)) => assert_eq!(error.kind(), Kind::Stalled),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_slot_is_waited_for_while_its_holders_get_on() {
    let mut session = session();
    let digest = portolan::Digest::sha256(b"x");
    let read =
        |session: &mut Session| Exchange::new(BlobRead::new(&"a/b".parse().unwrap(), &digest, None).unwrap(), session);
    let mut held: Vec<_> = (0..4).map(|_| read(&mut session)).collect();
    for exchange in &mut held {
        assert!(matches!(exchange.poll(&mut session, tick(0)), Step::Send(_)));
        exchange.handle(&mut session, tick(0), Event::Head(answer(200, &[])));
    }
    let mut fifth = read(&mut session);
    assert!(matches!(fifth.poll(&mut session, tick(0)), Step::Wait(_)));
    for now in [50, 100, 150] {
        assert!(matches!(held[2].poll(&mut session, tick(now)), Step::Read(_)));
        held[2].handle(&mut session, tick(now), Event::Chunk(&[0; 1 << 20]));
        assert!(matches!(fifth.poll(&mut session, tick(now + 40)), Step::Wait(_)), "{now}");
    }
    match fifth.poll(&mut session, tick(211)) {
        Step::Done(Err(error)) => assert_eq!(error.kind(), Kind::Stalled),
        other => panic!("{other:?}"),
    }
}

#[test]
fn h07_a_long_blob_outlives_any_number_of_tokens() {
    const PART: usize = 100_000;
    let blob: Vec<u8> = (0..6 * PART).map(|i| (i % 251) as u8).collect();
    let mut session = session();
    let op = BlobRead::new(&"a/b".parse().unwrap(), &portolan::Digest::sha256(&blob), Some(blob.len() as u64)).unwrap();
    let mut exchange = Exchange::new(op, &mut session);
    let (mut now, mut token, mut served) = (Duration::ZERO, 0, 0);
    let verified = loop {
        let at = Tick { monotonic: now, unix: 0, random: 250 };
        match exchange.poll(&mut session, at) {
            Step::Send(request) if request.url.path() == "/token" => {
                token += 1;
                exchange.handle(&mut session, at, Event::Head(answer(200, &[])));
                let body = format!(r#"{{"token":"t{token}"}}"#);
                exchange.handle(&mut session, at, Event::Chunk(body.as_bytes()));
                exchange.handle(&mut session, at, Event::End);
            }
            Step::Send(request) if request.authorization.is_none() => {
                exchange.handle(&mut session, at, Event::Head(answer(401, &[CHALLENGE])));
                exchange.handle(&mut session, at, Event::End);
            }
            Step::Send(_) => {
                let range = format!("bytes {served}-{}/{}", blob.len() - 1, blob.len());
                exchange.handle(&mut session, at, Event::Head(answer(206, &[("Content-Range", &range)])));
            }
            Step::Read(_) if served == blob.len() => drop(exchange.handle(&mut session, at, Event::End)),
            Step::Read(_) => {
                exchange.handle(&mut session, at, Event::Chunk(&blob[served..served + PART]));
                served += PART;
                // The token has ended by the time the connection breaks.
                now += Duration::from_secs(70);
                if served < blob.len() {
                    let later = Tick { monotonic: now, ..at };
                    let broken = TransportError::Interrupted("reset".to_owned());
                    exchange.handle(&mut session, later, Event::Failed(broken));
                }
            }
            Step::Wait(wait) => now += wait.at_most,
            Step::Done(result) => break result,
        }
    };
    assert_eq!(verified.unwrap().size(), blob.len() as u64);
    assert_eq!(token, 6);
}

#[test]
fn t06_one_byte_a_second_ends() {
    let mut session = session();
    let op = BlobRead::new(&"a/b".parse().unwrap(), &portolan::Digest::sha256(b"x"), Some(1 << 30)).unwrap();
    let mut exchange = Exchange::new(op, &mut session);
    let (mut now, mut requests) = (Duration::ZERO, 0);
    loop {
        let at = Tick { monotonic: now, unix: 0, random: 250 };
        match exchange.poll(&mut session, at) {
            Step::Send(request) => {
                requests += 1;
                let offset = request.headers.get("range").map(|r| r[6..r.len() - 1].parse::<u64>().unwrap());
                let range = offset.map(|o| format!("bytes {o}-{}/{}", (1 << 30) - 1, 1 << 30));
                let head = range.as_ref().map_or_else(|| answer(200, &[]), |r| answer(206, &[("Content-Range", r)]));
                exchange.handle(&mut session, at, Event::Head(head));
            }
            Step::Read(_) => {
                now += Duration::from_secs(1);
                exchange.handle(&mut session, Tick { monotonic: now, ..at }, Event::Chunk(b"x"));
            }
            Step::Wait(wait) => now += wait.at_most,
            Step::Done(result) => {
                assert_eq!(result.unwrap_err().kind(), Kind::Stalled);
                break;
            }
        }
    }
    assert_eq!(requests, 3);
    assert!(now < Duration::from_secs(200), "{now:?}");
}

#[test]
fn i4_a_driver_out_of_order_gets_an_error_and_the_session_lives() {
    let mut session = session();
    let mut caller = Caller::new(&mut session);
    caller.0.handle(&mut session, tick(0), Event::End);
    assert_eq!(caller.done(&mut session, tick(0)).unwrap_err().kind(), Kind::Misuse);
    let mut next = Caller::new(&mut session);
    next.sent(&mut session, tick(0));
    next.0.handle(&mut session, tick(0), Event::Failed(TransportError::Aborted));
    assert_eq!(next.done(&mut session, tick(0)).unwrap_err().kind(), Kind::Aborted);
}

#[test]
fn h12_warnings_are_kept_once_and_cannot_steer_a_terminal() {
    let mut session = session();
    for text in ["299 - \"old\u{1b}[2J\"", "299 - \"old\u{1b}[2J\"", "299 - \"new\""] {
        let mut caller = Caller::new(&mut session);
        caller.sent(&mut session, tick(0));
        caller.answered(&mut session, tick(0), answer(200, &[("Warning", text)]), "");
        caller.done(&mut session, tick(0)).unwrap();
    }
    assert_eq!(session.warnings(), ["old\\u{1b}[2J", "new"]);
}

#[test]
fn r09_addresses_of_foreign_layers_are_text() {
    let digest = portolan::Digest::sha256(b"x");
    let body = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{digest}","size":1}},"layers":[{{"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar","digest":"{digest}","size":1,"urls":["https://elsewhere.example/layer","javascript:alert(1)"]}}]}}"#
    );
    let manifest = portolan::Manifest::parse(body.into_bytes(), None, &portolan::Limits::DEFAULT).unwrap();
    let layer = &manifest.image().unwrap().layers[0];
    assert_eq!(layer.urls.len(), 2);
    let mut session = session();
    let op = BlobRead::new(&"a/b".parse().unwrap(), &layer.digest, Some(layer.size)).unwrap();
    let mut exchange = Exchange::new(op, &mut session);
    let Step::Send(request) = exchange.poll(&mut session, tick(0)) else { panic!() };
    assert_eq!(request.url.origin().host(), "registry.example");
    exchange.handle(&mut session, tick(0), Event::Head(answer(404, &[])));
    exchange.handle(&mut session, tick(0), Event::End);
    match exchange.poll(&mut session, tick(0)) {
        Step::Done(Err(error)) => assert_eq!(error.kind(), Kind::NotFound),
        other => panic!("{other:?}"),
    }
}

/// Each link of the chain from an Entra identity to an access token is fetched once, whoever wants it.
#[cfg(feature = "azure")]
#[test]
fn h06_one_chain_for_twenty_callers() {
    use portolan::azure::{Cloud, entra::Entra};
    let cloud = Cloud::custom("https://arm.example", "https://login.example", "https://a.example", "x").unwrap();
    let mut config = RegistryConfig::new("https://registry.example".parse().unwrap());
    let identity = Entra::client_secret(&cloud, "contoso", "app", "secret").unwrap();
    config.credential = Some(Credential::Entra(Box::new(identity)));
    config.limits.parallel = 20;
    let mut session = Session::new(config);
    let mut callers: Vec<_> = (0..20).map(|_| Caller::new(&mut session)).collect();
    all_refused(&mut callers, &mut session, &answer(401, &[CHALLENGE]));
    let links = [
        ("https://login.example/contoso/oauth2/v2.0/token", r#"{"access_token":"e1","expires_in":3600}"#),
        ("https://registry.example/oauth2/exchange", r#"{"refresh_token":"r1"}"#),
        ("https://registry.example/token", r#"{"access_token":"t1"}"#),
    ];
    for (turn, (address, token)) in links.into_iter().enumerate() {
        // Whoever asks next fetches the next link; the others wait for it.
        callers.rotate_left(turn);
        assert_eq!(callers[0].sent(&mut session, tick(0)).url.as_str(), address);
        for caller in &mut callers[1..] {
            assert!(caller.waits(&mut session, tick(0)).or_change);
        }
        callers[0].answered(&mut session, tick(0), answer(200, &[]), token);
    }
    for caller in &mut callers {
        assert_eq!(caller.sent(&mut session, tick(0)).authorization.unwrap().expose(), "Bearer t1");
        caller.answered(&mut session, tick(0), answer(200, &[]), "{}");
        assert!(caller.done(&mut session, tick(0)).unwrap().authenticated);
    }
}
