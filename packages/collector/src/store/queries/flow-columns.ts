import { type Operand, resolveName } from '@weir/flow';
import { WeirError } from '../../error.js';
import type { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { FlowRow } from '../../http/types.js';
import type { Store } from '../client.js';
import { counters, flowCountSql } from './counted.js';
import { labelInterfaces } from './interface-labels.js';
import { outputOf, selectSql } from './values.js';

/** A further field of Flows, by the name that it was asked for. */
export interface FlowColumn {
  readonly name: string;
  readonly operand: Operand;
}

/** Elements whose bits say what some packet of the record had: a Flow has those of all its records. */
const flags: ReadonlySet<string> = new Set(['tcpControlBits', 'reverseTcpControlBits', 'tcpStateHistory']);

/** @throws WeirError where a name means nothing. */
export function flowColumns(names: readonly string[]): FlowColumn[] {
  return [...new Set(names)].map(name => {
    const operand = resolveName(name);
    if (operand !== undefined) return { name, operand };
    throw new WeirError(
      `there is no column ${JSON.stringify(name)}: no short name and no IANA name of an Information Element`,
    );
  });
}

/** SQL, over the records of one Flow: its value of the field, that of the newest record that has one; NULL where none has. */
export function flowColumnSql({ operand }: FlowColumn, parameters: Parameters): string {
  if (operand.source === 'origin') return `any(${operand.column})`;
  const { value, present } = partOf(operand, parameters);
  return `if(countIf(${present}) > 0, ${valueSql(operand, value, present)}, NULL)`;
}

function partOf(operand: Operand, parameters: Parameters): { value: string; present: string } {
  if (operand.source === 'column') return { value: operand.column, present: presentSql(operand.bits) };
  const name = parameters.add(operand.keys[0]!, 'String');
  return { value: `other[${name}]`, present: `mapContains(other, ${name})` };
}

function valueSql(operand: Operand, value: string, present: string): string {
  if (operand.keys.some(key => flags.has(key))) {
    const bits = operand.source === 'other' ? `toUInt64OrZero(${value})` : value;
    return selectSql(operand, `groupBitOrIf(${bits}, ${present})`);
  }
  if (counters.includes(operand.column)) return flowCountSql(operand.column);
  return selectSql(operand, `argMaxIf(${value}, (exportTime, recordEnd), ${present})`);
}

/** The values of a row, of the fields that the Flow has. */
export function columnsOf(
  columns: readonly FlowColumn[],
  values: readonly (string | number | null)[],
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  columns.forEach(({ name, operand }, i) => {
    const value = values[i];
    if (value !== null && value !== undefined) found[name] = outputOf(operand, value);
  });
  return found;
}

const origins: readonly FlowColumn[] = ['exporter', 'observationDomainId'].map(name => ({
  name,
  operand: resolveName(name)!,
}));

/** Puts the names of interfaces beside their numbers, as groups have them. */
export async function labelColumns(
  store: Store,
  columns: readonly FlowColumn[],
  flows: readonly FlowRow[],
): Promise<void> {
  const rows: Record<string, unknown>[] = flows.map(({ columns: values, exporter, observationDomainId }) => ({
    ...values,
    ...{ exporter, observationDomainId },
  }));
  await labelInterfaces(store, {}, [...origins, ...columns], rows);
  for (const { name } of columns) {
    flows.forEach(({ columns: values }, i) => {
      const label = rows[i]![`${name}Name`];
      if (label !== undefined && values !== undefined) values[`${name}Name`] = label;
    });
  }
}
