//! An allocator that only ever goes forward; the probe is linked, and at most run once.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicUsize, Ordering};

const SIZE: usize = 64 * 1024;

/// A fixed piece of memory.
pub(crate) struct Bump {
    memory: UnsafeCell<[u8; SIZE]>,
    used: AtomicUsize,
}

// SAFETY: every allocation gets bytes that no other one gets.
unsafe impl Sync for Bump {}

impl Bump {
    /// All of it free.
    pub(crate) const fn new() -> Self {
        Self { memory: UnsafeCell::new([0; SIZE]), used: AtomicUsize::new(0) }
    }
}

// SAFETY: what is returned lies in `memory`, is aligned, and is given out once.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.memory.get() as usize;
        let place = |used: usize| {
            let from = (start + used).checked_next_multiple_of(layout.align())? - start;
            let to = from.checked_add(layout.size())?;
            (to <= SIZE).then_some((from, to))
        };
        let step = |used| place(used).map(|(_, to)| to);
        match self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).ok().and_then(place) {
            // SAFETY: `from` is below `SIZE`.
            Some((from, _)) => unsafe { self.memory.get().cast::<u8>().add(from) },
            None => core::ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
