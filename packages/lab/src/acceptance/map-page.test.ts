// The map of a mesh of nine routers, in a browser: what it shows of each link, held against what the link's interfaces counted.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { screenshotDirectory } from '../paths.js';
import { sleep, until } from '../run/wait.js';
import { MeshLab, type Octets, wrongLoads } from '../weir/mesh.js';
import { origin, PageLab } from './page-lab.js';

const minute = 60_000;

let page: Page;
let counted: Octets;
/** The minute that the traffic began in. */
let begun: number;
const pageLab = new PageLab(['conntrack'], async lab => {
  const mesh = await MeshLab.start(lab);
  await mesh.startProbes();
  begun = Math.floor(Date.now() / minute) * minute;
  counted = await mesh.makeTraffic();
  return {
    namespace: mesh.net.node('r5'),
    webgl: true,
    page: { viewport: { width: 1280, height: 860 }, colorScheme: 'light' },
    opened: async opened => (page = opened),
  };
});
const { at, holds, complaints } = pageLab;

/** Opens the map at a time, with the table of links. */
async function open(query: string): Promise<void> {
  await page.goto(`${origin}/?page=map${query}`);
  await at('mesh-table').locator('summary').click();
  await at('link-row').first().waitFor();
}

/** Bit/s that the page shows for each direction of each link. */
async function shownRates(): Promise<Map<string, number>> {
  const rows = await at('link-row').evaluateAll(found =>
    found.map(row => ({ ...(row as unknown as { dataset: Record<string, string> }).dataset })),
  );
  return new Map(
    rows.flatMap(({ link, forward, reverse }) => {
      const [a, b] = link!.split('~');
      return [[`${a}>${b}`, Number(forward)] as const, [`${b}>${a}`, Number(reverse)] as const];
    }),
  );
}

/** Times in the minutes of the traffic, one in each: late ones, because the mesh is not known before it was there. */
function minutes(): number[] {
  const last = Date.now() - 2000;
  const all = [0, 1, 2].map(i => Math.min(begun + (i + 1) * minute - 1000, last));
  return all.filter((time, i) => time >= begun + i * minute);
}

/** Octets that the page shows for the minutes of the traffic, looked at one after the other. */
async function shownOctets(): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const time of minutes()) {
    await open(`&at=${time}`);
    // Loads come on their own; minutes without any there are as well.
    await until('loads', 3, async () => [...(await shownRates()).values()].some(rate => rate > 0) || undefined).catch(
      () => {},
    );
    for (const [key, rate] of await shownRates()) sums.set(key, (sums.get(key) ?? 0) + (rate * 60) / 8);
  }
  return sums;
}

test('the load that each link is shown with is what its interfaces counted', async () => {
  let found = ['no load was seen'];
  await until('the loads of all links', 90, async () => {
    found = wrongLoads(await shownOctets(), counted, 0.02);
    return found.length === 0 || undefined;
  }).catch(() => {});
  expect(found).toEqual([]);
  expect(Math.max(...counted.values())).toBeGreaterThan(15_000_000);
}, 180_000);

/** The time of the minute that carried most, as the page's address wants it. */
async function busiestMinute(): Promise<number> {
  let best = { time: begun, rate: 0 };
  for (const time of minutes()) {
    await open(`&at=${time}`);
    // A busy machine takes its time until loads are there.
    const rate = await until('loads', 15, async () => Math.max(...(await shownRates()).values()) || undefined).catch(
      () => 0,
    );
    if (rate > best.rate) best = { time, rate };
  }
  expect(best.rate).toBeGreaterThan(0);
  return best.time;
}

/** Bytes of a picture of the mesh alone. */
const picture = (): Promise<string> =>
  page.evaluate(`new Promise(done => requestAnimationFrame(() =>
    done(document.querySelector('[data-testid=mesh-canvas]').toDataURL())))`);

/** Pixels of the mesh that something is drawn on. */
const inked = (): Promise<number> =>
  page.evaluate(`new Promise(done => requestAnimationFrame(() => {
    const drawn = document.querySelector('[data-testid=mesh-canvas]');
    const copy = new OffscreenCanvas(drawn.width, drawn.height).getContext('2d');
    copy.drawImage(drawn, 0, 0);
    const { data } = copy.getImageData(0, 0, drawn.width, drawn.height);
    done(data.filter((value, i) => i % 4 === 3 && value > 0).length);
  }))`);

test('the map draws the mesh, and dashes move where traffic is', async () => {
  const time = await busiestMinute();
  await page.goto(`${origin}/?page=map&at=${time}`);
  await holds('nine nodes', async () => (await at('mesh-map').getAttribute('data-nodes')) === '9');
  await holds('loads', async () => (await at('busiest').getByRole('button').count()) > 0);
  const first = await picture();
  expect(first.length).toBeGreaterThan(4000);
  await holds('another picture', async () => (await picture()) !== first);
  await page.screenshot({ path: join(screenshotDirectory, 'map.png') });
}, 120_000);

test('what does not move stays, frame for frame', async () => {
  const counts: number[] = [];
  for (let i = 0; i < 15; i++) {
    counts.push(await inked());
    await sleep(200);
  }
  expect(Math.min(...counts)).toBeGreaterThan(0.95 * Math.max(...counts));
}, 60_000);

test('for those who want less motion nothing moves, while there is traffic', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await sleep(1000);
  expect(await at('busiest').getByRole('button').count()).toBeGreaterThan(0);
  const first = await at('mesh-map').screenshot();
  await sleep(1000);
  expect((await at('mesh-map').screenshot()).equals(first)).toBe(true);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await holds('motion', async () => !(await at('mesh-map').screenshot()).equals(first));
}, 60_000);

test('a click on a link tells all about it', async () => {
  await at('busiest').getByRole('button').first().click();
  await at('mesh-panel').waitFor();
  expect(await at('mesh-panel').textContent()).toMatch(/measured (100|9\d)\s?%/i);
  expect(Number(await at('link-forward').getAttribute('data-bits'))).toBeGreaterThan(0);
  await page.keyboard.press('Escape');
  await at('mesh-panel').waitFor({ state: 'hidden' });
}, 60_000);

test('a search finds a node, and a right click in the middle chooses it', async () => {
  await at('mesh-search').fill('r7');
  await holds('one found', async () => (await at('found').getAttribute('data-count')) === '1');
  await at('mesh-search').press('Enter');
  await at('mesh-panel').getByRole('heading', { name: 'r7', exact: true }).waitFor();
  // The map has gone to it.
  await sleep(1500);
  await page.keyboard.press('Escape');
  await at('mesh-panel').waitFor({ state: 'hidden' });
  const box = (await at('mesh-map').boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: 'right' });
  await at('mesh-panel').getByRole('heading', { name: 'r7', exact: true }).waitFor();
  await page.keyboard.press('Escape');
}, 60_000);

test('the same mesh as a graph', async () => {
  await at('mesh-search').fill('');
  await at('kind-graph').click();
  await holds('it has places', async () => (await page.getByText('laid out').count()) === 0);
  await sleep(2000);
  await page.screenshot({ path: join(screenshotDirectory, 'map-graph.png') });
  expect((await picture()).length).toBeGreaterThan(4000);
}, 60_000);

test('for everyone: nothing that WCAG 2.2 AA forbids, and nothing from elsewhere', async () => {
  await open('');
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);
}, 90_000);
