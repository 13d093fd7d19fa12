import { expect, test } from 'vitest';
import { AddressCell } from './address-cell.js';
import { NameResolver } from './name-resolver.js';

test('a name gets its address', async () => {
  const cell = new AddressCell();
  const lines: string[] = [];
  const resolver = new NameResolver('localhost', cell, line => lines.push(line));
  await expect.poll(() => cell.generation, { timeout: 10_000 }).toBe(1);
  expect(['127.0.0.1', '::1']).toContain(cell.address);
  expect(lines).toEqual([]);
  resolver.close();
});

test('a name without an address is said once, and looked up again', async () => {
  const cell = new AddressCell();
  const lines: string[] = [];
  // RFC 6761 section 6.4: never to be found.
  const resolver = new NameResolver('collector.invalid', cell, line => lines.push(line));
  await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1);
  expect(lines[0]).toMatch(/"collector.invalid": its name (has no address|cannot be looked up now).*trying on/);
  expect(cell.generation).toBe(0);
  resolver.close();
});
