// The page that logs in, in a browser: who is refused, who gets in, and that the pages keep to their policy.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Namespace } from '../namespaces/namespace.js';
import { noDatabases } from '../weir/databases.js';
import { addUser, http, weir, weirCommand } from '../weir/weir.js';
import { origin, PageLab } from './page-lab.js';

const password = 'correct horse battery';

/** The file of the users, and where the command that changes it runs. */
let people: string;
let router: Namespace;
let page: Page;
const pageLab = new PageLab([], async lab => {
  ({ router } = lab.topology());
  const data = lab.directory('login');
  people = join(data, 'people');
  const users = ['--users-file', people];
  expect(addUser(router, people, 'ada', password)).toMatchObject({ status: 0 });
  const options = ['--data', data, '--http', http, '--token-file', join(data, 'token'), ...users];
  const collector = lab.own(router.start(weirCommand('collect', ...options, ...noDatabases)));
  await collector.output(/http:\/\//, 60);
  const opened = async (opened: Page) => {
    page = opened;
    page.setDefaultTimeout(30_000);
  };
  return { namespace: router, page: { locale: 'de-DE' }, opened };
});
const { at, complaints } = pageLab;

test('a link leads to the login, which refuses a wrong password with words', async () => {
  await page.goto(`${origin}/?filter=port%2053`);
  expect(new URL(page.url()).pathname).toBe('/login.html');
  expect(await page.title()).toBe('Bei Weir anmelden');
  await at('name').fill('ada');
  await at('secret').fill('wrong');
  await at('secret').press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Passwort ist falsch' }).waitFor();
  expect(await at('secret').inputValue()).toBe('');
}, 90_000);

async function logIn(): Promise<void> {
  await at('name').fill('ada');
  await at('secret').fill(password);
  await at('secret').press('Enter');
  await page.waitForURL(url => url.pathname === '/');
}

/** The page that logs in says that the reader was logged in, and keeps the view that he had. */
async function isLoggedOut(): Promise<void> {
  await page.waitForURL(url => url.pathname === '/login.html');
  await at('ended').waitFor();
  expect(await at('ended').textContent()).toMatch(/^Sie sind abgemeldet\./);
  expect(new URL(page.url()).searchParams.get('filter')).toBe('port 53');
}

test('the right one leads to what was asked for', async () => {
  await logIn();
  expect(new URL(page.url()).searchParams.get('filter')).toBe('port 53');
  const me = await page.evaluate(`fetch('api/v1/me').then(answer => answer.json())`);
  expect(me).toMatchObject({ name: 'ada', role: 'viewer' });
}, 90_000);

test('the pages keep to their policy, which browsers hold them to', async () => {
  expect(complaints).toEqual([]);
  const breach = `(() => { try { document.body.innerHTML = '<b>name of an interface</b>'; } catch (error) { return error.name; } })()`;
  expect(await page.evaluate(breach)).toBe('TypeError');
}, 60_000);

test('a logout leads back to the login, also in another window', async () => {
  const opened = page.waitForEvent('popup');
  await page.evaluate(`void window.open('./?page=exporters')`);
  const other = await opened;
  await other.getByTestId('log-out').waitFor();
  await at('log-out').click();
  await isLoggedOut();
  await other.waitForURL(url => url.pathname === '/login.html');
  await other.getByTestId('ended').waitFor();
  await other.close();
}, 90_000);

test('a user who is removed sees no number more', async () => {
  await logIn();
  await at('log-out').waitFor();
  expect(weir(router, ['user', 'remove', 'ada', '--users-file', people])).toMatchObject({ status: 0 });
  const removed = performance.now();
  await isLoggedOut();
  expect(performance.now() - removed).toBeLessThan(5000);
}, 90_000);
