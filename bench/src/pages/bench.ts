import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { http, Lab, missing, type Result, RunningWeir, runTrials, type TrialSubject } from '@weir/lab';
import type { Browser } from 'playwright-core';
import { Store } from '../../../packages/collector/dist/store/client.js';
import { browserIn } from '../../../packages/lab/dist/browser/browser.js';
import { fill } from '../query/fill.js';
import { MONTH_FROM, MONTH_TO } from '../query/flows.js';
import { opened } from './opened.js';

const RUNS = 3;
const LOCAL = '10.0.0.0/8';
const PORT = 4739;
const HOST = '10.0.0.77';
const MONTH = `from=${MONTH_FROM}&to=${MONTH_TO}`;
const pages: Readonly<Record<string, string>> = {
  overview: `?${MONTH}`,
  'overview of one port': `?filter=dst+port+443&${MONTH}`,
  'largest flows': `?page=flows&order=largest&${MONTH}`,
  'a host': `?page=host&host=${HOST}&${MONTH}`,
  'who talks to whom': `?page=network&${MONTH}`,
  quality: `?page=quality&${MONTH}`,
};

/** How long each page takes over a month, in Chromium beside the collector: until all of it has an answer, and until all answers are exact. */
export async function* pagesBench(records: number): AsyncGenerator<Result[]> {
  const reason = missing(['chromium']);
  if (reason !== undefined) {
    console.error(`skipped: the pages: ${reason}`);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'weir-pages-'));
  try {
    const store = await Store.open({ directory, localNetworks: [LOCAL] });
    await fill(store, records);
    await store.close();
    yield* pagesOver(directory, records);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The same over a data directory that is there. */
async function* pagesOver(directory: string, records: number): AsyncGenerator<Result[]> {
  const lab = new Lab();
  try {
    const { router } = lab.topology();
    await RunningWeir.collect(lab, router, directory, `udp://127.0.0.1:${PORT}`, ['--local-networks', LOCAL]);
    const browser = await browserIn(lab, router);
    try {
      for (const [name, address] of Object.entries(pages))
        yield await runTrials('pages', {
          name: `${name}, a month of ${records.toLocaleString('en')} flows`,
          measures: { 'until all is there': 's', 'until all is exact': 's' },
          subjects: [subject(browser, `http://${http}/${address}`)],
          runs: RUNS,
        });
    } finally {
      await browser.close();
    }
  } finally {
    for (const line of await lab.close()) console.error(`left behind: ${line}`);
  }
}

function subject(browser: Browser, address: string): TrialSubject {
  return {
    name: 'weir',
    trial: async () => {
      const page = await browser.newPage({ viewport: { width: 1400, height: 1100 } });
      try {
        const { shown, exact } = await opened(page, address);
        return { 'until all is there': shown, 'until all is exact': exact };
      } finally {
        await page.close();
      }
    },
  };
}
