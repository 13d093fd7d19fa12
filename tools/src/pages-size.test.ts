// What a reader's browser has to load, as compressed as a server would send it.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../../packages/web/dist', import.meta.url));
/** Octets. */
const FIRST_LOAD = 150_000;
const ALL = 300_000;
/** What only the map needs: MapLibre and its worker, the layout of graphs; and land, borders and towns. */
const MAP = 600_000;
const WORLD = 950_000;
/** Text and style of the manual. */
const MANUAL = 400_000;

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => posix.relative(dist, join(entry.parentPath, entry.name)))
  // The same once more, as it is sent.
  .filter(name => !/\.(?:br|gz)$/.test(name));
const manual = files.filter(name => name.startsWith('docs/'));

const size = (names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, name)), { level: 9 }).length, 0);

/** What is loaded with a file, it included: what it names in HTML, and what it imports before it runs. */
function loadedWith(name: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(name) || !files.includes(name)) return loaded;
  loaded.add(name);
  if (!/\.(html|js)$/.test(name)) return loaded;
  const text = readFileSync(join(dist, name), 'utf8');
  const named = name.endsWith('.html') ? /(?:src|href)="([^"]+)"/g : /(?:from|import)\s*["'](\.\/[^"']+)["']/g;
  for (const [, path] of text.matchAll(named)) loadedWith(posix.join(posix.dirname(name), path!), loaded);
  return loaded;
}

test('the first load, which is the overview in English, is small', () => {
  const loaded = loadedWith('index.html');
  const overview = files.filter(name => /^assets\/Overview-.*\.(js|css)$/.test(name));
  expect(overview).toHaveLength(2);
  for (const name of overview) loadedWith(name, loaded);
  expect(size(loaded)).toBeGreaterThan(20_000);
  expect(size(loaded)).toBeLessThan(FIRST_LOAD);
  const german = files.filter(name => /^assets\/de-.*\.js$/.test(name));
  expect(german).toHaveLength(1);
  expect(loaded).not.toContain(german[0]);
});

const drawing = files.filter(name => /^assets\/(drawing|maplibre-gl-worker|force\.worker)-.*\.m?js$/.test(name));
const world = files.filter(name => /^assets\/(land|places)-.*\.json$/.test(name));

test('all of the pages but what draws the map are small', () => {
  const pages = files.filter(name => ![...drawing, ...world, ...manual].includes(name));
  expect(size(pages)).toBeLessThan(ALL);
});

test('what draws the map comes with it alone, and has a budget of its own', () => {
  expect(drawing).toHaveLength(3);
  expect(world).toHaveLength(2);
  expect(size(drawing)).toBeLessThan(MAP);
  expect(size(world)).toBeLessThan(WORLD);
  const loaded = loadedWith('index.html');
  for (const name of [...drawing, ...world]) expect(loaded).not.toContain(name);
});

test('the manual is loaded with nothing else, and its text is small', () => {
  expect(manual.length).toBeGreaterThan(40);
  for (const page of ['index.html', 'login.html'])
    expect([...loadedWith(page)].filter(name => manual.includes(name))).toEqual([]);
  expect(size(manual.filter(name => !name.endsWith('.png')))).toBeLessThan(MANUAL);
});
