import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { outputFolder, type Target } from './targets.js';

/** Why the target's program cannot meter on this machine itself, undefined where it can. */
export function notMeterable({ name }: Target): string | undefined {
  if (process.getuid?.() !== 0) return 'metering needs root';
  const program = join(outputFolder, name, 'weir-probe');
  if (!existsSync(program)) return `not built for ${name}: npm run build:router -- ${name}`;
  const { error } = spawnSync(program, ['--help']);
  return error === undefined ? undefined : `this machine does not run programs of ${name}: ${error.message}`;
}
