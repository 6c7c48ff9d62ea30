import type { ImageConfig } from 'portolan';

/** One thing that the configs of two images say differently. Undefined: that side does not say it. */
export interface ConfigDifference {
  group: 'Runs' | 'Environment' | 'Labels' | 'Ports' | 'Volumes' | 'Made';
  name: string;
  left: string | undefined;
  right: string | undefined;
}

type Group = ConfigDifference['group'];

/** What differs between two configs, in the order in which configs are shown. Equal things are left out. */
export function configDifferences(left: ImageConfig | undefined, right: ImageConfig | undefined): ConfigDifference[] {
  return [
    ...pairs('Runs', runs(left), runs(right)),
    ...pairs('Environment', environment(left), environment(right)),
    ...pairs('Ports', members(left?.exposedPorts), members(right?.exposedPorts)),
    ...pairs('Volumes', members(left?.volumes), members(right?.volumes)),
    ...pairs('Labels', new Map(Object.entries(left?.labels ?? {})), new Map(Object.entries(right?.labels ?? {}))),
    ...pairs('Made', made(left), made(right)),
  ];
}

function pairs(group: Group, left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): ConfigDifference[] {
  const names = new Set([...left.keys(), ...right.keys()]);
  const found: ConfigDifference[] = [];
  for (const name of names) {
    const [before, after] = [left.get(name), right.get(name)];
    if (before !== after) found.push({ group, name, left: before, right: after });
  }
  return found;
}

function runs(config: ImageConfig | undefined): Map<string, string> {
  if (!config) return new Map();
  const platform = [config.os, config.architecture, config.variant].filter(Boolean).join('/');
  return said({
    'Platform': platform, 'OS version': config.osVersion, 'Entrypoint': words(config.entrypoint), 'Command': words(config.cmd), 'User': config.user,
    'Directory': config.workingDir, 'Stop signal': config.stopSignal,
  });
}

function made(config: ImageConfig | undefined): Map<string, string> {
  return said({ Created: config?.created, Author: config?.author });
}

/** Variables as a map: of repeated ones the last counts, as it does when the image runs. */
function environment(config: ImageConfig | undefined): Map<string, string> {
  return new Map((config?.env ?? []).map((line): [string, string] => {
    const mark = line.indexOf('=');
    return mark < 0 ? [line, ''] : [line.slice(0, mark), line.slice(mark + 1)];
  }));
}

function members(list: readonly string[] | undefined): Map<string, string> {
  return new Map((list ?? []).map((member): [string, string] => [member, member]));
}

function words(list: readonly string[] | undefined): string | undefined {
  return list && list.length > 0 ? JSON.stringify(list) : undefined;
}

function said(values: Record<string, string | undefined>): Map<string, string> {
  return new Map(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
