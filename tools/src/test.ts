import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { add, nothing, testElsewhere, testOnKernels } from './kernel.js';
import type { TestSummary } from './reporter.js';

/**
 * All checks and tests, for `npm test`. Ends with the line `N passed, N failed, N skipped`.
 *
 * @param args given on to Vitest: names of test files, or options
 * @returns exit status
 */
export async function runTests(args: readonly string[]): Promise<number> {
  const checks = [
    check('formatting and lint', 'npx', ['biome', 'check', '.']),
    check('pages: types', 'npm', ['run', 'check', '--silent', '-w', '@weir/web']),
  ];
  // Beside the others, which leave the processors idle for a good part of their time; begun first, because the emulated machines are copies of
  // what is in this folder now. Who asks for certain tests means those of this machine.
  const elsewhere = args.length === 0 ? testElsewhere() : nothing();
  const [more, { status, summary }] = await Promise.all([elsewhere, testHere(args)]);
  add(summary, more);
  for (const passed of checks) add(summary, { passed: Number(passed), failed: Number(!passed), skipped: 0, skips: [] });
  tell(summary);
  return status === 0 && summary.failed === 0 ? 0 : 1;
}

/** Runs Vitest, and reads what its reporter has counted. */
async function testHere(args: readonly string[]): Promise<{ status: number | null; summary: TestSummary }> {
  const summaryFile = join(tmpdir(), `weir-test-${process.pid}.json`);
  const vitest = spawn('npx', ['vitest', 'run', ...args], {
    stdio: 'inherit',
    env: { ...process.env, WEIR_TEST_SUMMARY: summaryFile },
  });
  const [status] = (await once(vitest, 'close')) as [number | null];
  return { status, summary: readSummary(summaryFile) };
}

/**
 * Tests in emulated machines with other kernels, for `npm run test:kernel`. Ends with the same line.
 *
 * @param args given on to Vitest in there
 * @returns exit status
 */
export async function runKernelTests(args: readonly string[]): Promise<number> {
  const summary = await testOnKernels(args);
  tell(summary);
  return summary.failed === 0 ? 0 : 1;
}

/**
 * Tests of the packaged probe in emulated routers, for `npm run test:router`. Ends with the same line.
 *
 * @param kinds of routers
 * @returns exit status
 */
export async function runRouterTests(kinds: readonly string[]): Promise<number> {
  process.env.WEIR_ROUTERS = kinds.join(' ');
  const { status, summary } = await testHere(['openwrt/emulation']);
  tell(summary);
  return status === 0 && summary.failed === 0 ? 0 : 1;
}

function tell({ passed, failed, skipped, skips }: TestSummary): void {
  for (const skip of skips) console.log(`skipped: ${skip}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}

function check(what: string, command: string, args: readonly string[]): boolean {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  const passed = result.status === 0;
  console.log(`${what}: ${passed ? 'ok' : `failed\n${result.stdout}${result.stderr}`}`);
  return passed;
}

function readSummary(file: string): TestSummary {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, skips: [] };
  const summary = JSON.parse(readFileSync(file, 'utf8')) as TestSummary;
  rmSync(file);
  return summary;
}
