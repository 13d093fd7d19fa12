// The pages of hosts, networks and exporters and the stacked overview, in a browser inside the router, while real traffic flows.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { dragOver } from '../browser/browser.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { screenshotDirectory } from '../paths.js';
import { burst, requests, startResponder, steadyTransfer } from '../traffic/traffic.js';
import { RunningWeir } from '../weir/weir.js';
import { origin, PageLab } from './page-lab.js';

const port = 7000;
/** Flows that are begun once. */
const [ANSWERED, UNANSWERED] = [40, 25];
const { client, server } = addresses;

let net: Topology;
let running: RunningWeir;
let page: Page;
/** What the client receives is in; so much that a warning of its quota is reached, and not all of it. */
const account = {
  name: 'client',
  networks: [client.v4, client.v6],
  quota: '100M',
  warn: [1],
  timezone: 'Europe/Berlin',
};
const pageLab = new PageLab([], async lab => {
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  running = await RunningWeir.up(lab, net.router, lab.directory('page'), [
    ...['--active-timeout', '1', '--accounts', JSON.stringify(account)],
  ]);
  const lasting = [
    steadyTransfer(net.client, { host: server.v4, port, rate: 500_000 }),
    steadyTransfer(net.client, { host: server.v6, port, rate: 250_000 }),
  ].map(each => lab.own(each));
  const unanswered = { source: client.v4, destination: server.v4, firstPort: silentUdpPorts.first, payload: 20 };
  const asked = Promise.all([
    requests(net.client, { host: server.v4, port, flows: ANSWERED, firstPort: 30_000, octets: 100 }),
    burst(net.client, { ...unanswered, flows: UNANSWERED }),
  ]);
  return {
    namespace: net.router,
    page: { viewport: { width: 1400, height: 1000 }, colorScheme: 'light' },
    opened: opened => (page = opened).goto(`${origin}/`),
    end: async () => {
      await asked;
      expect(lasting.map(({ status }) => status)).toEqual([undefined, undefined]);
      expect(await running.stop()).toBe(0);
    },
  };
});
const { at, words, parameter, holds, complaints } = pageLab;

/** A number in an attribute. */
const told = async (id: string, name: string): Promise<number> =>
  Number(
    await at(id)
      .first()
      .getAttribute(name)
      .catch(() => ''),
  );

test('the plot of the overview is stacked by what is chosen, goes on by itself, and zooms', async () => {
  await holds('throughput', async () => (await told('throughput', 'data-out')) > 100_000);
  await at('by').selectOption('protocol');
  await holds('groups', async () => (await told('throughput', 'data-groups')) >= 2);
  expect(parameter('by')).toBe('protocol');
  expect(await words('bands')).toMatch(/^\s*TCP.*UDP/);
  const before = await told('throughput', 'data-out');
  expect(before).toBeGreaterThan(100_000);
  await holds('other rates', async () => (await told('throughput', 'data-out')) !== before);
  await at('throughput').locator('summary').click();
  expect(await at('plot-table').locator('thead').textContent()).toContain('TCP, In');
  await at('throughput').locator('summary').click();
  await page.screenshot({ path: join(screenshotDirectory, 'stacked.png') });
  await dragOver(page, at('throughput').locator('.u-over'), 0.7, 1);
  await at('live').waitFor();
  expect(parameter('by')).toBe('protocol');
  await holds('groups of the part', async () => (await told('throughput', 'data-groups')) >= 2);
  await at('live').click();
  await at('by').selectOption('');
  await holds('one sum', async () => (await told('throughput', 'data-groups')) === 0);
}, 90_000);

test('the overview tells the answered share and round trips', async () => {
  await holds('an answered share', async () => (await told('answered', 'data-value')) > 0.5);
  await holds('round trips', async () => /µs|ms/.test(await words('round-trip')));
}, 60_000);

test('an address in a table leads to its host, without loading the pages anew', async () => {
  await page.evaluate('globalThis.notLoadedAnew = true');
  await at('top-sources').getByRole('link', { name: client.v4 }).click();
  await at('host-card').waitFor();
  expect(parameter('host')).toBe(client.v4);
  expect(await page.evaluate('globalThis.notLoadedAnew')).toBe(true);
  // What the host sends is "out", though it is the host of another than this router.
  await holds('traffic of the host', async () => (await told('throughput', 'data-out')) > 100_000);
  await holds('its peer', async () => (await words('host-peers')).includes(server.v4));
  await holds('its service', async () => (await words('host-asked')).includes(`TCP ${port}`));
  await holds('the picture', async () => (await told('sankey', 'data-bands')) >= 1);
  await at('flow-row').first().waitFor();
  expect(await at('flows').textContent()).not.toContain(client.v6);
}, 90_000);

test('the peer of a host is a host, and what it offers is what it is asked for', async () => {
  await at('host-peers').getByRole('link', { name: server.v4 }).click();
  await holds('the other host', async () => (await words('host-card')).includes(server.v4));
  await holds('its service', async () => (await words('host-offered')).includes(`TCP ${port}`));
  await holds('traffic towards it', async () => (await told('throughput', 'data-in')) > 100_000);
  await page.goBack();
  await holds('the host before', async () => (await words('host-card')).includes(client.v4));
}, 90_000);

test('the pages are within reach of keys', async () => {
  await at('page-overview').focus();
  const focused = (): Promise<unknown> => page.evaluate('document.activeElement.dataset.testid');
  for (let i = 0; i < 20 && (await focused()) !== 'page-network'; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await at('network-card').waitFor();
  expect(await at('page-network').getAttribute('aria-current')).toBe('page');
  expect(await page.evaluate('globalThis.notLoadedAnew')).toBe(true);
}, 60_000);

test('the network page shows what talks to what, in a picture and in words', async () => {
  await holds('a picture', async () => (await told('sankey', 'data-bands')) >= 2);
  expect(await at('pairs').locator('tbody tr').first().textContent()).toContain(client.v4);
  await at('by').selectOption('service');
  await holds('services', async () => (await at('talks').getAttribute('data-by')) === 'service');
  expect(await words('pairs')).toContain(`port ${port}`);
  await at('net').fill('10.77.1.0/33');
  await at('net').press('Enter');
  await page.getByRole('alert').filter({ hasText: '10.0.0.0/8' }).waitFor();
  await at('net').fill('fd77:1::/64');
  await at('net').press('Enter');
  await page.waitForURL(url => url.searchParams.get('net') === 'fd77:1::/64');
  await holds('only this network', async () => !(await words('pairs')).includes(client.v4));
  await at('pairs').getByRole('button').first().click();
  await page.waitForURL(url => /src host fd77/.test(url.searchParams.get('filter') ?? ''));
}, 90_000);

test('the page of exporters tells how each is, and what it tells', async () => {
  await at('page-exporters').click();
  await at('exporter').waitFor();
  expect(await at('exporter').getAttribute('data-level')).toBe('ok');
  for (const [part, said] of [
    ['templates', 'octetDeltaCount'],
    ['fields', 'sourceIPv4Address'],
    ['interfaces', 'outside'],
    ['statistics', 'exportedFlowRecordTotalCount'],
  ] as const) {
    await at(part).locator('summary').click();
    await holds(part, async () => (await words(part)).includes(said));
  }
}, 60_000);

test('answers are told exactly, of each target and over time', async () => {
  await at('page-quality').click();
  await at('quality-row').first().waitFor();
  await at('by').selectOption('service');
  const silent = `proto udp and dst port ${silentUdpPorts.first}`;
  const asked = `proto udp and src port >= 30000 and src port < ${30_000 + ANSWERED}`;
  const ask = async (filter: string): Promise<Record<string, number>> =>
    JSON.parse(
      (await page.evaluate(
        query => fetch(`api/v1/quality?${query}`).then(answer => answer.text()),
        `by=proto&filter=${encodeURIComponent(filter)}`,
      )) || '{}',
    );
  await holds('all unanswered flows', async () => (await ask(silent)).flows === UNANSWERED);
  expect(await ask(silent)).toMatchObject({ answered: 0, unanswered: UNANSWERED });
  expect(await ask(asked)).toMatchObject({ flows: ANSWERED, answered: ANSWERED, unanswered: 0, unopened: 0 });
  await at('filter').fill(silent);
  await at('filter').press('Enter');
  const shares = at('quality-row').locator('[data-column=unanswered]');
  const shown = (): Promise<(string | null)[]> =>
    shares.evaluateAll(cells => cells.map(cell => cell.getAttribute('data-value')));
  await holds('their row', async () => JSON.stringify(await shown()) === '["1"]');
  await holds('their plot', async () => (await told('quality-shares', 'data-points')) > 10);
}, 60_000);

test('TCP connections as a whole: what goes on is established, and has not ended', async () => {
  await page.goto(`${origin}/?page=quality&filter=${encodeURIComponent(`proto tcp and dst port ${port}`)}`);
  await holds('both transfers', async () => (await told('sessions-ongoing', 'data-value')) === 2);
  expect(await told('sessions-established', 'data-value')).toBe(2);
  expect(await told('sessions-stalls', 'data-value')).toBe(0);
}, 60_000);

test('the page of accounts tells the month so far, and prints its statement', async () => {
  await at('page-billing').click();
  await holds('a part of the quota', async () => (await told('quota', 'data-share')) > 0.01);
  await at('account').getByRole('link', { name: 'client' }).click();
  await at('bill').waitFor();
  expect(parameter('account')).toBe('client');
  expect(await at('bill').getAttribute('data-state')).toBe('open');
  const cells = await at('bill-total').locator('td').allTextContents();
  const [received, sent] = cells.map(text => Number(text.replaceAll(/\D/g, '')));
  expect(received).toBeGreaterThan(1000);
  expect(sent).toBeGreaterThan(1_000_000);
  expect(await words('entries')).toContain('No month is closed yet');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await at('page-billing').isVisible()).toBe(false);
  expect(await at('bill').getByRole('button').isVisible()).toBe(false);
  expect(await at('bill-total').isVisible()).toBe(true);
  await page.screenshot({ path: join(screenshotDirectory, 'bill-print.png') });
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
}, 60_000);

const VIEWS = {
  overview: '?by=protocol',
  host: `?page=host&host=${client.v4}`,
  network: '?page=network',
  exporters: '?page=exporters',
  quality: '?page=quality',
  accounts: '?page=billing',
  bill: '?page=billing&account=client',
} as const;

test.each(
  Object.entries(VIEWS).flatMap(([name, query]) =>
    (
      [
        [1400, 'light', 'en'],
        [1400, 'dark', 'de'],
        [390, 'light', 'de'],
        [390, 'dark', 'en'],
      ] as const
    ).map(look => [name, query, ...look] as const),
  ),
)(
  'nothing stands in the way of readers of %s (%s) at %d pixels, %s, %s',
  async (name, query, width, colorScheme, language) => {
    await page.setViewportSize({ width, height: 1500 });
    await page.emulateMedia({ colorScheme });
    await page.goto(`${origin}/${query}`);
    await at('language').selectOption(language);
    if (name === 'exporters') await at('exporter').waitFor();
    else if (name === 'quality')
      await Promise.all([at('quality-row').first().waitFor(), at('sessions-ongoing').waitFor()]);
    else if (name === 'accounts' || name === 'bill') await at('quota').waitFor();
    else await holds('a plot', async () => (await told('throughput', 'data-points')) > 3);
    if (name === 'overview') await at('bands').waitFor();
    if (name === 'host' || name === 'network') await at('sankey').waitFor();
    if (name === 'host') await at('host-peers').getByRole('link').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.evaluate('scrollTo(0, 0)');
    const path = join(screenshotDirectory, `${name}-${width}-${colorScheme}-${language}.png`);
    await page.screenshot({ path });
  },
  60_000,
);

test('nothing went wrong in the pages, they kept to their policy, and no request left their origin', () => {
  expect(complaints).toEqual([]);
});
