import { join } from 'node:path';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { isBackground } from './background.js';
import { destroyKernelFlows, type KernelFlow, kernelFlows } from './conntrack.js';
import { EndListener } from './end-listener.js';
import { type FlowKey, keyText, reversed, type TrueFlow } from './flow.js';
import { type KernelTotal, PacketTotals } from './packet-totals.js';

/** A flow of the kernel's table. */
export interface KernelTrueFlow extends TrueFlow {
  /** Its tuple as who answers sees it, after translation; the same as its own where nothing is translated. */
  translated: FlowKey;
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
  private constructor(
    private readonly namespace: Namespace,
    private readonly totals: PacketTotals,
    private readonly listener: EndListener | undefined,
  ) {}

  /**
   * Makes the namespace track, count and tell, and destroys the connections that it has; before the subject starts, and before any traffic.
   * @param events listens to ends from now on; not with a flood, which no listener keeps up with: its flows are in the table at the end
   */
  static async start(lab: Lab, namespace: Namespace, { events }: { events: boolean }): Promise<KernelTruth> {
    namespace.sysctl('net.netfilter.nf_conntrack_acct', 1);
    destroyKernelFlows(namespace);
    const file = join(lab.directory('ends'), 'ends.txt');
    const listener = events ? await EndListener.start(lab, namespace, file) : undefined;
    return new KernelTruth(namespace, new PacketTotals(namespace), listener);
  }

  /** Ends it. When the traffic is over, and before connections are destroyed on purpose. */
  async finish(): Promise<KernelTraffic> {
    // First the table: what ends after it is an event, and so nothing is missed in between.
    const table = kernelFlows(this.namespace);
    const ends = await this.listener?.finish();
    const totals = this.totals.finish();
    const flows = joined(ends?.flows ?? [], table).map(trueFlow);
    return { flows: flows.filter(flow => !isBackground(flow)), totals, problems: ends?.problems ?? [] };
  }
}

/** All connections once; what ended between the dump and the end of listening is in both, and its end is the later word. */
function joined(ends: readonly KernelFlow[], table: readonly KernelFlow[]): KernelFlow[] {
  if (ends.length === 0) return [...table];
  const identity = (flow: KernelFlow): string => `${flow.id} ${keyText(tuple(flow))}`;
  const ended = new Set(ends.map(identity));
  return [...ends, ...table.filter(flow => !ended.has(identity(flow)))];
}

/** The tuple of the initiator. */
export function tuple({ protocol, original }: KernelFlow): FlowKey {
  return {
    protocol,
    source: original.source,
    sourcePort: original.sourcePort ?? 0,
    destination: original.destination,
    destinationPort: original.destinationPort ?? 0,
  };
}

/** The tuple of the initiator as who answers has it. */
export function translatedTuple(flow: KernelFlow): FlowKey {
  return reversed(tuple({ ...flow, original: flow.reply }));
}

function trueFlow(flow: KernelFlow): KernelTrueFlow {
  const found: KernelTrueFlow = { ...tuple(flow), translated: translatedTuple(flow) };
  const { original, reply } = flow;
  if (original.packets !== undefined) found.packets = original.packets;
  if (original.octets !== undefined) found.octets = original.octets;
  if (reply.packets !== undefined) found.reversePackets = reply.packets;
  if (reply.octets !== undefined) found.reverseOctets = reply.octets;
  return found;
}
