//! Cancellation, in both directions: JavaScript's `AbortSignal` drops a future, and a dropped request aborts its fetch.

use crate::{Error, TransportError};
use alloc::{boxed::Box, rc::Rc};
use core::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Poll, Waker},
};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{AbortController, AbortSignal};

/// Runs `future` to its end, or until `signal` fires; then drops it, and with it whatever it was fetching.
pub(super) async fn until_aborted<T>(
    signal: Option<AbortSignal>,
    mut future: Pin<Box<dyn Future<Output = Result<T, Error>> + '_>>,
) -> Result<T, Error> {
    let Some(signal) = signal else { return future.await };
    let listener = Listener::new(signal);
    poll_fn(|context| {
        if listener.fired(context.waker()) {
            return Poll::Ready(Err(TransportError::Aborted.into()));
        }
        future.as_mut().poll(context)
    })
    .await
}

/// An `abort` listener that is taken off its signal when dropped: signals outlive calls.
struct Listener {
    signal: AbortSignal,
    waker: Rc<RefCell<Option<Waker>>>,
    wake: Closure<dyn FnMut()>,
}

impl Listener {
    fn new(signal: AbortSignal) -> Self {
        let waker = Rc::new(RefCell::new(None::<Waker>));
        let wake = Closure::new({
            let waker = Rc::clone(&waker);
            move || {
                let waker = waker.borrow_mut().take();
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
        });
        // A signal that cannot be listened to is still asked at every step.
        let _ = signal.add_event_listener_with_callback("abort", wake.as_ref().unchecked_ref());
        Self { signal, waker, wake }
    }

    fn fired(&self, waker: &Waker) -> bool {
        self.waker.replace(Some(waker.clone()));
        self.signal.aborted()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener_with_callback("abort", self.wake.as_ref().unchecked_ref());
    }
}

/// Aborts what it was given to when dropped.
pub(super) struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// A new controller; none where the environment has no `AbortController`.
    pub(super) fn new() -> Self {
        Self(AbortController::new().ok())
    }

    pub(super) fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }

    /// Nothing is left to abort.
    pub(super) fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}
