import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { exporterNumber, FlowOwners, ranked } from './flow-owners.js';
import type { TellerOptions } from './testing/teller.js';

const program = fileURLToPath(new URL('./testing/teller.js', import.meta.url)).replace(
  /([\\/])src([\\/]collecting)/,
  '$1dist$2',
);
const THREADS = 4;
const FLOWS = 100_000;

test('several threads tell of the same Flows at once: each Flow is told by one', async () => {
  const memory = FlowOwners.memory();
  const ready = new SharedArrayBuffer(4);
  const results = await Promise.all(
    Array.from({ length: THREADS }, async (_, i) => {
      const exporter = exporterNumber(new Uint8Array(16).fill(i), 1);
      const workerData: TellerOptions = { memory, ready, threads: THREADS, exporter, flows: FLOWS };
      const [result] = (await once(new Worker(program, { workerData }), 'message')) as [
        { own: number; forgotten: number },
      ];
      return result;
    }),
  );
  expect(results.map(({ forgotten }) => forgotten)).toEqual(Array(THREADS).fill(0));
  expect(results.reduce((sum, { own }) => sum + own, 0)).toBe(FLOWS);
}, 60_000);

test('exporters and their domains have numbers of their own, with room for how they sample', () => {
  const address = new Uint8Array(16);
  const numbers = Array.from({ length: 64 }, (_, i) => exporterNumber(address.fill(i >> 3), i & 7));
  expect(new Set(numbers).size).toBe(64);
  expect(numbers.every(number => number % 32 === 0 && number > 0)).toBe(true);
  expect([0, 1, 2, 3, 1000, 1024, 2 ** 32 - 1].map(interval => ranked(32, interval) - 32)).toEqual([
    0, 0, 1, 2, 10, 10, 31,
  ]);
});
