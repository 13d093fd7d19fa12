import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { basename } from 'node:path';
import type { ImportResult } from '@weir/collector/reading';
import { Command } from 'commander';
import { UsageError, WeirError } from './error.js';
import { formatCount, printable } from './output/units.js';
import { openSource, type QuerySource, type SourceOptions } from './query-source.js';

interface ImportOptions extends SourceOptions {
  readonly again: boolean;
  readonly exporter: string;
}

/** Lines about what one file leaves out. */
const MAXIMUM_LINES = 5;

/** `weir import`: takes files into the store. */
export function importCommand(): Command {
  return new Command('import')
    .description(
      'Take IPFIX files, captures (pcap, pcapng) and raw datagrams into the store, with the times they have.',
    )
    .argument('<file...>', 'files, each with the Templates of its data; - is standard input')
    .option('--again', 'take a file though the store has it: its records are then there twice', false)
    .option('--exporter <address>', 'address of the exporter where the file does not tell it: captures do', '0.0.0.0')
    .option(
      '--url <url>',
      'give them to the collector there (default http://127.0.0.1:4780, then the default data directory)',
    )
    .option('--token-file <file>', 'file with the token that the collector at the URL wants')
    .option(
      '--store <store>',
      'chdb:PATH: give them to the collector that runs on this store, or open the store itself',
    )
    .option('--data <directory>', 'the same, by data directory')
    .action(async (files: string[], options: ImportOptions) => {
      if (isIP(options.exporter) === 0) throw new UsageError(`--exporter: "${options.exporter}" is no address`);
      const source = await openSource(options);
      try {
        for (const file of files) await importFile(source, file, options);
      } finally {
        await source.close();
      }
    });
}

async function importFile(source: QuerySource, file: string, { again, exporter }: ImportOptions): Promise<void> {
  const digest = file === '-' ? undefined : await digestOf(file);
  const name = file === '-' ? 'standard input' : basename(file);
  const result = await source.take(withProgress(file, name), { name, digest, again, exporter });
  process.stdout.write(`${printable(name)}: ${textOf(result)}\n`);
  for (const { offset, detail } of result.problems.slice(0, MAXIMUM_LINES)) {
    process.stderr.write(`weir: ${printable(name)}, octet ${offset}: ${printable(detail)}\n`);
  }
  if (result.problems.length > 0) process.exitCode = 1;
}

function textOf({ records, messages, lostRecords, malformedMessages, unknownTemplateSets }: ImportResult): string {
  const wrong = [
    [malformedMessages, 'malformed Messages'],
    [unknownTemplateSets, 'Data Sets without their Template'],
    [lostRecords, 'Data Records missing'],
  ] as const;
  const told = wrong.filter(([count]) => count > 0).map(([count, what]) => `, ${count} ${what}`);
  return `${records} Flow Records of ${messages} Messages imported${told.join('')}`;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of readingOf(file)) hash.update(chunk);
  return hash.digest('hex');
}

async function* readingOf(file: string): AsyncGenerator<Uint8Array> {
  const stream: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : (createReadStream(file) as ReadStream);
  try {
    yield* stream;
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new WeirError(`cannot read ${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
}

/** The octets, and on a terminal how far they are. */
async function* withProgress(file: string, name: string): AsyncGenerator<Uint8Array> {
  const size = file === '-' ? 0 : statSync(file).size;
  const shows = process.stderr.isTTY;
  let done = 0;
  let shown = 0;
  for await (const chunk of readingOf(file)) {
    yield chunk;
    done += chunk.length;
    const now = Date.now();
    if (!shows || now - shown < 250) continue;
    shown = now;
    const part = size > 0 ? `, ${Math.floor((100 * done) / size)} %` : '';
    process.stderr.write(`\r${printable(name)}: ${formatCount(done)} octets${part}\u001b[K`);
  }
  if (shown > 0) process.stderr.write('\r\u001b[K');
}
