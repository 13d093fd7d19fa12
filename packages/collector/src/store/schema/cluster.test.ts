import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '../testing/store.js';
import { clusterColumns, clusterTables } from './cluster.js';
import { addColumns } from './flows.js';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 60_000);
afterAll(() => opened.end());

async function syntax(statement: string): Promise<string> {
  const rows = await opened.store.query<{ explain: string }>(`EXPLAIN AST ${statement}`);
  return rows.map(({ explain }) => explain).join('\n');
}

test('the engine understands the statements that make tables on a cluster', async () => {
  const [local, all, interfaces, elements] = await Promise.all(clusterTables('main').map(syntax));
  expect(local).toMatch(/^CreateQuery flows_local /);
  expect(local).toMatch(/Function ReplicatedMergeTree /);
  expect(local).toContain('{replica}');
  expect(local).toMatch(/Literal 'layout \d+'/);
  expect(all).toMatch(/^CreateQuery flows /);
  expect(all).toMatch(/Function Distributed /);
  expect(all).toMatch(/Function intHash64 [^\n]*\n[^\n]*\n\s*Identifier batch/);
  expect(all).toMatch(/Literal 'layout \d+'/);
  expect(interfaces).toMatch(
    /^CreateQuery interfaces [\s\S]*Function ReplicatedReplacingMergeTree [\s\S]*Identifier since/,
  );
  expect(elements).toMatch(/^CreateQuery elements [\s\S]*Function ReplicatedReplacingMergeTree /);
  await expect(syntax(clusterTables('main')[0]!.replace('ORDER BY', 'ORDER'))).rejects.toThrow(/^Code: 62/);
});

test('and those that add columns to both', async () => {
  const statements = clusterColumns('main', addColumns(new Set(['exporter']))!);
  expect(statements.map(sql => sql.slice(0, 40))).toEqual([
    "ALTER TABLE flows_local ON CLUSTER 'main",
    "ALTER TABLE flows ON CLUSTER 'main' ADD ",
  ]);
  for (const statement of statements) expect(await syntax(statement)).toMatch(/^AlterQuery/);
});
