// The page of reports: what was metered stands in it, in both languages; chosen by time, network and filter; printed and had by itself.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { browserIn, watchedPage } from '../browser/browser.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { screenshotDirectory } from '../paths.js';
import { until } from '../run/wait.js';
import { shortConnections, startResponder } from '../traffic/traffic.js';
import { http, RunningWeir } from '../weir/weir.js';

interface Summary {
  readonly flows: number;
}

const reason = missing(['chromium']);
const { client, server } = addresses;
const origin = `http://${http}`;
const port = 7000;
const CONNECTIONS = 50;

let lab: Lab;
let net: Topology;
let running: RunningWeir;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  const reports = ['--reports', '{name: board, timezone: Europe/Berlin}'];
  running = await RunningWeir.up(lab, net.router, lab.directory('report'), ['--active-timeout', '5', ...reports]);
  browser = await browserIn(lab, net.router);
  mkdirSync(screenshotDirectory, { recursive: true });
  const connections = {
    host: server.v4,
    port,
    connections: CONNECTIONS,
    firstPort: 40_000,
    upload: 500,
    download: 20_000,
  };
  await shortConnections(net.client, connections);
  await until('the connections', 60, async () => {
    const { flows } = await running.api<Summary>('/api/v1/summary?filter=proto%20tcp');
    return flows >= CONNECTIONS ? true : undefined;
  });
}, 150_000);

afterAll(async () => {
  if (reason !== undefined) return;
  await browser?.close();
  expect(await running?.stop()).toBe(0);
  expect(await lab.close()).toEqual([]);
  expect(complaints).toEqual([]);
}, 60_000);

const at = (id: string): Locator => page.getByTestId(id);
const report = (): FrameLocator => page.frameLocator('[data-testid="report"]');

async function open(query: string, options: object): Promise<void> {
  page = await watchedPage(browser, origin, complaints, { viewport: { width: 1400, height: 1100 }, ...options });
  await page.goto(`${origin}/?page=report${query}`);
}

async function picture(name: string): Promise<void> {
  await page.screenshot({ path: join(screenshotDirectory, `${name}.png`), fullPage: true });
  expect(await violations(page)).toEqual([]);
}

test('what was metered stands in it', async () => {
  await open('&period=span&from=-60m', { colorScheme: 'light', locale: 'en-GB' });
  await report().getByRole('heading', { name: 'All traffic' }).waitFor();
  await report().getByRole('rowheader', { name: client.v4, exact: true }).waitFor();
  await report().getByText('Nothing is stored of the time before').waitFor();
  await at('scheduled').getByText('board').waitFor();
  expect(await at('print-report').isEnabled()).toBe(true);
  const { height } = (await at('report').boundingBox())!;
  expect(height).toBeGreaterThan(1000);
  await picture('report-light');
}, 90_000);

test('it is chosen by filter, and a mistake in it is told', async () => {
  await at('filter').fill('proto udp');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await report().getByRole('heading', { name: 'proto udp' }).waitFor();
  await open('&period=span&from=-60m&filter=hst', { locale: 'en-GB' });
  await page.getByRole('alert').getByText('The report cannot be made: ').waitFor();
  expect(await at('print-report').isEnabled()).toBe(false);
  await page.close();
}, 90_000);

test('the last week, in German and dark: a report is paper', async () => {
  await open('', { colorScheme: 'dark', locale: 'de-DE' });
  await report().getByText('Wochenbericht').waitFor();
  await picture('report-dark');
  expect(await at('report-week').getAttribute('aria-pressed')).toBe('true');
  await page.close();
}, 60_000);

test.each(['en', 'de'])(
  'by itself it is a page that everybody can read: %s',
  async language => {
    page = await watchedPage(browser, origin, complaints, { viewport: { width: 900, height: 1100 } });
    await page.goto(`${origin}/api/v1/report?from=-1h&language=${language}&title=Lab`);
    expect(await page.title()).toMatch(/^(Report|Bericht): Lab$/);
    await picture(`report-${language}`);
    await page.close();
  },
  60_000,
);
