/**
 * Builds packages/ipfix/src/elements/generated/elements.ts from registry/. With --check it writes nothing and fails
 * where the committed module differs from what the registry says.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TARGET = `${ROOT}packages/ipfix/src/elements/generated/elements.ts`;

interface OwnElements {
  readonly enterprise: number;
  readonly elements: readonly { id: number; name: string; type: string; semantics: string; units: string }[];
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

function indexOf(list: string[], value: string): string {
  const index = list.indexOf(value);
  return value === '' ? '' : String(index < 0 ? list.push(value) - 1 : index);
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}

/** The text of the generated module. One line an element: id, name, index of type, of semantics, of units. */
export function generate(): string {
  const types = table('iana-data-types.tsv').map(([, name]) => name!);
  const semantics: string[] = [];
  const units: string[] = [];
  const pack = (id: string, name: string, type: string, semantic: string, unit: string): string => {
    if (!types.includes(type)) throw new Error(`element ${id} ${name}: unknown data type "${type}"`);
    return [id, name, types.indexOf(type), indexOf(semantics, semantic), indexOf(units, unit)].join(' ').trimEnd();
  };
  const iana = table('iana-elements.tsv').map(row => pack(row[0]!, row[1]!, row[2]!, row[3]!, row[4]!));
  const own = JSON.parse(registryFile('weir.json')) as OwnElements;
  const weir = own.elements.map(e => pack(String(e.id), e.name, e.type, e.semantics, e.units));
  return `// Made by \`npm run generate\` from registry/. Do not edit.
/** Abstract data types; the index is the number of RFC 5610. */
export const DATA_TYPES = ${literal(types)} as const;
export const SEMANTICS: readonly string[] = ${literal(semantics)};
export const UNITS: readonly string[] = ${literal(units)};
/** One line an element: id, name, index of the type, of the semantics, of the units. */
export const IANA_ELEMENTS = \`\n${iana.join('\n')}\n\`;
export const WEIR_ENTERPRISE = ${own.enterprise};
export const WEIR_ELEMENTS = \`\n${weir.join('\n')}\n\`;
/** Values of flowEndReason. */
export const FLOW_END_REASONS: Readonly<Record<number, string>> = ${literal(Object.fromEntries(table('iana-flow-end-reasons.tsv')))};
/** Keywords of IP protocol numbers. */
export const PROTOCOLS: Readonly<Record<number, string>> = ${literal(Object.fromEntries(table('iana-protocols.tsv')))};
`;
}

/** What stands in the generated module now; undefined if there is none. */
export function committed(): string | undefined {
  try {
    return readFileSync(TARGET, 'utf8');
  } catch {
    return undefined;
  }
}

function main(): void {
  const content = generate();
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(TARGET), { recursive: true });
    writeFileSync(TARGET, content);
  } else if (content !== committed()) {
    console.error(`${TARGET} differs from registry/; run \`npm run generate\` and commit the result`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
