import { collectorSchema } from '@weir/collector';
import { preflight, probeSchema, startProbe } from '@weir/probe';
import type { Command } from 'commander';
import { commandOf, configure } from './config.js';
import { announce, log, untilStopped } from './lifetime.js';

/** `weir probe`: meters this network namespace and exports to collectors. */
export function probeCommand(): Command {
  const command = commandOf('probe', probeSchema).description('Meter this network namespace and export to collectors.');
  return command.action(async () => {
    const config = configure(probeSchema, command, [probeSchema, collectorSchema]);
    const stopped = untilStopped();
    const probe = await startProbe(config, log);
    announce(`metering, exporting to ${config.collector.join(', ')}`);
    // `weir up` has looked already, and has said what it found.
    if (process.send === undefined) await warn();
    const failure = await Promise.race([probe.failed, stopped]);
    if (failure !== undefined) throw failure;
    const statistics = await probe.stop();
    log(
      `${statistics.exportedFlowRecordTotalCount} Flow Records exported, ${statistics.notSentFlowTotalCount} flows lost`,
    );
    if (process.connected) process.disconnect();
  });
}

async function warn(): Promise<void> {
  for (const { level, what, meaning, command } of await preflight()) {
    if (level === 'problem') log(`${what}: ${meaning}. Mend it with "weir doctor --fix" or: ${command}`);
  }
}
