/**
 * Builds from registry/ the elements that packages/ipfix knows, and those that the lab knows by itself, so that it can judge the others;
 * from bpf/ the object that the kernel meter loads; from LuCI's pages the catalogue of their texts; and pages of docs/reference from the code that
 * they are about.
 * With --check it writes nothing and fails where what is committed differs from what registry/ and bpf/ say.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { translationTemplate } from '../../openwrt/package/dist/translations.js';
import { OBJECT, staleness, updateObject } from './kernel-object.js';
import { referencePages } from './reference/index.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A generated module: where it stands in the repository, and its text. */
interface Module {
  readonly path: string;
  readonly content: string;
}

interface OwnElements {
  readonly enterprise: number;
  readonly elements: readonly {
    id: number;
    name: string;
    type: string;
    semantics?: string;
    units?: string;
    range?: string;
  }[];
}

/** Reads a file of registry/ and holds it against SHA256SUMS. */
function registryFile(name: string): string {
  const content = readFileSync(`${ROOT}registry/${name}`, 'utf8');
  const sum = createHash('sha256').update(content).digest('hex');
  if (!readFileSync(`${ROOT}registry/SHA256SUMS`, 'utf8').includes(`${sum}  ${name}\n`)) {
    throw new Error(`registry/${name} does not match registry/SHA256SUMS; restore it, or run update-registry`);
  }
  return content;
}

function table(name: string): string[][] {
  const lines = registryFile(name).split('\n');
  return lines.filter(line => line !== '' && !line.startsWith('#')).map(line => line.split('\t'));
}

/** Names by their numbers, from a table of numbers without gaps. */
function names(table: string[][]): string[] {
  if (table.some(([value], i) => Number(value) !== i)) throw new Error(`numbers with gaps: ${table.join(' ')}`);
  return table.map(([, name]) => name!);
}

function indexOf(list: string[], value: string, element: string): string {
  if (value === '') return '';
  const index = list.indexOf(value);
  if (index < 0) throw new Error(`element ${element}: "${value}" is not one of ${list.join(', ')}`);
  return String(index);
}

/** "0-0xFFFFF" in decimal. */
function packRange(range: string, element: string): string {
  const bounds = range === '' ? [] : range.split('-').map(Number);
  if (bounds.some(bound => !Number.isSafeInteger(bound)) || bounds.length === 1 || bounds.length > 2) {
    throw new Error(`element ${element}: "${range}" is no range; write LOWEST-HIGHEST`);
  }
  return bounds.join('-');
}

/** Names of values, a line an element: its number, then VALUE NAME pairs. */
function packValues(rows: string[][]): string {
  const lines = new Map<string, string[]>();
  for (const [element, value, name] of rows) lines.set(element!, [...(lines.get(element!) ?? []), `${value} ${name}`]);
  return [...lines].map(([element, pairs]) => `${element}|${pairs.join('|')}`).join('\n');
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}

/** All that is generated. */
export async function generate(): Promise<Module[]> {
  return [
    { path: 'packages/ipfix/src/elements/generated/elements.ts', content: elementsModule() },
    { path: 'packages/lab/src/wire/generated/iana.ts', content: labModule() },
    translationTemplate(),
    ...(await referencePages()),
  ];
}

function labModule(): string {
  const lines = table('iana-elements.tsv').map(([id, name, type]) => `${id} ${name} ${type}`);
  return `// Made by \`npm run generate\` from registry/. Do not edit.
/** One line an element of the IANA: id, name, abstract data type. */
export const IANA = \`\n${lines.join('\n')}\n\`;
`;
}

/** One line an element: id, name, index of type, of semantics, of units, range. */
function elementsModule(): string {
  const types = names(table('iana-data-types.tsv'));
  const semantics = names(table('iana-semantics.tsv'));
  const units = names(table('iana-units.tsv'));
  const pack = (id: string, name: string, type: string, semantic: string, unit: string, range: string): string => {
    const indexes = [indexOf(types, type, name), indexOf(semantics, semantic, name), indexOf(units, unit, name)];
    return [id, name, ...indexes, packRange(range, name)].join(' ').trimEnd();
  };
  const iana = table('iana-elements.tsv').map(row => pack(row[0]!, row[1]!, row[2]!, row[3]!, row[4]!, row[5]!));
  const own = JSON.parse(registryFile('weir.json')) as OwnElements;
  const weir = own.elements.map(e =>
    pack(String(e.id), e.name, e.type, e.semantics ?? '', e.units ?? '', e.range ?? ''),
  );
  return `// Made by \`npm run generate\` from registry/. Do not edit.
/** Abstract data types; the index is the number of RFC 5610. */
export const DATA_TYPES = ${literal(types)} as const;
/** Semantics and units; the index is the number of RFC 5610. */
export const SEMANTICS: readonly string[] = ${literal(semantics)};
export const UNITS: readonly string[] = ${literal(units)};
/** One line an element: id, name, index of the type, of the semantics, of the units, range. */
export const IANA_ELEMENTS = \`\n${iana.join('\n')}\n\`;
export const WEIR_ENTERPRISE = ${own.enterprise};
export const WEIR_ELEMENTS = \`\n${weir.join('\n')}\n\`;
/** Names of values: a line an element of IANA's, its number, then VALUE NAME pairs. */
export const VALUES = \`\n${packValues(table('iana-values.tsv'))}\n\`;
/** Semantics of a list (RFC 6313 section 4.4) by number. */
export const LIST_SEMANTICS: Readonly<Record<number, string>> = ${literal(Object.fromEntries(table('iana-list-semantics.tsv')))};
/** Keywords of IP protocol numbers. */
export const PROTOCOLS: Readonly<Record<number, string>> = ${literal(Object.fromEntries(table('iana-protocols.tsv')))};
`;
}

/** What stands in the generated module now; undefined if there is none. */
export function committed({ path }: Module): string | undefined {
  try {
    return readFileSync(`${ROOT}${path}`, 'utf8');
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const checking = process.argv.includes('--check');
  for (const module of await generate()) {
    if (!checking) {
      mkdirSync(dirname(`${ROOT}${module.path}`), { recursive: true });
      writeFileSync(`${ROOT}${module.path}`, module.content);
    } else if (module.content !== committed(module)) {
      console.error(`${module.path} is not what it is made of; run \`npm run generate\` and commit the result`);
      process.exitCode = 1;
    }
  }
  if (!checking) updateObject();
  const stale = staleness();
  if (stale === undefined) return;
  console.error(`${OBJECT} is not that of bpf/ (${stale}); run \`npm run generate\` and commit the result`);
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
