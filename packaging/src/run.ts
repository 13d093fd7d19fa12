import { spawnSync } from 'node:child_process';

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
