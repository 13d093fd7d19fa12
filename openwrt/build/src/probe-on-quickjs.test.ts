// The probe's own tests, and its way from kernel's messages to exported ones, on the engine and processors of routers.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportedBy } from '../../../packages/probe/src/router/testing/flow-path.js';
import { instructionsPerFlow } from './instructions.js';
import { notRunnable, outputFolder, TARGETS } from './targets.js';
import { bundleScript, bundleTests, testFiles } from './test-bundle.js';

const SECONDS = 1000;
const native = 'x86_64';
/** Of the big-endian router: a little more than it takes. */
const MOST_INSTRUCTIONS = 80_000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-quickjs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(TARGETS)('$name', target => {
  const { emulator, name } = target;
  const why = notRunnable(target);
  const run = async (script: string): Promise<string> => {
    const [command, ...args] = name === native ? [] : emulator;
    const program = join(outputFolder, name, 'weir-run');
    const words = command === undefined ? [program, script] : [command, ...args, program, script];
    const { stdout } = await promisify(execFile)(words[0]!, words.slice(1), { maxBuffer: 1 << 26 });
    return stdout.trimEnd();
  };

  test('the same octets out as on Node for the same events in', { timeout: 120 * SECONDS }, async ({ skip }) => {
    skip(why !== undefined, why);
    const script = join(folder, `flows-${name}.js`);
    await bundleScript('packages/probe/src/router/testing/print-flow-path.ts', script);
    expect(await run(script)).toBe(exportedBy(500).join('\n'));
  });

  // Counted on the slowest of them.
  if (name === 'mips') {
    test('a Flow takes no more instructions than before', { timeout: 60 * SECONDS }, async ({ skip }) => {
      skip(why !== undefined, why);
      const instructions = await instructionsPerFlow(target, join(folder, 'count.js'));
      console.log(`${name}: ${instructions} instructions a Flow`);
      expect(instructions).toBeLessThan(MOST_INSTRUCTIONS);
    });
  }

  test("the probe's own tests pass", { timeout: 400 * SECONDS }, async ({ skip }) => {
    skip(why !== undefined, why);
    const script = join(folder, `tests-${name}.js`);
    await bundleTests(testFiles(name !== native), script);
    const lines = (await run(script)).split('\n');
    const [, passed, failed] = /^(\d+) passed, (\d+) failed, \d+ skipped$/.exec(lines.at(-1)!) ?? [];
    expect(lines.slice(0, -1).join('\n')).toBe('');
    expect(Number(failed)).toBe(0);
    expect(Number(passed)).toBeGreaterThan(name === native ? 750 : 550);
  });
});
