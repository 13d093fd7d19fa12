import { join } from 'node:path';
import { endsBy } from './ending.js';
import { exportPort, type Subject } from './subject.js';

/** Flows that it holds at most; its own default of 8,192 would cut flows short. */
const MOST_FLOWS = 1_000_000;

/** Reads every packet of the link. */
export const softflowd: Subject = {
  name: 'softflowd',
  meters: 'packets',
  needs: ['softflowd'],
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
    return endsBy(process, 'SIGTERM');
  },
};
