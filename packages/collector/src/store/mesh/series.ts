import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { clientsOf, qualityOf } from './numbers.js';
import { timeSql } from './reading.js';
import { lookSpans, type Spans } from './spans.js';
import type { ThingKind } from './things.js';

export interface SeriesAsked {
  readonly topology: string;
  readonly kind: ThingKind;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Seconds. */
  readonly step: number;
}

/** What held at the end of each step, or the last that was known in it; null where the topology was not seen, or had no such node or link. */
export interface Point {
  readonly online: boolean;
  readonly clients: number | undefined;
  readonly quality: number | undefined;
  readonly reverseQuality: number | undefined;
}

export interface Series {
  /** Beginnings of the steps. */
  readonly times: readonly number[];
  readonly points: readonly (Point | null)[];
}

interface Row {
  readonly bucket: string;
  readonly gone: number;
  readonly online: number;
  readonly clients: number;
  readonly quality: number;
  readonly reverseQuality: number;
}

export async function seriesOf(door: StoreDoor, asked: SeriesAsked): Promise<Series> {
  const { topology, step } = asked;
  const [begin, end] = [Math.floor(asked.from / 1000 / step), Math.ceil(asked.to / 1000 / step)];
  const rows = new Map((await rowsFrom(door, asked, begin, end)).map(row => [Number(row.bucket), row]));
  const seen = (await lookSpans(door, { from: begin * step * 1000, to: end * step * 1000 })).get(topology) ?? [];
  const times: number[] = [];
  const points: (Point | null)[] = [];
  let held = rows.get(begin - 1);
  for (let bucket = begin; bucket < end; bucket++) {
    held = rows.get(bucket) ?? held;
    times.push(bucket * step * 1000);
    points.push(held === undefined || held.gone === 1 || !isSeen(seen, bucket * step, step) ? null : pointOf(held));
  }
  return { times, points };
}

/** The last of each step, and of all before the first, which holds when that begins. */
async function rowsFrom(
  door: StoreDoor,
  { topology, kind, id, step }: SeriesAsked,
  begin: number,
  end: number,
): Promise<Row[]> {
  const first = timeSql(begin * step);
  const last = ['gone', 'online', 'clients', 'quality', 'reverseQuality'].map(
    name => `argMax(h.${name}, h.at) AS ${name}`,
  );
  return await rowsOf<Row>(
    door,
    `SELECT greatest(toInt64(intDiv(toUnixTimestamp(h.at), ${step})), ${begin - 1}) AS bucket, ${last.join(', ')}
     FROM mesh_history AS h
     WHERE h.topology = {topology:String} AND h.kind = {kind:String} AND h.id = {id:String} AND h.at < ${timeSql(end * step)}
       AND h.at >= toStartOfDay((SELECT max(at) FROM mesh_history WHERE topology = {topology:String} AND kind = 'look' AND at <= ${first}))
     GROUP BY bucket ORDER BY bucket`,
    { topology, kind, id },
  );
}

function isSeen(spans: Spans, begin: number, step: number): boolean {
  return spans.some(([from, to]) => from < (begin + step) * 1000 && to > begin * 1000);
}

function pointOf({ online, clients, quality, reverseQuality }: Row): Point {
  return {
    online: online === 1,
    clients: clientsOf(clients),
    ...{ quality: qualityOf(quality), reverseQuality: qualityOf(reverseQuality) },
  };
}
