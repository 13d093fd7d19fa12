import { collectorSchema, startCollector } from '@weir/collector';
import { probeSchema } from '@weir/probe';
import type { Command } from 'commander';
import { commandOf, configure } from './config.js';
import { announce, keepServiceManagerInformed, onReload, untilStopped } from './lifetime.js';
import { log } from './log.js';

/** `weir collect`: receives, stores, and serves pages and API. */
export function collectCommand(): Command {
  const command = commandOf('collect', collectorSchema).description('Collect, store and show what exporters send.');
  return command.action(async () => {
    const config = configure(collectorSchema, command, [probeSchema, collectorSchema]);
    const stopped = untilStopped();
    const collector = await startCollector(config);
    const token = collector.tokenFile === undefined ? '' : ` (it asks for the token in ${collector.tokenFile})`;
    announce(`collecting on ${collector.listening.join(', ')}, page ${collector.http}${token}`);
    onReload(() =>
      log('the collector reads its configuration at its start only: start it again to change it', 'warning'),
    );
    const informed = keepServiceManagerInformed(() => true);
    await stopped;
    informed();
    await collector.stop();
    if (process.connected) process.disconnect();
  });
}
