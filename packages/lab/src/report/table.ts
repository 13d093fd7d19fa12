import { columns } from './columns.js';
import { outcomeOf, type Result, remarksOf, summaryOf } from './result.js';

/** Scenario, subject and result: always there, and aligned to the left. */
const named = 3;

/**
 * For the terminal: one line each, what went wrong below, and a summary. Columns that no result has a figure for are left out.
 * @param width of the terminal: columns that find no room are left out, the last ones first, and that is said; undefined: all have room
 */
export function table(results: readonly Result[], width = Number.POSITIVE_INFINITY): string {
  const all = ['scenario', 'subject', 'result', ...columns.map(({ head }) => head)].map((head, i) => {
    const cells = results.map(result => cell(result, i));
    return { head, cells, width: Math.max(head.length, ...cells.map(({ length }) => length)) };
  });
  const told = all.filter(({ cells }, i) => i < named || cells.some(text => text !== '-'));
  const shown = told.filter((_, i) => i < named || lineWidth(told.slice(0, i + 1)) <= width);
  const lines = [shown.map(({ head }) => head), ...results.map((_, row) => shown.map(({ cells }) => cells[row]!))].map(
    texts =>
      texts
        .map((text, i) => pad(text, shown[i]!.width, i))
        .join('  ')
        .trimEnd(),
  );
  const hidden = told.length - shown.length;
  const remarks = results.flatMap(result =>
    remarksOf(result).map(remark => `${result.scenario}, ${result.subject}: ${remark}`),
  );
  if (hidden > 0) remarks.push(`${hidden} more columns in a wider terminal, by --json, and by --html`);
  return `${[...lines, ...spaced(remarks), '', summaryOf(results)].join('\n')}\n`;
}

function cell(result: Result, column: number): string {
  const { scenario, subject, verdict } = result;
  if (column < named) return [scenario, subject, outcomeOf(result)][column]!;
  return (verdict && columns[column - named]!.text(verdict)) ?? '-';
}

const pad = (text: string, width: number, column: number): string =>
  column < named ? text.padEnd(width) : text.padStart(width);

const lineWidth = (columns: readonly { width: number }[]): number =>
  columns.reduce((sum, { width }) => sum + width + 2, -2);

function spaced(lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** One JSON object a line, without plots. */
export function jsonLines(results: readonly Result[]): string {
  return results.map(({ plots: _, ...result }) => `${JSON.stringify(result)}\n`).join('');
}
