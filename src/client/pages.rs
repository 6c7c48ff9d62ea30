//! A listing, page by page.

use super::{MaybeSend, Registry, Transport};
use crate::{
    Error,
    op::{Names, Page, Pager},
};

/// Pages of repositories or tags. A page is asked for when [`Pages::next`] is called, not before.
#[derive(Debug)]
pub struct Pages<T, L> {
    registry: Registry<T>,
    pager: Pager<L>,
}

impl<T: Transport, L: Names + MaybeSend> Pages<T, L> {
    pub(super) fn new(registry: Registry<T>, list: L, size: Option<u32>) -> Self {
        let pager = Pager::new(list, size, registry.limits());
        Self { registry, pager }
    }

    /// The next page; nothing at the end. After a page that is [truncated](Page::truncated) by a passing fault, a
    /// further call asks for the failed page again.
    ///
    /// # Errors
    /// If the first page fails; later faults come with the page.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        let Some(op) = self.pager.next_page() else { return Ok(None) };
        let answer = self.registry.run(op).await;
        self.pager.accept(answer).map(Some)
    }
}
