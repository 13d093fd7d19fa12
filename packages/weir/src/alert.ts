import { Command } from 'commander';
import { type CollectorOptions, clientOf, collectorOptions } from './collector-client.js';
import { WeirError } from './error.js';
import { printable } from './output/units.js';

/** `weir alert`: what concerns alerts of a running collector. */
export function alertCommand(): Command {
  return new Command('alert').description('Try the alerts of the collector that runs.').addCommand(testCommand());
}

function testCommand(): Command {
  const command = new Command('test')
    .description('Send a test message by one channel, or by all, and say what came of it.')
    .argument('[channel]', 'its name in the configuration');
  return collectorOptions(command).action(async (channel: string | undefined, options: CollectorOptions) => {
    const { results } = await clientOf(options).testAlerts(channel);
    for (const { channel: name, where, ok, what } of results)
      process.stdout.write(`${printable(`${name}, ${where}: ${ok ? 'sent' : 'NOT sent'}; ${what}`)}\n`);
    const failed = results.filter(({ ok }) => !ok);
    if (failed.length > 0)
      throw new WeirError(
        `${failed.length} of ${results.length} test messages did not get through; docs/how-to/be-told.md says what each channel needs`,
      );
  });
}
