import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ToldInterfaceName } from '../flow/told.js';
import { groups, records } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterAll(() => opened.end(), 30_000);

/** The exporter that insertRecords has. */
const exporter = '192.0.2.1';
const to = Date.now() + 60_000;

const now = Date.now();
const named = (observationDomainId: number, number: number, name: string, since = now): ToldInterfaceName => ({
  ...{ exporter, observationDomainId, interface: number, name, description: `port ${number}`, since },
});
const kept = (...names: ToldInterfaceName[]) => names.map(({ since, ...name }) => name);

async function flowsOf(filter: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { record } of records(opened.store, { filter, to }))
    found.push((record as { flowId: number }).flowId);
  return found.sort();
}

test('interfaces go by the names that their exporter gives them, the newest of each', async () => {
  const flow = { ingressInterface: 2, egressInterface: 3 };
  await insertRecords(opened.store, [{ flowId: 1, ...flow }, { flowId: 2, ingressInterface: 3 }, { flowId: 3 }], {
    domain: 1,
  });
  await insertRecords(opened.store, [{ flowId: 4, ...flow }], { domain: 2 });
  const quoted = 'it\'s \\ "0"';
  await opened.store.keepTold({
    interfaces: [named(1, 2, 'wan'), named(1, 3, 'lan'), named(2, 2, quoted)],
    elements: [],
  });
  expect(await flowsOf('in if wan')).toEqual([1]);
  expect(await flowsOf('out if lan')).toEqual([1]);
  expect(await flowsOf('in if lan')).toEqual([2]);
  expect(await flowsOf('not in if wan')).toEqual([2, 3, 4]);
  expect(await flowsOf('in if eth0')).toEqual([]);
  expect(await flowsOf('in if 2')).toEqual([1, 4]);
  await opened.store.keepTold({ interfaces: [named(1, 2, 'uplink', now + 1)], elements: [] });
  // What an earlier run could not tell may come late.
  await opened.store.keepTold({ interfaces: [named(1, 2, 'wan')], elements: [] });
  expect(await flowsOf('in if wan')).toEqual([]);
  expect(await flowsOf('in if uplink')).toEqual([1]);
  expect(await opened.store.interfaces()).toEqual(kept(named(1, 2, 'uplink'), named(1, 3, 'lan'), named(2, 2, quoted)));
});

test('groups by interface have the names beside the numbers', async () => {
  const octets = { octetDeltaCount: 100 };
  const sent = [
    { ...octets, ingressInterface: 20, egressInterface: 21 },
    { ...octets, ingressInterface: 20 },
  ];
  for (const domain of [11, 12]) await insertRecords(opened.store, sent, { domain });
  await opened.store.keepTold({ interfaces: [named(11, 20, 'wan'), named(12, 20, 'lan')], elements: [] });
  const by = (fields: string[], filter: string) => groups(opened.store, { filter, to }, fields);
  const both = 'domain in (11, 12)';
  expect(await by(['inif'], both)).toMatchObject([{ inif: 20, inifName: 'lan, wan', octets: 400 }]);
  expect(await by(['inif'], 'domain = 11')).toMatchObject([{ inif: 20, inifName: 'wan', octets: 200 }]);
  expect(await by(['domain', 'ingressInterface', 'outif'], `${both} and outif = 21`)).toMatchObject([
    { domain: 11, ingressInterface: 20, ingressInterfaceName: 'wan', outif: 21 },
    { domain: 12, ingressInterface: 20, ingressInterfaceName: 'lan', outif: 21 },
  ]);
  const [{ octets: sum, ...unnamed } = {}] = await by(['outif'], `${both} and outif = 21`);
  expect(sum).toBe(200);
  expect(unnamed).not.toHaveProperty('outifName');
});

test('many names are taken', async () => {
  const names = Array.from({ length: 1000 }, (_, i) => named(3, i, `${i}`.padStart(256, 'x')));
  await opened.store.keepTold({ interfaces: names, elements: [] });
  expect((await opened.store.interfaces()).filter(each => each.observationDomainId === 3)).toHaveLength(1000);
});
