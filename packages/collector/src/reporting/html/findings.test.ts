import { describe, expect, test } from 'vitest';
import type { Report } from '../../http/types.js';
import { findingsOf } from './findings.js';
import { Format } from './format.js';
import { outlineOf, reportPage } from './page.js';
import { texts } from './texts.js';

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 10, 16);
const rates = { mean: 1, p95: 2, peak: 3 };
const sums = {
  flows: 100,
  octets: 500,
  packets: 5,
  reverseOctets: 500,
  reversePackets: 5,
  answered: 97,
  unanswered: 3,
};

/** A week in which all was as in the week before. */
const calm: Report = {
  ...{ title: '', from: FROM, to: FROM + 7 * DAY, before: { from: FROM - 7 * DAY, to: FROM }, timezone: 'UTC' },
  ...{ made: FROM + 7 * DAY, filter: '', collectorSince: FROM },
  traffic: {
    days: Array.from({ length: 7 }, (_, i) => ({
      ...{ date: `2026-11-${16 + i}`, from: FROM + i * DAY },
      ...{ in: 1e9 * (i + 1), out: 0, before: 4e9 },
    })),
    hours: { times: [FROM], in: [1], out: [1], before: [2] },
    ...{ total: { in: 28e9, out: 0 }, totalBefore: { in: 28e9, out: 0 } },
    ...{ in: rates, out: rates, inBefore: rates, outBefore: rates },
  },
  ...{ summary: sums, summaryBefore: sums },
  tops: { sources: [], destinations: [], services: [], networks: [], countries: [], named: [] },
  quality: { step: 3600, times: [], flows: [], answered: [], unopened: [], resets: [], p50: [], p90: [], p99: [] },
  events: { kinds: [], list: [] },
  ...{ links: [], meshes: [], accounts: [], exporters: [] },
};

const found = (more: Partial<Report>) =>
  findingsOf({ report: { ...calm, ...more }, t: texts.en, f: new Format('en', 'UTC') }).map(
    ({ level, text }) => `${level}: ${text.replaceAll('\u00a0', ' ')}`,
  );
const traffic = (more: Partial<Report['traffic']>) => ({ traffic: { ...calm.traffic, ...more } });

describe('what matters of a week', () => {
  test('of a calm one: that it was', () => {
    expect(found({})).toEqual([
      'fine: 28 GB of traffic, ±0 % on the week before. Most of it on Sun 22/11: 7 GB.',
      'fine: 97.0 % of the flows that can tell were answered.',
      'fine: Nothing unusual was found.',
    ]);
  });

  test('more traffic, and by whom', () => {
    const row = { value: '10.0.0.1', name: 'nas', octets: 9e9, flows: 1, before: 1e9 };
    const more = found({
      ...traffic({ totalBefore: { in: 14e9, out: 0 } }),
      tops: { ...calm.tops, sources: [{ ...row, value: '10.0.0.2', name: 'pc', before: 9e9 }, row] },
    });
    expect(more.slice(0, 2)).toEqual([
      expect.stringMatching(/^watch: 28 GB of traffic, \+100 % on the week before/),
      'watch: Most of the growth is by nas: 8 GB more.',
    ]);
  });

  test('days of which nothing is stored to compare with', () => {
    const days = calm.traffic.days.map((day, i) => ({ ...day, before: i < 2 ? 0 : 4e9 }));
    expect(found(traffic({ days }))[1]).toBe(
      'watch: Of 2 of the 7 days before nothing is stored: the comparison tells little.',
    );
  });

  test('fewer answers, longer round trips', () => {
    const trip = (p50: number) => ({ flows: 1, p50, p90: 1, p99: 1, histogram: [] });
    expect(
      found({
        summary: { ...sums, answered: 90, unanswered: 10, roundTrip: trip(40) },
        summaryBefore: { ...sums, roundTrip: trip(20) },
      }).slice(1, 3),
    ).toEqual([
      'watch: 90.0 % of the flows were answered, down from 97.0 %.',
      'watch: Round trips have become longer: 40 ms in the middle, 20 ms before.',
    ]);
  });

  test('links, attacks, quotas and exporters', () => {
    const link = { exporter: '10.0.0.1', interface: 3, filter: '', learned: false, mean: 1, p95: 1, peak: 1 };
    const all = found({
      links: [
        { ...link, direction: 'in', verdict: 'full' },
        { ...link, direction: 'out', name: 'wan', verdict: 'busy' },
      ],
      events: {
        kinds: [
          { kind: 'flood', count: 2 },
          { kind: 'quota', count: 1 },
        ],
        list: [],
      },
      accounts: [{ account: 'office', month: '2026-11', used: 81, octets: 100, share: 0.81, open: true }],
      exporters: [
        { address: '10.0.0.1', flows: 1, octets: 1, records: 90, lost: 10, lastSeen: calm.made - 2 * 3_600_000 },
      ],
    });
    expect(all.slice(2)).toEqual([
      'act: Interface 3 of 10.0.0.1 (in) reached its capacity.',
      'watch: wan of 10.0.0.1 (out) was above four fifths of its capacity for part of the time.',
      'act: Found unusual: Flood (2).',
      'watch: office has used 81.0 % of its quota of 2026-11.',
      'act: Of what 10.0.0.1 exported, 10.0 % never came.',
      expect.stringMatching(/^watch: 10\.0\.0\.1 has not been heard since 22 Nov/),
    ]);
  });
});

test('an outline for an e-mail', () => {
  const { title, span, findings } = outlineOf(calm, 'de');
  expect(title).toBe('Wochenbericht: Der gesamte Verkehr');
  expect(span).toMatch(/^16\..22\. November 2026, nach den Uhren von UTC$/);
  expect(findings).toHaveLength(3);
});

test('names from outside are text', () => {
  const name = '<b onclick="x">&';
  const page = reportPage(
    {
      ...calm,
      ...{ title: name, meshes: [{ topology: name, links: [{ source: name, target: name, forward: 1, reverse: 1 }] }] },
      tops: { ...calm.tops, sources: [{ value: name, name, octets: 1, flows: 1 }] },
      accounts: [{ account: name, month: '2026-11', used: 1, octets: 2, share: 0.5, open: true }],
    },
    'en',
    '1',
  );
  expect(page).not.toContain('<b onclick');
  expect(page.split('&lt;b onclick=&quot;x&quot;&gt;&amp;').length).toBeGreaterThan(6);
});
