import { fieldsOf, type Template } from '@weir/ipfix';
import type { Clock, MessageParts, MessageSink } from '../../host/host.js';
import { DESTINATION, FlowRecord, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../../metering/flow-record.js';
import { counterWords, setAddress } from '../../metering/testing/records.js';

/** Some Options Data: all that the probe counts, in one record. */
export const STATISTICS_TEMPLATE: Template = {
  id: 256,
  scopeFieldCount: 1,
  fields: fieldsOf([
    'observationDomainId',
    'exportedMessageTotalCount',
    'exportedFlowRecordTotalCount',
    'exportedOctetTotalCount',
    'notSentFlowTotalCount',
    'observedFlowTotalCount',
    'deferredEventTotalCount',
    'counterResetTotalCount',
    'flowTableOverflowTotalCount',
    'unobservedEndTotalCount',
    'conntrackEntryCount',
    'maxSessionEntries',
    'flowActiveTimeout',
  ]),
};

export const T0 = Date.parse('2026-01-02T03:04:05.678Z');

/** Keeps what is sent, and takes at most `takes` Messages a call. */
export class KeepingSink implements MessageSink {
  readonly messages: Uint8Array[] = [];
  messageOctets = 1400;
  keeps = false;
  refused = false;
  connected = true;
  space = Number.POSITIVE_INFINITY;
  constructor(private readonly takes = Number.POSITIVE_INFINITY) {}

  room(): number {
    return this.space;
  }

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): number {
    const taken = Math.min(count, this.takes, this.space);
    for (let i = 0; i < taken; i++) this.messages.push(bytes.slice(i * slotOctets, i * slotOctets + lengths[i]));
    this.space -= taken;
    return taken;
  }

  isConnected(): boolean {
    return this.connected;
  }

  wasRefused(): boolean {
    const { refused } = this;
    this.refused = false;
    return refused;
  }

  close(): void {}
}

/** As KeepingSink, of Messages with parts that lie elsewhere, which are put where they belong. */
export class GatheringSink extends KeepingSink {
  readonly gathers = true;
  /** Parts that it was given, all in all. */
  gathered = 0;

  override send(
    bytes: Uint8Array,
    slotOctets: number,
    lengths: Uint32Array,
    count: number,
    parts?: MessageParts,
  ): number {
    const whole = bytes.slice();
    for (let i = 0, part = 0; parts !== undefined && i < count; i++) {
      for (; part < parts.ends[i]; part++) {
        const from = parts.offsets[part];
        const octets = parts.memory.bytes.subarray(from, from + parts.lengths[part]);
        whole.set(octets, i * slotOctets + parts.places[part]);
      }
    }
    this.gathered += parts?.count ?? 0;
    return super.send(whole, slotOctets, lengths, count);
  }
}

export class ManualClock implements Clock {
  now = 0;
  wall = () => T0 + this.now;
  monotonic = () => this.now;
}

/** A TCP biflow from 10.0.0.2:40000 to 192.0.2.9:443, both translated. */
export function flow(change: Partial<FlowRecord> = {}): FlowRecord {
  const record = new FlowRecord();
  record.protocol = 6;
  record.hasPorts = true;
  record.flowId = 77;
  setAddress(record, SOURCE, [10, 0, 0, 2]);
  setAddress(record, DESTINATION, [192, 0, 2, 9]);
  setAddress(record, NAT_SOURCE, [198, 51, 100, 1]);
  setAddress(record, NAT_DESTINATION, [192, 0, 2, 9]);
  record.counters.set(counterWords(1000, 0, 10, 0, 2, 1, 20, 0));
  return Object.assign(record, {
    hasCounters: true,
    sourcePort: 40_000,
    destinationPort: 443,
    natSourcePort: 50_000,
    natDestinationPort: 443,
    start: T0,
    end: T0 + 1500,
    flowEndReason: 3,
    ...change,
  });
}
