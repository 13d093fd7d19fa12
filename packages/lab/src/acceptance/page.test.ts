// The page, in a browser inside the router, while real traffic flows: what is on it, and what happens when one clicks.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { dragOver } from '../browser/browser.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { screenshotDirectory } from '../paths.js';
import { sleep, until } from '../run/wait.js';
import { requests, startResponder, transfer } from '../traffic/traffic.js';
import { RunningWeir } from '../weir/weir.js';
import { origin, PageLab } from './page-lab.js';

const port = 7000;
const requestPort = 30_000;
let net: Topology;
let running: RunningWeir;
let page: Page;
let begun: number;
const pageLab = new PageLab([], async lab => {
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  running = await RunningWeir.up(lab, net.router, lab.directory('page'), ['--active-timeout', '1']);
  const { v4, v6 } = addresses.server;
  begun = performance.now();
  const traffic = Promise.all([
    transfer(net.client, { host: v4, port, upload: 30_000_000, download: 2_000_000, rate: 1_500_000 }),
    transfer(net.client, { host: v6, port, upload: 15_000_000, download: 1_000_000, rate: 750_000 }),
    requests(net.client, { host: v4, port, flows: 40, firstPort: requestPort, octets: 100 }),
  ]);
  return {
    namespace: net.router,
    page: { viewport: { width: 1440, height: 1000 }, colorScheme: 'light' },
    opened: opened => (page = opened).goto(`${origin}/`),
    end: async () => {
      await traffic;
      expect(await running.stop()).toBe(0);
    },
  };
});
const { at, words, complaints } = pageLab;

/** A number in an attribute of the throughput plot. */
const plotted = async (name: string): Promise<number> => Number(await at('throughput').getAttribute(name));

test('flows appear, with throughput and health', async () => {
  await at('flow-row').first().waitFor();
  await until('throughput', 30, async () => ((await plotted('data-out')) > 100_000 ? true : undefined));
  expect(await plotted('data-points')).toBeGreaterThan(3);
  expect(await words('health')).toMatch(/metering/i);
  for (const id of ['lost', 'tracked', 'exported']) expect(await words(id)).toMatch(/\d/);
}, 60_000);

/** Chooses the largest flows, and waits until a transfer is on top. */
async function chooseLargest(): Promise<void> {
  await at('tab-largest').click();
  await until('a transfer on top', 30, async () =>
    (await words('flow-row')).includes(`${addresses.server.v4}:${port}`) ? true : undefined,
  );
}

test('the largest flows are the transfers', async () => {
  await chooseLargest();
  await at('tab-newest').click();
  await at('flow-row').first().waitFor();
}, 40_000);

test('a filter leaves what matches', async () => {
  await at('filter').fill(`src port ${requestPort + 7}`);
  await at('filter').press('Enter');
  await until('one row', 30, async () => ((await at('flow-row').count()) === 1 ? true : undefined));
  expect(await words('flow-row')).toContain(String(requestPort + 7));
  expect(page.url()).toContain('filter');
}, 40_000);

test('a filter that is none is refused with words', async () => {
  await at('filter').fill('src host nowhere and');
  await at('filter').press('Enter');
  await at('filter-error').waitFor();
  expect(await words('filter-error')).toMatch(/\w{3}/);
  await at('filter').fill('');
  await at('filter').press('Enter');
  await at('filter-error').waitFor({ state: 'hidden' });
  await until('all rows', 30, async () => ((await at('flow-row').count()) > 1 ? true : undefined));
}, 40_000);

test('a click on a flow shows all about it', async () => {
  await chooseLargest();
  await at('flow-row').first().click();
  await at('flow-panel').waitFor();
  expect(await words('flow-panel')).toMatch(/10\.77\.2\.1|fd77:2::1/);
  await page.screenshot({ path: join(screenshotDirectory, 'panel.png') });
  await page.keyboard.press('Escape');
  await at('flow-panel').waitFor({ state: 'hidden' });
}, 40_000);

test('a filter is completed', async () => {
  await at('filter').fill('');
  await at('filter').pressSequentially('src po');
  await at('suggestions').getByRole('option', { name: 'port' }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await until('the word', 30, async () => ((await at('filter').inputValue()) === 'src port ' ? true : undefined));
  await page.keyboard.press('Escape');
  await at('filter').fill('');
  await at('filter').press('Enter');
}, 40_000);

test('a drag zooms, the address keeps it, and there is a way back to live', async () => {
  await dragOver(page, at('throughput').locator('.u-over'), 0.8, 1);
  await at('live').waitFor();
  const query = new URL(page.url()).searchParams;
  const length = Number(query.get('to')) - Number(query.get('from'));
  expect(length).toBeGreaterThan(55_000);
  expect(length).toBeLessThan(65_000);
  await page.reload();
  await at('live').waitFor();
  expect(new URL(page.url()).searchParams.get('to')).toBe(query.get('to'));
  await at('live').click();
  await at('live').waitFor({ state: 'hidden' });
  await page.waitForURL(url => !url.searchParams.has('to'));
}, 60_000);

test('the plot is within reach of keys', async () => {
  await until('points', 30, async () => ((await plotted('data-points')) > 3 ? true : undefined));
  const slider = page.getByRole('slider');
  await slider.focus();
  await slider.press('End');
  const last = await slider.getAttribute('aria-valuetext');
  expect(last).toMatch(/In .*bit\/s, Out .*bit\/s/);
  await slider.press('Shift+Home');
  await slider.press('Escape');
  await slider.press('+');
  await page.waitForURL(url => url.searchParams.get('from') === '-150s');
  await at('range-5').click();
}, 40_000);

test('what has most traffic narrows the filter', async () => {
  const services = at('top-services').getByRole('button');
  await services.first().waitFor();
  await services.first().click();
  await page.waitForURL(url => /^proto \d+/.test(url.searchParams.get('filter') ?? ''));
  await at('flow-row').first().waitFor();
  await at('filter').fill('');
  await at('filter').press('Enter');
}, 40_000);

test('the pages speak German, and go on doing so', async () => {
  await at('language').selectOption('de');
  await until('German', 30, async () => ((await words('health')).includes('Misst') ? true : undefined));
  await page.reload();
  await until('German', 30, async () => ((await words('health')).includes('Misst') ? true : undefined));
  expect(await page.evaluate('document.documentElement.lang')).toBe('de');
  await at('language').selectOption('en');
  await until('English', 30, async () => (/metering/i.test(await words('health')) ? true : undefined));
}, 60_000);

test.each([
  [1440, 'light', 'en'],
  [360, 'dark', 'de'],
  [360, 'light', 'de'],
  [1440, 'dark', 'en'],
] as const)(
  'nothing stands in the way of readers at %d pixels, %s, %s',
  async (width, colorScheme, language) => {
    await page.setViewportSize({ width, height: 1000 });
    await page.emulateMedia({ colorScheme });
    await at('language').selectOption(language);
    await at('flow-row').first().waitFor();
    await at('top-services').getByRole('button').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await at('flow-row').first().click();
    await at('flow-panel').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: join(screenshotDirectory, `${width}-${colorScheme}-${language}.png`) });
    await page.keyboard.press('Escape');
    await at('flow-panel').waitFor({ state: 'hidden' });
  },
  60_000,
);

test('range and theme can be changed', async () => {
  await page.setViewportSize({ width: 1440, height: 1000 });
  await page.emulateMedia({ colorScheme: 'light' });
  await at('tab-newest').click();
  await at('range-5').click();
  // A curve worth a picture.
  await sleep(Math.max(0, begun + 14_000 - performance.now()));
  await page.screenshot({ path: join(screenshotDirectory, 'page.png') });
  const background = (): Promise<string> =>
    page.evaluate('getComputedStyle(document.body).backgroundColor') as Promise<string>;
  const light = await background();
  await at('theme').click();
  await until('another background', 30, async () => ((await background()) !== light ? true : undefined));
  await page.screenshot({ path: join(screenshotDirectory, 'dark.png') });
}, 40_000);

test('nothing went wrong in the page, it kept to its policy, and no request left its origin', () => {
  expect(complaints).toEqual([]);
});
