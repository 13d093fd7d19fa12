import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addNetworks } from './networks.js';
import { pointOf, wordsOf } from './points.js';
import { noSegments } from './segments.js';
import { type AddressTable, emptyTable, find4, find6, makeTable } from './table.js';

interface Facts {
  as: number;
  country: string;
  network: string;
}

function factsOf(table: AddressTable, address: string): Facts {
  const point = pointOf(address)!;
  const row = typeof point === 'number' ? find4(table, point) : find6(table, ...wordsOf(point));
  const name = (index: number) => table.names[index]!;
  return { as: table.as[row]!, country: name(table.country[row]!), network: name(table.network[row]!) };
}

test('each source holds of its own ranges, up to both ends of the addresses', () => {
  const sources = { as: noSegments(), country: noSegments(), network: noSegments() };
  sources.as.v4.add(0, 2, 64_500);
  sources.as.v4.add(2 ** 32 - 2, 2 ** 32, 64_501);
  sources.country.v4.add(1, 4, 1);
  sources.network.v4.add(3, 2 ** 32 - 1, 2);
  sources.as.v6.add(0n, 1n, 64_502);
  sources.country.v6.add((1n << 128n) - 1n, 1n << 128n, 1);
  const table = makeTable(sources, ['', 'DE', 'office']);
  expect(factsOf(table, '0.0.0.0')).toEqual({ as: 64_500, country: '', network: '' });
  expect(factsOf(table, '0.0.0.1')).toEqual({ as: 64_500, country: 'DE', network: '' });
  expect(factsOf(table, '0.0.0.2')).toEqual({ as: 0, country: 'DE', network: '' });
  expect(factsOf(table, '0.0.0.3')).toEqual({ as: 0, country: 'DE', network: 'office' });
  expect(factsOf(table, '127.0.0.1')).toEqual({ as: 0, country: '', network: 'office' });
  expect(factsOf(table, '255.255.255.254')).toEqual({ as: 64_501, country: '', network: 'office' });
  expect(factsOf(table, '255.255.255.255')).toEqual({ as: 64_501, country: '', network: '' });
  expect(factsOf(table, '::')).toEqual({ as: 64_502, country: '', network: '' });
  expect(factsOf(table, '::1')).toEqual({ as: 0, country: '', network: '' });
  expect(factsOf(table, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe').country).toBe('');
  expect(factsOf(table, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff').country).toBe('DE');
  expect(factsOf(emptyTable(), '10.0.0.1')).toEqual({ as: 0, country: '', network: '' });
});

test('of ranges that overlap the later one holds, and what is left of the earlier', () => {
  const { v4 } = noSegments();
  v4.add(10, 20, 1);
  v4.add(12, 15, 2);
  v4.add(18, 30, 3);
  expect([v4.starts, v4.values]).toEqual([
    [10, 12, 15, 18, 30],
    [1, 2, 1, 3, 0],
  ]);
  v4.add(30, 40, 3);
  expect(v4.starts).toEqual([10, 12, 15, 18, 40]);
  expect(() => v4.add(5, 6, 1)).toThrow(/not in order/);
  expect(() => v4.add(50, 50, 1)).toThrow(/ends before it begins/);
});

/** Prefixes in few high bits and some low ones, so that they are often within each other. */
const prefix = (width: number) =>
  fc
    .record({
      length: fc.integer({ min: 0, max: width }),
      high: fc.integer({ min: 0, max: 7 }),
      low: fc.integer({ min: 0, max: 7 }),
    })
    .map(({ length, high, low }) => {
      const bits = BigInt(width - length);
      const address = (BigInt(high) << BigInt(width - 3)) | BigInt(low);
      const start = (address >> bits) << bits;
      return { start, end: start + (1n << bits) };
    });

test.each([32, 128])('of networks within each other the smallest holds: %i bits', width => {
  const isV4 = width === 32;
  fc.assert(
    fc.property(fc.uniqueArray(prefix(width), { maxLength: 12, selector: p => `${p.start} ${p.end}` }), prefixes => {
      const point = (value: bigint) => (isV4 ? Number(value) : value);
      const names = ['', ...prefixes.map((_, i) => `n${i}`)];
      const network = noSegments();
      addNetworks(
        prefixes.map(({ start, end }, i) => ({ name: names[i + 1]!, start: point(start), end: point(end) })),
        network,
        name => names.indexOf(name),
      );
      const table = makeTable({ as: noSegments(), country: noSegments(), network }, names);
      const edges = prefixes.flatMap(({ start, end }) => [start - 1n, start, end - 1n, end]);
      for (const address of edges.filter(each => each >= 0n && each < 1n << BigInt(width))) {
        const holding = prefixes
          .map((each, i) => ({ ...each, name: names[i + 1]! }))
          .filter(({ start, end }) => start <= address && address < end)
          .sort((a, b) => (a.end - a.start < b.end - b.start ? -1 : 1));
        const row = isV4 ? find4(table, Number(address)) : find6(table, ...wordsOf(address));
        expect(table.names[table.network[row]!]).toBe(holding[0]?.name ?? '');
      }
    }),
  );
});
