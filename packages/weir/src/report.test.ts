import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Collector, startCollector } from '@weir/collector';
import { findBrowser } from '@weir/collector/reading';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'weir-report-'));
let collector: Collector;

beforeAll(async () => {
  collector = await startCollector({
    ...{ data, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] },
    ...{ 'as-database': 'none', 'country-database': 'none' },
  });
}, 60_000);
afterAll(async () => {
  await collector.stop();
  rmSync(data, { recursive: true });
});

function report(...options: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, 'report', ...options]);
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += chunk));
  child.stderr.on('data', chunk => (err += chunk));
  return new Promise(resolve => child.on('close', status => resolve({ status: status ?? -1, out, err })));
}

test('a page in the language asked for, by socket and over HTTP', async () => {
  const page = await report('--data', data, '--language', 'de', '--title', 'Büro', '--timezone', 'Europe/Berlin');
  expect(page).toMatchObject({ status: 0, err: '' });
  expect(page.out).toMatch(/^<!doctype html>\n<html lang="de">/);
  expect(page.out).toContain('<h1>Büro</h1>');
  const day = await report('--url', collector.http, '--period', 'day');
  expect(day.out).toContain('Daily report');
});

test('its data, of a time and a network', async () => {
  const asked = ['--from', '2026-01-01', '--to', '2026-01-03', '--timezone', 'UTC', '--network', '10.0.0.0/8'];
  const { out } = await report('--data', data, '--format', 'json', ...asked);
  expect(JSON.parse(out)).toMatchObject({
    ...{ from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 3), before: { from: Date.UTC(2025, 11, 30) } },
    filter: 'net 10.0.0.0/8',
  });
});

test('PDF by the browser of this machine', { skip: findBrowser() === undefined, timeout: 90_000 }, async () => {
  const file = join(data, 'week.pdf');
  expect(await report('--data', data, '--format', 'pdf', '--output', file)).toEqual({ status: 0, out: '', err: '' });
  expect(readFileSync(file, 'latin1').slice(0, 5)).toBe('%PDF-');
});

test.each([
  [['--data', data, '--format', 'pdf', '--output', join(data, 'x.pdf'), '--browser', '/nonexistent'], 1, /made no PDF/],
  [['--data', data, '--timezone', 'Mars'], 2, /there is no time zone "Mars"/],
  [['--data', data, '--period', 'day', '--from', '-1d'], 2, /exclude one another/],
  [['--data', '/nonexistent'], 1, /no collector answers/],
])('%j is refused in one line', async (options, status, message) => {
  const refused = await report(...options);
  expect([refused.status, refused.out]).toEqual([status, '']);
  expect(refused.err).toMatch(message);
  expect(refused.err.trim().split('\n')).toHaveLength(1);
});

test('a filter that is none is pointed at', async () => {
  const { status, err } = await report('--data', data, '--filter', 'hst 1');
  expect([status, err]).toEqual([2, expect.stringMatching(/hst 1\n\s*\^/)]);
});
