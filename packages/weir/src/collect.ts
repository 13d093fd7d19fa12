import { collectorSchema, startCollector } from '@weir/collector';
import { probeSchema } from '@weir/probe';
import type { Command } from 'commander';
import { commandOf, configure } from './config.js';
import { announce, untilStopped } from './lifetime.js';

/** `weir collect`: receives, stores, and serves pages and API. */
export function collectCommand(): Command {
  const command = commandOf('collect', collectorSchema).description('Collect, store and show what exporters send.');
  return command.action(async () => {
    const config = configure(collectorSchema, command, [probeSchema, collectorSchema]);
    const stopped = untilStopped();
    const collector = await startCollector(config);
    const token = collector.tokenFile === undefined ? '' : ` (it asks for the token in ${collector.tokenFile})`;
    announce(`collecting on ${collector.listening.join(', ')}, page ${collector.http}${token}`);
    await stopped;
    await collector.stop();
    if (process.connected) process.disconnect();
  });
}
