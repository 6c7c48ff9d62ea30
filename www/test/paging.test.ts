import type { FileRow, FileRows, ImageFiles, ListOptions, SearchOptions } from 'portolan/layers';
import { describe, expect, it } from 'vitest';
import { PAGE } from '../src/analysis/tree-rows';
import { Pages } from '../src/data/pages';
import { Tree, type TreeView } from '../src/data/tree';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Two directories of 1,000 files each; what is asked and what is given up is written down. */
class Asked {
  readonly log: string[] = [];
  readonly given: string[] = [];
  hold = false;
  fail = false;
  private readonly held: (() => void)[] = [];

  readonly files = {
    size: 100,
    stat: () => Promise.resolve({ size: 100 } as FileRow),
    list: (directory: number, options: ListOptions = {}) => this.answer(`list ${directory}@${options.offset}`, options, (at) => (directory === 0
      ? { id: at + 1, path: `d${at}`, name: `d${at}`, type: 'directory', size: 50 }
      : { id: directory * 10_000 + at, path: `d${directory - 1}/f${at}`, name: `f${at}`, type: 'file', size: 1 }) as FileRow, directory === 0 ? 2 : 1000),
    search: (words: string, options: SearchOptions = {}) => this.answer(`search ${words}@${options.offset}`, options, (at) => ({ id: at, path: `x${at}`, type: 'file' }) as FileRow, 600),
  } as unknown as ImageFiles;

  release(): void {
    this.hold = false;
    for (const go of this.held.splice(0)) go();
  }

  private async answer(what: string, { offset = 0, limit = 0, signal }: ListOptions, row: (at: number) => FileRow, total: number): Promise<FileRows> {
    this.log.push(what);
    if (this.hold) await new Promise<void>((resolve, reject) => {
      this.held.push(resolve);
      signal?.addEventListener('abort', () => {
        this.given.push(what);
        reject(new Error('aborted'));
      });
    });
    if (this.fail) throw new Error('cannot');
    return { rows: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => row(offset + at)), total };
  }
}

const view = (asked: Asked, more: Partial<TreeView> = {}): TreeView => ({ files: asked.files, filter: {}, sort: 'name', words: '', flat: false, revision: 0, ...more });

describe('the tree', () => {
  it('reads what is in view, once, and gives up what left it', async () => {
    const asked = new Asked();
    const tree = new Tree(() => undefined);
    tree.show(view(asked));
    await settle();
    expect([tree.length, asked.log]).toEqual([2, ['list 0@0']]);
    const first = tree.line(0);
    if (first?.kind !== 'row') throw new Error('the first row is there');
    tree.toggle(first.folder, first.position, first.row);
    tree.want([0, 1, 2]);
    await settle();
    expect(tree.length).toBe(1002);
    asked.hold = true;
    tree.want([PAGE * 2 + 5]);
    tree.want([PAGE * 3 + 5]);
    tree.want([PAGE * 3 + 6]);
    asked.release();
    await settle();
    expect(asked.log.slice(1)).toEqual(['list 1@0', `list 1@${PAGE * 2}`, `list 1@${PAGE * 3}`]);
    expect(asked.given).toEqual([`list 1@${PAGE * 2}`]);
    expect(tree.line(PAGE * 3 + 5)?.kind).toBe('row');
    expect(tree.line(PAGE * 2 + 5)?.kind).toBe('gap');
  });

  it('keeps directories open in another order, and what is shown until it has come', async () => {
    const asked = new Asked();
    const tree = new Tree(() => undefined);
    tree.show(view(asked));
    await settle();
    const line = tree.line(1);
    if (line?.kind === 'row') tree.toggle(line.folder, line.position, line.row);
    tree.want([0, 1, 2]);
    await settle();
    const before = tree.length;
    expect(tree.show(view(asked, { sort: '-size' }))).toBe(true);
    expect([tree.busy, tree.length]).toEqual([true, before]);
    await settle();
    tree.want([0, 1, 2]);
    await settle();
    expect([tree.busy, tree.length]).toEqual([false, before]);
    expect(tree.show(view(asked, { sort: '-size' }))).toBe(false);
  });

  it('answers the last of many searches only', async () => {
    const asked = new Asked();
    const tree = new Tree(() => undefined);
    tree.show(view(asked));
    await settle();
    asked.hold = true;
    for (const words of ['a', 'ab', 'abc']) tree.show(view(asked, { words }));
    expect(tree.isList).toBe(false);
    asked.release();
    await settle();
    expect(asked.given).toEqual(['search a@0', 'search ab@0']);
    expect([tree.isList, tree.length]).toEqual([true, 600]);
  });

  it('leads to a path deep down, and to none that is not there', async () => {
    const asked = new Asked();
    const tree = new Tree(() => undefined);
    tree.show(view(asked));
    const { signal } = new AbortController();
    const line = await tree.reveal('d0/f700', signal);
    const found = tree.line(line);
    expect(found?.kind === 'row' && found.row.path).toBe('d0/f700');
    expect(await tree.reveal('d0/nothing', signal)).toBe(-1);
    expect(await tree.reveal('e/f', signal)).toBe(-1);
  });

  it('shows a failure where rows would be, and tries again', async () => {
    const asked = new Asked();
    const tree = new Tree(() => undefined);
    asked.fail = true;
    tree.show(view(asked));
    await settle();
    const line = tree.line(0);
    expect(line?.kind).toBe('failed');
    asked.fail = false;
    if (line) tree.retry(line.folder);
    tree.want([0]);
    await settle();
    expect(tree.line(0)?.kind).toBe('row');
  });
});

describe('pages', () => {
  const fetch = (log: number[], total = 1000) => (offset: number, limit: number) => {
    log.push(offset);
    return Promise.resolve({ items: Array.from({ length: limit }, (_, at) => offset + at), total });
  };

  it('reads what is in view', async () => {
    const log: number[] = [];
    const pages = new Pages<number>(() => undefined);
    pages.show('a', fetch(log));
    pages.want([900]);
    await settle();
    pages.want([0, 1, 399, 400]);
    await settle();
    expect(log).toEqual([0, 200, 400]);
    expect([pages.total, pages.get(450), pages.get(900)]).toEqual([1000, 450, undefined]);
  });

  it('shows the list before until the other one is there', async () => {
    const pages = new Pages<number>(() => undefined);
    pages.show('a', fetch([]));
    await settle();
    pages.show('b', fetch([], 7));
    expect([pages.busy, pages.total]).toEqual([true, 1000]);
    await settle();
    expect([pages.busy, pages.total]).toEqual([false, 7]);
  });

  it('tells a failure, and tries again', async () => {
    let fail = true;
    const pages = new Pages<number>(() => undefined);
    pages.show('a', (offset, limit) => (fail ? Promise.reject(new Error('cannot')) : fetch([])(offset, limit)));
    await settle();
    expect(pages.error).toBeInstanceOf(Error);
    fail = false;
    pages.retry();
    await settle();
    expect([pages.error, pages.get(3)]).toEqual([undefined, 3]);
  });
});
