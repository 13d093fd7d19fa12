// The page that logs in, in a browser: who is refused, who gets in, and that the pages keep to their policy.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import { attempt } from '../run/command.js';
import { labEnvironment } from '../run/mark.js';
import { noDatabases } from '../weir/databases.js';
import { http, weirCommand } from '../weir/weir.js';

const reason = missing(['chromium']);
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];
const password = 'correct horse battery';

let lab: Lab;
let browser: Browser;
let page: Page;
/** What went against the policy of the pages. */
const violations: string[] = [];

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  const { router } = lab.topology();
  const data = lab.directory('login');
  const users = ['--users-file', join(data, 'people')];
  const added = attempt(router.command(weirCommand('user', 'add', 'ada', ...users)), 60, `${password}\n`);
  expect(added).toMatchObject({ status: 0 });
  const options = ['--data', data, '--http', http, '--token-file', join(data, 'token'), ...users];
  const collector = lab.own(router.start(weirCommand('collect', ...options, ...noDatabases)));
  await collector.output(/http:\/\//, 60);
  browser = await chromium.launch({ executablePath: browserIn(router), args: flags, env: environment() });
  page = await browser.newPage({ locale: 'de-DE' });
  page.setDefaultTimeout(30_000);
  await page.addInitScript(
    `document.addEventListener('securitypolicyviolation', event => console.error('violation', event.effectiveDirective))`,
  );
  page.on('console', message => {
    if (message.text().startsWith('violation')) violations.push(message.text());
  });
}, 150_000);

afterAll(async () => {
  if (reason !== undefined) return;
  await browser?.close();
  expect(await lab.close()).toEqual([]);
}, 60_000);

function browserIn(namespace: Namespace): string {
  const script = join(lab.directory('browser'), 'chromium');
  writeFileSync(script, `#!/bin/sh\nexec ${namespace.command(['chromium', '"$@"']).join(' ')}\n`);
  chmodSync(script, 0o755);
  return script;
}

function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(labEnvironment()).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}

const at = (id: string): Locator => page.getByTestId(id);

test('a link leads to the login, which refuses a wrong password with words', async () => {
  await page.goto(`http://${http}/?filter=port%2053`);
  expect(new URL(page.url()).pathname).toBe('/login.html');
  expect(await page.title()).toBe('Bei Weir anmelden');
  await at('name').fill('ada');
  await at('secret').fill('wrong');
  await at('secret').press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Passwort ist falsch' }).waitFor();
  expect(await at('secret').inputValue()).toBe('');
}, 90_000);

test('the right one leads to what was asked for', async () => {
  await at('secret').fill(password);
  await at('secret').press('Enter');
  await page.waitForURL(url => url.pathname === '/');
  expect(new URL(page.url()).searchParams.get('filter')).toBe('port 53');
  const me = await page.evaluate(`fetch('api/v1/me').then(answer => answer.json())`);
  expect(me).toMatchObject({ name: 'ada', role: 'viewer' });
}, 90_000);

test('the pages keep to their policy, which browsers hold them to', async () => {
  expect(violations).toEqual([]);
  const breach = `(() => { try { document.body.innerHTML = '<b>name of an interface</b>'; } catch (error) { return error.name; } })()`;
  expect(await page.evaluate(breach)).toBe('TypeError');
}, 60_000);
