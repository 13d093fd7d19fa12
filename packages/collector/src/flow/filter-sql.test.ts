import { parseFilter } from '@weir/flow';
import { expect, test } from 'vitest';
import { filterSql, Parameters } from './filter-sql.js';

test('nothing that people write becomes SQL', () => {
  const parameters = new Parameters();
  const sql = filterSql(parseFilter(`interfaceName = "'; DROP TABLE flows --" or 29305:9 = 0a0b`), parameters);
  expect(sql).not.toContain('DROP');
  expect(sql).not.toContain('0a0b');
  expect(Object.values(parameters.values)).toContain("'; DROP TABLE flows --");
});
