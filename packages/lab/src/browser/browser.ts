import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { labEnvironment } from '../run/mark.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const WITHOUT_GRAPHICS = ['--disable-gpu', '--disable-3d-apis'];
/** Draws what a graphics card would, in software. */
const IN_SOFTWARE = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-rasterization'];

/** A browser inside a namespace; with WebGL on demand. */
export function browserIn(lab: Lab, namespace: Namespace, { webgl = false } = {}): Promise<Browser> {
  const script = join(lab.directory('browser'), 'chromium');
  writeFileSync(script, `#!/bin/sh\nexec ${namespace.command(['chromium', '"$@"']).join(' ')}\n`);
  chmodSync(script, 0o755);
  const env = Object.entries(labEnvironment()).flatMap(([key, value]) => (value ? [[key, value] as const] : []));
  return chromium.launch({
    executablePath: script,
    args: [...FLAGS, ...(webgl ? IN_SOFTWARE : WITHOUT_GRAPHICS)],
    env: Object.fromEntries(env),
  });
}

/**
 * A page that notes what goes wrong in it: errors, what went against its policy, and requests to other places than `origin`.
 * @param complaints where they are put.
 */
export async function watchedPage(
  browser: Browser,
  origin: string,
  complaints: string[],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(20_000);
  page.on('pageerror', problem => complaints.push(problem.message));
  await page.addInitScript(
    `document.addEventListener('securitypolicyviolation', event =>
      console.error('violation', event.effectiveDirective, event.blockedURI, event.sourceFile, event.lineNumber))`,
  );
  page.on('console', message => {
    if (message.text().startsWith('violation')) complaints.push(message.text());
  });
  page.on('request', request => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  return page;
}

/** Draws the pointer over a part of what is drawn there, from one share of its width to another. */
export async function dragOver(page: Page, drawn: Locator, from: number, to: number): Promise<void> {
  const box = await drawn.boundingBox();
  if (box === null) throw new Error('nothing is drawn');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 8 });
  await page.mouse.up();
}
