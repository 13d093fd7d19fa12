import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NodeHost } from '../host/node.js';
import { DESTINATION, FlowRecord, NAT_SOURCE, SOURCE } from '../metering/flow-record.js';
import { compareWords, fillHost } from './address.js';
import { parseAddress } from './address-text.js';
import { AsNumbers, readAsNumbers } from './as-numbers.js';
import { RangeTable } from './range-table.js';
import { setAddress } from './testing/router.js';

function asOf(table: AsNumbers, source: string, destination: string): [number, number] {
  const record = new FlowRecord();
  setAddress(record, NAT_SOURCE, '203.0.113.1');
  setAddress(record, SOURCE, source);
  setAddress(record, DESTINATION, destination);
  table.annotate(record);
  return [record.sourceAs, record.destinationAs];
}

describe('the table file', () => {
  const text = [
    '# a comment, then an empty line',
    '',
    '192.0.2.0/24 64496',
    '192.0.2.128/25,64497',
    '198.51.100.0\t198.51.100.255\t64498\tZZ\tEXAMPLE, with more',
    '2001:db8::/32 AS64499 # an IPv6 one',
    '2001:db8:0:0:1::\t2001:db8:0:0:1:ffff:ffff:ffff\t4200000000\r',
    '203.0.113.0/24;0',
    '10.0.0.1 64500',
  ].join('\n');
  const table = new AsNumbers(text, 'as.txt');

  test.each([
    ['192.0.2.1', '192.0.2.200', 64496, 64497],
    ['198.51.99.255', '198.51.100.0', -1, 64498],
    ['198.51.100.255', '198.51.101.0', 64498, -1],
    ['2001:db8::1', '2001:db8::1:2:3:4', 64499, 4200000000],
    ['2001:db8:0:0:2::', '2001:db9::', 64499, -1],
    ['203.0.113.5', '10.0.0.1', -1, 64500],
    ['0.0.0.0', '255.255.255.255', -1, -1],
  ])('%s and %s', (source, destination, ...expected) => {
    expect(asOf(table, source, destination)).toEqual(expected);
    expect(table.entries).toBe(7);
  });

  test.each([
    ['192.0.2.0/33 1', 'as.txt, line 2: "192.0.2.0/33" is no prefix'],
    ['192.0.2.0/ 1', 'as.txt, line 2: "192.0.2.0/" is no prefix'],
    ['192.0.2.0/0x8 1', 'as.txt, line 2: "192.0.2.0/0x8" is no prefix'],
    ['192.0.2/24 1', 'as.txt, line 2: "192.0.2/24" is no prefix'],
    ['2001:db8::1::/32 1', 'as.txt, line 2: "2001:db8::1::/32" is no prefix'],
    ['2001:db8::/129 1', 'as.txt, line 2: "2001:db8::/129" is no prefix'],
    ['192.0.2.0/24', 'as.txt, line 2: "" is no AS number'],
    ['192.0.2.0/24 4294967296', 'as.txt, line 2: "4294967296" is no AS number'],
    ['192.0.2.0/24 example', 'as.txt, line 2: "example" is no AS number'],
    ['192.0.2.9\t192.0.2.1\t1', 'as.txt, line 2: "192.0.2.9" to "192.0.2.1" is no range'],
    ['192.0.2.9\t2001:db8::\t1', 'as.txt, line 2: "192.0.2.9" to "2001:db8::" is no range'],
  ])('%s', (line, message) => {
    expect(() => new AsNumbers(`192.0.2.0/24 1\n${line}\n`, 'as.txt')).toThrow(message);
  });

  test('a file that is not there is named', () => {
    expect(() => readAsNumbers(new NodeHost(), '/nowhere/as.txt')).toThrow('/nowhere/as.txt cannot be read');
  });

  test('an empty table knows nothing', () => {
    expect(asOf(new AsNumbers('', 'as.txt'), '192.0.2.1', '2001:db8::1')).toEqual([-1, -1]);
  });
});

describe.each([1, 4])('longest prefix match over addresses of %i words', width => {
  const word = fc.oneof(fc.constantFrom(0, 1, 0x80000000, 0xffffffff), fc.nat(0xffffffff));
  const address = fc.array(word, { minLength: width, maxLength: width }).map(words => Uint32Array.from(words));
  const prefix = fc.record({ base: address, length: fc.nat(32 * width), number: fc.nat(5) });

  test('as a walk over all prefixes has it', () => {
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 30 }), fc.array(address, { maxLength: 20 }), (prefixes, others) => {
        const table = new RangeTable(width);
        const ranges = prefixes.map(({ base, length, number }) => {
          const [first, last] = [base.slice(), base.slice()];
          fillHost(first, 0, width, length, false);
          fillHost(last, 0, width, length, true);
          table.add(first, last, number);
          return { first, last, length, number };
        });
        table.seal();
        for (const words of [...others, ...ranges.flatMap(({ first, last }) => [first, last])]) {
          const matching = ranges.filter(
            ({ first, last }) =>
              compareWords(first, 0, words, 0, width) <= 0 && compareWords(words, 0, last, 0, width) <= 0,
          );
          // Of the same prefix given twice, the later line counts.
          const best = matching.reduce<(typeof ranges)[0] | undefined>(
            (longest, each) => (longest !== undefined && longest.length > each.length ? longest : each),
            undefined,
          );
          expect(table.find(words, 0)).toBe(best?.number ?? 0);
        }
      }),
    );
  });
});

test.each([
  ['::', 6, [0, 0, 0, 0]],
  ['::1', 6, [0, 0, 0, 1]],
  ['2001:DB8::a:0', 6, [0x20010db8, 0, 0, 0xa0000]],
  ['::ffff:192.0.2.1', 6, [0, 0, 0xffff, 0xc0000201]],
  ['1:2:3:4:5:6:7:8', 6, [0x10002, 0x30004, 0x50006, 0x70008]],
  ['255.255.255.255', 4, [0xffffffff, 0, 0, 0]],
  ['1:2:3:4:5:6:7::8', 0, []],
  ['1:2:3:4:5:6:7:8:9', 0, []],
  ['1:2:3', 0, []],
  [':::', 0, []],
  ['1.2.3.4::', 0, []],
  ['12345::', 0, []],
  ['1.2.3', 0, []],
  ['1.2.3.256', 0, []],
  ['1.2.3.-4', 0, []],
  ['', 0, []],
])('the address "%s"', (text, family, words) => {
  const target = new Uint32Array(4);
  expect(parseAddress(text, target)).toBe(family);
  if (family !== 0) expect([...target]).toEqual(words);
});
