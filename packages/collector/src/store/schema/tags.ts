import { type Expression, resolveName } from '@weir/flow';
import { filterSql, Parameters } from '../../flow/filter-sql.js';
import { withLiterals } from '../literals.js';
import type { ComputedColumns } from './flows.js';

/** A name that Flow Records get which fit. */
export interface Tag {
  readonly name: string;
  readonly expression: Expression;
}

/** Between the tags of a record: no name has one. */
export const TAG_SEPARATOR = ',';

/** What the engine puts in when it takes a block, so that a tag costs what its condition does in a query. */
export function tagColumns(tags: readonly Tag[]): ComputedColumns {
  if (tags.length === 0) return {};
  const conditions = tags.map(({ name, expression }) => {
    const parameters = new Parameters();
    const sql = `if(${filterSql(expression, parameters)}, ${parameters.add(name, 'String')}, '')`;
    return withLiterals(sql, parameters.values);
  });
  const all = `arrayStringConcat(arrayFilter(tag -> tag != '', [${conditions.join(', ')}]), '${TAG_SEPARATOR}')`;
  const [bit] = resolveName('tags')!.bits;
  return { tags: all, present2: `bitOr(present2, if(${all} = '', 0, bitShiftLeft(toUInt64(1), ${bit! - 64})))` };
}
