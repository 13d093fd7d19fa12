import { type Expression, type Operand, parseFilter } from '@weir/flow';
import { type Rollup, rollups } from '../rollup/rollups.js';
import type { Interval, Selection } from './selection.js';

/**
 * The rollups that a sum over whole records can be taken from, the longest step first; none where the Flow Records are summed up.
 * @param by what is told apart.
 * @throws FilterError
 */
export function rollupsOfGroups(selection: Selection, by: readonly Operand[]): readonly Rollup[] {
  const asked = [...by, ...operandsOf(selection)];
  const found = rollups.find(rollup => rollup.kind === 'ends' && asked.every(operand => has(rollup, operand)));
  return rollups.filter(({ dimensions }) => dimensions === found?.dimensions).reverse();
}

/**
 * The rollup that has the shares of steps of this length.
 * @param by what is told apart.
 * @param step milliseconds.
 * @throws FilterError
 */
export function rollupOfSeries(selection: Selection, by: readonly Asked[], step: number): Rollup | undefined {
  const asked = [...by, ...operandsOf(selection)];
  return rollups.find(
    rollup =>
      rollup.kind === 'spread' && step % (rollup.step * 1000) === 0 && asked.every(operand => has(rollup, operand)),
  );
}

/**
 * The rollup by whose steps whole records can be summed up to steps of this length, by their ends; that of the longest steps.
 * @param by what is told apart.
 * @param step milliseconds.
 * @throws FilterError
 */
export function rollupOfEnds(selection: Selection, by: readonly Asked[], step: number): Rollup | undefined {
  const asked = [...by, ...operandsOf(selection)];
  const fits = (rollup: Rollup) => rollup.kind === 'ends' && step % (rollup.step * 1000) === 0;
  return rollups.filter(rollup => fits(rollup) && asked.every(operand => has(rollup, operand))).at(-1);
}

/** The rollup that has how many Flows were answered and how long handshakes took; none where the Flow Records are summed up. @throws FilterError */
export function rollupOfAnswers(selection: Selection): readonly Rollup[] {
  const asked = operandsOf(selection);
  return rollups.filter(rollup => rollup.kind === 'answers' && asked.every(operand => has(rollup, operand)));
}

/** A part of an interval. */
export interface Piece extends Interval {
  /** The rollup whose whole steps it is; undefined where Flow Records have to be summed up. */
  readonly rollup: Rollup | undefined;
}

/** Whether a piece is of the sums of a rollup. */
export function isSummed({ rollup }: Piece): boolean {
  return rollup !== undefined;
}

/** The interval that pieces make together. */
export function around(pieces: readonly Interval[]): Interval {
  return { from: Math.min(...pieces.map(({ from }) => from)), to: Math.max(...pieces.map(({ to }) => to)) };
}

/** The interval cut into whole steps of the rollups, the longest of them in the middle, and what is left at the edges. */
export function cut(interval: Interval, [longest, ...shorter]: readonly Rollup[]): readonly Piece[] {
  const { from, to } = interval;
  if (longest === undefined) return [{ from, to, rollup: undefined }];
  const length = longest.step * 1000;
  const whole = { from: Math.ceil(from / length) * length, to: Math.floor(to / length) * length };
  if (whole.from >= whole.to) return cut(interval, shorter);
  const edges = [
    { from, to: whole.from },
    { from: whole.to, to },
  ].filter(edge => edge.from < edge.to);
  return [{ ...whole, rollup: longest }, ...edges.flatMap(edge => cut(edge, shorter))];
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
    case 'has':
      return [expression.operand];
    default:
      return [undefined];
  }
}
