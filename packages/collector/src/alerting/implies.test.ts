import { type Expression, filterPredicate, parseFilter } from '@weir/flow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { implies } from './implies.js';

const within = (a: string, b: string) => implies(parseFilter(a), parseFilter(b));

test.each([
  ['host 192.0.2.7', 'net 192.0.2.0/24'],
  ['host 192.0.2.7', 'host 192.0.2.7'],
  ['src host 192.0.2.7', 'src net 192.0.2.0/24'],
  ['src host 192.0.2.7 and dst port 53', 'port 53'],
  ['host 192.0.2.7 and port 22', 'net 192.0.2.0/24 or port 23'],
  ['net 2001:db8:1::/48', 'net 2001:db8::/32'],
  ['octets > 10M', 'octets > 1M'],
  ['octets < 5', 'octets <= 5'],
  ['not host 192.0.2.7', 'not host 192.0.2.7'],
  ['not net 192.0.2.0/24', 'not host 192.0.2.7'],
  ['in if eth0', 'in if eth0'],
  ['nat and proto tcp', 'nat'],
  ['srcname = printer', 'has srcname'],
  ['has src and has dst', 'has dst'],
  ['not has srcname', 'not srcname = printer'],
])('%s is within %s', (a, b) => {
  expect(within(a, b)).toBe(true);
});

test.each([
  ['net 192.0.2.0/24', 'host 192.0.2.7'],
  ['host 192.0.2.7', 'src host 192.0.2.7'],
  ['host 192.0.2.7 or port 22', 'host 192.0.2.7'],
  ['host 198.51.100.7', 'net 192.0.2.0/24'],
  ['octets <= 5', 'octets < 5'],
  ['octets > 5', 'octets < 10'],
  ['in if eth0', 'in if eth1'],
  ['in if eth0', 'out if eth0'],
  ['has src', 'has dst'],
  ['has src', 'src host 192.0.2.7'],
  ['tag != voip', 'has tag'],
])('%s is not within %s', (a, b) => {
  expect(within(a, b)).toBe(false);
});

const comparison = fc.oneof(
  fc
    .record({ side: fc.constantFrom('', 'src ', 'dst '), n: fc.integer({ min: 0, max: 3 }) })
    .map(({ side, n }) => `${side}host 192.0.2.${n}`),
  fc.constantFrom('has src', 'has octets', 'net 192.0.2.0/31', 'src net 192.0.2.0/30', 'dst net 192.0.2.2/31'),
  fc
    .record({ operator: fc.constantFrom('=', '!=', '<', '>', '<=', '>='), n: fc.integer({ min: 0, max: 3 }) })
    .map(({ operator, n }) => `octets ${operator} ${n}`),
);
const { filter } = fc.letrec<{ filter: string }>(tie => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    comparison,
    tie('filter').map(each => `not (${each})`),
    fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([a, word, b]) => `(${a}) ${word} (${b})`),
  ),
}));
const address = fc.integer({ min: 0, max: 4 }).map(n => `192.0.2.${n}`);
const record = fc.record(
  { sourceIPv4Address: address, destinationIPv4Address: address, octetDeltaCount: fc.integer({ min: 0, max: 4 }) },
  { requiredKeys: [] },
);

test('whatever fits what is within another filter fits that, too', () => {
  const parsed = filter.map((text): Expression => parseFilter(text));
  let held = 0;
  fc.assert(
    fc.property(parsed, parsed, fc.array(record, { maxLength: 20 }), (a, b, records) => {
      if (!implies(a, b)) return;
      held++;
      for (const each of records.filter(one => filterPredicate(a)(one))) expect(filterPredicate(b)(each)).toBe(true);
    }),
    { numRuns: 3000 },
  );
  expect(held).toBeGreaterThan(50);
});
