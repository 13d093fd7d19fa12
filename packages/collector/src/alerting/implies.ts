import type { AddressRange, Expression, Operator, Value } from '@weir/flow';

type Comparison = Extract<Expression, { kind: 'comparison' }>;

/**
 * Whether whatever fits the first filter fits the second, too, as far as their forms tell: `host 192.0.2.7` is within `net 192.0.2.0/24`.
 * What is not seen to be so counts as not so.
 */
export function implies(a: Expression, b: Expression): boolean {
  if (a.kind === 'or') return a.operands.every(each => implies(each, b));
  if (b.kind === 'and') return b.operands.every(each => implies(a, each));
  if (b.kind === 'or' && b.operands.some(each => implies(a, each))) return true;
  if (a.kind === 'and') return a.operands.some(each => implies(each, b));
  if (a.kind === 'not' && b.kind === 'not') return implies(b.operand, a.operand);
  if (a.kind === 'comparison' && b.kind === 'comparison') return isWithin(a, b);
  // What compares with a value that is not there is false; but a record without tags fits "tag != voip".
  if (a.kind === 'comparison' && b.kind === 'has') return a.operand.column !== 'tags' && isSame(a.operand, b.operand);
  if (a.kind === 'has' && b.kind === 'has') return isSame(a.operand, b.operand);
  if (a.kind === 'interface' && b.kind === 'interface') return a.name === b.name && isSame(a.operand, b.operand);
  return a.kind === 'nat' && b.kind === 'nat';
}

/** Values that are equal, addresses in networks, numbers in ranges. */
function isWithin(a: Comparison, b: Comparison): boolean {
  if (!isSame(a.operand, b.operand)) return false;
  if (a.operator === b.operator && isEqual(a.value, b.value)) return true;
  if (a.value.kind === 'ranges' && b.value.kind === 'ranges')
    return a.operator === '=' && b.operator === '=' && areIn(a.value.ranges, b.value.ranges);
  const [x, y] = [numberOf(a.value), numberOf(b.value)];
  return x !== undefined && y !== undefined && numbersAreIn(a.operator, x, b.operator, y);
}

function areIn(inner: readonly AddressRange[], outer: readonly AddressRange[]): boolean {
  return inner.every(({ low, high }) => outer.some(range => range.low <= low && high <= range.high));
}

function numbersAreIn(a: Operator, x: bigint | number, b: Operator, y: bigint | number): boolean {
  switch (b) {
    case '<=':
      return ['=', '<', '<='].includes(a) && x <= y;
    case '<':
      return a === '<' ? x <= y : ['=', '<='].includes(a) && x < y;
    case '>=':
      return ['=', '>', '>='].includes(a) && x >= y;
    case '>':
      return a === '>' ? x >= y : ['=', '>='].includes(a) && x > y;
    case '!=':
      return a === '=' && x !== y;
    default:
      return false;
  }
}

function numberOf(value: Value): bigint | number | undefined {
  return value.kind === 'whole' || value.kind === 'float' ? value.value : undefined;
}

/** What a name means, whichever name that was. */
function isSame(a: Comparison['operand'], b: Comparison['operand']): boolean {
  return a.source === b.source && a.column === b.column && a.keys.join() === b.keys.join();
}

function isEqual(a: Value, b: Value): boolean {
  if (a.kind === 'ranges' || b.kind === 'ranges') return false;
  return a.kind === b.kind && a.value === b.value;
}
