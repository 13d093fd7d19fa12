import { parseAddress, parseMac } from '../address.js';
import { isAdded } from '../field-lookup.js';
import { type Operand, resolveName, roundTripParts, type ValueType } from '../operand.js';
import { type Expression, type Operator, translated, type Value } from './ast.js';
import { FilterError } from './error.js';

/**
 * Whether a decoded record fits.
 * @param record IANA names to values as they are printed.
 */
export type Predicate = (record: Readonly<Record<string, unknown>>, observationDomainId?: number) => boolean;

type Comparable = bigint | number | string;
type Getter = (record: Readonly<Record<string, unknown>>, observationDomainId?: number) => Comparable | undefined;

/**
 * The filter over decoded records, with the same meaning as in SQL.
 * @throws FilterError where it asks for what only stored records have.
 */
export function filterPredicate(expression: Expression): Predicate {
  switch (expression.kind) {
    case 'and': {
      const all = expression.operands.map(filterPredicate);
      return (record, domain) => all.every(fits => fits(record, domain));
    }
    case 'or': {
      const any = expression.operands.map(filterPredicate);
      return (record, domain) => any.some(fits => fits(record, domain));
    }
    case 'not': {
      const fits = filterPredicate(expression.operand);
      return (record, domain) => !fits(record, domain);
    }
    case 'nat':
      return isTranslated();
    case 'interface':
      throw new FilterError(
        `an interface's name is known to the probe only, give the number instead of "${expression.name}"`,
        expression.column,
      );
    case 'has': {
      const { operand, column } = expression;
      const get = getter(operand, column);
      // Also a value that is none of its type is one.
      if (operand.keys.length > 0) return record => operand.keys.some(key => record[key] !== undefined);
      return (record, domain) => get(record, domain) !== undefined;
    }
    case 'comparison': {
      const get = getter(expression.operand, expression.column);
      const test = testOf(expression.operator, expression.value);
      return (record, domain) => {
        const value = get(record, domain);
        return value !== undefined && test(value);
      };
    }
  }
}

function testOf(operator: Operator, value: Value): (value: Comparable) => boolean {
  if (value.kind === 'ranges') {
    const within = (v: Comparable) =>
      typeof v === 'bigint' && value.ranges.some(range => range.low <= v && v <= range.high);
    return operator === '!=' ? v => !within(v) : within;
  }
  const literal = value.value;
  switch (operator) {
    case '=':
      return v => v === literal;
    case '!=':
      return v => v !== literal;
    case '<':
      return v => v < literal;
    case '>':
      return v => v > literal;
    case '<=':
      return v => v <= literal;
    case '>=':
      return v => v >= literal;
  }
}

function getter(operand: Operand, column: number): Getter {
  switch (operand.source) {
    case 'origin':
      if (operand.column !== 'observationDomainId') {
        throw new FilterError('the exporter is known of stored records only', column);
      }
      return (_, domain) => (domain === undefined ? undefined : BigInt(domain));
    case 'duration': {
      const [start, end] = [namedGetter('start'), namedGetter('end')];
      return record => {
        const [from, to] = [start(record), end(record)];
        return from === undefined || to === undefined ? undefined : Number((to as bigint) - (from as bigint));
      };
    }
    case 'roundTrip': {
      const parts = roundTripParts.map(namedGetter);
      return record => {
        const times = parts.map(part => part(record));
        return times.includes(undefined)
          ? undefined
          : times.reduce<number>((sum, time) => sum + Number(time), 0) / 1000;
      };
    }
    default: {
      if (operand.keys.every(isAdded)) {
        throw new FilterError(
          `${operand.keys[0]} is added by the collector: it is known of stored records only`,
          column,
        );
      }
      const read = readers[operand.type];
      // Of an element that a Template has twice, the column holds the first value and `other` the list.
      const single = operand.source === 'column' ? firstOf : textOf;
      return record => {
        const key = operand.keys.find(name => record[name] !== undefined);
        return key === undefined ? undefined : read(single(record[key]));
      };
    }
  }
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function textOf(value: unknown): unknown {
  return Array.isArray(value) ? JSON.stringify(value) : value;
}

function namedGetter(name: string): Getter {
  return getter(resolveName(name)!, 0);
}

/** Addresses or ports that translation has changed. */
function isTranslated(): Predicate {
  const pairs = translated.map(([after, before]) => [namedGetter(after), namedGetter(before)] as const);
  return record =>
    pairs.some(([after, before]) => {
      const [a, b] = [after(record), before(record)];
      return a !== undefined && b !== undefined && a !== b;
    });
}

const readers: Readonly<Record<ValueType, (value: unknown) => Comparable | undefined>> = {
  unsigned: wholeOf,
  signed: wholeOf,
  float: value => (Number.isNaN(Number(value)) ? undefined : Number(value)),
  address: value => parseAddress(String(value)),
  mac: value => parseMac(String(value)),
  time: value => {
    const time = Date.parse(String(value));
    return Number.isNaN(time) ? undefined : BigInt(time);
  },
  boolean: value => String(value),
  octets: value => String(value).toLowerCase(),
  text: value => String(value),
  duration: value => Number(value),
};

function wholeOf(value: unknown): bigint | undefined {
  return /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : undefined;
}
