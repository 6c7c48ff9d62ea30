//! A build context goes up: whole where it is small, in blocks where it is not.
//!
//! Blocks are repeatable, so that a broken connection costs one of them, and nobody has to hold more than one.

use super::SignedUrl;
use crate::{
    Error, Stage,
    auth::Access,
    http::{Body, Method, Request, ResponseHead},
    op::{Context, Next, Operation, Plan},
};
use ::base64::{Engine as _, engine::general_purpose::STANDARD};
use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

/// Bytes of a block. What is not larger goes up whole.
pub const BLOCK: usize = 4 << 20;

/// Puts a whole blob.
///
/// ```
/// use portolan::{azure::storage::{PutBlob, SignedUrl}, op::Operation};
/// let op = PutBlob::new(SignedUrl::parse("https://account.example/c/x?sig=s")?, b"hello".as_slice().into());
/// assert_eq!(op.stage(), portolan::Stage::Upload);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Debug)]
pub struct PutBlob(Put);

/// Puts one block of a blob.
///
/// ```
/// use portolan::{azure::storage::{PutBlock, SignedUrl}, op::Operation};
/// let op = PutBlock::new(SignedUrl::parse("https://account.example/c/x?sig=s")?, 0, b"hello".as_slice().into());
/// assert_eq!(op.stage(), portolan::Stage::Upload);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Debug)]
pub struct PutBlock(Put);

/// Makes a blob of the blocks that were put.
///
/// ```
/// use portolan::{azure::storage::{PutBlockList, SignedUrl}, op::Operation};
/// let op = PutBlockList::new(SignedUrl::parse("https://account.example/c/x?sig=s")?, 2);
/// assert_eq!(op.stage(), portolan::Stage::Upload);
/// # Ok::<(), portolan::Error>(())
/// ```
#[derive(Debug)]
pub struct PutBlockList(Put);

#[derive(Debug)]
struct Put {
    url: SignedUrl,
    query: String,
    headers: &'static [(&'static str, &'static str)],
    bytes: Arc<[u8]>,
}

impl PutBlob {
    /// `bytes` are the blob.
    #[must_use]
    pub fn new(url: SignedUrl, bytes: Arc<[u8]>) -> Self {
        let headers = &[("x-ms-blob-type", "BlockBlob"), ("Content-Type", "application/octet-stream")];
        Self(Put { url, query: String::new(), headers, bytes })
    }
}

impl PutBlock {
    /// `bytes` are the block number `index`, counted from 0; not more than [`BLOCK`] of them.
    #[must_use]
    pub fn new(url: SignedUrl, index: u32, bytes: Arc<[u8]>) -> Self {
        let query = format!("comp=block&blockid={}", crate::http::query_value(&block_id(index)));
        Self(Put { url, query, headers: &[("Content-Type", "application/octet-stream")], bytes })
    }
}

impl PutBlockList {
    /// The first `count` blocks, in order.
    #[must_use]
    pub fn new(url: SignedUrl, count: u32) -> Self {
        let ids = (0..count).map(|index| format!("<Latest>{}</Latest>", block_id(index)));
        let list = ids.collect::<String>();
        let text = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>{list}</BlockList>");
        let headers = &[("Content-Type", "application/xml")];
        Self(Put { url, query: "comp=blocklist".to_string(), headers, bytes: text.into_bytes().into() })
    }
}

/// Ids of one blob have one length.
fn block_id(index: u32) -> String {
    STANDARD.encode(format!("block-{index:06}"))
}

macro_rules! operation {
    ($($name:ident)*) => {$(
        impl Operation for $name {
            type Output = ();

            fn stage(&self) -> Stage {
                Stage::Upload
            }

            fn access(&self) -> Option<Access> {
                None
            }

            fn request(&mut self, context: &mut Context<'_>) -> Result<Request, Error> {
                self.0.request(context)
            }

            fn head(&mut self, _: &ResponseHead, context: &mut Context<'_>) -> Result<Plan, Error> {
                Ok(Plan::Collect(context.limits.error_body))
            }

            fn accept(&mut self, _: ResponseHead, _: Vec<u8>, _: &mut Context<'_>) -> Result<Next<()>, Error> {
                Ok(Next::Done(()))
            }
        }
    )*};
}

operation! { PutBlob PutBlock PutBlockList }

impl Put {
    fn request(&self, context: &Context<'_>) -> Result<Request, Error> {
        let mut request = self.url.request(Method::Put, &self.query, context)?;
        for (name, value) in self.headers {
            request.headers.push(*name, *value);
        }
        request.body = Body::Bytes(self.bytes.clone());
        Ok(request)
    }
}
