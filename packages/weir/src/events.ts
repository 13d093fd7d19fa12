import type { TrafficEvent } from '@weir/collector/reading';
import { Command } from 'commander';
import { UsageError } from './error.js';
import { type Format, formatOption, type Layout, writeAll } from './output/format.js';
import { formatCount, formatDuration } from './output/units.js';
import { endOnBrokenPipe } from './output/writer.js';
import { openSource, type SourceOptions } from './query-source.js';
import { timeOf, withSource } from './source-options.js';

interface EventsOptions extends SourceOptions {
  readonly from?: string;
  readonly to?: string;
  readonly format: Format;
}

const DAY = 86_400_000;

/** `weir events`: lists what was unusual. */
export function eventsCommand(): Command {
  const command = new Command('events')
    .description(
      'List what was unusual in the traffic: amounts, scans, floods, amplification, new talkers, silent hosts.',
    )
    .option('--from <time>', 'events that went on then or later; default the last 24 hours (RFC 3339, -15m, -1d, now)')
    .option('--to <time>', 'events that began before; default now')
    .addOption(formatOption());
  return withSource(command).action(async ({ from, to, format, ...where }: EventsOptions) => {
    const now = Date.now();
    const until = timeOf('--to', to, now) ?? now;
    const asked = { from: timeOf('--from', from, now) ?? until - DAY, to: until };
    if (asked.from >= asked.to) throw new UsageError('--from must be before --to');
    const source = await openSource(where);
    endOnBrokenPipe();
    try {
      await writeAll(source.events(asked), format, layout);
    } finally {
      await source.close();
    }
  });
}

const layout: Layout<TrafficEvent> = {
  columns: [
    { head: 'began', text: ({ start }) => isoTime(start) },
    {
      head: 'lasted',
      right: true,
      text: ({ start, end }) => (end === undefined ? 'goes on' : formatDuration(Math.max(0, end - start))),
    },
    {
      head: 'kind',
      text: ({ kind, form, measure }) => [kind, ...[form ?? measure ?? []].flat().map(of => `(${of})`)].join(' '),
    },
    { head: 'of', text: ({ kind, subject }) => (kind === 'anomaly' ? subject.name : '') },
    { head: 'source', text: ({ source }) => source ?? '' },
    { head: 'target', text: ({ target }) => target ?? '' },
    { head: 'service', text: ({ service }) => service ?? '' },
    { head: 'size', right: true, text: ({ size, unit }) => sizeText(size, unit) },
    {
      head: 'usual',
      right: true,
      text: ({ expected, unit }) => (expected === undefined ? '' : sizeText(expected, unit)),
    },
    {
      head: 'causes',
      text: ({ causes }) => causes.map(({ name, share }) => `${Math.round(100 * share)}% ${name}`).join(', '),
    },
    { head: 'filter', text: ({ subject }) => subject.filter },
  ],
  flat: ({ subject, causes, start, end, ...rest }) => ({
    ...{ start: isoTime(start), end: end === undefined ? '' : isoTime(end), ...rest },
    ...{ subject: subject.name, filter: subject.filter },
    causes: causes.map(({ name, share }) => `${share.toFixed(3)} ${name}`).join('; '),
  }),
  nothing: 'Nothing unusual in this time.',
};

function sizeText(size: number, unit: TrafficEvent['unit']): string {
  if (unit === 'share') return `${(100 * size).toFixed(1)}%`;
  const text = formatCount(size >= 100 ? Math.round(size) : Number(size.toPrecision(3)));
  // 12.3 Mbit/s, but 12.3 k flows/s.
  return unit === 'bit/s' && /[A-Za-z]$/.test(text) ? `${text}${unit}` : `${text} ${unit}`;
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
