import { join } from 'node:path';
import { sleep } from '../run/wait.js';
import { judgeEnd } from './ending.js';
import { startSubjectProgram } from './programs.js';
import { exportPort, type Subject } from './subject.js';

/** Flows that it holds at most; its own default of 8,192 would cut flows short. */
const MOST_FLOWS = 1_000_000;
/** It gets packets from libpcap by full blocks of 256 KiB, however long that takes: so many frames fill the last one. */
const FILLER_FRAMES = 500;
const SETTLE_MILLISECONDS = 1000;

/** Reads every packet of the link. In the foreground no signal makes it export what it holds, but its control program does. */
export const softflowd: Subject = {
  name: 'softflowd',
  meters: 'packets',
  needs: ['softflowd', 'softflowctl'],
  async start({ lab, namespace, link, activeTimeout }) {
    const control = join(lab.directory('softflowd'), 'control');
    const process = lab.own(
      namespace.start([
        ...['softflowd', '-d', '-i', link, '-v', '10', '-b', '-A', 'milli', '-n', `127.0.0.1:${exportPort}`],
        ...['-t', `maxlife=${activeTimeout}`, '-t', 'expint=1', '-m', String(MOST_FLOWS)],
        ...['-c', control, '-p', `${control}.pid`],
      ]),
    );
    await process.output(/starting data collection|listening/i, 10);
    return {
      process,
      async stop() {
        await startSubjectProgram(namespace, 'filler', { link, frames: FILLER_FRAMES }).ended();
        await sleep(SETTLE_MILLISECONDS);
        namespace.run(['softflowctl', '-c', control, 'shutdown']);
        // It ends with 1 when it was told to.
        judgeEnd(process, await process.ended(), 1);
      },
    };
  },
};
