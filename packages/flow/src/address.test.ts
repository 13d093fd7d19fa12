import { describe, expect, test } from 'vitest';
import { formatMac, octetRange, parseAddress, parseMac, parseNetwork } from './address.js';

const mapped = (v4: bigint) => (0xffffn << 32n) | v4;

describe('parseAddress', () => {
  test.each([
    ['10.0.0.1', mapped(0x0a000001n)],
    ['255.255.255.255', mapped(0xffffffffn)],
    ['::', 0n],
    ['::1', 1n],
    ['1::', 1n << 112n],
    ['2001:db8::8:800:200c:417a', 0x20010db80000000000080800200c417an],
    ['1:2:3:4:5:6:7:8', 0x00010002000300040005000600070008n],
    ['1:2:3:4:5:6:7::', 0x00010002000300040005000600070000n],
    ['::ffff:10.0.0.1', mapped(0x0a000001n)],
    ['FE80::A', 0xfe80000000000000000000000000000an],
  ])('%s', (text, value) => {
    expect(parseAddress(text)).toBe(value);
  });

  test.each(['', '1', '1.2.3', '1.2.3.256', '1.2.3.4.5', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9'])(
    'refuses %s',
    text => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  test.each(['1:2:3:4:5:6:7:8::', 'g::1', '12345::', '1.2.3.4::', '::1.2.3', 'fe80::1%eth0'])('refuses %s', text => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('parseNetwork', () => {
  test('IPv4 ignores the bits behind the prefix', () => {
    expect(parseNetwork('10.1.2.3/8')).toEqual([{ low: mapped(0x0a000000n), high: mapped(0x0affffffn) }]);
    expect(parseNetwork('0.0.0.0/0')).toEqual([{ low: mapped(0n), high: mapped(0xffffffffn) }]);
  });

  test('IPv6 does not take in IPv4', () => {
    const all = parseNetwork('::/0')!;
    const inside = (address: bigint) => all.some(range => range.low <= address && address <= range.high);
    expect(inside(parseAddress('10.0.0.1')!)).toBe(false);
    expect(inside(parseAddress('::1')!)).toBe(true);
    expect(inside(parseAddress('ffff::')!)).toBe(true);
    expect(parseNetwork('2001:db8::/32')).toEqual([
      { low: 0x20010db8n << 96n, high: (0x20010db8n << 96n) | ((1n << 96n) - 1n) },
    ]);
  });

  test.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '/8', '10.0.0.0/-1', '10/8'])('refuses %s', text => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});

describe('ranges as octets', () => {
  test.each([
    ['10.1.2.3/8', 4, [10, 0, 0, 0], [10, 255, 255, 255], 8],
    ['10.1.2.3', 4, [10, 1, 2, 3], [10, 1, 2, 3], 32],
    ['0.0.0.0/0', 4, [0, 0, 0, 0], [255, 255, 255, 255], 0],
    ['2001:db8::/33', 6, [32, 1, 13, 184], [32, 1, 13, 184, 127, 255], 33],
  ])('%s', (text, family, low, high, prefix) => {
    const [range] = parseNetwork(text)!.map(octetRange);
    expect(range).toMatchObject({ family, prefix });
    expect([...range!.low.subarray(0, low.length)]).toEqual(low);
    expect([...range!.high.subarray(0, high.length)]).toEqual(high);
    expect(range!.low).toHaveLength(family === 4 ? 4 : 16);
  });

  test('all of IPv6 is two ranges, the second of which is no prefix', () => {
    expect(parseNetwork('::/0')!.map(octetRange)).toMatchObject([{ family: 6 }, { family: 6, prefix: undefined }]);
  });
});

test('MAC addresses', () => {
  expect(parseMac('02:00:5e:10:00:ff')).toBe(0x02005e1000ffn);
  expect(parseMac('02-00-5E-10-00-FF')).toBe(0x02005e1000ffn);
  expect(parseMac('02:00:5e:10:00')).toBeUndefined();
  expect(formatMac(0x02005e1000ffn)).toBe('02:00:5e:10:00:ff');
});
