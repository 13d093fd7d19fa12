import { describe, expect, test } from 'vitest';
import { counterWords } from '../metering/testing/records.js';
import { NetflowV5Encoder } from './netflow-v5.js';
import { haveNfdump, haveTshark, nfdump, tshark } from './testing/netflow-collectors.js';
import { decode, ManualClock, messagesOf, pingFlow, sum, T0, tcpFlow, udp6Flow } from './testing/netflow-records.js';

function exporter(domain = 258) {
  const clock = new ManualClock();
  return { clock, encoder: new NetflowV5Encoder(domain, clock) };
}

const path = {
  ingressInterface: 2,
  egressInterface: 70_000,
  hasNextHop: true,
  nextHop: Uint8Array.of(203, 0, 113, 1, ...new Array<number>(12).fill(0)),
  sourceAs: 64_500,
  destinationAs: 4_200_000_000,
  classOfService: 0xb8,
};

test('a Biflow is a record for each direction, and counters above 32 bits are several', () => {
  const { clock, encoder } = exporter();
  const { records, headers, diagnostics, wrong } = decode(messagesOf(encoder, clock, [tcpFlow(path)]));
  expect([diagnostics, wrong]).toEqual([[], 0]);
  expect(headers).toMatchObject([{ version: 5, observationDomainId: 258, sequence: 0 }]);
  expect(headers[0]!.sysUpTime!.at).toBe(T0);
  const times = { start: T0 - 5000, end: T0 - 1000, protocolIdentifier: 6, tcpControlBits: 0 };
  expect(records).toMatchObject([
    {
      sourceIPv4Address: '10.0.0.2',
      destinationIPv4Address: '192.0.2.9',
      sourceTransportPort: 40_000,
      destinationTransportPort: 443,
      ipNextHopIPv4Address: '203.0.113.1',
      ingressInterface: 2,
      egressInterface: 0,
      bgpSourceAsNumber: 64_500,
      bgpDestinationAsNumber: 23_456,
      octetDeltaCount: 2500,
      packetDeltaCount: 10,
      ipClassOfService: 0xb8,
      ...times,
    },
    {
      sourceIPv4Address: '192.0.2.9',
      destinationIPv4Address: '10.0.0.2',
      sourceTransportPort: 443,
      destinationTransportPort: 40_000,
      ipNextHopIPv4Address: '0.0.0.0',
      ingressInterface: 0,
      egressInterface: 2,
      bgpSourceAsNumber: 23_456,
      bgpDestinationAsNumber: 64_500,
      octetDeltaCount: 2 ** 31 + 4,
      packetDeltaCount: 10,
      ipClassOfService: 0,
      ...times,
    },
    { sourceIPv4Address: '192.0.2.9', octetDeltaCount: 2 ** 31 + 3, packetDeltaCount: 10, ...times },
  ]);
  expect(encoder.records).toBe(3);
});

test('thirty records a datagram, no Flow torn apart without need, and the sequence counts records', () => {
  const { clock, encoder } = exporter();
  const flows = Array.from({ length: 31 }, (_, i) => tcpFlow({ flowId: i }));
  const messages = messagesOf(encoder, clock, flows, 1464);
  expect(messages.map(message => message.length)).toEqual([1464, 1464, 1464, 24 + 3 * 48]);
  const smaller = messagesOf(exporter().encoder, clock, flows.slice(0, 10), 1400);
  expect(smaller.map(message => message.length)).toEqual([24 + 27 * 48, 24 + 3 * 48]);
  const { headers, records, wrong } = decode(messages);
  expect(headers.map(header => header.sequence)).toEqual([0, 30, 60, 90]);
  expect([records.length, wrong]).toEqual([93, 0]);
  expect(sum(records, 'octetDeltaCount')).toBe(31 * (2500 + 2 ** 32 + 7));
  expect(sum(records, 'packetDeltaCount')).toBe(31 * 30);
});

test('a Flow of more than a datagram can carry goes on in the next, with exact sums', () => {
  const { clock, encoder } = exporter();
  const large = tcpFlow();
  large.counters.set(counterWords(123, 50, 7, 0, 456, 70, 9, 3));
  const { records, wrong } = decode(
    messagesOf(encoder, clock, [pingFlow({ flowId: 1 }), large, pingFlow({ flowId: 2 })]),
  );
  expect(wrong).toBe(0);
  expect(sum(records, 'octetDeltaCount')).toBe(120 * 2 ** 32 + 123 + 456 + 4 * 84);
  expect(sum(records, 'packetDeltaCount')).toBe(3 * 2 ** 32 + 7 + 9 + 4);
  expect(records.filter(record => record.protocolIdentifier === 1)).toHaveLength(4);
});

test('what it cannot carry is counted; what has nothing to tell is left out; a way that nobody answered has one record', () => {
  const { clock, encoder } = exporter();
  const unanswered = tcpFlow();
  unanswered.counters.set(counterWords(60, 0, 1, 0, 0, 0, 0, 0));
  const finished = tcpFlow();
  finished.counters.fill(0);
  const uncounted = tcpFlow({ hasCounters: false });
  const flows = [udp6Flow(), tcpFlow({ natEvent: 4 }), unanswered, finished, uncounted];
  const { records } = decode(messagesOf(encoder, clock, flows));
  expect(encoder.unsupported).toBe(2);
  expect(records).toMatchObject([{ packetDeltaCount: 1 }, { packetDeltaCount: 0, sourceIPv4Address: '10.0.0.2' }]);
  expect(encoder.describe().join('\n')).toMatch(/IPv6 flows are counted as unsupported/);
  encoder.begin(new Uint8Array(1400));
  expect([encoder.addOptions(), encoder.templateCount, encoder.finish(T0)]).toEqual([true, 0, 0]);
});

test('ICMP has its type in the destination port, and the answer its own', () => {
  const { clock, encoder } = exporter();
  const { records } = decode(messagesOf(encoder, clock, [pingFlow()]));
  expect(records.map(record => record.destinationTransportPort)).toEqual([0x0800, 0]);
});

describe('times', () => {
  test('an interim report begins with its interval; an unknown start is the end', () => {
    const { clock, encoder } = exporter();
    const flows = [tcpFlow({ intervalStart: T0 - 3000 }), tcpFlow({ start: Number.NaN })];
    const { records } = decode(messagesOf(encoder, clock, flows));
    expect(records.map(record => record.start)).toEqual([3000, 3000, 3000, 1000, 1000, 1000].map(ago => T0 - ago));
  });

  test('a Flow older than the probe keeps its start; one of two months has the earliest that there is', () => {
    const { clock, encoder } = exporter();
    const day = 86_400_000;
    const flows = [tcpFlow({ start: T0 - 24 * day }), tcpFlow({ start: T0 - 60 * day, flowId: 78 })];
    const { records } = decode(messagesOf(encoder, clock, flows));
    expect(records.map(record => record.start)).toEqual([
      ...new Array<number>(3).fill(T0 - 24 * day),
      ...new Array<number>(3).fill(T0 - 2 ** 31),
    ]);
    expect(encoder.uptime.clampedTimes).toBe(3);
  });

  test('in a year no time ever wraps', () => {
    const { clock, encoder } = exporter();
    for (let day = 0; day < 365; day++) {
      clock.now = T0 + day * 86_400_000;
      const flow = tcpFlow({ start: clock.now - 20 * 86_400_000, end: clock.now });
      const [message] = messagesOf(encoder, clock, [flow]);
      const view = new DataView(message!.buffer);
      expect(view.getUint32(24 + 24)).toBeLessThan(view.getUint32(24 + 28));
      expect(view.getUint32(24 + 28)).toBeLessThanOrEqual(view.getUint32(4));
      expect(decode([message!]).records[0]).toMatchObject({ start: flow.start, end: flow.end });
    }
  });

  test('a clock that steps, back or far ahead, leaves the times of the records what they are', () => {
    const { clock, encoder } = exporter();
    for (const now of [T0 - 3_600_000, T0 - 400 * 86_400_000, T0 + 4000 * 86_400_000]) {
      clock.now = now;
      const flow = tcpFlow({ start: now - 5000, end: now });
      expect(decode(messagesOf(encoder, clock, [flow])).records[0]).toMatchObject({ start: now - 5000, end: now });
    }
  });
});

describe('collectors of others', () => {
  const flows = [tcpFlow(path), pingFlow(), ...Array.from({ length: 40 }, (_, i) => tcpFlow({ flowId: 100 + i }))];
  const octets = 41 * (2500 + 2 ** 32 + 7) + 168;

  function messages(): Uint8Array[] {
    const { clock, encoder } = exporter();
    return messagesOf(encoder, clock, flows);
  }

  test.skipIf(!haveTshark)('tshark reads the same', () => {
    const rows = tshark(messages(), [
      'cflow.octets',
      'cflow.version',
      'cflow.srcaddr',
      'cflow.timestart',
      '_ws.malformed',
    ]);
    expect(rows.flatMap(([values]) => values!.split(',')).reduce((total, value) => total + Number(value), 0)).toBe(
      octets,
    );
    expect(rows.every(row => row[1] === '5' && !row[4])).toBe(true);
    expect(rows[0]![2]!.split(',').slice(0, 3)).toEqual(['10.0.0.2', '192.0.2.9', '192.0.2.9']);
    // Seconds since the exporter's start, 24.8 days before the test's.
    expect(Number(rows[0]![3]!.split(',')[0])).toBe((2 ** 31 - 5000) / 1000);
  });

  test.skipIf(!haveNfdump)('nfdump reads the same', async () => {
    const rows = await nfdump(messages(), '%sa|%da|%sp|%dp|%byt|%pkt|%ts|%te|%in|%nh');
    expect(rows).toHaveLength(3 + 2 + 120);
    expect(rows.reduce((total, row) => total + Number(row[4]), 0)).toBe(octets);
    expect(rows.reduce((total, row) => total + Number(row[5]), 0)).toBe(41 * 30 + 2);
    const mine = rows.find(row => row[8] === '2');
    expect(mine).toEqual([
      '10.0.0.2',
      '192.0.2.9',
      '40000',
      '443',
      '2500',
      '10',
      '2026-01-02 03:04:00.678',
      '2026-01-02 03:04:04.678',
      '2',
      '203.0.113.1',
    ]);
  });
});
