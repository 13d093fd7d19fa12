import { type FieldElement, type Operand, presentColumns, resolveName, storedElements } from '@weir/flow';
import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import { hasBit } from '../../flow/present.js';
import type { Store } from '../client.js';
import { type Selection, whereEnds } from './selection.js';
import { OperandCache, otherOutput, outputOf, selectSql, timeText } from './values.js';

interface Row {
  exported: string;
  domain: number;
  template: number;
  sender: string;
  mask: number[];
  others: Record<string, string>;
  [column: string]: string | number | number[] | Record<string, string>;
}

/** A Flow Record as it is printed. */
export type StoredRecord = {
  /** RFC 3339. */
  readonly exportTime: string;
  readonly observationDomainId: number;
  readonly templateId: number;
  /** By IANA name. */
  readonly record: Record<string, unknown>;
};

/** A Flow Record with the address of its exporter. */
export type ExportedRecord = StoredRecord & { readonly exporter: string };

export interface StoredElement extends FieldElement {
  readonly operand: Operand;
}

/**
 * Flow Records in the order of their ends, shaped as `weir read` prints them: only what a record has, under IANA names.
 * Filters see microseconds and nanoseconds as milliseconds.
 * @param limit at most so many, the earliest.
 * @throws FilterError, WeirError
 */
export async function* records(store: Store, selection: Selection, limit?: number): AsyncGenerator<StoredRecord> {
  for await (const { exporter: _, ...record } of recordsWithExporter(store, selection, limit)) yield record;
}

/** The same with the address of the exporter. @throws FilterError, WeirError */
export async function* recordsWithExporter(
  store: Store,
  selection: Selection,
  limit?: number,
): AsyncGenerator<ExportedRecord> {
  const parameters = new Parameters();
  const where = whereEnds(selection, parameters);
  const limited = limit === undefined ? '' : `LIMIT ${parameters.add(limit, 'UInt64')}`;
  yield* recordsWhere(store, where, parameters, `ORDER BY recordEnd ${limited}`);
}

/** Flow Records that a condition of SQL fits. */
export async function* recordsWhere(
  store: Store,
  where: string,
  parameters: Parameters,
  order: string,
): AsyncGenerator<ExportedRecord> {
  const elements = await presentElements(store, where, parameters);
  const columns = new Map(elements.map(({ field, operand }) => [field.column, operand]));
  const sql = `SELECT toUnixTimestamp64Milli(exportTime) AS exported, observationDomainId AS domain, templateId AS template, exporter AS sender,
    [${presentColumns.map(wordsSql).join(', ')}] AS mask, other AS others
    ${[...columns].map(([column, operand]) => `, ${selectSql(operand, column)} AS v_${column}`).join('')}
    FROM flows WHERE ${where} ${order}`;
  const others = new OperandCache();
  for await (const row of store.stream<Row>(sql, parameters.values)) {
    yield { ...recordOf(row, elements, others), exporter: plainAddress(row.sender) };
  }
}

/** SQL: both words of 32 bits of a present column; 64 bits would come as text. */
function wordsSql(column: string): string {
  return `toUInt32(bitAnd(${column}, 4294967295)), toUInt32(bitShiftRight(${column}, 32))`;
}

/** The elements that any record of the selection has: the others' columns need not be read. */
export async function presentElements(store: Store, where: string, parameters: Parameters): Promise<StoredElement[]> {
  const [row] = await store.query<{ mask: number[] }>(
    `SELECT [${presentColumns.map(column => wordsSql(`groupBitOr(${column})`)).join(', ')}] AS mask FROM flows WHERE ${where}`,
    parameters.values,
  );
  return storedElements
    .filter(({ bit }) => hasBit(row?.mask ?? [], bit))
    .map(element => ({ ...element, operand: resolveName(element.name)! }));
}

function recordOf(row: Row, elements: readonly StoredElement[], others: OperandCache): StoredRecord {
  const record: Record<string, unknown> = {};
  for (const { name, bit, field, operand } of elements) {
    if (hasBit(row.mask, bit)) record[name] = outputOf(operand, row[`v_${field.column}`] as string | number);
  }
  for (const [name, text] of Object.entries(row.others)) record[name] = otherOutput(others.get(name), text);
  return {
    exportTime: timeText(Number(row.exported), 'seconds'),
    observationDomainId: row.domain,
    templateId: row.template,
    record,
  };
}
