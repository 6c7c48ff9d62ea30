//! Lists, a page at a time.

use super::{
    FoundManifest, Store, StoreError,
    change::{Subject, TagFacts},
    state::Repository,
};
use crate::{Digest, RepositoryName, Tag};
use alloc::{collections::BTreeMap, string::String, vec::Vec};

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// What is in it.
    pub(crate) items: Vec<T>,
    /// True if there is more.
    pub(crate) more: bool,
}

impl<T> Page<T> {
    fn of(all: impl Iterator<Item = T>, limit: usize) -> Self {
        let mut items: Vec<T> = all.take(limit.saturating_add(1)).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        Self { items, more }
    }
}

/// In which order a list is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OrderBy {
    /// By name.
    #[default]
    Name,
    /// The one that was changed first comes first (`timeasc`).
    Oldest,
    /// The one that was changed last comes first (`timedesc`).
    Newest,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The last item of the page before, as it was told.
    pub(crate) last: Option<String>,
    /// At most so many.
    pub(crate) limit: usize,
    /// In which order.
    pub(crate) order: OrderBy,
}

/// A manifest in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedManifest {
    /// The manifest.
    pub(crate) found: FoundManifest,
    /// Its tags.
    pub(crate) tags: Vec<Tag>,
}

impl Store {
    /// Names of repositories that may be listed.
    pub(crate) fn repositories(&self, wanted: &Wanted) -> Page<RepositoryName> {
        let inner = self.0.shared.lock();
        let listed = inner.state.repositories().filter(|(name, repository)| {
            wanted.last.as_deref().is_none_or(|last| name.as_str() > last)
                && repository.attributes(&Subject::Repository).list_enabled
        });
        Page::of(listed.map(|(name, _)| name.clone()), wanted.limit)
    }

    /// Tags of a repository that may be listed, those of one manifest if `digest` is given.
    pub(crate) fn tags(
        &self,
        name: &RepositoryName,
        wanted: &Wanted,
        digest: Option<&Digest>,
    ) -> Result<Page<(Tag, TagFacts)>, StoreError> {
        let inner = self.0.shared.lock();
        let repository = inner.state.existing(name).ok_or(StoreError::NameUnknown)?;
        let listed = repository.tags().filter(|(tag, facts)| {
            digest.is_none_or(|digest| facts.digest == *digest)
                && repository.attributes(&Subject::Tag((*tag).clone())).list_enabled
        });
        let page = page(listed, wanted, |(tag, facts)| (facts.updated, tag.as_str()));
        Ok(Page {
            items: page.items.into_iter().map(|(tag, facts)| (tag.clone(), facts.clone())).collect(),
            more: page.more,
        })
    }

    /// Manifests of a repository that may be listed.
    pub(crate) fn manifests(&self, name: &RepositoryName, wanted: &Wanted) -> Result<Page<ListedManifest>, StoreError> {
        let inner = self.0.shared.lock();
        let repository = inner.state.existing(name).ok_or(StoreError::NameUnknown)?;
        let listed = repository
            .manifests()
            .filter(|(digest, _)| repository.attributes(&Subject::Manifest((*digest).clone())).list_enabled);
        let page = page(listed, wanted, |(digest, facts)| (facts.updated, digest.as_str()));
        let mut tags = tags_by_manifest(repository);
        let items = page.items.into_iter().map(|(digest, facts)| ListedManifest {
            found: FoundManifest { digest: digest.clone(), facts: facts.clone() },
            tags: tags.remove(digest).unwrap_or_default(),
        });
        Ok(Page { items: items.collect(), more: page.more })
    }

    /// One manifest, with its tags.
    pub(crate) fn listed(&self, name: &RepositoryName, digest: &Digest) -> Result<ListedManifest, StoreError> {
        let inner = self.0.shared.lock();
        let repository = inner.state.existing(name).ok_or(StoreError::ManifestUnknown)?;
        let facts = repository.manifest(digest).ok_or(StoreError::ManifestUnknown)?;
        let found = FoundManifest { digest: digest.clone(), facts: facts.clone() };
        Ok(ListedManifest { found, tags: tags_by_manifest(repository).remove(digest).unwrap_or_default() })
    }

    /// Manifests that refer to `subject`, of one type if that is given, by digest.
    pub(crate) fn referrers(
        &self,
        name: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
        wanted: &Wanted,
    ) -> Page<FoundManifest> {
        let inner = self.0.shared.lock();
        let all = inner.state.repository(name).into_iter().flat_map(|repository| repository.referrers(subject));
        let listed = all.filter(|(digest, facts)| {
            wanted.last.as_deref().is_none_or(|last| digest.as_str() > last)
                && artifact_type.is_none_or(|wanted| facts.artifact_type.as_deref() == Some(wanted))
        });
        Page::of(
            listed.map(|(digest, facts)| FoundManifest { digest: digest.clone(), facts: facts.clone() }),
            wanted.limit,
        )
    }
}

fn tags_by_manifest(repository: &Repository) -> BTreeMap<&Digest, Vec<Tag>> {
    let mut all = BTreeMap::<_, Vec<Tag>>::new();
    for (tag, facts) in repository.tags() {
        all.entry(&facts.digest).or_default().push(tag.clone());
    }
    all
}

/// A page of what is sorted by name; `key` gives instant and name.
fn page<'a, T: Copy, I: Ord + 'a>(
    all: impl Iterator<Item = T>,
    wanted: &Wanted,
    key: impl Fn(&T) -> (I, &'a str),
) -> Page<T> {
    let last = wanted.last.as_deref();
    if wanted.order == OrderBy::Name {
        return Page::of(all.filter(|item| last.is_none_or(|last| key(item).1 > last)), wanted.limit);
    }
    let mut sorted: Vec<T> = all.collect();
    sorted.sort_by(|a, b| key(a).cmp(&key(b)));
    if wanted.order == OrderBy::Newest {
        sorted.reverse();
    }
    // What was changed between two pages has moved; a place that is gone begins anew.
    let skip = last.and_then(|last| sorted.iter().position(|item| key(item).1 == last)).map_or(0, |at| at + 1);
    Page::of(sorted.into_iter().skip(skip), wanted.limit)
}
