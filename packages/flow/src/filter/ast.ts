import type { AddressRange } from '../address.js';
import type { Operand } from '../operand.js';

export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=';

/** A literal, already of the operand's type. */
export type Value =
  /** Whole numbers, MACs as 48 bits, times as milliseconds since the epoch. */
  | { readonly kind: 'whole'; readonly value: bigint }
  /** Numbers with a fraction; durations in milliseconds. */
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'ranges'; readonly ranges: readonly AddressRange[] }
  | { readonly kind: 'text'; readonly value: string };

/**
 * A filter that has a meaning. Two-valued: a comparison with a value that a record does not have is false, whatever the
 * operator, and `not` of it true.
 */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'comparison';
      readonly operand: Operand;
      readonly operator: Operator;
      readonly value: Value;
      readonly column: number;
    }
  /** The record has a value of it, whichever. */
  | { readonly kind: 'has'; readonly operand: Operand; readonly column: number }
  /** The addresses or ports after translation differ from those before. */
  | { readonly kind: 'nat' }
  /** An interface by its name, which only the host that has it can turn into a number. */
  | { readonly kind: 'interface'; readonly operand: Operand; readonly name: string; readonly column: number };

/** What translation changes: the value after it and the value before it. */
export const translated: readonly (readonly [after: string, before: string])[] = [
  ['natsrc', 'src'],
  ['natdst', 'dst'],
  ['natsrcport', 'srcport'],
  ['natdstport', 'dstport'],
];
