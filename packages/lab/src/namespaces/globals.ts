import { readFileSync, writeFileSync } from 'node:fs';
import { onTeardown } from '../run/teardown.js';

/**
 * Lets connection tracking tables hold at least `entries`. The limit is one for all namespaces and can only be set in the
 * initial one (net/netfilter/nf_conntrack_standalone.c). Returns the function that restores it.
 */
export function raiseTableLimit(entries: number): () => void {
  return raise('/proc/sys/net/netfilter/nf_conntrack_max', entries);
}

/**
 * Lets programs ask for a socket's receive buffer of so many octets; one for all namespaces, too (net/core/sysctl_net_core.c). Returns the
 * function that restores it.
 */
export function raiseReceiveBufferLimit(octets: number): () => void {
  return raise('/proc/sys/net/core/rmem_max', octets);
}

/** Gives every socket that is made from now on a receive buffer of so many octets, likewise. */
export function raiseDefaultReceiveBuffer(octets: number): () => void {
  return raise('/proc/sys/net/core/rmem_default', octets);
}

function raise(file: string, least: number): () => void {
  const before = readFileSync(file, 'utf8').trim();
  if (Number(before) >= least) return () => {};
  writeFileSync(file, String(least));
  return onTeardown(() => writeFileSync(file, before));
}
