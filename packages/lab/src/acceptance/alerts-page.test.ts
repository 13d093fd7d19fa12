// What an operator does about an event on the page: sees who was told, acknowledges it, mutes it, ends the mute, tries a channel; a viewer only sees.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { browserIn, watchedPage } from '../browser/browser.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { screenshotDirectory } from '../paths.js';
import { until } from '../run/wait.js';
import { scan, startResponder } from '../traffic/traffic.js';
import { http, RunningWeir } from '../weir/weir.js';

const reason = missing(['chromium']);
const { client, server } = addresses;
const origin = `http://${http}`;
/** It answers datagrams: as good as a syslog for who sends to it. */
const port = 7000;

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
  const channels = [`log=syslog+udp://${server.v4}:${port}`, 'away=http://127.0.0.1:1/'];
  const alerts = [...channels.flatMap(channel => ['--alerts', channel]), '--alert-group', '0'];
  running = await RunningWeir.up(lab, net.router, lab.directory('alerts'), ['--active-timeout', '5', ...alerts]);
  browser = await browserIn(lab, net.router);
  mkdirSync(screenshotDirectory, { recursive: true });
  await scan(net.client, { host: server.v4, ports: { first: 1, count: 200 }, pause: 40 });
  await until('a scan', 30, async () => {
    const { events } = await running.api<{ events: unknown[] }>('/api/v1/events');
    return events.length > 0 ? true : undefined;
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

async function open(options: object, token?: string): Promise<void> {
  page = await watchedPage(browser, origin, complaints, { viewport: { width: 1400, height: 1100 }, ...options });
  await page.goto(`${origin}/?page=events&from=-1h${token === undefined ? '' : `&token=${token}`}`);
  await at('alert-line').first().waitFor();
}

async function picture(name: string): Promise<void> {
  await page.screenshot({ path: join(screenshotDirectory, `${name}.png`), fullPage: true });
  expect(await violations(page)).toEqual([]);
}

test('a viewer sees who was told and what of it was taken, and may do nothing', async () => {
  await open({ colorScheme: 'light', locale: 'en-GB' });
  await page.getByText(/told: log \d/).waitFor();
  expect(await at('alerts-viewer').innerText()).toBe('Operators acknowledge, mute and send tests.');
  const [log, away] = [at('channel').nth(0), at('channel').nth(1)];
  expect(await log.innerText()).toMatch(
    /syslog over udp[\s\S]*taken at [\s\S]*port scan: 10\.77\.1\.2 -> 10\.77\.2\.2/,
  );
  expect(await away.innerText()).toMatch(/not taken at [\s\S]*nobody listens there/);
  for (const id of ['acknowledge', 'mute', 'mute-more', 'test-channel']) expect(await at(id).count()).toBe(0);
  await picture('alerts-viewer');
  await page.close();
}, 90_000);

test('an operator acknowledges it with the keyboard, and everybody sees who and why', async () => {
  const token = readFileSync(join(running.data, 'token'), 'utf8').trim();
  await open({ colorScheme: 'light', locale: 'en-GB' }, token);
  await at('acknowledge').focus();
  await page.keyboard.press('Enter');
  await at('alert-form').waitFor();
  await page.keyboard.press('Escape');
  await at('alert-form').waitFor({ state: 'detached' });
  expect(await at('acknowledge').evaluate(button => button === button.ownerDocument.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await page.keyboard.type('a test of the office');
  await picture('alerts-acknowledge');
  await page.keyboard.press('Enter');
  await at('alert-acknowledged')
    .getByText(/^token looks after it, since .*: a test of the office$/)
    .waitFor();
  const { acknowledged } = await running.api<{ acknowledged: object[] }>('/api/v1/alerts/acknowledged');
  expect(acknowledged).toMatchObject([{ by: 'token', comment: 'a test of the office', subject: client.v4 }]);
  await at('leave').click();
  await at('alert-acknowledged').waitFor({ state: 'detached' });
}, 90_000);

test('he mutes it for a day, something else by a filter, and ends both', async () => {
  await at('mute').click();
  await at('mute-what').selectOption({ label: `whatever happens to ${client.v4}` });
  await at('mute-length').selectOption('24');
  await at('mute-why').fill('the auditors');
  await at('send').click();
  await at('alert-muted')
    .getByText(/^muted until /)
    .waitFor();
  await at('mute-more').click();
  await at('mute-filter').fill('hst 192.0.2.1');
  await at('send').click();
  await page
    .getByRole('alert')
    .getByText(/filter: /)
    .waitFor();
  await at('mute-filter').fill('net 192.0.2.0/24');
  await at('send').click();
  await at('mute-row').nth(1).waitFor();
  expect(await at('mute-row').allInnerTexts()).toEqual([
    expect.stringMatching(/^whatever, 10\.77\.1\.2\s.*\stoken\s+the auditors\s+End$/s),
    expect.stringMatching(/^whatever, net 192\.0\.2\.0\/24\s.*\stoken\s+–\s+End$/s),
  ]);
  await picture('alerts-muted');
  await at('end-mute').first().click();
  await at('alert-muted').waitFor({ state: 'detached' });
  await at('end-mute').first().click();
  await at('mute-row').waitFor({ state: 'detached' });
  expect(await running.api('/api/v1/alerts/mutes')).toEqual({ mutes: [] });
}, 90_000);

test('a test of each channel says what came of it', async () => {
  await at('test-channel').nth(0).click();
  await at('test-outcome').getByText('log: The test was sent').waitFor();
  await at('test-channel').nth(1).click();
  await at('test-outcome').getByText('away: The test was not taken: nobody listens there').waitFor();
  await page.close();
}, 60_000);

test('in German and dark', async () => {
  const token = readFileSync(join(running.data, 'token'), 'utf8').trim();
  await open({ colorScheme: 'dark', locale: 'de-DE' }, token);
  await page.getByText(/gemeldet: log \d/).waitFor();
  await at('mute').click();
  await at('alert-form').getByText('Für').waitFor();
  await picture('alerts-dark');
  await page.close();
}, 60_000);
