// The pages of flows and of one session, in a browser inside the router, while real traffic flows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { watchedPage } from '../browser/browser.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { screenshotDirectory } from '../paths.js';
import { sleep } from '../run/wait.js';
import { requests, startResponder, steadyTransfer, transfer } from '../traffic/traffic.js';
import { RunningWeir } from '../weir/weir.js';
import { origin, PageLab } from './page-lab.js';

const port = 7000;
const requestPort = 30_000;
const requestCount = 400;
const { client, server } = addresses;

let net: Topology;
let running: RunningWeir;
let page: Page;
const pageLab = new PageLab([], async lab => {
  net = lab.topology();
  // So that a connection that was closed is told as ended soon.
  net.router.sysctl('net.netfilter.nf_conntrack_tcp_timeout_time_wait', 5);
  lab.own(await startResponder(net.server, port));
  running = await RunningWeir.up(lab, net.router, lab.directory('flows'), ['--active-timeout', '1']);
  const lasting = lab.own(steadyTransfer(net.client, { host: server.v6, port, rate: 400_000 }));
  const traffic = Promise.all([
    transfer(net.client, { host: server.v4, port, upload: 2_000_000, download: 500_000, rate: 250_000 }),
    requests(net.client, { host: server.v4, port, flows: requestCount, firstPort: requestPort, octets: 100 }),
  ]);
  return {
    namespace: net.router,
    page: { viewport: { width: 1400, height: 900 }, colorScheme: 'light', acceptDownloads: true },
    opened: async opened => (page = opened),
    end: async () => {
      await traffic;
      expect(lasting.status, lasting.stderr).toBeUndefined();
      expect(await running.stop()).toBe(0);
    },
  };
});
const { at, words, parameter, holds, complaints } = pageLab;
const heads = (): Promise<string[]> =>
  at('flow-grid')
    .getByRole('columnheader')
    .allTextContents()
    .then(texts => texts.map(text => text.trim()));
/** Index of the row that keys are at, or what the first drawn row is. */
const activeRow = (): Promise<number> =>
  page.evaluate(`Number(document.getElementById(
    document.querySelector('[role=grid]').getAttribute('aria-activedescendant'))?.dataset.index ?? -1)`);

test('all flows are there to be scrolled through, of which few are drawn', async () => {
  await page.goto(`${origin}/?page=flows&from=-15m`);
  await at('flow-grid').waitFor();
  await holds(
    'all requests',
    async () => Number.parseInt((await words('flow-sums')).replace(/\D*/, ''), 10) >= requestCount,
  );
  await at('flow-grid').focus();
  await page.keyboard.press('End');
  await holds('the last row', async () => {
    await page.keyboard.press('End');
    return (await activeRow()) >= requestCount;
  });
  expect(await at('flow-grid-row').count()).toBeLessThan(60);
  const last = await activeRow();
  expect(Number(await at('flow-grid').getAttribute('aria-rowcount'))).toBeGreaterThan(requestCount);
  await page.keyboard.press('PageUp');
  expect(await activeRow()).toBeLessThan(last - 5);
  await page.keyboard.press('Home');
  expect(await activeRow()).toBe(0);
  await page.keyboard.press('ArrowDown');
  expect(await activeRow()).toBe(1);
}, 90_000);

test('the largest come first where one wants them', async () => {
  await at('tab-largest').click();
  await holds('a transfer on top', async () => (await words('flow-grid-row')).includes(`]:${port}`));
  expect(parameter('order')).toBe('largest');
}, 60_000);

test('columns are those that one chooses, found by search', async () => {
  await at('columns').click();
  await at('column-search').fill('conntrackS');
  await at('column-conntrackStatus').check();
  await at('column-search').fill('Output');
  await at('column-outif').check();
  await at('column-search').fill('');
  await at('column-duration').uncheck();
  await page.keyboard.press('Escape');
  await at('columns-panel').waitFor({ state: 'hidden' });
  expect(parameter('columns')).toBe('src,dst,proto,octets,reverseoctets,start,reason,conntrackStatus,outif');
  await holds('the columns', async () => (await heads()).join().endsWith('State,conntrackStatus,Output interface'));
  // Names of interfaces come from the exporter.
  await holds('the name of an interface', async () => /[a-z]/.test(await cell(0, 8)));
}, 60_000);

const cell = async (row: number, column: number): Promise<string> =>
  (await at('flow-grid-row').nth(row).getByRole('gridcell').nth(column).textContent())?.trim() ?? '';

test('the address is the view: a second window shows the same', async () => {
  const second = await watchedPage(pageLab.browser, origin, complaints, { viewport: { width: 1400, height: 900 } });
  await second.goto(page.url());
  await second.getByTestId('flow-grid-row').first().waitFor();
  const texts = await second.getByTestId('flow-grid').getByRole('columnheader').allTextContents();
  expect(texts.map(text => text.trim())).toEqual(await heads());
  const first = (await second.getByTestId('flow-grid-row').first().textContent()) ?? '';
  expect(first).toContain(`]:${port}`);
  await second.close();
}, 60_000);

/** What a click on something downloads. */
async function saved(id: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), at(id).click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'latin1') };
}

test('what is chosen is exported in each format', async () => {
  await at('filter').fill(`src port ${requestPort + 7} or src port ${requestPort + 9}`);
  await at('filter').press('Enter');
  await holds('two rows', async () => (await at('flow-grid').getAttribute('data-count')) === '2');
  await at('export').click();
  const csv = await saved('export-csv');
  expect(csv.name).toBe('flows.csv');
  const lines = csv.text.trimEnd().split('\r\n');
  expect(lines[0]).toBe('src,dst,proto,octets,reverseoctets,start,reason,conntrackStatus,outif');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(new RegExp(`^${client.v4},${server.v4},17,\\d+,\\d+,20`));
  const json = JSON.parse((await saved('export-json')).text) as { src: string }[];
  expect(json.map(({ src }) => src)).toEqual([client.v4, client.v4]);
  // RFC 7011: a Message begins with version 10.
  const ipfix = await saved('export-ipfix');
  expect([ipfix.name, ipfix.text.slice(0, 2)]).toEqual(['flows.ipfix', '\0\n']);
  const parquet = await saved('export-parquet');
  expect([parquet.name, parquet.text.slice(0, 4)]).toEqual(['flows.parquet', 'PAR1']);
  expect((await saved('export-ndjson')).text).toContain('"sourceTransportPort":30007');
  await page.keyboard.press('Escape');
}, 90_000);

test('groups have sums, and one of them leads to its flows', async () => {
  await at('filter').fill('proto tcp');
  await at('filter').press('Enter');
  await at('group').click();
  await at('group-src').check();
  await at('group-dstport').check();
  await page.keyboard.press('Escape');
  await at('group-grid-row').first().waitFor();
  expect(parameter('by')).toBe('src,dstport');
  const all = (await at('group-grid-row').allTextContents()).join('\n');
  expect(all).toContain(client.v4);
  expect(all).toContain(client.v6);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(screenshotDirectory, 'flows-groups.png') });
  await at('export').click();
  const { name, text } = await saved('export-csv');
  expect(name).toBe('groups.csv');
  expect(text.split('\r\n')[0]).toBe('src,dstport,flows,octets,reverseOctets,packets,reversePackets');
  await page.keyboard.press('Escape');
  await at('group-grid-row').filter({ hasText: client.v6 }).first().click();
  await at('flow-grid-row').first().waitFor();
  expect(parameter('filter')).toBe(`proto tcp and src = ${client.v6} and dstport = ${port}`);
  expect(parameter('by')).toBeNull();
}, 90_000);

test('a group of what has no value says so, and leads to its flows, too', async () => {
  await page.goto(`${origin}/?page=flows&from=-15m&by=proto,tcpstate`);
  const row = at('group-grid-row').filter({ hasText: 'none' });
  await row.first().waitFor();
  await at('export').click();
  expect((await saved('export-csv')).text).toMatch(/^17,none,/m);
  await page.keyboard.press('Escape');
  await row.first().click();
  await at('flow-grid-row').first().waitFor();
  expect(parameter('filter')).toBe('proto = 17 and not has tcpstate');
  await holds('all requests', async () => Number(await at('flow-grid').getAttribute('data-count')) >= requestCount);
}, 60_000);

test('a mistake in the filter is shown where it is, and a field that is none is refused with words', async () => {
  await at('filter').fill('src hots 10.0.0.1');
  await at('filter').press('Enter');
  await at('filter-error').waitFor();
  expect(await words('filter-error')).toMatch(/\n {4}\^/);
  await page.goto(`${origin}/?page=flows&columns=src,nonsense`);
  await at('refusal').waitFor();
  expect(await words('refusal')).toContain('nonsense');
  await at('refusal').getByRole('button').click();
  await at('flow-grid-row').first().waitFor();
}, 60_000);

test('a time is chosen to the second, while others go on', async () => {
  await at('times').click();
  const [from, to] = [new Date(Date.now() - 600_000), new Date()].map(time => `${time.toISOString().slice(0, 19)}`);
  await at('time-from').fill(from!);
  await sleep(2500);
  await at('time-to').fill(to!);
  await at('time-apply').click();
  await page.waitForURL(url => url.searchParams.has('to'));
  const zoned = (text: string): Promise<number> => page.evaluate(`new Date('${text}').getTime()`);
  expect([Number(parameter('from')), Number(parameter('to'))]).toEqual([await zoned(from!), await zoned(to!)]);
  await at('flow-grid-row').first().waitFor();
}, 60_000);

test('Enter opens a session, and the way back leads to the same row', async () => {
  await page.goto(`${origin}/?page=flows&from=-15m&filter=src+port+${requestPort}+or+src+port+${requestPort + 1}`);
  await holds('two rows', async () => (await at('flow-grid').getAttribute('data-count')) === '2');
  await at('flow-grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const row = await at('flow-grid-row').nth(1).textContent();
  await page.keyboard.press('Enter');
  await at('session').waitFor();
  expect(parameter('page')).toBe('session');
  expect(await words('session')).toContain(`${server.v4}:${port}`);
  await page.goBack();
  await at('flow-grid').waitFor();
  await holds('the same row', async () => (await activeRow()) === 1);
  expect(await at('flow-grid-row').nth(1).textContent()).toBe(row);
}, 60_000);

test('a session that ended shows both directions, the handshake, and who closed it', async () => {
  await page.goto(`${origin}/?page=flows&from=-15m&order=largest&filter=src+host+${client.v4}+and+proto+tcp`);
  await holds('its end', async () => {
    await page.reload();
    await at('flow-grid-row').first().waitFor();
    return /closed/.test(await words('flow-grid-row'));
  });
  await at('flow-grid-row').first().getByRole('link').first().click();
  await at('session-traffic').waitFor();
  expect(Number(await at('session-traffic').getAttribute('data-steps'))).toBeGreaterThan(4);
  expect(await words('session-ending')).toMatch(/closed it|reset/);
  expect(await words('session-course')).toMatch(/Round trip\s*[\d.]+ (µs|ms)/);
  expect(await words('session-course')).toMatch(/ESTABLISHED/);
  expect(await words('session-seen')).toMatch(/127\.0\.0\.1|::1/);
  await at('session-records').locator('summary').click();
  const records = at('session-records').locator('tbody tr');
  await records.first().waitFor();
  expect(await records.count()).toBeGreaterThan(3);
  await page.getByRole('slider').focus();
  await page.keyboard.press('Home');
  expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toMatch(/Sent .*bit\/s, Received .*bit\/s/);
}, 90_000);

test('a session that is not there says what to do', async () => {
  await page.goto(`${origin}/?page=session&flow=7`);
  await at('session-missing').waitFor();
  await at('session-missing').getByRole('link').click();
  await at('flow-grid-row').first().waitFor();
}, 60_000);

test('the overview leads to the session of a flow', async () => {
  await page.goto(`${origin}/?from=-15m`);
  await at('flow-row').first().click();
  await at('open-session').click();
  await at('session').waitFor();
}, 60_000);

test.each([
  [1400, 'light', 'en'],
  [390, 'dark', 'de'],
  [390, 'light', 'de'],
  [1400, 'dark', 'en'],
] as const)(
  'nothing stands in the way of readers at %d pixels, %s, %s',
  async (width, colorScheme, language) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await at('language').selectOption(language);
    const fits = async (): Promise<void> => {
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    };
    await page.goto(`${origin}/?page=flows&from=-15m&order=largest`);
    await at('flow-grid-row').first().waitFor();
    await fits();
    await page.screenshot({ path: join(screenshotDirectory, `flows-${width}-${colorScheme}.png`) });
    for (const menu of ['columns', 'group', 'export', 'times']) {
      await at(menu).click();
      await fits();
      await page.keyboard.press('Escape');
    }
    const link = await at('flow-grid-row').first().getByRole('link').first().getAttribute('href');
    await page.goto(`${origin}/${link}`);
    await at('session').waitFor();
    await at('session-records').locator('summary').click();
    await fits();
    await page.evaluate('scrollTo(0, 0)');
    await page.screenshot({ path: join(screenshotDirectory, `session-${width}-${colorScheme}.png`), fullPage: true });
  },
  90_000,
);

test('nothing went wrong in the page, it kept to its policy, and no request left its origin', () => {
  expect(complaints).toEqual([]);
});
