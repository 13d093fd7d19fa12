import { expect, test } from 'vitest';
import { LoginLimit, networkOf, RateLimit } from './rate.js';

test('five failures a minute from one address, and none to wait for the next minute', () => {
  let now = 1_000_000;
  const limit = new LoginLimit(() => now);
  for (let i = 0; i < 5; i++) expect(limit.take('192.0.2.1')).toBe(0);
  expect(limit.take('192.0.2.1')).toBe(60);
  expect(limit.take('192.0.2.2')).toBe(0);
  now += 59_500;
  expect(limit.take('192.0.2.1')).toBe(1);
  now += 500;
  expect(limit.take('192.0.2.1')).toBe(0);
});

test('what succeeds does not count', () => {
  const limit = new LoginLimit(() => 0);
  for (let i = 0; i < 100; i++) {
    expect(limit.take('192.0.2.1')).toBe(0);
    limit.giveBack('192.0.2.1');
  }
});

test('fifty failures a minute from all addresses', () => {
  let now = 0;
  const limit = new LoginLimit(() => now);
  for (let i = 0; i < 50; i++) expect(limit.take(`192.0.2.${i}`)).toBe(0);
  expect(limit.take('198.51.100.1')).toBe(60);
  now = 60_000;
  expect(limit.take('198.51.100.1')).toBe(0);
});

test('a clock that is set back holds nobody up', () => {
  let now = 10_000_000;
  const limit = new LoginLimit(() => now);
  for (let i = 0; i < 6; i++) limit.take('192.0.2.1');
  now = 0;
  expect(limit.take('192.0.2.1')).toBe(0);
});

test.each([
  ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:0db8::ffff', '2001:db8:0:0::/64'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1', '192.0.2.1'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('other limits, from one address and from all', () => {
  const limit = new RateLimit({ each: 2, all: 3 }, () => 0);
  expect(['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.3'].map(each => limit.take(each))).toEqual([
    0, 0, 60, 0, 60,
  ]);
});
