import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// The lab's own tests, too: two labs at once would find each other's changes of the machine.
const acceptance = 'packages/lab/src/**/*.test.ts';

/**
 * Acceptance tests that leave the processors idle for most of their time, two of which run at once. What they wait for, and why a neighbour
 * changes nothing of it, stands beside them. All others run alone: those that raise a limit of the whole machine (burst, bursts, memory,
 * kernel-meter), load it on purpose (collect-*), hold times to milliseconds (times, connection, delay, same-records), hold one timeout against
 * another (crash, hazards), or look at what all probes leave in /run/weir (operation, operation-up, kernel-namespaces).
 */
const waiting = [
  // For sweeps, expiry and the ends of flows; asserted are counts, and times to the second at most.
  ...['counters', 'stuck', 'untracked', 'wire', 'select', 'several-exporters', 'interface-names'],
  // For a collector that is away, with a minute's patience each time.
  'outage',
  // For a minute's transfer, whose rate may vary by a tenth over five seconds.
  'steady',
  // For what a page shows next, half a minute each.
  ...['flows-page', 'hosts-page', 'page', 'login', 'setup-page', 'setup-remote', 'report-page'],
].map(name => `packages/lab/src/acceptance/${name}.test.ts`);
const patience = { testTimeout: 180_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    reporters: ['default', './tools/dist/reporter.js'],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'openwrt/*/src/**/*.test.ts',
            'packaging/src/**/*.test.ts',
            'fuzz/src/**/*.test.ts',
            'tools/src/**/*.test.ts',
          ],
          exclude: [acceptance, '**/node_modules/**', '**/dist/**'],
          testTimeout: 30_000,
          // A collector that starts beside other tests' engines takes its time.
          hookTimeout: 60_000,
        },
      },
      {
        // The store's queries once more, with the store on a server.
        test: {
          name: 'over HTTP',
          include: ['connections', 'filter', 'groups', 'records', 'series', 'series-by', 'summary', 'totals'].map(
            name => `packages/collector/src/store/${name}.test.ts`,
          ),
          env: { WEIR_TEST_DOOR: 'http' },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The built product on real kernels, in namespaces of its own.
        test: {
          name: 'acceptance in pairs',
          include: waiting,
          maxWorkers: Math.min(2, availableParallelism()),
          ...patience,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // One after the other, because the machine is the subject.
        test: {
          name: 'acceptance',
          include: [acceptance],
          exclude: [...waiting, '**/node_modules/**', '**/dist/**'],
          fileParallelism: false,
          ...patience,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
