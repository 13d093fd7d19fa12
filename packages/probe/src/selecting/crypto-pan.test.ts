import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Aes128 } from './aes.js';
import { CryptoPan } from './crypto-pan.js';
import { octetsOf, seeded } from './testing/flows.js';

/** Key and results of the Crypto-PAn distribution (sample_trace), and of other implementations for IPv6. */
const KEY = Uint8Array.of(
  ...[21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16],
  ...[216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2],
);
const vectors: [string, string][] = [
  ['128.11.68.132', '135.242.180.132'],
  ['129.118.74.4', '134.136.186.123'],
  ['130.132.252.244', '133.68.164.234'],
  ['141.223.7.43', '141.167.8.160'],
  ['141.233.145.108', '141.129.237.235'],
  ['152.163.225.39', '151.140.114.167'],
  ['156.29.3.236', '147.225.12.42'],
  ['165.247.96.84', '162.9.99.234'],
  ['192.102.249.13', '252.138.62.131'],
  ['192.215.32.125', '252.43.47.189'],
  ['192.41.57.43', '252.222.221.184'],
  ['198.26.132.101', '249.36.123.202'],
  ['24.0.250.221', '100.15.198.226'],
  ['63.14.55.111', '95.9.215.7'],
  ['64.39.15.238', '0.219.7.41'],
  ['10.185.25.118', '117.161.29.118'],
  ['::1', '78ff:f001:9fc0:20df:8380:b1f1:704:ed'],
  ['::2', '78ff:f001:9fc0:20df:8380:b1f1:704:ef'],
  ['::ffff', '78ff:f001:9fc0:20df:8380:b1f1:704:f838'],
  ['2001:db8::1', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e'],
  ['2001:db8::2', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c'],
];

function pseudonym(pan: CryptoPan, octets: Uint8Array): Uint8Array {
  const copy = octets.slice();
  pan.apply(copy, 0, copy.length);
  return copy;
}

describe('published vectors', () => {
  const pan = new CryptoPan(KEY);
  test.each(vectors)('%s', (address, expected) => {
    expect(pseudonym(pan, octetsOf(address))).toEqual(octetsOf(expected));
    // Remembered, it is the same.
    expect(pseudonym(pan, octetsOf(address))).toEqual(octetsOf(expected));
  });
});

describe.each([4, 16])('addresses of %i octets', width => {
  const random = seeded(width);
  const address = () => Uint8Array.from({ length: width }, () => random(256));
  const common = (a: Uint8Array, b: Uint8Array) => {
    const differing = a.findIndex((octet, i) => octet !== b[i]);
    return differing < 0 ? width * 8 : differing * 8 + Math.clz32(a[differing]! ^ b[differing]!) - 24;
  };

  test('as many first bits in common after as before', () => {
    const pan = new CryptoPan(KEY);
    for (let i = 0; i < 300; i++) {
      const one = address();
      const other = one.slice();
      const bit = random(width * 8);
      other[bit >> 3]! ^= 0x80 >> (bit & 7);
      expect(common(pseudonym(pan, one), pseudonym(pan, other))).toBe(bit);
    }
  });

  test('what is remembered is what would be computed', () => {
    const pan = new CryptoPan(KEY);
    const some = Array.from({ length: 200 }, address);
    const first = some.map(each => pseudonym(pan, each));
    for (let i = 0; i < 30_000 / width; i++) pseudonym(pan, address());
    expect(some.map(each => pseudonym(pan, each))).toEqual(first);
    expect(some.map(each => pseudonym(new CryptoPan(KEY), each)).slice(0, 20)).toEqual(first.slice(0, 20));
  });

  test('another key, other pseudonyms', () => {
    const other = KEY.slice();
    other[31]! ^= 1;
    const one = address();
    expect(pseudonym(new CryptoPan(other), one)).not.toEqual(pseudonym(new CryptoPan(KEY), one));
  });
});

test('AES-128 is AES-128', () => {
  const random = seeded(197);
  for (let i = 0; i < 200; i++) {
    const key = Uint8Array.from({ length: 16 }, () => random(256));
    const block = Uint8Array.from({ length: 16 }, () => random(256));
    const words = Uint32Array.from({ length: 4 }, (_, w) => new DataView(block.buffer).getUint32(w * 4));
    new Aes128(key).encrypt(words);
    const expected = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
    expect([...words]).toEqual([0, 4, 8, 12].map(at => expected.readUInt32BE(at)));
  }
});
