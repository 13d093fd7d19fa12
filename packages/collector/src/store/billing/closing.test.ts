import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Account, Inside } from '../../analysis/billing/account.js';
import { insertRecords, openTestStore, type TestStore } from '../testing/store.js';
import type { Billing } from './billing.js';
import { account } from './testing/account.js';

const inside: Inside = { kind: 'networks', values: ['10.0.0.0/8'] };
const office = account('office', inside, { quota: { octets: 10_000n, of: 'sum', warn: [50, 100] } });
const at = (text: string) => Date.parse(text);

let opened: TestStore;
let clock: number;
const told: string[] = [];

beforeEach(async () => {
  opened = await openTestStore();
  clock = at('2026-10-05T00:00:00Z');
  told.length = 0;
});
afterEach(() => opened.end());

async function start(...accounts: readonly Account[]): Promise<Billing> {
  return (await opened.store.billing({ accounts, now: () => clock, tell: line => told.push(line) }))!;
}

/** A Flow of a second that sent so much. */
async function flow(end: string, octets: number, exported = end): Promise<void> {
  const times = { flowStartMilliseconds: new Date(at(end) - 1000).toISOString(), flowEndMilliseconds: end };
  const addresses = { sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.1' };
  await insertRecords(opened.store, [{ ...addresses, ...times, octetDeltaCount: octets }], {
    exportTime: at(exported) / 1000,
  });
}

test('a month is closed a day after its end; late flows change its sums, and its statement only by a correction', async () => {
  const billing = await start(office);
  await flow('2026-10-10T00:00:00Z', 1000);
  // Late, but in time.
  await flow('2026-10-31T22:59:59.000Z', 200, '2026-11-01T20:00:00Z');
  await flow('2026-10-31T23:00:01.000Z', 30_000);
  clock = at('2026-11-01T22:59:59Z');
  await billing.advance();
  await billing.closeMonths();
  expect(await billing.entries({})).toEqual([]);
  expect(await billing.bill('office', '2026-10')).toMatchObject({
    state: 'ended',
    statement: { octets: { out: 1200 } },
  });

  clock = at('2026-11-01T23:00:00Z');
  await billing.closeMonths();
  await billing.closeMonths();
  const [statement] = await billing.entries({});
  expect(statement).toMatchObject({
    account: 'office',
    month: '2026-10',
    number: 1,
    by: 'weir',
    reason: '',
    at: clock,
  });
  expect(statement!.statement).toMatchObject({ octets: { in: 0, out: 1200, within: 0 }, samples: 8940 });
  expect(told).toEqual(['the month 2026-10 of the account "office" is closed']);

  await flow('2026-10-20T00:00:00Z', 77, '2026-11-03T00:00:00Z');
  await billing.advance();
  const late = await billing.bill('office', '2026-10');
  expect(late).toMatchObject({ state: 'closed', statement: { octets: { out: 1200 } }, late: { in: 0, out: 77 } });
  await expect(billing.enter('office', '2026-10', { by: 'eva', reason: ' ' })).rejects.toThrow(/say why/);
  await billing.enter('office', '2026-10', { by: 'eva', reason: 'flows of a roof that was cut off' });
  const entries = await billing.entries({ account: 'office', month: '2026-10' });
  expect(entries[0]).toEqual(statement);
  expect(entries[1]).toMatchObject({ number: 2, by: 'eva', reason: 'flows of a roof that was cut off' });
  expect(await billing.bill('office', '2026-10')).toMatchObject({
    entry: { number: 2 },
    statement: { octets: { out: 1277 } },
    late: { in: 0, out: 0, within: 0 },
  });
});

test('a statement stands, and a correction can be made, when the Flow Records are gone', async () => {
  const billing = await start(office);
  await flow('2026-10-10T00:00:00Z', 1000);
  await billing.advance();
  await opened.store.query('TRUNCATE TABLE flows');
  clock = at('2026-12-03T00:00:00Z');
  await billing.closeMonths();
  const entries = await billing.entries({ account: 'office' });
  // Months without traffic have statements, too.
  expect(entries.map(({ month, statement }) => [month, statement.octets.out])).toEqual([
    ['2026-10', 1000],
    ['2026-11', 0],
  ]);
  const corrected = await billing.enter('office', '2026-10', { by: 'eva', reason: 'asked for' });
  expect(corrected.statement.octets.out).toBe(1000);
  // A new run goes on with the next month.
  const again = await start(office);
  await again.closeMonths();
  expect(await again.entries({ month: '2026-11' })).toHaveLength(1);
});

test('a month that goes on has no entry, and an old one gets it by hand', async () => {
  await flow('2026-09-10T00:00:00Z', 5);
  const billing = await start(office);
  await billing.advance();
  await expect(billing.enter('office', '2026-10', { by: 'eva', reason: '' })).rejects.toThrow(
    /goes on until 2026-10-31T23:00:00/,
  );
  await billing.closeMonths();
  expect(await billing.entries({})).toEqual([]);
  // Before the account was configured: counted from what is stored.
  const { statement } = await billing.enter('office', '2026-09', { by: 'eva', reason: '' });
  expect(statement).toMatchObject({ octets: { out: 5 }, countedFrom: at('2026-09-10T00:00:00Z') });
  await Promise.all(['one', 'two'].map(reason => billing.enter('office', '2026-09', { by: 'eva', reason })));
  expect((await billing.entries({})).map(({ number }) => number)).toEqual([1, 2, 3]);
});

test('what was counted by one definition stays, and months of a closed account cannot be moved', async () => {
  const billing = await start(office);
  await flow('2026-10-10T00:00:00Z', 1);
  await billing.advance();
  clock = at('2026-10-15T00:00:00Z');
  const other = { ...office, definition: { inside, filter: 'proto udp' } };
  const changed = await start(other);
  await flow('2026-10-16T00:00:00Z', 10);
  await changed.advance();
  expect((await changed.bill('office', '2026-10')).statement).toMatchObject({
    ...{ octets: { out: 1 }, definition: { filter: 'proto udp' }, definedAt: clock },
    countedFrom: at('2026-10-05T00:00:00Z'),
  });
  clock += 1000;
  await start({ ...other, firstDay: 15 });
  clock = at('2026-12-02T00:00:00Z');
  await (await start(other)).closeMonths();
  await expect(start({ ...other, firstDay: 15 })).rejects.toThrow(/months closed in Europe\/Berlin from day 1 on/);
  await expect(changed.bill('home', undefined)).rejects.toThrow(/no account "home"; there is office/);
  await expect(changed.bill('office', '2026-1')).rejects.toThrow(/is no month/);
  // Without the configuration, accounts are as they were last.
  const read = (await opened.store.billing({ now: () => clock }))!;
  expect(read.accounts.map(each => each.account)).toEqual([other]);
  // What is taken out is not counted, and goes on when it comes back.
  clock += 1000;
  await start({ ...office, name: 'home' });
  const without = (await opened.store.billing({ now: () => clock }))!;
  expect(without.accounts.map(each => each.account.name)).toEqual(['home']);
  expect((await without.entries({ account: 'office' })).length).toBeGreaterThan(0);
  clock += 1000;
  const back = await start(other);
  expect(back.accounts[0]).toMatchObject({ account: other, since: at('2026-10-05T00:00:00Z'), isOut: false });
});

test('by itself it counts, closes and warns', async () => {
  const reached: string[] = [];
  const billing = (await opened.store.billing({
    accounts: [office],
    now: () => clock,
    tell: line => told.push(line),
    onQuotas: found => reached.push(...found.map(({ subject }) => subject.name)),
    pause: 20,
  }))!;
  await flow('2026-10-04T00:00:00Z', 6000);
  billing.start();
  const deadline = Date.now() + 25_000;
  while (told.length === 0 && Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, 20));
  expect(told).toEqual(['the account "office" has used 60 % of its quota of 2026-10']);
  expect(billing.counters.steps).toBe(1);
  expect([...billing.quotaShares]).toEqual([['office', 0.6]]);
  expect(reached).toEqual(['office 2026-10: 50 %']);
});
