/** A line of the grouped list: the head of a namespace, or a repository in it. */
export type Line =
  | { kind: 'namespace'; name: string; count: number; open: boolean }
  | { kind: 'repository'; name: string; label: string; depth: 0 | 1 };

/** The part before the last slash; empty for names without one. */
export function namespaceOf(name: string): string {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? '' : name.slice(0, slash);
}

/** Every repository on a line of its own, in the order given. */
export function flatLines(names: readonly string[]): Line[] {
  return names.map((name) => ({ kind: 'repository', name, label: name, depth: 0 }));
}

/** Namespaces in the order of their first repository, each with its count and, unless it is closed, its repositories. */
export function groupedLines(names: readonly string[], closed: ReadonlySet<string>): Line[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const namespace = namespaceOf(name);
    const group = groups.get(namespace);
    if (group) group.push(name);
    else groups.set(namespace, [name]);
  }
  const lines: Line[] = [];
  for (const [namespace, members] of groups) {
    const open = !closed.has(namespace);
    lines.push({ kind: 'namespace', name: namespace, count: members.length, open });
    if (!open) continue;
    const skip = namespace === '' ? 0 : namespace.length + 1;
    for (const name of members) lines.push({ kind: 'repository', name, label: name.slice(skip), depth: 1 });
  }
  return lines;
}
