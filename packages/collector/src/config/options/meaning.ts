import Type, { type Static } from 'typebox';

const options = Type.Object({
  'mark-duplicates': Type.Boolean({
    description:
      'whether records of a flow that another exporter tells of, too, are marked, so that sums leave them out; false where the same addresses and ports are different flows at different exporters',
    default: true,
  }),
});

/** How records of several exporters are understood together. */
export const meaningOptions = options.properties;

export interface MeaningSettings {
  readonly markDuplicates: boolean;
}

export function meaningSettings(given: Static<typeof options>): MeaningSettings {
  return { markDuplicates: given['mark-duplicates'] };
}
