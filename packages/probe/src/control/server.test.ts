import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ProbeConfig, probeSchema } from '../config/schema.js';
import { changesOf } from '../main/changes.js';
import type { SetupDoor } from './door.js';
import { type ControlServer, serveControl } from './server.js';
import { Setup } from './setup.js';
import type { ApplyResult, CheckResult, SetupState } from './types.js';

const DEFAULTS = Value.Default(probeSchema, {}) as ProbeConfig;

/** A command whose file is JSON, and a probe that takes over what it is given, or says why not. */
class Command implements SetupDoor {
  readonly version = '1';
  inForce = DEFAULTS;
  refusal: string | undefined;
  /** Held by an option. */
  held: Partial<ProbeConfig> = {};
  constructor(readonly file: string | undefined) {}

  resolve(text: string): ReturnType<SetupDoor['resolve']> {
    const given = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const settings = Object.fromEntries(
      Object.entries({ ...DEFAULTS, ...given, ...this.held }).map(([key, value]) => {
        const source = key in this.held ? 'option' : key in given ? 'file' : 'default';
        return [key, { value, source, defaultValue: DEFAULTS[key as keyof ProbeConfig] ?? null } as const];
      }),
    );
    const config = { ...DEFAULTS, ...given, ...this.held } as ProbeConfig;
    const problems = Value.Errors(probeSchema, config).map(({ instancePath, message }) => {
      return { key: instancePath.slice(1), level: 'error' as const, message };
    });
    return { settings, config, problems: [...problems] };
  }
  edit = (text: string, changes: object) => JSON.stringify({ ...(text === '' ? {} : JSON.parse(text)), ...changes });
  shown = (text: string) => text;
  look = async () => ({ namespaces: [], inForce: this.inForce });
  reconfigure = async (config: ProbeConfig) => {
    if (this.refusal !== undefined) throw new Error(this.refusal);
    const changes = changesOf(this.inForce, config);
    for (const key of changes.applied) this.inForce = { ...this.inForce, [key]: config[key as keyof ProbeConfig] };
    return changes;
  };
  restart = async (config: ProbeConfig) => {
    if (this.refusal !== undefined) throw new Error(this.refusal);
    this.inForce = config;
  };
}

let directory: string;
let file: string;
let command: Command;
let setup: Setup;
let server: ControlServer;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'weir-control-'));
  file = join(directory, 'weir.json');
  command = new Command(file);
  await serve(command);
});
afterEach(async () => {
  await stop();
  rmSync(directory, { recursive: true });
});

async function serve(door: SetupDoor): Promise<void> {
  setup = new Setup(door);
  server = await serveControl({ address: `unix:${join(directory, 'control.sock')}`, tokenFile: undefined, setup });
}

async function stop(): Promise<void> {
  setup.close();
  await server.close();
}

interface Answer {
  status: number;
  body: unknown;
}

function ask(
  method: string,
  path: string,
  body?: unknown,
  headers = {},
  place: object = { socketPath: join(directory, 'control.sock') },
): Promise<Answer> {
  return new Promise((done, fail) => {
    const asked = request({ ...place, method, path, headers }, response => {
      let text = '';
      response.on('data', chunk => (text += chunk));
      response.on('end', () => done({ status: response.statusCode!, body: JSON.parse(text) }));
    });
    asked
      .on('error', fail)
      .end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const state = async () => (await ask('GET', '/setup')).body as SetupState;
const apply = async (changes: object, revision?: string) =>
  ask('POST', '/apply', { changes, revision: revision ?? (await state()).revision });
const text = () => readFileSync(file, 'utf8');

test('the state has schema, settings, and what they come to', async () => {
  const { schema, settings, canUndo, file: named, preview, changeable } = await state();
  expect(Object.keys((schema as typeof probeSchema).properties)).toContain('active-timeout');
  expect(settings['active-timeout']).toEqual({ value: 60, source: 'default', defaultValue: 60 });
  expect({ canUndo, named }).toEqual({ canUndo: false, named: file });
  expect(changeable).toContain('active-timeout');
  expect(preview.templates[0]!.recordOctets).toBeGreaterThan(50);
});

test('a check changes nothing', async () => {
  const { status, body } = await ask('POST', '/check', { changes: { 'active-timeout': 5, sample: 10 } });
  expect(status).toBe(200);
  const { problems, applied, needRestart, yaml } = body as CheckResult;
  expect({ problems, applied, needRestart }).toEqual({
    problems: [],
    applied: ['active-timeout'],
    needRestart: ['sample'],
  });
  expect(yaml).toContain('"active-timeout":5');
  expect(command.inForce).toBe(DEFAULTS);
  expect((await state()).yaml).toBe('');
});

test('a change is written, taken over, and undone', async () => {
  const { status, body } = await apply({ 'active-timeout': 5, sample: 10 });
  expect(status).toBe(200);
  expect(body as ApplyResult).toMatchObject({ applied: ['active-timeout'], needRestart: ['sample'] });
  expect((body as ApplyResult).state).toMatchObject({ needRestart: ['sample'], canUndo: true });
  expect(command.inForce['active-timeout']).toBe(5);
  expect(JSON.parse(text())).toEqual({ 'active-timeout': 5, sample: 10 });
  const undone = await ask('POST', '/undo', { revision: (await state()).revision });
  expect(undone.status).toBe(200);
  expect(command.inForce['active-timeout']).toBe(60);
  expect(text()).toBe('');
  expect(await ask('POST', '/undo', { revision: (await state()).revision })).toMatchObject({ status: 409 });
});

describe('refused, and all is as it was:', () => {
  const unchanged = async (answer: Promise<Answer>, status: number, error: RegExp) => {
    await apply({ 'active-timeout': 7 });
    const before = await state();
    expect(await answer).toMatchObject({ status, body: { error: expect.stringMatching(error) } });
    expect(command.inForce['active-timeout']).toBe(7);
    expect(await state()).toEqual(before);
  };
  const later = (changes: object, revision?: string): Promise<Answer> =>
    Promise.resolve().then(async () => {
      while ((await state()).canUndo === false) await new Promise(done => setTimeout(done, 5));
      return apply(changes, revision);
    });

  test('what the schema does not allow', () =>
    unchanged(later({ 'active-timeout': 0 }), 422, /active-timeout: must be >= 1/));

  test(
    'what this machine does not allow',
    () => unchanged(later({ collector: ['udp://nowhere.invalid'] }), 422, /collector: .*nowhere\.invalid/),
    20_000,
  );

  test('what was made from an older one', () => unchanged(later({ 'active-timeout': 9 }, 'older'), 409, /meanwhile/));
});

test('the probe refuses: the file is put back', async () => {
  await apply({ 'active-timeout': 7 });
  const before = await state();
  command.refusal = 'the new collectors cannot be used';
  expect(await apply({ 'active-timeout': 8 })).toEqual({
    status: 422,
    body: { error: expect.stringMatching(/all is as it was: the new collectors/) },
  });
  expect(await ask('POST', '/undo', { revision: before.revision })).toMatchObject({ status: 422 });
  expect(await state()).toEqual(before);
});

test('what an option holds is not changed in the file', async () => {
  command.held = { 'active-timeout': 1 };
  expect(await apply({ 'active-timeout': 5 })).toMatchObject({
    status: 422,
    body: { error: expect.stringMatching(/the option --active-timeout/) },
  });
});

test('without a file nothing can be kept', async () => {
  await stop();
  await serve(new Command(undefined));
  expect(await state()).toMatchObject({ file: null, canUndo: false });
  expect(await apply({ 'active-timeout': 5 })).toMatchObject({
    status: 409,
    body: { error: expect.stringMatching(/--config/) },
  });
});

test('two changes at once: the second was made from what the first has changed', async () => {
  const { revision } = await state();
  const [first, second] = await Promise.all([
    apply({ 'active-timeout': 5 }, revision),
    apply({ 'active-timeout': 6 }, revision),
  ]);
  expect([first.status, second.status].sort()).toEqual([200, 409]);
  expect(JSON.parse(text())['active-timeout']).toBe(command.inForce['active-timeout']);
});

test('requests that mean nothing', async () => {
  expect(await ask('GET', '/nothing')).toMatchObject({ status: 404 });
  expect(await ask('GET', '/apply')).toMatchObject({ status: 404 });
  expect(await ask('POST', '/apply', 'no JSON')).toMatchObject({ status: 400 });
  expect(await ask('POST', '/apply', '[]')).toMatchObject({ status: 400 });
  expect(await ask('POST', '/check', { changes: [] })).toMatchObject({ status: 400 });
  expect(await ask('POST', '/apply', { changes: {} })).toMatchObject({ status: 400 });
  expect(await ask('POST', '/check', { changes: { fields: 'x'.repeat(70_000) } })).toMatchObject({ status: 413 });
});

test('the socket is its owner’s alone, and what was killed leaves no obstacle', async () => {
  const path = join(directory, 'control.sock');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await expect(serveControl({ address: `unix:${path}`, tokenFile: undefined, setup })).rejects.toThrow(
    /another process/,
  );
});

test('a socket is of a group where one is named, and is not there where there is no such group', async () => {
  const path = join(directory, 'group.sock');
  const ofGroup = (group: string) =>
    serveControl({ address: `unix:${path}?group=${group}`, tokenFile: undefined, setup });
  await expect(ofGroup('no-such-group')).rejects.toThrow(/no such group/);
  expect(existsSync(path)).toBe(false);
  const mine = await ofGroup('daemon');
  expect(statSync(path)).toMatchObject({
    gid: Number(execFileSync('getent', ['group', 'daemon'], { encoding: 'utf8' }).split(':')[2]),
  });
  expect(statSync(path).mode & 0o777).toBe(0o660);
  await mine.close();
});

describe('a restart', () => {
  test('takes what waits for it', async () => {
    await apply({ sample: 5 });
    expect(await ask('GET', '/setup')).toMatchObject({ body: { canRestart: true, needRestart: ['sample'] } });
    expect(await ask('POST', '/restart', {})).toMatchObject({
      status: 200,
      body: { needRestart: [], canRestart: true },
    });
    expect(command.inForce.sample).toBe(5);
  });

  test('is refused where the file means nothing, where the probe does not start with it, and where nothing can', async () => {
    writeFileSync(file, '{"sample":0}');
    expect(await ask('POST', '/restart', {})).toMatchObject({ status: 422, body: { error: /^refused/ } });
    writeFileSync(file, '{"sample":5}');
    command.refusal = 'the table is full';
    const failed = await ask('POST', '/restart', {});
    expect(failed).toMatchObject({
      status: 422,
      body: { error: expect.stringMatching(/does not start.*table is full/) },
    });
    expect(command.inForce.sample).toBe(DEFAULTS.sample);
    Object.assign(command, { restart: undefined });
    expect(await ask('GET', '/setup')).toMatchObject({ body: { canRestart: false } });
    expect(await ask('POST', '/restart', {})).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/where it was started/) },
    });
  });
});

test('HTTP needs the token', async () => {
  const tokenFile = join(directory, 'token');
  const options = { address: 'http://127.0.0.1:0', setup };
  await expect(serveControl({ ...options, tokenFile: undefined })).rejects.toThrow(/needs a token/);
  writeFileSync(tokenFile, 'short\n');
  await expect(serveControl({ ...options, tokenFile })).rejects.toThrow(/16 printable/);
  writeFileSync(tokenFile, 'a-token-that-is-long-enough\n');
  const http = await serveControl({ ...options, tokenFile });
  const place = { host: '127.0.0.1', port: Number(new URL(http.url).port) };
  const status = async (authorization?: string) =>
    (await ask('GET', '/setup', undefined, authorization === undefined ? {} : { authorization }, place)).status;
  expect(await status()).toBe(401);
  expect(await status('Bearer a-token-that-is-long-enougH')).toBe(401);
  expect(await status('Bearer a-token-that-is-long-enough')).toBe(200);
  writeFileSync(tokenFile, 'a-token-that-has-replaced-it\n');
  expect(await status('Bearer a-token-that-is-long-enough')).toBe(401);
  expect(await status('Bearer a-token-that-has-replaced-it')).toBe(200);
  // Nobody is let in by what cannot be read.
  rmSync(tokenFile);
  expect(await status('Bearer a-token-that-has-replaced-it')).toBe(401);
  await http.close();
});
