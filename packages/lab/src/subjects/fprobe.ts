import { endsBy } from './ending.js';
import { exportPort, type Subject } from './subject.js';

/** Packets that it has not read yet when it is ended are not exported. */
const SETTLE_MILLISECONDS = 2000;

/** Reads every packet of the link; NetFlow v5, hence IPv4 alone. */
export const fprobe: Subject = {
  name: 'fprobe',
  meters: 'packets',
  needs: ['fprobe'],
  async start({ lab, namespace, link, activeTimeout }) {
    const process = lab.own(
      namespace.start([
        ...['fprobe', '-i', link, '-f', 'ip', '-s', '1', '-e', String(activeTimeout), '-B', '16384', '-q', '10000'],
        ...['-l', '2', `127.0.0.1:${exportPort}`],
      ]),
    );
    await process.output(/Starting|running/i, 10);
    return endsBy(process, { signal: 'SIGTERM', settle: SETTLE_MILLISECONDS });
  },
};
