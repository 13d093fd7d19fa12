import Type from 'typebox';
import { about, optional } from './parts.js';

const rate = (description: string) => Type.Number({ minimum: 0, description: `bit/s; ${description}` });
const share = (description: string) => optional(Type.Number({ minimum: 0, description }));
const trip = (description: string) =>
  optional(Type.Number({ minimum: 0, description: `milliseconds; ${description}` }));

export const bottlenecksSchema = Type.Object(
  {
    step: Type.Number({ description: 'seconds of a sample' }),
    links: Type.Array(
      Type.Object({
        exporter: Type.String({ description: 'address' }),
        interface: Type.Number({ description: "number, the exporter's own" }),
        name: optional(Type.String({ description: 'as the exporter calls it' })),
        direction: Type.Enum(['in', 'out'], { description: 'what comes in by the interface, or goes out' }),
        filter: Type.String({ description: 'finds its flows' }),
        verdict: Type.Enum(['full', 'queueing', 'busy', 'fine', 'unknown'], {
          description:
            'full: it reaches its capacity; queueing: round trips grow with the load; busy: near its capacity for part of the time; unknown: no capacity is known',
        }),
        capacity: optional(rate('what it can carry, where that is known')),
        learned: Type.Boolean({ description: 'whether the capacity is what its load never exceeds, instead of given' }),
        mean: rate('of all samples'),
        p95: rate('95 of 100 samples have no more'),
        peak: rate('the highest sample'),
        used: share('95th percentile as a share of the capacity'),
        busyShare: share('share of the time above four fifths of the capacity'),
        calmRoundTrip: trip('median of handshakes where the load is in its lower half'),
        busyRoundTrip: trip('the same where it is in its highest twentieth'),
      }),
      about('each direction of each interface, the worst first'),
    ),
  },
  about('where traffic is held up'),
);
