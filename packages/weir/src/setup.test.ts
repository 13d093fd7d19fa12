// The setup of a probe through the collector's HTTP server: both ends are the real ones, only the probe that runs is told of.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collector, collectorSchema, startCollector } from '@weir/collector';
import { type ProbeConfig, probeSchema } from '@weir/probe';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandOf } from './config.js';
import { Configuration } from './configuration.js';
import { type SetupServer, serveSetup, setupDoor } from './setup-door.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-setup-'));
const file = join(directory, 'weir.yaml');
const text = `# Of the roof.
store: "clickhouse:http://store.example/flows?password-file=/etc/weir/store-password"
active-timeout: 30 # seconds
`;
let inForce: ProbeConfig;
let server: SetupServer;
let collector: Collector;
let schemas: Record<string, object>;

beforeAll(async () => {
  writeFileSync(file, text);
  const command = commandOf('probe', probeSchema);
  command.parse(['--config', file, '--sample', '5'], { from: 'user' });
  const known = [probeSchema, collectorSchema];
  const configuration = new Configuration({ schema: probeSchema, command, known });
  inForce = configuration.read();
  const door = setupDoor({
    configuration,
    probeConfig: values => values,
    look: async () => ({ namespaces: [], inForce }),
    reconfigure: async config => {
      inForce = config;
      return { applied: ['active-timeout'], needRestart: [] };
    },
    restart: async config => {
      inForce = config;
    },
  });
  const socket = `unix:${join(directory, 'probe.sock')}`;
  server = await serveSetup(door, [socket], undefined);
  collector = await startCollector({
    ...{ data: join(directory, 'data'), http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] },
    ...{ 'as-database': 'none', 'country-database': 'none', probe: [`roof=${socket}`, 'gone=unix:/nowhere.sock'] },
  });
  const description = (await ask('openapi.json')).body as { components: { schemas: Record<string, object> } };
  schemas = description.components.schemas;
}, 60_000);
afterAll(async () => {
  await collector?.stop();
  await server?.close();
  rmSync(directory, { recursive: true });
});

interface Answer {
  status: number;
  body: unknown;
}

async function ask(path: string, body?: object): Promise<Answer> {
  const token = readFileSync(join(directory, 'data/token'), 'utf8').trim();
  const answer = await fetch(new URL(`api/v1/${path}`, collector.http), {
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** An answer, held to what the description says of it. */
async function described(name: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await ask(path, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  expect([...Value.Errors(schemas[name]!, answer.body)]).toEqual([]);
  return answer.body as Record<string, unknown>;
}

test('every answer is as it is described', async () => {
  expect(await described('Probes', 'probe')).toMatchObject({ probes: [{ name: 'roof' }, { name: 'gone' }] });
  const { revision, settings } = await described('ProbeState', 'probe/roof/setup');
  expect(settings).toMatchObject({
    'active-timeout': { value: 30, source: 'file', defaultValue: 60 },
    sample: { value: 5, source: 'option', defaultValue: 1 },
    fields: { value: 'default', source: 'default' },
    filter: { value: null, source: 'default', defaultValue: null },
  });
  const changes = { 'active-timeout': 5 };
  expect(await described('ProbeCheck', 'probe/roof/check', { changes })).toMatchObject({
    problems: [],
    applied: ['active-timeout'],
  });
  const changed = await described('ProbeChanged', 'probe/roof/apply', { changes, revision });
  expect(readFileSync(file, 'utf8')).toBe(text.replace('30', '5'));
  expect(inForce['active-timeout']).toBe(5);
  const state = changed.state as { revision: string };
  await described('ProbeChanged', 'probe/roof/undo', { revision: state.revision });
  expect(readFileSync(file, 'utf8')).toBe(text);
  await described('ProbeFindings', 'probe/roof/findings');
  expect(await described('ProbeState', 'probe/roof/restart', {})).toMatchObject({ canRestart: true, needRestart: [] });
}, 60_000);

test('settings of others are neither told nor changed', async () => {
  const { body } = await ask('probe/roof/setup');
  expect(JSON.stringify(body)).not.toContain('store-password');
  // What is said before a setting of others may tell of it.
  expect((body as { yaml: string }).yaml).toBe('active-timeout: 30 # seconds\n');
  expect(await ask('probe/roof/check', { changes: { store: 'chdb:/tmp' } })).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/"store" is a setting of the collector/) },
  });
});

test('what the probe refuses comes through, and a probe that is not there is told of', async () => {
  const { revision } = (await ask('probe/roof/setup')).body as { revision: string };
  expect(await ask('probe/roof/apply', { changes: { 'active-timeout': 0 }, revision })).toMatchObject({
    status: 422,
    body: { error: expect.stringMatching(/active-timeout/) },
  });
  expect(await ask('probe/roof/apply', { changes: { sample: 7 }, revision })).toMatchObject({
    status: 422,
    body: { error: expect.stringMatching(/the option --sample/) },
  });
  expect(await ask('probe/gone/setup')).toMatchObject({
    status: 503,
    body: { error: expect.stringMatching(/ENOENT/) },
  });
  expect((await ask('probe/none/setup')).status).toBe(404);
});
