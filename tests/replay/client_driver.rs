//! The async client over a transport that replays.

use super::{
    Driver,
    server::{Next, Server},
};
use bytes::Bytes;
use portolan::{
    Error, Session, Tick, TransportError,
    client::{Registry, ResponseBody, Transport},
    http::{Request, ResponseHead},
    op::Operation,
};
use std::{
    future::{pending, poll_fn},
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

#[derive(Clone)]
struct Replay(Arc<Mutex<State>>);

struct State {
    server: Server,
    /// The peer is silent: the next sleep is a timeout of the driver's.
    silent: bool,
}

pub(crate) struct ClientDriver {
    registry: Registry<Replay>,
    state: Arc<Mutex<State>>,
}

impl ClientDriver {
    pub(crate) fn new(session: Session) -> Self {
        let state = Arc::new(Mutex::new(State { server: Server::new(), silent: false }));
        Self { registry: Registry::over(Replay(state.clone()), session), state }
    }
}

impl Driver for ClientDriver {
    fn server<R>(&mut self, act: impl FnOnce(&mut Server) -> R) -> R {
        act(&mut self.state.lock().unwrap().server)
    }

    fn run<O: Operation + Send + 'static>(&mut self, op: O) -> (Result<O::Output, Error>, Vec<u8>)
    where
        O::Output: Send,
    {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut streamed = Vec::new();
            let mut stream = match self.registry.open(op).await {
                Ok(stream) => stream,
                Err(error) => return (Err(error), streamed),
            };
            while let Some(chunk) = stream.next().await {
                match chunk {
                    Ok(chunk) => streamed.extend_from_slice(&chunk),
                    Err(error) => return (Err(error), streamed),
                }
            }
            (Ok(stream.finish().expect("an output at the end")), streamed)
        })
    }
}

impl Transport for Replay {
    type Body = Self;

    async fn send(&self, request: Request) -> Result<(ResponseHead, Self), TransportError> {
        let answer = {
            let mut state = self.0.lock().unwrap();
            let answer = state.server.answer(&request);
            state.silent = answer.is_none();
            answer
        };
        match answer {
            Some(answer) => answer.map(|head| (head, self.clone())),
            None => pending().await,
        }
    }

    /// Polled only where nothing else is ready: a pause, or a timeout.
    async fn sleep(&self, duration: Duration) {
        poll_fn(|_| {
            let mut state = self.0.lock().unwrap();
            if core::mem::take(&mut state.silent) {
                state.server.now += duration;
            } else {
                state.server.wait(duration);
            }
            Poll::Ready(())
        })
        .await;
    }

    fn tick(&self) -> Tick {
        self.0.lock().unwrap().server.tick()
    }
}

impl ResponseBody for Replay {
    type Chunk = Bytes;

    async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        let next = self.0.lock().unwrap().server.next();
        match next {
            Next::Chunk(chunk) => Ok(Some(chunk.into())),
            Next::End => Ok(None),
            Next::Reset => Err(TransportError::Interrupted("reset".into())),
            Next::Stall => {
                self.0.lock().unwrap().silent = true;
                pending().await
            }
        }
    }
}
