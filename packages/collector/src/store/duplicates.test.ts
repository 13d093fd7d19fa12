import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestRecord } from '../flow/testing/records.js';
import { flowRows, groups, records, series } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T21:00:00Z');
const record: TestRecord = {
  sourceIPv4Address: '10.0.0.1',
  destinationIPv4Address: '192.0.2.9',
  protocolIdentifier: 6,
  ingressInterface: 3,
  octetDeltaCount: 600,
  packetDeltaCount: 6,
  flowStartMilliseconds: new Date(BASE).toISOString(),
  flowEndMilliseconds: new Date(BASE + 30_000).toISOString(),
  flowId: 1,
  flowEndReason: 3,
};
const selection = { from: BASE, to: BASE + 60_000 };
const once = [{ flows: 1, octets: 600, packets: 6 }];
const twice = [{ flows: 2, octets: 1200, packets: 12 }];

/** The same Flow, told by two Observation Domains. */
let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  const received = { exportTime: BASE / 1000 + 60 };
  await insertRecords(opened.store, [record], { ...received, domain: 1 });
  await insertRecords(opened.store, [record], { ...received, domain: 2, duplicates: () => true });
}, 60_000);
afterAll(() => opened.end());

describe('a Flow that two tell of', () => {
  test.each<[string, string, string[], object[]]>([
    ['in all', '', [], once],
    ['of a host', 'src host 10.0.0.1', [], once],
    ['of an exporter', 'exporter = 192.0.2.1', [], twice],
    ['of an interface', 'in if 3', [], twice],
    ['by the name of an interface', 'not in if eth0', [], twice],
    ['by translation', 'not nat', [], twice],
    ['of one or the other', 'duplicate or not duplicate', [], twice],
    ['duplicates', 'duplicate', [], once],
    ['the others', 'not duplicate', [], once],
    ['by source', '', ['src'], once],
    ['by domain', '', ['domain'], [...once, ...once]],
    ['by exporter', '', ['exporter', 'src'], twice],
    [
      'by duplicate',
      '',
      ['duplicate'],
      [
        { duplicate: null, octets: 600 },
        { duplicate: 1, octets: 600 },
      ],
    ],
    ['each exporter for what it counts', 'not duplicate', ['domain'], [{ domain: 1, octets: 600 }]],
  ])('groups %s', async (_, filter, by, expected) => {
    const found = await groups(opened.store, { ...selection, filter }, by);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected.map(each => expect.objectContaining(each))));
  });

  test.each([
    ['', 600],
    ['proto tcp', 600],
    ['exporter = 192.0.2.1', 1200],
    ['duplicate', 600],
  ])('a plot of %o', async (filter, octets) => {
    const { outOctets } = await series(opened.store, { ...selection, filter }, 60, ['10.0.0.0/8']);
    expect(outOctets).toEqual([octets / 60]);
  });

  test('a list of Flows', async () => {
    const { flows } = await flowRows(opened.store, selection, { order: 'newest', limit: 10 });
    expect(flows).toMatchObject([{ observationDomainId: 1 }]);
    const { flows: all } = await flowRows(
      opened.store,
      { ...selection, filter: 'exporter = 192.0.2.1' },
      { order: 'newest', limit: 10 },
    );
    expect(all).toHaveLength(2);
  });

  test('records are all there, and say it', async () => {
    const found = [];
    for await (const each of records(opened.store, selection))
      found.push([each.observationDomainId, each.record.duplicate]);
    expect(found.sort()).toEqual([
      [1, undefined],
      [2, 1],
    ]);
  });
});
