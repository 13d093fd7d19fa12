import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { WeirError } from '../../error.js';
import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { COLLECTORS } from '../spool.js';

/** What a data directory knows of its collector. */
interface Identity {
  readonly uuid: string;
  /** Its number at the servers that it stored on last. */
  readonly number?: number;
}

/**
 * The number of this collector among those that store on the same servers, which its batches carry so that no two collectors use the
 * same batch number. A number is whose claim to it is the only one: two that claim one at the same time both see it, and take others.
 */
export async function claimNumber(door: StoreDoor, directory: string, cluster: string | undefined): Promise<number> {
  const file = join(directory, 'collector.json');
  const identity = read(file);
  await door.command(createCollectors(cluster));
  const claims = await claimsOf(door);
  const mine = claims.some(({ number, uuid }) => number === identity.number && uuid === identity.uuid);
  if (mine) return identity.number!;
  const taken = new Set(claims.map(({ number }) => number));
  while (taken.size < COLLECTORS) {
    const number = freeNumber(taken);
    await door.command(
      `INSERT INTO collectors (number, uuid, host) VALUES (${number}, '${identity.uuid}', '${hostname().replaceAll(/[\\']/g, '')}')`,
    );
    const others = (await claimsOf(door)).filter(claim => claim.number === number && claim.uuid !== identity.uuid);
    if (others.length === 0) {
      write(file, { uuid: identity.uuid, number });
      return number;
    }
    taken.add(number);
  }
  throw new WeirError(
    `all ${COLLECTORS} numbers of collectors are taken; delete those that are gone from the table "collectors"`,
  );
}

function createCollectors(cluster: string | undefined): string {
  const columns = 'number UInt16, uuid String, host String, since DateTime DEFAULT now()';
  // Of all shards one and the same.
  const engine = "ReplicatedMergeTree('/clickhouse/tables/all/{database}/{table}', '{shard}-{replica}')";
  return cluster === undefined
    ? `CREATE TABLE IF NOT EXISTS collectors (${columns}) ENGINE = MergeTree ORDER BY number`
    : `CREATE TABLE IF NOT EXISTS collectors ON CLUSTER '${cluster}' (${columns}) ENGINE = ${engine} ORDER BY number`;
}

async function claimsOf(door: StoreDoor): Promise<{ number: number; uuid: string }[]> {
  // A replica that has not seen the others' claims must not answer.
  return await rowsOf(door, 'SELECT number, uuid FROM collectors SETTINGS select_sequential_consistency = 1');
}

function freeNumber(taken: ReadonlySet<number>): number {
  for (;;) {
    const number = randomInt(COLLECTORS);
    if (!taken.has(number)) return number;
  }
}

function read(file: string): Identity {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Identity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { uuid: randomUUID() };
    throw new WeirError(
      `cannot read ${file}: ${(error as Error).message}; remove it, and this collector gets a new number`,
    );
  }
}

function write(file: string, identity: Identity): void {
  writeFileSync(`${file}.part`, `${JSON.stringify(identity)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}
