// A probe elsewhere, set up by the page through its own authenticated endpoint, and with a token that is replaced while both run.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Lab } from '../namespaces/lab.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import type { LabProcess } from '../run/process.js';
import { until } from '../run/wait.js';
import { Certificates } from '../weir/certificates.js';
import { RunningWeir, weir, weirCommand } from '../weir/weir.js';
import { origin, PageLab } from './page-lab.js';

const controlPort = 4790;
const [firstToken, secondToken] = ['a-token-of-the-roof-that-is-long-enough', 'another-token-that-has-replaced-it'];

let net: Topology;
let data: string;
let running: RunningWeir;
let remote: LabProcess;
/** Of the probe: its configuration, and its token; and the token that the collector has. */
let remoteFile: string;
let probeToken: string;
let ourToken: string;
let page: Page;
const pageLab = new PageLab(['openssl'], async lab => {
  net = lab.topology();
  data = lab.directory('setup');
  const probe = await startRemote(lab);
  running = await RunningWeir.collect(lab, net.router, data, 'udp://0.0.0.0:4739', ['--probe', probe]);
  return {
    namespace: net.router,
    page: { viewport: { width: 1400, height: 1000 } },
    opened: async opened => {
      page = opened;
      page.setDefaultTimeout(30_000);
      await page.goto(`${origin}/?page=setup&token=${readFileSync(join(data, 'token'), 'utf8').trim()}`);
    },
    end: async () => {
      expect(await remote.stop('SIGTERM')).toBe(0);
      weir(net.server, ['doctor', '--restore']);
    },
  };
});
const { at, complaints } = pageLab;

/** A probe on the server, which serves its setup over TLS. @returns what the collector's option says of it */
async function startRemote(lab: Lab): Promise<string> {
  const folder = lab.directory('roof');
  const state = join(folder, 'probe.state');
  [probeToken, ourToken] = [join(folder, 'token'), join(folder, 'our-token')];
  for (const file of [probeToken, ourToken]) writeFileSync(file, `${firstToken}\n`, { mode: 0o600 });
  const certificates = new Certificates(folder);
  const { cert, key } = certificates.issue('roof');
  remoteFile = join(folder, 'weir.yaml');
  writeFileSync(remoteFile, `collector: udp://${addresses.outside.v4}:4739\nstate: ${state}\n`);
  const control = `https://${addresses.server.v4}:${controlPort}?cert=${cert}&key=${key}`;
  const options = ['--config', remoteFile, '--control', control, '--control-token-file', probeToken];
  remote = lab.own(net.server.start(weirCommand('probe', ...options)));
  await remote.output(/setup at https:/, 60);
  return `roof=https://${addresses.server.v4}:${controlPort}?token-file=${ourToken}&ca=${certificates.ca}&name=roof`;
}

const input = (key: string): Locator => page.locator(`#setting-${key}`);
const reviewed = (state: string): Promise<void> => page.locator(`[data-testid=review][data-state=${state}]`).waitFor();
const told = async (): Promise<string> => (await at('review-status').textContent()) ?? '';

test('a probe elsewhere is set up through its own endpoint, and mended', async () => {
  await at('mend-accounting').click();
  await at('mend-accounting').waitFor({ state: 'detached' });
  expect(net.server.run(['sysctl', '-n', 'net.netfilter.nf_conntrack_acct']).trim()).toBe('1');
  await input('active-timeout').fill('5');
  await reviewed('ready');
  await at('apply').click();
  await until('the change', 30, async () => (/Applied: active-timeout/.test(await told()) ? true : undefined));
  expect(readFileSync(remoteFile, 'utf8')).toMatch(/^collector: udp:.*\nstate: .*\nactive-timeout: 5\n$/);
  // Its endpoint is given on the command line.
  expect(await input('control').isDisabled()).toBe(true);
  await at('undo').click();
  await until('the undoing', 30, async () => (/Undone: active-timeout/.test(await told()) ? true : undefined));
  expect(statusWith('wrong')).toBe('401');
}, 90_000);

/** What the endpoint answers to somebody with this token. */
function statusWith(token: string): string {
  const ask = `require('https').get({ host: '${addresses.server.v4}', port: ${controlPort}, path: '/setup',
    rejectUnauthorized: false, headers: { authorization: 'Bearer ${token}' } }, a => { console.log(a.statusCode); process.exit() })`;
  return net.router.run([process.execPath, '-e', ask]).trim();
}

test('it is started again from the page, and its endpoint stays', async () => {
  await input('sample').fill('2');
  await reviewed('ready');
  await at('apply').click();
  await at('restart').click();
  await at('restart-yes').click();
  await until('the restart', 60, async () =>
    /meters again.*sample/.test((await at('restart-status').textContent()) ?? '') ? true : undefined,
  );
  expect(remote.status).toBeUndefined();
  expect(await page.locator('[data-testid=field-sample]').textContent()).not.toMatch(/waits for the next start/);
}, 90_000);

test('where the token is, is said; the token never is', async () => {
  await at('endpoint').waitFor();
  expect(await at('endpoint').textContent()).toContain(ourToken);
  expect(await at('endpoint').textContent()).toContain(`https://${addresses.server.v4}:${controlPort}`);
});

test('a token is replaced while both run', async () => {
  writeFileSync(probeToken, `${secondToken}\n`);
  await until('the new token', 10, () => (statusWith(secondToken) === '200' ? true : undefined));
  expect(statusWith(firstToken)).toBe('401');
  await page.reload();
  await at('setup-failed').waitFor();
  expect(await at('setup-failed').textContent()).toMatch(/does not know our token.*our-token/);
  writeFileSync(ourToken, `${secondToken}\n`);
  await at('setup-failed').getByRole('button').click();
  await input('active-timeout').waitFor();
}, 60_000);

test('no token is in the page, in what it is sent, in a log or in the audit', async () => {
  const state = await page.evaluate(`fetch('api/v1/probe/roof/setup').then(answer => answer.text())`);
  const audit = readFileSync(join(data, 'audit.jsonl'), 'utf8');
  for (const text of [await page.content(), String(state), audit, remote.stderr, running.command.stderr]) {
    for (const token of [firstToken, secondToken]) expect(text).not.toContain(token);
  }
});

test('nothing went wrong in the page', () => expect(complaints).toEqual([]));
