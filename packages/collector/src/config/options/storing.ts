import Type, { type Static } from 'typebox';
import type { RetentionOptions } from '../../store/retention.js';
import { defaultDataDirectory, storeDirectory } from '../directory.js';

const options = Type.Object({
  store: Type.Optional(
    Type.String({ description: 'where records are kept, chdb:PATH (default: the data directory)', minLength: 1 }),
  ),
  data: Type.String({
    description: 'data directory, made where it is not there',
    default: defaultDataDirectory(),
    minLength: 1,
  }),
  'block-spool-size': Type.Integer({
    description:
      'octets of decoded blocks that may wait on disk for the engine, in the data directory, before no more is decoded',
    default: 1_073_741_824,
    minimum: 1,
    maximum: 1_099_511_627_776,
  }),
  'keep-flows': days('Flow Records are kept, from their reception'),
  'keep-minutes': days('sums of minutes are kept, which plots are drawn from'),
  'keep-hours': days('sums of hours are kept, which long plots and top hosts come from'),
  'keep-size': Type.Optional(
    Type.String({
      description:
        'size on disk, as 500M, 50G or 2T octets, above which the oldest Flow Records are dropped, day by day, looked at once an hour; default: no limit',
      pattern: '^[1-9][0-9]*[MGT]$',
    }),
  ),
});

function days(what: string) {
  return Type.Optional(
    Type.Integer({ description: `days that ${what}; default: for ever`, minimum: 1, maximum: 36_500 }),
  );
}

const magnitudes: Readonly<Record<string, number>> = { M: 1e6, G: 1e9, T: 1e12 };

/** Where records are kept. */
export const storingOptions = options.properties;

export interface StoringSettings {
  /** Absolute path of the directory that holds everything of this collector. */
  readonly directory: string;
  /** Octets of blocks that may wait for the engine. */
  readonly blockSpoolSize: number;
  readonly retention: RetentionOptions;
}

/** @throws WeirError */
export function storingSettings(given: Static<typeof options>): StoringSettings {
  const size = given['keep-size'];
  return {
    directory: storeDirectory(given.store ?? `chdb:${given.data}`),
    blockSpoolSize: given['block-spool-size'],
    retention: {
      keepFlows: given['keep-flows'],
      keepMinutes: given['keep-minutes'],
      keepHours: given['keep-hours'],
      keepSize: size === undefined ? undefined : Number(size.slice(0, -1)) * magnitudes[size.at(-1)!]!,
    },
  };
}
