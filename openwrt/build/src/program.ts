import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.js';
import { compiler } from './compiler.js';
import { engineFor, engineTools, FLAGS } from './engine.js';
import { engineSource } from './engine-source.js';
import { repository, type Target } from './targets.js';

export const host = join(repository, 'openwrt/host');
export const CALLS = ['host', 'netlink', 'sockets', 'files', 'memory', 'small', 'system'].map(name => join(host, `${name}.c`));
/** Engine and host fit the C standard's warnings; what each call takes and does not need is the engine's convention. */
const WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter', '-Wno-sign-compare'];

/** The probe for a target. @param script its bundle @returns the program's file */
export async function buildProbe(target: Target, script: string, folder: string): Promise<string> {
  const { compiler: bytecodeCompiler } = await engineTools();
  mkdirSync(folder, { recursive: true });
  const bytecode = join(folder, 'bundle.c');
  const order = target.bigEndian ? ['-x'] : [];
  await run(bytecodeCompiler, ['-s', ...order, '-c', '-N', 'bundle', '-o', bytecode, script]);
  return link(target, [join(host, 'main.c'), bytecode], join(folder, 'weir-probe'));
}

/** The program that runs scripts with the host's calls, for tests. @returns its file */
export function buildRunner(target: Target, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  return link(target, [join(host, 'run.c')], join(folder, 'weir-run'));
}

async function link(target: Target, sources: readonly string[], program: string): Promise<string> {
  const compile = await compiler();
  const [source, objects] = await Promise.all([engineSource(), engineFor(target)]);
  const layout = ['-static', '-s', '-Wl,--gc-sections', `-Wl,-T,${join(host, 'used.ld')}`];
  const how = [...target.flags, ...FLAGS, ...WARNINGS, '-isystem', source, ...layout];
  await compile([...how, ...sources, ...CALLS, ...objects, '-o', program]);
  return program;
}
