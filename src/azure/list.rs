//! Lists of records by page: ARM's `nextLink`, ACR's `Link` (rows P01 to P06).

use crate::{
    Error, LimitExceeded, Limits, ProtocolError, Stage,
    auth::Access,
    http::{Method, Request, ResponseHead, Url, next_link},
    json,
    op::{Context, Next, Operation, PageGuard, Plan, Seen, Truncated},
    text::shown,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;
use serde_json::Value;

/// How a list is asked for.
#[derive(Clone)]
pub(crate) struct Kind {
    pub(crate) stage: Stage,
    pub(crate) access: Option<Access>,
    /// Path and query of the first page.
    pub(crate) path: String,
    /// Member of the answer that holds the records.
    pub(crate) member: &'static str,
    /// What tells records apart; nothing for what is no record, or one with a name that no address may hold.
    pub(crate) key: fn(&Value) -> Option<&str>,
}

/// A list, from its first page to its last: hands out one page operation at a time and judges what came. The modules of
/// [`arm`](super::arm) and [`acr`](super::acr) make them.
///
/// ```
/// use portolan::azure::arm::groups;
/// let mut list = groups::list(&"00000000-0000-0000-0000-000000000001".parse()?);
/// assert!(list.next_page().is_some());
/// # Ok::<(), portolan::ReferenceError>(())
/// ```
pub struct List<R> {
    raw: RawList,
    read: fn(Value) -> Result<R, Error>,
}

/// A [`List`] whose records are left as they are.
pub struct RawList {
    kind: Kind,
    guard: PageGuard,
    seen: Seen,
    items: usize,
    next: Option<String>,
}

/// One page of a list, as an operation.
pub struct ListPage {
    kind: Kind,
    /// Absolute, or below the endpoint.
    target: String,
    asked: Option<Url>,
}

/// What a page's answer holds, before the rules of the whole list.
pub struct RawItems {
    items: Vec<Value>,
    next: Option<Result<String, ProtocolError>>,
}

/// A page of records.
#[derive(Clone, Debug)]
pub struct Items<R> {
    /// Records not seen on earlier pages, in the server's order.
    pub items: Vec<R>,
    /// Entries left out: unreadable, repeated.
    pub skipped: usize,
    /// Set where the list is not whole and this page is its last.
    pub truncated: Option<Truncated>,
}

impl<R> List<R> {
    pub(crate) fn of(kind: Kind, read: fn(Value) -> Result<R, Error>) -> Self {
        let next = Some(kind.path.clone());
        let raw = RawList { kind, guard: PageGuard::default(), seen: Seen::default(), items: 0, next };
        Self { raw, read }
    }

    /// The next page to ask for; nothing at the end. Until [`List::accept`] the same page again.
    #[must_use]
    pub fn next_page(&self) -> Option<ListPage> {
        self.raw.next_page()
    }

    /// Judges the answer to [`List::next_page`].
    ///
    /// # Errors
    /// As [`RawList::accept`].
    pub fn accept(&mut self, answer: Result<RawItems, Error>, limits: &Limits) -> Result<Items<R>, Error> {
        let Items { items, skipped, truncated } = self.raw.accept(answer, limits)?;
        let count = items.len();
        let items: Vec<R> = items.into_iter().filter_map(|item| (self.read)(item).ok()).collect();
        Ok(Items { skipped: skipped + count - items.len(), items, truncated })
    }

    /// The same with the records as they come.
    #[must_use]
    pub fn raw(self) -> RawList {
        self.raw
    }
}

impl RawList {
    /// The next page to ask for; nothing at the end. Until [`RawList::accept`] the same page again.
    #[must_use]
    pub fn next_page(&self) -> Option<ListPage> {
        Some(ListPage { kind: self.kind.clone(), target: self.next.clone()?, asked: None })
    }

    /// Judges the answer to [`RawList::next_page`].
    ///
    /// # Errors
    /// The fault itself on the first page. Later, what was listed stays and the fault is in [`Items::truncated`]; if it
    /// [may pass](Error::is_retryable), the same page can be asked for again.
    pub fn accept(&mut self, answer: Result<RawItems, Error>, limits: &Limits) -> Result<Items<Value>, Error> {
        let raw = match answer {
            Ok(raw) => raw,
            Err(error) if self.guard.pages == 0 => return Err(error),
            Err(error) => {
                if !error.is_retryable() {
                    self.next = None;
                }
                let truncated = Some(Truncated { error, page: self.guard.pages + 1 });
                return Ok(Items { items: Vec::new(), skipped: 0, truncated });
            }
        };
        let (mut page, over) = self.take(raw.items, limits);
        let asked = self.next.take().unwrap_or_default();
        match self.guard.step(&asked, raw.next, !page.items.is_empty(), limits) {
            Ok(next) if over || (self.items >= limits.items && next.is_some()) => {
                let error = LimitExceeded { which: "items of one listing", limit: limits.items as u64 };
                page.truncated = Some(Truncated { error: error.into(), page: self.guard.pages });
            }
            Ok(next) => self.next = next,
            Err(error) => page.truncated = Some(Truncated { error, page: self.guard.pages }),
        }
        Ok(page)
    }

    /// The page, and whether records were left out for there being too many.
    fn take(&mut self, records: Vec<Value>, limits: &Limits) -> (Items<Value>, bool) {
        let mut page = Items { items: Vec::new(), skipped: 0, truncated: None };
        let mut over = false;
        for record in records {
            let new = (self.kind.key)(&record).is_some_and(|key| self.seen.insert(key));
            let room = self.items < limits.items;
            over |= new && !room;
            if new && room {
                self.items += 1;
                page.items.push(record);
            } else {
                page.skipped += 1;
            }
        }
        (page, over)
    }
}

impl Operation for ListPage {
    type Output = RawItems;

    fn stage(&self) -> Stage {
        self.kind.stage
    }

    fn access(&self) -> Option<Access> {
        self.kind.access.clone()
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let mut request = match self.target.starts_with('/') {
            true => context.request(Method::Get, &self.target),
            false => Request::new(Method::Get, self.target.parse()?, context.limits),
        };
        request.headers.push("Accept", "application/json");
        self.asked = Some(request.url.clone());
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        if let Some(html) = head.content_type().filter(|t| t == "text/html") {
            return Err(ProtocolError::ContentType(shown(&html, 100)).into());
        }
        Ok(Plan::Collect(context.limits.page))
    }

    fn accept(
        &mut self,
        head: ResponseHead,
        body: Vec<u8>,
        context: &mut Context<'_>,
    ) -> Result<Next<RawItems>, Error> {
        let mut value = json::parse(&body, context.limits)?;
        let document = |reason| ProtocolError::Document { path: format!("$.{}", self.kind.member), reason };
        let object = value.as_object_mut().ok_or_else(|| document("the answer is no object"))?;
        let link = object.get("nextLink").and_then(Value::as_str).filter(|link| !link.is_empty());
        let link = link.or_else(|| head.headers.all("link").find_map(next_link));
        let next = self.asked.as_ref().zip(link).map(|(asked, link)| next_page(asked, link));
        let items = match object.get_mut(self.kind.member).map(Value::take) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(document("not a list").into()),
        };
        Ok(Next::Done(RawItems { items, next }))
    }
}

/// The next page's address, as it is written. Our token goes along, so it lies at the same origin (P01).
fn next_page(asked: &Url, link: &str) -> Result<String, ProtocolError> {
    let url = asked.join(link).map_err(|_| ProtocolError::Link("not an http(s) address"))?;
    if url.origin() != asked.origin() {
        return Err(ProtocolError::Link("it leads to another origin"));
    }
    Ok(url.as_str().to_string())
}

impl fmt::Debug for RawList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawList").field("path", &self.kind.path).field("items", &self.items).finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for List<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("List").field(&self.raw).finish()
    }
}

impl fmt::Debug for ListPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListPage").field("path", &self.kind.path).finish_non_exhaustive()
    }
}

impl fmt::Debug for RawItems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawItems").field("items", &self.items.len()).finish_non_exhaustive()
    }
}
