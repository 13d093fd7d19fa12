import { connect } from 'node:net';
import type { TrafficEvent } from '../../analysis/events/event.js';
import { messagesOf, type TestRecord } from '../../flow/testing/records.js';
import { seeded } from '../../store/testing/store.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Destinations of an office's traffic, the largest shares first. */
const places = [
  ['192.0.2.10', 443, 6],
  ['1.1.1.1', 443, 17],
  ['8.8.8.8', 53, 17],
  ['141.1.1.1', 443, 6],
  ['193.99.144.80', 80, 6],
  ['185.60.216.35', 443, 6],
  ['198.51.100.25', 22, 6],
  ['203.0.113.9', 51820, 17],
] as const;

/**
 * Flows of an office over two weeks that end at `to`, with days and nights, a weekend, more in the second week, and a host that begins much in it.
 * Times are milliseconds since the epoch.
 */
export function twoWeeks(to: number, count: number, seed = 5): TestRecord[] {
  const random = seeded(seed);
  const records: TestRecord[] = [];
  const from = to - 14 * DAY;
  while (records.length < count) {
    const start = from + random(14 * DAY - HOUR);
    const [day, hour] = [new Date(start).getUTCDay(), new Date(start).getUTCHours()];
    const isWork = day > 0 && day < 6 && hour >= 7 && hour < 18;
    const isSecond = start >= to - 7 * DAY;
    if (random(100) >= (isWork ? 90 : 14) + (isSecond ? 8 : 0)) continue;
    records.push(flowAt(random, start, isSecond));
  }
  return records.sort((a, b) => String(a.flowEndMilliseconds).localeCompare(String(b.flowEndMilliseconds)));
}

function flowAt(random: (below: number) => number, start: number, isSecond: boolean): TestRecord {
  const backup = isSecond && random(40) === 0;
  const [destination, port, protocol] = places[Math.min(random(8), random(8))]!;
  const octets = Math.floor(Math.exp(random(1000) / 62)) + 200;
  const isAnswered = random(100) < 97;
  const trip = 4000 + random(12_000) + (random(20) === 0 ? 90_000 : 0);
  return {
    sourceIPv4Address: backup ? '10.1.0.77' : `10.1.0.${1 + Math.min(random(24), random(24))}`,
    destinationIPv4Address: backup ? '198.51.100.25' : destination,
    sourceTransportPort: 1024 + random(60_000),
    destinationTransportPort: backup ? 22 : port,
    protocolIdentifier: backup ? 6 : protocol,
    octetDeltaCount: backup ? 90_000_000 : octets,
    packetDeltaCount: 4 + (octets >> 10),
    reverseOctetDeltaCount: isAnswered ? octets * 6 : 0,
    reversePacketDeltaCount: isAnswered ? 6 + (octets >> 8) : 0,
    ingressInterface: 2,
    egressInterface: 1,
    flowStartMilliseconds: new Date(start).toISOString(),
    flowEndMilliseconds: new Date(start + random(90_000)).toISOString(),
    ...(isAnswered && protocol === 6
      ? { initiatorRoundTripMicroseconds: 300, responderRoundTripMicroseconds: trip }
      : {}),
  };
}

/** What was unusual in the second week. */
export function eventsOfWeek(to: number): TrafficEvent[] {
  const at = (days: number) => to - days * DAY;
  const lasting = (days: number, hours: number) => ({ start: at(days), end: at(days) + hours * HOUR });
  return [
    {
      ...{
        id: 'scan-1',
        kind: 'scan',
        form: 'ports',
        source: '203.0.113.66',
        target: '10.1.0.5',
        ...lasting(5.4, 0.2),
      },
      ...{ subject: { name: '203.0.113.66', filter: 'src host 203.0.113.66 and dst host 10.1.0.5' }, causes: [] },
      ...{ size: 1204, unit: 'ports' },
    },
    {
      ...{ id: 'flood-1', kind: 'flood', form: 'syn', target: '10.1.0.5', ...lasting(2.3, 0.4) },
      ...{ subject: { name: '10.1.0.5', filter: 'dst host 10.1.0.5' }, size: 4100, unit: 'flows/s' },
      causes: [{ name: '203.0.113.66', filter: 'src host 203.0.113.66', share: 0.83 }],
    },
    {
      ...{ id: 'much-1', kind: 'anomaly', measure: 'out', ...lasting(3.6, 5) },
      ...{ subject: { name: 'all traffic', filter: '' }, size: 94_000_000, expected: 21_000_000, unit: 'bit/s' },
      causes: [{ name: '10.1.0.77', filter: 'host 10.1.0.77', share: 0.91 }],
    },
  ];
}

/** Sends records to a collector that listens on TCP. */
export async function sendRecords(port: number, records: readonly TestRecord[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  for (let i = 0; i < records.length; i += 5000) {
    const messages = messagesOf(records.slice(i, i + 5000), Math.floor(Date.now() / 1000));
    await new Promise<void>(done => socket.write(Buffer.concat(messages), () => done()));
  }
  await new Promise<void>(done => socket.end(() => done()));
}
