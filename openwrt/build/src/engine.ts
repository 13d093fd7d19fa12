import { join } from 'node:path';
import { cached } from '@weir/lab';
import { digest } from './checksum.js';
import { run } from './command.js';
import { COMPILER, compiler } from './compiler.js';
import { ENGINE_VERSION, engineSource } from './engine-source.js';
import type { Target } from './targets.js';

/** Without ".c". */
export const SOURCES = ['quickjs', 'libregexp', 'libunicode', 'cutils', 'dtoa'];
/** Each function by itself, so that the linker leaves out what nothing calls: the parser, for one. Nothing unwinds the stack. */
export const FLAGS = [
  ...['-Os', '-ffunction-sections', '-fdata-sections', '-fno-sanitize=undefined', '-D_GNU_SOURCE'],
  ...['-fno-unwind-tables', '-fno-asynchronous-unwind-tables'],
];
const VERSION_FLAG = `-DCONFIG_VERSION="${ENGINE_VERSION}"`;
/** The engine's own warnings are its authors' business. */
const QUIET = '-w';

/** The engine compiled for a target. @returns its object files */
export async function engineFor({ name, flags }: Target): Promise<string[]> {
  const source = await engineSource();
  const compile = await compiler();
  const how = [...flags, ...FLAGS, VERSION_FLAG, QUIET];
  const folder = await cached(
    `router/engine-${name}-${digest([COMPILER, ENGINE_VERSION, ...how].join(' '))}`,
    async folder => {
      const each = (file: string) =>
        compile([...how, '-c', join(source, `${file}.c`), '-o', join(folder, `${file}.o`)]);
      await Promise.all(SOURCES.map(each));
    },
  );
  return SOURCES.map(file => join(folder, `${file}.o`));
}

export interface EngineTools {
  /** Compiles JavaScript to bytecode, as C. */
  readonly compiler: string;
  /** Runs JavaScript on this machine. */
  readonly interpreter: string;
}

/** The engine's own programs, for this machine. */
export async function engineTools(): Promise<EngineTools> {
  const source = await engineSource();
  const compile = await compiler();
  const how = ['-target', 'x86_64-linux-musl', '-O2', ...FLAGS.slice(1), VERSION_FLAG, QUIET, '-static'];
  const folder = await cached(`router/tools-${digest([COMPILER, ENGINE_VERSION, ...how].join(' '))}`, async folder => {
    const objects = [...SOURCES, 'quickjs-libc', 'qjsc', 'qjs'];
    const object = (file: string) => join(folder, `${file}.o`);
    const own = how.filter(flag => flag !== '-static');
    await Promise.all(objects.map(file => compile([...own, '-c', join(source, `${file}.c`), '-o', object(file)])));
    const engine = [...SOURCES, 'quickjs-libc'].map(object);
    await compile([...how, object('qjsc'), ...engine, '-o', join(folder, 'qjsc')]);
    const repl = join(folder, 'repl.c');
    await run(join(folder, 'qjsc'), ['-s', '-c', '-m', '-o', repl, join(source, 'repl.js')]);
    await compile([...how, repl, object('qjs'), ...engine, '-o', join(folder, 'qjs')]);
  });
  return { compiler: join(folder, 'qjsc'), interpreter: join(folder, 'qjs') };
}
