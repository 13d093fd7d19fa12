import Type from 'typebox';
import { measures } from '../../analysis/events/measures.js';
import { scales } from '../../analysis/forecast/scale.js';
import { subjectProperties, units } from './events.js';
import { about, optional, time } from './parts.js';

const DAY = 86_400;
const properties = {
  scale: Type.Enum(scales, { description: 'on what values add up: as they are, as square roots, as logarithms' }),
  levelHalfLife: Type.Number({
    ...{ minimum: 600, maximum: 60 * DAY },
    description: 'seconds after which half of the level is new',
  }),
  weekly: Type.Boolean({ description: 'whether weeks have anything of their own' }),
  width: Type.Number({ minimum: 1, maximum: 20, description: 'deviations at which the bands are, at least' }),
};

/** What can be fixed of a series' parameters. */
export const fixedProperties = {
  scale: optional(properties.scale),
  levelHalfLife: optional(properties.levelHalfLife),
  weekly: optional(properties.weekly),
  width: optional(properties.width),
};
export const fixedSchema = Type.Object(fixedProperties, about('what is fixed by hand; the others are chosen'));

const parametersSchema = Type.Object(
  { ...properties, unit: Type.Number({ description: 'of the logarithmic scale' }) },
  about('how it is forecast and judged'),
);

const value = (description: string) => optional(Type.Number({ description }));

export const watchedSchema = Type.Object(
  {
    series: Type.Array(
      Type.Object({
        subject: Type.Object(subjectProperties, about('what is watched')),
        measure: Type.Enum(measures, { description: 'what of it' }),
        unit: Type.Enum(units, { description: 'of the numbers' }),
        parameters: parametersSchema,
        chosen: Type.Boolean({
          description: 'whether the parameters were chosen by what is stored; else they are the usual ones',
        }),
        fixed: fixedSchema,
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
    parameters: parametersSchema,
    times: Type.Array(time(), { description: 'at most 600' }),
    values: column('what there was'),
    expected: column('what was expected a minute before'),
    lower: column('what is less is not usual'),
    upper: column('what is more is not usual'),
    events: Type.Array(
      Type.Object({
        start: time(),
        end: optional(time('absent where it goes on')),
        size: Type.Number({ description: 'the value farthest outside' }),
        expected: Type.Number({ description: 'what was expected of it' }),
      }),
      about('what would have been told, the oldest first'),
    ),
  },
  about('a series with what was expected of it'),
);
