import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { FlowKey, TrueFlow } from './flow.js';

/** A flow of the kernel's table. */
export interface KernelTrueFlow extends TrueFlow {
  /** Its tuple as who answers sees it, after translation; the same as its own where nothing is translated. */
  translated: FlowKey;
}

/** Packets that the kernel saw of one version of IP and protocol, counted by nftables, both directions. */
export interface KernelTotal {
  family: 4 | 6;
  protocol: number;
  packets: number;
  octets: number;
}

/** What the kernel of the metered node tells. */
export interface KernelTraffic {
  flows: KernelTrueFlow[];
  totals: KernelTotal[];
  /** Why it is incomplete, one line each. */
  problems: string[];
}

/** The kernel of the metered node as a source of truth: its connection tracking table, its events, and its nftables counters. */
export class KernelTruth {
  /**
   * Makes the namespace track, count and tell; before the subject starts, and before any traffic.
   * @param events listens to ends from now on; not with a flood, which no listener keeps up with: its flows are in the table at the end
   */
  static async start(_lab: Lab, _namespace: Namespace, _options: { events: boolean }): Promise<KernelTruth> {
    throw new Error('not built yet');
  }

  /** Ends it. When the traffic is over, and before connections are destroyed on purpose. */
  async finish(): Promise<KernelTraffic> {
    throw new Error('not built yet');
  }
}
