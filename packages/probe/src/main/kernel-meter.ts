import { statSync } from 'node:fs';
import { readTableNumber } from '../conntrack/table-fill.js';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import { type Host, SystemError } from '../host/host.js';
import { KernelNamespace } from '../host/kernel-namespace.js';
import { LastReport } from '../host/last-report.js';
import { OWN_NAMESPACE } from '../host/network-namespace.js';
import type { KernelDoor } from '../metering/kernel-door.js';
import type { KernelMeter } from './kernel-metering.js';
import { type KernelInput, useCtnetlink } from './kernel-source.js';
import type { Log } from './log.js';

/** A record of the usual fields, with what the ring puts around it, on average. */
const RECORD_OCTETS = 192;
const SMALLEST_RING_OCTETS = 1 << 16;
/** A ring's length has 30 bits (kernel/bpf/ringbuf.c). */
const LARGEST_RING_OCTETS = 1 << 30;

export interface KernelMeterOptions {
  /** Connections of which it has room, if the kernel allows so many; its ring takes the ends of all of them at once. */
  readonly capacity: number;
  /** File that remembers until when connections have been exported. */
  readonly statePath: string;
  /** Tells this boot and network namespace from others. */
  readonly owner: number;
}

/**
 * Opens the kernel meter of the calling thread's network namespace.
 *
 * @returns undefined where its maps cannot be made, and metering is by ctnetlink
 * @throws WeirError where they cannot be made, and nothing else may take its place
 */
export function openKernelMeter(
  host: Host,
  input: KernelInput,
  options: KernelMeterOptions,
  log: Log,
): KernelMeter | undefined {
  const { statePath, owner } = options;
  const capacity = usefulCapacity(options.capacity, readTableNumber(host, 'nf_conntrack_max'));
  const last = new LastReport(statePath, owner);
  const door = openDoor(input, capacity);
  if (typeof door === 'string') return useCtnetlink(door, input.isRequired, log);
  log('source: the kernel meter');
  return {
    door,
    capacity,
    layout: new FlowTemplates(parseFields(input.preset)),
    isWanted: input.isWanted,
    last: last.read(),
    remember: next => last.write(next),
  };
}

/**
 * Room for connections that the kernel's table cannot hold would be memory for nothing.
 *
 * @param wanted connections
 * @param limit nf_conntrack_max: connections of one network namespace; 0 where it is not known
 */
export function usefulCapacity(wanted: number, limit: number): number {
  return limit > 0 ? Math.min(wanted, limit) : wanted;
}

/** @returns why it cannot be opened, where it cannot */
function openDoor({ descriptors }: KernelInput, capacity: number): KernelDoor | string {
  const namespace = statSync(OWN_NAMESPACE).ino;
  try {
    return new KernelNamespace(descriptors, namespace, capacity, ringOctets(capacity));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return `its maps cannot be made (${error.message}): they take less memory with fewer --flow-table-entries`;
  }
}

function ringOctets(capacity: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(capacity * RECORD_OCTETS));
  return Math.min(LARGEST_RING_OCTETS, Math.max(SMALLEST_RING_OCTETS, wanted));
}
