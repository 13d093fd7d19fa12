import Type from 'typebox';
import { about, count, optional } from './parts.js';

const milliseconds = (description: string) => Type.Number({ minimum: 0, description: `milliseconds; ${description}` });

/** Of handshakes: how many Flows have one, and within what most of them are. */
export const roundTripPercentiles = {
  flows: count('Flows that have it'),
  p50: milliseconds('half of the Flows have no more; this and the next to 2%'),
  p90: milliseconds('nine of ten Flows have no more'),
  p99: milliseconds('99 of 100 Flows have no more'),
};

export const roundTripsSchema = Type.Object(
  {
    ...roundTripPercentiles,
    histogram: Type.Array(
      Type.Object({
        upTo: Type.Union([Type.Number(), Type.Null()], {
          description: 'milliseconds, this bound included; null: what is above all bounds',
        }),
        flows: count('Flows above the bound before and up to this one'),
      }),
    ),
  },
  about('of the TCP handshake, both parts: what the filter calls `rtt`'),
);

export const summarySchema = Type.Object(
  {
    flows: count('Flows, not records'),
    octets: count('sum'),
    packets: count('sum'),
    reverseOctets: count('sum'),
    reversePackets: count('sum'),
    answered: count('Flows with packets in the reverse direction'),
    unanswered: count('other Flows, of exporters that count the reverse direction'),
    roundTrip: optional(roundTripsSchema),
  },
  about(
    'the selection as a whole; Flows of exporters that do not count the reverse direction are neither answered nor not',
  ),
);
