import Type from 'typebox';
import { about, count, optional } from './parts.js';
import { roundTripPercentiles } from './summary.js';

/** A line of /api/v1/quality: beside these, the fields asked for, by the names they were asked by. */
export const qualityLineSchema = Type.Object(
  {
    flows: count('Flows, not records'),
    answered: count('with packets in the reverse direction'),
    unanswered: count('others, of exporters that count the reverse direction'),
    tcp: count('TCP connections whose both directions are told'),
    unopened: count('of these: no handshake came about'),
    resets: count('of those that did open: ended by a reset instead of being closed'),
    roundTrip: optional(Type.Object(roundTripPercentiles, about('of the TCP handshake, both parts'))),
  },
  {
    ...about('one group: the fields asked for by their names, and how well its Flows went'),
    additionalProperties: true,
  },
);

const values = (description: string) =>
  Type.Array(Type.Union([Type.Number({ minimum: 0 }), Type.Null()]), {
    description: `${description}; null where unknown`,
  });

export const qualitySeriesSchema = Type.Object(
  {
    step: Type.Number({ description: 'seconds of a bucket' }),
    times: Type.Array(Type.Number(), { description: 'milliseconds since the epoch: where each bucket begins' }),
    flows: Type.Array(Type.Number({ minimum: 0 }), { description: 'Flows with records that end in the bucket' }),
    answered: values('share of those that can tell'),
    unopened: values('share of TCP connections'),
    resets: values('share of TCP connections that opened'),
    p50: values('round trip, milliseconds'),
    p90: values('round trip, milliseconds'),
    p99: values('round trip, milliseconds'),
  },
  about('how well Flows went over time'),
);
