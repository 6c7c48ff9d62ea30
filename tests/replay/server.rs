//! The peer and the clock of a transcript.

use super::script::Traffic;
use portolan::{
    Tick, TransportError,
    http::{Body, Request, ResponseHead},
};
use std::{collections::VecDeque, time::Duration};

/// What is left of a call's traffic, and the time.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) traffic: VecDeque<Traffic>,
    pub(crate) now: Duration,
    pub(crate) faults: Vec<String>,
    body: VecDeque<Vec<u8>>,
    fault: Option<String>,
}

/// How a body goes on.
pub(crate) enum Next {
    Chunk(Vec<u8>),
    End,
    Reset,
    Stall,
}

impl Server {
    pub(crate) fn new() -> Self {
        let now = Duration::from_secs(1000);
        Self { traffic: VecDeque::new(), now, faults: Vec::new(), body: VecDeque::new(), fault: None }
    }

    /// A random number that makes the jitter vanish.
    pub(crate) fn tick(&self) -> Tick {
        Tick { monotonic: self.now, unix: 784_111_777, random: 250 }
    }

    /// Answers a request; nothing where the peer stays silent.
    pub(crate) fn answer(&mut self, request: &Request) -> Option<Result<ResponseHead, TransportError>> {
        self.check(request);
        self.body.clear();
        self.fault = None;
        match self.traffic.pop_front() {
            Some(Traffic::Answer { status, fields, chunks, fault }) => {
                self.body = chunks;
                self.fault = fault;
                Some(Ok(ResponseHead { status, headers: fields.into_iter().collect() }))
            }
            Some(Traffic::NoAnswer(fault)) => match fault.as_str() {
                "timeout" => None,
                "connect" => Some(Err(TransportError::Connect("refused".into()))),
                "tls" => Some(Err(TransportError::Tls("bad certificate".into()))),
                "name" => Some(Err(TransportError::Name("no such host".into()))),
                "reset" => Some(Err(TransportError::Interrupted("reset".into()))),
                other => panic!("unknown fault {other}"),
            },
            other => {
                panic!("no answer to {} {}, but {other:?}; faults: {:?}", request.method, request.url, self.faults)
            }
        }
    }

    fn check(&mut self, request: &Request) {
        let asked = format!("{} {}", request.method, request.url);
        let Some(Traffic::Request { method, url, fields, body }) = self.traffic.pop_front() else {
            panic!("unexpected request {asked}; faults: {:?}", self.faults);
        };
        if asked != format!("{method} {url}") {
            self.faults.push(format!("asked {asked}, not {method} {url}"));
        }
        for (name, value) in fields {
            let seen = match name.to_ascii_lowercase().as_str() {
                "authorization" => request.authorization.as_ref().map(|a| a.expose()),
                _ => request.headers.get(&name),
            };
            let fits = match value.as_str() {
                "-" => seen.is_none(),
                "*" => seen.is_some(),
                value => seen == Some(value),
            };
            if !fits {
                self.faults.push(format!("{asked}: {name} is {seen:?}, not {value}"));
            }
        }
        if let Some(expected) = body {
            let fits = match &request.body {
                Body::Form(text) | Body::Json(text) => text.expose() == expected,
                Body::Bytes(bytes) => bytes[..] == *expected.as_bytes(),
                _ => expected == "-",
            };
            if !fits {
                self.faults.push(format!("{asked}: another body than {expected}"));
            }
        }
    }

    pub(crate) fn next(&mut self) -> Next {
        match (self.body.pop_front(), self.fault.as_deref()) {
            (Some(chunk), _) => Next::Chunk(chunk),
            (None, Some("reset")) => Next::Reset,
            (None, Some("stall")) => Next::Stall,
            (None, _) => Next::End,
        }
    }

    /// The driver pauses.
    pub(crate) fn wait(&mut self, time: Duration) {
        self.now += time;
        match self.traffic.pop_front() {
            Some(Traffic::Wait { time: expected, about }) => {
                let slack = if about { expected / 4 } else { Duration::from_millis(1) };
                if time.abs_diff(expected) > slack {
                    self.faults.push(format!("waited {time:?}, not {expected:?}"));
                }
            }
            other => panic!("unexpected wait of {time:?} before {other:?}; faults: {:?}", self.faults),
        }
    }
}
