import { expect, test } from 'vitest';
import { type CauseRow, causesOf } from './causes.js';

const row = (host: string, service: string, value: number, as?: number): CauseRow => ({
  ...{ host, service, value },
  ...(as === undefined ? {} : { network: { name: `AS${as}`, filter: `as ${as}` } }),
});

test('a host on a port, a host, a port, a network: what tells most, as exactly as that goes', () => {
  expect(
    causesOf([row('x', 'udp/53', 80), row('y', 'tcp/80', 30)], [row('x', 'udp/53', 10), row('y', 'tcp/80', 0)]),
  ).toEqual([
    { name: 'x → udp/53', filter: 'host x and proto udp and port 53', share: 0.7 },
    { name: 'y → tcp/80', filter: 'host y and proto tcp and port 80', share: 0.3 },
  ]);
  const ports = Array.from({ length: 50 }, (_, i) => row('x', `udp/${i}`, 1));
  expect(causesOf(ports)).toEqual([{ name: 'x', filter: 'host x', share: 1 }]);
  const hosts = Array.from({ length: 50 }, (_, i) => row(`h${i}`, 'tcp/80', 1, i % 25));
  expect(causesOf(hosts)).toEqual([{ name: 'tcp/80', filter: 'proto tcp and port 80', share: 1 }]);
  const network = Array.from({ length: 50 }, (_, i) => row(`h${i}`, `udp/${i}`, 1, 64_500));
  expect(causesOf(network)).toContainEqual({ name: 'AS64500', filter: 'as 64500', share: expect.any(Number) });
});

test('what was as much before is no cause', () => {
  const usual = [row('a', 'tcp/443', 1000), row('b', 'tcp/443', 2000)];
  expect(causesOf([...usual, row('c', 'icmp', 500)], usual)).toEqual([
    { name: 'c → icmp', filter: 'host c and proto icmp', share: 1 },
  ]);
});

test('without an excess there is no cause, and many small ones are none', () => {
  expect(causesOf([])).toEqual([]);
  expect(causesOf([row('a', 'tcp/1', 5)], [row('a', 'tcp/1', 9)])).toEqual([]);
  expect(causesOf(Array.from({ length: 40 }, (_, i) => row(`h${i}`, `tcp/${i}`, 1)))).toEqual([]);
});
