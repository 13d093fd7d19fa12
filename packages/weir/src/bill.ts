import type { Bill, Row } from '@weir/collector/reading';
import { billRow, dayRows } from '@weir/collector/reading';
import { Command } from 'commander';
import { UsageError } from './error.js';
import { type Format, formatOption, type Layout, writeAll } from './output/format.js';
import type { TableColumn } from './output/table.js';
import { formatCount } from './output/units.js';
import { endOnBrokenPipe } from './output/writer.js';
import { type BillsAsked, openSource, type SourceOptions } from './query-source.js';

interface BillOptions extends SourceOptions {
  readonly month?: string;
  readonly days: boolean;
  readonly correct?: string;
  readonly format: Format;
}

/** `weir bill`: what accounts have had in a month. */
export function billCommand(): Command {
  return new Command('bill')
    .description('Tell what accounts have had in a month: its statement, or its sums so far.')
    .argument('[account]', 'only this one, with its days')
    .option('--month <month>', 'as 2026-10; default the one that goes on')
    .option('--days', 'a line a day instead of a line a month', false)
    .option(
      '--correct <reason>',
      'enter the sums of a month that is over as they are now: as its statement, or where it has one as a correction, for this reason',
    )
    .addOption(formatOption())
    .option('--url <url>', 'ask the collector there (default http://127.0.0.1:4780, then the default data directory)')
    .option('--token-file <file>', 'file with the token that the collector at the URL wants')
    .option('--store <store>', 'chdb:PATH: ask the collector that runs on this store, or read the store itself')
    .option('--data <directory>', 'the same, by data directory')
    .action(async (account: string | undefined, options: BillOptions) => {
      const { month, correct } = options;
      if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
        throw new UsageError(`--month: "${month}" is no month; write it as 2026-10`);
      if (correct !== undefined && (account === undefined || month === undefined))
        throw new UsageError('--correct is of one account and one month; name the account, and the month with --month');
      const asked = { ...(account !== undefined && { account }), ...(month !== undefined && { month }) };
      const source = await openSource(options);
      endOnBrokenPipe();
      try {
        if (correct !== undefined) await source.enter({ account: account!, month: month!, reason: correct });
        await write(await source.bills(asked), asked, options);
      } finally {
        await source.close();
      }
    });
}

async function write(bills: readonly Bill[], { account }: BillsAsked, { days, format }: BillOptions): Promise<void> {
  if (days) return await writeAll(each(bills.flatMap(dayRows)), format, layoutOf(dayColumns));
  if (format === 'json') return await writeAll(each(bills), format, { ...layoutOf<Bill>([]), flat: () => ({}) });
  await writeAll(each(bills.map(billRow)), format, layoutOf(billColumns));
  if (format === 'table' && account !== undefined) {
    process.stdout.write('\n');
    await writeAll(each(bills.flatMap(dayRows)), format, layoutOf(dayColumns));
  }
}

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

function layoutOf<T>(columns: readonly TableColumn<T>[]): Layout<T> {
  return { columns, flat: row => row as Record<string, unknown>, nothing: 'No account is configured.' };
}

const text = (head: string, name: string): TableColumn<Row> => ({ head, text: row => String(row[name]) });
/** To its last digit: it is billed. */
const exact = (head: string, name: string): TableColumn<Row> => ({ ...text(head, name), right: true });
const rate = (head: string, name: string): TableColumn<Row> => ({
  ...{ head, right: true },
  text: row => `${formatCount(Number(row[name]))}bit/s`.replace(/^(\d+)bit/, '$1 bit'),
});

const octets = [exact('in', 'inOctets'), exact('out', 'outOctets'), exact('within', 'withinOctets')];
const billColumns: readonly TableColumn<Row>[] = [
  ...[text('account', 'account'), text('month', 'month'), text('state', 'state'), exact('entry', 'entry')],
  ...octets,
  {
    head: 'percentile',
    text: row => `${row.percent}th of ${row.percentileOf}`,
  },
  rate('is', 'billedBitsPerSecond'),
  {
    head: 'quota',
    right: true,
    text: ({ quotaOctets, quotaUsed }) =>
      quotaOctets === ''
        ? ''
        : `${((Number(quotaUsed) / Number(quotaOctets)) * 100).toFixed(1)} % of ${formatCount(Number(quotaOctets))}`,
  },
];
const dayColumns: readonly TableColumn<Row>[] = [text('account', 'account'), text('day', 'day'), ...octets];
