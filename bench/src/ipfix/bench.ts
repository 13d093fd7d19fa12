import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Result, runCase } from '@weir/lab';
import { ipfixCases } from './cases.js';

/** With and without code generation, which is forbidden for a whole process or not at all. */
export function* ipfixBench(): Generator<Result[]> {
  for (const each of ipfixCases()) yield runCase('ipfix', each);
  const portable = fileURLToPath(new URL('portable.js', import.meta.url));
  const args = ['--disallow-code-generation-from-strings', portable];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${portable} ended with status ${status}`);
  yield stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Result);
}
