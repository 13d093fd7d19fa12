import { closeSync, openSync, readSync } from 'node:fs';
import { WeirError } from '../error.js';

/** A packet of a capture file: `length` octets of `data` from `offset` on were kept of the `original` ones. Milliseconds since the Unix epoch. */
export type OnPacket = (data: Buffer, offset: number, length: number, original: number, time: number) => void;

const chunkOctets = 4 * 1024 * 1024;
const [sectionHeader, interfaceDescription, enhancedPacket, interfaceStatistics] = [0x0a0d0d0a, 1, 6, 5];
const ethernet = 1;

/**
 * Reads a pcap or pcapng file of Ethernet frames, packet by packet, in bounded memory.
 * @returns packets that the capture itself says it dropped; 0 where the format has no place to say so
 */
export function readCaptureFile(file: string, onPacket: OnPacket): number {
  const source = new FileSource(file);
  try {
    const magic = source.need(4) ? source.data.readUInt32LE(source.at) : 0;
    if (magic === sectionHeader) return new PcapngReader(source, onPacket).read();
    readPcap(source, magic, onPacket);
    return 0;
  } finally {
    source.close();
  }
}

/** A file, a window of which is in memory. */
class FileSource {
  data: Buffer = Buffer.allocUnsafe(chunkOctets);
  at = 0;
  #end = 0;
  readonly #fd: number;

  constructor(readonly file: string) {
    this.#fd = openSync(file, 'r');
  }

  /** Whether `octets` are there from `at` on; reads on if it has to. */
  need(octets: number): boolean {
    if (this.#end - this.at >= octets) return true;
    const rest = this.data.subarray(this.at, this.#end);
    const next = octets > this.data.length ? Buffer.allocUnsafe(octets) : this.data;
    rest.copy(next);
    this.data = next;
    [this.at, this.#end] = [0, rest.length];
    for (let read = -1; this.#end < octets && read !== 0; this.#end += read) {
      read = readSync(this.#fd, this.data, this.#end, this.data.length - this.#end, null);
    }
    return this.#end >= octets;
  }

  broken(what: string): WeirError {
    return new WeirError(`cannot read the capture ${this.file}: ${what}; capture Ethernet by dumpcap or tcpdump`);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Multipliers from the fraction of a pcap time stamp to milliseconds, and the byte order, by the magic number read as little-endian. */
const pcapMagics: Readonly<Record<number, { littleEndian: boolean; milliseconds: number }>> = {
  2712847316: { littleEndian: true, milliseconds: 1e-3 },
  3569595041: { littleEndian: false, milliseconds: 1e-3 },
  2712812621: { littleEndian: true, milliseconds: 1e-6 },
  1295823521: { littleEndian: false, milliseconds: 1e-6 },
};

/** draft-ietf-opsawg-pcap: a header of 24 octets, then packets behind 16 octets each. */
function readPcap(source: FileSource, magic: number, onPacket: OnPacket): void {
  const format = pcapMagics[magic];
  if (format === undefined) throw source.broken('it is neither pcap nor pcapng');
  const u32 = (at: number): number =>
    format.littleEndian ? source.data.readUInt32LE(source.at + at) : source.data.readUInt32BE(source.at + at);
  if (!source.need(24) || (u32(20) & 0xffff) !== ethernet) throw source.broken('its link type is not Ethernet');
  source.at += 24;
  while (source.need(16)) {
    const length = u32(8);
    if (!source.need(16 + length)) return;
    onPacket(source.data, source.at + 16, length, u32(12), u32(0) * 1000 + u32(4) * format.milliseconds);
    source.at += 16 + length;
  }
}

/** draft-ietf-opsawg-pcapng: blocks, each with its type and its length before and after. */
class PcapngReader {
  #littleEndian = true;
  /** Milliseconds of a unit of time stamps, interface by interface. */
  #resolutions: number[] = [];
  #dropped = 0;

  constructor(
    private readonly source: FileSource,
    private readonly onPacket: OnPacket,
  ) {}

  read(): number {
    const { source } = this;
    while (source.need(12)) {
      const type = this.#u32(0);
      if (type === sectionHeader) this.#section();
      const length = this.#u32(4);
      if (length < 12 || length % 4 !== 0) throw source.broken(`a block of ${length} octets`);
      // Its last block may be cut off when the capture was killed.
      if (!source.need(length)) break;
      if (type === interfaceDescription) this.#interface(length);
      else if (type === enhancedPacket) this.#packet();
      else if (type === interfaceStatistics) this.#statistics(length);
      source.at += length;
    }
    return this.#dropped;
  }

  #section(): void {
    this.#littleEndian = this.source.data.readUInt32LE(this.source.at + 8) === 0x1a2b3c4d;
    this.#resolutions = [];
  }

  #interface(length: number): void {
    if (this.#u16(8) !== ethernet) throw this.source.broken('its link type is not Ethernet');
    let milliseconds = 1e-3;
    this.#options(16, length, (code, at) => {
      if (code !== 9) return;
      const power = this.source.data[this.source.at + at]!;
      milliseconds = 1000 * (power & 0x80 ? 2 ** -(power & 0x7f) : 10 ** -power);
    });
    this.#resolutions.push(milliseconds);
  }

  #packet(): void {
    const { source } = this;
    const resolution = this.#resolutions[this.#u32(8)] ?? 1e-3;
    const time = (this.#u32(12) * 2 ** 32 + this.#u32(16)) * resolution;
    this.onPacket(source.data, source.at + 28, this.#u32(20), this.#u32(24), time);
  }

  /** isb_ifdrop: dropped by the interface for want of resources. */
  #statistics(length: number): void {
    this.#options(20, length, (code, at) => {
      if (code === 5) this.#dropped += this.#u64(at);
    });
  }

  #options(from: number, length: number, onOption: (code: number, at: number) => void): void {
    for (let at = from; at + 4 <= length - 4; ) {
      const [code, size] = [this.#u16(at), this.#u16(at + 2)];
      if (code === 0) return;
      onOption(code, at + 4);
      at += 4 + Math.ceil(size / 4) * 4;
    }
  }

  #u16(at: number): number {
    const { source } = this;
    return this.#littleEndian ? source.data.readUInt16LE(source.at + at) : source.data.readUInt16BE(source.at + at);
  }

  #u32(at: number): number {
    const { source } = this;
    return this.#littleEndian ? source.data.readUInt32LE(source.at + at) : source.data.readUInt32BE(source.at + at);
  }

  #u64(at: number): number {
    const [a, b] = [this.#u32(at), this.#u32(at + 4)];
    return this.#littleEndian ? b * 2 ** 32 + a : a * 2 ** 32 + b;
  }
}
