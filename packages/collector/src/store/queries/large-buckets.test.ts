import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../../flow/testing/records.js';
import { groups, type Selection } from '../queries.js';
import { insertRecords, openTestStore, seeded, type TestStore } from '../testing/store.js';
import type { Largest } from './sums.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const hour: Selection = { from: BASE, to: BASE + 3_600_000 };
const random = seeded(7);

/** Records of pairs that are many more than the buckets that are looked into. */
function pairs(count: number, octetsOf: (pair: number) => number, after: number): TestRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    sourceIPv4Address: `10.0.${i % 250}.${random(3)}`,
    destinationIPv4Address: `192.0.${Math.floor(i / 250) % 250}.${random(3)}`,
    // Some have no port, and so not all keys.
    ...(random(5) > 0 && { destinationTransportPort: 400 + random(3) }),
    octetDeltaCount: octetsOf(i),
    // Who sends little may be sent much.
    reverseOctetDeltaCount: i % 500 === 0 ? 2_000_000 - i : random(1000),
    flowStartMilliseconds: new Date(BASE + after + i).toISOString(),
    flowEndMilliseconds: new Date(BASE + after + i + 5).toISOString(),
    flowEndReason: 1,
    ...(random(2) === 0 && { flowId: i }),
  }));
}

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  // Few are much larger than the others, so that only their buckets have to be looked into.
  await insertRecords(
    opened.store,
    pairs(6000, i => (i % 300 === 0 ? 1_000_000 + i : 1 + random(100)), 0),
  );
  // All alike, an hour later: whichever are looked into, the others are as large.
  await insertRecords(
    opened.store,
    pairs(3000, () => 7, 3_600_000),
  );
});
afterAll(() => opened.end());

/** What was asked of the engine. */
async function asked(by: string[], selection: Selection, top: number, order?: Largest) {
  const statements: string[] = [];
  const store = new Proxy(opened.store, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (name === 'query')
        return async (sql: string, parameters: Record<string, unknown>) => {
          statements.push(sql);
          return await target.query(sql, parameters);
        };
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { found: await groups(store, selection, by, top, order), statements };
}

const wanted = async (by: string[], selection: Selection, top: number, order?: Largest) =>
  (await groups(opened.store, selection, by, undefined, order)).slice(0, top);

test.each([[['src', 'dst']], [['src', 'dst', 'dstport']], [['dst', 'dstport']]])(
  'the largest of many groups are those of all groups: %s',
  async by => {
    for (const top of [1, 10, 20]) expect((await asked(by, hour, top)).found).toEqual(await wanted(by, hour, top));
    expect((await asked(by, hour, 10, 'both')).found).toEqual(await wanted(by, hour, 10, 'both'));
    const filtered = { ...hour, filter: 'dst port 401' };
    expect((await asked(by, filtered, 10)).found).toEqual(await wanted(by, filtered, 10));
  },
);

test('the largest of both directions are others than those that sent most', async () => {
  const [both, sent] = await Promise.all([wanted(['src', 'dst'], hour, 5, 'both'), wanted(['src', 'dst'], hour, 5)]);
  expect(both).not.toEqual(sent);
  const sizes = both.map(({ octets, reverseOctets }) => Number(octets) + Number(reverseOctets));
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
});

test('large buckets are enough where few groups are large, and all are summed up where they are not', async () => {
  expect((await asked(['src', 'dst'], hour, 10)).statements).toHaveLength(2);
  const later = { from: hour.to!, to: hour.to! + 3_600_000 };
  const { found, statements } = await asked(['src', 'dst'], later, 10);
  expect(statements).toHaveLength(3);
  expect(found).toEqual(await wanted(['src', 'dst'], later, 10));
  expect((await asked(['src'], hour, 10)).statements).toHaveLength(1);
});
