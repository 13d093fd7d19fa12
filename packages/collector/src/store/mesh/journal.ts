import { literal } from '../literals.js';
import type { Step } from '../rollup/step.js';

/** The last step of each topology: it is here before any of it is in the tables. */
const JOURNAL = 'mesh_steps';
export const createMeshJournal = `CREATE TABLE IF NOT EXISTS ${JOURNAL} (
  name String, first UInt64, last UInt64
) ENGINE = ReplacingMergeTree(last) ORDER BY name`;

export function insertMeshStep(topology: string, { from, to }: Step): string {
  return `INSERT INTO ${JOURNAL} (name, first, last) VALUES (${literal(topology)}, ${from}, ${to})`;
}

/** The query of a topology's last step. */
export const selectMeshSteps = `SELECT argMax(first, last) AS start, max(last) AS end FROM ${JOURNAL} WHERE name = {name:String} GROUP BY name`;
