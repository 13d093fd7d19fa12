import { judge, ranked } from '../analysis/bottlenecks/bottlenecks.js';
import type { Capacity } from '../config/options/capacities.js';
import type { Bottlenecks } from '../http/types.js';
import type { Store } from '../store/client.js';
import { type InterfaceLoad, interfaceFilter, interfaceLoads, type Selection } from '../store/queries.js';

/** Seconds: what percentiles of links are usually of. */
const STEP = 300;

/**
 * Links that are full, busy, or make traffic wait, the worst first; the time is cut to whole samples of five minutes.
 * @throws FilterError
 */
export async function bottlenecksOf(
  store: Store,
  capacities: readonly Capacity[],
  { from, to, ...filter }: Selection & { readonly from: number; readonly to: number },
): Promise<Bottlenecks> {
  const whole = (time: number) => Math.floor(time / (STEP * 1000)) * STEP * 1000;
  const selection = { ...filter, from: whole(from), to: whole(to) };
  const loads = selection.from < selection.to ? await interfaceLoads(store, selection, STEP) : [];
  return { step: STEP, links: ranked(loads.flatMap(load => directionsOf(load, capacities))) };
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
