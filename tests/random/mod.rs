//! A peer that answers anything, and the exchange that is driven against it.

use portolan::{
    Event, Exchange, Session, Step, Tick, TransportError,
    http::{Request, ResponseHead},
    op::Operation,
};
use proptest::prelude::*;
use std::{collections::VecDeque, time::Duration};

/// When an exchange that has not ended is taken to be endless.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) requests: usize,
    pub(crate) steps: u32,
}

/// A field of a head.
pub(crate) type Field = (&'static str, &'static str);

/// What the peer does when it is asked.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Head { status: u16, fields: Vec<Field>, chunks: VecDeque<Vec<u8>>, broken: bool },
    Nothing(u8),
}

/// A field of this name with any of these values.
pub(crate) fn field(name: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = Field> {
    prop::sample::select(values).prop_map(move |value| (name, value))
}

/// Answers with up to three of such fields and two of such chunks, or none.
pub(crate) fn answers(
    statuses: &'static [u16],
    field: impl Strategy<Value = Field>,
    chunk: impl Strategy<Value = Vec<u8>>,
) -> impl Strategy<Value = Vec<Answer>> {
    let fields = prop::collection::vec(field, 0..4);
    let chunks = prop::collection::vec_deque(chunk, 0..3);
    let head = (prop::sample::select(statuses), fields, chunks, any::<bool>());
    let answer = prop_oneof![
        8 => head.prop_map(|(status, fields, chunks, broken)| Answer::Head { status, fields, chunks, broken }),
        1 => (0..6_u8).prop_map(Answer::Nothing),
    ];
    prop::collection::vec(answer, 1..12)
}

fn failure(kind: u8) -> TransportError {
    match kind {
        0 => TransportError::Connect("x".into()),
        1 => TransportError::Interrupted("x".into()),
        2 => TransportError::Timeout("x"),
        3 => TransportError::Tls("x".into()),
        4 => TransportError::Name("x".into()),
        _ => TransportError::Stalled("x"),
    }
}

/// Drives `op` to its end, which must come; `check` sees every request.
pub(crate) fn drive<O: Operation>(
    op: O,
    session: &mut Session,
    answers: &[Answer],
    patience: Patience,
    check: impl Fn(&Request),
) -> Result<O::Output, portolan::Error> {
    let mut exchange = Exchange::new(op, session);
    let (mut now, mut requests) = (Duration::ZERO, 0);
    let (mut body, mut broken) = (VecDeque::new(), false);
    for step in 0..patience.steps {
        let tick = Tick { monotonic: now, unix: 1_000, random: step.wrapping_mul(2_654_435_761) };
        let event = match exchange.poll(session, tick) {
            Step::Done(result) => return result,
            Step::Wait(wait) => {
                now += wait.at_most;
                continue;
            }
            Step::Send(request) => {
                check(&request);
                requests += 1;
                assert!(requests < patience.requests, "endless");
                match answers[requests % answers.len()].clone() {
                    Answer::Nothing(kind) => Event::Failed(failure(kind)),
                    Answer::Head { status, fields, chunks, broken: b } => {
                        (body, broken) = (chunks, b);
                        Event::Head(ResponseHead { status, headers: fields.into_iter().collect() })
                    }
                }
            }
            Step::Read(_) => match body.pop_front() {
                Some(ref chunk) => {
                    let delivered = exchange.handle(session, tick, Event::Chunk(chunk));
                    assert!(delivered.end <= chunk.len() && delivered.start <= delivered.end);
                    continue;
                }
                None if broken => Event::Failed(TransportError::Interrupted("x".into())),
                None => Event::End,
            },
        };
        exchange.handle(session, tick, event);
    }
    panic!("endless");
}

/// An error says no secret, and shows nothing that a terminal would obey.
pub(crate) fn checked<T>(result: Result<T, portolan::Error>, secret: &str) {
    if let Err(error) = result {
        let text = format!("{error} {error:?}");
        assert!(!text.contains(secret), "{text}");
        assert!(!error.to_string().chars().any(char::is_control), "{error}");
    }
}
