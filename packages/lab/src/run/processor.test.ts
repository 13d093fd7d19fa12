import { expect, test } from 'vitest';
import { LabProcess } from './process.js';
import { processSeconds, processSecondsUntilEnd } from './processor.js';
import { until } from './wait.js';

/** Burns half a second of processor time, half of it in a child that ends before it. */
const burn = `const until = process.cpuUsage().user + 250_000; while (process.cpuUsage().user < until);`;
const program = `require('node:child_process').spawnSync(process.execPath, ['-e', \`${burn}\`]); ${burn}
  console.log('done'); setInterval(() => {}, 1000);`;

test.skipIf(process.platform !== 'linux')(
  'processor time of a process, of its children, and until its end',
  async () => {
    const running = new LabProcess([process.execPath, '-e', program]);
    await running.output(/done/, 20);
    const used = await until('processor time', 5, () => {
      const now = processSeconds(running.pid);
      return now > 0.45 ? now : undefined;
    });
    const atEnd = await processSecondsUntilEnd(running.pid, async () => {
      await running.stop();
    });
    expect(atEnd).toBeGreaterThanOrEqual(used);
    expect(processSeconds(running.pid)).toBe(0);
  },
);
