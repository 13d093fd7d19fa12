import { run } from '../run/command.js';
import type { Namespace } from './namespace.js';

/** What a program under test may change and has to leave as it was: in one namespace, or in the initial one. */
export interface Snapshot {
  /** nf_conntrack_* by name; without the number of entries, which traffic changes. */
  sysctls: Record<string, string>;
  /** The rule set with counters blanked. */
  nft: string;
}

/** Takes a snapshot of the namespace, by default of the one that we run in. */
export function snapshot(namespace?: Namespace): Snapshot {
  const inside = (command: string[]): string => (namespace === undefined ? run(command) : namespace.run(command));
  const sysctls: Record<string, string> = {};
  for (const line of inside(['sysctl', '-a', '--pattern', '^net\\.netfilter\\.nf_conntrack_']).split('\n')) {
    const [name, value] = line.split(' = ');
    if (value !== undefined && !name!.endsWith('_count')) sysctls[name!] = value;
  }
  const nft = inside(['nft', 'list', 'ruleset']).replace(/packets \d+ bytes \d+/g, 'packets . bytes .');
  return { sysctls, nft };
}

/** What differs, one line each; empty when nothing was left behind. */
export function differences(before: Snapshot, after: Snapshot): string[] {
  const found: string[] = [];
  for (const name of new Set([...Object.keys(before.sysctls), ...Object.keys(after.sysctls)])) {
    const [was, is] = [before.sysctls[name], after.sysctls[name]];
    if (was !== is) found.push(`${name} was ${was}, is ${is}`);
  }
  if (before.nft !== after.nft) found.push(`nft rules were "${before.nft}", are "${after.nft}"`);
  return found;
}
