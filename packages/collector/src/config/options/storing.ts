import Type, { type Static } from 'typebox';
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
});

/** Where records are kept. */
export const storingOptions = options.properties;

export interface StoringSettings {
  /** Absolute path of the directory that holds everything of this collector. */
  readonly directory: string;
  /** Octets of blocks that may wait for the engine. */
  readonly blockSpoolSize: number;
}

/** @throws WeirError */
export function storingSettings({ store, data, ...given }: Static<typeof options>): StoringSettings {
  return { directory: storeDirectory(store ?? `chdb:${data}`), blockSpoolSize: given['block-spool-size'] };
}
