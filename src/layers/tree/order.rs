//! Sorting and paging.

use super::{super::sort::sort_first, NodeId, View};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// What rows are sorted by. Ties go by name, then by node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// The last component, byte by byte.
    #[default]
    Name,
    /// Bytes; of directories, of what they hold.
    Size,
    /// Time.
    Modified,
}

/// In which order rows come.
///
/// ```
/// use portolan::layers::{Order, SortBy};
/// assert_eq!("-size".parse(), Ok(Order { by: SortBy::Size, descending: true, ..Order::default() }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// What they are sorted by.
    pub by: SortBy,
    /// Largest first.
    pub descending: bool,
    /// Directories before all others.
    pub directories_first: bool,
}

impl Default for Order {
    fn default() -> Self {
        Self { by: SortBy::Name, descending: false, directories_first: true }
    }
}

/// `name`, `size` or `modified`, with a `-` before it for largest first.
impl core::str::FromStr for Order {
    type Err = UnknownOrder;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let by = match text.strip_prefix('-').unwrap_or(text) {
            "name" => SortBy::Name,
            "size" => SortBy::Size,
            "modified" => SortBy::Modified,
            _ => return Err(UnknownOrder),
        };
        Ok(Self { by, descending: text.starts_with('-'), ..Self::default() })
    }
}

/// No [`Order`] has that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown order: name, size or modified, with a - before it for largest first")]
pub struct UnknownOrder;

/// Which rows of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows to pass over.
    pub offset: usize,
    /// Rows at the most.
    pub limit: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self { offset: 0, limit: 1_000 }
    }
}

impl Page {
    /// Leaves those of the page in their order, sorting no more than it must.
    pub(in super::super) fn cut<T: Clone>(self, items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
        let end = self.offset.saturating_add(self.limit);
        if self.offset >= items.len() || self.limit == 0 {
            return items.clear();
        }
        sort_first(items, end, compare);
        items.drain(..self.offset);
    }
}

/// What is compared first, so that names seldom are.
#[derive(Clone)]
struct Key {
    after: bool,
    value: u64,
    node: NodeId,
}

impl Key {
    fn new(view: View<'_>, node: NodeId, order: Order) -> Self {
        let row = if order.by == SortBy::Name { None } else { view.row(node) };
        let value = match order.by {
            SortBy::Name => prefix(view.tree.paths().name(node)),
            SortBy::Size => row.map_or(0, |row| row.size),
            // Times before 1970 are negative.
            SortBy::Modified => row.map_or(0, |row| row.mtime.cast_unsigned() ^ 1 << 63),
        };
        let after = order.directories_first && !view.selection.directories.contains(node);
        Self { after, value: if order.descending { !value } else { value }, node }
    }
}

pub(super) fn page(view: View<'_>, nodes: Vec<NodeId>, order: Order, page: Page) -> Vec<NodeId> {
    let mut keys: Vec<Key> = nodes.into_iter().map(|node| Key::new(view, node, order)).collect();
    let backwards = order.by == SortBy::Name && order.descending;
    let name = |key: &Key| view.tree.paths().name(key.node);
    page.cut(&mut keys, |a, b| {
        let names = || if backwards { name(b).cmp(name(a)) } else { name(a).cmp(name(b)) };
        (a.after, a.value).cmp(&(b.after, b.value)).then_with(names).then(a.node.cmp(&b.node))
    });
    keys.into_iter().map(|key| key.node).collect()
}

/// The first eight bytes, in an order that is that of names.
pub(in super::super) fn prefix(name: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(name) {
        *to = *from;
    }
    u64::from_be_bytes(bytes)
}
