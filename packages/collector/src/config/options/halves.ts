import Type, { type Static } from 'typebox';
import type { HalvesOptions } from '../../collecting/meaning/halves.js';

const options = Type.Object({
  'join-halves': Type.Number({
    description:
      'seconds that a Flow Record of one direction waits for that of the other, to be stored as one Biflow; somewhat more than exporters let pass between the two; 0: nothing waits, records are stored as they come',
    default: 0,
    minimum: 0,
    maximum: 3600,
  }),
});

/** How Flow Records are put together. */
export const halvesOptions = options.properties;

export interface HalvesSettings {
  /** Undefined: records are left as they come. */
  readonly halves: HalvesOptions | undefined;
}

export function halvesSettings(given: Static<typeof options>): HalvesSettings {
  const seconds = given['join-halves'];
  return { halves: seconds === 0 ? undefined : { wait: 1000 * seconds } };
}
