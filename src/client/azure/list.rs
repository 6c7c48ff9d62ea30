//! A list of records, page by page.

use crate::{
    Error,
    azure::{Items, List},
    client::{MaybeSend, Registry, Transport},
};
use alloc::vec::Vec;

/// Pages of records. A page is asked for when [`Listed::next`] is called, not before.
#[derive(Debug)]
pub struct Listed<T, R> {
    session: Registry<T>,
    list: List<R>,
}

impl<T: Transport, R: MaybeSend> Listed<T, R> {
    pub(super) fn new(session: Registry<T>, list: List<R>) -> Self {
        Self { session, list }
    }

    /// The next page; nothing at the end. After a page that is [truncated](Items::truncated) by a passing fault, a
    /// further call asks for the failed page again.
    ///
    /// # Errors
    /// If the first page fails; later faults come with the page.
    pub async fn next(&mut self) -> Result<Option<Items<R>>, Error> {
        let Some(op) = self.list.next_page() else { return Ok(None) };
        let answer = self.session.run(op).await;
        self.list.accept(answer, &self.session.limits()).map(Some)
    }

    /// All records.
    ///
    /// # Errors
    /// If a page fails, or the list is not whole.
    pub async fn all(mut self) -> Result<Vec<R>, Error> {
        let mut all = Vec::new();
        while let Some(page) = self.next().await? {
            all.extend(page.items);
            if let Some(truncated) = page.truncated {
                return Err(truncated.error);
            }
        }
        Ok(all)
    }
}
