import type { Outcome, Result } from './case.js';

/** How many cases went which way. */
export function tally(results: readonly Result[]): Record<Outcome, number> {
  const count = (outcome: Outcome): number => results.filter(each => each.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed'), 'not observable': count('not observable') };
}

/** Whether nothing failed that is required. */
export function conforms(results: readonly Result[]): boolean {
  return results.length > 0 && !results.some(({ info, outcome }) => info.level === 'MUST' && outcome === 'failed');
}

/** "weir over udp: 62 passed, 0 failed (0 of them MUST), 4 not observable". */
export function summaryLine(results: readonly Result[]): string {
  const { passed, failed, 'not observable': unseen } = tally(results);
  const must = results.filter(({ info, outcome }) => info.level === 'MUST' && outcome === 'failed').length;
  const [{ subject, transport }] = results as [Result, ...Result[]];
  return `${subject} over ${transport}: ${passed} passed, ${failed} failed (${must} of them MUST), ${unseen} not observable`;
}

/** One object a line. */
export function jsonLine({ info, subject, transport, outcome, why }: Result): string {
  const { id, title, section, level } = info;
  return JSON.stringify({ subject, transport, case: id, title, section, level, outcome, why });
}

/** The results by subject and transport, in their order. */
export function bySubject(results: readonly Result[]): Result[][] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const key = `${result.subject} ${result.transport}`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()];
}
