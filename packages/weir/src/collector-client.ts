import { resolve } from 'node:path';
import { defaultDataDirectory } from '@weir/collector/reading';
import type { Command } from 'commander';
import { ApiClient } from './api-client.js';
import { UsageError } from './error.js';

/** Which collector is asked. */
export interface CollectorOptions {
  readonly url?: string;
  readonly data?: string;
  readonly tokenFile?: string;
}

/** The options that say which collector that runs is asked. */
export function collectorOptions(command: Command): Command {
  return command
    .option('--url <url>', 'ask the collector there (default: the one of the data directory)')
    .option('--token-file <file>', 'file with the token that the collector at the URL wants')
    .option('--data <directory>', 'data directory of the collector');
}

/** @throws UsageError */
export function clientOf({ url, data, tokenFile }: CollectorOptions): ApiClient {
  if (url !== undefined && data !== undefined) throw new UsageError('--url and --data exclude one another');
  if (url !== undefined) return ApiClient.ofUrl(url, tokenFile);
  return ApiClient.ofSocket(resolve(data ?? defaultDataDirectory(), 'collector.sock'));
}
