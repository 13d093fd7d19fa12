import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

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
