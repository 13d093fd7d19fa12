import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SeriesBy } from '../http/types.js';
import { type Selection, series, seriesBy } from './queries.js';
import { BASE, localNetworks, someRecords } from './testing/rollups.js';
import { insertRecords, openTestStore, seeded, type TestStore } from './testing/store.js';

const HOUR = 3_600_000;
const exportTime = BASE / 1000 + 7 * 3600;
const random = seeded(1234);

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore({ localNetworks, rollupPause: HOUR });
  const duplicates = () => random(4) === 0;
  await insertRecords(opened.store, someRecords(random, 600), { exportTime, duplicates });
  await opened.store.keeper?.advance();
  await insertRecords(opened.store, someRecords(random, 200), { exportTime, duplicates });
}, 60_000);
afterAll(() => opened.end(), 30_000);

const by = (selection: Selection, name: string, top: number, stepSeconds: number) =>
  seriesBy(opened.store, selection, { by: name, top, stepSeconds }, localNetworks);

type Rates = SeriesBy['others'];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const octets = ({ inOctets, outOctets }: Rates) => sum(inOctets) + sum(outOctets);

function expectSame(found: Rates, expected: Rates): void {
  for (const name of ['inOctets', 'outOctets'] as const) {
    expect(found[name]).toHaveLength(expected[name].length);
    const error = found[name].map((rate, i) => Math.abs(rate - expected[name][i]!) - 1e-9 * expected[name][i]!);
    expect(Math.max(...error), name).toBeLessThan(1e-3);
  }
}

function together(parts: readonly Rates[]): Rates {
  const add = (name: keyof Rates) => parts[0]![name].map((_, i) => sum(parts.map(part => part[name][i]!)));
  return { inOctets: add('inOctets'), outOctets: add('outOctets') };
}

const all = { from: BASE, to: BASE + 8 * HOUR };
const filtered = { from: BASE + HOUR, to: BASE + 2 * HOUR, filter: 'proto udp or inif = 1' };

test.each([
  ['proto', 60, all],
  ['proto', 7, filtered],
  ['src', 300, all],
  ['dst', 3600, { from: BASE - 5 * HOUR, to: BASE + 900 * HOUR }],
  ['flowEndMilliseconds', 420, all],
  ['56789:12', 7, { ...filtered, filter: 'proto udp' }],
])('groups by %s and others are the plain series (steps of %i s)', async (name, step, selection) => {
  const found = await by(selection, name, 2, step);
  const plain = await series(opened.store, selection, step, localNetworks);
  expect([found.step, found.times]).toEqual([plain.step, plain.times]);
  expect(found.groups.length).toBeLessThanOrEqual(2);
  expectSame(together([...found.groups, found.others]), plain);
});

test.each(['inif', 'exporter', 'samplingInterval'])(
  "by %s, which is each exporter's own, duplicates count, too",
  async name => {
    const found = await by(all, name, 2, 300);
    const filter = 'duplicate or not duplicate';
    const plain = await series(opened.store, { ...all, filter }, 300, localNetworks);
    expectSame(together([...found.groups, found.others]), plain);
  },
);

test.each([
  ['proto', (value: unknown) => (value === null ? 'not proto >= 0' : `proto ${value}`)],
  ['src', (value: unknown) => `src host ${value}`],
])('a group by %s is the series of its value', async (name, filter) => {
  for (const [step, selection] of [
    [300, all],
    [60, filtered],
  ] as const) {
    const { groups } = await by(selection, name, 3, step);
    expect(groups.length).toBeGreaterThan(1);
    for (const group of groups) {
      const its = 'filter' in selection ? `(${selection.filter}) and ${filter(group.value)}` : filter(group.value);
      expectSame(group, await series(opened.store, { ...selection, filter: its }, step, localNetworks));
    }
  }
});

test('the largest come first, by octets of both directions, and all others are none where there is room', async () => {
  const selection = { from: BASE - 100 * HOUR, to: BASE + 1000 * HOUR };
  const { groups, others } = await by(selection, 'src', 32, 7200);
  expect(groups.map(({ value }) => String(value)).sort()).toEqual([0, 1, 2, 3, 4].map(host => `10.0.0.${host}`));
  const sizes = groups.map(octets);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  expect(octets(others)).toBe(0);
  const { groups: first } = await by(selection, 'src', 2, 7200);
  expect(first).toEqual(groups.slice(0, 2));
});

test('interfaces have their names, and what has no such field is a group', async () => {
  const told = { exporter: '192.0.2.1', observationDomainId: 1, description: '', since: BASE };
  await opened.store.keepTold({ interfaces: [{ ...told, interface: 1, name: 'wan' }], elements: [] });
  const { groups } = await by({ from: BASE, to: BASE + 8 * HOUR }, 'inif', 8, 600);
  const named = groups.map(({ value, name }) => `${value} ${name}`).sort();
  expect(named).toEqual(['0 undefined', '1 wan', '2 undefined', 'null undefined']);
});

test('what exporters send under names and numbers of their own', async () => {
  const end = new Date(BASE - 50 * HOUR).toISOString();
  const record = (interfaceName: string, octetDeltaCount: number) => ({
    sourceIPv4Address: '10.0.0.1',
    destinationIPv4Address: '192.0.2.1',
    flowEndMilliseconds: end,
    octetDeltaCount,
    interfaceName,
  });
  await insertRecords(opened.store, [record('eth0', 3000), record('eth1', 60_000), record('', 900)], { exportTime });
  const selection = { from: BASE - 50 * HOUR, to: BASE - 50 * HOUR + 60_000 };
  const { groups, others } = await by(selection, 'interfaceName', 2, 60);
  expect(groups).toEqual([
    { value: 'eth1', inOctets: [0], outOctets: [1000] },
    { value: 'eth0', inOctets: [0], outOctets: [50] },
  ]);
  expect(others).toEqual({ inOctets: [0], outOctets: [15] });
});

test('nothing selected: no group', async () => {
  expect(await by({ from: 0, to: 60_000 }, 'src', 8, 30)).toEqual({
    step: 30,
    times: [0, 30_000],
    groups: [],
    others: { inOctets: [0, 0], outOctets: [0, 0] },
  });
});

test('what cannot be', async () => {
  const hour = { from: BASE, to: BASE + HOUR };
  await expect(by(hour, 'bogus', 8, 60)).rejects.toThrow(/cannot group by "bogus"/);
  await expect(by(hour, 'src,dst', 8, 60)).rejects.toThrow(/cannot group by "src,dst"/);
  await expect(by(hour, 'src', 8, 0)).rejects.toThrow(/at least one second/);
  await expect(by({ ...hour, filter: 'port x' }, 'src', 8, 60)).rejects.toMatchObject({ column: 6 });
});
