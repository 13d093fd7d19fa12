import { asKernelKeys, type Sources } from './agree.js';
import type { CapturedFlow } from './captured-flows.js';
import type { TrueFlow } from './flow.js';
import { byKey } from './grouped.js';
import type { KernelTrueFlow } from './kernel.js';

/**
 * The flows that a subject is held against. One that meters connections: as the kernel has them, with the capture's times. One that meters
 * packets: as the capture has them, packet by packet on the wire. Without a complete capture, the kernel's flows without times.
 */
export function truthFor(meters: 'connections' | 'packets', { kernel, capture }: Sources): TrueFlow[] {
  if (capture.dropped > 0) return kernel.flows.map(plain);
  if (meters === 'packets') return capture.flows.map(({ onWire, ...flow }) => ({ ...flow, ...onWire }));
  const seen = byKey(asKernelKeys(capture.flows, kernel));
  return [...byKey(kernel.flows)].flatMap(([key, flows]) => withTimes(flows, seen.get(key) ?? []));
}

function plain({ translated: _, ...flow }: KernelTrueFlow): TrueFlow {
  return flow;
}

/**
 * Of flows with one key each gets the times of the one with its counters. Where the capture cannot tell them apart, none gets any: of UDP
 * and ICMP only the kernel's timeouts know where one ends.
 */
function withTimes(flows: readonly KernelTrueFlow[], seen: readonly CapturedFlow[]): TrueFlow[] {
  if (seen.length !== flows.length) return flows.map(plain);
  const order = (a: TrueFlow, b: TrueFlow): number =>
    (a.octets ?? 0) - (b.octets ?? 0) || (a.reverseOctets ?? 0) - (b.reverseOctets ?? 0);
  const sorted = [...seen].sort(order);
  return [...flows].sort(order).map((flow, i) => ({ ...plain(flow), first: sorted[i]!.first, last: sorted[i]!.last }));
}
