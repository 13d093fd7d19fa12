import { afterEach, describe, expect, test } from 'vitest';
import { speak } from '../i18n/index.js';
import { type Group, topRows } from './tops.js';

const group = (fields: Record<string, string | number | null>, octets: number, reverseOctets = 0): Group => ({
  flows: 1,
  octets,
  reverseOctets,
  ...fields,
});

afterEach(() => speak('en'));

test('both directions count', () => {
  const groups = [group({ src: '10.0.0.2' }, 50, 500), group({ src: '10.0.0.1' }, 90, 10)];
  expect(topRows('sources', groups)).toEqual([
    { key: '10.0.0.2', label: '10.0.0.2', host: '10.0.0.2', condition: 'src host 10.0.0.2', octets: 550, flows: 1 },
    { key: '10.0.0.1', label: '10.0.0.1', host: '10.0.0.1', condition: 'src host 10.0.0.1', octets: 100, flows: 1 },
  ]);
});

describe('groups have names and a filter', () => {
  const row = (...[kind, fields]: [Parameters<typeof topRows>[0], Record<string, string | number | null>]) => {
    const { label, condition } = topRows(kind, [group(fields, 1)])[0]!;
    return [label, condition];
  };

  test('of services', () => {
    expect(row('services', { proto: 6, dstport: 443 })).toEqual(['HTTPS (TCP 443)', 'proto 6 and dst port 443']);
    expect(row('services', { proto: 17, dstport: 40000 })).toEqual(['UDP 40000', 'proto 17 and dst port 40000']);
    expect(row('services', { proto: 1, dstport: null })).toEqual(['ICMP', 'proto 1 and not has dstport']);
    expect(row('services', { proto: 89, dstport: null })).toEqual(['protocol 89', 'proto 89 and not has dstport']);
  });

  test('of Autonomous Systems', () => {
    expect(row('networks', { dstas: 64513 })).toEqual(['AS64513', 'dst as 64513']);
  });

  test('of countries, in the language', async () => {
    expect(row('countries', { dstcountry: 'DE' })).toEqual(['Germany', 'dst country DE']);
    await speak('de');
    expect(row('countries', { dstcountry: 'DE' })).toEqual(['Deutschland', 'dst country DE']);
    expect(row('countries', { dstcountry: '??' })[0]).toBe('??');
  });

  test('also where the records do not say', () => {
    expect(row('countries', { dstcountry: null })).toEqual(['not known', 'not has dstcountry']);
    expect(row('networks', { dstas: 0 })).toEqual(['not known', 'dstas = 0']);
    expect(row('sources', { src: null })).toEqual(['none', 'not has src']);
  });
});

test('sums beyond 2^53-1, which come as text, are numbers', () => {
  const groups = [{ ...group({ dst: 'b' }, 0), octets: '18446744073709551615' }];
  expect(topRows('destinations', groups).map(({ octets }) => octets)).toEqual([2 ** 64]);
});
