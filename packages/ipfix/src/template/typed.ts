import type { DATA_TYPES, IANA_ELEMENTS, WEIR_ELEMENTS } from '../elements/generated/elements.js';
import type { DataType } from '../elements/types.js';
import type { BasicList, SubTemplateList, SubTemplateMultiList } from '../structured/types.js';
import { fieldsOf, type Template } from './template.js';

/** What decodeRecords makes of a value of each abstract data type. */
interface Values {
  /** Text beyond 2^53-1. */
  unsigned64: number | string;
  signed64: number | string;
  unsigned256: number | string;
  /** Null for NaN and infinity, which JSON has not. */
  float32: number | null;
  float64: number | null;
  /** The octet, where it is neither 1 nor 2. */
  boolean: boolean | number;
  /** Text: the octets in hex, where they are no list. */
  basicList: BasicList | string;
  subTemplateList: SubTemplateList | string;
  subTemplateMultiList: SubTemplateMultiList | string;
}

type SmallInteger = 'unsigned8' | 'unsigned16' | 'unsigned32' | 'signed8' | 'signed16' | 'signed32';

/** All else is text: octets in hex, addresses, times, strings. */
type ValueOfType<T extends DataType> = T extends keyof Values ? Values[T] : T extends SmallInteger ? number : string;

/** The index of an element's type from its line in the table: "1 octetDeltaCount 4 0 0" has 4. */
type Index<Table extends string, Name extends string> = Table extends `${string} ${Name} ${infer Rest}`
  ? Rest extends `${infer Line}\n${string}`
    ? Line extends `${infer Number} ${string}`
      ? Number
      : Line
    : never
  : never;

type TypeAt<I> = I extends keyof typeof DATA_TYPES ? (typeof DATA_TYPES)[I] : never;

type KnownType<Name extends string> = TypeAt<Index<typeof IANA_ELEMENTS, Name> | Index<typeof WEIR_ELEMENTS, Name>>;

/** A reverse element (RFC 5103) has the type of the forward one: reverseVRFname is VRFname's, reverseFlowId flowId's. */
type TypeOf<Name extends string> = [KnownType<Name>] extends [never]
  ? Name extends `reverse${infer Forward}`
    ? KnownType<Forward> | KnownType<Uncapitalize<Forward>>
    : never
  : KnownType<Name>;

/** The abstract data type of an element of IANA's or Weir's by its name; never for a name that neither has. */
export type TypeOfElement<Name extends string> = Extract<TypeOf<Name>, DataType>;

/** What decodeRecords gives for an element of that name; unknown for one that is in neither registry. */
export type ValueOf<Name extends string> = [TypeOfElement<Name>] extends [never]
  ? unknown
  : ValueOfType<TypeOfElement<Name>>;

/** An element by name, and the octets of its field where these are not those of its type. */
export type FieldName = string | readonly [name: string, length: number];
type NameOf<Field> = Field extends readonly [infer Name extends string, number]
  ? Name
  : Field extends string
    ? Field
    : never;

/** Names that are there more than once. */
type Repeated<Fields extends readonly FieldName[], Seen = never> = Fields extends readonly [
  infer Field,
  ...infer Others extends readonly FieldName[],
]
  ? Extract<NameOf<Field>, Seen> | Repeated<Others, Seen | NameOf<Field>>
  : never;

/**
 * A record with those elements, as decodeRecords gives it, see recordsWith. A name that is there several times has an array of
 * values; padding has none.
 */
export type RecordOf<Fields extends readonly FieldName[]> = {
  [Name in Exclude<NameOf<Fields[number]>, 'paddingOctets'>]: Name extends Repeated<Fields>
    ? ValueOf<Name>[]
    : ValueOf<Name>;
};

/** A Template that knows the names of its elements, and with recordsWith the type of its records. */
export interface TypedTemplate<Names extends readonly FieldName[]> extends Template {
  readonly names: Names;
}

/**
 * A Template of elements by name, in the natural length of their type unless one is given; `id` from 256 to 65535.
 * Throws WeirError where a name is not known.
 */
export function defineTemplate<const Names extends readonly FieldName[]>(
  id: number,
  names: Names,
): TypedTemplate<Names> {
  return { id, scopeFieldCount: 0, fields: fieldsOf(names), names };
}
