import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fieldsOf } from './template/template.js';
import { messageOf } from './testing/messages.js';
import { haveProgram } from './testing/peers.js';
import { allExporters } from './testing/vectors.js';

/** The built package and the check, as they are served and imported. */
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const CHECK = '/src/testing/portable-check.js';
const qjs = process.env.WEIR_QJS ?? 'qjs';

const template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(['sourceIPv4Address', ['octetDeltaCount', 3]]) };
const messages = [
  messageOf({}, [template], [[256, [192, 0, 2, 1, 1, 2, 3]]]),
  messageOf({ sequence: 2 }, [], [[256, [192, 0, 2, 2, 0, 0, 9]]]).subarray(0, 20),
  ...[...allExporters().values()].flat(),
].map(message => Buffer.from(message).toString('hex'));

let folder: string;
let expected: string;

/** A module that prints what the check makes of the Messages. */
function script(print: string, from: string): string {
  return `import * as weir from '${from}/dist/index.js';
import { check } from '${from}${CHECK}';
${print}(check(weir, ${JSON.stringify(messages)}));\n`;
}

/** Runs the module in a program; what it prints. */
function run(program: string, args: readonly string[], print: string): string {
  const file = join(folder, `${print}.mjs`);
  writeFileSync(file, script(print, PACKAGE.replace(/\/$/, '')));
  return execFileSync(program, [...args, file], { encoding: 'utf8', maxBuffer: 1 << 28 }).trimEnd();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-runtimes-'));
  expected = run(process.execPath, [], 'console.log');
});
afterAll(() => rmSync(folder, { recursive: true }));

test('Node reads and writes', () => {
  const { decoded, written, text } = JSON.parse(expected);
  expect(decoded.sets[0].records).toEqual([{ record: { sourceIPv4Address: '192.0.2.1', octetDeltaCount: 66_051 } }]);
  expect(decoded.sets[1]).toEqual({ reason: 'message-length', offset: 2 });
  expect(written.read.sets[0].records[0].record).toMatchObject({
    sourceIPv6Address: '2001:db8::1',
    interfaceName: 'br-län \u{1f30a}',
    flowStartNanoseconds: '2026-11-24T03:04:05.123456789Z',
  });
  expect(text).toEqual(['0x12', '2026-11-24T03:04:05.123', '18446744073709551615', 'end of Flow detected', 6]);
});

test('Node that may make no code from text has the same results', () => {
  expect(run(process.execPath, ['--disallow-code-generation-from-strings'], 'console.log')).toBe(expected);
});

// What the language has not (TextEncoder, URL, Intl) is not there.
test('QuickJS has the same results', context => {
  context.skip(!haveProgram(qjs), 'no program qjs (package quickjs since Debian 13), nor one in WEIR_QJS');
  expect(run(qjs, [], 'print')).toBe(expected);
});

/** Shows what the check printed, and whether the page may make code from text. */
const IN_PAGE = `function show(result) {
  let evaluates = true;
  try { new Function('return 1')(); } catch { evaluates = false; }
  const element = document.createElement('pre');
  element.title = String(evaluates);
  element.textContent = result;
  document.body.append(element);
}
`;

/** Serves the built package under a policy that lets no code be made from text. */
async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    response.setHeader('Content-Security-Policy', "default-src 'none'; script-src 'self'");
    if (path === '/') {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><script type=module src=/run.js></script>');
      return;
    }
    response.setHeader('Content-Type', 'text/javascript');
    if (path === '/run.js') response.end(`${IN_PAGE}${script('show', '')}`);
    else if (/^\/(dist|src\/testing)\/[\w/-]+\.js$/.test(path)) response.end(readFileSync(join(PACKAGE, path)));
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('Chromium under a Content Security Policy without unsafe-eval has the same results', async context => {
  context.skip(!existsSync('/usr/bin/chromium'), 'no /usr/bin/chromium (Debian package chromium)');
  const server = await serve();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const result = page.locator('pre');
    expect(await result.getAttribute('title')).toBe('false');
    expect(await result.textContent()).toBe(expected);
  } finally {
    await browser.close();
    server.close();
  }
});
