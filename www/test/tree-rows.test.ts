import type { FileRow } from 'portolan/layers';
import { describe, expect, it } from 'vitest';
import { folder, lineAt, lineCount, lineOf, openFolders, PAGE, parentLine, rowAt, type Folder } from '../src/analysis/tree-rows';

function fill(of: Folder, total: number, firstId: number): Folder {
  of.total = total;
  for (let page = 0; page * PAGE < total; page += 1) {
    const rows = Array.from({ length: Math.min(PAGE, total - page * PAGE) }, (_, at) => ({ id: firstId + page * PAGE + at }) as FileRow);
    of.pages.set(page, rows);
  }
  return of;
}

function names(root: Folder): unknown[] {
  return Array.from({ length: lineCount(root) }, (_, index) => {
    const line = lineAt(root, index);
    return line?.kind === 'row' ? line.row.id : line?.kind;
  });
}

describe('lines of a tree', () => {
  it('takes one line for what was not read yet', () => {
    const root = folder(0, 0, 100);
    expect(names(root)).toEqual(['gap']);
    root.error = new Error('x');
    expect(names(root)).toEqual(['failed']);
    expect(lineAt(root, 1)).toBeUndefined();
  });

  it('puts what directories hold below them, at any depth, in whichever order they were opened', () => {
    const root = fill(folder(0, 0, 1), 4, 1);
    const last = fill(folder(3, 1, 1), 2, 30);
    const first = fill(folder(1, 1, 1), 3, 10);
    const deep = fill(folder(11, 2, 1), 1, 110);
    root.open.set(2, last);
    root.open.set(0, first);
    first.open.set(1, deep);
    expect(names(root)).toEqual([1, 10, 11, 110, 12, 2, 3, 30, 31, 4]);
    const line = lineAt(root, 3);
    expect(line?.folder.depth).toBe(2);
    expect([...openFolders(root)].length).toBe(4);
  });

  it('finds the line of every row, and that of the directory above', () => {
    const root = fill(folder(0, 0, 1), 3, 1);
    const inner = fill(folder(2, 1, 1), 3, 20);
    const deep = fill(folder(21, 2, 1), 2, 210);
    root.open.set(1, inner);
    inner.open.set(1, deep);
    for (let index = 0; index < lineCount(root); index += 1) {
      const line = lineAt(root, index);
      expect(line && lineOf(root, line.folder, line.position)).toBe(index);
    }
    expect(parentLine(root, root)).toBe(-1);
    expect(parentLine(root, inner)).toBe(1);
    expect(parentLine(root, deep)).toBe(3);
  });

  it('knows the length of a directory before its pages, and says which rows are missing', () => {
    const root = folder(0, 0, 1);
    root.total = 100_000;
    root.pages.set(3, [{ id: 5 } as FileRow]);
    expect(lineCount(root)).toBe(100_000);
    expect(lineAt(root, 99_999)?.kind).toBe('gap');
    expect(lineAt(root, 100_000)).toBeUndefined();
    expect(rowAt(root, 3 * PAGE)?.id).toBe(5);
  });

  it('holds an empty directory', () => {
    const root = fill(folder(0, 0, 1), 2, 1);
    root.open.set(0, fill(folder(1, 1, 0), 0, 0));
    expect(names(root)).toEqual([1, 2]);
  });
});
