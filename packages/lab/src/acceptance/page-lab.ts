import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { browserIn, watchedPage } from '../browser/browser.js';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import { screenshotDirectory } from '../paths.js';
import { until } from '../run/wait.js';
import { http } from '../weir/weir.js';

export const origin = `http://${http}`;

/** What a test of pages has made. */
export interface PagePlace {
  /** Where the collector is, and the browser is to be. */
  readonly namespace: Namespace;
  readonly page?: BrowserContextOptions;
  readonly webgl?: boolean;
  /** Takes the page, which nothing is in yet. */
  readonly opened: (page: Page) => Promise<unknown>;
  /** Ends what the lab would not see end well: behind the browser, before the lab. */
  readonly end?: () => Promise<void>;
}

/** A lab, a browser in it, and a page: what the tests of a file begin with and end with. Skips them where the machine cannot. */
export class PageLab {
  /** What went wrong in the page, went against its policy, or left its origin. */
  readonly complaints: string[] = [];
  browser!: Browser;
  page!: Page;

  /** @param needs beside a browser */
  constructor(needs: Parameters<typeof missing>[0], make: (lab: Lab) => Promise<PagePlace>) {
    const reason = missing(['chromium', ...needs]);
    let lab: Lab;
    let place: PagePlace | undefined;
    beforeEach(context => context.skip(reason !== undefined, reason));
    beforeAll(async () => {
      if (reason !== undefined) return;
      lab = new Lab();
      mkdirSync(screenshotDirectory, { recursive: true });
      place = await make(lab);
      this.browser = await browserIn(lab, place.namespace, { webgl: place.webgl ?? false });
      this.page = await watchedPage(this.browser, origin, this.complaints, place.page);
      await place.opened(this.page);
    }, 150_000);
    afterAll(async () => {
      if (reason !== undefined) return;
      await this.browser?.close();
      await place?.end?.();
      expect(await lab.close()).toEqual([]);
    }, 150_000);
  }

  readonly at = (id: string): Locator => this.page.getByTestId(id);

  /** The text of the first element with this test id. */
  readonly words = async (id: string): Promise<string> => (await this.at(id).first().textContent()) ?? '';

  /** Of the address. */
  readonly parameter = (name: string): string | null => new URL(this.page.url()).searchParams.get(name);

  readonly holds = (what: string, condition: () => Promise<boolean>): Promise<unknown> =>
    until(what, 30, async () => ((await condition()) ? true : undefined));
}
