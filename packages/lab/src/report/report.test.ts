// Reports of hand-made results, and the page in a browser: it draws, in both colour schemes and by keyboard, and asks nobody for anything.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { screenshotDirectory } from '../paths.js';
import { attempt } from '../run/command.js';
import type { Verdict } from '../verdict/verdict.js';
import { html } from './html.js';
import type { Result } from './result.js';
import { jsonLines, table } from './table.js';

const passed: Verdict = {
  flows: 1006,
  records: 1013,
  lost: 0,
  duplicated: 0,
  invented: 0,
  octets: { median: 0, largest: 0 },
  packets: { median: 0, largest: 0 },
  start: { median: 0.4, largest: 3.25 },
  end: { median: 420, largest: 1012 },
  smoothness: 1.08,
  malformed: 0,
  subjectTimePerFlow: 12.345,
  machineTimePerFlow: 456.7,
  machineTimePerPacket: 3.21,
  residentMemory: 81_234_567,
  throughput: { without: 18.3, with: 18.1 },
  contradictions: [],
  failures: [],
};
const failure = '3 of 1,006 flows lost, expected 0: first 6 10.77.1.2 40000 10.77.2.2 7000';

/** A rate that holds for a while, as packets have it and as interim reports tell it. */
function curves() {
  const values = Array.from({ length: 300 }, (_, i) => (i > 20 && i < 270 ? 1e6 + 120_000 * Math.sin(i * 1.7) : 0));
  const told = values.map((_, i) => (i > 20 && i < 270 ? 1e6 + 40_000 * Math.sin(Math.floor(i / 20)) : 0));
  const from = 1_700_000_000_000;
  return { truth: { from, step: 100, values }, told: { from, step: 100, values: told } };
}

const sorted = (count: number, most: number): number[] =>
  Array.from({ length: count }, (_, i) => most * (i / count) ** 6);

const results: Result[] = [
  {
    ...{ scenario: 'steady', description: 'A transfer at a constant rate, with interim reports.', subject: 'weir' },
    ...{ verdict: passed, plots: { ...curves(), octets: [0, 0], start: sorted(200, 3.25), end: sorted(200, 1012) } },
  },
  {
    ...{
      scenario: 'steady',
      description: 'A transfer at a constant rate, with interim reports.',
      subject: 'softflowd',
    },
    verdict: { ...passed, lost: 3, octets: { median: 0, largest: 66_000 }, failures: [failure] },
    plots: { ...curves(), octets: sorted(200, 66_000), start: sorted(200, 1), end: sorted(200, 4) },
  },
  {
    ...{ scenario: 'flood', description: '300,000 flows <at once>.', subject: 'weir' },
    verdict: { ...passed, contradictions: ['IPv4 protocol 17: connections sum up to 12 packets, nftables counted 13'] },
  },
  { scenario: 'sctp', description: 'Associations.', subject: 'weir', skipped: 'no SCTP in this kernel' },
];

test('the table leaves out what no result has, and what finds no room, and says so', () => {
  const { throughput: _, ...without } = passed;
  const one = [{ scenario: 'icmp', description: 'Echo.', subject: 'weir', verdict: without }];
  expect(table(one)).not.toContain('Gbit/s');
  const [head, row, , remark] = table(one, 60).split('\n');
  expect(head!.length).toBeLessThanOrEqual(60);
  expect([head, row]).toEqual([expect.stringContaining('flows'), expect.stringContaining('1,006')]);
  expect(remark).toMatch(/^\d+ more columns in a wider terminal/);
});

describe('for the terminal and for programs', () => {
  test('a line each, then what went wrong, then how many', () => {
    const lines = table(results).split('\n');
    const words = lines.map(line => line.trim().split(/ {2,}/));
    expect(words[0]!.slice(0, 6)).toEqual(['scenario', 'subject', 'result', 'flows', 'records', 'lost']);
    expect(words[1]).toEqual([
      ...['steady', 'weir', 'passed', '1,006', '1,013', '0', '0', '0', '0 / 0', '0 / 0', '0.4 / 3.25', '420 / 1,012'],
      ...['1.08', '0', '12.3', '457', '3.21', '81.2', '18.3 > 18.1'],
    ]);
    expect(words[3]!.slice(0, 3)).toEqual(['flood', 'weir', 'no verdict']);
    expect(words[4]!.slice(2)).toEqual(['skipped', ...Array(16).fill('-')]);
    expect(lines.slice(5)).toEqual([
      '',
      `steady, softflowd: ${failure}`,
      'flood, weir: contradiction: IPv4 protocol 17: connections sum up to 12 packets, nftables counted 13',
      'sctp, weir: skipped: no SCTP in this kernel',
      '',
      '1 passed, 1 failed, 1 without verdict, 1 skipped',
      '',
    ]);
  });

  test('one object a line', () => {
    const objects = jsonLines(results)
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(objects).toHaveLength(4);
    expect(objects[0]).toEqual({
      scenario: 'steady',
      description: results[0]!.description,
      subject: 'weir',
      verdict: passed,
    });
    expect(objects[3].skipped).toBe('no SCTP in this kernel');
  });
});

const noBrowser = attempt(['sh', '-c', 'command -v chromium']).status === 0 ? undefined : 'no command "chromium"';

describe('the page', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const address = pathToFileURL(join(screenshotDirectory, 'lab.html')).href;

  beforeAll(async () => {
    if (noBrowser !== undefined) return;
    mkdirSync(screenshotDirectory, { recursive: true });
    writeFileSync(join(screenshotDirectory, 'lab.html'), html(results));
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme: 'light' });
    page.on('pageerror', problem => complaints.push(problem.message));
    page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
    page.on('request', request => {
      if (![address, 'data:,'].includes(request.url())) complaints.push(request.url());
    });
    await page.goto(address);
  }, 60_000);

  test('has the table, what went wrong, and a plot of each kind', async context => {
    context.skip(noBrowser !== undefined, noBrowser);
    expect(await page.locator('tbody tr').count()).toBeGreaterThanOrEqual(4);
    expect(await page.locator('.remarks').allInnerTexts()).toEqual([
      failure,
      expect.stringContaining('nftables counted 13'),
      expect.stringContaining('no SCTP'),
    ]);
    expect(await page.locator('figure canvas').count()).toBe(5);
    expect(await page.getByText('300,000 flows <at once>.').count()).toBe(1);
    const painted = await page.evaluate(`[...document.querySelectorAll('canvas')].every(canvas =>
      canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(octet => octet > 0))`);
    expect(painted).toBe(true);
    await page.screenshot({ path: join(screenshotDirectory, 'lab.png'), fullPage: true });
  });

  test('the keyboard reaches a plot and reads its values', async context => {
    context.skip(noBrowser !== undefined, noBrowser);
    const plot = page
      .getByRole('group', { name: /^Octets over time.*truth at most 1,120,000 octets a second/ })
      .first();
    await plot.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('End');
    await expect.poll(() => plot.innerText()).toMatch(/time:?\s*29\.9 s/);
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => plot.innerText()).toMatch(/truth:?\s*\d+(\.\d+)? [Mk]B\/s/);
  });

  test('is dark where people want it dark, and fits a telephone', async context => {
    context.skip(noBrowser !== undefined, noBrowser);
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).not.toBe(light);
    await page.screenshot({ path: join(screenshotDirectory, 'lab-dark.png'), fullPage: true });
    await page.setViewportSize({ width: 390, height: 800 });
    await expect
      .poll(() => page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'))
      .toBe(true);
    await page.screenshot({ path: join(screenshotDirectory, 'lab-narrow.png'), fullPage: true });
  });

  test('nothing went wrong, and no request left it', context => {
    context.skip(noBrowser !== undefined, noBrowser);
    expect(complaints).toEqual([]);
  });

  afterAll(() => browser?.close());
});
