import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { judge, ranked } from '../../analysis/bottlenecks/bottlenecks.js';
import type { Capacity } from '../../config/options/capacities.js';
import { type InterfaceLoad, interfaceFilter, interfaceLoads } from '../../store/queries.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';
import type { Bottlenecks } from '../types.js';

/** Seconds: what percentiles of links are usually of. */
const STEP = 300;
const DAY = 86_400_000;

const parameters = Type.Object(selectionParameters);

/** GET /api/v1/bottlenecks */
export function bottlenecksRoute(app: FastifyInstance, { store, capacities }: ApiContext): void {
  const description =
    'Links that are full, busy, or make traffic wait, the worst first; the time is cut to whole samples of five minutes';
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/bottlenecks',
    {
      schema: {
        operationId: 'bottlenecks',
        description,
        querystring: parameters,
        response: json('Bottlenecks', description),
      },
    },
    async ({ query }): Promise<Bottlenecks> => {
      const now = Date.now();
      const { from, to = now, ...filter } = selectionOf(query, now);
      const whole = (time: number) => Math.floor(time / (STEP * 1000)) * STEP * 1000;
      const selection = { ...filter, from: whole(from ?? to - DAY), to: whole(to) };
      const loads = selection.from < selection.to ? await interfaceLoads(store, selection, STEP) : [];
      return { step: STEP, links: ranked(loads.flatMap(load => directionsOf(load, capacities))) };
    },
  );
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
