/** How the made-up images behave when their files are opened, by repository. */
import type { ErrorKind } from '../../../pkg/src/types';

export interface Profile {
  /** Which layers an earlier visit left here. */
  cached: 'all' | 'base' | 'none';
  /** MiB a second. */
  speed: number;
  /** What is wrong with which layer. */
  faults: Record<number, 'partial' | 'failed' | 'mismatch' | 'estargz'>;
  /** Opening fails as a whole. */
  refused?: { kind: ErrorKind; message: string };
  /** Files in one directory, further directories, files in each of these. */
  synthetic?: [flat: number, shards: number, each: number];
}

const PROFILES: Record<string, Partial<Profile>> = {
  'team/storefront': { cached: 'base' },
  'team/checkout': { faults: { 5: 'partial', 7: 'failed' } },
  'team/inventory': { faults: { 1: 'estargz', 5: 'estargz', 6: 'mismatch' } },
  'platform/metrics': { refused: { kind: 'LimitExceeded', message: 'layer 6 unpacks to more than 4 GiB' } },
  'platform/proxy': { cached: 'none', refused: { kind: 'Network', message: 'connection reset after 12 MiB' } },
  'data/warehouse/loader': { cached: 'none', speed: 9 },
  'data/etl': { synthetic: [60_000, 100, 400] },
  'base/python': { synthetic: [200_000, 800, 1000] },
};

export function profileOf(repository: string): Profile {
  return { cached: 'all', speed: 260, faults: {}, ...PROFILES[repository] };
}
