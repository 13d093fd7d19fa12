import Type from 'typebox';
import { about, count, optional } from './parts.js';
import { roundTripPercentiles } from './summary.js';

const value = (description: string) => optional(Type.Number({ minimum: 0, description }));

export const distributionSchema = Type.Object({
  flows: count('Flows that have it'),
  p50: Type.Number({ minimum: 0, description: 'half of the Flows have no more; percentiles are exact to 1%' }),
  p90: Type.Number({ minimum: 0, description: 'nine of ten Flows have no more' }),
  p99: Type.Number({ minimum: 0, description: '99 of 100 Flows have no more' }),
  histogram: Type.Array(
    Type.Object({
      upTo: Type.Union([Type.Number(), Type.Null()], {
        description: 'this bound included; null: what is above all bounds',
      }),
      flows: count('Flows above the bound before and up to this one'),
    }),
  ),
});

const handshakes = Type.Object(
  {
    established: count('the handshake came about'),
    unanswered: count('nothing came back'),
    rejected: count('a reset came back, and nothing else'),
    halfOpen: count('answered, but the initiator did not complete it'),
  },
  about('what became of the handshakes; of all Flows'),
);

const ends = Type.Object(
  {
    initiator: count('the FIN of the initiator was the first or the only one'),
    responder: count('that of the responder was'),
    both: count('both sides sent a FIN, and it is not known which was first'),
    reset: count('a RST ended it'),
    timeout: count('no packet came for longer than the idle timeout'),
    unknown: count('it ended, and its records do not tell how'),
    ongoing: count('its newest record in the selection is an interim report'),
  },
  about('who closed what was established, as /api/v1/session tells it of one'),
);

const stalls = Type.Object(
  {
    watched: count('Flows with several records in the selection: of others it cannot be told'),
    flows: count('of these: no packet came in either direction for the time of `stall` or longer, while it lived'),
    count: count('how often'),
    p50: value('milliseconds that the longest stall of a Flow lasted at least: half of the Flows have no more'),
    p90: value('nine of ten Flows have no more'),
    p99: value('99 of 100 Flows have no more'),
    longest: value('milliseconds'),
  },
  about('between interim reports; a pause on purpose is one, too'),
);

export const sessionStatisticsSchema = Type.Object(
  {
    flows: count('TCP Flows whose records tell of both directions: connections'),
    oneSided: count('other TCP Flows: of each direction apart nothing of the following can be told'),
    ...{ handshakes, ends },
    duration: optional(
      Type.Object(
        distributionSchema.properties,
        about('milliseconds from the first to the last packet; of Flows that were established and have ended'),
      ),
    ),
    size: optional(
      Type.Object(
        distributionSchema.properties,
        about('octets of both directions in the records of the selection; of the same Flows'),
      ),
    ),
    roundTrip: optional(Type.Object(roundTripPercentiles, about('of the TCP handshake, both parts'))),
    stalls,
  },
  about('TCP connections as a whole, each counted once however many records it has'),
);
