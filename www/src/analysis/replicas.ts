import type { Replication, Sounding } from './azure';
import { duration, plural } from './format';

/** Something asked for again and again: not answered yet, the last answer, or that it failed and what was known before. */
export type Known<T> =
  | { state: 'waiting' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: unknown; value?: T };

/** How a region stands to the tag one looks at. */
export type Standing = 'waiting' | 'answers' | 'serves' | 'behind' | 'diverged' | 'missing' | 'denied' | 'throttled' | 'unreachable' | 'failed';

export interface RegionState {
  replication: Replication;
  known: Known<Sounding>;
  standing: Standing;
  /** Milliseconds since it was first seen behind. */
  behindFor?: number;
}

type Tone = 'good' | 'caution' | 'danger' | 'soft';

/** Glyph, word and tone of each standing: never the colour alone. */
export const STANDINGS: Record<Standing, { glyph: string; word: string; tone: Tone }> = {
  waiting: { glyph: '·', word: 'asking', tone: 'soft' },
  answers: { glyph: '✓', word: 'answers', tone: 'good' },
  serves: { glyph: '✓', word: 'serves it', tone: 'good' },
  behind: { glyph: '…', word: 'not yet replicated', tone: 'caution' },
  diverged: { glyph: '≠', word: 'diverged', tone: 'danger' },
  missing: { glyph: '–', word: 'does not have it', tone: 'soft' },
  denied: { glyph: '⊘', word: 'denied', tone: 'caution' },
  throttled: { glyph: '∥', word: 'throttled', tone: 'caution' },
  unreachable: { glyph: '×', word: 'unreachable', tone: 'danger' },
  failed: { glyph: '!', word: 'failed', tone: 'danger' },
};

/** Standings of all regions. One region's answer is judged beside the others': what is missing here and served there is on its way. */
export function judge(replications: readonly Replication[], known: ReadonlyMap<string, Known<Sounding>>, since: ReadonlyMap<string, number>, now: number): RegionState[] {
  const answers = replications.map(({ name }) => answerOf(known.get(name)));
  const digests = new Set(answers.map((answer) => (answer?.answer === 'serves' ? answer.digest : undefined)).filter(Boolean));
  return replications.map((replication, at) => {
    const standing = standingOf(answers[at], known.get(replication.name), digests.size);
    const first = since.get(replication.name);
    return {
      replication, known: known.get(replication.name) ?? { state: 'waiting' }, standing,
      behindFor: standing === 'behind' && first !== undefined ? Math.max(0, now - first) : undefined,
    };
  });
}

/** A failure to hear from the server does not unsay what a region answered before. */
function answerOf(known: Known<Sounding> | undefined): Sounding | undefined {
  return known?.state === 'waiting' ? undefined : known?.value;
}

function standingOf(answer: Sounding | undefined, known: Known<Sounding> | undefined, digests: number): Standing {
  if (!answer) return known?.state === 'failed' ? 'failed' : 'waiting';
  if (answer.answer === 'serves') return digests > 1 ? 'diverged' : 'serves';
  if (answer.answer === 'missing') return digests > 0 ? 'behind' : 'missing';
  return answer.answer;
}

/** Whether something is on its way, so that it is worth asking again soon. */
export function isMoving(states: readonly RegionState[]): boolean {
  return states.some(({ standing, replication }) => standing === 'behind' || standing === 'diverged' || standing === 'waiting' || !isSettled(replication));
}

/** Whether Azure calls a replication finished. Other words than these two are what it says while it works, or failed. */
export function isSettled({ provisioningState, displayStatus }: Replication): boolean {
  return provisioningState === 'Succeeded' && (displayStatus === undefined || displayStatus === 'Ready');
}

export interface Headline { number: string; words: string; tone: Tone }

/** The numbers first: how many of how many. `asked`: about a tag, not only whether they answer. */
export function headline(states: readonly RegionState[], asked: boolean): Headline {
  const total = states.length;
  const count = (...standings: Standing[]): number => states.filter(({ standing }) => standings.includes(standing)).length;
  const digests = servedDigests(states).size;
  if (count('waiting') === total) return { number: `– of ${total}`, words: 'The regions are being asked.', tone: 'soft' };
  if (digests > 1) return { number: `${digests} images`, words: 'Under this tag the regions serve different images.', tone: 'danger' };
  const fine = count('serves', 'answers');
  const verb = asked ? (fine === 1 ? 'serves it' : 'serve it') : (fine === 1 ? 'answers' : 'answer');
  const rest = TROUBLE.filter((standing) => count(standing) > 0).map((standing) => `${count(standing)} ${STANDINGS[standing].word}`).join(', ');
  const same = asked && fine === total && total > 1 ? ', with the same digest' : '';
  const tone = fine === total ? 'good' : count('unreachable', 'failed') > 0 ? 'danger' : 'caution';
  return { number: `${fine} of ${total}`, words: `${total === 1 ? 'region' : 'regions'} ${verb}${rest ? `; ${rest}` : same}.`, tone };
}

const TROUBLE: readonly Standing[] = ['behind', 'missing', 'throttled', 'unreachable', 'denied', 'failed', 'waiting'];

/** The digests under which the regions serve what was asked for. */
export function servedDigests(states: readonly RegionState[]): Set<string> {
  const digests = new Set<string>();
  for (const { known } of states) {
    const answer = answerOf(known);
    if (answer?.answer === 'serves' && answer.digest) digests.add(answer.digest);
  }
  return digests;
}

/** `for 6 seconds`, as far as this page has seen it. */
export function behindText(milliseconds: number | undefined): string {
  return milliseconds === undefined || milliseconds < 1000 ? 'seen just now' : `for at least ${duration(Math.floor(milliseconds / 1000))}`;
}

/** One push and when this page saw it in each region, milliseconds since 1970. */
export interface Arrival { repository: string; tag: string; digest: string; seen: ReadonlyMap<string, number> }

/** Takes down which regions have the newest push; the times are those at which this page saw it. */
export function arrive(arrivals: readonly Arrival[], repository: string, newest: ReadonlyMap<string, { name: string; digest: string; updated?: string }>, now: number, most = 8): readonly Arrival[] {
  const pushes = [...newest.values()].sort((a, b) => (b.updated ?? '').localeCompare(a.updated ?? ''));
  const top = pushes[0];
  if (!top) return arrivals;
  const known = arrivals.find((one) => one.tag === top.name && one.digest === top.digest);
  const seen = new Map(known?.seen);
  for (const [region, tag] of newest) {
    if (tag.name === top.name && tag.digest === top.digest && !seen.has(region)) seen.set(region, now);
  }
  if (known?.seen.size === seen.size) return arrivals;
  const arrival = { repository, tag: top.name, digest: top.digest, seen };
  return [arrival, ...arrivals.filter((one) => one !== known)].slice(0, most);
}

/** `2 of 3 regions`, and whether that is all. */
export function spreadText(arrival: Arrival, regions: number): string {
  const { size } = arrival.seen;
  return size >= regions ? `in all ${plural(regions, 'region')}` : `in ${size} of ${plural(regions, 'region')}`;
}
