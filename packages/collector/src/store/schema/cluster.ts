import { createEvents } from '../events/table.js';
import { createMeshHistory } from '../mesh/table.js';
import { createElements } from './elements.js';
import { createTable, LAYOUT, layoutComment } from './flows.js';
import { createInterfaces } from './interfaces.js';

/** The table of Flow Records that each server of a cluster has its share of. */
const LOCAL = 'flows_local';

/**
 * The statements that make the tables on all servers of a cluster. A share is kept by the replicas of one shard, of which Keeper has the
 * list under the macros {shard} and {replica} of each server. `flows` is all shares together. A block goes whole to one shard, by its
 * batch: only so does a repeated insert find what is there of it.
 */
export function clusterTables(cluster: string): string[] {
  const local = createTable(`${LOCAL} ON CLUSTER '${cluster}'`).replace(
    'ENGINE = MergeTree',
    "ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')",
  );
  return [
    local,
    `CREATE TABLE IF NOT EXISTS flows ON CLUSTER '${cluster}' AS ${LOCAL}
ENGINE = Distributed('${cluster}', currentDatabase(), ${LOCAL}, intHash64(batch))
COMMENT '${layoutComment(LAYOUT)}'`,
    onEachServer(createInterfaces, cluster),
    onEachServer(createElements, cluster),
    onEachServer(createMeshHistory, cluster),
    onEachServer(createEvents, cluster),
  ];
}

/** A small table, some joined with flows on every server: each has all of it. */
function onEachServer(create: string, cluster: string): string {
  const replicated = "ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/{table}', '{shard}-{replica}'";
  return create
    .replace(' (', ` ON CLUSTER '${cluster}' (`)
    .replace(/ReplacingMergeTree(?:\((\w+)\))?/, (_, version) => `${replicated}${version ? `, ${version}` : ''})`);
}

/** The statements that add columns to these tables. */
export function clusterColumns(cluster: string, alter: string): string[] {
  return [LOCAL, 'flows'].map(table => {
    const change = alter.slice('ALTER TABLE flows '.length);
    return `ALTER TABLE ${table} ON CLUSTER '${cluster}' ${change}`;
  });
}

/**
 * Settings of an insert into them: it is acknowledged when a shard has it, and replicas know a batch by its token, also when one
 * of them has not yet seen what another has.
 * @param token the batch's
 */
export function clusterInsertSettings(token: string): Record<string, string | number> {
  return {
    distributed_foreground_insert: 1,
    insert_deduplicate: 1,
    insert_deduplication_token: token,
  };
}
