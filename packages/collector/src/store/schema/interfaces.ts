import type { ToldInterfaceName } from '../../flow/told.js';
import { withLiterals } from '../literals.js';

/** The table of the names of interfaces; the newest of each holds. */
export const createInterfaces = `CREATE TABLE IF NOT EXISTS interfaces (
  exporter IPv6,
  observationDomainId UInt32,
  interface UInt32,
  name String,
  description String,
  since DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree(since)
ORDER BY (exporter, observationDomainId, interface)`;

/** Names of one statement: the engine takes 256 KiB of text. */
const AT_ONCE = 200;

/** The statements that add names which hold from when they were told. */
export function insertInterfaces(names: readonly ToldInterfaceName[]): string[] {
  const statements: string[] = [];
  for (let i = 0; i < names.length; i += AT_ONCE) statements.push(insertSome(names.slice(i, i + AT_ONCE)));
  return statements;
}

function insertSome(names: readonly ToldInterfaceName[]): string {
  const rows = names.map(each =>
    withLiterals(
      '({exporter:IPv6}, {observationDomainId:UInt32}, {interface:UInt32}, {name:String}, {description:String}, fromUnixTimestamp64Milli({since:Int64}))',
      { ...each },
    ),
  );
  return `INSERT INTO interfaces VALUES ${rows.join(', ')}`;
}

/** The query of all names that hold: rows of InterfaceName. */
export const selectInterfaces = `SELECT replaceRegexpOne(toString(exporter), '^::ffff:(\\\\d+\\\\.)', '\\\\1') AS exporter,
  observationDomainId, interface, argMax(name, since) AS name, argMax(description, since) AS description
FROM interfaces GROUP BY exporter, observationDomainId, interface ORDER BY exporter, observationDomainId, interface`;
