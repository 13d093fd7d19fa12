import { parseFilter } from '@weir/flow';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../metering/observation.js';
import { dumpFilter } from './dump-filter.js';
import { KeyFilter, keyPredicate } from './key-filter.js';
import { keyTest } from './key-test.js';
import { recordFilter } from './record-filter.js';
import { socketFilter } from './socket-filter.js';
import { octetsOf, randomFilter, randomObservation, recordOf, seeded } from './testing/flows.js';

const context = { interfaceIndex: () => 0, domain: 1 };
const testOf = (filter: string) => keyTest(parseFilter(filter));

test('the test of keys fits whatever the filter fits', () => {
  const random = seeded(5475);
  let tighter = 0;
  for (let i = 0; i < 600; i++) {
    const filter = randomFilter(random, i % 5);
    const fits = recordFilter(parseFilter(filter), context);
    const accepts = keyPredicate(testOf(filter));
    for (let n = 0; n < 100; n++) {
      const o = randomObservation(random);
      const accepted = accepts(o);
      if (!accepted) tighter++;
      if (!accepted && fits(recordOf(o, random))) expect.fail(`the test of keys loses a Flow that fits: ${filter}`);
    }
  }
  // It does keep something back.
  expect(tighter).toBeGreaterThan(10_000);
});

describe('what is known of keys', () => {
  test.each([
    'octets > 1M',
    'not octets > 1M',
    'proto tcp or nat',
    'not (proto tcp and answered)',
    'conntrackMark = 1',
  ])('%s: nothing', filter => {
    expect(testOf(filter)).toEqual({ kind: 'always' });
    expect(dumpFilter(testOf(filter))).toBeUndefined();
  });

  test('a conjunction keeps what is known of it', () => {
    expect(testOf('proto tcp and octets > 1M')).toEqual(testOf('proto tcp'));
    expect(testOf('not (proto != tcp or octets > 1M)')).toEqual(testOf('proto tcp'));
  });

  test('what no key can be is never', () => {
    expect(testOf('port > 65535')).toEqual({ kind: 'never' });
    expect(testOf('sourceIPv6Address = 10.0.0.1 and octets > 1M')).toEqual({ kind: 'never' });
  });
});

describe('filters of dumps', () => {
  test.each([
    ['src host 10.0.0.1', { family: 4, source: octetsOf('10.0.0.1') }],
    ['src net 10.0.0.0/8', { family: 4 }],
    ['net 2001:db8::/32', { family: 6 }],
    ['host 10.0.0.1', { family: 4 }],
    ['src host 10.0.0.1 or dst host ::1', undefined],
    ['proto tcp', undefined],
    [
      'dst host ::1 and proto tcp and dst port 443 and octets > 5',
      { family: 6, destination: octetsOf('::1'), protocol: 6, destinationPort: 443 },
    ],
    ['src host 10.0.0.1 and dst port 443', { family: 4, source: octetsOf('10.0.0.1') }],
    ['src host 10.0.0.1 and not proto tcp', { family: 4, source: octetsOf('10.0.0.1') }],
  ])('%s', (filter, expected) => {
    expect(dumpFilter(testOf(filter))).toEqual(expected);
  });
});

test('a filter too long for the kernel is left to the probe', () => {
  const ports = (count: number) => `port in (${Array.from({ length: count }, (_, i) => i).join(', ')})`;
  expect(socketFilter(testOf(ports(20)))).toBeDefined();
  expect(socketFilter(testOf(ports(500)))).toBeUndefined();
});

test('events and sweeps go through the same filter', () => {
  const random = seeded(1);
  const seen: string[] = [];
  const keep = (kind: string) => (o: Observation) => seen.push(`${kind} ${o.family}`);
  const filter = new KeyFilter(testOf('net ::/0'), {
    beginSweep: () => seen.push('begin'),
    observeLive: keep('live'),
    observeEnd: keep('end'),
    observeNew: keep('new'),
    observeChange: keep('change'),
    endSweep: now => seen.push(`over ${now}`),
  });
  filter.beginSweep();
  const observations = Array.from({ length: 50 }, () => randomObservation(random));
  for (const o of observations) {
    filter.observeLive(o);
    filter.observeEnd(o);
  }
  filter.endSweep(7);
  const fours = observations.filter(o => o.family === 4).length;
  expect(fours).toBeGreaterThan(0);
  expect(filter.filteredOut).toBe(2 * fours);
  expect(seen.filter(line => line === 'live 6')).toHaveLength(50 - fours);
  expect(seen.filter(line => line === 'end 6')).toHaveLength(50 - fours);
  expect(seen).toHaveLength(2 + 2 * (50 - fours));
});
