import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DescribedCollector } from './testing/described.js';

let described: DescribedCollector;
beforeAll(async () => {
  described = await DescribedCollector.start();
}, 60_000);
afterAll(() => described.stop());

test('every metric is in the reference, with its type and what it says of itself', async () => {
  const page = readFileSync(new URL('../../../../docs/reference/metrics.md', import.meta.url), 'utf8');
  const text = await (await described.get('/metrics')).text();
  const metrics = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)];
  expect(metrics.length).toBeGreaterThan(60);
  const rows = metrics.map(([, name, help, type]) => `| \`${name}\` | ${type} | ${help} |`);
  expect(rows.filter(row => !page.includes(row))).toEqual([]);
});
