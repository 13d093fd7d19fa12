import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../collecting/testing/exporter.js';
import { type Collector, startCollector } from '../main/start.js';
import { noDatabases } from '../main/testing/options.js';
import { lastWhole, spanBefore } from '../reporting/period.js';
import { eventsOfWeek, sendRecords, twoWeeks } from '../reporting/testing/weeks.js';
import { Store } from '../store/client.js';
import { ask, errorIn } from './testing/ask.js';
import type { Bills, Bottlenecks, Events, QualitySeries, Report, SeriesResponse, Summary } from './types.js';

const FLOWS = 20_000;
const week = lastWhole('week', 'UTC', Date.now());
const before = spanBefore(week, 'UTC');
const directory = mkdtempSync(join(tmpdir(), 'weir-report-'));
let collector: Collector;

beforeAll(async () => {
  const store = await Store.open({ directory });
  await store.events.open();
  await store.events.keep(eventsOfWeek(week.to).map(event => ({ event, open: undefined })));
  await store.close();
  collector = await startCollector({
    ...noDatabases,
    ...{ data: directory, http: '127.0.0.1:0', listen: ['tcp://127.0.0.1:0'] },
    ...{ 'local-networks': ['10.0.0.0/8'], networks: ['office=10.1.0.0/28'] },
    ...{
      accounts: [{ name: 'office', networks: ['10.1.0.0/16'], quota: '1T' }],
      capacities: [{ interface: '1', in: '20M', out: '20M' }],
    },
  });
  await sendRecords(Number(new URL(collector.listening[0]!).port), twoWeeks(week.to, FLOWS));
  await until(async () => (await get<Summary>('/api/v1/summary', { from: before.from, to: week.to })).flows === FLOWS);
}, 120_000);
afterAll(async () => {
  await collector?.stop();
  rmSync(directory, { recursive: true });
});

async function text(path: string, parameters: object = {}): Promise<string> {
  const query = new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const { status, body } = await ask(collector.http, `${path}?${query}`);
  expect(status, body).toBe(200);
  return body;
}
const get = async <T>(path: string, parameters: object = {}): Promise<T> => JSON.parse(await text(path, parameters));
const lines = async (by: string, more: object) => {
  const body = await text('/api/v1/groups', { by, top: 10, largest: 'both', ...more });
  return body.split('\n').flatMap(line => (line === '' ? [] : [JSON.parse(line)]));
};
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const bothWays = (group: Record<string, number>) => group.octets! + group.reverseOctets!;

describe('a report of last week says what the API answers', () => {
  let report: Report;
  beforeAll(async () => {
    report = await get<Report>('/api/v1/report.json');
  }, 60_000);

  test('of which time', () => {
    expect(report).toMatchObject({ ...week, before, timezone: 'UTC', filter: '', title: '' });
  });

  test('sums, answers and round trips', async () => {
    expect(report.summary).toEqual(await get('/api/v1/summary', week));
    expect(report.summaryBefore).toEqual(await get('/api/v1/summary', before));
    expect(report.summary.flows + report.summaryBefore.flows).toBe(FLOWS);
    const step = report.quality.step;
    expect(report.quality).toEqual(await get<QualitySeries>('/api/v1/quality/series', { ...week, step }));
  });

  test('traffic by days and hours, and its percentiles', async () => {
    const days = await get<SeriesResponse>('/api/v1/series', { ...week, step: 86_400 });
    const then = await get<SeriesResponse>('/api/v1/series', { ...before, step: 86_400 });
    expect(report.traffic.days).toHaveLength(7);
    for (const [i, day] of report.traffic.days.entries()) {
      expect(Date.parse(`${day.date}T00:00:00Z`)).toBe(days.times[i]);
      expect(day.in / (days.inOctets[i]! * 86_400)).toBeCloseTo(1, 9);
      expect(day.out / (days.outOctets[i]! * 86_400)).toBeCloseTo(1, 9);
      expect(day.before / ((then.inOctets[i]! + then.outOctets[i]!) * 86_400)).toBeCloseTo(1, 9);
    }
    const samples = await get<SeriesResponse>('/api/v1/series', { ...week, step: 300 });
    const sorted = samples.outOctets.map(octets => octets * 8).sort((a, b) => a - b);
    // 95 of 100 of 2,016 samples are 1,915.2.
    expect(report.traffic.out).toMatchObject({ p95: sorted[1915], peak: sorted.at(-1) });
    expect(report.traffic.hours.times).toHaveLength(168);
    expect(sum(report.traffic.hours.in) / report.traffic.total.in).toBeCloseTo(1, 9);
    expect(sum(report.traffic.days.map(day => day.out)) / report.traffic.total.out).toBeCloseTo(1, 9);
  });

  test('the largest of all kinds, with what they had before', async () => {
    const { tops } = report;
    const sources = await lines('src', week);
    expect(tops.sources.map(({ value, octets, flows }) => [value, octets, flows])).toEqual(
      sources.map(group => [group.src, bothWays(group), group.flows]),
    );
    const services = await lines('proto,dstport', week);
    expect(tops.services.map(({ protocol, value, octets }) => [protocol, value, octets])).toEqual(
      services.map(group => [group.proto, group.dstport, bothWays(group)]),
    );
    for (const { value, before: told } of tops.sources) {
      const [group] = await lines('src', { ...before, filter: `src host ${value}` });
      expect(told).toBe(group === undefined ? 0 : bothWays(group));
    }
    expect(tops.sources.some(({ value, before: told }) => value === '10.1.0.77' && told === 0)).toBe(true);
    expect(tops.named.map(({ value }) => value)).toContain('office');
    expect([tops.countries, tops.networks]).toEqual([[], []]);
  });

  test('events, links, accounts and exporters', async () => {
    const events = await get<Events>('/api/v1/events', week);
    expect(events.events).toHaveLength(3);
    expect(report.events.list).toEqual(events.events);
    expect(report.events.kinds.map(({ kind }) => kind).sort()).toEqual(['anomaly', 'flood', 'scan']);
    expect(report.links).toEqual((await get<Bottlenecks>('/api/v1/bottlenecks', week)).links);
    const month = new Date(week.to - 1).toISOString().slice(0, 7);
    const billed = async () => (await get<Bills>('/api/v1/billing/bills', { month })).bills[0]!.statement.quota!;
    // Sums of accounts come after the Flow Records: a report made at once may know less of them.
    let used: string | number;
    do {
      ({ used } = await billed());
      report.accounts = (await get<Report>('/api/v1/report.json')).accounts;
    } while (Number(used) === 0 || (await billed()).used !== used);
    expect(report.accounts).toMatchObject([{ account: 'office', month, ...pick(await billed()) }]);
    const [exporter] = await lines('exporter', week);
    expect(report.exporters).toMatchObject([
      { address: '127.0.0.1', flows: exporter.flows, octets: bothWays(exporter) },
    ]);
    expect(report.exporters[0]).toMatchObject({ records: FLOWS, lost: 0 });
  });
});

function pick({ used, octets, share }: { used: unknown; octets: unknown; share: number }): object {
  return { used, octets, share };
}

test('of a network: its traffic alone, seen from it, and its events', async () => {
  const report = await get<Report>('/api/v1/report.json', {
    network: '10.1.0.77/32',
    filter: 'proto tcp',
    title: 'backup',
  });
  const filter = '(net 10.1.0.77/32) and (proto tcp)';
  expect(report).toMatchObject({ title: 'backup', filter, meshes: [], accounts: [] });
  expect(report).not.toHaveProperty('links');
  expect(report.summary).toEqual(await get('/api/v1/summary', { ...week, filter }));
  const series = await get<SeriesResponse>('/api/v1/series', { ...week, step: 300, filter, towards: '10.1.0.77/32' });
  expect(report.traffic.total.in).toBe(sum(series.inOctets.map(octets => octets * 300)));
  expect(report.events.list).toEqual([]);
  const attacked = await get<Report>('/api/v1/report.json', { network: '10.1.0.0/28' });
  expect(attacked.events.list.map(({ kind }) => kind).sort()).toEqual(['flood', 'scan']);
}, 60_000);

test('as a page: one piece, in two languages, with its own policy, and what is from outside is text', async () => {
  const title = '<img src=x onerror=alert(1)>';
  for (const [language, head] of [
    ['en', 'Weekly report'],
    ['de', 'Wochenbericht'],
  ]) {
    const path = `/api/v1/report?${new URLSearchParams({ language: language!, title })}`;
    const { body, headers, status } = await ask(collector.http, path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'self'$/,
    );
    expect(body).toContain(`<html lang="${language}">`);
    expect(body).toContain(head);
    expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(body).not.toMatch(/<img|<script|<link|\bsrc="|style="|undefined|NaN|\[object/);
    expect(body).toContain('10.1.0.77');
  }
}, 60_000);

test('of a time in which there was nothing it says so', async () => {
  const body = await text('/api/v1/report', { from: '2020-01-01', to: '2020-01-08' });
  expect(body).toContain('Nothing is stored of this time');
  const first = await text('/api/v1/report', { from: before.from, to: before.to });
  expect(first).toContain('Nothing is stored of the week before');
  expect(body).not.toMatch(/NaN|Infinity|undefined/);
}, 60_000);

test.each([
  [{ timezone: 'Middle-earth' }, 'timezone: there is no time zone "Middle-earth"'],
  [{ network: '10.0.0.0/99' }, 'network: "10.0.0.0/99" is no network'],
  [{ from: '-90d' }, 'from: a report is of 62 days at most'],
  [{ to: '-1d' }, 'to: needs from beside it'],
  [{ filter: 'hst 1' }, 'hst'],
  [{ period: 'year' }, 'period'],
])('%j is refused', async (parameters, message) => {
  const refused = await ask(collector.http, `/api/v1/report?${new URLSearchParams(parameters as never)}`);
  expect([refused.status, errorIn(refused)]).toEqual([400, expect.stringContaining(message)]);
});
