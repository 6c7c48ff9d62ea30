//! The core, driven by hand.

use super::{
    Driver,
    server::{Next, Server},
};
use portolan::{Error, Event, Exchange, Session, Step, TransportError, op::Operation};

pub(crate) struct CoreDriver {
    session: Session,
    server: Server,
}

impl CoreDriver {
    pub(crate) fn new(session: Session) -> Self {
        Self { session, server: Server::new() }
    }
}

impl Driver for CoreDriver {
    fn server<R>(&mut self, act: impl FnOnce(&mut Server) -> R) -> R {
        act(&mut self.server)
    }

    fn run<O: Operation + Send + 'static>(&mut self, op: O) -> (Result<O::Output, Error>, Vec<u8>)
    where
        O::Output: Send,
    {
        let Self { session, server } = self;
        let mut exchange = Exchange::new(op, session);
        let mut streamed = Vec::new();
        loop {
            let event_of = |failed: TransportError| Event::Failed(failed);
            match exchange.poll(session, server.tick()) {
                Step::Done(result) => return (result, streamed),
                Step::Wait(wait) => server.wait(wait.at_most),
                Step::Send(request) => {
                    let event = match server.answer(&request) {
                        Some(Ok(head)) => Event::Head(head),
                        Some(Err(error)) => event_of(error),
                        None => {
                            server.now += request.within;
                            event_of(TransportError::Timeout("no response headers"))
                        }
                    };
                    exchange.handle(session, server.tick(), event);
                }
                Step::Read(within) => match server.next() {
                    Next::Chunk(chunk) => {
                        let delivered = exchange.handle(session, server.tick(), Event::Chunk(&chunk));
                        streamed.extend_from_slice(&chunk[delivered]);
                    }
                    Next::End => {
                        exchange.handle(session, server.tick(), Event::End);
                    }
                    Next::Reset => {
                        let error = TransportError::Interrupted("reset".into());
                        exchange.handle(session, server.tick(), event_of(error));
                    }
                    Next::Stall => {
                        server.now += within;
                        exchange.handle(session, server.tick(), event_of(TransportError::Stalled("no body byte")));
                    }
                },
            }
        }
    }
}
