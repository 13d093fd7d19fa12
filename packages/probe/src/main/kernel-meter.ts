import { statSync } from 'node:fs';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import { KernelNamespace } from '../host/kernel-namespace.js';
import { LastReport } from '../host/last-report.js';
import { OWN_NAMESPACE } from '../host/network-namespace.js';
import type { KernelMeter } from './kernel-metering.js';
import type { KernelInput } from './kernel-source.js';

/** A record of the usual fields, with what the ring puts around it, on average. */
const RECORD_OCTETS = 192;
const SMALLEST_RING_OCTETS = 1 << 16;
/** A ring's length has 30 bits (kernel/bpf/ringbuf.c). */
const LARGEST_RING_OCTETS = 1 << 30;

/**
 * Opens the kernel meter of the calling thread's network namespace.
 *
 * @param capacity connections of which it has room; its ring takes the ends of all of them at once
 * @param statePath file that remembers until when live connections have been exported
 * @param owner tells this boot and network namespace from others
 */
export function openKernelMeter(input: KernelInput, capacity: number, statePath: string, owner: number): KernelMeter {
  const namespace = statSync(OWN_NAMESPACE).ino;
  const last = new LastReport(statePath, owner);
  return {
    door: new KernelNamespace(input.descriptors, namespace, capacity, ringOctets(capacity)),
    capacity,
    layout: new FlowTemplates(parseFields(input.preset)),
    isWanted: input.isWanted,
    exportedUntil: last.read(),
    remember: until => last.write(until),
  };
}

function ringOctets(capacity: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(capacity * RECORD_OCTETS));
  return Math.min(LARGEST_RING_OCTETS, Math.max(SMALLEST_RING_OCTETS, wanted));
}
