import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestRecord } from '../../flow/testing/records.js';
import type { MeshLoads as Answer } from '../../http/types.js';
import type { Mesh } from '../../mesh/mesh.js';
import { aMesh } from '../../mesh/testing/meshes.js';
import type { Store } from '../client.js';
import { insertRecords, openTestStore, seeded, type TestStore } from '../testing/store.js';
import { meshLoads } from './asked-loads.js';
import type { MeshLoads } from './loads.js';
import type { MeshLoadsOptions } from './options.js';

const MINUTE = 60_000;
/** Shortly before midnight, so that there are two partitions; tests on one store have times of their own, as who has told of what is kept in mind. */
const BASE = Date.parse('2026-03-01T23:50:00Z');
let base = BASE;
const insert = (store: Store, records: readonly TestRecord[], exporter: string, isDuplicate = false) =>
  insertRecords(store, records, { exporter, exportTime: base / 1000 + 3600, duplicates: () => isDuplicate });

/** a - b - c - g, and a shorter way a - g that costs more; g leads out. */
const nodes = ['a', 'b', 'c', 'g'].map((id, i) => ({
  ...{ id, gateway: id === 'g', addresses: [`10.0.0.${i + 1}`, `fd00::${i + 1}`] },
  networks: [`10.1.${i + 1}.0/24`, `fd00:${i + 1}::/32`],
}));
const costing = (cost: number) => ({ cost, reverseCost: cost });
const mesh = aMesh(nodes, [
  ['a', 'b', costing(1)],
  ['b', 'c', costing(1)],
  ['c', 'g', costing(1)],
  ['a', 'g', costing(9)],
]);
const shortcut = aMesh(nodes, [
  ['a', 'b', costing(1)],
  ['b', 'c', costing(1)],
  ['c', 'g', costing(1)],
  ['a', 'g', costing(1)],
]);

function keptBy(store: Store, options: Partial<MeshLoadsOptions> = {}): Promise<MeshLoads | undefined> {
  const topologies = { names: () => ['mesh'], meshAt: async () => mesh };
  return store.meshLoads({ topologies, rules: [], pause: 3_600_000, ...options });
}

const time = (minutes: number) => new Date(base + minutes * MINUTE).toISOString();

function flow(rest: TestRecord, begin = 0, end = begin): TestRecord {
  const given = Object.keys(rest).some(key => key.startsWith('sourceIPv6'));
  return {
    ...(given ? {} : { sourceIPv4Address: '10.1.1.5', destinationIPv4Address: '198.51.100.7' }),
    ...{ protocolIdentifier: 6, octetDeltaCount: 6000, packetDeltaCount: 6 },
    ...{ reverseOctetDeltaCount: 600, reversePacketDeltaCount: 3 },
    ...{ flowStartMilliseconds: time(begin), flowEndMilliseconds: time(end) },
    ...rest,
  };
}

/** Octets there and back by link and how, over all the time. */
async function octets(store: Store, from = -10, to = 50): Promise<Record<string, readonly [number, number]>> {
  const { links, step } = await ask(store, from, to);
  const sum = (rates: readonly number[]) => Math.round((rates.reduce((all, rate) => all + rate, 0) * step) / 8);
  return Object.fromEntries(
    links
      .map(
        ({ link, how, forward, reverse }) =>
          [`${link} ${how.map(each => each.how)}`, [sum(forward), sum(reverse)]] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function ask(store: Store, from = -10, to = 50, rest: object = {}): Promise<Answer> {
  const interval = { from: base + from * MINUTE, to: base + to * MINUTE };
  return meshLoads(store, { topology: 'mesh', interval, step: 60, ...rest });
}

describe('loads of Flow Records', () => {
  let store: Store;
  let loads: MeshLoads;
  let end: () => Promise<void>;
  let state: (at: number) => Mesh = () => mesh;

  beforeAll(async () => {
    ({ store, end } = await openTestStore({ rollupPause: 3_600_000 }));
    const topologies = { names: () => ['mesh'], meshAt: async (_: string, at: number) => state(at) };
    loads = (await keptBy(store, { topologies, rules: [{ network: '10.9.0.0/16', node: 'c' }] }))!;
  });
  beforeEach(async () => {
    base += 120 * MINUTE;
    for (const table of ['mesh_loads', 'mesh_ends', 'mesh_unplaced']) await store.query(`TRUNCATE TABLE ${table}`);
  });
  afterAll(() => end());

  test('of one exporter lie on each link of the way to the gateway, and back', async () => {
    await insert(store, [flow({ ipNextHopIPv4Address: '10.0.0.2' })], '10.0.0.1');
    await loads.advance();
    expect(await octets(store)).toEqual({
      'a~b measured': [6000, 600],
      'b~c shortest': [6000, 600],
      'c~g shortest': [6000, 600],
    });
    const answer = await ask(store);
    expect(answer.nodes).toHaveLength(2);
    const rate = (count: number) => (count * 8) / 3600;
    expect(answer.nodes[0]).toEqual({ node: 'a', sent: rate(6000), received: rate(600), out: 0, in: 0 });
    expect(answer.nodes[1]).toEqual({ node: 'g', sent: 0, received: 0, out: rate(6000), in: rate(600) });
    expect(answer.placed).toBe(6600);
    expect(answer.unplaced).toEqual([]);
    expect(answer.links[0]!.classes).toEqual({ tcp: 1, udp: 0, icmp: 0, other: 0 });
  });

  test('of several exporters that tell of the same Flow count once', async () => {
    await insert(store, [flow({ ipNextHopIPv4Address: '10.0.0.2' })], '10.0.0.1');
    await insert(store, [flow({ ipNextHopIPv4Address: '10.0.0.3' })], '10.0.0.2', true);
    const nat = { postNATSourceIPv4Address: '203.0.113.4', ipNextHopIPv4Address: '203.0.113.1' };
    await insert(store, [flow(nat)], '10.0.0.4', true);
    await loads.advance();
    expect(await octets(store)).toEqual({
      'a~b measured': [6000, 600],
      'b~c measured': [6000, 600],
      'c~g shortest': [6000, 600],
    });
    expect((await ask(store)).placed).toBe(6600);
  });

  test('of translated and of IPv6 addresses, and by rules of users', async () => {
    const records = [
      flow({ sourceIPv4Address: '192.168.1.9', postNATSourceIPv4Address: '10.0.0.3' }),
      flow({ sourceIPv6Address: 'fd00:3::9', destinationIPv6Address: '2001:db8::1', protocolIdentifier: 17 }),
      flow({ sourceIPv4Address: '10.9.8.7', destinationIPv4Address: '10.1.4.4', protocolIdentifier: 1 }),
      flow({
        sourceIPv4Address: '198.51.100.7',
        destinationIPv4Address: '203.0.113.4',
        postNATDestinationIPv4Address: '10.1.3.3',
      }),
    ];
    await insert(store, records, '10.0.0.3');
    await loads.advance();
    expect(await octets(store)).toEqual({ 'c~g shortest': [3 * 6000 + 600, 3 * 600 + 6000] });
    const [link] = (await ask(store)).links;
    expect(link!.classes).toEqual({ tcp: 0.5, udp: 0.25, icmp: 0.25, other: 0 });
  });

  test('are scaled where packets were sampled, and nowhere where an address has no place', async () => {
    const records = [
      flow({ samplingInterval: 100 }),
      flow({ sourceIPv4Address: '198.51.100.1' }),
      flow({ destinationIPv4Address: '239.1.1.1' }),
    ];
    await insert(store, records, '198.51.100.99');
    await loads.advance();
    expect((await octets(store))['a~b shortest']).toEqual([600_000, 60_000]);
    const { placed, unplaced } = await ask(store);
    expect(placed).toBe(660_000);
    expect(unplaced.map(({ reason, octets: count }) => [reason, count])).toEqual([
      ['unknown source', 6600],
      ['unknown destination', 6600],
    ]);
    expect(unplaced[0]!.share).toBeCloseTo(6600 / (660_000 + 2 * 6600));
  });

  test('are spread over the interval of each record, interim reports each over its own', async () => {
    const reports = [0, 1, 2].map(i =>
      flow(
        {
          ...{
            flowId: 7,
            octetDeltaCount: 6000 * (i + 1),
            flowStartMilliseconds: time(0),
            flowEndReason: i < 2 ? 2 : 3,
          },
          ...(i > 0 && { monitoringIntervalStartMilliSeconds: time(i) }),
        },
        i,
        i + 1,
      ),
    );
    await insert(store, [...reports, flow({ octetDeltaCount: 6000 }, 4.5, 7)], '10.0.0.4');
    await loads.advance();
    const { links } = await ask(store, 0, 8);
    const rate = (count: number) => (count * 8) / 60;
    expect(links.find(({ link }) => link === 'a~b')!.forward).toEqual(
      [6000, 12_000, 18_000, 0, 1200, 2400, 2400, 0].map(rate),
    );
  });

  test('of a record of weeks are few rows, and add up to it', async () => {
    const [begin, last] = [-20 * 1440 - 17, 33];
    await insert(store, [flow({ octetDeltaCount: 3_000_000_001 }, begin, last)], '10.0.0.1');
    await loads.advance();
    const [row] = await store.query<{ n: string; octets: string }>(
      "SELECT count() AS n, sum(octets) AS octets FROM mesh_loads WHERE link = 'a~b'",
    );
    expect(row!.octets).toBe('3000000001');
    expect(Number(row!.n)).toBeLessThan(220);
    const aDay = { from: -5 * 1440 + 100, to: -4 * 1440 + 100 };
    const { links } = await ask(store, aDay.from, aDay.to, { step: 1800, link: 'a~b' });
    expect(links).toHaveLength(1);
    const expected = (3_000_000_001 * 8) / ((last - begin) * 60);
    for (const rate of links[0]!.forward.slice(1, -1)) expect(rate / expected).toBeCloseTo(1, 3);
  });

  test('are those of the topology as it was when a record ended', async () => {
    state = at => (at < base + 5 * MINUTE ? mesh : shortcut);
    const records = [0, 4, 6].map(minute => flow({}, minute));
    await insert(store, records, '10.0.0.4');
    await loads.advance();
    expect(await octets(store)).toEqual({
      'a~b shortest': [12_000, 1200],
      'a~g shortest': [6000, 600],
      'b~c shortest': [12_000, 1200],
      'c~g shortest': [12_000, 1200],
    });
    state = () => mesh;
  });

  test('are told of one link, and of one node and its links', async () => {
    await insert(store, [flow({})], '10.0.0.1');
    await loads.advance();
    expect((await ask(store, -10, 50, { link: 'b~c' })).links.map(({ link }) => link)).toEqual(['b~c']);
    const ofNode = await ask(store, -10, 50, { node: 'g' });
    expect(ofNode.links.map(({ link }) => link)).toEqual(['c~g']);
    expect(ofNode.nodes.map(({ node }) => node)).toEqual(['g']);
    await expect(ask(store, -10, 50, { topology: 'other' })).resolves.toMatchObject({
      links: [],
      nodes: [],
      placed: 0,
    });
  });
});

/** What any number of steps come to: records go from a to anywhere outside, each over all three links. */
async function expectWhole(store: Store, expected: number): Promise<void> {
  const rows = await store.query<{ octets: string; link: string }>(
    'SELECT link, sum(octets) AS octets FROM mesh_loads GROUP BY link ORDER BY link',
  );
  expect(rows).toEqual(['a~b', 'b~c', 'c~g'].map(link => ({ link, octets: String(expected) })));
  const [sums] = await store.query<{ sent: string; leaves: string }>(
    'SELECT sum(sent) AS sent, sum(leaves) AS leaves FROM mesh_ends',
  );
  expect(sums).toEqual({ sent: String(expected), leaves: String(expected) });
}

describe('each record counts once', () => {
  const random = seeded(9);
  let sum = 0;
  const some = (count: number) =>
    Array.from({ length: count }, () => {
      const octetDeltaCount = 1 + random(1_000_000);
      sum += octetDeltaCount;
      const begin = random(30);
      return flow(
        { octetDeltaCount, reverseOctetDeltaCount: 0, sourceIPv4Address: `10.1.1.${random(200)}` },
        begin,
        begin + random(5),
      );
    });
  const insertSome = (store: Store) => insert(store, some(100), '10.0.0.4');
  beforeEach(() => {
    [sum, base] = [0, BASE];
  });

  test('though the engine is killed in any step', async () => {
    const { store, deaths, end } = await openTestStore({ rollupPause: 3_600_000 });
    const loads = (await keptBy(store))!;
    let failed = 0;
    for (let kills = 1; kills <= 15; kills++) {
      await insertSome(store);
      const killed = new Promise(resolve => setTimeout(resolve, random(120))).then(() =>
        process.kill(store.enginePid!, 'SIGKILL'),
      );
      await loads.advance().catch(() => failed++);
      await killed;
      while (deaths.length < kills || !store.status.healthy) await new Promise(resolve => setTimeout(resolve, 20));
    }
    expect(failed).toBeGreaterThan(2);
    await loads.advance();
    await expectWhole(store, sum);
    await end();
  }, 240_000);

  test('though a step is in some of the partitions only', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'weir-store-'));
    const first = await openTestStore({ directory, rollupPause: 3_600_000 });
    await insertSome(first.store);
    await (await keptBy(first.store))!.advance();
    await expectWhole(first.store, sum);
    for (const table of ['mesh_loads', 'mesh_ends']) {
      const partitions = await first.store.query<{ id: string }>(
        `SELECT DISTINCT _partition_id AS id FROM ${table} ORDER BY id`,
      );
      expect(partitions).toHaveLength(2);
      await first.store.query(`ALTER TABLE ${table} DROP PARTITION ID '${partitions[0]!.id}'`);
    }
    await first.store.close();
    const { store, end } = await openTestStore({ directory, rollupPause: 3_600_000 });
    await (await keptBy(store))!.advance();
    await expectWhole(store, sum);
    await end();
  }, 120_000);
});

describe('topologies come and go', () => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore({ rollupPause: 3_600_000 });
  });
  afterAll(() => opened.end());

  test('records wait for one that could not be read, and a second one gets them all', async () => {
    const { store } = opened;
    const names: string[] = [];
    let known: Mesh | undefined;
    const told: string[] = [];
    const topologies = { names: () => names, meshAt: async () => known };
    const loads = (await keptBy(store, { topologies, onLoads: name => told.push(name), keepMeshLoads: 9000 }))!;
    for (let batch = 0; batch < 3; batch++) await insert(store, [flow({})], '10.0.0.1');
    await loads.advance();
    names.push('mesh');
    await loads.advance();
    expect(loads.counters.records).toBe(0);
    known = mesh;
    await loads.advance();
    expect(loads.counters).toMatchObject({ steps: 1, records: 3 });
    expect((await octets(store))['a~b shortest']).toEqual([18_000, 1800]);
    names.push('second');
    await insert(store, [flow({})], '10.0.0.1');
    await loads.advance();
    expect(told).toEqual(['mesh', 'second', 'mesh', 'second']);
    expect((await ask(store, -10, 50, { topology: 'second' })).placed).toBe(4 * 6600);
    expect((await ask(store)).placed).toBe(4 * 6600);
    const [table] = await store.query<{ engine: string }>(
      "SELECT engine_full AS engine FROM system.tables WHERE name = 'mesh_loads'",
    );
    expect(table!.engine).toContain('TTL time + toIntervalDay(9000)');
  });
});
