// The pages in LuCI, in a browser, before stand-ins for LuCI's own scripts and for ubus.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openwrt } from './packages.js';
import { readCatalogue } from './po.js';
import { fillRouter } from './testing/filled-router.js';
import { StandInRouter } from './testing/router.js';

const CHROMIUM = '/usr/bin/chromium';
const reason = existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM}`;
const pictures = join(openwrt, 'package/dist/screenshots');

let browser: Browser;
let router: StandInRouter;
let origin: string;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  if (reason !== undefined) return console.warn(`skipped: ${reason}`);
  mkdirSync(pictures, { recursive: true });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}, 60_000);

beforeEach(async context => {
  context.skip(reason !== undefined, reason);
  router = new StandInRouter();
  fillRouter(router.ubus);
  origin = await router.listen();
  complaints = [];
  page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  page.on('pageerror', error => complaints.push(error.message));
});

afterEach(async () => {
  if (reason !== undefined) return;
  await page.screenshot({
    path: join(pictures, `${expect.getState().currentTestName}.png`.replaceAll(/[^\w.]+/g, '-')),
  });
  await page.close();
  router.close();
  // What a page asks for, its user must be allowed.
  expect([complaints, router.ubus.denied]).toEqual([[], []]);
});

afterAll(() => browser?.close());

const open = (view: string) => page.goto(`${origin}/view/weir/${view}`);
const part = (name: string) => page.locator(`[data-weir=${name}]`);
const option = (name: string) => page.locator(`[data-option=${name}]`);
const probe = () => router.ubus.uci.get('weir')!.get('main')!;

test('live flows: what the kernel counts, and what the probe exports', async () => {
  await open('status');
  await part('flows').waitFor();
  expect(await part('live').textContent()).toBe('3');
  expect(await part('table').textContent()).toBe('3 of 16384');
  expect(await part('collectors').locator('tr').nth(1).textContent()).toContain('udp://192.0.2.1:4739takes flows');
  expect(await part('flows').locator('tr').nth(1).textContent()).toContain('10.1.2.3:51000198.51.100.7:443');
  expect(await part('notice').count()).toBe(0);
});

test('live flows: rates come with the next look, the fastest first', async () => {
  await page.clock.install();
  await open('status');
  await part('flows').waitFor();
  expect(await part('throughput').textContent()).toBe('-');
  fillRouter(router.ubus, { seconds: 5 });
  await page.clock.runFor(5100);
  await expect.poll(() => part('throughput').textContent()).toMatch(/^1\.\d+ Mbit\/s$/);
  expect(await part('flows').locator('tr').nth(1).textContent()).toMatch(/\[2001:db8::5\]:40000.* Mbit\/s/);
  expect(await part('records').textContent()).toMatch(/^4\.0 records a second, 4\.00 Kbit\/s$/);
  await page.clock.runFor(5100);
  await expect.poll(() => page.locator('svg polyline').count()).toBe(1);
});

test('live flows: a probe that is switched off is told', async () => {
  fillRouter(router.ubus, { enabled: false });
  await open('status');
  await part('notice').waitFor();
  expect(await part('notice').textContent()).toContain('The probe is switched off.');
  expect(await part('live').textContent()).toBe('3');
});

test('settings: what is configured is shown, and what is changed is written, alone', async () => {
  await open('settings');
  await option('collector').waitFor();
  expect(await option('collector').inputValue()).toBe('udp://192.0.2.1:4739');
  expect(await option('reliable').isChecked()).toBe(true);
  await option('collector').fill('udp://192.0.2.1:4739\ntcp://[2001:db8::9]:2055');
  await option('distribute').selectOption('failover');
  await option('active_timeout').fill('30');
  await option('tcp_events').uncheck();
  await page.getByText('Save').click();
  await expect.poll(() => page.title()).toBe('saved');
  expect(probe()).toEqual({
    ...{ '.name': 'main', '.type': 'probe', enabled: '1', domain: '3203334186' },
    ...{ collector: ['udp://192.0.2.1:4739', 'tcp://[2001:db8::9]:2055'], distribute: 'failover' },
    ...{ active_timeout: '30', tcp_events: '0' },
  });
});

test('settings: what is no collector is refused', async () => {
  const before = structuredClone(probe());
  await open('settings');
  await option('collector').fill('192.0.2.1');
  await page.getByText('Save').click();
  await expect.poll(() => page.title()).toBe('refused');
  expect(await page.getByText('Expecting: udp://HOST:PORT or tcp://HOST:PORT').count()).toBe(1);
  expect(probe()).toEqual(before);
});

test('findings: none where all is well but what OpenWrt usually has not', async () => {
  await open('findings');
  await part('findings').waitFor();
  expect(
    await page.locator('[data-level]').evaluateAll(all => all.map(each => each.getAttribute('data-level'))),
  ).toEqual(['info']);
});

test('findings: the worst first, with what to do', async () => {
  fillRouter(router.ubus, { away: true });
  router.ubus.files.set('/proc/sys/net/netfilter/nf_conntrack_events', '2\n');
  router.ubus.uci.set(
    'firewall',
    new Map([['cfg1', { '.type': 'defaults', flow_offloading: '1', flow_offloading_hw: '1' }]]),
  );
  await open('findings');
  await part('findings').waitFor();
  const titles = await page.locator('[data-level] h4').allTextContents();
  expect(titles).toEqual([
    'A collector does not take flows',
    'Connections older than the probe end without an event',
    'The kernel keeps no times of connections',
    'Connections are offloaded to hardware',
  ]);
});

test('the pages speak German', async () => {
  const catalogue = readCatalogue(readFileSync(join(openwrt, 'luci-app-weir/po/de/weir.po'), 'utf8'));
  router.translations = Object.fromEntries(catalogue.map(({ id, text }) => [id, text]));
  await open('status');
  await part('flows').waitFor();
  expect(await page.locator('h2').textContent()).toBe('Laufende Flows');
  expect(await part('table').textContent()).toBe('3 von 16384');
});
