import { rmSync } from 'node:fs';
import { WeirError } from '../error.js';
import { decodeProgram } from '../paths.js';
import { RunningWeir, weir } from '../weir/weir.js';
import type { Collector } from './collector.js';
import { endInOrder } from './ending.js';
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
      async behind() {
        const { body } = await running.get('/metrics');
        const figure = (name: string): number =>
          Number(new RegExp(`^weir_collector_${name}_records_total (\\d+)$`, 'm').exec(body)?.[1]);
        return ['failed', 'stored'].reduce((left, name) => left - figure(name), figure('flow'));
      },
      async stop() {
        const status = await running.stop();
        if (status !== 0) throw new WeirError(`weir collect ended with ${status}: ${running.command.stderr}`);
        const query = ['query', '--from', '-20y', '--by', 'protocolIdentifier', '--format', 'json'];
        const answer = weir(namespace, [...query, '--store', `chdb:${running.data}`], 120);
        if (answer.status !== 0) throw new WeirError(`weir query ended with ${answer.status}: ${answer.stderr}`);
        rmSync(running.data, { recursive: true });
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

/** Receives and decodes as `weir collect` does, and lets go of what it would store. */
export const weirDecoding: Collector = {
  name: 'weir collect, decode only',
  needs: [],
  async start(lab, namespace) {
    const command = [process.execPath, decodeProgram, `udp://127.0.0.1:${exportPort}`];
    const running = lab.own(namespace.start(command));
    await running.output(/"listening"/, 60);
    return {
      process: running,
      async stop() {
        await endInOrder(running, { signal: 'SIGINT' });
        return JSON.parse(running.stdout.trim().split('\n').at(-1)!) as { flowRecords: number };
      },
    };
  },
};
