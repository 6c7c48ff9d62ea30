import { describe, expect, it } from 'vitest';
import { lockSentence, untagged, type Newest, type Replication, type Sounding } from '../src/analysis/azure';
import { azureTrouble } from '../src/analysis/azure-trouble';
import { arrive, behindText, headline, isMoving, judge, spreadText, type Known } from '../src/analysis/replicas';

const region = (name: string, more: Partial<Replication> = {}): Replication => ({
  name, location: name, home: name === 'eastus', provisioningState: 'Succeeded', displayStatus: 'Ready', regionEndpointEnabled: true, ...more,
});
const answer = (more: Partial<Sounding>): Known<Sounding> => ({ state: 'ready', value: { readAt: 0, endpoint: 'e', answer: 'answers', milliseconds: 1, ...more } });
const serves = (digest: string): Known<Sounding> => answer({ answer: 'serves', digest });
const THREE = [region('eastus'), region('westeurope'), region('japaneast')];

function standings(known: Record<string, Known<Sounding>>): string[] {
  return judge(THREE, new Map(Object.entries(known)), new Map(), 0).map(({ standing }) => standing);
}

describe('regions', () => {
  it('g01: what is missing here and served there is on its way, with an age', () => {
    const known = new Map([['eastus', serves('a')], ['westeurope', answer({ answer: 'missing' })], ['japaneast', serves('a')]]);
    const states = judge(THREE, known, new Map([['westeurope', 1_000]]), 7_500);
    expect(states.map(({ standing }) => standing)).toEqual(['serves', 'behind', 'serves']);
    expect(states[1]?.behindFor).toBe(6_500);
    expect(behindText(6_500)).toBe('for at least 6 seconds');
    expect(headline(states, true)).toEqual({ number: '2 of 3', words: 'regions serve it; 1 not yet replicated.', tone: 'caution' });
    expect(isMoving(states)).toBe(true);
  });
  it('g02: other digests are diverged, and none is called right', () => {
    const states = judge(THREE, new Map([['eastus', serves('a')], ['westeurope', serves('b')], ['japaneast', answer({ answer: 'missing' })]]), new Map(), 0);
    expect(states.map(({ standing }) => standing)).toEqual(['diverged', 'diverged', 'behind']);
    expect(headline(states, true).number).toBe('2 images');
  });
  it('g03: trouble has three faces, and leaves the others alone', () => {
    expect(standings({ eastus: serves('a'), westeurope: answer({ answer: 'unreachable' }), japaneast: answer({ answer: 'throttled' }) })).toEqual(['serves', 'unreachable', 'throttled']);
    expect(standings({ eastus: serves('a'), westeurope: answer({ answer: 'failed' }) })).toEqual(['serves', 'failed', 'waiting']);
  });
  it('what no region has is missing, not late', () => {
    expect(standings({ eastus: answer({ answer: 'missing' }), westeurope: answer({ answer: 'missing' }), japaneast: answer({ answer: 'missing' }) })).toEqual(['missing', 'missing', 'missing']);
  });
  it('an answer stays while the server does not tell', () => {
    const kept = { state: 'failed', error: new Error('x'), value: { readAt: 0, endpoint: 'e', answer: 'serves', digest: 'a', milliseconds: 1 } } as Known<Sounding>;
    expect(standings({ eastus: kept, westeurope: { state: 'failed', error: new Error('x') }, japaneast: serves('a') })).toEqual(['serves', 'failed', 'serves']);
  });
  it('g05: no age is negative, whatever the clocks say', () => {
    const [state] = judge([region('eastus')], new Map([['eastus', answer({ answer: 'missing' })]]), new Map([['eastus', 5_000]]), 1_000);
    expect(state?.behindFor).toBeUndefined();
    const states = judge(THREE, new Map([['eastus', serves('a')], ['westeurope', answer({ answer: 'missing' })]]), new Map([['westeurope', 5_000]]), 1_000);
    expect(states[1]?.behindFor).toBe(0);
  });
  it('all well is said in numbers', () => {
    const all = judge(THREE, new Map(THREE.map(({ name }) => [name, serves('a')])), new Map(), 0);
    expect(headline(all, true)).toEqual({ number: '3 of 3', words: 'regions serve it, with the same digest.', tone: 'good' });
    expect(isMoving(all)).toBe(false);
    const syncing = judge([region('eastus', { displayStatus: 'Syncing' })], new Map([['eastus', serves('a')]]), new Map(), 0);
    expect(isMoving(syncing)).toBe(true);
  });
});

describe('pushes', () => {
  const tag = (name: string, updated: string): NonNullable<Newest['tag']> => ({ name, digest: `d-${name}`, updated });

  it('are followed from region to region', () => {
    let arrivals = arrive([], 'lab/beacon', new Map([['eastus', tag('1', '01')], ['westeurope', tag('1', '01')]]), 0);
    expect(spreadText(arrivals[0]!, 2)).toBe('in all 2 regions');
    arrivals = arrive(arrivals, 'lab/beacon', new Map([['eastus', tag('2', '02')], ['westeurope', tag('1', '01')]]), 1_000);
    expect([arrivals[0]?.tag, spreadText(arrivals[0]!, 2), arrivals.length]).toEqual(['2', 'in 1 of 2 regions', 2]);
    const same = arrive(arrivals, 'lab/beacon', new Map([['eastus', tag('2', '02')], ['westeurope', tag('1', '01')]]), 2_000);
    expect(same).toBe(arrivals);
    arrivals = arrive(arrivals, 'lab/beacon', new Map([['eastus', tag('2', '02')], ['westeurope', tag('2', '02')]]), 7_000);
    expect([...arrivals[0]!.seen]).toEqual([['eastus', 1_000], ['westeurope', 7_000]]);
  });
  it('are kept to a bounded number', () => {
    let arrivals: ReturnType<typeof arrive> = [];
    for (let push = 0; push < 30; push += 1) arrivals = arrive(arrivals, 'r', new Map([['eastus', tag(`${push}`, String(push).padStart(3, '0'))]]), push);
    expect(arrivals.length).toBe(8);
    expect(arrivals[0]?.tag).toBe('29');
  });
});

describe('what ACR knows', () => {
  it('says what is locked', () => {
    expect(lockSentence({})).toBeUndefined();
    expect(lockSentence({ deleteEnabled: false, writeEnabled: false })).toBe('It cannot be deleted or changed.');
    expect(lockSentence({ listEnabled: false })).toBe('It is left out of lists.');
  });
  it('tells parts of an index from what nothing leads to', () => {
    const { parts, loose } = untagged([{ digest: 'i', tags: ['1'], references: [{ digest: 'p' }] }, { digest: 'p' }, { digest: 'l', tags: [] }, { digest: 't', tags: ['2'] }]);
    expect([parts.map(({ digest }) => digest), loose.map(({ digest }) => digest)]).toEqual([['p'], ['l']]);
  });
  it('names the role that is missing', () => {
    const trouble = azureTrouble({ kind: 'Denied', message: 'no', retryable: false }, 'replications');
    expect([trouble.state, trouble.steps.join(' ')]).toEqual(['denied', expect.stringContaining('role Reader')]);
  });
});
