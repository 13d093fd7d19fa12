import { writeFileSync } from 'node:fs';
import { run } from '../run/command.js';
import { ipPacket, UDP, udpDatagram } from '../traffic/programs/packet.js';

/** An export datagram on its way from an address to a collector's. */
export interface Datagram {
  readonly source: string;
  readonly payload: Buffer;
}

/** What tshark's dissector counts in the Flow Records of one exporter; Options Data is left out. */
export interface DissectedSums {
  records: number;
  octets: number;
  packets: number;
  reverseOctets: number;
  reversePackets: number;
}

const DESTINATION = '127.0.0.1';
const [SOURCE_PORT, PORT] = [40_000, 4739];
/** LINKTYPE_RAW: packets begin with their IP header. */
const RAW_IP = 101;

/** Sums of the Flow Records by exporter, as tshark dissects the datagrams; it writes them as a capture to `file` first. */
export function dissect(file: string, datagrams: readonly Datagram[]): Map<string, DissectedSums> {
  writeFileSync(file, captureOf(datagrams));
  return dissectCapture(file);
}

/** Likewise of a capture. */
export function dissectCapture(file: string): Map<string, DissectedSums> {
  const text = run(['tshark', '-r', file, '-d', `udp.port==${PORT},cflow`, '-V', '-O', 'cflow'], 120);
  const reading = new Reading();
  for (const line of text.split('\n')) reading.line(line);
  return reading.sums;
}

/** A capture in the format of libpcap (pcap-savefile(5)). */
function captureOf(datagrams: readonly Datagram[]): Buffer {
  const parts = [words(0xa1b2c3d4, (2 << 16) | 4, 0, 0, 65_535, RAW_IP)];
  datagrams.forEach(({ source, payload }, second) => {
    const ends = { source, destination: DESTINATION };
    const packet = ipPacket(source, DESTINATION, UDP, udpDatagram(ends, SOURCE_PORT, PORT, payload));
    parts.push(words(second, 0, packet.length, packet.length), packet);
  });
  return Buffer.concat(parts);
}

function words(...values: readonly number[]): Buffer {
  const octets = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    octets.writeUInt32BE(value, i * 4);
  });
  return octets;
}

/** Follows tshark's text. Elements that it counts in are Octets, or Permanent Octets for totals; "(Reverse ..." stands behind the value. */
class Reading {
  readonly sums = new Map<string, DissectedSums>();
  /** Exporter and Template ID of each Options Template. */
  readonly #options = new Set<string>();
  #source = '';
  #inOptions = false;

  line(line: string): void {
    const source = /^Internet Protocol Version 4, Src: ([\d.]+)/.exec(line)?.[1];
    if (source !== undefined) {
      this.#source = source;
      if (!this.sums.has(source))
        this.sums.set(source, { records: 0, octets: 0, packets: 0, reverseOctets: 0, reversePackets: 0 });
      return;
    }
    this.#set(line);
    if (!this.#inOptions) this.#record(this.sums.get(this.#source)!, line);
  }

  #set(line: string): void {
    const optionsTemplates = /^\s*(?:Flow)?Set \d+ \[id=\d+\] \(Options Template\): ([\d,]+)/.exec(line)?.[1];
    for (const id of optionsTemplates?.split(',') ?? []) this.#options.add(`${this.#source} ${id}`);
    const id = /^\s*(?:Flow)?Set \d+ \[id=(\d+)\]/.exec(line)?.[1];
    if (id !== undefined) this.#inOptions = this.#options.has(`${this.#source} ${id}`);
    else if (/^Cisco NetFlow/.test(line)) this.#inOptions = false;
  }

  #record(sums: DissectedSums | undefined, line: string): void {
    if (sums === undefined) return;
    if (/^\s+(Flow \d+|pdu \d+\/\d+)$/.test(line)) sums.records++;
    const counter = /^\s+(?:Permanent )?(Octets|Packets): (\d+)( \(Reverse)?/.exec(line);
    if (counter === null) return;
    const [, what, value, reverse] = counter;
    const name = what === 'Octets' ? 'octets' : 'packets';
    sums[reverse === undefined ? name : name === 'octets' ? 'reverseOctets' : 'reversePackets'] += Number(value);
  }
}
