import { FilterError, resolveName } from '@weir/flow';
import { Command } from 'commander';
import { UsageError } from './error.js';
import { filterMistake } from './filter-error.js';
import { type Format, fileFormatOption, type Layout, writeAll } from './output/format.js';
import { countText, flatten, type PrintedRecord, portText, protocolText, recordColumns } from './output/records.js';
import { endOnBrokenPipe, write, writesToTerminal, writingTo } from './output/writer.js';
import { type FileFormat, openSource, type Query, type QuerySource, type SourceOptions } from './query-source.js';
import { timeOf, withSource } from './source-options.js';

interface QueryOptions extends SourceOptions {
  readonly from?: string;
  readonly to?: string;
  readonly by?: string;
  readonly top?: string;
  readonly format: Format | FileFormat;
  readonly output?: string;
}

/** `weir query`: lists or sums what a collector keeps. */
export function queryCommand(): Command {
  const command = new Command('query')
    .description('List or sum the Flow Records that a collector keeps.')
    .argument('[filter]', 'for example: src net 10.0.0.0/8 and not proto icmp; quote it')
    .option('--from <time>', 'records that ended then or later; default the last 24 hours (RFC 3339, -15m, -1d, now)')
    .option('--to <time>', 'records that ended before; default now')
    .option('--by <fields>', 'sum by these fields, separated by commas: IANA names or those of the filter language')
    .option('--top <count>', 'only so many, the largest groups or the earliest records')
    .addOption(fileFormatOption())
    .option('--output <file>', 'write to this file, which appears when it is whole; default standard output');
  return withSource(command).action(async (filter: string | undefined, options: QueryOptions) => {
    const query = queryOf(filter, options);
    checkFormat(query, options);
    const source = await openSource(options);
    endOnBrokenPipe();
    try {
      await writingTo(options.output, () => answer(source, query, options.format));
    } catch (error) {
      throw error instanceof FilterError ? filterMistake(filter ?? '', error.message, error.column) : error;
    } finally {
      await source.close();
    }
  });
}

function isFile(format: Format | FileFormat): format is FileFormat {
  return format === 'ipfix' || format === 'parquet';
}

function checkFormat({ by }: Query, { format, output }: QueryOptions): void {
  if (!isFile(format)) return;
  if (by !== undefined) throw new UsageError(`--format ${format} is for Flow Records, not for sums; leave out --by`);
  if (output === undefined && writesToTerminal()) {
    throw new UsageError(`--format ${format} is nothing for a terminal; name a file with --output`);
  }
}

async function answer(source: QuerySource, query: Query, format: Format | FileFormat): Promise<void> {
  if (isFile(format)) {
    for await (const octets of source.download(query, format)) await write(octets);
  } else if (query.by === undefined) {
    await writeAll(source.ask(query) as AsyncIterable<PrintedRecord>, format, recordLayout(query));
  } else {
    await writeAll(source.ask(query) as AsyncIterable<Group>, format, groupLayout(query, query.by));
  }
}

function queryOf(filter: string | undefined, { from, to, by, top }: QueryOptions): Query {
  const now = Date.now();
  const fromTime = timeOf('--from', from, now);
  const toTime = timeOf('--to', to, now);
  if (top !== undefined && !/^[1-9]\d{0,8}$/.test(top)) throw new UsageError(`--top: "${top}" is no count`);
  const selection = {
    ...(filter === undefined ? {} : { filter }),
    ...(fromTime === undefined ? {} : { from: fromTime }),
    ...(toTime === undefined ? {} : { to: toTime }),
  };
  const names = by?.split(',').map(name => name.trim());
  return {
    selection,
    ...(names === undefined ? {} : { by: names.filter(name => name !== '') }),
    ...(top === undefined ? {} : { top: Number(top) }),
  };
}

type Group = Readonly<Record<string, unknown>>;

function recordLayout(query: Query): Layout<PrintedRecord> {
  return { columns: recordColumns, flat: flatten, nothing: nothingIn(query) };
}

function nothingIn({ selection: { filter, from, to } }: Query): string {
  if (from === undefined && to === undefined)
    return 'No Flow Record of the last 24 hours; --from -1y looks further back.';
  return filter === undefined ? 'No Flow Record in this time.' : 'No Flow Record in this time fits the filter.';
}

const sums = {
  flows: 'flows',
  octets: 'octets',
  packets: 'packets',
  reverseOctets: 'back octets',
  reversePackets: 'back packets',
};
const protocolNames = new Set(['proto', 'protocol', 'protocolIdentifier']);

function groupLayout(query: Query, by: readonly string[]): Layout<Group> {
  const keys = by.map(name => ({
    head: name,
    text: (group: Group) => labelled(keyText(name, group[name]), group[`${name}Name`]),
  }));
  const measures = Object.entries(sums).map(([name, head]) => ({
    head,
    right: true,
    text: (group: Group) => countText(group[name]),
  }));
  return { columns: [...keys, ...measures], flat: group => group, nothing: nothingIn(query) };
}

/** What has a name goes by it, with the number behind: numbers are what tells two of one name apart. */
function labelled(text: string, label: unknown): string {
  return typeof label === 'string' ? `${label} (${text})` : text;
}

function keyText(name: string, value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (protocolNames.has(name)) return protocolText(value);
  return resolveName(name)?.column.endsWith('Port') ? portText(value) : String(value);
}
