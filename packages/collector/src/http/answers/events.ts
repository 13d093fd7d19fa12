import Type from 'typebox';
import { measures } from '../../analysis/events/measures.js';
import { about, optional, time } from './parts.js';

export const eventKinds = ['anomaly', 'scan', 'flood', 'amplification', 'new-talker', 'silent-host', 'quota'] as const;
const forms = ['ports', 'addresses', 'syn', 'udp', 'icmp', 'other'] as const;
export const units = ['bit/s', 'flows/s', 'packets/s', 'targets', 'ports', 'ms', 'share'] as const;

export const placeSchema = Type.Union(
  [
    Type.Object({
      topology: Type.String(),
      link: Type.String({ description: 'id of a link' }),
      direction: Type.Enum(['forward', 'reverse'], { description: 'from its source to its target, or back' }),
    }),
    Type.Object({ topology: Type.String(), node: Type.String({ description: 'id of a gateway' }) }),
  ],
  about('where it is on a mesh, if it is a link or a gateway'),
);

/** In words, and how its flows are found, or it is. */
export const subjectProperties = {
  name: Type.String({ description: 'in words that need no translation' }),
  filter: Type.String({ description: 'finds its flows; empty for all traffic, and for what has a place' }),
  place: optional(placeSchema),
};

export const trafficEventSchema = Type.Object(
  {
    id: Type.String({ description: 'the same for as long as the event goes on' }),
    kind: Type.Enum(eventKinds, { description: 'what it is' }),
    form: optional(Type.Enum(forms, { description: 'how it was done' })),
    measure: optional(
      Type.Enum(measures, { description: 'what of the subject was not usual, where it is an anomaly' }),
    ),
    source: optional(Type.String({ description: 'address of who does it, where it is one' })),
    target: optional(Type.String({ description: 'address of whom it is done to, where it is one' })),
    service: optional(Type.String({ description: 'protocol and port, such as tcp/22, where it is one' })),
    subject: Type.Object(subjectProperties, about('what it is about')),
    start: time(),
    end: optional(time('absent while it goes on')),
    size: Type.Number({ description: 'the worst value so far, in unit' }),
    expected: optional(Type.Number({ description: 'what would have been usual; absent where nothing is known of it' })),
    unit: Type.Enum(units, { description: 'of size and expected' }),
    causes: Type.Array(
      Type.Object({
        ...subjectProperties,
        share: Type.Number({ minimum: 0, maximum: 1, description: 'of the excess' }),
      }),
      about('what it is due to, the largest first'),
    ),
  },
  about('something unusual in the traffic'),
);

export const eventsSchema = Type.Object(
  {
    events: Type.Array(trafficEventSchema, about('the newest first')),
    since: optional(time('since when it is watched without a gap; absent where it is not')),
  },
  about('events that went on at some time of the interval'),
);

export const eventChangeSchema = Type.Object(
  { what: Type.Enum(['begun', 'worse', 'ended'], { description: 'what became of it' }), event: trafficEventSchema },
  about('an event has begun, has doubled, or has ended'),
);
