import { rmSync } from 'node:fs';
import { run } from '../run/command.js';
import type { Collector } from './collector.js';
import { endInOrder } from './ending.js';
import { exportPort } from './subject.js';

/** Datagrams that it has not read yet when it is ended are not kept. */
const SETTLE_MILLISECONDS = 1000;

/** Of nfdump. Keeps records in files of its own format. */
export const nfcapd: Collector = {
  name: 'nfcapd',
  needs: ['nfcapd', 'nfdump'],
  async start(lab, namespace) {
    const folder = lab.directory('nfcapd');
    const options = ['-b', '127.0.0.1', '-p', String(exportPort), '-w', folder, '-B', String(64 * 1024 * 1024)];
    const process = lab.own(namespace.start(['nfcapd', ...options]));
    await process.output(/Startup/i, 10);
    return {
      process,
      async stop() {
        await endInOrder(process, { signal: 'SIGTERM', settle: SETTLE_MILLISECONDS });
        const said = run(['nfdump', '-R', folder, '-I']);
        rmSync(folder, { recursive: true });
        const figure = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(said)?.[1] ?? 0);
        return { flowRecords: figure('Flows'), octets: figure('Bytes') };
      },
    };
  },
};
