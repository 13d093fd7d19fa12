import { resolve } from 'node:path';
import { defaultDataDirectory } from '@weir/collector/reading';
import { Command } from 'commander';
import { ApiClient } from './api-client.js';
import { UsageError, WeirError } from './error.js';
import { printable } from './output/units.js';

interface AlertOptions {
  readonly url?: string;
  readonly data?: string;
  readonly tokenFile?: string;
}

/** `weir alert`: what concerns alerts of a running collector. */
export function alertCommand(): Command {
  return new Command('alert').description('Try the alerts of the collector that runs.').addCommand(testCommand());
}

function testCommand(): Command {
  return new Command('test')
    .description('Send a test message by one channel, or by all, and say what came of it.')
    .argument('[channel]', 'its name in the configuration')
    .option('--url <url>', 'ask the collector there (default: the one of the data directory)')
    .option('--token-file <file>', 'file with the token that the collector at the URL wants')
    .option('--data <directory>', 'data directory of the collector')
    .action(async (channel: string | undefined, options: AlertOptions) => {
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

function clientOf({ url, data, tokenFile }: AlertOptions): ApiClient {
  if (url !== undefined && data !== undefined) throw new UsageError('--url and --data exclude one another');
  if (url !== undefined) return ApiClient.ofUrl(url, tokenFile);
  return ApiClient.ofSocket(resolve(data ?? defaultDataDirectory(), 'collector.sock'));
}
