import { pdfOf, periods } from '@weir/collector/reading';
import { Command, Option } from 'commander';
import { type CollectorOptions, clientOf, collectorOptions } from './collector-client.js';
import { UsageError } from './error.js';
import { endOnBrokenPipe, write, writesToTerminal, writingTo } from './output/writer.js';

interface ReportOptions extends CollectorOptions {
  readonly from?: string;
  readonly to?: string;
  readonly period?: string;
  readonly timezone: string;
  readonly network?: string;
  readonly filter?: string;
  readonly title?: string;
  readonly language: string;
  readonly format: 'html' | 'pdf' | 'json';
  readonly output?: string;
  readonly browser?: string;
}

/** `weir report`: what a week was like, to be read, printed or sent. */
export function reportCommand(): Command {
  const command = new Command('report')
    .description('Report on a week, or another time, beside the time before: traffic, hosts, links, events, accounts.')
    .addOption(
      new Option('--period <period>', 'the last one that is over; weeks begin on Monday (default: week)').choices([
        ...periods,
      ]),
    )
    .option('--from <time>', 'instead of a period: from then on (RFC 3339, -7d)')
    .option('--to <time>', 'with --from: up to then; default now')
    .option('--timezone <zone>', 'IANA name: days and weeks are by its clocks', localZone())
    .option('--network <prefix>', 'only of this network, as seen from it')
    .option('--filter <filter>', 'only of what fits')
    .option('--title <text>', 'its title; default: what it is about')
    .addOption(new Option('--language <language>', 'that it is written in').choices(['en', 'de']).default('en'))
    .addOption(
      new Option('--format <format>', 'a page, or PDF by the browser of this machine, or its data')
        .choices(['html', 'pdf', 'json'])
        .default('html'),
    )
    .option('--output <file>', 'write to this file, which appears when it is whole; default standard output')
    .option('--browser <program>', 'that prints PDF; default: chromium or Chrome, where there is one');
  return collectorOptions(command).action(async (options: ReportOptions) => {
    const { format, output, browser } = options;
    if (format === 'pdf' && output === undefined && writesToTerminal())
      throw new UsageError('--format pdf is nothing for a terminal; name a file with --output');
    if (options.period !== undefined && options.from !== undefined)
      throw new UsageError('--period and --from exclude one another');
    const text = await clientOf(options).report(format === 'json' ? 'report.json' : 'report', askedOf(options));
    const octets = format === 'pdf' ? await pdfOf(text, browser) : format === 'json' ? `${text}\n` : text;
    endOnBrokenPipe();
    await writingTo(output, () => write(octets));
  });
}

function askedOf({
  from,
  to,
  period,
  timezone,
  network,
  filter,
  title,
  language,
  format,
}: ReportOptions): Record<string, string> {
  const asked = { from, to, period, timezone, network, filter, title, ...(format !== 'json' && { language }) };
  return Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
