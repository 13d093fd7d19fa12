import { readFileSync, writeFileSync } from 'node:fs';
import { onTeardown } from '../run/teardown.js';

const file = '/proc/sys/net/netfilter/nf_conntrack_max';

/**
 * Lets connection tracking tables hold at least `entries`. The limit is one for all namespaces and can only be set in the
 * initial one (net/netfilter/nf_conntrack_standalone.c). Returns the function that restores it.
 */
export function raiseTableLimit(entries: number): () => void {
  const before = readFileSync(file, 'utf8').trim();
  if (Number(before) >= entries) return () => {};
  writeFileSync(file, String(entries));
  return onTeardown(() => writeFileSync(file, before));
}
