// The page that sets up a probe, in a browser inside the router: a change acts on the probe that runs, a bad one is refused and
// changes nothing, and what waits for a restart gets one.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { screenshotDirectory } from '../paths.js';
import { sleep, until } from '../run/wait.js';
import { requests, startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { http, RunningWeir, reportedLost } from '../weir/weir.js';
import { origin, PageLab } from './page-lab.js';

const port = 7000;
const requestPort = 30_000;
const url = `${origin}/?page=setup`;
const before = `# Of this router.

# Seldom: the links are slow.
active-timeout: 600 # seconds
template-refresh-interval: 20
`;

let net: Topology;
let data: string;
let running: RunningWeir;
let page: Page;
const pageLab = new PageLab([], async lab => {
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  data = lab.directory('setup');
  writeFileSync(join(data, 'weir.yaml'), before, { mode: 0o640 });
  running = await RunningWeir.up(lab, net.router, data);
  return {
    namespace: net.router,
    page: { viewport: { width: 1400, height: 1000 }, colorScheme: 'light' },
    opened: async opened => {
      page = opened;
      page.setDefaultTimeout(30_000);
      await page.goto(`${url}&token=${readFileSync(join(data, 'token'), 'utf8').trim()}`);
    },
    end: async () => expect(await running.stop()).toBe(0),
  };
});
const { at, complaints } = pageLab;
const input = (key: string): Locator => page.locator(`#setting-${key}`);
const reviewed = (state: string): Promise<void> => page.locator(`[data-testid=review][data-state=${state}]`).waitFor();
const told = async (): Promise<string> => (await at('review-status').textContent()) ?? '';
/** What has the focus, by its id or test id. */
const focused = (): Promise<string> =>
  page.evaluate('document.activeElement?.id || document.activeElement?.dataset.testid || ""');
const fileText = (): string => readFileSync(join(data, 'weir.yaml'), 'utf8');
const interimReports = (): number =>
  running.records(`dst port ${port}`).filter(({ record }) => record.flowEndReason === 2).length;

test('who may only look sees the settings, and changes none', async () => {
  const looked = await pageLab.browser.newPage();
  await looked.goto(url);
  await looked.getByTestId('viewer').waitFor();
  await looked.locator('#setting-active-timeout').waitFor();
  expect(await looked.locator('#setting-active-timeout').isDisabled()).toBe(true);
  expect(await looked.getByTestId('apply').count()).toBe(0);
  const apply = `fetch('api/v1/probe/local/apply', { method: 'POST', headers: { 'content-type': 'application/json' },
    body: '{"changes":{"active-timeout":1},"revision":""}' }).then(answer => answer.status)`;
  expect(await looked.evaluate(apply)).toBe(403);
  expect(fileText()).toBe(before);
  await looked.close();
}, 60_000);

test('another active timeout acts on the probe that runs, and no flow is lost', async () => {
  const probe = running.child('probe');
  const long = transfer(net.client, {
    ...{ host: addresses.server.v4, port, upload: 6_000_000, download: 1000, rate: 300_000 },
  });
  const short = requests(net.client, {
    host: addresses.server.v4,
    port,
    flows: 300,
    firstPort: requestPort,
    octets: 100,
  });
  await input('active-timeout').fill('1');
  await reviewed('ready');
  expect(await at('yaml').textContent()).toMatch(/active-timeout: 600.*active-timeout: 1 # seconds/s);
  expect(interimReports()).toBe(0);
  await page.screenshot({ path: join(screenshotDirectory, 'setup-changed.png'), fullPage: true });
  await at('apply').click();
  await until('the change', 30, async () => (/active-timeout.*no flow was lost/.test(await told()) ? true : undefined));
  await until('interim reports', 15, () => (interimReports() > 2 ? true : undefined));
  await Promise.all([long, short]);
  expect(running.child('probe')).toBe(probe);
  expect(fileText()).toBe(before.replace('600', '1'));
  expect(readFileSync(join(data, 'weir.yaml.1'), 'utf8')).toBe(before);
  destroyKernelFlows(net.router);
  await until(
    'all flows',
    30,
    () => (running.flowCount(`dst port ${port}`) === 301 ? true : undefined),
    () => String(running.flowCount(`dst port ${port}`)),
  );
  expect(await reportedLost(running)).toEqual({ byExporter: 0, byCollector: 0 });
}, 120_000);

test('a port that is taken and an unknown collector are refused in the form, and the probe stays as it was', async () => {
  const probe = running.child('probe');
  const [text, exported] = [fileText(), await metric('weir_probe_exported_flow_records_total')];
  await input('metrics').fill(http);
  await at('field-collector').getByRole('button', { name: 'Add to collector' }).click();
  await at('field-collector').locator('li:last-child input').fill('udp://nowhere.invalid:4739');
  await reviewed('refused');
  expect(await at('field-metrics').getByTestId('problem-error').textContent()).toMatch(
    /4780.*EADDRINUSE.*another port/,
  );
  expect(await at('field-collector').getByTestId('problem-error').textContent()).toMatch(/nowhere\.invalid/);
  expect(await at('apply').isDisabled()).toBe(true);
  expect(await input('metrics').getAttribute('aria-invalid')).toBe('true');
  await page.screenshot({ path: join(screenshotDirectory, 'setup-refused.png'), fullPage: true });
  // Nor by the API, which the page does not ask for it.
  const answer = await page.evaluate(applyBy({ metrics: http }));
  expect(answer).toMatchObject({ status: 422, error: expect.stringMatching(/all is as it was: metrics.*EADDRINUSE/) });
  expect([fileText(), running.child('probe'), exported]).toEqual([text, probe, undefined]);
  await at('review').getByRole('button', { name: 'metrics' }).click();
  expect(await focused()).toBe('setting-metrics');
  await at('discard').click();
  await reviewed('none');
  expect(await input('metrics').inputValue()).toBe('');
  expect(await at('field-collector').locator('li').count()).toBe(0);
}, 90_000);

/** The probe of this `weir up` serves no metrics: nothing may listen there. */
async function metric(name: string): Promise<string | undefined> {
  return (await running.get('/metrics')).body.split('\n').find(line => line.startsWith(name));
}

/** A change as the page would make it. */
function applyBy(changes: object): string {
  return `(async () => {
    const { csrf } = await (await fetch('api/v1/me')).json();
    const { revision } = await (await fetch('api/v1/probe/local/setup')).json();
    const headers = { 'content-type': 'application/json', 'x-weir-csrf': csrf };
    const body = JSON.stringify({ changes: ${JSON.stringify(changes)}, revision });
    const answer = await fetch('api/v1/probe/local/apply', { method: 'POST', headers, body });
    return { status: answer.status, ...(await answer.json()) };
  })()`;
}

test('what needs a restart is named, and a collector that does not answer is a warning', async () => {
  await input('sample').fill('10');
  await at('field-collector').getByRole('button', { name: 'Add to collector' }).click();
  await at('field-collector').locator('li:last-child input').fill('tcp://127.0.0.1:1');
  await reviewed('ready');
  expect(await at('field-collector').getByTestId('problem-warning').textContent()).toMatch(/ECONNREFUSED.*spool/);
  expect(await at('review').textContent()).toMatch(/sample.*1.*10.*with the next start/s);
  await at('discard').click();
  await reviewed('none');
}, 60_000);

test('fewer fields are smaller records, as the preview says', async () => {
  const octets = async () => Number((await at('template-udp4').locator('td').nth(1).textContent()) ?? 'NaN');
  const usual = await octets();
  await input('fields').fill('netflow-v5-fields');
  await reviewed('ready');
  expect(await octets()).toBeLessThan(usual);
  await at('discard').click();
}, 60_000);

test('the last change is undone', async () => {
  const probe = running.child('probe');
  await at('undo').click();
  await until('the undoing', 30, async () => (/Undone: active-timeout/.test(await told()) ? true : undefined));
  expect(fileText()).toBe(before);
  expect(existsSync(join(data, 'weir.yaml.1'))).toBe(false);
  expect(await input('active-timeout').inputValue()).toBe('600');
  expect(await at('undo').isDisabled()).toBe(true);
  expect(running.child('probe')).toBe(probe);
}, 60_000);

test('changes are in the audit', () => {
  const lines = readFileSync(join(data, 'audit.jsonl'), 'utf8').split('\n').filter(Boolean);
  const events = lines.map(line => JSON.parse(line) as Record<string, unknown>);
  const applied = events.filter(({ action }) => action === 'probeApply');
  expect(applied).toMatchObject([
    { who: 'anonymous', outcome: 'refused' },
    { who: 'token', outcome: 'done', detail: 'local: active-timeout' },
    { who: 'token', outcome: 'failed', status: 422, detail: 'local: metrics' },
  ]);
  expect(events.filter(({ action }) => action === 'probeUndo')).toMatchObject([{ outcome: 'done' }]);
});

test.each([
  [1400, 'light', 'en'],
  [1400, 'dark', 'de'],
  [390, 'light', 'de'],
  [390, 'dark', 'en'],
] as const)(
  '%i pixels, %s, %s: nothing against WCAG 2.2 AA, and nothing sticks out',
  async (width, colorScheme, language) => {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 1000 });
    await page.emulateMedia({ colorScheme });
    if ((await at('language').inputValue()) !== language) await at('language').selectOption(language);
    await input('active-timeout').waitFor();
    if (await at('discard').isEnabled()) await at('discard').click();
    await input('active-timeout').fill('30');
    await reviewed('ready');
    await input('metrics').fill(http);
    await reviewed('refused');
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const path = join(screenshotDirectory, `setup-${width}-${colorScheme}-${language}`);
    await page.screenshot({ path: `${path}.png` });
    await page.screenshot({ path: `${path}-full.png`, fullPage: true });
    await at('discard').click();
    await sleep(100);
  },
  60_000,
);

test('all of it by the keyboard', async () => {
  await page.setViewportSize({ width: 1400, height: 1000 });
  await input('active-timeout').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('120');
  await reviewed('ready');
  for (let i = 0; i < 150 && (await focused()) !== 'apply'; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until('the change', 30, async () => (/active-timeout/.test(await told()) ? true : undefined));
  expect(fileText()).toContain('active-timeout: 120 # seconds');
}, 60_000);

test('what waits for a restart gets one, once that is confirmed, and traffic is counted on', async () => {
  const [probe, earlier] = [running.child('probe'), octetsIn(1)];
  const rate = { host: addresses.server.v4, port, rate: 300_000 };
  const long = transfer(net.client, { ...rate, upload: 6_000_000, download: 1000 });
  await sleep(2000);
  await input('domain').fill('7');
  await reviewed('ready');
  await at('apply').click();
  await at('restart').waitFor();
  expect(await at('restart-card').textContent()).toMatch(/domain/);
  expect(running.child('probe')).toBe(probe);
  await at('restart').click();
  expect(await focused()).toBe('restart-yes');
  await at('restart-no').click();
  await at('restart').click();
  await page.screenshot({ path: join(screenshotDirectory, 'setup-restart.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await at('restart-yes').click();
  await page.locator('[data-testid=restart-card] progress').waitFor();
  await until('the restart', 60, async () =>
    /meters again.*domain/.test((await at('restart-status').textContent()) ?? '') ? true : undefined,
  );
  expect(running.child('probe')).not.toBe(probe);
  await long;
  destroyKernelFlows(net.router);
  // Each octet once: by the probe before, or by the one after.
  await until(
    'all octets',
    30,
    () => (octetsIn(1) - earlier + octetsIn(7) >= 6_000_000 ? true : undefined),
    () => `${octetsIn(1) - earlier} and ${octetsIn(7)}`,
  );
  expect(octetsIn(1)).toBeGreaterThan(earlier);
  expect(octetsIn(7)).toBeGreaterThan(0);
  // Headers count as well.
  expect(octetsIn(1) - earlier + octetsIn(7)).toBeLessThan(6_700_000);
  expect(await reportedLost(running)).toMatchObject({ byCollector: 0 });
}, 120_000);

/** What transfers have sent as the records of an Observation Domain tell it. */
function octetsIn(domain: number): number {
  return running.groups(`dst port ${port} and proto tcp and domain = ${domain}`, 'domain')[0]?.octets ?? 0;
}

test('nothing went wrong in the page', () => expect(complaints).toEqual([]));
