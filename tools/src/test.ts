import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const summaryFile = join(tmpdir(), `weir-test-${process.pid}.json`);
  const result = spawnSync('npx', ['vitest', 'run', ...args], {
    stdio: 'inherit',
    env: { ...process.env, WEIR_TEST_SUMMARY: summaryFile },
  });
  const summary = readSummary(summaryFile);
  const failedChecks = checks.filter(passed => !passed).length;
  for (const skip of summary.skips) console.log(`skipped: ${skip}`);
  console.log(
    `${summary.passed + checks.length - failedChecks} passed, ${summary.failed + failedChecks} failed, ${summary.skipped} skipped`,
  );
  return result.status === 0 && failedChecks === 0 && summary.failed === 0 ? 0 : 1;
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
