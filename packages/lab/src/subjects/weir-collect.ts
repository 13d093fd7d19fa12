import { WeirError } from '../error.js';
import { RunningWeir, weir } from '../weir/weir.js';
import type { Collector } from './collector.js';
import { exportPort } from './subject.js';

/** Without `--by` a Flow has as many rows as records; in the stream of the lab each Flow has one. */
export const weirCollect: Collector = {
  name: 'weir collect',
  needs: [],
  async start(lab, namespace) {
    const running = await RunningWeir.collect(
      lab,
      namespace,
      lab.directory('collect'),
      `udp://127.0.0.1:${exportPort}`,
    );
    return {
      process: running.command,
      async stop() {
        const status = await running.stop();
        if (status !== 0) throw new WeirError(`weir collect ended with ${status}: ${running.command.stderr}`);
        const query = ['query', '--from', '-20y', '--by', 'protocolIdentifier', '--format', 'json'];
        const answer = weir(namespace, [...query, '--store', `chdb:${running.data}`], 120);
        if (answer.status !== 0) throw new WeirError(`weir query ended with ${answer.status}: ${answer.stderr}`);
        const groups = answer.stdout
          .split('\n')
          .filter(Boolean)
          .map(line => JSON.parse(line) as { flows: number; octets: number });
        return {
          flowRecords: groups.reduce((sum, { flows }) => sum + flows, 0),
          octets: groups.reduce((sum, { octets }) => sum + octets, 0),
        };
      },
    };
  },
};
