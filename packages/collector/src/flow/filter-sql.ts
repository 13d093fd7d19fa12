import {
  type Expression,
  type Operand,
  type Operator,
  resolveName,
  roundTripParts,
  translated,
  type Value,
} from '@weir/flow';
import { engineAddress } from './engine-address.js';
import { presentSql } from './present.js';

/** Values of a statement, apart from its text: nothing that people write becomes SQL. */
export class Parameters {
  readonly values: Record<string, string> = {};
  #count = 0;

  /** The placeholder to write in the statement. */
  add(value: string | number | bigint, type: string): string {
    const name = `p${this.#count++}`;
    this.values[name] = String(value);
    return `{${name}:${type}}`;
  }
}

/** The condition in the engine's SQL, on the tables `flows` and `interfaces`. Never NULL. */
export function filterSql(expression: Expression, parameters: Parameters): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${expression.operands.map(e => filterSql(e, parameters)).join(` ${expression.kind.toUpperCase()} `)})`;
    case 'not':
      return `NOT ${filterSql(expression.operand, parameters)}`;
    case 'nat':
      return natSql();
    case 'has':
      return hasSql(expression.operand, parameters);
    case 'interface': {
      const { value, present } = operandSql(expression.operand, parameters);
      const named = interfacesNamed(parameters.add(expression.name, 'String'));
      return `(${present} AND (exporter, observationDomainId, ${value}) IN ${named})`;
    }
    case 'comparison': {
      const { operand, operator, value } = expression;
      const left = operandSql(operand, parameters);
      if (value.kind === 'ranges') {
        const within = value.ranges.map(r => rangeSql(left.value, r.low, r.high, parameters)).join(' OR ');
        return `(${left.present} AND ${operator === '!=' ? 'NOT ' : ''}(${within}))`;
      }
      if (operand.column === 'tags') return tagSql(operator, literalSql(operand, value, parameters));
      return `(${left.present} AND ${left.value} ${operator} ${literalSql(operand, value, parameters)})`;
    }
  }
}

type Part = { value: string; present: string };

/** An operand in SQL: its value, and the condition that the record has it. Where that is false, the value means nothing. */
export function operandSql(operand: Operand, parameters: Parameters): Part {
  switch (operand.source) {
    case 'column':
      return { value: operand.column, present: presentSql(operand.bits) };
    case 'origin':
      return { value: operand.column, present: 'true' };
    case 'duration':
      return {
        value: '(toUnixTimestamp64Milli(flowEnd) - toUnixTimestamp64Milli(flowStart))',
        present: `(${presentSql(resolveName('start')!.bits)} AND ${presentSql(resolveName('end')!.bits)})`,
      };
    case 'roundTrip': {
      const [one, two] = roundTripParts.map(name => operandSql(resolveName(name)!, parameters)) as [Part, Part];
      return {
        value: `((toFloat64(${one.value}) + toFloat64(${two.value})) / 1000)`,
        present: `(${one.present} AND ${two.present})`,
      };
    }
    case 'other': {
      const text = `other[${parameters.add(operand.keys[0]!, 'String')}]`;
      const converted = otherConversions[operand.type]?.(text);
      if (converted === undefined)
        return { value: text, present: `mapContains(other, ${parameters.add(operand.keys[0]!, 'String')})` };
      return { value: `assumeNotNull(${converted})`, present: `isNotNull(${converted})` };
    }
  }
}

/** Also a value that is none of its type is one. */
export function hasSql(operand: Operand, parameters: Parameters): string {
  if (operand.source !== 'other') return operandSql(operand, parameters).present;
  return `mapContains(other, ${parameters.add(operand.keys[0]!, 'String')})`;
}

const otherConversions: Readonly<Record<string, (text: string) => string>> = {
  unsigned: text => `toUInt256OrNull(${text})`,
  signed: text => `toInt64OrNull(${text})`,
  float: text => `toFloat64OrNull(${text})`,
  address: text => `toIPv6OrNull(${text})`,
  mac: text =>
    `if(match(${text}, '^[0-9a-fA-F:]{17}$'), reinterpretAsUInt64(reverse(unhex(replaceAll(${text}, ':', '')))), NULL)`,
  time: text => `parseDateTime64BestEffortOrNull(${text}, 3, 'UTC')`,
};

function literalSql(operand: Operand, value: Exclude<Value, { kind: 'ranges' }>, parameters: Parameters): string {
  if (operand.type === 'time') return `fromUnixTimestamp64Milli(${parameters.add(value.value, 'Int64')}, 'UTC')`;
  if (value.kind === 'float') return parameters.add(value.value, 'Float64');
  if (value.kind === 'text') return parameters.add(value.value, 'String');
  return parameters.add(value.value, operand.type === 'signed' ? 'Int64' : 'UInt64');
}

function rangeSql(value: string, low: bigint, high: bigint, parameters: Parameters): string {
  if (low === high) return `${value} = ${parameters.add(engineAddress(low), 'IPv6')}`;
  return `${value} BETWEEN ${parameters.add(engineAddress(low), 'IPv6')} AND ${parameters.add(engineAddress(high), 'IPv6')}`;
}

/** The interfaces that have this name now, as exporters and numbers. */
function interfacesNamed(name: string): string {
  return (
    '(SELECT exporter, observationDomainId, interface FROM interfaces ' +
    `GROUP BY exporter, observationDomainId, interface HAVING argMax(name, since) = ${name})`
  );
}

/** A record without tags has not the tag, and so fits `tag != voip`. */
function tagSql(operator: Operator, name: string): string {
  return `(${operator === '!=' ? 'NOT ' : ''}has(splitByChar(',', tags), ${name}))`;
}

function natSql(): string {
  const differs = translated.map(([after, before]) => {
    const [a, b] = [resolveName(after)!, resolveName(before)!];
    return `${presentSql(a.bits)} AND ${presentSql(b.bits)} AND ${a.column} != ${b.column}`;
  });
  return `(${differs.join(' OR ')})`;
}
