import { openRecords } from '@weir/collector/reading';
import { Command } from 'commander';
import { predicateOf } from './filter-error.js';
import { type Format, formatOption, writeAll } from './output/format.js';
import { flatten, type PrintedRecord, recordColumns } from './output/records.js';
import { printable } from './output/units.js';
import { endOnBrokenPipe } from './output/writer.js';

interface ReadOptions {
  readonly format: Format;
  readonly filter?: string;
}

/** `weir read`: prints the Data Records of files. */
export function readCommand(): Command {
  return new Command('read')
    .description('Print the records of IPFIX files, captures (pcap, pcapng) and raw datagrams.')
    .argument('<file...>', 'files in order, Templates before the data that needs them; - is standard input')
    .addOption(formatOption())
    .option('--filter <filter>', 'only records that fit, for example: src net 10.0.0.0/8 and not proto icmp')
    .action(async (files: string[], { format, filter }: ReadOptions) => {
      const fits = predicateOf(filter);
      endOnBrokenPipe();
      const nothing = filter === undefined ? 'No record.' : 'No record fits the filter.';
      await writeAll(select(files, fits), format, { columns: recordColumns, flat: flatten, nothing });
    });
}

/** Reasons that leave the rest of a file unread. */
const incomplete = new Set(['not-ipfix', 'truncated-file', 'link-type']);
/** Lines about one kind of thing in one file. */
const MAXIMUM_LINES = 5;

async function* select(files: string[], fits: ReturnType<typeof predicateOf>): AsyncGenerator<PrintedRecord> {
  const told = new Map<string, number>();
  const records = openRecords(files, ({ file, offset, reason, detail }) => {
    if (incomplete.has(reason)) process.exitCode = 1;
    const count = (told.get(`${file}: ${reason}`) ?? 0) + 1;
    told.set(`${file}: ${reason}`, count);
    if (count <= MAXIMUM_LINES) process.stderr.write(`weir: ${file}, octet ${offset}: ${printable(detail)}\n`);
  });
  for await (const record of records) if (fits(record.record, record.observationDomainId)) yield record;
  for (const [what, count] of told) {
    if (count > MAXIMUM_LINES) process.stderr.write(`weir: ${what} ${count - MAXIMUM_LINES} times more\n`);
  }
}
