import { expect } from 'vitest';
import type { TestRecord } from '../../flow/testing/records.js';
import type { Store } from '../client.js';
import { groups, type Selection, series, seriesBy, summary } from '../queries.js';
import { flowSql } from '../schema/flows.js';

const HOUR = 3_600_000;
export const BASE = Date.parse('2026-03-01T21:00:00Z');
/** The store must know the same. */
export const localNetworks = ['10.0.0.0/8'];

/** Records as exporters of all kinds send them: with and without reasons, interim reports, totals, and very long ones. */
export function someRecords(random: (below: number) => number, count: number): TestRecord[] {
  const records: TestRecord[] = [];
  const time = (at: number) => new Date(BASE + at).toISOString();
  while (records.length < count) {
    const start = random(6 * HOUR);
    const saysIntervals = random(3) > 0;
    const flow: TestRecord = {
      sourceIPv4Address: `10.0.0.${random(5)}`,
      destinationIPv4Address: random(4) === 0 ? `10.0.1.${random(3)}` : `192.0.2.${random(5)}`,
      ...(random(5) > 0 && { protocolIdentifier: random(2) ? 6 : 17 }),
      ...(random(4) > 0 && { destinationTransportPort: 440 + random(4) }),
      ...(random(3) > 0 && { bgpDestinationAsNumber: 64_500 + random(2) }),
      ...(saysIntervals && random(3) > 0 && { flowId: random(2 ** 30) }),
      ...(random(3) > 0 && { ingressInterface: random(3) }),
      ...(random(4) === 0 && { samplingInterval: random(3) * 500 }),
      ...(random(9) > 0 && { flowStartMilliseconds: time(start) }),
      ...(random(3) > 0 && { reversePacketDeltaCount: random(3) }),
      ...(random(3) > 0 && {
        initiatorRoundTripMicroseconds: random(5000),
        responderRoundTripMicroseconds: random(3_000_000),
      }),
    };
    const totals = random(4) === 0;
    const name = totals ? 'Total' : 'Delta';
    const reasons = random(3) > 0;
    let [begin, octets] = [start, 0];
    for (let left = random(3) === 0 ? random(4) : 0, first = true; ; left--, first = false) {
      const end =
        begin +
        [0, random(900), random(90_000), random(7_200_000), random(35 * 24) * HOUR][random(40) === 0 ? 4 : random(4)]!;
      octets = (totals ? octets : 0) + (random(100) === 0 ? 2 ** 41 : random(1_000_000));
      records.push({
        ...flow,
        ...(saysIntervals && !first && { monitoringIntervalStartMilliSeconds: time(begin) }),
        flowEndMilliseconds: time(end),
        [`octet${name}Count`]: octets,
        [`packet${name}Count`]: octets >>> 10,
        [`reverseOctet${name}Count`]: octets * 2,
        ...(reasons && { flowEndReason: left > 0 ? 2 : 1 + 2 * random(2) }),
      });
      begin = end;
      if (left <= 0) break;
    }
  }
  return records;
}

/**
 * The same question to the rollups and to the Flow Records.
 * @param rolled which of its queries a rollup can answer.
 */
async function both<T>(
  store: Store,
  ask: (store: Store) => Promise<T>,
  rolled: readonly boolean[] = [true],
): Promise<[T, T]> {
  const used: boolean[] = [];
  const spy = (raw: boolean) =>
    new Proxy(store, {
      get: (target, name) => {
        if (name === 'reading') {
          return async (
            rollups: Parameters<Store['reading']>[0],
            query: Parameters<Store['reading']>[1],
            networks?: string[],
          ) =>
            await target.reading(
              raw ? [] : rollups,
              async done => {
                used.push(done !== undefined);
                return await query(done);
              },
              networks,
            );
        }
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const answers: [T, T] = [await ask(spy(false)), await ask(spy(true))];
  expect(used).toEqual([...rolled, ...rolled.map(() => false)]);
  return answers;
}

const selections: Selection[] = [
  { from: BASE - 100 * HOUR, to: BASE + 1000 * HOUR },
  { from: BASE + 2 * HOUR, to: BASE + 5 * HOUR },
  { from: BASE - 20 * HOUR + 1_234_567, to: BASE + 50 * HOUR + 777 },
  { from: BASE + 1_234_567, to: BASE + 4 * HOUR + 1_234_567, filter: 'proto tcp or not proto 17' },
  { from: BASE - 2 * HOUR, to: BASE + 30 * HOUR, filter: 'not has proto or has proto and proto tcp' },
  { from: BASE - 100 * HOUR, to: BASE + 1000 * HOUR, filter: 'duplicate and proto tcp' },
];

/** Whatever the rollups are asked, they say what the Flow Records say. */
export async function expectEqual(store: Store): Promise<void> {
  for (const selection of selections) {
    for (const by of [
      ['src'],
      ['destinationIPv4Address', 'proto'],
      ['src', 'exporter'],
      ['dst', 'duplicate'],
      ['dstport', 'proto'],
      ['dstas'],
      [],
    ]) {
      const [rolled, records] = await both(store, each => groups(each, selection, by));
      expect(rolled).toEqual(records);
      if (by.length > 0 || selection !== selections[0]) continue;
      const [counted] = await store.query<{ n: string }>(
        `SELECT uniqExactIf(${flowSql}, NOT duplicate) AS n FROM flows`,
      );
      expect(rolled[0]!.flows).toBe(Number(counted!.n));
    }
  }
  await expectEqualSummaries(store);
  for (const [step, from, to] of [
    [60, BASE, BASE + 8 * HOUR],
    [420, BASE + 90_000, BASE + 30 * HOUR],
    [3600, BASE - 5 * HOUR, BASE + 900 * HOUR],
    [7200, BASE, BASE + HOUR],
  ] as const) {
    for (const filter of ['', 'inif = 1 or proto udp', 'proto udp', 'not duplicate and proto udp']) {
      const [rolled, records] = await both(store, each => series(each, { from, to, filter }, step, localNetworks));
      expect(rolled.times).toEqual(records.times);
      for (const name of ['inOctets', 'outOctets', 'inPackets', 'outPackets'] as const) {
        expectClose(rolled[name], records[name], `${name} ${step} ${filter}`);
      }
    }
  }
  await expectEqualStacks(store);
}

async function expectEqualStacks(store: Store): Promise<void> {
  for (const [by, stepSeconds, queries] of [
    ['proto', 420, [true, true]],
    ['inif', 420, [false, true]],
    ['dst', 420, [true, true, false]],
    ['src', 7200, [true, true, true]],
    ['dstport', 3600, [true, true]],
    ['dstas', 86_400, [true, true]],
  ] as const) {
    const selection = { from: BASE + 90_000, to: BASE + 30 * HOUR, filter: 'not proto 6' };
    const asked = { by, top: 2, stepSeconds };
    const [rolled, records] = await both(store, each => seriesBy(each, selection, asked, localNetworks), queries);
    expect(rolled.groups.map(({ value }) => value)).toEqual(records.groups.map(({ value }) => value));
    for (const [i, group] of [...records.groups, records.others].entries()) {
      for (const name of ['inOctets', 'outOctets'] as const)
        expectClose((rolled.groups[i] ?? rolled.others)[name], group[name], `${by} ${i} ${name}`);
    }
  }
}

async function expectEqualSummaries(store: Store): Promise<void> {
  for (const selection of selections) {
    const [rolled, records] = await both(store, each => summary(each, selection));
    expect(rolled).toEqual(records);
    expect(rolled.roundTrip!.flows).toBeGreaterThan(0);
  }
}

function expectClose(found: readonly number[], expected: readonly number[], what: string): void {
  const error = found.map((rate, i) => Math.abs(rate - expected[i]!) - 1e-9 * rate);
  expect(Math.max(...error), what).toBeLessThan(1e-3);
}
