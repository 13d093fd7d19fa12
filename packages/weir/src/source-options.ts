import { parseTime, TIME_FORMS } from '@weir/collector/reading';
import type { Command } from 'commander';
import { UsageError } from './error.js';

/** Adds the options of who is asked: `SourceOptions`. */
export function withSource(command: Command): Command {
  return command
    .option('--url <url>', 'ask the collector there (default http://127.0.0.1:4780, then the default data directory)')
    .option('--token-file <file>', 'file with the token that the collector at the URL wants')
    .option(
      '--store <store>',
      'chdb:PATH: ask the collector that runs on this store, or read the store itself; clickhouse:URL: ask the servers',
    )
    .option('--data <directory>', 'the same, by data directory');
}

/** A time that an option has, milliseconds since the epoch. @throws UsageError */
export function timeOf(option: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const time = parseTime(text, now);
  if (time === undefined) throw new UsageError(`${option}: "${text}" is no time: ${TIME_FORMS}`);
  return time;
}
