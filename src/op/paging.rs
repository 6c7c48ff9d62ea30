//! Listings by page. `Link` alone says whether there is more, and where (rows P01 to P06).

use super::{
    Context, Next, Operation, Plan,
    ping::not_html,
    seen::{Seen, fingerprint},
};
use crate::{
    Error, LimitExceeded, Limits, ProtocolError, Stage,
    auth::Access,
    http::{Method, Request, ResponseHead, Url, next_link},
    json,
};
use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use serde_json::Value;

/// What is listed: repositories or tags.
pub trait Names: Clone {
    /// Its name in errors.
    fn stage(&self) -> Stage;
    /// The scope it needs.
    fn access(&self) -> Access;
    /// Path below the endpoint, without query.
    fn path(&self) -> String;
    /// Member of the answer that holds the names.
    fn member(&self) -> &'static str;
    /// True for names that may be used in an address.
    fn is_legal(&self, name: &str) -> bool;
}

/// One page of a listing, as an operation.
#[derive(Debug)]
pub struct NamePage<L> {
    list: L,
    query: String,
    asked: Option<Url>,
}

/// What a page's answer holds, before the rules of the whole listing.
#[derive(Debug)]
pub struct RawPage {
    names: Vec<Option<String>>,
    next: Option<Result<String, ProtocolError>>,
}

impl<L: Names> Operation for NamePage<L> {
    type Output = RawPage;

    fn stage(&self) -> Stage {
        self.list.stage()
    }

    fn access(&self) -> Option<Access> {
        Some(self.list.access())
    }

    fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
        let path = self.list.path();
        let path = if self.query.is_empty() { path } else { format!("{path}?{}", self.query) };
        let mut request = context.request(Method::Get, &path);
        request.headers.push("Accept", "application/json");
        self.asked = Some(request.url.clone());
        Ok(request)
    }

    fn head(&mut self, head: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
        not_html(head)?;
        Ok(Plan::Collect(context.limits.page))
    }

    fn accept(&mut self, head: ResponseHead, body: Vec<u8>, context: &mut Context<'_>) -> Result<Next<RawPage>, Error> {
        let mut value = json::parse(&body, context.limits)?;
        let document = |reason| ProtocolError::Document { path: format!("$.{}", self.list.member()), reason };
        let object = value.as_object_mut().ok_or_else(|| document("the answer is no object"))?;
        let names = match object.get_mut(self.list.member()).map(Value::take) {
            // `tags: null` and an absent member both mean none (Nexus and others; P06).
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.into_iter().map(text).collect(),
            Some(_) => return Err(document("not a list").into()),
        };
        let next = self.asked.as_ref().and_then(|asked| next_query(asked, &head));
        Ok(Next::Done(RawPage { names, next }))
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The query of the next page. Only the query: Nexus has been seen to send paths with a wrong prefix, and a page of
/// this listing lies nowhere but at this listing's own path.
pub(super) fn next_query(asked: &Url, head: &ResponseHead) -> Option<Result<String, ProtocolError>> {
    let target = head.headers.all("link").find_map(next_link)?;
    let Ok(url) = asked.join(target) else { return Some(Err(ProtocolError::Link("not an http(s) address"))) };
    if url.origin() != asked.origin() {
        return Some(Err(ProtocolError::Link("it leads to another origin")));
    }
    Some(Ok(url.query().unwrap_or_default().to_string()))
}

/// A page of names, fit for use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Legal names not seen on earlier pages, in the registry's order.
    pub names: Vec<String>,
    /// Names left out: empty, null, illegal, repeated.
    pub skipped: usize,
    /// Set where the listing is not whole and this page is its last.
    pub truncated: Option<Truncated>,
}

/// Why a listing is not whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truncated {
    /// The fault.
    pub error: Error,
    /// The page at which it showed, from 1.
    pub page: u32,
}

/// The rules of a whole listing: hands out one page operation at a time and judges what came.
///
/// ```
/// use portolan::{Limits, op::{Catalog, Pager}};
/// let mut pager = Pager::new(Catalog::new(), None, Limits::DEFAULT);
/// assert!(pager.next_page().is_some());
/// ```
#[derive(Debug)]
pub struct Pager<L> {
    list: L,
    guard: PageGuard,
    seen: Seen,
    items: usize,
    limits: Limits,
    /// The query of the page to come; nothing at the end.
    next: Option<String>,
}

impl<L: Names> Pager<L> {
    /// A listing from its beginning. `size` is the page size asked for; servers may cut it.
    #[must_use]
    pub fn new(list: L, size: Option<u32>, limits: Limits) -> Self {
        let next = size.map_or_else(String::new, |n| format!("n={n}"));
        Self { list, guard: PageGuard::default(), seen: Seen::default(), items: 0, limits, next: Some(next) }
    }

    /// The next page to ask for; nothing at the end. Until [`Pager::accept`] the same page again.
    #[must_use]
    pub fn next_page(&self) -> Option<NamePage<L>> {
        let query = self.next.clone()?;
        Some(NamePage { list: self.list.clone(), query, asked: None })
    }

    /// Judges the answer to [`Pager::next_page`].
    ///
    /// # Errors
    /// The fault itself on the first page. Later, what was listed stays and the fault is in [`Page::truncated`]; if it
    /// [may pass](Error::is_retryable), the same page can be asked for again.
    pub fn accept(&mut self, answer: Result<RawPage, Error>) -> Result<Page, Error> {
        let raw = match answer {
            Ok(raw) => raw,
            Err(error) if self.guard.pages == 0 => return Err(error),
            Err(error) => return Ok(self.cut(Page::default(), error)),
        };
        let (mut page, over) = self.take_names(raw.names);
        let asked = self.next.take().unwrap_or_default();
        match self.guard.step(&asked, raw.next, !page.names.is_empty(), &self.limits) {
            Ok(next) => {
                self.next = next;
                if over || (self.items >= self.limits.items && self.next.is_some()) {
                    let error = LimitExceeded { which: "items of one listing", limit: self.limits.items as u64 };
                    page = self.cut(page, error.into());
                }
                Ok(page)
            }
            Err(error) => Ok(self.cut(page, error)),
        }
    }

    fn cut(&mut self, page: Page, error: Error) -> Page {
        if !error.is_retryable() {
            self.next = None;
        }
        let number = if page.names.is_empty() && page.skipped == 0 { self.guard.pages + 1 } else { self.guard.pages };
        Page { truncated: Some(Truncated { error, page: number }), ..page }
    }

    /// The page, and whether names were left out for there being too many.
    fn take_names(&mut self, names: Vec<Option<String>>) -> (Page, bool) {
        let mut page = Page::default();
        let mut over = false;
        for name in names {
            let name = name.filter(|name| self.list.is_legal(name) && self.seen.insert(name));
            let room = self.items < self.limits.items;
            over |= name.is_some() && !room;
            match name {
                Some(name) if room => {
                    self.items += 1;
                    page.names.push(name);
                }
                _ => page.skipped += 1,
            }
        }
        (page, over)
    }
}

/// Follows page links within bounds and without loops.
#[derive(Debug, Default)]
pub(crate) struct PageGuard {
    pub(crate) pages: u32,
    empty: u32,
    seen: BTreeSet<u128>,
}

impl PageGuard {
    /// Counts the page that `asked`, a query, has led to, and says which query comes next.
    pub(crate) fn step(
        &mut self,
        asked: &str,
        next: Option<Result<String, ProtocolError>>,
        had_items: bool,
        limits: &Limits,
    ) -> Result<Option<String>, Error> {
        self.pages += 1;
        self.empty = if had_items { 0 } else { self.empty + 1 };
        let Some(next) = next.transpose()? else { return Ok(None) };
        self.seen.insert(fingerprint(asked));
        if !self.seen.insert(fingerprint(&next)) {
            return Err(ProtocolError::Loop.into());
        }
        if self.pages >= limits.pages {
            return Err(LimitExceeded { which: "pages of one listing", limit: u64::from(limits.pages) }.into());
        }
        if self.empty >= limits.empty_pages {
            return Err(LimitExceeded { which: "consecutive empty pages", limit: u64::from(limits.empty_pages) }.into());
        }
        Ok(Some(next))
    }
}
