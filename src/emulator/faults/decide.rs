//! Which rule a request meets. No clock, no dice, no IO.

use super::{
    Endpoint,
    document::{Effect, Match, Rule, When},
};
use axum::http::Method;
use core::time::Duration;

/// What is asked, as far as rules look at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) method: &'a Method,
    /// Without escapes, and without the query.
    pub(crate) path: &'a str,
    /// Nothing where no rule asks for it, or where nobody knows.
    pub(crate) caller: Option<&'a str>,
}

/// The effect on a request, if there is one: that of the first rule that fires. Every rule counts what it matches,
/// whether another one fired or not: `count` gives the next number of the rule at that place, from 1.
pub(crate) fn decide<'a>(
    rules: &'a [Rule],
    asked: &Asked<'_>,
    seed: u64,
    elapsed: Duration,
    mut count: impl FnMut(usize) -> u64,
) -> Option<&'a Effect> {
    let mut decided = None;
    for (place, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.asked.fits(asked)) {
        let number = count(place);
        if decided.is_none() && rule.when.fires(number, elapsed, mixed(seed, place as u64)) {
            decided = Some(&rule.effect);
        }
    }
    decided
}

impl Match {
    fn fits(&self, asked: &Asked<'_>) -> bool {
        let Endpoint { kind, registry, region } = asked.endpoint;
        any(&self.endpoints, Some(kind))
            && any(&self.registries, registry.as_ref())
            && any(&self.regions, region.as_ref())
            && (self.methods.is_empty() || self.methods.iter().any(|verb| verb.0 == *asked.method))
            && self.path.as_ref().is_none_or(|pattern| pattern.fits(asked.path))
            && (self.callers.is_empty() || self.callers.iter().any(|name| Some(name.as_str()) == asked.caller))
    }
}

fn any<T: PartialEq>(wanted: &[T], found: Option<&T>) -> bool {
    wanted.is_empty() || found.is_some_and(|found| wanted.contains(found))
}

impl When {
    fn fires(&self, number: u64, elapsed: Duration, seed: u64) -> bool {
        self.request.is_none_or(|only| number == only)
            && self.from.is_none_or(|from| number >= from)
            && self.to.is_none_or(|to| number <= to)
            && self.every.is_none_or(|every| number % every == 0)
            && self.after.is_none_or(|after| elapsed >= after.0)
            && self.until.is_none_or(|until| elapsed < until.0)
            && self.probability.is_none_or(|share| fraction(mixed(seed, number)) < share.0)
    }
}

/// SplitMix64's step from one number to one that has nothing to do with it (Steele, Lea, Flood 2014).
const fn mixed(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The upper half of `bits` as a share of all that it may be.
fn fraction(bits: u64) -> f64 {
    f64::from(u32::try_from(bits >> 32).unwrap_or(u32::MAX)) / (f64::from(u32::MAX) + 1.0)
}
