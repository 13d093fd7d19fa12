import type { TrueFlow } from '../truth/flow.js';
import { counted, number } from '../words.js';
import type { Comparison } from './comparison.js';
import type { Tolerances, Verdict } from './verdict.js';

interface Findings {
  measured: Omit<Verdict, 'contradictions' | 'failures'>;
  compared: Comparison;
  truth: readonly TrueFlow[];
  tolerances: Tolerances;
}

/** What the scenario expects and the subject does not do, one line each, with figures. */
export function failuresOf(findings: Findings): string[] {
  return [...countsOf(findings), ...errorsOf(findings), ...restOf(findings)];
}

function countsOf({ measured, compared, tolerances }: Findings): string[] {
  const { lost, duplicated, invented } = compared;
  const line = (what: string, keys: string[], expected: number): string[] =>
    keys.length <= expected ? [] : [`${what}, expected ${number(expected)}: first ${keys[0]}`];
  return [
    ...line(`${number(lost.length)} of ${counted(measured.flows, 'flow')} lost`, lost, tolerances.lost),
    ...line(`${counted(duplicated.length, 'flow')} told more than once`, duplicated, tolerances.duplicated),
    ...line(`${counted(invented.length, 'record')} of flows that never were`, invented, tolerances.invented),
  ];
}

const judged = [
  ['octets', 'octets', '', flow => flow.octets],
  ['packets', 'packets', '', flow => flow.packets],
  ['start', 'first packet', ' ms', flow => flow.first],
  ['end', 'last packet', ' ms', flow => flow.last],
] as const satisfies readonly (readonly [string, string, string, (flow: TrueFlow) => number | undefined])[];

function errorsOf({ measured, compared, truth, tolerances }: Findings): string[] {
  const told = measured.lost < measured.flows;
  return judged.flatMap(([what, words, unit, pick]) => {
    const spread = measured[what];
    const limit = tolerances[what];
    if (spread === undefined) {
      return told && truth.some(flow => pick(flow) !== undefined) ? [`the ${words} of flows: not told`] : [];
    }
    if (spread.largest <= limit) return [];
    const wrong = compared[what].filter(({ error }) => error > limit);
    const worst = wrong.reduce((a, b) => (b.error > a.error ? b : a));
    const which = `the ${words} of ${counted(new Set(wrong.map(({ key }) => key)).size, 'flow')} wrong`;
    const by = `by up to ${number(spread.largest)}${unit} (median ${number(spread.median)}${unit})`;
    return [`${which} ${by}, expected at most ${number(limit)}${unit}: worst ${worst.key}`];
  });
}

function restOf({ measured: { smoothness, malformed }, tolerances }: Findings): string[] {
  const found: string[] = [];
  const { smoothness: limit } = tolerances;
  if (limit !== undefined && smoothness === undefined) {
    found.push('smoothness: no flow is told by several records with times');
  } else if (limit !== undefined && smoothness! > limit) {
    found.push(`the largest bucket is ${number(smoothness!)} times the median, expected at most ${number(limit)}`);
  }
  if (malformed > tolerances.malformed) {
    found.push(`tshark complains of ${counted(malformed, 'datagram')}, expected ${number(tolerances.malformed)}`);
  }
  return found;
}
