// Bad places and bad input: one clear line, the exit status of the contract, nothing left behind.
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, type TestContext, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import { differences, type Snapshot, snapshot } from '../namespaces/snapshot.js';
import { attempt, type Outcome, run } from '../run/command.js';
import { until } from '../run/wait.js';
import { startResponder } from '../traffic/traffic.js';
import { http, RunningWeir, weir, weirCommand } from '../weir/weir.js';

const reason = missing(['setpriv']);
const nobody = 65_534;
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];

let lab: Lab;
let place: Namespace;
let before: Snapshot;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  place = lab.namespace('place');
  before = snapshot(place);
});

beforeAll(() => {
  if (reason === undefined) lab = new Lab();
});

afterEach(() => {
  if (reason === undefined) place.remove();
});

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 30_000);

/** A folder that belongs to the user nobody. */
function foldersOfNobody(label: string): string {
  const folder = lab.directory(label);
  chownSync(folder, nobody, nobody);
  return folder;
}

/** Skips where the user nobody cannot even read this checkout or run this Node.js. */
function needNobody(context: TestContext): void {
  const can = attempt([...asNobody, ...weirCommand('--version')]).status === 0;
  context.skip(!can, 'the user nobody cannot read this folder, or not run this Node.js');
}

/**
 * Without what a probe says at its start: its source, and files that earlier ones have left, whose namespaces are gone (whoever starts next
 * tells of them).
 */
function withoutStart(text: string): string {
  return text.replace(/^weir: (source: .*|\/run\/weir\/\S+: removed, its network namespace is gone)\n/gm, '');
}

/** Asserts one line on standard error that matches, nothing on standard output, and no trace. */
function expectRefusal(outcome: Outcome, status: number, line: RegExp): void {
  expect(outcome.status, outcome.stderr).toBe(status);
  expect(withoutStart(outcome.stderr).trim().split('\n'), outcome.stderr).toHaveLength(1);
  expect(outcome.stderr).toMatch(line);
  expect(outcome.stderr).not.toMatch(/\n\s+at /);
  expect(differences(before, snapshot(place))).toEqual([]);
  expect(run(['ip', 'netns', 'pids', place.name])).toBe('');
}

test('metering without root', context => {
  needNobody(context);
  const command = weirCommand('up', '--data', foldersOfNobody('nobody'), '--http', http);
  expectRefusal(attempt(place.command([...asNobody, ...command])), 1, /root|CAP_NET_ADMIN/);
}, 30_000);

test('the probe without root', context => {
  needNobody(context);
  const command = weirCommand('probe', '--collector', 'udp://127.0.0.1:4739');
  expectRefusal(attempt(place.command([...asNobody, ...command])), 1, /root|CAP_NET_ADMIN/);
}, 30_000);

test("the page's port is taken", async () => {
  const other = lab.own(await startResponder(place, 4780));
  const outcome = weir(place, ['up', '--data', lab.directory('port'), '--http', http], 20);
  await other.stop('SIGKILL');
  expectRefusal(outcome, 1, /4780/);
}, 30_000);

test('a second "weir up", and a restore, leave the first one what it needs', async () => {
  const data = lab.directory('first');
  const first = await RunningWeir.up(lab, place, data);
  const working = snapshot(place);
  for (const args of [
    ['up', '--data', lab.directory('second')],
    ['doctor', '--restore'],
  ]) {
    const outcome = weir(place, args, 20);
    expect([outcome.status, outcome.stdout]).toEqual([1, '']);
    expect(outcome.stderr).toMatch(/^weir: a "weir up" meters this network namespace already \(process \d+\)[^\n]*\n$/);
    expect(differences(working, snapshot(place))).toEqual([]);
  }
  expect(await first.stop()).toBe(0);
  expect(differences(before, snapshot(place))).toEqual([]);
}, 60_000);

test('the IPFIX port is taken', async () => {
  const other = lab.own(await startResponder(place, 4739));
  const listen = ['--listen', 'udp://127.0.0.1:4739', '--http', http];
  const outcome = weir(place, ['collect', ...listen, '--data', lab.directory('port')]);
  await other.stop('SIGKILL');
  expectRefusal(outcome, 1, /4739/);
}, 30_000);

test('the data directory cannot be written: it is a file', () => {
  const file = join(lab.directory('file'), 'data');
  writeFileSync(file, '');
  expectRefusal(weir(place, ['up', '--data', file, '--http', http], 20), 1, /data/);
}, 30_000);

test('the data directory cannot be written: it belongs to someone else', context => {
  needNobody(context);
  const folder = lab.directory('foreign');
  chmodSync(folder, 0o755);
  const command = weirCommand('collect', '--data', folder, '--http', http);
  expectRefusal(attempt(place.command([...asNobody, ...command])), 1, /weir-lab-foreign/);
}, 30_000);

test.each(['up', 'probe', 'collect', 'query', 'doctor'])('weir %s with an unknown option', command => {
  expectRefusal(weir(place, [command, '--no-such-option']), 2, /no-such-option/);
});

test('an unknown command', () => {
  expectRefusal(weir(place, ['dam']), 2, /dam/);
  expectRefusal(weir(place, ['prob']), 2, /Did you mean probe\?/);
});

test.each([
  ['open to others', '0.0.0.0:9100', /give --metrics-token-file, or listen on 127\.0\.0\.1/],
  ['without a port', '9100', /write HOST:PORT/],
])('metrics %s end the probe, which has begun to meter by then', (_, address, line) => {
  const options = ['--collector', `file:${join(lab.directory('metrics'), 'a.ipfix')}`, '--metrics', address];
  expectRefusal(weir(place, ['probe', ...options]), 1, line);
});

test('a value that is none', () => {
  const outcome = weir(place, ['up', '--data', lab.directory('value'), '--active-timeout', 'soon']);
  expectRefusal(outcome, 2, /active-timeout/);
});

test.each([
  ['no YAML', 'active-timeout: [5\n'],
  ['an unknown key', 'no-such-key: 1\n'],
  ['a value out of range', 'active-timeout: -5\n'],
])('a configuration file with %s', (_, text) => {
  const folder = lab.directory('config');
  const file = join(folder, 'weir.yaml');
  writeFileSync(file, text);
  const outcome = weir(place, ['up', '--config', file, '--data', folder, '--http', http]);
  expect([1, 2]).toContain(outcome.status);
  expectRefusal(outcome, outcome.status!, /weir\.yaml/);
});

test('a configuration file that is not there', () => {
  const outcome = weir(place, ['up', '--config', '/nonexistent/weir.yaml', '--data', lab.directory('config')]);
  expectRefusal(outcome, 1, /\/nonexistent\/weir\.yaml/);
});

test('the collector needs no root; a filter that is none points at the column', async context => {
  needNobody(context);
  const command = weirCommand('collect', '--data', foldersOfNobody('collect'), '--http', http);
  const collector = lab.own(place.start([...asNobody, ...command]));
  await until('the page', 30, () => attempt(place.command(['ss', '-Htln', 'sport = :4780'])).stdout || undefined);
  const refused = weir(place, ['query', 'src host nowhere and', '--url', `http://${http}`]);
  expect([1, 2]).toContain(refused.status);
  expect(refused.stderr).toMatch(/column|\^/);
  expect(await collector.stop('SIGINT')).toBe(0);
  expect(differences(before, snapshot(place))).toEqual([]);
}, 60_000);
