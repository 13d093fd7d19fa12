import { type Expression, type OctetRange, type Operator, octetRange, type Value } from '@weir/flow';

export type Side = 'source' | 'destination';

/**
 * What a filter says of the Flow Key of the original direction. It fits every Flow that the filter fits, and perhaps more: so
 * connections that it does not fit need not be looked at. It asks for nothing that changes in a connection's life; a mark
 * does, and a connection that dropped out of sight by its mark would look as if it had ended.
 */
export type KeyTest =
  | { readonly kind: 'always' | 'never' }
  | { readonly kind: 'all' | 'any'; readonly tests: readonly KeyTest[] }
  | { readonly kind: 'protocol'; readonly low: number; readonly high: number; readonly wanted: boolean }
  | { readonly kind: 'family'; readonly family: 4 | 6 }
  | {
      readonly kind: 'port';
      readonly side: Side;
      readonly low: number;
      readonly high: number;
      readonly wanted: boolean;
    }
  /** A prefix of `range.family`; an address of the other family is not in it. */
  | { readonly kind: 'address'; readonly side: Side; readonly range: OctetRange; readonly wanted: boolean };

const ALWAYS: KeyTest = { kind: 'always' };
const NEVER: KeyTest = { kind: 'never' };

type Comparison = Extract<Expression, { kind: 'comparison' }>;

/** @param wanted false for the negation: `not` is carried down to the comparisons, so that what is not known of them stays `always`. */
export function keyTest(expression: Expression, wanted = true): KeyTest {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const tests = expression.operands.map(operand => keyTest(operand, wanted));
      return (expression.kind === 'and') === wanted ? all(tests) : any(tests);
    }
    case 'not':
      return keyTest(expression.operand, !wanted);
    case 'comparison':
      return comparisonTest(expression, wanted);
    default:
      return ALWAYS;
  }
}

export function all(tests: readonly KeyTest[]): KeyTest {
  const real = tests.filter(test => test.kind !== 'always');
  if (real.some(test => test.kind === 'never')) return NEVER;
  return real.length === 0 ? ALWAYS : real.length === 1 ? real[0] : { kind: 'all', tests: real };
}

export function any(tests: readonly KeyTest[]): KeyTest {
  const real = tests.filter(test => test.kind !== 'never');
  if (real.some(test => test.kind === 'always')) return ALWAYS;
  return real.length === 0 ? NEVER : real.length === 1 ? real[0] : { kind: 'any', tests: real };
}

const ports: Readonly<Record<string, Side>> = {
  sourceTransportPort: 'source',
  destinationTransportPort: 'destination',
};
const addresses: Readonly<Record<string, Side>> = {
  sourceIPv4Address: 'source',
  sourceIPv6Address: 'source',
  destinationIPv4Address: 'destination',
  destinationIPv6Address: 'destination',
};

function comparisonTest({ operand, operator, value }: Comparison, wanted: boolean): KeyTest {
  const [name] = operand.keys;
  if (name === undefined) return ALWAYS;
  if (name === 'protocolIdentifier') {
    // Every Flow has one, so that `!=` is the negation of `=`.
    const [plain, turned] = operator === '!=' ? (['=', !wanted] as const) : [operator, wanted];
    return numberTest(plain, value, 0xff, turned, range => ({ kind: 'protocol', ...range }));
  }
  if (Object.hasOwn(ports, name)) {
    const side = ports[name];
    return numberTest(operator, value, 0xffff, wanted, range => ({ kind: 'port', side, ...range }));
  }
  if (Object.hasOwn(addresses, name)) return addressTest(addresses[name], operand.keys, operator, value, wanted);
  return ALWAYS;
}

interface NumberRange {
  readonly low: number;
  readonly high: number;
  readonly wanted: boolean;
}

/** A comparison as ranges of the numbers from 0 to `maximum`. */
function numberTest(
  operator: Operator,
  value: Value,
  maximum: number,
  wanted: boolean,
  make: (range: NumberRange) => KeyTest,
): KeyTest {
  if (value.kind !== 'whole') return ALWAYS;
  const literal = Number(value.value);
  const comparisons: Readonly<Record<Operator, readonly (readonly [low: number, high: number])[]>> = {
    '=': [[literal, literal]],
    '!=': [
      [0, literal - 1],
      [literal + 1, maximum],
    ],
    '<': [[0, literal - 1]],
    '<=': [[0, literal]],
    '>': [[literal + 1, maximum]],
    '>=': [[literal, maximum]],
  };
  const tests = comparisons[operator]
    .map(([low, high]) => ({ low, high: Math.min(high, maximum), wanted }))
    .filter(({ low, high }) => low <= high)
    .map(make);
  return wanted ? any(tests) : all(tests);
}

function addressTest(side: Side, keys: readonly string[], operator: Operator, value: Value, wanted: boolean): KeyTest {
  if (value.kind !== 'ranges') return ALWAYS;
  const families = ([4, 6] as const).filter(family => keys.some(key => key.includes(`IPv${family}`)));
  const ranges = value.ranges.map(octetRange).filter(range => families.includes(range.family));
  const inside = (operator !== '!=') === wanted;
  const tests = ranges.map((range): KeyTest => {
    // All of IPv6 but ::ffff:0:0/96: at least its family is known.
    if (range.prefix === undefined) return inside ? { kind: 'family', family: range.family } : ALWAYS;
    return { kind: 'address', side, range, wanted: inside };
  });
  const within = inside ? any(tests) : all(tests);
  if (families.length === 2 || operator === '=') return within;
  // `sourceIPv4Address != ...` is false of IPv6, its negation true.
  const own: KeyTest = { kind: 'family', family: families[0] };
  const other: KeyTest = { kind: 'family', family: families[0] === 4 ? 6 : 4 };
  return wanted ? all([own, within]) : any([other, within]);
}
