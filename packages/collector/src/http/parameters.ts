import Type, { type Static } from 'typebox';
import type { Selection } from '../store/queries.js';
import { RequestError } from './errors.js';
import { parseTime, TIME_FORMS } from './time.js';

const filter = Type.Optional(
  Type.String({ maxLength: 10_000, description: 'filter, for example: src net 10.0.0.0/8 and not proto icmp' }),
);
const from = Type.Optional(
  Type.String({
    description: 'records that ended at this time or later: RFC 3339, relative like -15m, or milliseconds',
  }),
);
const to = Type.Optional(Type.String({ description: 'records that ended before this time; default now' }));

/** Parameters that select records. */
export const selectionParameters = { filter, from, to };

export const flowsParameters = Type.Object({
  ...selectionParameters,
  order: Type.Enum(['newest', 'largest'], { default: 'newest' }),
  limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 100 }),
});

export const recordsParameters = Type.Object({
  ...selectionParameters,
  limit: Type.Optional(Type.Integer({ minimum: 1, description: 'default: all' })),
});

export const exportParameters = Type.Object({
  ...selectionParameters,
  format: Type.Enum(['ipfix', 'parquet', 'ndjson'], { description: 'what the file is' }),
  limit: Type.Optional(Type.Integer({ minimum: 1, description: 'default: all' })),
});

export const groupsParameters = Type.Object({
  ...selectionParameters,
  by: Type.String({
    maxLength: 1000,
    description: 'fields to group by, separated by commas: IANA names or short ones; empty: one group of all',
  }),
  top: Type.Optional(Type.Integer({ minimum: 1, description: 'only the groups with the most octets; default: all' })),
});

export const seriesParameters = Type.Object({
  ...selectionParameters,
  step: Type.Optional(Type.Integer({ minimum: 1, description: 'seconds; default: about 300 buckets' })),
});

export const namesParameters = Type.Object({
  as: Type.String({
    pattern: '^([0-9]{1,10}(,[0-9]{1,10})*)?$',
    maxLength: 20_000,
    description: 'AS numbers, separated by commas',
  }),
});

export const importParameters = Type.Object({
  name: Type.String({ maxLength: 4096, default: 'the file', description: 'of the file, for people' }),
  digest: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 of the file in hexadecimal, by which the store knows it again',
    }),
  ),
  again: Type.Boolean({ default: false, description: 'take it though the store has it' }),
  exporter: Type.String({
    pattern: '^[0-9A-Fa-f:.]{2,45}$',
    default: '0.0.0.0',
    description: 'address of the exporter, where the file does not tell: captures do',
  }),
});

export const completeParameters = Type.Object({
  filter: Type.String({ maxLength: 10_000, default: '', description: 'a filter, as far as it is written' }),
  cursor: Type.Optional(
    Type.Integer({ minimum: 0, description: 'where in the filter, in characters from 0; default: at its end' }),
  ),
});

type SelectionParameters = Static<
  ReturnType<typeof Type.Object<{ filter: typeof filter; from: typeof from; to: typeof to }>>
>;

/**
 * The selection that the parameters mean.
 * @throws RequestError where a time is no time, or the times are in the wrong order
 */
export function selectionOf(parameters: SelectionParameters, now: number): Selection {
  const fromTime = timeOf('from', parameters.from, now);
  const toTime = timeOf('to', parameters.to, now);
  if (fromTime !== undefined && toTime !== undefined && fromTime >= toTime) {
    throw new RequestError(400, 'from: must be before to');
  }
  return {
    ...(parameters.filter === undefined ? {} : { filter: parameters.filter }),
    ...(fromTime === undefined ? {} : { from: fromTime }),
    ...(toTime === undefined ? {} : { to: toTime }),
  };
}

function timeOf(name: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const time = parseTime(text, now);
  if (time === undefined) throw new RequestError(400, `${name}: "${text}" is no time: ${TIME_FORMS}`);
  return time;
}

const DAY = 86_400_000;
const BUCKETS = 300;
const MAXIMUM_BUCKETS = 20_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800];

/**
 * Seconds of a bucket of a series.
 * @throws RequestError where the step asked for makes too many buckets
 */
export function stepOf(step: number | undefined, selection: Selection, now: number): number {
  const to = selection.to ?? now;
  const seconds = (to - (selection.from ?? to - DAY)) / 1000;
  if (step === undefined) return steps.find(each => seconds / each <= BUCKETS) ?? Math.ceil(seconds / BUCKETS);
  if (seconds / step > MAXIMUM_BUCKETS) {
    throw new RequestError(400, `step: ${step} s makes more than ${MAXIMUM_BUCKETS} buckets; choose a larger one`);
  }
  return step;
}
