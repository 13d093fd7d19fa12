// What the program takes of a router's memory, on this machine's kernel, in a network namespace of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { notMeterable } from './meterable.js';
import { NARROW, outputFolder, TARGETS } from './targets.js';

const MEASURE = fileURLToPath(new URL('../dist/resident-namespace.js', import.meta.url));
/** Live connections. */
const NUMBERS = ['0', '1000', '10000'];
/** kB resident at most, a twentieth above what was measured: with so many, and when 20,000 and as many of TCP have ended. */
const MOST = {
  x86_64: [1505, 1675, 3210, 3850],
  // ARMv7 and MIPS have as little in a word. In an emulator their processes' memory is the emulator's.
  x86: [1195, 1365, 2900, 3530],
};

describe.each([...TARGETS.filter(({ name }) => name === 'x86_64'), NARROW])('$name', target => {
  test('no more memory is resident than before', { timeout: 120_000 }, ({ skip }) => {
    const why = notMeterable(target);
    skip(why !== undefined, why);
    const folder = mkdtempSync(join(tmpdir(), 'weir-memory-'));
    try {
      const program = join(outputFolder, target.name, 'weir-probe');
      const args = ['-n', process.execPath, MEASURE, program, folder, ...NUMBERS];
      const { resident, ...rest } = JSON.parse(execFileSync('unshare', args).toString());
      expect(rest).toMatchObject({ live: expect.closeTo(10_000, -2), exitStatus: 0, said: 'metering\n' });
      expect(rest.ended).toBeGreaterThan(25_000);
      const measured = Object.entries(resident as Record<string, number>);
      console.log(`${target.name}: ${measured.map(([when, kB]) => `${kB} kB (${when})`).join(', ')}`);
      MOST[target.name as keyof typeof MOST].forEach((most, i) => {
        expect(measured[i]![1], measured[i]![0]).toBeLessThan(most);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
