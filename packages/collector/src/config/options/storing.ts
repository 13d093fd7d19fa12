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
});

/** Where records are kept. */
export const storingOptions = options.properties;

export interface StoringSettings {
  /** Absolute path of the directory that holds everything of this collector. */
  readonly directory: string;
}

/** @throws WeirError */
export function storingSettings({ store, data }: Static<typeof options>): StoringSettings {
  return { directory: storeDirectory(store ?? `chdb:${data}`) };
}
