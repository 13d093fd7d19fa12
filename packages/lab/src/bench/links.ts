import type { Namespace } from '../namespaces/namespace.js';

interface LinkCounters {
  stats64: Record<'rx' | 'tx', { packets: number; bytes: number }>;
}

const ETHERNET_HEADER_OCTETS = 14;

function counters(namespace: Namespace, link: string): LinkCounters['stats64'] {
  const [found] = JSON.parse(namespace.ip('-j', '-s', 'link', 'show', link)) as [LinkCounters];
  return found.stats64;
}

/** Packets that have passed the link in both directions, as the kernel hands them on: segments that it keeps together are one. */
export function packetsThrough(namespace: Namespace, link: string): number {
  const { rx, tx } = counters(namespace, link);
  return rx.packets + tx.packets;
}

/** Octets of layer 3 of these packets. */
export function octetsThrough(namespace: Namespace, link: string): number {
  const { rx, tx } = counters(namespace, link);
  return rx.bytes + tx.bytes - ETHERNET_HEADER_OCTETS * (rx.packets + tx.packets);
}
