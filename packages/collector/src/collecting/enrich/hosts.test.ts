import { expect, test } from 'vitest';
import { hostsOf } from './hosts.js';
import { find4, find6 } from './table.js';

function names(...texts: string[]) {
  const { table, ...rest } = hostsOf(texts);
  const name = (facts: number) => table.names[table.network[facts]!];
  return {
    v4: (address: number) => name(find4(table, address)),
    v6: (a: number, b: number, c: number, d: number) => name(find6(table, a, b, c, d)),
    rest,
  };
}

test('/etc/hosts: comments, several names, IPv6, what makes no sense', () => {
  const { v4, v6, rest } = names(
    '# 10.0.0.9 not\n127.0.0.1\tlocalhost\n10.0.0.1  printer printer.lan # upstairs\r\n\n::1 ip6-localhost\n10.0.0.2#\n10.0.0.300 wrong\nprinter\n',
  );
  expect([v4(0x7f000001), v4(0x0a000001), v4(0x0a000002), v4(0x0a000009)]).toEqual(['localhost', 'printer', '', '']);
  expect([v6(0, 0, 0, 1), v6(0, 0, 0, 2)]).toEqual(['ip6-localhost', '']);
  expect(rest).toEqual({ count: 3, left: 0 });
});

test('leases of dnsmasq, and the first of several names', () => {
  const { v4, v6, rest } = names(
    '10.0.0.1 fixed\n',
    '1700000000 02:00:5e:10:00:01 10.0.0.1 laptop 01:02\n1700000001 02:00:5e:10:00:02 10.0.0.2 phone *\n1700000002 02:00:5e:10:00:03 10.0.0.3 * *\n' +
      'duid 00:01:00:01\n1700000003 12345 2001:db8::5 tablet 00:01:00:01:ff\n0 02:00:5e:10:00:04 10.0.0.4 phone',
  );
  expect([1, 2, 3, 4].map(last => v4(0x0a000000 + last))).toEqual(['fixed', 'phone', '', 'phone']);
  expect(v6(0x20010db8, 0, 0, 5)).toBe('tablet');
  expect(rest.count).toBe(4);
});

test('hosts beyond the room are counted', () => {
  const lines = Array.from({ length: 20_010 }, (_, i) => `10.1.${i >> 8}.${i & 255} host${i}`);
  const { v4, rest } = names(lines.join('\n'));
  expect(rest).toEqual({ count: 20_000, left: 10 });
  expect([v4(0x0a010000 + 19_999), v4(0x0a010000 + 20_000)]).toEqual(['host19999', '']);
});
