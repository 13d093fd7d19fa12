import { columns } from './columns.js';
import { outcomeOf, type Result, remarksOf, summaryOf } from './result.js';

/** For the terminal: one line each, what went wrong below, and a summary. */
export function table(results: readonly Result[]): string {
  const heads = ['scenario', 'subject', 'result', ...columns.map(({ head }) => head)];
  const rows = results.map(result => {
    const { scenario, subject, verdict } = result;
    return [scenario, subject, outcomeOf(result), ...columns.map(({ text }) => (verdict && text(verdict)) ?? '-')];
  });
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map(row => row[i]!.length)));
  const line = (cells: string[]): string =>
    cells
      .map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  const remarks = results.flatMap(result =>
    remarksOf(result).map(remark => `${result.scenario}, ${result.subject}: ${remark}`),
  );
  return `${[line(heads), ...rows.map(line), ...spaced(remarks), '', summaryOf(results)].join('\n')}\n`;
}

function spaced(lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** One JSON object a line, without plots. */
export function jsonLines(results: readonly Result[]): string {
  return results.map(({ plots: _, ...result }) => `${JSON.stringify(result)}\n`).join('');
}
