import type { Series } from '../verdict/verdict.js';
import { isBackground } from './background.js';
import { readCaptureFile } from './capture-file.js';
import { type FlowKey, keyText, reversed, type TrueFlow } from './flow.js';
import { addressText, emptyPacket, type Packet, readPacket } from './packet.js';

/** Counters of both directions. */
export interface WireCounters {
  packets: number;
  octets: number;
  reversePackets: number;
  reverseOctets: number;
}

/**
 * A flow of a capture. Its counters are as connection tracking counts: a fragmented datagram is one packet, with one header and no fragment
 * header. `onWire` is as the packets came.
 */
export interface CapturedFlow extends Required<TrueFlow> {
  onWire: WireCounters;
  /** Place among the captured links of the one that it was counted on. */
  link: number;
}

/** What a capture tells. */
export interface CapturedTraffic {
  flows: CapturedFlow[];
  /** Packets that passed and are not in it, or cannot be read: where there are any, it is no witness. */
  dropped: number;
  /** Octets a second on the first link, both directions. */
  series: Series;
}

const stepMilliseconds = 100;
const [fin, syn, rst, ack] = [1, 2, 4, 16];

interface Entry {
  flow: CapturedFlow;
  background: boolean;
  /** Who begins, as binary text: to tell the direction of each packet. */
  source: string;
  sourcePort: number;
  finForward: boolean;
  finBack: boolean;
  reset: boolean;
}

/**
 * Reads the flows of capture files, one for each link of a node. A flow that passes several of them under one key is counted on the first;
 * under another key, because the node translates, it is another one.
 */
export function readCapturedFlows(files: readonly string[]): CapturedTraffic {
  const packet = emptyPacket();
  const flows: CapturedFlow[] = [];
  const known = new Set<string>();
  let dropped = 0;
  const readers = files.map((file, link) => {
    const reader = new FlowReader(link);
    dropped += readCaptureFile(file, (data, at, length, original, time) => {
      if (readPacket(data, at, length, original, packet)) reader.take(packet, time);
      else if (isIp(data, at, length)) dropped++;
    });
    const found = reader.flows.filter(flow => !known.has(keyText(flow)) && !known.has(keyText(reversed(flow))));
    for (const flow of found) {
      flows.push(flow);
      if (link + 1 < files.length) known.add(keyText(flow));
    }
    return reader;
  });
  return { flows, dropped, series: readers[0]!.series() };
}

function isIp(data: Buffer, at: number, length: number): boolean {
  return length >= 14 && [0x0800, 0x86dd, 0x8100, 0x88a8].includes(data.readUInt16BE(at + 12));
}

/** Sums packets by flow and direction. */
class FlowReader {
  readonly flows: CapturedFlow[] = [];
  readonly #entries = new Map<string, Entry>();
  /** Fragmented datagrams: the packets of each that came before the one with the ports wait here. */
  readonly #datagrams = new Map<string, Entry | { waiting: { packet: Packet; time: number }[] }>();
  readonly #addresses = new Map<string, string>();
  readonly #buckets: number[] = [];
  #from = 0;

  constructor(private readonly link: number) {}

  take(packet: Packet, time: number): void {
    if (packet.fragmentOf === '') {
      this.#count(this.#entryOf(packet, time), packet, time);
      return;
    }
    const known = this.#datagrams.get(packet.fragmentOf);
    if (packet.firstFragment) {
      const entry = this.#entryOf(packet, time);
      this.#datagrams.set(packet.fragmentOf, entry);
      this.#count(entry, packet, time);
      if (known !== undefined && 'waiting' in known) {
        for (const each of known.waiting) this.#count(entry, each.packet, each.time);
      }
    } else if (known === undefined) {
      this.#datagrams.set(packet.fragmentOf, { waiting: [{ packet: { ...packet }, time }] });
    } else if ('waiting' in known) known.waiting.push({ packet: { ...packet }, time });
    else this.#count(known, packet, time);
  }

  series(): Series {
    // Buckets that nothing fell into are holes.
    const values = Array.from(this.#buckets, octets => ((octets ?? 0) * 1000) / stepMilliseconds);
    return { from: this.#from, step: stepMilliseconds, values };
  }

  #entryOf(packet: Packet, time: number): Entry {
    const { protocol, source, destination, sourcePort, destinationPort, tcpFlags } = packet;
    const key = `${source}${destination} ${protocol} ${sourcePort} ${destinationPort}`;
    const known =
      this.#entries.get(key) ??
      this.#entries.get(`${destination}${source} ${protocol} ${destinationPort} ${sourcePort}`);
    const opens = protocol === 6 && (tcpFlags & (syn | ack)) === syn;
    if (known !== undefined && !(opens && isClosed(known))) return known;
    const entry = this.#begin(packet, time);
    // Of a tuple that comes again the last flow is looked up, whoever began it.
    if (known !== undefined)
      this.#entries.delete(`${destination}${source} ${protocol} ${destinationPort} ${sourcePort}`);
    this.#entries.set(key, entry);
    return entry;
  }

  #begin({ protocol, source, destination, sourcePort, destinationPort, icmpType }: Packet, time: number): Entry {
    const isIcmp = icmpType >= 0;
    const key: FlowKey = {
      protocol,
      source: this.#address(source),
      sourcePort: isIcmp ? 0 : sourcePort,
      destination: this.#address(destination),
      destinationPort: isIcmp ? 0 : destinationPort,
    };
    const none = { packets: 0, octets: 0, reversePackets: 0, reverseOctets: 0 };
    const flow: CapturedFlow = { ...key, ...none, first: time, last: time, onWire: { ...none }, link: this.link };
    const background = isBackground(key, isIcmp ? icmpType : undefined);
    if (!background) this.flows.push(flow);
    return { flow, background, source, sourcePort, finForward: false, finBack: false, reset: false };
  }

  #count(entry: Entry, packet: Packet, time: number): void {
    const { flow } = entry;
    const packets = packet.fragmentOf === '' || packet.firstFragment ? 1 : 0;
    const octets = packet.octets - packet.overhead;
    const forward = packet.source === entry.source && (packets === 0 || packet.sourcePort === entry.sourcePort);
    if (forward) {
      flow.packets += packets;
      flow.octets += octets;
      flow.onWire.packets++;
      flow.onWire.octets += packet.octets;
    } else {
      flow.reversePackets += packets;
      flow.reverseOctets += octets;
      flow.onWire.reversePackets++;
      flow.onWire.reverseOctets += packet.octets;
    }
    flow.last = Math.max(flow.last, time);
    flow.first = Math.min(flow.first, time);
    if (packets === 1 && packet.protocol === 6) noteFlags(entry, packet.tcpFlags, forward);
    if (!entry.background) this.#plot(time, packet.octets);
  }

  #plot(time: number, octets: number): void {
    const step = Math.floor(time / stepMilliseconds);
    if (this.#buckets.length === 0) this.#from = step * stepMilliseconds;
    const bucket = Math.max(0, step - this.#from / stepMilliseconds);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + octets;
  }

  #address(octets: string): string {
    let text = this.#addresses.get(octets);
    if (text === undefined) this.#addresses.set(octets, (text = addressText(octets)));
    return text;
  }
}

function noteFlags(entry: Entry, flags: number, forward: boolean): void {
  if (flags & rst) entry.reset = true;
  if ((flags & fin) === 0) return;
  if (forward) entry.finForward = true;
  else entry.finBack = true;
}

/** A SYN then begins another connection (net/netfilter/nf_conntrack_proto_tcp.c: TIME_WAIT and CLOSE). */
function isClosed({ reset, finForward, finBack }: Entry): boolean {
  return reset || (finForward && finBack);
}
