import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export interface TestSummary {
  passed: number;
  failed: number;
  skipped: number;
  /** One line for each skipped test, with the capability that is missing. */
  skips: string[];
}

/** Counts the tests for the last line of `npm test`. A test file that cannot run counts as one failure. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const summary: TestSummary = { passed: 0, failed: errors.length, skipped: 0, skips: [] };
    for (const module of modules) {
      if (module.errors().length > 0) summary.failed++;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') summary.passed++;
        else if (result.state === 'failed') summary.failed++;
        else {
          summary.skipped++;
          const note = 'note' in result ? result.note : undefined;
          summary.skips.push(`${module.relativeModuleId}: ${test.fullName}: ${note ?? 'no reason given'}`);
        }
      }
    }
    const file = process.env.WEIR_TEST_SUMMARY;
    if (file !== undefined) writeFileSync(file, JSON.stringify(summary));
  }
}
