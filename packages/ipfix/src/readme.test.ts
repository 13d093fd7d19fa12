import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ElementRegistry } from './elements/registry.js';
import { newCounters } from './message/counters.js';
import { DEFAULT_LIMITS } from './message/domain.js';
import { registerElements } from './text/elements.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const examples = [...readFileSync(`${folder}README.md`, 'utf8').matchAll(/```js\n(.*?)```/gs)].map(match => match[1]!);

/** What an example prints stands in the comments at its end. */
function promised(code: string): string {
  const lines = code.trimEnd().split('\n');
  const comments = lines.filter(line => line.startsWith('// '));
  return comments.map(line => line.slice('// '.length)).join('\n');
}

test('the README has an example', () => {
  expect(examples.length).toBeGreaterThan(0);
});

test.each(examples)('example %# of the README prints what it says, from the built package', code => {
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(promised(code)).not.toBe('');
  expect(printed.trimEnd()).toBe(promised(code));
});

test('the reference names every export', () => {
  const reference = readFileSync(`${folder}../../docs/reference/ipfix.md`, 'utf8');
  const index = readFileSync(`${folder}src/index.ts`, 'utf8');
  const lists = [...index.matchAll(/export (?:type )?\{(.*?)\}/gs)].flatMap(match => match[1]!.split(','));
  const names = lists.map(name => name.replace('type ', '').trim()).filter(name => name !== '');
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter(name => !new RegExp(`\`${name}\\b`).test(reference))).toEqual([]);
});

test('a file of elements is as the reference shows it', () => {
  const reference = readFileSync(`${folder}../../docs/reference/ipfix.md`, 'utf8');
  const blocks = [...reference.matchAll(/^```(?:json)?\n(.*?)^```$/gms)].map(match => match[1]!);
  const [table, json] = blocks.map(block => {
    const registry = new ElementRegistry();
    expect(registerElements(registry, block)).toBe(1);
    return registry.byId(99, 1);
  });
  expect(table).toMatchObject({ name: 'queueDepth', range: [0, 4096] });
  expect(json).toEqual(table);
});

test('the reference names every limit, counter and reason of a diagnostic', () => {
  const reference = readFileSync(`${folder}../../docs/reference/ipfix.md`, 'utf8');
  const names = [...Object.keys(DEFAULT_LIMITS), ...Object.keys(newCounters()), ...reasons()];
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter(name => !reference.includes(`\`${name}\``))).toEqual([]);
});

/** What stands in the code as a reason. */
function reasons(): string[] {
  const files = readdirSync(`${folder}src`, { recursive: true, encoding: 'utf8' });
  const code = files
    .filter(name => /^(?!testing).*(?<!\.test)\.ts$/.test(name))
    .map(name => readFileSync(`${folder}src/${name}`, 'utf8'));
  const found = code.flatMap(text =>
    [...text.matchAll(/(?:reason: |malformed\(\s*|report\()'([a-z-]+)'/g)].map(match => match[1]!),
  );
  return [...new Set(found)];
}
