/** The fake itself: what is shown of it must be believable. */
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../dev/layers/entries';
import { MemoryFiles } from '../dev/layers/memory';
import { Overlay } from '../dev/layers/overlay';

function files(): MemoryFiles {
  const overlay = new Overlay();
  for (let place = 0; place < 9; place += 1) overlay.push(entriesOf(place, `seed/${place}`), place);
  return new MemoryFiles(overlay, []);
}

describe('the made-up image', () => {
  const made = files();

  it('adds up: a directory is as large as what is in it', () => {
    const { rows } = made.list(0, { limit: 1000 });
    expect(rows.reduce((sum, { size }) => sum + size, 0)).toBe(made.totals.size);
  });

  it('hides what was deleted, and shows it on demand', () => {
    expect(made.list('srv/app').rows.some(({ name }) => name === '.env')).toBe(false);
    const gone = made.list('srv/app', { deleted: true }).rows.find(({ name }) => name === '.env');
    expect(gone).toMatchObject({ deletedBy: 8, change: 'deleted' });
  });

  it('L10: an opaque directory hides what lies below, not what comes with it', () => {
    const { total } = made.list('srv/app/static/img');
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(12);
    expect(made.list('srv/app/static/img', { deleted: true }).total).toBeGreaterThan(total);
  });

  it('counts waste once', () => {
    const { total, kept, reclaimable, paths, secrets } = made.waste(10_000);
    expect(total - kept).toBe(reclaimable);
    expect(paths.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(reclaimable);
    expect(secrets).toHaveLength(3);
  });
});
