import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { extract } from './update-registry.js';

const registry = new URL('../../registry/', import.meta.url);
const sources = fileURLToPath(new URL('../../../shared/data/iana/', import.meta.url));

test('the tables are what the XML files of the registries say; if not, run update-registry', ({ skip }) => {
  skip(!existsSync(sources), `no XML files of IANA's registries in ${sources}`);
  const tables = extract(`${sources}ipfix.xml`, `${sources}protocol-numbers.xml`);
  expect([...tables.keys()]).toHaveLength(7);
  for (const [name, content] of tables) {
    expect([name, readFileSync(new URL(name, registry), 'utf8') === content]).toEqual([name, true]);
  }
});
