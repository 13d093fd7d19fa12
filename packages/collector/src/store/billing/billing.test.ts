import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Inside } from '../../analysis/billing/account.js';
import { toNative } from '../../flow/native.js';
import { openTestStore, seeded, type TestStore } from '../testing/store.js';
import type { Billing } from './billing.js';
import { account } from './testing/account.js';
import { batchOfMessages, type MadeFlow, madeFlows, messagesOfFlows } from './testing/flows.js';
import { hasNfcapd, Nfcapd } from './testing/nfcapd.js';
import { largestWithout5Percent, recount, sumIn } from './testing/recount.js';

const FLOWS = 200_000;
const withNfcapd = hasNfcapd();
/** A month and some days around it: 25 October has 25 hours in Berlin. */
const [from, to] = [Date.parse('2026-09-26T00:00:00Z'), Date.parse('2026-11-04T00:00:00Z')];
const berlin = { from: Date.parse('2026-09-30T22:00:00Z'), to: Date.parse('2026-10-31T23:00:00Z') };
/** From the 15th on, and summer time ends on 1 November. */
const newYork = { from: Date.parse('2026-10-15T04:00:00Z'), to: Date.parse('2026-11-15T05:00:00Z') };

const office: Inside = { kind: 'networks', values: ['10.1.0.0/16'] };
const accounts = [
  account('office', office),
  account(
    'roofs',
    { kind: 'networks', values: ['10.2.0.0/16', '2001:db8::/32'] },
    { timeZone: 'America/New_York', firstDay: 15 },
  ),
  account('wan', { kind: 'interfaces', values: ['3'] }),
  account(
    'web',
    { kind: 'local', values: ['10.0.0.0/8'] },
    {
      definition: { inside: { kind: 'local', values: ['10.0.0.0/8'] }, filter: 'proto tcp' },
    },
  ),
];
const isIn =
  (network: string) =>
  ({ source, destination }: Pick<MadeFlow, 'source' | 'destination'>) => ({
    source: source.startsWith(network),
    destination: destination.startsWith(network),
  });

let opened: TestStore;
let billing: Billing;
let flows: MadeFlow[];
let nfcapd: Nfcapd | undefined;

async function insert(some: readonly MadeFlow[]): Promise<void> {
  const messages = messagesOfFlows(some, Math.ceil(some.at(-1)!.exported / 1000));
  await nfcapd?.send(messages);
  const batch = batchOfMessages(messages, some.length);
  expect(batch.rows).toBe(some.length);
  await opened.store.insert(toNative(batch), batch.rows);
}

beforeAll(async () => {
  nfcapd = withNfcapd ? new Nfcapd() : undefined;
  await nfcapd?.ready();
  opened = await openTestStore();
  billing = (await opened.store.billing({ accounts, now: () => Date.parse('2027-01-01T00:00:00Z') }))!;
  flows = madeFlows(seeded(7), FLOWS, from, to);
  for (let i = 0; i < flows.length; i += 20_000) {
    await insert(flows.slice(i, i + 20_000));
    await billing.advance();
  }
}, 240_000);
afterAll(async () => {
  nfcapd?.close();
  await opened?.end();
});

const numbers = (sums: Record<'in' | 'out' | 'within', Map<number, bigint>>, month: { from: number; to: number }) => ({
  in: Number(sumIn(sums.in, month.from, month.to)),
  out: Number(sumIn(sums.out, month.from, month.to)),
  within: Number(sumIn(sums.within, month.from, month.to)),
});

describe('a month of 200,000 flows, some late', () => {
  test.each([
    ['office', '2026-10', berlin, isIn('10.1.')],
    ['roofs', '2026-10', newYork, isIn('10.2.')],
    [
      'wan',
      '2026-10',
      berlin,
      ({ ingress, egress }: MadeFlow) => ({ source: egress === 3, destination: ingress === 3 }),
    ],
    [
      'web',
      '2026-10',
      berlin,
      ({ source, destination, protocol }: MadeFlow) => {
        const comesIn = destination.startsWith('10.') && !source.startsWith('10.');
        return { source: protocol === 6 && !comesIn, destination: protocol === 6 && comesIn };
      },
    ],
  ])('the account "%s" is what a recount makes of it, to the octet', async (name, month, time, sides) => {
    const sums = recount(flows, sides as (flow: MadeFlow) => ReturnType<ReturnType<typeof isIn>>);
    const { statement } = await billing.bill(name, month);
    expect(statement).toMatchObject({ ...time, octets: numbers(sums, time) });
    expect(statement.octets.in).toBeGreaterThan(1e9);
    expect(statement.samples).toBe((time.to - time.from) / 300_000);
    expect(statement.percentile).toMatchObject({
      in: largestWithout5Percent([sums.in], time.from, time.to),
      out: largestWithout5Percent([sums.out], time.from, time.to),
      sum: largestWithout5Percent([sums.in, sums.out], time.from, time.to),
    });
    const days = statement.days.reduce((sum, day) => sum + Number(day.in), 0);
    expect(days).toBe(statement.octets.in);
  });

  test('the same Messages make the same of nfdump', async ({ skip }) => {
    skip(!withNfcapd, 'not installed: nfcapd or nfdump');
    const told = await nfcapd!.flows();
    expect(told).toHaveLength(FLOWS);
    const sums = recount(told, isIn('10.1.'));
    const { statement } = await billing.bill('office', '2026-10');
    expect(statement.octets).toEqual(numbers(sums, berlin));
    // All that there was, as nfdump adds it up, with nothing of ours in between.
    const whole = ['2026-09', '2026-10', '2026-11'].map(async month => (await billing.bill('office', month)).statement);
    const octets = (await Promise.all(whole)).reduce((sum, each) => sum + Number(each.octets.out), 0);
    expect(octets).toBe(
      nfcapd!.octets('src net 10.1.0.0/16 and not dst net 10.1.0.0/16', '%ibyt') +
        nfcapd!.octets('dst net 10.1.0.0/16 and not src net 10.1.0.0/16', '%obyt'),
    );
  });
});
