// The program itself on this machine's kernel, in a network namespace of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { notMeterable } from './meterable.js';
import { outputFolder, TARGETS } from './targets.js';

const FLOWS = 300;
const MEASURE = fileURLToPath(new URL('../dist/metered-namespace.js', import.meta.url));
const [native] = TARGETS.filter(({ name }) => name === 'x86_64');

test('every Flow is told over UDP and over TCP, after a reload, and the program ends in order', { timeout: 60_000 }, ({
  skip,
}) => {
  const why = notMeterable(native!);
  skip(why !== undefined, why);
  const folder = mkdtempSync(join(tmpdir(), 'weir-router-'));
  try {
    const program = join(outputFolder, 'x86_64', 'weir-probe');
    const said = execFileSync('unshare', ['-n', process.execPath, MEASURE, program, folder, String(FLOWS)]);
    expect(JSON.parse(said.toString())).toEqual({
      made: FLOWS,
      udp: FLOWS,
      tcp: FLOWS,
      status: 0,
      said: expect.stringMatching(/^metering\nthe settings stay as they were: .*nonsense.*\nmetering\n$/),
    });
    const status = JSON.parse(readFileSync(join(folder, 'run', 'status.json'), 'utf8'));
    expect(status.collectors.map((each: { url: string }) => each.url)).toEqual([
      'udp://127.0.0.1',
      'tcp://127.0.0.1:4739',
    ]);
    expect(status.observedFlowTotalCount).toBeGreaterThanOrEqual(FLOWS);
    expect(status.unsentRecordTotalCount).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
