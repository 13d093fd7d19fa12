import { judge, ranked } from '../analysis/bottlenecks/bottlenecks.js';
import type { Capacity } from '../config/options/capacities.js';
import type { Bottlenecks } from '../http/types.js';
import type { Store } from '../store/client.js';
import {
  type InterfaceLoad,
  interfaceFilter,
  interfaceLoads,
  isWorthEstimating,
  type Selection,
} from '../store/queries.js';

/** Seconds: what percentiles of links are usually of. */
const STEP = 300;
/** Of estimates, because a few Flows of a short step are no measure of it. */
const ESTIMATED_STEP = 3600;

/** What links are judged by, from and to milliseconds since the epoch. */
type Span = Selection & { readonly from: number; readonly to: number };

/**
 * Links that are full, busy, or make traffic wait, the worst first; the time is cut to whole samples of five minutes, or of an hour where they are estimates.
 * @throws FilterError
 */
export async function bottlenecksOf(
  store: Store,
  capacities: readonly Capacity[],
  selection: Span,
): Promise<Bottlenecks> {
  if (await isWorthEstimating(store, selection)) {
    const estimated = await bottlenecksIn(store, capacities, selection, ESTIMATED_STEP);
    if (selection.estimate?.error !== undefined) return estimated;
  }
  return await bottlenecksIn(store, capacities, selection, STEP);
}

async function bottlenecksIn(
  store: Store,
  capacities: readonly Capacity[],
  { from, to, ...selected }: Span,
  step: number,
): Promise<Bottlenecks> {
  const whole = (time: number) => Math.floor(time / (step * 1000)) * step * 1000;
  const selection = { ...selected, from: whole(from), to: whole(to) };
  const loads = selection.from < selection.to ? await interfaceLoads(store, selection, step) : [];
  return { step, links: ranked(loads.flatMap(load => directionsOf(load, capacities))) };
}

type Link = Bottlenecks['links'][number];

function directionsOf(load: InterfaceLoad, capacities: readonly Capacity[]): Link[] {
  const { exporter, interface: number, name, roundTrips } = load;
  const given = capacities.find(
    capacity =>
      (capacity.exporter ?? exporter) === exporter &&
      (capacity.interface === name || capacity.interface === String(number)),
  );
  return (['in', 'out'] as const).map(direction => ({
    ...{ exporter, interface: number, ...(name !== undefined && { name }), direction },
    filter: interfaceFilter(exporter, number),
    ...judge({ rates: load[direction], roundTrips, capacity: given?.[direction] }),
  }));
}
