import { spawnSync } from 'node:child_process';
import { repository } from './paths.js';

/** Runs a command and returns what it writes. @throws Error with what it said where it fails */
export function run(command: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): string {
  const [program, ...args] = command as [string, ...string[]];
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (status === 0) return stdout;
  throw new Error(`${command.join(' ')}: ${error?.message ?? `${stderr}${stdout}`.trim()}`);
}

/** Of the last commit, in seconds since the epoch: the only time that is in packages, so that they are the same each time. */
export function commitTime(): number {
  return Number(run(['git', 'log', '-1', '--format=%ct'], { cwd: repository }));
}
