import { join } from 'node:path';
import { weirCommand } from '../weir/weir.js';
import { endsBy } from './ending.js';
import { lacksKernelMeter } from './kernel-meter.js';
import { exportPort, type RunningSubject, type Subject, type SubjectOrder } from './subject.js';

/** Where the probe observes connections: `--source`. */
export type Source = 'ctnetlink' | 'kernel';

/** Starts `weir probe`, which switches on what metering needs and puts it back at its end. */
export async function startProbe(
  { lab, namespace, activeTimeout }: SubjectOrder,
  collector: string,
  options: readonly string[] = [],
  source: Source = 'ctnetlink',
): Promise<RunningSubject> {
  const command = weirCommand(
    'probe',
    ...['--source', source, '--mend', 'true', '--active-timeout', String(activeTimeout)],
    ...['--collector', collector, '--state', join(lab.directory('probe'), 'flows.state')],
    ...options,
  );
  const process = lab.own(namespace.start(command));
  await process.output(/metering/i, 30);
  return endsBy(process, { signal: 'SIGINT' });
}

/** @param options of `weir probe`, on top */
export function weirSubject(name: string, options: readonly string[] = [], source: Source = 'ctnetlink'): Subject {
  const collector = `udp://127.0.0.1:${exportPort}`;
  return {
    name,
    meters: 'connections',
    needs: [],
    ...(source === 'kernel' ? { lacks: lacksKernelMeter } : {}),
    start: order => startProbe(order, collector, options, source),
  };
}
