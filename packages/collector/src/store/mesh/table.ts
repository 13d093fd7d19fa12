import { moving, sameThing, type Thing, type Things } from './things.js';

/**
 * The table of the history of meshes: a row for each change of a node or link, and one for each look that went well. What seldom changes is told
 * only where it has changed, and with the first state of each day: so a day is whole by itself, and can be dropped by itself. A
 * link's rows lie together in the order of time, so that what moves by small steps takes few bits.
 */
export const createMeshHistory = `CREATE TABLE IF NOT EXISTS mesh_history (
  topology LowCardinality(String) CODEC(ZSTD(3)),
  kind Enum8('look' = 0, 'node' = 1, 'link' = 2) CODEC(ZSTD(3)),
  id LowCardinality(String) CODEC(ZSTD(3)),
  at DateTime('UTC') CODEC(Delta(4), ZSTD(9)),
  same UInt8 CODEC(ZSTD(3)),
  gone UInt8 CODEC(ZSTD(3)),
  online UInt8 CODEC(ZSTD(3)),
  clients UInt32 CODEC(Delta(4), ZSTD(3)),
  quality UInt16 CODEC(Delta(2), ZSTD(9)),
  reverseQuality UInt16 CODEC(Delta(2), ZSTD(9)),
  cost UInt64 CODEC(Delta(8), ZSTD(3)),
  reverseCost UInt64 CODEC(Delta(8), ZSTD(3)),
  told String CODEC(ZSTD(3)),
  details String CODEC(ZSTD(3)),
  seconds UInt32 CODEC(ZSTD(3))
) ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMMDD(at)
ORDER BY (topology, kind, id, at)
SETTINGS ttl_only_drop_parts = 1`;

/** SQL of when rows expire after so many days. */
export function timeToLive(days: number): string {
  return `at + toIntervalDay(${days})`;
}

const DAY = 86_400;

/** A state as it goes into the table. */
export interface KeptState {
  readonly topology: string;
  /** Seconds since the epoch. */
  readonly at: number;
  /** For so long it holds, unless another comes. */
  readonly seconds: number;
  readonly things: Things;
}

/**
 * The statement that keeps what is different from the state before; all of it where that is of another day. Its rows are of one partition, and so one
 * part, which is there whole or not at all. Twice the same is once.
 */
export function keepStatement(state: KeptState, before: KeptState | undefined): string {
  const { topology, at, seconds, things } = state;
  const isFirstOfDay = before === undefined || Math.floor(before.at / DAY) !== Math.floor(at / DAY);
  const rows: object[] = [{ topology, kind: 'look', at, seconds }];
  for (const [key, thing] of things) {
    const former = before?.things.get(key);
    const isSame = former !== undefined && sameThing(former, thing);
    if (isSame && !isFirstOfDay) continue;
    rows.push({ topology, at, ...rowOf(thing, isFirstOfDay ? undefined : former), same: Number(isSame) });
  }
  for (const [key, { kind, id }] of before?.things ?? []) {
    if (!things.has(key)) rows.push({ topology, kind, id, at, gone: 1 });
  }
  return `INSERT INTO mesh_history (topology, kind, id, at, same, gone, ${moving.join(', ')}, told, details, seconds) FORMAT JSONEachRow\n${rows.map(row => JSON.stringify(row)).join('\n')}`;
}

function rowOf(thing: Thing, former: Thing | undefined): object {
  const numbers = Object.fromEntries(moving.flatMap(name => (thing[name] === 0 ? [] : [[name, thing[name]]])));
  const told = former?.told === thing.told ? {} : { told: thing.told, details: thing.details };
  return { kind: thing.kind, id: thing.id, ...numbers, ...told };
}
