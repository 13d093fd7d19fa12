import type { EventKind, TrafficEvent } from '../../analysis/events/event.js';
import type { OpenEvent } from '../../analysis/events/journal.js';
import { Parameters } from '../../flow/filter-sql.js';
import { literal } from '../literals.js';
import { timeSql } from '../queries/selection.js';

/** Days that an event is kept after its end: long enough to compare with the year before. */
const DAYS_KEPT = 400;

/**
 * The table of events: a row for each thing that has become of one, of which the last holds. An event that goes on has no end, 0, and what its
 * journal needs to go on with it.
 */
export const createEvents = `CREATE TABLE IF NOT EXISTS events (
  id String,
  collector UInt16,
  kind LowCardinality(String),
  start DateTime64(3, 'UTC'),
  ended DateTime64(3, 'UTC'),
  seen DateTime64(3, 'UTC'),
  event String CODEC(ZSTD(3)),
  state String CODEC(ZSTD(3)),
  version UInt64
) ENGINE = ReplacingMergeTree(version)
ORDER BY (start, id)
TTL toDateTime(seen) + toIntervalDay(${DAYS_KEPT})`;

/** An event, and what a journal needs to go on with it; undefined where it has ended. */
export interface KeptEvent {
  readonly event: TrafficEvent;
  readonly open: Omit<OpenEvent, 'event'> | undefined;
}

/** @param version ascends with each statement */
export function insertEvents(events: readonly KeptEvent[], collector: number, version: number): string {
  const rows = events.map(({ event, open }) => ({
    ...{ id: event.id, collector, kind: event.kind, version },
    ...{ start: event.start, ended: event.end ?? 0, seen: open?.seen ?? event.end ?? event.start },
    ...{ event: JSON.stringify(event), state: open === undefined ? '' : JSON.stringify(open) },
  }));
  const values = rows.map(row => {
    const times = [row.start, row.ended, row.seen].map(time => `fromUnixTimestamp64Milli(${Math.round(time)}, 'UTC')`);
    const texts = [row.event, row.state].map(literal);
    return `(${literal(row.id)}, ${row.collector}, ${literal(row.kind)}, ${times.join(', ')}, ${texts.join(', ')}, ${row.version})`;
  });
  return `INSERT INTO events (id, collector, kind, start, ended, seen, event, state, version) VALUES ${values.join(', ')}`;
}

/** Which events are asked for: those that went on at some time of it. */
export interface EventsAsked {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly kind?: EventKind;
  readonly limit: number;
}

/** The newest state of each event. Its start may move, so that the engine alone does not know which are the same. */
const NEWEST = 'SELECT id, argMax(tuple(collector, kind, start, ended, event, state), version) AS last FROM events';

/** The query of events, the newest first: rows of `event`. */
export function selectEvents({ from, to, kind, limit }: EventsAsked): [sql: string, values: Record<string, string>] {
  const parameters = new Parameters();
  const after = timeSql(Math.round(from), parameters);
  const before = timeSql(Math.round(to), parameters);
  const ofKind = kind === undefined ? '' : ` AND last.2 = ${parameters.add(kind, 'String')}`;
  const sql = `SELECT last.5 AS event FROM (${NEWEST} WHERE start < ${before} GROUP BY id)
    WHERE (last.4 = fromUnixTimestamp64Milli(0, 'UTC') OR last.4 >= ${after})${ofKind} ORDER BY last.3 DESC, id LIMIT ${limit}`;
  return [sql, parameters.values];
}

/** The query of a collector's events that had not ended: rows of `event` and `state`. */
export function selectOpen(collector: number): string {
  return `SELECT last.5 AS event, last.6 AS state FROM (${NEWEST} WHERE collector = ${collector} GROUP BY id) WHERE last.4 = fromUnixTimestamp64Milli(0, 'UTC')`;
}

/** Tables that collectors of an earlier release have made lack it. */
export const hasEvents = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name = 'events'";
