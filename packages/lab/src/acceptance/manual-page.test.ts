// The manual as the collector serves it: every page, its links and pictures, for people who are not logged in too.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { violations } from '../browser/axe.js';
import { screenshotDirectory } from '../paths.js';
import { noDatabases } from '../weir/databases.js';
import { http, weirCommand } from '../weir/weir.js';
import { origin, PageLab } from './page-lab.js';

let page: Page;
const pageLab = new PageLab([], async lab => {
  const { router } = lab.topology();
  const data = lab.directory('manual');
  const options = ['--data', data, '--http', http, '--token-file', join(data, 'token'), ...noDatabases];
  await lab.own(router.start(weirCommand('collect', ...options))).output(/http:\/\//, 60);
  return {
    namespace: router,
    page: { viewport: { width: 1280, height: 900 } },
    opened: async opened => (page = opened),
  };
});

/** Addresses of the page's links and pictures that are the manual's. */
const leadsTo = (): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('a[href], img[src], link[href], script[src]')]
    .map(each => (each.href || each.src).replace(/#.*/, ''))
    .filter(url => url.startsWith(${JSON.stringify(`${origin}/docs/`)}))`);

test('every page answers, has a title of its own, and nothing against it', async () => {
  const waiting = [`${origin}/docs/`];
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (seen.has(url)) continue;
    if (!/\.html$|\/$/.test(url)) {
      // A browser that shows a picture by itself has styles of its own around it.
      seen.set(url, url);
      expect(await page.evaluate(`fetch('${url}').then(answer => answer.status)`), url).toBe(200);
      continue;
    }
    expect((await page.goto(url))?.status(), url).toBe(200);
    seen.set(url, await page.title());
    found.push(...(await violations(page)).map(each => `${url}: ${each}`));
    waiting.push(...(await leadsTo()));
  }
  expect(found).toEqual([]);
  expect(seen.size).toBeGreaterThan(50);
  const titles = [...seen.values()];
  // The index has two addresses.
  expect(new Set(titles).size).toBe(titles.length - 1);
}, 600_000);

test('it has the look that is chosen, dark and narrow too, with nothing against it', async () => {
  await page.goto(`${origin}/docs/tutorial/first-picture.html`);
  const look = () => page.evaluate('document.documentElement.dataset.theme');
  expect(await look()).toBe('light');
  await page.screenshot({ path: join(screenshotDirectory, 'manual.png') });
  await page.locator('#theme').click();
  expect(await look()).toBe('dark');
  expect(await violations(page)).toEqual([]);
  await page.reload();
  expect(await look()).toBe('dark');
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  await page.screenshot({ path: join(screenshotDirectory, 'manual-dark.png') });
}, 60_000);

test('"/docs" leads there, and the pages lead to it', async () => {
  await page.goto(`${origin}/docs`);
  expect(page.url()).toBe(`${origin}/docs/`);
  await page.locator('nav[aria-label=Documentation] a').first().click();
  expect(page.url()).toBe(`${origin}/docs/tutorial/first-picture.html`);
});

test('all of it keeps to the policy of the pages', () => {
  expect(pageLab.complaints).toEqual([]);
});
