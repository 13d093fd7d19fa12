// The map for those who are not logged in, in other people's pages, on a plan of a building, and without a graphics card.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { browserIn, watchedPage } from '../browser/browser.js';
import { type Pixel, pictureOf } from '../browser/pixels.js';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import { until } from '../run/wait.js';
import { addUser, http, RunningWeir } from '../weir/weir.js';

const reason = missing(['chromium']);
const origin = `http://${http}`;
/** A red floor, which no other base map has. */
const plan =
  '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><rect width="400" height="400" fill="#f00"/></svg>';

const tileServer = 'http://127.0.0.1:8081';
/** A blue pixel. */
const tile = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYPgPAAEDAQAIicLsAAAAAElFTkSuQmCC';

let lab: Lab;
let router: Namespace;
let browser: Browser;
const complaints: string[] = [];

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  router = lab.topology().router;
  const data = lab.directory('view');
  writeFileSync(join(data, 'plan.svg'), plan);
  writeFileSync(join(data, 'mesh.json'), JSON.stringify(feed()));
  const users = ['--users-file', join(data, 'people')];
  expect(addUser(router, join(data, 'people'), 'ada', 'correct horse battery')).toMatchObject({ status: 0 });
  const map = ['--topology', `house=${join(data, 'mesh.json')}`, '--public-map', 'true'];
  const image = ['--map-image', `${join(data, 'plan.svg')}=53.1,8.7,53,8.9`];
  const tiles = ['--map-tiles', `${tileServer}/{z}/{x}/{y}.png`, '--map-attribution', 'Somebody'];
  await RunningWeir.collect(lab, router, data, 'udp://127.0.0.1:4739', [
    ...[...map, ...image, ...tiles, ...users],
    ...['--token-file', join(data, 'token')],
  ]);
  await serve(8081, 'image/png', Buffer.from(tile, 'base64'));
  browser = await browserIn(lab, router, { webgl: true });
}, 150_000);

afterAll(async () => {
  if (reason !== undefined) return;
  await browser?.close();
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** Three nodes in a house, with clients and an address. */
function feed(): object {
  const node = (id: string, latitude: number) => ({
    ...{ node_id: id, hostname: `roof-${id}`, mac: `02:00:00:00:00:0${id}`, addresses: [`2001:db8::${id}`] },
    ...{ location: { latitude, longitude: 8.8 }, is_online: true, is_gateway: id === '1', clients: 7 },
    ...{ firstseen: '2026-01-01T00:00:00Z', lastseen: new Date().toISOString(), owner: 'ada@example.org' },
  });
  const link = (source: string, target: string) => ({ source, target, type: 'wifi', source_tq: 0.9, target_tq: 0.8 });
  return {
    timestamp: new Date().toISOString(),
    nodes: [node('1', 53.04), node('2', 53.05), node('3', 53.06)],
    links: [link('1', '2'), link('2', '3')],
  };
}

/** The map in a fresh window. */
async function opened(query = '', options: BrowserContextOptions = {}, through = browser): Promise<Page> {
  const page = await watchedPage(through, origin, complaints, { viewport: { width: 1280, height: 860 }, ...options });
  await page.goto(`${origin}/?page=map${query}`);
  return page;
}

const threeNodes = (page: Page | FrameLocator): Promise<unknown> =>
  page.locator('[data-testid=mesh-map][data-nodes="3"]').waitFor({ timeout: 30_000 });

test('without login: the mesh, but no address and no owner of it', async () => {
  const page = await opened();
  await threeNodes(page);
  await page.getByTestId('mesh-table').locator('summary').click();
  await page.getByTestId('mesh-table').getByRole('button', { name: 'roof-2', exact: true }).click();
  await page.getByTestId('mesh-panel').getByRole('heading', { name: 'roof-2' }).waitFor();
  const text = await page.content();
  expect(text).not.toContain('2001:db8');
  expect(text).not.toContain('ada@example.org');
  // Seven clients are told as five.
  expect(await page.getByTestId('mesh-panel').textContent()).toMatch(/\b5\b/);
  expect(await violations(page)).toEqual([]);
  await page.goto(`${origin}/?page=flows`);
  await page.waitForURL(url => url.pathname === '/login.html');
  await page.close();
}, 90_000);

/** Answers everything with this, on the router's loopback. */
async function serve(port: number, type: string, body: Buffer): Promise<void> {
  const program = `require('node:http').createServer((question, answer) => {
    answer.writeHead(200, { 'content-type': '${type}', 'access-control-allow-origin': '*' });
    answer.end(Buffer.from(process.argv[1], 'base64'));
  }).listen(${port}, '127.0.0.1', () => console.log('listening'))`;
  const server = lab.own(router.start([process.execPath, '-e', program, body.toString('base64')]));
  await server.output(/listening/, 20);
}

test('before the first look: when that was, and a button that goes there', async () => {
  const page = await opened(`&at=${Date.parse('2020-01-01T00:00:00Z')}`);
  await page.getByTestId('before').getByText('Nothing is known of the mesh before').waitFor();
  expect(await page.getByTestId('mesh-map').getAttribute('data-nodes')).toBe('0');
  await page.getByTestId('before').getByRole('button').click();
  await threeNodes(page);
  expect(await page.getByTestId('before').count()).toBe(0);
  await page.close();
}, 60_000);

test('in the page of a community', async () => {
  const page = await opened();
  await page.getByTestId('embed-help').locator('summary').click();
  const code = await page.getByTestId('embed-code').inputValue();
  await page.close();
  await serve(8080, 'text/html', Buffer.from(`<h1>Our mesh</h1>${code}`));
  const other = await browser.newPage();
  await other.goto('http://127.0.0.1:8080/');
  await threeNodes(other.frameLocator('iframe'));
  await other.close();
}, 60_000);

/** Waits until the base map, seen at a place where nothing lies above it, has a colour. */
async function isColoured(page: Page, fits: (colour: Pixel) => boolean): Promise<void> {
  await threeNodes(page);
  const box = (await page.getByTestId('mesh-map').boundingBox())!;
  const clip = { x: box.x + box.width / 2 + 60, y: box.y + 20, width: 8, height: 8 };
  const reader = await browser.newPage();
  await until('the colour', 20, async () => {
    const picture = await pictureOf(reader, await page.screenshot({ clip }));
    return fits(picture.at(4, 4)) || undefined;
  });
  await reader.close();
}

test('on the plan of a building', async () => {
  const page = await opened('&base=plan');
  await isColoured(page, ([red, green]) => red > 200 && green < 60);
  await page.close();
}, 60_000);

test('on tiles of somebody else, whom the page may then ask', async () => {
  const asked: string[] = [];
  const page = await watchedPage(browser, origin, asked, { viewport: { width: 1280, height: 860 } });
  await page.goto(`${origin}/?page=map&base=tiles`);
  // Tiles are toned down, so that the mesh stands out.
  await isColoured(page, ([red, , blue]) => blue - red > 60);
  await page.getByText('Somebody').waitFor();
  expect(new Set(asked.map(url => url.slice(0, tileServer.length)))).toEqual(new Set([tileServer]));
  await page.close();
}, 60_000);

test('without a graphics card: the same in words', async () => {
  const plain = await browserIn(lab, router);
  const page = await opened('', {}, plain);
  await page.getByTestId('no-webgl').waitFor();
  await page.getByTestId('mesh-table').getByRole('button', { name: 'roof-2', exact: true }).click();
  await page.getByTestId('mesh-panel').getByRole('heading', { name: 'roof-2' }).waitFor();
  await plain.close();
}, 90_000);

test('nothing went wrong in all that, and nobody was asked but whose tiles are set', () =>
  expect(complaints.filter(each => !each.startsWith(tileServer))).toEqual([]));
