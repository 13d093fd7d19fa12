import { fields } from '@weir/flow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FlowBatch } from '../../flow/batch.js';
import { BatchRows, read64 } from '../../flow/batch-rows.js';
import { batchOf, type TestRecord } from '../../flow/testing/records.js';
import { Halves, type HalvesOptions } from './halves.js';

const START = 1_700_000_000_000;
const WAIT = 10_000;
const NAMES = [''];
const at = (milliseconds: number): string => new Date(START + milliseconds).toISOString();

/** A record of one direction; times in milliseconds from START. */
function half(from: string, to: string, [start, end]: readonly number[], more: TestRecord = {}): TestRecord {
  const [source, sourcePort] = from.split(' ');
  const [destination, destinationPort] = to.split(' ');
  return {
    sourceIPv4Address: source!,
    destinationIPv4Address: destination!,
    ...(sourcePort === undefined
      ? {}
      : { sourceTransportPort: Number(sourcePort), destinationTransportPort: Number(destinationPort) }),
    protocolIdentifier: sourcePort === undefined ? 1 : 6,
    octetDeltaCount: 100,
    packetDeltaCount: 1,
    flowStartMilliseconds: at(start!),
    flowEndMilliseconds: at(end!),
    ...more,
  };
}

/** The same, counted from the Flow's beginning. */
function total(from: string, to: string, times: readonly number[]): TestRecord {
  const { octetDeltaCount, packetDeltaCount, ...rest } = half(from, to, times);
  return { ...rest, octetTotalCount: octetDeltaCount!, packetTotalCount: packetDeltaCount! };
}

/** What the rows of a batch have, by element. */
function rowsOf(batch: FlowBatch): Record<string, unknown>[] {
  const rows = new BatchRows(batch);
  const others = batch.others.read(batch.rows);
  return Array.from({ length: batch.rows }, (_, row) => {
    const cells = rows.bits(row).map(bit => {
      const field = fields.find(({ elements }) => Object.values(elements).includes(bit))!;
      const name = Object.keys(field.elements).find(element => field.elements[element] === bit)!;
      return [name, cellOf(rows, row, field.column, field.kind)];
    });
    const pairs = others[row] ?? [];
    for (let i = 0; i < pairs.length; i += 2) cells.push([pairs[i]!, pairs[i + 1]!]);
    return Object.fromEntries(cells);
  });
}

function cellOf(rows: BatchRows, row: number, column: string, kind: string): unknown {
  if (kind === 'address') return [...rows.octets(column).subarray(row * 16 + 12, row * 16 + 16)].join('.');
  if (kind === 'milliseconds') return read64(rows.words(column), row) - START;
  if (kind === 'unsigned64') return read64(rows.words(column), row);
  return kind === 'unsigned32'
    ? rows.words(column)[row]
    : kind === 'unsigned16'
      ? rows.shorts(column)[row]
      : rows.octets(column)[row];
}

/** Batches of records that are received a second after each other. */
function joined(
  batches: readonly (readonly TestRecord[])[],
  options: Partial<HalvesOptions> = {},
  capacity = 1000,
  names: readonly (readonly string[])[] = [],
) {
  const halves = new Halves({ wait: WAIT, ...options }, capacity);
  const seconds: Record<string, unknown>[][] = [];
  batches.forEach((records, second) => {
    const ready: Record<string, unknown>[] = [];
    const batch = batchOf(records, { exportTime: START / 1000 + second, capacity: Math.max(1, records.length) });
    batch.names = names[second] ?? NAMES;
    halves.pass(batch, START + 1000 * second, handed => ready.push(...rowsOf(handed)));
    seconds.push(ready);
  });
  const left: Record<string, unknown>[] = [];
  halves.release(batch => left.push(...rowsOf(batch)));
  return { seconds, left, counters: halves.counters, all: [...seconds.flat(), ...left] };
}

const CLIENT = '192.0.2.9 40000';
const SERVER = '192.0.2.1 443';

test('two halves become one Biflow of who began first', () => {
  const request = half(CLIENT, SERVER, [0, 900], {
    octetDeltaCount: 500,
    packetDeltaCount: 5,
    tcpControlBits: 0x1b,
    ingressInterface: 3,
    egressInterface: 4,
    flowEndReason: 3,
  });
  const answer = half(SERVER, CLIENT, [20, 950], {
    octetDeltaCount: 9000,
    packetDeltaCount: 7,
    tcpControlBits: 0x1a,
    ingressInterface: 4,
    egressInterface: 9,
    flowEndReason: 1,
  });
  const { all, counters } = joined([[answer], [request]]);
  expect(all).toEqual([
    {
      ...{ sourceIPv4Address: '192.0.2.9', destinationIPv4Address: '192.0.2.1', protocolIdentifier: 6 },
      ...{ sourceTransportPort: 40_000, destinationTransportPort: 443 },
      ...{ octetDeltaCount: 500, packetDeltaCount: 5, reverseOctetDeltaCount: 9000, reversePacketDeltaCount: 7 },
      ...{ flowStartMilliseconds: 0, flowEndMilliseconds: 950, flowEndReason: 1, biflowDirection: 1 },
      ...{ tcpControlBits: 0x1b, ingressInterface: 3, egressInterface: 4 },
      ...{ reverseFlowStartMilliseconds: at(20), reverseTcpControlBits: '26', reverseEgressInterface: '9' },
    },
  ]);
  expect(counters).toEqual({ joined: 1, alone: 0, early: 0 });
});

test('at the same time the lower port is the server, and that is not said to be known', () => {
  const { all } = joined([[half(SERVER, CLIENT, [0, 0]), half(CLIENT, SERVER, [0, 0])]]);
  expect(all).toMatchObject([{ sourceTransportPort: 40_000, destinationTransportPort: 443, biflowDirection: 0 }]);
});

test('an echo is joined with its reply, whichever way its type is told', () => {
  const ping = ['192.0.2.9', '192.0.2.1'] as const;
  const other = ['192.0.2.1', '192.0.2.9'] as const;
  const v9 = { sourceTransportPort: 0, destinationTransportPort: 0 };
  const { all, counters } = joined([
    [half(...other, [0, 0], { icmpTypeCodeIPv4: 0 }), half(...ping, [5, 5], { icmpTypeCodeIPv4: 0x0800 })],
    [half(...ping, [0, 0], { ...v9, destinationTransportPort: 0x0800 }), half(...other, [0, 0], v9)],
    // Each pings the other; and what is no echo has no answer.
    [half(...ping, [0, 0], { icmpTypeCodeIPv4: 0x0800 }), half(...other, [0, 0], { icmpTypeCodeIPv4: 0x0800 })],
    [half(...ping, [0, 0], { icmpTypeCodeIPv4: 0x0301 })],
  ]);
  expect(counters).toEqual({ joined: 2, alone: 2, early: 0 });
  expect(all.filter(row => row.biflowDirection === 1)).toMatchObject([
    { sourceIPv4Address: '192.0.2.9', icmpTypeCodeIPv4: 0x0800, reversePacketDeltaCount: 1, flowStartMilliseconds: 0 },
    { sourceIPv4Address: '192.0.2.9', destinationTransportPort: 0x0800, reversePacketDeltaCount: 1 },
  ]);
});

test.each<[string, TestRecord, TestRecord]>([
  [
    'another exporter samples otherwise',
    half(CLIENT, SERVER, [0, 9], { samplingInterval: 10 }),
    half(SERVER, CLIENT, [0, 9], { samplingInterval: 20 }),
  ],
  ['totals', total(CLIENT, SERVER, [0, 9]), total(SERVER, CLIENT, [0, 9])],
  ['a Biflow', half(CLIENT, SERVER, [0, 9], { reverseOctetDeltaCount: 0 }), half(SERVER, CLIENT, [0, 9])],
  ['other ports', half(CLIENT, SERVER, [0, 9]), half(SERVER, '192.0.2.9 40001', [0, 9])],
  ['another protocol', half(CLIENT, SERVER, [0, 9]), half(SERVER, CLIENT, [0, 9], { protocolIdentifier: 17 })],
  ['the same direction', half(CLIENT, SERVER, [0, 9]), half(CLIENT, SERVER, [0, 9])],
  [
    'no ports',
    half(CLIENT, SERVER, [0, 9], { protocolIdentifier: 47 }),
    half(SERVER, CLIENT, [0, 9], { protocolIdentifier: 47 }),
  ],
  ['times that do not meet', half(CLIENT, SERVER, [0, 9]), half(SERVER, CLIENT, [5000, 5009])],
  ['an end before the start', half(CLIENT, SERVER, [9, 0]), half(SERVER, CLIENT, [0, 9])],
])('%s: not joined', (_, a, b) => {
  const { all, counters } = joined([[a, b]]);
  expect(all).toHaveLength(2);
  expect(all.every(row => row.biflowDirection === undefined)).toBe(true);
  expect(counters.joined).toBe(0);
});

test('a half waits its time, and no longer', () => {
  const request = half(CLIENT, SERVER, [0, 9]);
  const { seconds, counters } = joined([[request], ...new Array(9).fill([]), [], [half(SERVER, CLIENT, [0, 9])]]);
  expect(seconds.map(rows => rows.length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
  expect(counters).toEqual({ joined: 0, alone: 2, early: 0 });
});

test('of several reports of a half the one is taken that the other goes with', () => {
  const parts = [0, 60_000, 120_000].map(begin => [begin + 100, begin + 60_000] as const);
  const forward = parts.map(([begin, end], i) =>
    half(CLIENT, SERVER, [begin, end], { flowEndReason: 2, octetDeltaCount: i + 1 }),
  );
  const back = parts.map(([begin, end], i) =>
    half(SERVER, CLIENT, [begin + 30, end + 30], { flowEndReason: 2, octetDeltaCount: 10 * (i + 1) }),
  );
  const { all } = joined([forward, back.reverse()]);
  expect(all.map(row => [row.octetDeltaCount, row.reverseOctetDeltaCount]).sort()).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
  const whole = joined([forward, [half(SERVER, CLIENT, [130, 180_030], { flowEndReason: 3 })]]);
  expect(whole.all).toHaveLength(4);
  expect(whole.counters.joined).toBe(0);
});

describe('one Flow', () => {
  const reports = { flowEndReason: 2, monitoringIntervalStartMilliSeconds: '' };
  const report = (from: string, to: string, start: number, begin: number, end: number, more: TestRecord = {}) =>
    half(from, to, [start, end], {
      ...reports,
      monitoringIntervalStartMilliSeconds: at(begin),
      flowId: from === CLIENT ? 7 : 8,
      ...more,
    });

  test('has one identity in all its records, also where one half has nothing to tell', () => {
    const { all, counters } = joined([
      [
        half(CLIENT, SERVER, [0, 60_000], { flowEndReason: 2, flowId: 7 }),
        half(SERVER, CLIENT, [30, 60_010], { flowEndReason: 2, flowId: 8 }),
      ],
      [report(SERVER, CLIENT, 30, 60_010, 120_000, { octetDeltaCount: 777, tcpControlBits: 16 })],
      ...new Array(11).fill([]),
      [report(CLIENT, SERVER, 0, 120_000, 180_000), report(SERVER, CLIENT, 30, 120_000, 179_000)],
    ]);
    expect(counters).toEqual({ joined: 2, alone: 1, early: 0 });
    const identity = {
      sourceIPv4Address: '192.0.2.9',
      destinationIPv4Address: '192.0.2.1',
      sourceTransportPort: 40_000,
      destinationTransportPort: 443,
      flowStartMilliseconds: 0,
      flowId: 7,
    };
    expect(all).toMatchObject([identity, identity, identity]);
    const { octetDeltaCount, tcpControlBits, ...turned } = all[1]!;
    expect([octetDeltaCount, tcpControlBits]).toEqual([undefined, undefined]);
    expect(turned).toMatchObject({
      ...{ reverseOctetDeltaCount: 777, reverseTcpControlBits: '16', biflowDirection: 1, flowEndReason: 2 },
      ...{
        monitoringIntervalStartMilliSeconds: 60_010,
        flowEndMilliseconds: 120_000,
        reverseFlowStartMilliseconds: at(30),
      },
    });
    expect(all[2]).toMatchObject({ monitoringIntervalStartMilliSeconds: 120_000, flowEndMilliseconds: 180_000 });
  });

  test('keeps its direction when its next part begins with the other side', () => {
    const next = { flowEndReason: 2 };
    const { all } = joined([
      [half(CLIENT, SERVER, [0, 60_000], next), half(SERVER, CLIENT, [30, 60_000], next)],
      [half(SERVER, CLIENT, [60_500, 90_000]), half(CLIENT, SERVER, [60_530, 90_000])],
      [half(SERVER, CLIENT, [900_000, 900_010]), half(CLIENT, SERVER, [900_005, 900_020])],
    ]);
    expect(all.map(row => row.sourceTransportPort)).toEqual([40_000, 40_000, 443]);
  });
});

test('elements that have no reverse are kept of either half, and not joined where they differ', () => {
  const { all } = joined([
    [
      half(CLIENT, SERVER, [0, 9], { interfaceName: 'eth0' }),
      half(SERVER, CLIENT, [1, 9], { interfaceName: 'eth1', conntrackLabels: '0a' }),
    ],
    [half(CLIENT, SERVER, [0, 9], { conntrackLabels: '01' }), half(SERVER, CLIENT, [1, 9], { conntrackLabels: '02' })],
  ]);
  expect(all).toHaveLength(3);
  expect(all[0]).toMatchObject({ interfaceName: 'eth0', reverseInterfaceName: 'eth1', conntrackLabels: '0a' });
});

test('finer times are those of the half whose time the record has', () => {
  const fine = (from: string, to: string, start: string, end: string): TestRecord => {
    const { flowStartMilliseconds, flowEndMilliseconds, ...rest } = half(from, to, [0, 0]);
    return { ...rest, flowStartMicroseconds: start, flowEndMicroseconds: end };
  };
  const second = (fraction: string) => `2023-11-14T22:13:20.${fraction}Z`;
  const { all } = joined([
    [
      fine(CLIENT, SERVER, second('000100'), second('005100')),
      fine(SERVER, CLIENT, second('001200'), second('009200')),
    ],
  ]);
  expect(all).toMatchObject([
    {
      ...{ flowStartMicroseconds: second('000100'), flowEndMicroseconds: second('009200') },
      ...{ reverseFlowStartMicroseconds: second('001200') },
    },
  ]);
  expect(all[0]).not.toHaveProperty('reverseFlowEndMicroseconds');
});

test('where too many wait, the older go on', () => {
  const request = (port: number) => half(`192.0.2.9 ${40_000 + port}`, SERVER, [0, 9]);
  const { seconds, counters } = joined(
    [[1, 2].map(request), [3, 4].map(request), [half(SERVER, '192.0.2.9 40003', [0, 9]), request(5), request(6)]],
    { capacity: 4 },
  );
  expect(seconds.map(rows => rows.map(row => row.sourceTransportPort))).toEqual([
    [],
    [],
    [40_003, 40_004, 40_002, 40_001],
  ]);
  expect(counters).toEqual({ joined: 1, alone: 2, early: 3 });
});

test('where the names of hosts change, what waits has their old numbers, and goes on', () => {
  const { seconds, counters } = joined([[half(CLIENT, SERVER, [0, 9])], [half(SERVER, CLIENT, [0, 9])]], {}, 10, [
    NAMES,
    ['', 'host'],
  ]);
  expect(seconds.map(rows => rows.length)).toEqual([0, 1]);
  expect(counters).toEqual({ joined: 0, alone: 1, early: 1 });
});

test('an exporter that repeats one half without end does not make the others slow', () => {
  const { counters, all } = joined([new Array(200).fill(half(CLIENT, SERVER, [0, 9]))]);
  expect(counters).toEqual({ joined: 0, alone: 64, early: 136 });
  expect(all).toHaveLength(200);
});

describe('property', () => {
  const [client, server, itself] = [
    ['192.0.2.9', 40_000],
    ['192.0.2.1', 53],
    ['192.0.2.2', 53],
  ] as const;
  const ends = fc.constantFrom(
    ...([
      [client, server],
      [server, client],
      [server, itself],
      [itself, server],
      [itself, itself],
    ] as const),
  );
  const record = fc
    .record({
      ends,
      protocol: fc.constantFrom(1, 6, 6, 6, 47),
      icmp: fc.constantFrom(undefined, 0, 0x0800),
      start: fc.oneof(fc.nat(3000), fc.nat(3000), fc.nat(200_000)),
      length: fc.oneof(fc.constant(0), fc.nat(3000), fc.nat(100_000)),
      interval: fc.option(fc.nat(50_000), { nil: undefined }),
      reason: fc.constantFrom(undefined, 1, 2, 3),
      counts: fc.tuple(fc.nat(2 ** 31), fc.nat(1000)),
      kind: fc.constantFrom('delta', 'delta', 'delta', 'delta', 'total', 'biflow'),
      other: fc.constantFrom(undefined, 'eth0', 'wan'),
      sampling: fc.constantFrom(undefined, undefined, undefined, 1, 9),
    })
    .map(
      ({
        ends: [[source, from], [destination, to]],
        protocol,
        start,
        length,
        counts: [octets, packets],
        ...more
      }): TestRecord => {
        const { icmp, interval, reason, kind, other, sampling } = more;
        return {
          ...(kind === 'total' ? total : half)(`${source} ${from}`, `${destination} ${to}`, [start, start + length]),
          protocolIdentifier: protocol,
          ...(kind === 'total' ? { octetTotalCount: octets } : { octetDeltaCount: octets, packetDeltaCount: packets }),
          ...(kind === 'biflow' && { reverseOctetDeltaCount: octets + 1, reversePacketDeltaCount: 2 }),
          ...(icmp !== undefined && { icmpTypeCodeIPv4: icmp }),
          ...(interval !== undefined && {
            monitoringIntervalStartMilliSeconds: at(start + Math.min(length, interval)),
          }),
          ...(reason !== undefined && { flowEndReason: reason }),
          ...(other !== undefined && { interfaceName: other }),
          ...(sampling !== undefined && { samplingInterval: sampling }),
        };
      },
    );

  const sumOf = (rows: readonly Record<string, unknown>[], names: readonly string[]) =>
    rows.reduce(
      (sum, row) =>
        sum + names.reduce((n, name) => n + Number(row[name] ?? 0) * Math.max(1, Number(row.samplingInterval ?? 1)), 0),
      0,
    );

  let joins = 0;
  test('sums are those of what came in, for all and for each pair of hosts, and each record is there once', {
    timeout: 60_000,
  }, () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(record, { minLength: 10, maxLength: 40 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(3, 8, 1000),
        fc.constantFrom(2, 7, 1000),
        (batches, capacity, out) => {
          const { all, counters } = joined(batches, { capacity, wait: 4000 }, out);
          const sent = batches.flat();
          joins += counters.joined;
          expect(all.length + counters.joined).toBe(sent.length);
          const pairs = new Set(sent.map(pairOf));
          for (const pair of pairs) {
            const [before, behind] = [sent, all].map(rows => rows.filter(row => pairOf(row) === pair));
            expect(sumOf(behind!, ['octetDeltaCount', 'reverseOctetDeltaCount'])).toBe(
              sumOf(before!, ['octetDeltaCount', 'reverseOctetDeltaCount']),
            );
            expect(sumOf(behind!, ['packetDeltaCount', 'reversePacketDeltaCount'])).toBe(
              sumOf(before!, ['packetDeltaCount', 'reversePacketDeltaCount']),
            );
            expect(sumOf(behind!, ['octetTotalCount'])).toBe(sumOf(before!, ['octetTotalCount']));
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(joins).toBeGreaterThan(50);
  });

  /** Ports are none of an echo's. */
  function pairOf(row: Record<string, unknown>): string {
    const port = (name: string) => (row.protocolIdentifier === 1 ? '' : row[name]);
    const ends = [
      `${row.sourceIPv4Address} ${port('sourceTransportPort')}`,
      `${row.destinationIPv4Address} ${port('destinationTransportPort')}`,
    ];
    return `${ends.sort().join(' ')} ${row.protocolIdentifier}`;
  }
});
