// The map on the user's own base map: archives, tiles and a style, light and dark; and on one that is broken, or gone.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { browserIn, watchedPage } from '../browser/browser.js';
import { type Picture, type Pixel, pictureOf } from '../browser/pixels.js';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import { screenshotDirectory } from '../paths.js';
import type { LabProcess } from '../run/process.js';
import { until } from '../run/wait.js';
import { COAST, pictureTiles, vectorTiles } from '../tiles/coast.js';
import { type PlacedTile, pmtiles } from '../tiles/pmtiles.js';
import { startProgram } from '../traffic/drive.js';
import { http, RunningWeir } from '../weir/weir.js';

const reason = missing(['chromium']);
const origin = `http://${http}`;
const tileServer = 'http://127.0.0.1:8081';
type Look = 'light' | 'dark';
/** Where the first node is, in pixels from the middle of the map: degrees by the scale of zoom level 13. */
const NODE = { right: -0.03 * ((512 * 2 ** 13) / 360), down: -0.008 * ((512 * 2 ** 13) / 360 / 0.6013) };
/** Colours of the quiet style of vector tiles. */
const QUIET: Readonly<Record<Look, Readonly<Record<'sea' | 'land' | 'road', Pixel>>>> = {
  light: { sea: [0xdf, 0xe8, 0xef], land: [0xf8, 0xf8, 0xf5], road: [0xd3, 0xd3, 0xcc] },
  dark: { sea: [0x08, 0x0d, 0x13], land: [0x12, 0x1a, 0x23], road: [0x2b, 0x39, 0x47] },
};

let lab: Lab;
let place: Namespace;
let browser: Browser;
/** Decodes pictures. */
let reader: Page;
let server: LabProcess;
let files: string;
let collector: RunningWeir | undefined;
const asked: string[] = [];

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  place = lab.namespace('base');
  files = lab.directory('tiles');
  mkdirSync(screenshotDirectory, { recursive: true });
  writeFileSync(join(files, 'mesh.json'), JSON.stringify(feed()));
  writeFileSync(join(files, 'city.pmtiles'), pmtiles(vectorTiles('protomaps'), { kind: 'vector', gzip: true }));
  writeTiles(vectorTiles('openmaptiles'), 'pbf');
  server = await serve();
  browser = await browserIn(lab, place, { webgl: true });
  reader = await browser.newPage();
}, 90_000);

afterEach(async () => {
  await collector?.stop();
  collector = undefined;
});

afterAll(async () => {
  if (reason !== undefined) return;
  await browser?.close();
  expect(await lab.close()).toEqual([]);
});

function feed(): object {
  const node = (id: string, latitude: number) => ({
    ...{
      node_id: id,
      hostname: `roof-${id}`,
      is_online: true,
      location: { latitude, longitude: COAST.longitude - 0.03 },
    },
    ...{ firstseen: '2026-01-01T00:00:00Z', lastseen: new Date().toISOString() },
  });
  const nodes = [1, 2, 3].map(i => node(String(i), COAST.road + 0.008 * i));
  return {
    timestamp: new Date().toISOString(),
    nodes,
    links: [{ source: '1', target: '2', type: 'wifi', source_tq: 1 }],
  };
}

function writeTiles(tiles: readonly PlacedTile[], extension: string): void {
  for (const { z, x, y, octets } of tiles) {
    const file = join(files, extension, String(z), String(x), `${y}.${extension}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, octets);
  }
}

async function serve(): Promise<LabProcess> {
  const started = lab.own(startProgram(place, 'file-server', { directory: files, port: 8081 }));
  await started.output(/ready/, 20);
  return started;
}

async function collect(tiles: string): Promise<void> {
  const options = ['--topology', `coast=${join(files, 'mesh.json')}`, '--map-tiles', tiles];
  collector = await RunningWeir.collect(lab, place, lab.directory('base'), 'udp://127.0.0.1:4739', options);
}

/** A collector with this base map, and the map of it in a browser. */
async function opened(tiles: string, zoom = 13): Promise<Page> {
  await collect(tiles);
  asked.length = 0;
  const page = await watchedPage(browser, origin, asked, { viewport: { width: 1280, height: 860 } });
  await look(page, zoom);
  return page;
}

/** Looks at where the coast crosses the road, anew. */
async function look(page: Page, zoom: number): Promise<void> {
  await page.goto(`${origin}/?page=map&base=tiles&cam=${zoom}/${COAST.road}/${COAST.longitude}`);
  await page.locator('[data-testid=mesh-map][data-nodes="3"]').waitFor();
}

/** Turns light into dark while the map is shown. */
const darken = (page: Page): Promise<void> => page.emulateMedia({ colorScheme: 'dark' });

interface Seen {
  sea: Pixel;
  land: Pixel;
  road: Pixel;
  picture: Picture;
}

/** What is around the middle of the map: sea to the right, land to the left, and the road across both. */
async function seen(page: Page): Promise<Seen> {
  const box = (await page.getByTestId('mesh-map').boundingBox())!;
  const [x, y] = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
  const png = await page.screenshot({ clip: { x: x - 200, y: y - 100, width: 400, height: 200 } });
  const picture = await pictureOf(reader, png);
  return { sea: picture.at(350, 150), land: picture.at(50, 150), road: picture.at(50, 100), picture };
}

const near = (a: Pixel, b: Pixel): boolean => a.every((value, i) => Math.abs(value - b[i]!) <= 4);

/** Waits until the map shows what fits. */
async function shows(page: Page, fits: (found: Seen) => boolean): Promise<Seen> {
  let last: Seen | undefined;
  return until(
    'the base map',
    15,
    async () => {
      last = await seen(page);
      return fits(last) ? last : undefined;
    },
    () => JSON.stringify(last),
  );
}

const isQuiet =
  (look: Look) =>
  ({ sea, land, road }: Seen): boolean =>
    near(sea, QUIET[look].sea) && near(land, QUIET[look].land) && isDrawn(road, land, QUIET[look]);

/** Whether a thin line is there: its edges are soft. */
const isDrawn = (line: Pixel, land: Pixel, quiet: { land: Pixel; road: Pixel }): boolean =>
  line.every((value, i) => (value - land[i]!) / (quiet.road[i]! - quiet.land[i]!) > 0.3);

/** Sea is the bluest, land the greenest, the road the reddest: by so much at least. */
const isPainted =
  (by: number) =>
  ({ sea, land, road }: Seen): boolean =>
    sea[2] - sea[0] > by && land[1] - land[2] > by && road[0] - road[1] > by;

/** How far pixels where the town's name is are from the land. */
function nameContrast({ picture, land }: Seen): number {
  let most = 0;
  for (let x = 60; x < 110; x++)
    for (let y = 168; y < 186; y++) most = Math.max(most, Math.abs(picture.at(x, y)[0] - land[0]));
  return most;
}

/** Everything else than the collector that was asked. */
const othersAsked = (): string[] => [...new Set(asked.map(url => (URL.canParse(url) ? new URL(url).origin : url)))];

const keep = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(screenshotDirectory, `base-${name}.png`) });

/** The mesh is there, land and towns below it, and what is wrong is said. */
async function isWithout(page: Page, sentence: RegExp): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await look(page, 13);
  await page.getByTestId('base-trouble').waitFor();
  expect(await page.getByTestId('base-trouble').textContent()).toMatch(sentence);
  await shows(page, ({ land }) => near(land, QUIET.light.land));
  const box = (await page.getByTestId('mesh-map').boundingBox())!;
  const [x, y] = [box.x + box.width / 2 + NODE.right, box.y + box.height / 2 + NODE.down];
  const node = await pictureOf(reader, await page.screenshot({ clip: { x: x - 2, y: y - 2, width: 4, height: 4 } }));
  expect(node.at(2, 2)[0]).toBeLessThan(128);
}

test('an archive of vector tiles on another server; then none that can be used', async () => {
  const page = await opened(`${tileServer}/city.pmtiles`);
  await until('the town', 10, async () => nameContrast(await shows(page, isQuiet('light'))) > 60 || undefined);
  await keep(page, 'pmtiles-light');
  await darken(page);
  await until('the town', 10, async () => nameContrast(await shows(page, isQuiet('dark'))) > 60 || undefined);
  await keep(page, 'pmtiles-dark');
  writeFileSync(join(files, 'city.pmtiles'), 'What somebody has cut off in the middle');
  await isWithout(page, /127\.0\.0\.1:8081 has is no base map, or a broken one/);
  await server.stop();
  await isWithout(page, /127\.0\.0\.1:8081 is away, or does not let pages/);
  server = await serve();
  expect(othersAsked()).toEqual([tileServer]);
  await page.close();
});

test('an archive of pictures, which the collector serves', async () => {
  const file = join(files, 'here.pmtiles');
  writeFileSync(file, pmtiles(pictureTiles(), { kind: 'png', gzip: false }));
  const page = await opened(file);
  await shows(page, isPainted(60));
  await keep(page, 'pictures-light');
  await darken(page);
  await shows(page, ({ land, ...others }) => land[1] < 140 && isPainted(25)({ land, ...others }));
  await keep(page, 'pictures-dark');
  rmSync(file);
  await isWithout(page, /file of the base map could not be read \(404\)/);
  expect(othersAsked()).toEqual([]);
  await page.close();
});

test('vector tiles, which are drawn larger where there are no finer ones', async () => {
  const page = await opened(`${tileServer}/pbf/{z}/{x}/{y}.pbf`, 16);
  await shows(page, isQuiet('light'));
  await darken(page);
  await shows(page, isQuiet('dark'));
  await keep(page, 'vector-dark');
  renameSync(join(files, 'pbf'), join(files, 'elsewhere'));
  try {
    await isWithout(page, /127\.0\.0\.1:8081 has no tiles of this place/);
  } finally {
    renameSync(join(files, 'elsewhere'), join(files, 'pbf'));
  }
  expect(othersAsked()).toEqual([tileServer]);
  await page.close();
});

/** A style with colours of its own. */
function style(tiles: readonly string[]): object {
  const from = (layer: string) => ({ source: 'coast', 'source-layer': layer });
  const layers = [
    { id: 'land', type: 'background', paint: { 'background-color': '#3f3' } },
    { id: 'sea', type: 'fill', ...from('water'), paint: { 'fill-color': '#33f' } },
    { id: 'road', type: 'line', ...from('transportation'), paint: { 'line-color': '#f33', 'line-width': 5 } },
  ];
  return { version: 8, sources: { coast: { type: 'vector', tiles, maxzoom: 14 } }, layers };
}

test('a style, or a TileJSON; a style that needs a server that is not set is told', async () => {
  const write = (told: object): void => writeFileSync(join(files, 'style.json'), JSON.stringify(told));
  const tiles = [`${tileServer}/pbf/{z}/{x}/{y}.pbf`];
  write(style(tiles));
  const page = await opened(`${tileServer}/style.json`);
  await shows(page, isPainted(150));
  await keep(page, 'style');
  await darken(page);
  write({ tilejson: '3.0.0', tiles, minzoom: 0, maxzoom: 14, vector_layers: [] });
  await look(page, 16);
  await shows(page, isQuiet('dark'));
  write({ ...style(tiles), glyphs: 'https://fonts.example/{fontstack}/{range}.pbf' });
  await isWithout(page, /needs fonts\.example as well, which this page may not ask/);
  expect(othersAsked()).toEqual([tileServer]);
  await page.close();
});
