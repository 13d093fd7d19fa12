import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { measures, unitOf } from '../../analysis/events/measures.js';
import { previewOf } from '../../analysis/forecast/preview.js';
import { measureValues } from '../../store/events/minute-values.js';
import type { ApiContext } from '../context.js';
import { json } from '../openapi.js';
import { selectionOf, selectionParameters } from '../parameters.js';
import type { Watched, WatchedPreview } from '../types.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What is learnt before the time that is asked for: two weeks tell what a week is like. */
const HISTORY = 14 * DAY;
/** Minutes are judged when their records are there: later ones are not shown. */
const DELAY = 2 * MINUTE;

const parameters = Type.Object({
  ...selectionParameters,
  measure: Type.Enum(measures, { default: 'in', description: 'what of it' }),
});

/** GET /api/v1/watched, and /api/v1/watched/preview */
export function watchedRoutes(app: FastifyInstance, { events, store, localNetworks }: ApiContext): void {
  const description = 'What is watched for what is not usual, and how it is now';
  app.get(
    '/api/v1/watched',
    { schema: { operationId: 'watched', description, response: json('Watched', description) } },
    (): Watched => ({ series: events.watched.map(each => ({ ...each, unit: unitOf[each.measure] })) }),
  );
  app.get<{ Querystring: Static<typeof parameters> }>(
    '/api/v1/watched/preview',
    {
      schema: {
        operationId: 'watchedPreview',
        description:
          'What would have been expected and told of a series, had it been watched: of two weeks before the time asked for, a day where nothing is said',
        querystring: parameters,
        response: json('WatchedPreview', 'a series with its bands'),
      },
    },
    async ({ query }): Promise<WatchedPreview> => {
      const now = Date.now();
      const selection = selectionOf(query, now);
      const to = whole(Math.min(selection.to ?? now, now - DELAY));
      const from = Math.min(whole(selection.from ?? to - DAY), to);
      const begin = from - HISTORY;
      const { filter = '' } = selection;
      const { measure } = query;
      const values = await measureValues(store, { from: begin, to, filter, measure, localNetworks });
      const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const { anomalies, judged, times, ...columns } = previewOf(begin, values, from, {
        step: MINUTE / 1000,
        timeZone,
      });
      return { unit: unitOf[measure], judged, times: [...times], ...withNull(columns), anomalies: [...anomalies] };
    },
  );
}

type Columns = Record<'values' | 'expected' | 'lower' | 'upper', (number | null)[]>;

/** JSON has no NaN. */
function withNull(columns: Readonly<Record<keyof Columns, readonly number[]>>): Columns {
  const values = Object.entries(columns).map(([name, column]) => [
    name,
    column.map(value => (Number.isFinite(value) ? value : null)),
  ]);
  return Object.fromEntries(values) as Columns;
}

function whole(time: number): number {
  return Math.floor(time / MINUTE) * MINUTE;
}
