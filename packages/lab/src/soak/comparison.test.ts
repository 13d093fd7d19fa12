import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addresses } from '../namespaces/topology.js';
import { accountsOf } from './account.js';
import { type Comparison, compare } from './comparison.js';
import type { FaultRun } from './fault-run.js';
import { faults } from './faults.js';

const { client, server } = addresses;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-compare-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A line of `conntrack -E`: of so many packets of 48 octets from this port, at this second. */
function end(port: number, packets: number, second: number, source: string = client.v4): string {
  const way = (from: string, to: string, count: number): string =>
    `src=${from} dst=${to} sport=${port} dport=53 packets=${count} bytes=${48 * count}`;
  const tuples = `${way(source, server.v4, packets)} [UNREPLIED] ${way(server.v4, source, 0)}`;
  return `[${second}.500000]\t[DESTROY] ipv4     2 udp      17 29 ${tuples} delta-time=0 id=${port}`;
}

function record(port: number, packets: number, reason = 1, flowEnd = 9): string {
  const addresses = { sourceIPv4Address: client.v4, destinationIPv4Address: server.v4 };
  const ports = { sourceTransportPort: port, destinationTransportPort: 53, protocolIdentifier: 17, flowId: port };
  const counters = { packetDeltaCount: packets, octetDeltaCount: 48 * packets };
  const times = { flowStartMilliseconds: new Date(1000).toISOString(), flowEndMilliseconds: flowEnd };
  return JSON.stringify({ record: { ...addresses, ...ports, ...counters, ...times, flowEndReason: reason } });
}

function comparison(ends: readonly string[], records: readonly string[]): Promise<Comparison> {
  const [of, stored] = ['ends', 'records'].map(name => join(folder, name)) as [string, string];
  writeFileSync(of, `${ends.join('\n')}\n`);
  writeFileSync(stored, `${records.join('\n')}\n`);
  return compare(of, ['cat', stored], folder);
}

test('what the store has of each connection is what the kernel counted, in whatever parts', async () => {
  const found = await comparison(
    [end(2, 5, 20), end(1, 3, 10), end(3, 1, 30, server.v4)],
    [record(2, 2, 2, 1), record(1, 3), record(2, 3)],
  );
  expect(found).toMatchObject({ exact: 2, doubled: 0, retold: 0, deviations: [] });
  expect(found.kernel).toEqual({ flows: 2, sums: [8, 384, 0, 0] });
  expect(found.store).toEqual({ records: 3, ends: 2, sums: [8, 384, 0, 0] });
});

test('what is told twice is counted, and counts once', async () => {
  const found = await comparison([end(1, 3, 10), end(1, 3, 11)], [record(1, 3), record(1, 3)]);
  expect(found).toMatchObject({ exact: 1, doubled: 1, retold: 1, deviations: [] });
});

test('two connections alike, of which both are told, are no event that was repeated', async () => {
  const found = await comparison([end(1, 3, 10), end(1, 3, 40)], [record(1, 3, 1, 9), record(1, 3, 1, 39)]);
  expect(found).toMatchObject({ exact: 2, doubled: 0, retold: 0, deviations: [] });
});

test('what is missing, short, or too much', async () => {
  const found = await comparison(
    [end(1, 3, 10), end(2, 3, 20), end(3, 3, 30)],
    [record(2, 2), record(3, 4), record(4, 1)],
  );
  const by = new Map(found.deviations.map(each => [each.key.split(' ')[2], each]));
  expect(by.get('1')).toMatchObject({ ends: 1, told: 0, lacks: [3, 144, 0, 0], endTimes: [10_500] });
  expect(by.get('2')).toMatchObject({ ends: 1, told: 1, lacks: [1, 48, 0, 0], start: 1000 });
  expect(by.get('3')).toMatchObject({ lacks: [-1, -48, 0, 0] });
  expect(by.get('4')).toMatchObject({ ends: 0, told: 1, endTimes: [] });
});

test('a kill explains what ended around it, and what it was in the midst of; nothing else', async () => {
  const found = await comparison(
    [end(1, 3, 100), end(2, 3, 200), end(3, 3, 500), end(4, 3, 500), end(5, 3, 60)],
    [record(3, 2), record(5, 5)],
  );
  const killed = (what: 'probe' | 'collector', at: number): FaultRun => ({
    fault: faults.find(each => each.kills === what)!,
    ...{
      begun: at * 1000,
      healed: (at + 4) * 1000,
      recovered: (at + 5) * 1000,
      over: (at + 6) * 1000,
      said: '',
      counted: {},
    },
  });
  const ports = (all: readonly { key: string }[] = []): string[] => all.map(({ key }) => key.split(' ')[2]!);
  const accounts = accountsOf(found, [killed('probe', 98), killed('collector', 198)]);
  expect(ports(accounts.stated.get('no probe was there'))).toEqual(['1']);
  expect(ports(accounts.stated.get('in the memory of a killed probe'))).toEqual(['3']);
  expect(ports(accounts.stated.get('at the kill of the collector'))).toEqual(['2']);
  expect(ports(accounts.rest)).toEqual(['4']);
  expect(ports(accounts.excess)).toEqual(['5']);
  const dropping = { ...killed('probe', 490), fault: faults.find(each => each.kills === undefined)! };
  const losing = { ...dropping, over: 510_000, counted: { unsent_records_total: 2 } };
  expect(ports(accountsOf(found, [losing]).counted.get(losing))).toEqual(['3', '4']);
});
