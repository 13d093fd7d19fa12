import type { MeshHistory } from '../../store/mesh/history.js';
import type { Spans } from '../../store/mesh/spans.js';
import type { MeshCoverage } from '../types.js';

/** What is shown at least, where nothing is told of when to begin. Milliseconds. */
const LEAST = 3_600_000;

/** Since when something is known, and when: from the first look at a topology, unless told otherwise. */
export async function coverageOf(
  history: Pick<MeshHistory, 'looks' | 'flows'>,
  topologies: readonly string[],
  { from, to }: { readonly from?: number | undefined; readonly to: number },
): Promise<MeshCoverage> {
  const looks = await history.looks({ from: from ?? 0, to });
  const begins = topologies.flatMap(name => (looks.get(name) ?? []).map(([begin]) => begin));
  const flows = await history.flows({ from: from ?? Math.min(to - LEAST, ...begins), to });
  return {
    sources: [
      ...topologies.map(name => ({ name, kind: 'topology' as const, spans: copied(looks.get(name) ?? []) })),
      { name: 'flows', kind: 'flows', spans: copied(flows) },
    ],
  };
}

function copied(spans: Spans): [number, number][] {
  return spans.map(([begin, end]) => [begin, end]);
}
