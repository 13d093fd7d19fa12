import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  exportTown,
  http,
  Lab,
  missing,
  type Result,
  RunningWeir,
  runTrials,
  type TownSize,
  type TrialSubject,
  townFeed,
} from '@weir/lab';
import type { Browser, Page } from 'playwright-core';
import { browserIn } from '../../../packages/lab/dist/browser/browser.js';
import { until } from '../../../packages/lab/dist/run/wait.js';

/** A mesh of 5,000 nodes and some 20,000 links, whose feed has more than 4 MB. */
const large: TownSize = { nodes: 5000, quarters: 90, gateways: 20, neighbours: 8 };
const port = 4739;
const minutes = 8;
const frames = 40;
const runs = 3;
const origin = `http://${http}`;

/**
 * The map of a large mesh with traffic, in Chromium with a graphics card in software: milliseconds from frame to frame where only
 * dashes move and where the map is drawn along, and seconds until all of it is there. And how long the collector takes for the feed.
 */
export async function* mapBench(): AsyncGenerator<Result[]> {
  const reason = missing(['chromium']);
  if (reason !== undefined) {
    console.error(`skipped: the map: ${reason}`);
    return;
  }
  const lab = new Lab();
  try {
    const { router } = lab.topology();
    const file = join(lab.directory('feed'), 'town.json');
    writeFileSync(file, JSON.stringify(townFeed(large)));
    const begun = performance.now();
    const options = ['--topology', `town=${file}`];
    const collector = await RunningWeir.collect(lab, router, lab.directory('map'), `udp://127.0.0.1:${port}`, options);
    const up = performance.now();
    const links = await until('the mesh', 120, () => linksOf(collector));
    const read = { 'from its start to the mesh': (performance.now() - begun) / 1000, start: (up - begun) / 1000 };
    const megabytes = (statSync(file).size / 1e6).toFixed(1);
    const name = `a feed of ${megabytes} MB, ${large.nodes} nodes, ${links} links`;
    const once = { name: 'collector', trial: () => Promise.resolve(read) };
    const measures = { 'from its start to the mesh': 's', start: 's' };
    yield await runTrials('map', { name, measures, subjects: [once], runs: 1 });
    const time = Date.now();
    await exportTown(router, { size: large, port, minutes });
    await until('loads', 120, () => isLoaded(collector));
    const browser = await browserIn(lab, router, { webgl: true });
    try {
      const address = `${origin}/?page=map&at=${time}`;
      yield await runTrials('map', {
        name: `${large.nodes} nodes, ${links} links, software rendering`,
        measures: { shown: 's', 'frame, median': 'ms', 'frame, 95 of 100': 'ms' },
        subjects: [subject(browser, address, 'dashes move', false), subject(browser, address, 'drawn along', true)],
        runs,
      });
    } finally {
      await browser.close();
    }
  } finally {
    for (const line of await lab.close()) console.error(`left behind: ${line}`);
  }
}

async function linksOf(collector: RunningWeir): Promise<number | undefined> {
  const { topologies } = await collector.api<{ topologies: { links: number }[] }>('/api/v1/mesh');
  return topologies[0]?.links || undefined;
}

async function isLoaded(collector: RunningWeir): Promise<true | undefined> {
  const from = Date.now() - minutes * 60_000;
  const { links } = await collector.api<{ links: unknown[] }>(`/api/v1/mesh/loads?topology=town&from=${from}`);
  return links.length > 1000 || undefined;
}

function subject(browser: Browser, address: string, name: string, moves: boolean): TrialSubject {
  return {
    name,
    trial: async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
      const begun = performance.now();
      await page.goto(address);
      await page.locator('[data-testid=mesh-map][data-links]:not([data-links="0"])').waitFor({ timeout: 60_000 });
      await page.getByTestId('busiest').getByRole('button').first().waitFor({ timeout: 60_000 });
      const shown = (performance.now() - begun) / 1000;
      // So that the map has found out how much it can draw.
      await took(page, 3 * frames, false);
      const times = await took(page, frames, moves);
      await page.close();
      return {
        shown,
        'frame, median': times[times.length >> 1]!,
        'frame, 95 of 100': times[Math.floor(times.length * 0.95)]!,
      };
    },
  };
}

/** Milliseconds of so many frames, sorted, while the pointer draws the map to and fro or not. */
async function took(page: Page, count: number, moves: boolean): Promise<number[]> {
  const measured = page.evaluate<number[]>(`new Promise(done => {
    const times = [];
    let last;
    const frame = at => {
      if (last !== undefined) times.push(at - last);
      last = at;
      if (times.length < ${count}) requestAnimationFrame(frame);
      else done(times.sort((a, b) => a - b));
    };
    requestAnimationFrame(frame);
  })`);
  if (moves) {
    let ended = false;
    measured.finally(() => {
      ended = true;
    });
    await page.mouse.move(400, 400);
    await page.mouse.down();
    for (let i = 0; !ended; i++) await page.mouse.move(400 + 120 * Math.sin(i / 10), 400 + 60 * Math.sin(i / 7));
    await page.mouse.up();
  }
  return await measured;
}
