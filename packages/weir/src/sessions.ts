import { DEFAULT_STALL, type SessionStatistics } from '@weir/collector/reading';
import { FilterError } from '@weir/flow';
import { Command } from 'commander';
import { UsageError } from './error.js';
import { filterMistake } from './filter-error.js';
import { type Format, formatOption, type Layout, writeAll } from './output/format.js';
import { formatCount, formatDuration } from './output/units.js';
import { endOnBrokenPipe, writeLines } from './output/writer.js';
import { openSource, type SourceOptions } from './query-source.js';
import { timeOf, withSource } from './source-options.js';

interface SessionsOptions extends SourceOptions {
  readonly from?: string;
  readonly to?: string;
  readonly stall: string;
  readonly format: Format;
}

/** `weir sessions`: TCP connections as a whole. */
export function sessionsCommand(): Command {
  const command = new Command('sessions')
    .description(
      'Tell of TCP connections as a whole: handshakes, who closed them, how long and how large they were, stalls.',
    )
    .argument('[filter]', 'for example: dst port 443 and src net 10.0.0.0/8; quote it')
    .option('--from <time>', 'records that ended then or later; default the last 24 hours (RFC 3339, -15m, -1d, now)')
    .option('--to <time>', 'records that ended before; default now')
    .option(
      '--stall <seconds>',
      'so long without a packet is a stall; not less than the active timeout',
      String(DEFAULT_STALL),
    )
    .addOption(formatOption());
  return withSource(command).action(async (filter: string | undefined, options: SessionsOptions) => {
    const now = Date.now();
    const [from, to] = [timeOf('--from', options.from, now), timeOf('--to', options.to, now)];
    if (!/^[1-9]\d{0,4}$/.test(options.stall)) throw new UsageError(`--stall: "${options.stall}" is no whole seconds`);
    const selection = { ...(filter && { filter }), ...(from && { from }), ...(to && { to }) };
    const source = await openSource(options);
    endOnBrokenPipe();
    try {
      await answer(await source.sessions(selection, Number(options.stall) * 1000), options.format);
    } catch (error) {
      throw error instanceof FilterError ? filterMistake(filter ?? '', error.message, error.column) : error;
    } finally {
      await source.close();
    }
  });
}

async function answer(found: SessionStatistics, format: Format): Promise<void> {
  if (format === 'json') await writeLines(each([JSON.stringify(found)]));
  else await writeAll(each(found.flows === 0 ? [] : rowsOf(found)), format, layout);
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

type Percentiles = Partial<Record<'p50' | 'p90' | 'p99', number>>;

/** A line of the table. Percentiles are milliseconds, of sizes octets. */
interface Row extends Percentiles {
  readonly what: string;
  readonly flows: number;
  /** Of how many Flows these are part. */
  readonly of?: number;
}

const handshakes = {
  established: 'established',
  unanswered: 'not answered',
  rejected: 'rejected',
  halfOpen: 'half open',
} as const;
const ends = {
  initiator: 'closed by the initiator',
  responder: 'closed by the responder',
  both: 'closed by both',
  reset: 'reset',
  timeout: 'timed out',
  unknown: 'ended, not told how',
  ongoing: 'going on',
} as const;
const measures = { duration: 'duration', size: 'size (octets)', roundTrip: 'round trip' } as const;

function rowsOf(found: SessionStatistics): Row[] {
  const counted = <T extends string>(names: Readonly<Record<T, string>>, counts: Record<T, number>, of: number) =>
    (Object.keys(names) as T[]).map(name => ({ what: names[name], flows: counts[name], of }));
  const { established } = found.handshakes;
  const measured = (Object.keys(measures) as (keyof typeof measures)[]).flatMap(name => {
    const { flows, p50, p90, p99 } = found[name] ?? {};
    return flows === undefined ? [] : [{ what: measures[name], flows, p50, p90, p99 } as Row];
  });
  const { watched, flows, p50, p90, p99 } = found.stalls;
  return [
    ...counted(handshakes, found.handshakes, found.flows),
    ...counted(ends, found.ends, established),
    ...measured,
    ...(watched > 0 ? [{ what: 'stalled', flows, of: watched, p50, p90, p99 } as Row] : []),
  ];
}

const percentile = (name: keyof Percentiles) => (row: Row) => {
  const value = row[name];
  if (value === undefined) return '';
  return row.what === measures.size ? formatCount(value) : formatDuration(value);
};

const layout: Layout<Row> = {
  columns: [
    { head: 'TCP connections', text: ({ what }) => what },
    { head: 'flows', right: true, text: ({ flows }) => formatCount(flows) },
    { head: 'share', right: true, text: ({ flows, of }) => (of ? `${((100 * flows) / of).toFixed(1)}%` : '') },
    { head: 'half', right: true, text: percentile('p50') },
    { head: '9 of 10', right: true, text: percentile('p90') },
    { head: '99 of 100', right: true, text: percentile('p99') },
  ],
  flat: ({ what, flows, of, p50, p90, p99 }) => ({ what, flows, of, p50, p90, p99 }),
  nothing: 'No TCP connection of which both directions are told in this time.',
};
