// What is unusual: ordinary traffic is not; a scan and a flood are, are found within ten seconds, and named rightly, on the page, too.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { browserIn, watchedPage } from '../browser/browser.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { screenshotDirectory } from '../paths.js';
import { until } from '../run/wait.js';
import { burst, requests, scan, shortConnections, startResponder } from '../traffic/traffic.js';
import { http, RunningWeir, weir } from '../weir/weir.js';

interface Event {
  readonly kind: string;
  readonly form?: string;
  readonly source?: string;
  readonly target?: string;
  readonly size: number;
  readonly causes: readonly { readonly name: string; readonly share: number }[];
}

const reason = missing([]);
const browserReason = missing(['chromium']);
const port = 7000;
const { client, server } = addresses;
/** Milliseconds from the first packet on. */
const FOUND_WITHIN = 10_000;
const SCANNED = 200;

let lab: Lab;
let net: Topology;
let running: RunningWeir;

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  running = await RunningWeir.up(lab, net.router, lab.directory('events'), ['--active-timeout', '5']);
});

afterAll(async () => {
  if (reason !== undefined) return;
  expect(await running?.stop()).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

async function events(): Promise<readonly Event[]> {
  return (await running.api<{ events: Event[] }>('/api/v1/events')).events;
}

/** The event that comes while the traffic goes on, and how long it took. */
async function found(kind: string, traffic: () => Promise<unknown>): Promise<{ event: Event; after: number }> {
  const begun = Date.now();
  const ended = traffic();
  const event = await until(`an event: ${kind}`, 30, async () => (await events()).find(each => each.kind === kind));
  const after = Date.now() - begun;
  await ended;
  return { event, after };
}

const looks = async (): Promise<number> =>
  Number(/^weir_collector_event_looks_total (\d+)$/m.exec((await running.get('/metrics')).body)?.[1]);

test('ordinary traffic is nothing unusual', async context => {
  context.skip(reason !== undefined, reason);
  const host = server.v4;
  await Promise.all([
    shortConnections(net.client, { host, port, connections: 300, firstPort: 40_000, upload: 500, download: 5000 }),
    requests(net.client, { host, port, flows: 300, firstPort: 30_000, octets: 100 }),
  ]);
  const before = await looks();
  await until('looks at it', 30, async () => ((await looks()) >= before + 4 ? true : undefined));
  expect(await events()).toEqual([]);
}, 60_000);

test('a scan of ports, closed ones and such that drop, is found within ten seconds', async context => {
  context.skip(reason !== undefined, reason);
  const ports = { first: 1, count: SCANNED };
  const { event, after } = await found('scan', () => scan(net.client, { host: server.v4, ports, pause: 40 }));
  console.log(`the scan was found after ${(after / 1000).toFixed(1)} s`);
  expect(event).toMatchObject({ kind: 'scan', form: 'ports', source: client.v4, target: server.v4 });
  expect(after).toBeLessThan(FOUND_WITHIN);
}, 60_000);

test('a flood is found within ten seconds, and who makes it', async context => {
  context.skip(reason !== undefined, reason);
  const flood = async () => {
    for (let i = 0; i < 4; i++) {
      const firstPort = silentUdpPorts.first + i;
      await burst(net.client, { source: client.v4, destination: server.v4, flows: 3000, firstPort, payload: 20 });
    }
  };
  const { event, after } = await found('flood', flood);
  console.log(`the flood was found after ${(after / 1000).toFixed(1)} s`);
  expect(event).toMatchObject({ kind: 'flood', form: 'udp', source: client.v4, target: server.v4 });
  expect(event.causes[0]?.name).toContain(client.v4);
  expect(after).toBeLessThan(FOUND_WITHIN);
}, 60_000);

test('one attack is one event, and the command lists them', async context => {
  context.skip(reason !== undefined, reason);
  const kinds = (await events()).map(({ kind }) => kind);
  expect(kinds.sort()).toEqual(['flood', 'scan']);
  const { status, stdout } = weir(net.router, ['events', '--data', running.data]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/scan \(ports\)\s+10\.77\.1\.2\s+10\.77\.2\.2/);
  const [line] = weir(net.router, ['events', '--data', running.data, '--format', 'json']).stdout.split('\n');
  expect(JSON.parse(line!)).toMatchObject({ kind: 'flood', target: server.v4 });
}, 60_000);

test('the pages show them, light and dark, in English and German', async context => {
  context.skip(reason !== undefined || browserReason !== undefined, reason ?? browserReason);
  const complaints: string[] = [];
  const browser = await browserIn(lab, net.router);
  try {
    for (const colorScheme of ['light', 'dark'] as const) await look(browser, colorScheme, complaints);
  } finally {
    await browser.close();
  }
  expect(complaints).toEqual([]);
}, 90_000);

const titles = { light: ['Port scan', 'UDP flood'], dark: ['Portscan', 'UDP-Flut'] } as const;

async function look(browser: Browser, colorScheme: 'light' | 'dark', complaints: string[]): Promise<void> {
  const origin = `http://${http}`;
  const locale = colorScheme === 'light' ? 'en-GB' : 'de-DE';
  const viewport = { width: 1400, height: 900 };
  const page = await watchedPage(browser, origin, complaints, { viewport, colorScheme, locale });
  await page.goto(`${origin}/`);
  for (const title of titles[colorScheme]) await page.getByTestId('unusual').getByText(title).waitFor();
  await picture(page, `unusual-${colorScheme}`);
  await page.getByTestId('page-events').click();
  await page.getByTestId('events').getByTestId('event').first().waitFor();
  await page.getByTestId('watched-row').first().getByRole('button').click();
  await page.getByTestId('course').waitFor();
  await page.getByTestId('parameter-width').selectOption('8');
  await page.getByTestId('course-events').waitFor();
  await picture(page, `events-${colorScheme}`);
  await page.getByTestId('event-kind').selectOption('new-talker');
  await page.getByTestId('no-events').waitFor();
  await page.getByTestId('event-kind').selectOption('scan');
  await page.getByTestId('event-flows').first().click();
  await page.getByTestId('flow-grid-row').first().waitFor();
  expect(new URL(page.url()).searchParams.get('filter')).toBe(`src host ${client.v4} and dst host ${server.v4}`);
  await page.close();
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshotDirectory, { recursive: true });
  await page.screenshot({ path: join(screenshotDirectory, `${name}.png`) });
  expect(await violations(page)).toEqual([]);
}
