import { decodeRecords, type MessageHeader, TransportSession, timeOfSysUpTime } from '@weir/ipfix';
import { DESTINATION, FlowRecord, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../../metering/flow-record.js';
import { counterWords, setAddress } from '../../metering/testing/records.js';
import type { MessageEncoder } from '../encoder.js';

export const T0 = Date.parse('2026-01-02T03:04:05.678Z');

export class ManualClock {
  now = T0;
  wall = () => this.now;
  monotonic = () => this.now - T0;
}

/** A TCP connection that was translated: 2,500 octets in 10 packets there, 2^32 + 7 octets in 20 packets back. */
export function tcpFlow(change: Partial<FlowRecord> = {}): FlowRecord {
  const record = new FlowRecord();
  setAddress(record, SOURCE, [10, 0, 0, 2]);
  setAddress(record, DESTINATION, [192, 0, 2, 9]);
  setAddress(record, NAT_SOURCE, [198, 51, 100, 1]);
  setAddress(record, NAT_DESTINATION, [192, 0, 2, 9]);
  record.counters.set(counterWords(2500, 0, 10, 0, 7, 1, 20, 0));
  return Object.assign(record, {
    protocol: 6,
    flowId: 77,
    hasPorts: true,
    hasCounters: true,
    translated: true,
    sourcePort: 40_000,
    destinationPort: 443,
    natSourcePort: 50_000,
    natDestinationPort: 443,
    start: T0 - 5000,
    end: T0 - 1000,
    flowEndReason: 3,
    ...change,
  });
}

export function udp6Flow(change: Partial<FlowRecord> = {}): FlowRecord {
  const record = tcpFlow({
    family: 6,
    protocol: 17,
    translated: false,
    sourcePort: 5353,
    destinationPort: 53,
    ...change,
  });
  for (const address of [SOURCE, DESTINATION]) setAddress(record, address, new Uint8Array(16));
  setAddress(record, SOURCE, [0x20, 1, 0xd, 0xb8]);
  setAddress(record, DESTINATION, [0x20, 1, 0xd, 0xb8, 1]);
  record.counters.set(counterWords(80, 0, 1, 0, 160, 0, 1, 0));
  return record;
}

/** An echo request and its answer. */
export function pingFlow(change: Partial<FlowRecord> = {}): FlowRecord {
  const record = tcpFlow({ protocol: 1, translated: false, icmpTypeCode: 0x0800, ...change });
  record.counters.set(counterWords(84, 0, 1, 0, 84, 0, 1, 0));
  return record;
}

/** All Messages that the records make, each of at most that many octets. */
export function messagesOf(
  encoder: MessageEncoder,
  clock: ManualClock,
  records: readonly FlowRecord[],
  octets = 1400,
): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const bytes = new Uint8Array(octets);
  const finish = () => {
    const length = encoder.finish(clock.wall());
    if (length > 0) messages.push(bytes.slice(0, length));
  };
  encoder.begin(bytes);
  for (const record of records) {
    while (!encoder.addFlow(record)) {
      finish();
      encoder.begin(bytes);
    }
  }
  finish();
  return messages;
}

/** What a collector reads in the Messages: relative times made absolute. */
export function decode(messages: readonly Uint8Array[], session = new TransportSession()) {
  const records: Record<string, unknown>[] = [];
  const headers: MessageHeader[] = [];
  const diagnostics: string[] = [];
  for (const message of messages) {
    session.decode(message, {
      message: header => headers.push(header),
      diagnostic: ({ detail }) => diagnostics.push(detail),
      dataSet: set => {
        for (const { record, scope } of decodeRecords(set)) {
          const time = (name: string) => timeOfSysUpTime(Number(record[name]), set.header);
          const { flowStartSysUpTime, flowEndSysUpTime, ...rest } = record;
          records.push({
            ...rest,
            ...(scope === undefined ? {} : { scope }),
            ...(flowStartSysUpTime === undefined ? {} : { start: time('flowStartSysUpTime') }),
            ...(flowEndSysUpTime === undefined ? {} : { end: time('flowEndSysUpTime') }),
          });
        }
      },
    });
  }
  const { lostRecords, lostMessages, malformedMessages, unknownTemplateSets } = session.counters;
  return { records, headers, diagnostics, wrong: lostRecords + lostMessages + malformedMessages + unknownTemplateSets };
}

export function sum(records: readonly Record<string, unknown>[], name: string): number {
  return records.reduce((total, record) => total + Number(record[name] ?? 0), 0);
}
