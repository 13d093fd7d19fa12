/**
 * Rewrites registry/*.tsv from XML files of IANA's registries: facts only (numbers, names, types), no prose.
 * Usage: node tools/dist/update-registry.js IPFIX.xml PROTOCOL-NUMBERS.xml
 * The XML files are fetched by hand: `npm run generate` never depends on them, only on what is committed in registry/.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const REGISTRY = fileURLToPath(new URL('../../registry/', import.meta.url));

/** The tables, content by file name. */
export type Tables = Map<string, string>;

interface Source {
  readonly file: string;
  readonly text: string;
  readonly updated: string;
  readonly sha256: string;
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const updated = /<updated>([\d-]+)<\/updated>/.exec(text)?.[1];
  if (updated === undefined) throw new Error(`${path}: no <updated> date, so not an IANA registry; give its XML file`);
  return { file: basename(path), text, updated, sha256: sha256(text) };
}

/** The <record> elements of the (sub-)registry with that id, without those of the registries nested in it. */
function recordsOf(source: Source, registryId: string): string[] {
  const from = source.text.indexOf(`<registry id="${registryId}">`);
  if (from < 0) throw new Error(`${source.file}: no registry "${registryId}"; its layout has changed, adapt this tool`);
  const next = source.text.indexOf('<registry ', from + 1);
  return source.text.slice(from, next < 0 ? undefined : next).match(/<record[\s>][\s\S]*?<\/record>/g) ?? [];
}

function child(record: string, tag: string): string {
  const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(record)?.[1] ?? '';
  return content.replace(/\s+/g, ' ').trim();
}

function addTable(
  tables: Tables,
  name: string,
  source: Source,
  columns: readonly string[],
  rows: readonly string[][],
): void {
  const head = [
    `# From the IANA registry file ${source.file}, updated ${source.updated}, SHA-256 ${source.sha256}`,
    `# ${columns.join('\t')}`,
  ];
  tables.set(`${name}.tsv`, `${[...head, ...rows.map(row => row.join('\t'))].join('\n')}\n`);
}

/** The RFCs that define an element: those named behind its references, not in them. */
function references(record: string): string {
  const own = record.replace(/<(description|references)>[\s\S]*?<\/\1>/g, '');
  return [...own.matchAll(/<xref type="rfc" data="([^"]+)"/g)].map(match => match[1]!).join(',');
}

function addElements(tables: Tables, ipfix: Source): void {
  const tags = ['elementId', 'name', 'dataType', 'dataTypeSemantics', 'units', 'range', 'status'];
  const rows = recordsOf(ipfix, 'ipfix-information-elements')
    .map(record => [...tags.map(tag => child(record, tag)), references(record)])
    // Reserved numbers and ranges kept for NetFlow v9 have no name or no type.
    .filter(([id, name, type]) => /^\d+$/.test(id!) && name !== '' && type !== '');
  addTable(tables, 'iana-elements', ipfix, [...tags, 'references'], rows);
}

/** What a value is called: its name, or of its description what stands before the explanation; undefined where it has none. */
function valueName(record: string): string | undefined {
  const [name] = (child(record, 'name') || child(record, 'description')).split(': ');
  const plain = name!
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\.$| \((deprecated|Historic)\)$/, '');
  return /^$|^(Reserved|Unassigned)$|^The /.test(plain) ? undefined : plain;
}

/** Names of the values of one element, from a sub-registry; `prefix` stands before each. */
function elementValues(ipfix: Source, elementId: string, registryId: string, prefix = ''): string[][] {
  return recordsOf(ipfix, registryId).flatMap(record => {
    const value = child(record, 'value');
    const name = valueName(record);
    const single = /^(\d+|0x[0-9A-Fa-f]+)$/.test(value);
    return single && name !== undefined ? [[elementId, String(Number(value)), `${prefix}${name}`]] : [];
  });
}

/** The sub-registries whose titles name the element that they are of: "natType (Value 297)". */
function addElementValues(tables: Tables, ipfix: Source): void {
  const titled = ipfix.text.matchAll(/<registry id="([^"]+)">\s*<title>[^<]*\(Value (\d+)\)<\/title>/g);
  const rows = [...titled].flatMap(([, registryId, elementId]) => elementValues(ipfix, elementId!, registryId!));
  const statuses = ipfix.text.matchAll(
    /<registry id="(forwarding-status-\d\db)">\s*<title>Status \d\db: (\w+)<\/title>/g,
  );
  for (const [, registryId, status] of statuses) rows.push(...elementValues(ipfix, '89', registryId!, `${status}: `));
  rows.sort(([a], [b]) => Number(a) - Number(b));
  addTable(tables, 'iana-values', ipfix, ['elementId', 'value', 'name'], rows);
}

function addValues(tables: Tables, name: string, source: Source, registryId: string, tag: string): void {
  const rows = recordsOf(source, registryId)
    .map(record => [child(record, 'value'), child(record, tag).replace(/ \(deprecated\)$/, '')] as const)
    .filter(([value, text]) => /^(\d+|0x[0-9A-Fa-f]+)$/.test(value) && !/^(|Reserved|Unassigned)$/.test(text));
  addTable(
    tables,
    name,
    source,
    ['value', tag],
    rows.map(([value, text]) => [String(Number(value)), text]),
  );
}

/** All tables that the XML files give. */
export function extract(ipfixPath: string, protocolsPath: string): Tables {
  const tables: Tables = new Map();
  const ipfix = readSource(ipfixPath);
  addElements(tables, ipfix);
  addValues(tables, 'iana-data-types', ipfix, 'ipfix-information-element-data-types', 'description');
  addValues(tables, 'iana-semantics', ipfix, 'ipfix-information-element-semantics', 'description');
  addValues(tables, 'iana-units', ipfix, 'ipfix-information-element-units', 'description');
  addValues(tables, 'iana-list-semantics', ipfix, 'ipfix-structured-data-types-semantics', 'name');
  addElementValues(tables, ipfix);
  addValues(tables, 'iana-protocols', readSource(protocolsPath), 'protocol-numbers-1', 'name');
  return tables;
}

function writeChecksums(): void {
  const files = readdirSync(REGISTRY).filter(file => /\.(tsv|json)$/.test(file));
  const lines = files.sort().map(file => `${sha256(readFileSync(REGISTRY + file, 'utf8'))}  ${file}\n`);
  writeFileSync(`${REGISTRY}SHA256SUMS`, lines.join(''));
}

function main(): void {
  const [ipfixPath, protocolsPath] = process.argv.slice(2);
  if (ipfixPath === undefined || protocolsPath === undefined) {
    console.error('usage: update-registry IPFIX.xml PROTOCOL-NUMBERS.xml');
    process.exitCode = 2;
    return;
  }
  for (const [name, content] of extract(ipfixPath, protocolsPath)) writeFileSync(REGISTRY + name, content);
  writeChecksums();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
