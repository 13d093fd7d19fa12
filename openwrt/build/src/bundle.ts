import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { ENTRY, PARTS, partEntry, partsApart } from './parts.js';
import { plainVariables } from './plain-variables.js';
import { compiledLater } from './regular-expressions.js';
import { repository } from './targets.js';

const probe = join(repository, 'packages/probe/dist');

export interface Bundle {
  /** Files: the main script first, then those of the parts, each under its name. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Files that they are made of. */
  readonly modules: ReadonlySet<string>;
}

/** The probe as scripts. @param fields of the configuration's key of that name: the largest set that this program can export */
export async function bundleProbe(fields: string, folder: string): Promise<Bundle> {
  const own = [await schemaAsData(fields), withoutUnused(), await onlyFields(fields)];
  const scripts = new Map([['main', join(folder, 'weir-probe.js')]]);
  const modules = await bundle(join(probe, 'router/main.js'), [...own, partsApart()], scripts.get('main')!);
  for (const part of Object.keys(PARTS)) {
    scripts.set(part, join(folder, `weir-probe-${part}.js`));
    modules.push(...(await bundle(`${ENTRY}${part}`, [...own, partEntry()], scripts.get(part)!)));
  }
  return { scripts, modules: new Set(modules.filter(isAbsolute)) };
}

/** @returns ids of the modules in it; of those that are files, their paths */
async function bundle(input: string, plugins: Plugin[], file: string): Promise<string[]> {
  const build = await rolldown({
    input,
    logLevel: 'warn',
    checks: { pluginTimings: false },
    platform: 'neutral',
    treeshake: { moduleSideEffects: id => id === input },
    plugins: [...plugins, onlyUsedElements(), plain],
  });
  // Not the names of functions: they tell where a mistake was.
  const { output } = await build.write({
    file,
    format: 'iife',
    minify: { compress: true, mangle: true, codegen: true },
  });
  await build.close();
  return output.flatMap(each => (each.type === 'chunk' ? each.moduleIds : []));
}

/** The configuration's schema without the library that it is written in, of a router's keys alone, and without descriptions. */
async function schemaAsData(fields: string): Promise<Plugin> {
  const { probeSchema } = await import(pathToFileURL(join(probe, 'config/schema.js')).href);
  const { ROUTER_KEYS } = await import(pathToFileURL(join(probe, 'router/settings.js')).href);
  const own = (ROUTER_KEYS as string[]).map(key => {
    const { description: _, ...property } = probeSchema.properties[key];
    return [key, key === 'fields' ? { ...property, default: fields } : property];
  });
  const text = `export const probeSchema = ${JSON.stringify({ properties: Object.fromEntries(own) })};`;
  return { name: 'schema', load: id => (id === join(probe, 'config/schema.js') ? text : null) };
}

/** Routers' kernels have no BTF, which the kernel meter's programs are loaded by; and no record of the probe's has a list. */
function withoutUnused(): Plugin {
  const texts = new Map([
    [
      join(probe, 'main/kernel-metering.js'),
      "export class KernelMetering { constructor() { throw new Error('no kernel meter'); } }",
    ],
    [
      join(repository, 'packages/ipfix/dist/structured/encode.js'),
      "export function encodeList() { throw new Error('no lists'); }",
    ],
  ]);
  return { name: 'unused', load: id => texts.get(id) ?? null };
}

/** Of the fields that the probe can fill, those of the set. */
async function onlyFields(fields: string): Promise<Plugin> {
  const { parseFields } = await import(pathToFileURL(join(probe, 'exporting/field-selection.js')).href);
  const names = parseFields(fields).fields.map(({ name }: { name: string }) => name);
  const id = join(probe, 'exporting/flow-fields.js');
  const transform = (code: string, file: string): string | null => {
    if (file !== id) return null;
    return `${code.replace('export const FLOW_FIELDS', 'const ALL_FIELDS')}
export const FLOW_FIELDS = ALL_FIELDS.filter(field => ${JSON.stringify(names)}.includes(field.name));`;
  };
  return { name: 'fields', transform };
}

/** For the engine: see plain-variables.ts and regular-expressions.ts. */
export const plain: Plugin = { name: 'plain variables', renderChunk: code => compiledLater(plainVariables(code)) };

/** As `npm run generate` writes it. */
const OPENING = 'IANA_ELEMENTS = `';

/** Of IANA's elements, those whose names stand somewhere in the program. */
function onlyUsedElements(): Plugin {
  const renderChunk = (code: string): string => {
    const begin = code.indexOf(OPENING) + OPENING.length;
    const end = code.indexOf('`', begin);
    if (begin < OPENING.length || end < 0) return code;
    const [before, table, after] = [code.slice(0, begin), code.slice(begin, end), code.slice(end)];
    const rest = before + after;
    const isUsed = (name: string): boolean =>
      rest.includes(name) || rest.includes(`reverse${name[0]!.toUpperCase()}${name.slice(1)}`);
    const lines = table.split('\n').filter(line => line === '' || isUsed(line.split(' ')[1]!));
    return before + lines.join('\n') + after;
  };
  return { name: 'elements', renderChunk };
}

/** Octets of a file. */
export function octetsOf(file: string): number {
  return readFileSync(file).length;
}
