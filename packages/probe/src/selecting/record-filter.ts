import {
  type Expression,
  FilterError,
  type OctetRange,
  type Operand,
  type Operator,
  octetRange,
  type Value,
} from '@weir/flow';
import type { FlowRecord } from '../metering/flow-record.js';
import { type FieldReader, fieldReader } from './record-fields.js';

/** Whether a Flow Record fits. */
export type RecordPredicate = (record: FlowRecord) => boolean;

/** What a filter can ask of the host that meters. */
export interface FilterContext {
  /** Number of the interface that has this name now, 0 where there is none. */
  interfaceIndex(name: string): number;
  /** Observation Domain of the records. */
  readonly domain: number;
}

type Comparison = Extract<Expression, { kind: 'comparison' }>;

/**
 * The filter over Flow Records, with the same meaning as over stored ones. Nothing is allocated for a record.
 *
 * @throws FilterError at the column of a name that the probe does not know
 */
export function recordFilter(expression: Expression, context: FilterContext): RecordPredicate {
  switch (expression.kind) {
    case 'and':
      return every(expression.operands.map(operand => recordFilter(operand, context)));
    case 'or':
      return some(expression.operands.map(operand => recordFilter(operand, context)));
    case 'not': {
      const fits = recordFilter(expression.operand, context);
      return record => !fits(record);
    }
    case 'nat':
      return record => record.translated;
    case 'interface': {
      const { operand, name, column } = expression;
      const read = numberReader(operand, column);
      return record => read(record) === context.interfaceIndex(name);
    }
    case 'has':
      return presence(expression.operand, expression.column);
    case 'comparison':
      return comparison(expression, context);
  }
}

function every(all: readonly RecordPredicate[]): RecordPredicate {
  return record => {
    for (let i = 0; i < all.length; i++) if (!all[i](record)) return false;
    return true;
  };
}

function some(any: readonly RecordPredicate[]): RecordPredicate {
  return record => {
    for (let i = 0; i < any.length; i++) if (any[i](record)) return true;
    return false;
  };
}

function comparison({ operand, operator, value, column }: Comparison, context: FilterContext): RecordPredicate {
  if (operand.source === 'origin' && operand.column === 'observationDomainId') {
    const fits = numberTest(operator, numberOf(value))(context.domain);
    return () => fits;
  }
  const readers = readersOf(operand, column);
  switch (readers[0].kind) {
    case 'counter':
      return counterTest(readers[0].index, operator, value);
    case 'address':
      return addressTest(readers.filter(isAddress), operator, value);
    case 'text':
      return textTest(readers[0].read, operator, String(value.kind === 'ranges' ? '' : value.value));
    case 'number': {
      const [first, second] = readers.filter(isNumber);
      const test = numberTest(operator, numberOf(value));
      // Of two elements for one field (ICMP types of both families) a record has one.
      if (second === undefined) return record => test(first.read(record));
      return record => test(first.read(record)) || test(second.read(record));
    }
  }
}

function presence(operand: Operand, column: number): RecordPredicate {
  if (operand.source === 'origin' && operand.column === 'observationDomainId') return () => true;
  return some(readersOf(operand, column).map(hasValue));
}

function hasValue(reader: FieldReader): RecordPredicate {
  switch (reader.kind) {
    case 'counter':
      return record => record.hasCounters;
    case 'number':
      return record => !Number.isNaN(reader.read(record));
    case 'address':
      return record => reader.place(record) >= 0;
    case 'text':
      return record => reader.read(record) !== undefined;
  }
}

function readersOf(operand: Operand, column: number): FieldReader[] {
  if (operand.source === 'duration') return [{ kind: 'number', read: duration }];
  if (operand.source === 'roundTrip') return [{ kind: 'number', read: roundTrip }];
  const readers = operand.keys.map(fieldReader).filter(reader => reader !== undefined);
  if (readers.length > 0) return readers;
  const name = operand.keys[0] ?? operand.column;
  throw new FilterError(`the probe does not know ${name} of a Flow, so it cannot select by it`, column);
}

function numberReader(operand: Operand, column: number): (record: FlowRecord) => number {
  return readersOf(operand, column).filter(isNumber)[0].read;
}

function isNumber(reader: FieldReader): reader is Extract<FieldReader, { kind: 'number' }> {
  return reader.kind === 'number';
}

function isAddress(reader: FieldReader): reader is Extract<FieldReader, { kind: 'address' }> {
  return reader.kind === 'address';
}

/** As the times are exported: whole milliseconds. */
function duration(record: FlowRecord): number {
  return Math.floor(record.end) - Math.floor(record.start);
}

function roundTrip(record: FlowRecord): number {
  return (record.initiatorRoundTrip + record.responderRoundTrip) / 1000;
}

/** Beyond 2^53 a literal is rounded: no number of a record gets near it. */
function numberOf(value: Value): number {
  return value.kind === 'whole' || value.kind === 'float' ? Number(value.value) : Number.NaN;
}

/** Comparisons with NaN, which stands for no value, are false; `!=` has to say so. */
function numberTest(operator: Operator, literal: number): (value: number) => boolean {
  switch (operator) {
    case '=':
      return value => value === literal;
    case '!=':
      return value => value < literal || value > literal;
    case '<':
      return value => value < literal;
    case '>':
      return value => value > literal;
    case '<=':
      return value => value <= literal;
    case '>=':
      return value => value >= literal;
  }
}

/** Signs of `counter - literal` that fit, by operator. */
const signs: Readonly<Record<Operator, readonly number[]>> = {
  '=': [0],
  '!=': [-1, 1],
  '<': [-1],
  '>': [1],
  '<=': [-1, 0],
  '>=': [0, 1],
};

function counterTest(index: number, operator: Operator, value: Value): RecordPredicate {
  // Not by toString(16), which is wrong in QuickJS 2025-04-26 for what is above 2^63.
  const literal = value.kind === 'whole' ? value.value : undefined;
  const high = literal === undefined ? Number.NaN : Number(literal >> 32n);
  const low = literal === undefined ? Number.NaN : Number(literal & 0xffff_ffffn);
  const [below, equal, above] = [-1, 0, 1].map(sign => signs[operator].includes(sign));
  return record => {
    if (!record.hasCounters) return false;
    const difference = record.counterWord(index) - high || record.counterWord(index + 1) - low;
    return difference < 0 ? below : difference > 0 ? above : equal;
  };
}

function addressTest(
  readers: readonly Extract<FieldReader, { kind: 'address' }>[],
  operator: Operator,
  value: Value,
): RecordPredicate {
  const ranges = value.kind === 'ranges' ? value.ranges.map(octetRange) : [];
  const wanted = operator !== '!=';
  return record => {
    for (let i = 0; i < readers.length; i++) {
      const at = readers[i].place(record);
      if (at >= 0) return isWithinAny(ranges, record.family, record.octets, at) === wanted;
    }
    return false;
  };
}

function textTest(
  read: (record: FlowRecord) => string | undefined,
  operator: Operator,
  literal: string,
): RecordPredicate {
  const accepted = signs[operator];
  return record => {
    const text = read(record);
    return text !== undefined && accepted.includes(text < literal ? -1 : text > literal ? 1 : 0);
  };
}

/** Whether the address of 4 or 16 octets at octets[offset] lies in one of the ranges. */
export function isWithinAny(
  ranges: readonly OctetRange[],
  family: number,
  octets: Uint8Array,
  offset: number,
): boolean {
  for (let i = 0; i < ranges.length; i++) {
    const { family: own, low, high } = ranges[i];
    if (own === family && compare(octets, offset, low) >= 0 && compare(octets, offset, high) <= 0) return true;
  }
  return false;
}

function compare(octets: Uint8Array, offset: number, other: Uint8Array): number {
  for (let i = 0; i < other.length; i++) {
    if (octets[offset + i] !== other[i]) return octets[offset + i] - other[i];
  }
  return 0;
}
