import { type Expression, type Operand, parseFilter } from '@weir/flow';
import { type Rollup, rollups } from '../rollup/rollups.js';
import type { Interval, Selection } from './selection.js';

/**
 * The rollup that a sum over whole records can be taken from, where there is one and the selection is longer than its step; else the Flow
 * Records are summed up.
 * @param by what is told apart.
 * @throws FilterError
 */
export function rollupOfGroups(selection: Selection, by: readonly Operand[]): Rollup | undefined {
  const asked = [...by, ...operandsOf(selection)];
  return rollups.find(rollup => rollup.kind === 'ends' && asked.every(operand => has(rollup, operand)));
}

/**
 * The rollup that has the shares of steps of this length.
 * @param by what is told apart.
 * @param step milliseconds.
 * @throws FilterError
 */
export function rollupOfSeries(selection: Selection, by: readonly Operand[], step: number): Rollup | undefined {
  const asked = [...by, ...operandsOf(selection)];
  return rollups.find(
    rollup =>
      rollup.kind === 'spread' && step % (rollup.step * 1000) === 0 && asked.every(operand => has(rollup, operand)),
  );
}

/** The whole steps of the rollup in the interval; undefined where there are none. */
export function wholeSteps({ from, to }: Interval, { step }: Rollup): Interval | undefined {
  const length = step * 1000;
  const whole = { from: Math.ceil(from / length) * length, to: Math.floor(to / length) * length };
  return whole.from < whole.to ? whole : undefined;
}

export type Asked = Operand | undefined;

function has(rollup: Rollup, operand: Asked): boolean {
  const { source, column } = operand ?? {};
  return (source === 'column' || source === 'origin') && rollup.dimensions.includes(column!);
}

/** What the filter asks of a record; undefined stands for what is no single field. @throws FilterError */
export function operandsOf({ filter }: Selection): readonly Asked[] {
  return filter === undefined || filter.trim() === '' ? [] : operandsIn(parseFilter(filter));
}

function operandsIn(expression: Expression): readonly Asked[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.flatMap(operandsIn);
    case 'not':
      return operandsIn(expression.operand);
    case 'comparison':
      return [expression.operand];
    default:
      return [undefined];
  }
}
