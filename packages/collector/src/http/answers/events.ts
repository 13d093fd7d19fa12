import Type from 'typebox';
import { measures } from '../../analysis/events/measures.js';
import { about, optional, time } from './parts.js';

export const eventKinds = ['anomaly', 'scan', 'flood', 'amplification', 'new-talker', 'silent-host', 'quota'] as const;
const forms = ['ports', 'addresses', 'syn', 'udp', 'icmp', 'other'] as const;
export const units = ['bit/s', 'flows/s', 'packets/s', 'targets', 'ports', 'ms', 'share'] as const;

const subject = {
  name: Type.String({ description: 'in words that need no translation' }),
  filter: Type.String({ description: 'finds its flows; empty for all traffic' }),
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
    subject: Type.Object(subject, about('what it is about')),
    start: time(),
    end: optional(time('absent while it goes on')),
    size: Type.Number({ description: 'the worst value so far, in unit' }),
    expected: optional(Type.Number({ description: 'what would have been usual; absent where nothing is known of it' })),
    unit: Type.Enum(units, { description: 'of size and expected' }),
    causes: Type.Array(
      Type.Object({ ...subject, share: Type.Number({ minimum: 0, maximum: 1, description: 'of the excess' }) }),
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

const value = (description: string) => optional(Type.Number({ description }));

export const watchedSchema = Type.Object(
  {
    series: Type.Array(
      Type.Object({
        subject: Type.Object(subject, about('what is watched')),
        measure: Type.Enum(measures, { description: 'what of it' }),
        unit: Type.Enum(units, { description: 'of the numbers' }),
        judged: Type.Boolean({ description: 'whether enough is known of it: two days at least' }),
        unusual: Type.Boolean({ description: 'whether an event goes on' }),
        value: value('of the last minute that is complete'),
        expected: value('what was expected of it'),
        lower: value('what is less is not usual'),
        upper: value('what is more is not usual'),
      }),
      about('what is watched'),
    ),
  },
  about('series that are watched for what is not usual'),
);

const column = (description: string) =>
  Type.Array(Type.Union([Type.Number(), Type.Null()]), { description: `${description}; null where unknown` });

export const watchedPreviewSchema = Type.Object(
  {
    unit: Type.Enum(units, { description: 'of the numbers' }),
    judged: Type.Boolean({ description: 'whether enough is known of it at the end' }),
    times: Type.Array(time(), { description: 'at most 600' }),
    values: column('what there was'),
    expected: column('what was expected a minute before'),
    lower: column('what is less is not usual'),
    upper: column('what is more is not usual'),
    anomalies: Type.Array(
      Type.Object({
        start: time(),
        end: optional(time('absent where it goes on')),
        size: Type.Number({ description: 'the value farthest outside' }),
        expected: Type.Number({ description: 'what was expected of it' }),
      }),
      about('what would have been told'),
    ),
  },
  about('a series with what was expected of it'),
);

export const eventChangeSchema = Type.Object(
  { what: Type.Enum(['begun', 'worse', 'ended'], { description: 'what became of it' }), event: trafficEventSchema },
  about('an event has begun, has doubled, or has ended'),
);
