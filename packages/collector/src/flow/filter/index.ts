export type { Expression } from './ast.js';
export { FilterError } from './error.js';
export { parseFilter } from './parser.js';
export { filterPredicate, type Predicate } from './predicate.js';
export { filterSql, operandSql, Parameters } from './sql.js';
