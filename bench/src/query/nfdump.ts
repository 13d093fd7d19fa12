import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowBatch } from '../../../packages/collector/dist/flow/batch.js';

/** What nfcapd makes a file of. */
const FILE_MILLISECONDS = 300_000;
const BLOCK_OCTETS = 1_000_000;
const RECORD_OCTETS = 132;

/** Whether nfdump is there. */
export function hasNfdump(): boolean {
  return spawnSync('nfdump', ['-V']).status === 0;
}

/** Name of the file that has the records of that time, as nfcapd names them. */
export function fileAt(time: number): string {
  const text = new Date(time - (time % FILE_MILLISECONDS)).toISOString();
  return `nfcapd.${text.slice(0, 16).replaceAll(/[-T:]/g, '')}`;
}

/** Writes Flow Records as files of nfdump 1.7, five minutes each: what nfcapd makes of the same records sent as IPFIX, octet for octet. */
export class NfdumpWriter {
  readonly #directory: string;
  readonly #blocks: Buffer[] = [];
  #block = Buffer.alloc(BLOCK_OCTETS);
  #used = 0;
  #file = '';

  constructor(directory: string) {
    this.#directory = directory;
  }

  write(batch: FlowBatch): void {
    const column = (name: string) => Buffer.from(batch.column(name).data.buffer);
    const ends = column('flowEnd');
    const columns = { ends, column, source: column('sourceAddress'), destination: column('destinationAddress') };
    const parts = partsOf(column);
    for (let row = 0; row < batch.rows; row++) {
      const file = fileAt(Number(columns.ends.readBigUInt64LE(row * 8)));
      if (file !== this.#file) this.finish();
      this.#file = file;
      if (this.#used + RECORD_OCTETS > BLOCK_OCTETS) this.#endBlock();
      const at = this.#used;
      record.copy(this.#block, at);
      // Addresses lie in the order of the machine.
      this.#block.writeUInt32LE(columns.source.readUInt32BE(row * 16 + 12), at + 16);
      this.#block.writeUInt32LE(columns.destination.readUInt32BE(row * 16 + 12), at + 20);
      for (const { data, width, place } of parts) data.copy(this.#block, at + place, row * width, (row + 1) * width);
      this.#used += RECORD_OCTETS;
    }
  }

  /** Ends the file at hand. */
  finish(): void {
    if (this.#used > 0) this.#endBlock();
    if (this.#blocks.length === 0) return;
    const header = Buffer.alloc(40);
    header.writeUInt16LE(0xa50c, 0);
    header.writeUInt16LE(2, 2);
    header.writeUInt32LE(0x01070100, 4);
    header.writeUInt32LE(this.#blocks.length / 2, 36);
    writeFileSync(join(this.#directory, this.#file), Buffer.concat([header, ...this.#blocks]));
    this.#blocks.length = 0;
  }

  #endBlock(): void {
    const header = Buffer.alloc(12);
    header.writeUInt32LE(this.#used / RECORD_OCTETS, 0);
    header.writeUInt32LE(this.#used, 4);
    header.writeUInt16LE(3, 8);
    this.#blocks.push(header, Buffer.from(this.#block.subarray(0, this.#used)));
    this.#used = 0;
  }
}

/** A record with its five elements: their types and lengths, and nothing in them. */
const record = Buffer.alloc(RECORD_OCTETS);
record.set([11, 0, RECORD_OCTETS, 0, 5, 0, 0, 0, 1, 0, 0, 10]);
record.set([2, 0, 12, 0], 12);
record.set([1, 0, 52, 0], 24);
record.set([5, 0, 28, 0], 76);
record.set([4, 0, 20, 0], 104);
record.set([12, 0, 8, 0, 1, 2, 0, 192], 124);
record.writeUInt8(1, 80);

interface Part {
  readonly data: Buffer;
  readonly width: number;
  /** In the record. */
  readonly place: number;
}

/** Columns that go into the record as they are. */
function partsOf(column: (name: string) => Buffer): readonly Part[] {
  const parts: readonly (readonly [name: string, width: number, place: number])[] = [
    ['flowStart', 8, 28],
    ['flowEnd', 8, 36],
    ['receivedAt', 8, 44],
    ['packets', 8, 52],
    ['octets', 8, 60],
    ['sourcePort', 2, 68],
    ['destinationPort', 2, 70],
    ['protocol', 1, 72],
    ['reversePackets', 8, 88],
    ['reverseOctets', 8, 96],
    ['ingressInterface', 4, 108],
    ['egressInterface', 4, 112],
  ];
  return parts.map(([name, width, place]) => ({ data: column(name), width, place }));
}

/** Compresses the files as nfcapd would with -y: LZ4, the fastest to read. */
export function compress(directory: string): void {
  const { status, stderr } = spawnSync('nfdump', ['-J', '3', '-R', directory], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`nfdump cannot compress its files: ${stderr}`);
}

export function octetsIn(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

/** Asks nfdump. Returns how many flows its answer is of. */
export function ask(files: string, args: readonly string[]): number {
  const { status, stdout, stderr } = spawnSync('nfdump', ['-R', files, '-N', ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`nfdump does not answer: ${stderr}`);
  return Number(/total flows: (\d+)/.exec(stdout)?.[1]);
}
