import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestRecord } from '../../flow/testing/records.js';
import {
  Estimate,
  flowRows,
  groups,
  interfaceLoads,
  qualityBy,
  type Selection,
  series,
  seriesBy,
  sessionStatistics,
  summary,
} from '../queries.js';
import { insertRecords, openTestStore, seeded, type TestStore } from '../testing/store.js';
import { rollups } from './rollups.js';
import { sampleStatements } from './sample.js';

const BASE = Date.parse('2026-03-01T00:00:00Z');
const HOURS = 20;
const HOUR = 3_600_000;
const DOMAINS = 50;
const LARGE = 50_000_000;
const localNetworks = ['10.0.0.0/8'];
const options = { localNetworks, rollupPause: HOUR };
const random = seeded(2005);
const time = (at: number) => new Date(BASE + at).toISOString();

/** A Flow as probes report it, one in six in several records; sizes as they are: most small, and some that are most of the traffic. */
function someFlow(flowId: number): TestRecord[] {
  const start = random(HOURS * HOUR);
  const reports = random(6) === 0 ? 2 + random(20) : 1;
  const size = Math.round(100 * (1 / (random(10_000) / 10_000 + 1e-4)) ** 1.2);
  const common = {
    sourceIPv4Address: `10.0.0.${random(6)}`,
    destinationIPv4Address: `192.0.2.${random(9)}`,
    sourceTransportPort: 1024 + random(50_000),
    destinationTransportPort: 440 + random(3),
    protocolIdentifier: 6,
    tcpControlBits: 0x1b,
    ingressInterface: 1 + (flowId % 3),
    egressInterface: 7,
    flowId,
    flowStartMilliseconds: time(start),
    initiatorRoundTripMicroseconds: random(5000),
    responderRoundTripMicroseconds: random(90_000),
  };
  return Array.from({ length: reports }, (_, i) => ({
    ...common,
    ...(i > 0 && { monitoringIntervalStartMilliSeconds: time(start + i * 60_000) }),
    flowEndMilliseconds: time(start + (i + 1) * 60_000 - random(30_000)),
    octetDeltaCount: size,
    packetDeltaCount: 1 + Math.floor(size / 900),
    reverseOctetDeltaCount: 2 * size,
    reversePacketDeltaCount: random(5) === 0 ? 0 : 1 + Math.floor(size / 700),
    flowEndReason: i + 1 < reports ? 2 : 3,
  }));
}

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore(options);
  const { store } = opened;
  for (let domain = 1; domain <= DOMAINS; domain++) {
    const flows = Array.from({ length: 1500 }, (_, i) => someFlow(i)).flat();
    const large = { ...someFlow(2000)[0]!, flowEndReason: 3, octetDeltaCount: LARGE + domain };
    await insertRecords(store, [...flows, large], { exportTime: BASE / 1000 + HOURS * 3600, domain });
  }
  await store.keeper!.advance();
  await store.query('SYSTEM STOP MERGES flows');
}, 120_000);
afterAll(() => opened.end(), 30_000);

const all: Selection = { from: BASE, to: BASE + 2 * HOURS * HOUR };
/** A filter that no sums are there for. */
const filter = 'octets > 0';

/** From the finer sample, and from the coarser one. */
const samples = { fine: () => new Estimate(1000), coarse: () => new Estimate(1000, 0, Number.POSITIVE_INFINITY) };

/** An estimate and its error, and the exact answer. */
async function both<T>(
  ask: (selection: Selection) => Promise<T>,
  selection: Selection = { ...all, filter },
  estimate = samples.fine(),
) {
  const estimated = await ask({ ...selection, estimate });
  expect(estimate.error).toBeDefined();
  return { estimated, exact: await ask(selection), error: estimate.error! };
}

/** How far an estimate is from what is right, relative. */
function off(estimated: number, exact: number): number {
  return Math.abs(estimated / exact - 1);
}

test('one of some dozens of records is kept', async () => {
  const { store } = opened;
  const [sample] = await store.query<{ n: string }>('SELECT count() AS n FROM flows_sample');
  const { rows } = await store.size();
  expect(Number(sample!.n) / rows).toBeGreaterThan(1 / 100);
  expect(Number(sample!.n) / rows).toBeLessThan(1 / 25);
});

test('the coarser sample is a sixteenth of the other, or the largest and of Flows with several records less', async () => {
  const { store } = opened;
  const key = 'cityHash64(observationDomainId, flowId, recordEnd, octets)';
  const counts = 'count() AS n, sum(chosen) AS whole, sum(weight) AS records';
  const [fine] = await store.query<Record<'n' | 'whole' | 'records', string>>(`SELECT ${counts} FROM flows_sample`);
  const [coarse] = await store.query<typeof fine & { outside: string }>(
    `SELECT ${counts}, countIf(${key} NOT IN (SELECT ${key} FROM flows_sample)) AS outside FROM flows_sample_coarse`,
  );
  expect(Number(coarse!.outside)).toBe(0);
  expect(Number(coarse!.n)).toBeGreaterThan(Number(fine!.n) / 32);
  expect(Number(coarse!.n)).toBeLessThan(Number(fine!.n) / 8);
  expect(Number(coarse!.whole)).toBeLessThan(Number(fine!.whole) / 8);
  expect(off(Number(coarse!.records), Number(fine!.records))).toBeLessThan(0.3);
});

test('what the coarser sample has too little of is estimated from the finer one', async () => {
  const { store } = opened;
  const { estimated } = await both(selection => summary(store, selection));
  const [coarse, demanding] = [samples.coarse(), new Estimate(1000, 0)];
  expect(await summary(store, { ...all, filter, estimate: demanding })).toEqual(estimated);
  expect((await summary(store, { ...all, filter, estimate: coarse })).octets).not.toBe(estimated.octets);
  expect(coarse.error).toBeGreaterThan(demanding.error!);
});

test.each(['fine', 'coarse'] as const)('estimates are right on average, and as far off as they say: %s', async name => {
  const by = ['domain', 'proto', 'reason'];
  const total = (lines: readonly Record<string, unknown>[], name: string) => {
    const sums = new Map<unknown, number>();
    for (const { domain, [name]: value } of lines) sums.set(domain, (sums.get(domain) ?? 0) + Number(value));
    return sums;
  };
  const { store } = opened;
  const small = { ...all, filter: 'octets < 1M' };
  const { estimated, exact } = await both(selection => groups(store, selection, by), small, samples[name]());
  const variances = new Map<unknown, number>();
  for (const { domain, octets, reverseOctets, error } of estimated) {
    const deviation = Number(error) * (Number(octets) + Number(reverseOctets));
    variances.set(domain, (variances.get(domain) ?? 0) + deviation ** 2);
  }
  const [octets, back] = ['octets', 'reverseOctets'].map(name => [total(estimated, name), total(exact, name)] as const);
  const misses = [...octets![1].keys()].map(domain => {
    const sum = (which: 0 | 1) => (octets![which].get(domain) ?? 0) + (back![which].get(domain) ?? 0);
    return { miss: sum(0) - sum(1), deviation: Math.sqrt(variances.get(domain) ?? 0) };
  });
  expect(misses).toHaveLength(DOMAINS);
  // The coarser sample has too few records of each to tell how far off each is.
  const within = misses.filter(({ miss, deviation }) => Math.abs(miss) < 2 * deviation);
  if (name === 'fine') expect(within.length).toBeGreaterThan(0.85 * DOMAINS);
  expect(misses.some(({ miss }) => miss !== 0)).toBe(true);
  const sum = misses.reduce((all, { miss }) => all + miss, 0);
  expect(Math.abs(sum)).toBeLessThan(3 * Math.sqrt([...variances.values()].reduce((all, each) => all + each, 0)));
});

const portOf = (line: object): unknown => (line as { dstport?: unknown }).dstport;

test('all questions are estimated, and stay within three times their error', async () => {
  const { store } = opened;
  const sums = await both(selection => summary(store, selection));
  expect(sums.error).toBeLessThan(0.1);
  for (const name of ['flows', 'octets', 'packets', 'reverseOctets', 'answered'] as const)
    expect(off(sums.estimated[name], sums.exact[name]), name).toBeLessThan(3 * sums.error);
  // What fewer Flows have is known less well.
  const fewer = Math.sqrt(sums.exact.flows / sums.exact.unanswered);
  expect(off(sums.estimated.unanswered, sums.exact.unanswered)).toBeLessThan(3 * fewer * sums.error);
  const { p50, flows } = sums.estimated.roundTrip!;
  expect(off(p50, sums.exact.roundTrip!.p50)).toBeLessThan(0.1);
  expect(off(flows, sums.exact.roundTrip!.flows)).toBeLessThan(0.1);
  const rates = (values: readonly number[]) => values.reduce((sum, rate) => sum + rate, 0);
  const course = await both(selection => series(store, selection, 3600, localNetworks));
  expect(course.estimated.times).toEqual(course.exact.times);
  expect(off(rates(course.estimated.outOctets), rates(course.exact.outOctets))).toBeLessThan(3 * course.error);
  const stack = await both(selection =>
    seriesBy(store, selection, { by: 'dst', top: 3, stepSeconds: 3600 }, localNetworks),
  );
  expect(off(rates(stack.estimated.others.inOctets), rates(stack.exact.others.inOctets))).toBeLessThan(0.1);
  const connections = await both(selection => sessionStatistics(store, selection, 60_000));
  expect(connections.error).toBeLessThan(0.1);
  expect(off(connections.estimated.flows, connections.exact.flows)).toBeLessThan(3 * connections.error);
  expect(off(connections.estimated.stalls.watched, connections.exact.stalls.watched)).toBeLessThan(0.3);
  const quality = await both(selection => qualityBy(store, selection, ['dstport'], 3));
  expect(quality.estimated).toHaveLength(3);
  for (const line of quality.exact) {
    const same = quality.estimated.find(other => portOf(other) === portOf(line))!;
    expect(off(same.answered, line.answered)).toBeLessThan(0.2);
  }
});

test('loads and round trips of interfaces are estimated', async () => {
  const { store } = opened;
  const { estimated, exact, error } = await both(selection => interfaceLoads(store, selection, 3600));
  expect(estimated.map(load => load.interface)).toEqual([1, 2, 3, 7]);
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  const median = (values: readonly number[]) => values.filter(Number.isFinite).sort((a, b) => a - b)[HOURS >> 1]!;
  for (const [i, { in: into, out, roundTrips }] of exact.entries()) {
    // What is told apart is known less well than all of it.
    expect(off(sum(estimated[i]!.in), sum(into))).toBeLessThan(3 * Math.sqrt(3) * error);
    expect(off(sum(estimated[i]!.out), sum(out))).toBeLessThan(3 * Math.sqrt(3) * error);
    // Of an hour there are some ten records.
    expect(off(median(estimated[i]!.roundTrips), median(roundTrips))).toBeLessThan(0.25);
  }
});

test('the largest Flows are there exactly', async () => {
  const { store } = opened;
  const asked = { order: 'largest', limit: DOMAINS } as const;
  const largest = await both(selection => flowRows(store, selection, asked), all);
  expect(largest.estimated.flows).toEqual(largest.exact.flows);
  expect(largest.estimated.flows).toHaveLength(DOMAINS);
  const { estimated, exact } = await both(selection => groups(store, selection, ['domain', 'octets'], DOMAINS), {
    ...all,
    filter: 'octets > 50M',
  });
  expect(exact).toHaveLength(DOMAINS);
  expect(estimated).toEqual(exact.map(line => ({ ...line, error: 0 })));
});

test('what sums are there for, or is little, is exact', async () => {
  const { store } = opened;
  const estimate = new Estimate(1000);
  expect(await groups(store, { ...all, estimate }, ['src'])).toEqual(await groups(store, all, ['src']));
  const little = { ...all, to: BASE + HOUR, filter };
  const unmoved = new Estimate(1_000_000);
  expect(await summary(store, { ...little, estimate: unmoved })).toEqual(await summary(store, little));
  expect([estimate.error, unmoved.error]).toEqual([undefined, undefined]);
});

test('records that are not in the sample yet count as they are', async () => {
  const { store, end } = await openTestStore(options);
  const received = { exportTime: BASE / 1000 + HOURS * 3600 };
  const flows = (from: number, count: number) => Array.from({ length: count }, (_, i) => someFlow(from + i)).flat();
  await store.query('SYSTEM STOP MERGES flows');
  await insertRecords(store, flows(0, 3000), received);
  await store.keeper!.advance();
  const before = await both(selection => summaryOf(store, selection));
  const newer = flows(10_000, 100);
  await insertRecords(store, newer, received);
  const after = await both(selection => summaryOf(store, selection));
  const octets = newer.reduce((sum, { octetDeltaCount }) => sum + Number(octetDeltaCount), 0);
  expect(after.estimated - before.estimated).toBe(octets);
  expect(after.exact - before.exact).toBe(octets);
  await end();
}, 60_000);

async function summaryOf(store: TestStore['store'], selection: Selection): Promise<number> {
  return (await summary(store, selection)).octets;
}

test('a step that is done again keeps the same records', async () => {
  const { store } = opened;
  const [step] = await store.query<{ start: string; end: string }>(
    "SELECT toString(argMax(first, last)) AS start, toString(max(last)) AS end FROM rollup_steps WHERE name = 'flows_sample'",
  );
  const content = 'count() AS n, sum(weight) AS weights, sum(chosen) AS whole, sum(cityHash64(flowId, octets)) AS hash';
  const before = await store.query(`SELECT ${content} FROM flows_sample WHERE batch = ${step!.end}`);
  for (const statement of sampleStatements({ from: BigInt(step!.start), to: BigInt(step!.end) }))
    await store.query(statement);
  expect(await store.query(`SELECT ${content} FROM sample_step`)).toEqual(before);
});

test('a run that ended within a step does it again, and doubles nothing', async () => {
  const first = await openTestStore(options);
  const received = { exportTime: BASE / 1000 + HOURS * 3600 };
  await insertRecords(first.store, Array.from({ length: 3000 }, (_, i) => someFlow(i)).flat(), received);
  await first.store.keeper!.advance();
  const content = 'SELECT flowId, recordEnd, weight, chosen FROM flows_sample ORDER BY ALL';
  const whole = await first.store.query(content);
  expect(whole.length).toBeGreaterThan(50);
  const partitions = 'SELECT DISTINCT _partition_id AS id FROM flows_sample';
  const [part] = await first.store.query<{ id: string }>(partitions);
  await first.store.query(`ALTER TABLE flows_sample DROP PARTITION ID '${part!.id}'`);
  await first.store.query('TRUNCATE TABLE rollup_finished');
  await first.store.close();
  const { store, end } = await openTestStore({ ...options, directory: first.directory });
  await store.keeper!.advance();
  expect(await store.query(content)).toEqual(whole);
  await end();
}, 60_000);

test('what an earlier run has finished is there from the start', async () => {
  const first = await openTestStore(options);
  await insertRecords(first.store, someFlow(1), { exportTime: BASE / 1000 + HOURS * 3600 });
  await first.store.keeper!.advance();
  const done = (store: TestStore['store']) => store.reading(rollups, async batch => batch);
  const before = await done(first.store);
  expect(before).toBeGreaterThan(0n);
  await first.store.close();
  const { store, end } = await openTestStore({ ...options, directory: first.directory });
  expect(await done(store)).toBe(before);
  await end();
}, 60_000);

test('the sample of a day goes with its records', async () => {
  const first = await openTestStore(options);
  for (const day of [0, 1, 2]) {
    const at = BASE + day * 24 * HOUR;
    const records = Array.from({ length: 600 }, (_, flowId) => ({
      flowId,
      octetDeltaCount: 100,
      flowEndMilliseconds: new Date(at).toISOString(),
    }));
    await insertRecords(first.store, records, { exportTime: at / 1000 });
  }
  await first.store.keeper!.advance();
  const days = (store: TestStore['store'], table: string) =>
    store.query(`SELECT DISTINCT _partition_id AS id FROM ${table} ORDER BY id`);
  expect(await days(first.store, 'flows_sample')).toHaveLength(3);
  await first.store.close();
  const { store, end } = await openTestStore({ ...options, directory: first.directory, keepSize: 1 });
  // As the keeper does: what was begun is done first.
  await store.keeper!.advance();
  await store.keeper!.retention.enforce(Date.now() + 2 * HOUR);
  expect(await days(store, 'flows')).toEqual([{ id: '20260303' }]);
  for (const table of ['flows_sample', 'flows_sample_coarse'])
    expect(await days(store, table)).toEqual([{ id: '20260303' }]);
  await end();
}, 60_000);
