import { LIST_SEMANTICS } from '../elements/generated/elements.js';

/**
 * What relates the elements of a list (RFC 6313 section 4.4): noneOf, exactlyOneOf, oneOrMoreOf, allOf, ordered, undefined, or a
 * number that has no name.
 */
export type ListSemantic = string | number;

/** A basicList: values of one element. */
export interface BasicList {
  readonly semantic: ListSemantic;
  /** Name of the element, PEN:ID where it has none. */
  readonly element: string;
  /** Octets of each value on the wire, where that is not the natural length of the element's type. */
  readonly length?: number;
  readonly list: readonly unknown[];
  /** Something is missing: the list was malformed or over a limit. */
  readonly cut?: true;
}

/** A subTemplateList: records of one Template. */
export interface SubTemplateList {
  readonly semantic: ListSemantic;
  readonly templateId: number;
  /** Element name -> value. */
  readonly list: readonly Readonly<Record<string, unknown>>[];
  readonly cut?: true;
  /** The records in hex, where their Template is not known. */
  readonly octets?: string;
}

/** A subTemplateMultiList: records of several Templates, in groups of one Template each. */
export interface SubTemplateMultiList {
  readonly semantic: ListSemantic;
  readonly list: readonly SubTemplateGroup[];
  readonly cut?: true;
}

/** The records of one Template in a subTemplateMultiList. */
export interface SubTemplateGroup {
  readonly templateId: number;
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly cut?: true;
  /** The records in hex, where their Template is not known. */
  readonly octets?: string;
}

const numbers = new Map(Object.entries(LIST_SEMANTICS).map(([number, name]) => [name, Number(number)]));

export function semanticOf(number: number): ListSemantic {
  return LIST_SEMANTICS[number] ?? number;
}

/** The octet of a semantic; undefined where it is none. */
export function semanticNumber(semantic: unknown): number | undefined {
  if (typeof semantic === 'string') return numbers.get(semantic);
  const octet = Number.isInteger(semantic) && Number(semantic) >= 0 && Number(semantic) <= 255;
  return octet ? Number(semantic) : undefined;
}
