import { defineConfig } from 'vitest/config';

// The lab's own tests, too: two labs at once would find each other's changes of the machine.
const acceptance = 'packages/lab/src/**/*.test.ts';

export default defineConfig({
  test: {
    reporters: ['default', './tools/dist/reporter.js'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'tools/src/**/*.test.ts'],
          exclude: [acceptance, '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
        },
      },
      {
        // The store's queries once more, with the store on a server.
        test: {
          name: 'over HTTP',
          include: ['filter', 'groups', 'records', 'series', 'series-by', 'summary', 'totals'].map(
            name => `packages/collector/src/store/${name}.test.ts`,
          ),
          env: { WEIR_TEST_DOOR: 'http' },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The built product on real kernels: one after the other, because the machine is the subject.
        test: {
          name: 'acceptance',
          include: [acceptance],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
