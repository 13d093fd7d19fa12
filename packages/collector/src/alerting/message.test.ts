import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bodyOf } from './body.js';
import { messageOf } from './message.js';
import type { News } from './news.js';
import { BEGIN, scanOf } from './testing/events.js';
import { scanMessage } from './testing/receivers.js';
import { durationText, headline, sizeText, timeText } from './words.js';

const quiet = {
  pages: 'https://weir.example.org/',
  limit: 20,
  dropped: 0,
  heldSince: undefined,
  silentUntil: undefined,
};
const newsOf = (change: News['change'], event = scanOf('192.0.2.7')): News => ({
  ...{ change, event, due: 0, toldAt: undefined },
});
const MINUTE = 60_000;

test('one event, in words', () => {
  const { title, text } = messageOf([newsOf('begun')], quiet, BEGIN + 19 * MINUTE);
  expect(title).toBe('Weir: new: scan: 192.0.2.7');
  expect(text).toBe(`New: scan: 192.0.2.7
  since ${timeText(BEGIN)}, for 19 minutes
  1,204 targets, usually 12 targets (100 times as much)
  mostly due to port 22 (83 %), port 23 (10 %)
  https://weir.example.org/?from=${BEGIN - 30 * MINUTE}&filter=host+192.0.2.7`);
});

test('that it is over', () => {
  const event = scanOf('192.0.2.7', { end: BEGIN + 95 * MINUTE });
  const { title, text } = messageOf([newsOf('ended', event)], quiet, BEGIN + 100 * MINUTE);
  expect(title).toBe('Weir: over: scan: 192.0.2.7');
  expect(text).toContain(`from ${timeText(BEGIN)} to ${timeText(event.end!)}, 1 hour 35 minutes\n  at its worst 1,204`);
});

test('several: the new ones first, of many the first twenty and how many more of what', () => {
  const scans = Array.from({ length: 30 }, (_, i) => newsOf('begun', scanOf(`192.0.2.${i}`, { start: BEGIN - i })));
  const flood = newsOf('begun', scanOf('198.51.100.1', { kind: 'flood', start: BEGIN + 1 }));
  const message = messageOf([newsOf('ended', scanOf('203.0.113.1', { end: BEGIN })), ...scans, flood], quiet, BEGIN);
  expect(message.title).toBe('Weir: new: scan: 192.0.2.29, and 31 more');
  expect(message.items).toHaveLength(20);
  expect(message.notes).toEqual(['And 12 more that are not listed: 11 scans, 1 flood.']);
  expect(message.text).toContain('\n\nAnd 12 more');
});

test('what was held back and what comes next', () => {
  const circumstances = { ...quiet, heldSince: BEGIN - 10 * MINUTE, silentUntil: BEGIN + MINUTE, dropped: 7 };
  expect(messageOf([newsOf('begun')], circumstances, BEGIN).notes).toEqual([
    `This sums up what was held back since ${timeText(BEGIN - 10 * MINUTE)}: a channel gets 20 messages an hour at most.`,
    'There were 7 more events than can be kept in mind: the pages have them all.',
    `That is message 20 of this hour: what comes now is held back, and summed up at ${timeText(BEGIN + MINUTE)}.`,
  ]);
});

test('the same news have the same number, others another', () => {
  const id = (news: News) => messageOf([news], quiet, Math.random() * 1e12).id;
  expect(id(newsOf('begun'))).toBe(id(newsOf('begun')));
  expect(
    new Set([
      id(newsOf('begun')),
      id(newsOf('worse')),
      id({ ...newsOf('reminder'), toldAt: 5 }),
      id({ ...newsOf('reminder'), toldAt: 6 }),
    ]).size,
  ).toBe(4);
});

test('a name from outside is one line', () => {
  const name = 'eth0\r\nBcc: x@example.org\u2028\u202e\u0000 of 10.0.0.1';
  const event = scanOf('x', { subject: { name, filter: 'host 10.0.0.1' }, causes: [{ name, filter: '', share: 1 }] });
  const { title, text, items } = messageOf([newsOf('begun', event)], quiet, BEGIN);
  expect(title).toBe('Weir: new: scan: eth0 Bcc: x@example.org of 10.0.0.1');
  expect(text.split('\n')).toHaveLength(5);
  expect(items[0]!.line).not.toMatch(/[\r\n\u2028\u202e]|\0/);
  const long = scanOf('x', { subject: { name: 'x'.repeat(10_000), filter: '' } });
  expect(messageOf([newsOf('begun', long)], quiet, BEGIN).title.length).toBeLessThan(300);
});

test('JSON for programs', () => {
  const { text, title, ...body } = JSON.parse(bodyOf(messageOf([newsOf('begun')], quiet, BEGIN)));
  expect(text).toBe(`${title}\n\n${messageOf([newsOf('begun')], quiet, BEGIN).text}`);
  expect(body).toEqual({
    ...{ id: expect.stringMatching(/^[\w-]{24}$/), time: '2026-11-28T02:41:00.000Z', notes: [] },
    events: [
      {
        ...{ id: 'scan-192.0.2.7', change: 'begun', kind: 'scan', headline: 'scan: 192.0.2.7' },
        subject: { name: '192.0.2.7', filter: 'host 192.0.2.7' },
        ...{ start: '2026-11-28T02:41:00.000Z', size: 1204, unit: 'targets', expected: 12 },
        causes: scanOf('').causes,
        link: expect.stringContaining('https://weir.example.org/?'),
      },
    ],
  });
});

test('the reference shows it as it is', () => {
  const page = readFileSync(new URL('../../../../docs/reference/alerts.md', import.meta.url), 'utf8');
  const shown = JSON.parse(/```json\n([^`]+)```/.exec(page)![1]!);
  const event = scanOf('192.0.2.7', { causes: scanOf('').causes.slice(0, 1) });
  const news = [{ ...newsOf('begun'), event }];
  const { text, ...body } = JSON.parse(bodyOf(messageOf(news, quiet, scanMessage().at)));
  expect({ ...shown, text }).toEqual({ ...body, text });
  expect(text).toContain(shown.text.replace(/\.\.\.$/, ''));
});

test.each([
  [{ size: 1.23e9, expected: 3.1e8, unit: 'bit/s' }, '1.2 Gbit/s, usually 310 Mbit/s (4 times as much)'],
  [{ size: 12_340, expected: 1e6, unit: 'bit/s' }, '12 kbit/s, usually 1 Mbit/s (1.2 % of it)'],
  [{ size: 0, expected: 5e6, unit: 'bit/s' }, '0 bit/s, usually 5 Mbit/s (0 % of it)'],
  [{ size: 85, unit: 'ms' }, '85 ms'],
  [{ size: 0.12, expected: 0.97, unit: 'share' }, '12 %, usually 97 %'],
  [{ size: 900, expected: 0, unit: 'flows/s' }, '900 flows/s, usually 0 flows/s'],
  [{ size: 1, unit: 'targets' }, '1 target'],
] as const)('a size: %j', (size, text) => {
  const { expected: _, ...event } = scanOf('x');
  expect(sizeText({ ...event, ...size })).toBe(text);
});

test.each([
  [{ form: 'ports', source: '192.0.2.7', target: '10.0.0.2' }, 'port scan: 192.0.2.7 -> 10.0.0.2'],
  [{ form: 'addresses', source: '192.0.2.7', service: 'tcp/22' }, 'scan of addresses: 192.0.2.7 (tcp/22)'],
  [{ kind: 'flood', form: 'syn', target: '192.0.2.7', service: 'tcp/80' }, 'SYN flood: 192.0.2.7 (tcp/80)'],
  [{ kind: 'amplification', target: '192.0.2.7' }, 'amplification attack: 192.0.2.7'],
  [{ kind: 'silent-host', source: '192.0.2.7' }, 'gone silent: 192.0.2.7'],
  [
    { kind: 'anomaly', measure: 'in', unit: 'bit/s', size: 1, expected: 2 },
    'unusually little incoming traffic: 192.0.2.7',
  ],
  [
    { kind: 'anomaly', measure: 'roundTrip', unit: 'ms', subject: { name: '', filter: '' } },
    'unusually long round trips: all traffic',
  ],
] as const)('a headline: %j', (event, text) => {
  expect(headline(scanOf('192.0.2.7', event))).toBe(text);
});

test('a time says its zone', () => {
  expect(timeText(BEGIN)).toMatch(/^2026-11-2[78] \d\d:\d\d \S+$/);
});

test('durations', () => {
  expect([-5, 999, 61_000, 3_600_000, 90_000_000].map(durationText)).toEqual([
    ...['0 seconds', '1 second', '1 minute 1 second', '1 hour', '1 day 1 hour'],
  ]);
});
