import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';

const bitRate = (description: string) =>
  Type.Optional(Type.String({ description, pattern: '^[1-9][0-9]{0,5}([.][0-9]{1,3})?[kMGT]?$' }));

const capacitySchema = Type.Object(
  {
    interface: Type.String({ description: 'name or number of the interface', minLength: 1, maxLength: 255 }),
    exporter: Type.Optional(
      Type.String({ description: 'address of its exporter; all that have such an interface where nothing is said' }),
    ),
    in: bitRate('bits a second that can come in, as 100M'),
    out: bitRate('bits a second that can go out; as many as can come in where nothing is said'),
  },
  { additionalProperties: false },
);

const options = Type.Object({
  capacities: Type.Array(capacitySchema, {
    description: 'what links can carry, to see which are full; learned where a link is full again and again',
    default: [],
    maxItems: 4096,
  }),
});

/** What is known of links. */
export const capacityOptions = options.properties;

/** Bit/s that an interface can carry. */
export interface Capacity {
  readonly exporter?: string;
  /** Name or number. */
  readonly interface: string;
  readonly in?: number;
  readonly out?: number;
}

export interface CapacitySettings {
  readonly capacities: readonly Capacity[];
}

/** @throws WeirError */
export function capacitySettings({ capacities }: Static<typeof options>): CapacitySettings {
  return {
    capacities: capacities.map(({ exporter, interface: name, in: ofIn, out = ofIn }) => {
      if (out === undefined) throw new WeirError(`capacities: nothing is said of "${name}"; give in, out or both`);
      return {
        interface: name,
        ...(exporter !== undefined && { exporter }),
        ...(ofIn !== undefined && { in: bitsOf(ofIn) }),
        out: bitsOf(out),
      };
    }),
  };
}

const FACTORS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function bitsOf(text: string): number {
  return Number.parseFloat(text) * (FACTORS[text.at(-1)!] ?? 1);
}
