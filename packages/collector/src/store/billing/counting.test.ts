import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Inside } from '../../analysis/billing/account.js';
import type { TestRecord } from '../../flow/testing/records.js';
import type { Store } from '../client.js';
import { insertRecords, openTestStore, seeded, type TestStore } from '../testing/store.js';
import type { Billing } from './billing.js';
import { account } from './testing/account.js';

const HOUR = 3_600_000;
const BASE = Date.parse('2026-10-10T12:00:00Z');
const time = (at: number) => new Date(BASE + at).toISOString();
const received = { exportTime: (BASE + HOUR) / 1000 };
const now = () => Date.parse('2026-10-20T00:00:00Z');

/** From 10.0.0.1 to 192.0.2.1, over a second. */
function record(more: TestRecord = {}): TestRecord {
  return {
    ...{ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.1', protocolIdentifier: 6 },
    ...{ flowStartMilliseconds: time(0), flowEndMilliseconds: time(1000) },
    ...more,
  };
}

const counters = (octets: number, reverse: number) => ({ octetDeltaCount: octets, reverseOctetDeltaCount: reverse });

async function octetsOf(billing: Billing, name: string) {
  const { octets } = (await billing.bill(name, '2026-10')).statement;
  return [octets.in, octets.out, octets.within];
}

let opened: TestStore;
let store: Store;
let names = 0;

beforeAll(async () => {
  opened = await openTestStore();
  store = opened.store;
});
afterAll(() => opened?.end());

/** An account that is new, in a store without records. */
async function newAccount(inside: Inside, filter = ''): Promise<{ name: string; billing: Billing }> {
  const name = `account-${names++}`;
  await store.query('TRUNCATE TABLE flows');
  const asked = account(name, inside, { definition: { inside, filter }, timeZone: 'UTC' });
  return { name, billing: (await store.billing({ accounts: [asked], now }))! };
}

/** What an account counts of the records. */
async function counted(records: readonly TestRecord[], inside: Inside, filter = '', options: object = {}) {
  const { name, billing } = await newAccount(inside, filter);
  await insertRecords(store, records, { ...received, ...options });
  await billing.advance();
  const { statement } = await billing.bill(name, '2026-10');
  return { octets: await octetsOf(billing, name), full: statement.samples - statement.emptySamples };
}

const networks = (...values: string[]): Inside => ({ kind: 'networks', values });

test('what is inside gives the direction, whoever began', async () => {
  const records = [
    record(counters(1, 10)),
    record({ sourceIPv4Address: '192.0.2.1', destinationIPv4Address: '10.0.0.1', ...counters(100, 1000) }),
    record({ destinationIPv4Address: '10.0.0.2', ...counters(10_000, 100_000) }),
    record({ sourceIPv4Address: '192.0.2.1', ...counters(1_000_000, 0) }),
  ];
  expect((await counted(records, networks('10.0.0.0/24'))).octets).toEqual([110, 1001, 110_000]);
  expect((await counted(records, networks('10.0.0.2'))).octets).toEqual([10_000, 100_000, 0]);
  expect((await counted(records, { kind: 'local', values: ['10.0.0.0/8'] }, 'proto tcp')).octets).toEqual([
    100 + 10 + 100_000,
    1000 + 1 + 10_000 + 1_000_000,
    0,
  ]);
});

test('interfaces have in what comes in by them, MAC addresses what they receive', async () => {
  const records = [
    record({ ingressInterface: 3, egressInterface: 4, ...counters(1, 10) }),
    record({ ingressInterface: 4, egressInterface: 3, ...counters(100, 1000) }),
    record({ ingressInterface: 3, egressInterface: 3, ...counters(10_000, 0) }),
  ];
  expect((await counted(records, { kind: 'interfaces', values: ['3'] })).octets).toEqual([1001, 110, 10_000]);
  const told = { exporter: '192.0.2.1', observationDomainId: 1, interface: 3, description: '', since: BASE };
  await store.keepTold({ interfaces: [{ ...told, name: 'wan.7' }], elements: [] });
  expect((await counted(records, { kind: 'interfaces', values: ['wan.7'] })).octets).toEqual([1001, 110, 10_000]);
  const stations = [
    record({ sourceMacAddress: '02:00:5e:10:00:01', ...counters(1, 10) }),
    record({ destinationMacAddress: '02:00:5e:10:00:01', ...counters(100, 1000) }),
  ];
  expect((await counted(stations, { kind: 'macs', values: ['02:00:5e:10:00:01'] })).octets).toEqual([110, 1001, 0]);
});

test('an address is inside as it was sent and as translation made it', async () => {
  const records = [
    record({ postNATSourceIPv4Address: '203.0.113.5', ...counters(1, 10) }),
    record({
      ...{ sourceIPv4Address: '192.0.2.1', destinationIPv4Address: '203.0.113.5' },
      ...{ postNATDestinationIPv4Address: '10.0.0.1', ...counters(100, 1000) },
    }),
  ];
  expect((await counted(records, networks('10.0.0.1'))).octets).toEqual([110, 1001, 0]);
  expect((await counted(records, networks('203.0.113.5'))).octets).toEqual([110, 1001, 0]);
});

test('sampled packets stand for many, and a Flow of several exporters counts once', async () => {
  const records = [record({ samplingInterval: 100, ...counters(7, 3) }), record(counters(1, 1))];
  const duplicates = (i: number) => i === 1;
  expect((await counted(records, networks('10.0.0.1'), '', { duplicates })).octets).toEqual([300, 700, 0]);
  // Who asks for an exporter's own word asks for all that it told.
  expect((await counted(records, networks('10.0.0.1'), 'exporter = 192.0.2.1', { duplicates })).octets).toEqual([
    301, 701, 0,
  ]);
});

test('octets that cannot be divided are not lost', async () => {
  const long = { flowStartMilliseconds: time(-7 * HOUR + 1), flowEndMilliseconds: time(0) };
  const { octets, full } = await counted([record({ ...long, ...counters(83, 1_000_003) })], networks('10.0.0.1'));
  expect(octets).toEqual([1_000_003, 83, 0]);
  expect(full).toBe(7 * 12);
});

test('whatever records last, their samples add up to what they counted', async () => {
  const random = seeded(3);
  const sums = { in: 0, out: 0 };
  const records = Array.from({ length: 300 }, () => {
    const octets = random(2) === 0 ? random(400) : random(2 ** 31) * 5;
    const length = [0, 1, random(1000), random(HOUR), random(8 * 24 * HOUR)][random(5)]!;
    const end = random(24 * HOUR) - 23 * HOUR;
    sums.out += octets;
    sums.in += octets + 1;
    return record({
      ...{ flowStartMilliseconds: time(end - length), flowEndMilliseconds: time(end) },
      ...counters(octets, octets + 1),
    });
  });
  expect((await counted(records, networks('10.0.0.1'))).octets).toEqual([sums.in, sums.out, 0]);
});

test('what a clock that is wrong tells of counts when it was received, and a Flow of months in its last 30 days', async () => {
  const wrong = [-100 * 24 * HOUR, 3 * 24 * HOUR].map(at =>
    record({ flowStartMilliseconds: time(at - 1), flowEndMilliseconds: time(at), ...counters(5, 0) }),
  );
  expect(await counted(wrong, networks('10.0.0.1'))).toEqual({ octets: [0, 10, 0], full: 1 });
  const old = record({
    flowStartMilliseconds: '2020-01-01T00:00:00Z',
    flowEndMilliseconds: time(0),
    ...counters(30 * 24 * 12, 0),
  });
  // From 1 October on, at one octet a sample.
  expect((await counted([old], networks('10.0.0.1'))).octets).toEqual([0, 9.5 * 24 * 12, 0]);
});

test('counters that no number holds do not overflow', async () => {
  const huge = record({ octetDeltaCount: 2n ** 64n - 1n, samplingInterval: 1000 });
  expect((await counted([huge, huge], networks('10.0.0.1'))).octets).toEqual([0, '36893488147419103230', 0]);
});

test('what totals repeat counts once, in whatever order they come', async () => {
  const { name, billing } = await newAccount(networks('10.0.0.1'));
  for (const i of [0, 3, 1, 2, 5]) {
    const total = { octetTotalCount: 1000 * (i + 1), reverseOctetTotalCount: 10 * (i + 1) };
    await insertRecords(store, [record({ flowEndMilliseconds: time(i * 600_000 + 1000), ...total })], received);
    await billing.advance();
  }
  expect(await octetsOf(billing, name)).toEqual([60, 6000, 0]);
});

test('the engine may be killed in any step, and a run may end anywhere', async () => {
  const random = seeded(5);
  await store.query('TRUNCATE TABLE flows');
  const accounts = [account('a', networks('10.0.0.0/8')), account('b', networks('10.0.0.1'))];
  const billing = (await store.billing({ accounts, now }))!;
  let [sent, failed] = [0, 0];
  for (let kills = 0; kills < 8; kills++) {
    const records = Array.from({ length: 50 }, () => {
      const octets = random(100_000);
      sent += octets;
      return record({ flowStartMilliseconds: time(-random(9 * 24) * HOUR), ...counters(octets, 0) });
    });
    await insertRecords(store, records, received);
    const killed = new Promise(resolve => setTimeout(resolve, random(80))).then(() =>
      process.kill(store.enginePid!, 'SIGKILL'),
    );
    await billing.advance().catch(() => failed++);
    await killed;
  }
  expect(failed).toBeGreaterThan(0);
  // The engine may be on its way up.
  for (let tries = 0; tries < 20; tries++) {
    const done = await billing.advance().then(
      () => true,
      () => new Promise<false>(resolve => setTimeout(() => resolve(false), 500)),
    );
    if (done) break;
  }
  expect(await octetsOf(billing, 'a')).toEqual([0, sent, 0]);
  expect(await octetsOf(billing, 'b')).toEqual([0, sent, 0]);
  // Another run takes up where this one was.
  const again = (await store.billing({ accounts, now }))!;
  await insertRecords(store, [record(counters(1, 0))], received);
  await again.advance();
  expect(await octetsOf(again, 'a')).toEqual([0, sent + 1, 0]);
}, 120_000);
