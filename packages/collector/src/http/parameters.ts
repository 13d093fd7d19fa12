import type { FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import { Estimate, type Selection } from '../store/queries.js';
import { RequestError } from './errors.js';
import { ESTIMATE_HEADER } from './openapi.js';
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

const estimate = Type.Boolean({
  default: false,
  description:
    'an estimate is enough, where the answer would be read from millions of records: it comes many times sooner, and has the header weir-estimate',
});

/** Parameters that select records for an answer that may be an estimate. */
export const estimableParameters = { ...selectionParameters, estimate };

type SelectionParameters = Static<
  ReturnType<typeof Type.Object<{ filter: typeof filter; from: typeof from; to: typeof to }>>
> & { readonly estimate?: boolean };

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
    ...(parameters.estimate === true && { estimate: new Estimate() }),
  };
}

/** Says of an answer, before it is sent, that it is an estimate, if it is one. */
export function sayEstimate(reply: FastifyReply, { estimate }: Selection): void {
  if (estimate?.error !== undefined) reply.header(ESTIMATE_HEADER, Number(estimate.error.toPrecision(3)));
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
