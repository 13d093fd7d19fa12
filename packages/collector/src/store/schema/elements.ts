import type { ToldElement } from '@weir/flow';
import { withLiterals } from '../literals.js';

/** The table of the elements that exporters have defined themselves: `other` of flows has them by these names. */
export const createElements = `CREATE TABLE IF NOT EXISTS elements (
  name String,
  enterprise UInt32,
  id UInt16,
  type String
) ENGINE = ReplacingMergeTree
ORDER BY (name, enterprise, id, type)`;

/** Elements of one statement: the engine takes 256 KiB of text. */
const AT_ONCE = 500;

/** The statements that add elements. */
export function insertElements(elements: readonly ToldElement[]): string[] {
  const statements: string[] = [];
  for (let i = 0; i < elements.length; i += AT_ONCE) statements.push(insertSome(elements.slice(i, i + AT_ONCE)));
  return statements;
}

function insertSome(elements: readonly ToldElement[]): string {
  const rows = elements.map(each =>
    withLiterals('({name:String}, {enterprise:UInt32}, {id:UInt16}, {type:String})', { ...each }),
  );
  return `INSERT INTO elements VALUES ${rows.join(', ')}`;
}

/** The query of all elements: rows of ToldElement. */
export const selectElements =
  'SELECT DISTINCT name, enterprise, id, type FROM elements ORDER BY name, enterprise, id, type LIMIT 65536';

/** Tables that collectors of an earlier release have made lack it. */
export const hasElements = "SELECT name FROM system.tables WHERE database = currentDatabase() AND name = 'elements'";
