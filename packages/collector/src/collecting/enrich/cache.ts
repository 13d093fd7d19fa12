import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { AddressKnowledge } from './load.js';
import type { AddressTable } from './table.js';

/** Raised when what is kept changes its form. */
const FORM = 1;

/** What was kept in the file under this key; undefined where that is nothing, or something else. */
export function readCache(file: string, key: string): AddressKnowledge | undefined {
  try {
    const kept = deserialize(readFileSync(file)) as { form: number; key: string; knowledge: AddressKnowledge };
    if (kept.form !== FORM || kept.key !== key) return undefined;
    return { ...kept.knowledge, table: copied(kept.knowledge.table, length => new SharedArrayBuffer(length)) };
  } catch {
    return undefined;
  }
}

/** Keeps it for the next start. That this fails costs that start the time to read the databases, no more. */
export function writeCache(file: string, key: string, knowledge: AddressKnowledge): void {
  const table = copied(knowledge.table, length => new ArrayBuffer(length));
  try {
    writeFileSync(`${file}.new`, serialize({ form: FORM, key, knowledge: { ...knowledge, table } }));
    renameSync(`${file}.new`, file);
  } catch {}
}

/** Memory that is shared cannot be written to a file as it is. */
function copied(table: AddressTable, allocate: (octets: number) => ArrayBuffer | SharedArrayBuffer): AddressTable {
  const copy = <T extends Uint32Array | Uint16Array>(array: T): T => {
    const Kind = array.constructor as { new (buffer: ArrayBufferLike): T };
    const made = new Kind(allocate(array.byteLength));
    made.set(array);
    return made;
  };
  const family = ({ starts, facts, index }: AddressTable['v4']) => ({
    ...{ starts: copy(starts), facts: copy(facts), index: copy(index) },
  });
  return {
    ...{ v4: family(table.v4), v6: family(table.v6), names: table.names },
    ...{ as: copy(table.as), country: copy(table.country), network: copy(table.network) },
  };
}
