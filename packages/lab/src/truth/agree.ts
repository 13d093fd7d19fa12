import type { CapturedTraffic } from './capture.js';
import type { SentFlow, TrueFlow } from './flow.js';
import type { KernelTraffic } from './kernel.js';

/** The sources of truth for one scenario; `sent` by the keys of {@link translated}. */
export interface Sources {
  kernel: KernelTraffic;
  capture: CapturedTraffic;
  sent: readonly SentFlow[];
  /** Links lose or split packets between the places where the kernel and the capture count: they need not agree on counters. */
  impaired?: boolean;
}

/** Where the sources contradict each other, one line each, with figures. */
export function contradictions(_sources: Sources): string[] {
  throw new Error('not built yet');
}

/**
 * The flows that a subject is held against. One that meters connections: as the kernel has them, with the capture's times. One that meters
 * packets: as the capture has them, packet by packet on the wire.
 */
export function truthFor(_meters: 'connections' | 'packets', _sources: Sources): TrueFlow[] {
  throw new Error('not built yet');
}
