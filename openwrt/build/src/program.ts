import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.js';
import { compiler } from './compiler.js';
import { engineFor, engineTools, FLAGS } from './engine.js';
import { engineSource } from './engine-source.js';
import { repository, type Target } from './targets.js';

export const host = join(repository, 'openwrt/host');
export const CALLS = ['host', 'netlink', 'sockets', 'files', 'memory', 'small', 'system'].map(name =>
  join(host, `${name}.c`),
);
/** Engine and host fit the C standard's warnings; what each call takes and does not need is the engine's convention. */
const WARNINGS = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter', '-Wno-sign-compare'];

/** The probe for a target. @param scripts its bundle's, by name @returns the program's file */
export async function buildProbe(
  target: Target,
  scripts: ReadonlyMap<string, string>,
  folder: string,
): Promise<string> {
  const { compiler: bytecodeCompiler } = await engineTools();
  mkdirSync(folder, { recursive: true });
  const order = target.bigEndian ? ['-x'] : [];
  const bytecode = [...scripts.keys()].map(name => join(folder, `script-${name}.c`));
  await Promise.all(
    [...scripts].map(([name, script], i) =>
      run(bytecodeCompiler, ['-s', ...order, '-c', '-N', `script_${name}`, '-o', bytecode[i]!, script]),
    ),
  );
  writeFileSync(join(folder, 'scripts.c'), listOf([...scripts.keys()]));
  return link(target, [join(host, 'main.c'), join(folder, 'scripts.c'), ...bytecode], join(folder, 'weir-probe'));
}

/** What main.c finds the scripts by. */
function listOf(names: readonly string[]): string {
  const declared = names.map(
    name => `extern const uint8_t script_${name}[]; extern const uint32_t script_${name}_size;`,
  );
  const listed = names.map(name => `\t{ "${name}", script_${name}, &script_${name}_size },`);
  const end = '\t{ NULL, NULL, NULL },';
  return ['#include "host.h"', '', ...declared, '', 'const struct script scripts[] = {', ...listed, end, '};', ''].join(
    '\n',
  );
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
  const how = [...target.flags, ...FLAGS, ...WARNINGS, '-isystem', source, '-I', host, ...layout];
  await compile([...how, ...sources, ...CALLS, ...objects, '-o', program]);
  return program;
}
