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

function writeTable(name: string, source: Source, columns: readonly string[], rows: readonly string[][]): void {
  const head = [
    `# From the IANA registry file ${source.file}, updated ${source.updated}, SHA-256 ${source.sha256}`,
    `# ${columns.join('\t')}`,
  ];
  writeFileSync(`${REGISTRY}${name}.tsv`, `${[...head, ...rows.map(row => row.join('\t'))].join('\n')}\n`);
}

function updateElements(ipfix: Source): void {
  const tags = ['elementId', 'name', 'dataType', 'dataTypeSemantics', 'units', 'range', 'status'];
  const rows = recordsOf(ipfix, 'ipfix-information-elements')
    .map(record => tags.map(tag => child(record, tag)))
    // Reserved numbers and ranges kept for NetFlow v9 have no name or no type.
    .filter(([id, name, type]) => /^\d+$/.test(id!) && name !== '' && type !== '');
  writeTable('iana-elements', ipfix, tags, rows);
}

function updateValues(name: string, source: Source, registryId: string, tag: string): void {
  const rows = recordsOf(source, registryId)
    .map(record => [child(record, 'value'), child(record, tag).replace(/ \(deprecated\)$/, '')] as const)
    .filter(([value, text]) => /^(\d+|0x[0-9A-Fa-f]+)$/.test(value) && !/^(|Reserved|Unassigned)$/.test(text));
  writeTable(
    name,
    source,
    ['value', tag],
    rows.map(([value, text]) => [String(Number(value)), text]),
  );
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
  const ipfix = readSource(ipfixPath);
  updateElements(ipfix);
  updateValues('iana-data-types', ipfix, 'ipfix-information-element-data-types', 'description');
  updateValues('iana-flow-end-reasons', ipfix, 'ipfix-flow-end-reason', 'name');
  updateValues('iana-protocols', readSource(protocolsPath), 'protocol-numbers-1', 'name');
  writeChecksums();
}

main();
