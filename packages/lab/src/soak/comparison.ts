import { join } from 'node:path';
import { addresses } from '../namespaces/topology.js';
import { isBackground } from '../truth/background.js';
import { parseLine } from '../truth/conntrack.js';
import { tuple } from '../truth/kernel.js';
import { activeTimeout, kernelKey, type QueriedRecord, recordKey } from '../weir/records.js';
import { eachLineOf, eachLineOfFile, LineFile, sortFiles } from './lines.js';

/** Octets and packets there and back, in this order. */
export type Sums = [packets: number, octets: number, reversePackets: number, reverseOctets: number];

/** A connection of which the store does not say what the kernel said. */
export interface Deviation {
  /** The Flow Key, and the kernel's number (CTA_ID), which is flowId: addresses and ports come again. */
  key: string;
  /** How many connections ended, by the kernel; and how many ends the store has. */
  ends: number;
  told: number;
  /** What the store has less than the kernel counted; negative where it has more. */
  lacks: Sums;
  /** When the kernel told of ends, milliseconds since the Unix epoch. */
  endTimes: number[];
  /** When the Flow began as the store has it; NaN where it has nothing of it. */
  start: number;
}

export interface Comparison {
  /** Connections that ended, by the kernel, and all that they carried. */
  kernel: { flows: number; sums: Sums };
  /** What the store has, each Flow Record once. */
  store: { records: number; ends: number; sums: Sums };
  /** Flow Records that the store has once more. */
  doubled: number;
  /** Events that the kernel told once more, because not every listener had room. */
  retold: number;
  exact: number;
  deviations: Deviation[];
}

/**
 * Holds what the store has against what the kernel said of each connection's end, one by one. On disk, because it is millions.
 * @param ends what `conntrack -E` wrote
 * @param query the command that tells the store's Flow Records
 */
export async function compare(ends: string, query: readonly string[], folder: string): Promise<Comparison> {
  const [kernel, store, all] = ['kernel', 'store', 'all'].map(name => join(folder, `${name}.lines`)) as [
    string,
    string,
    string,
  ];
  await writeEnds(ends, kernel);
  await writeRecords(query, store);
  sortFiles([kernel, store], all, folder);
  return compareLines(all);
}

/** Of a file of sorted lines, which {@link writeEnds} and {@link writeRecords} have made. */
export async function compareLines(file: string): Promise<Comparison> {
  const found = new Found();
  await eachLineOfFile(file, line => found.take(line));
  return found.finish();
}

/** KEY, K, counters, time of the event. */
async function writeEnds(from: string, to: string): Promise<void> {
  const file = new LineFile(to);
  await eachLineOfFile(from, line => {
    const flow = parseLine(line);
    if (flow === undefined || !isTheClients(flow.original)) return;
    if (isBackground(tuple(flow), flow.icmp?.type)) return;
    const { original, reply } = flow;
    const seconds = /^\[(\d+\.\d+)/.exec(line)?.[1];
    const counters = [original.packets, original.octets, reply.packets, reply.octets].map(each => each ?? 0);
    file.put([`${kernelKey(flow)} ${flow.id}`, 'K', ...counters, Math.round(Number(seconds) * 1000)].join('\t'));
  });
  await file.close();
}

/** KEY, S, reason of the end, start, end, counters. */
async function writeRecords(query: readonly string[], to: string): Promise<void> {
  const file = new LineFile(to);
  await eachLineOf(query, line => {
    const { record } = JSON.parse(line) as QueriedRecord;
    const counters = [
      record.packetDeltaCount,
      record.octetDeltaCount,
      record.reversePacketDeltaCount,
      record.reverseOctetDeltaCount,
    ].map(each => each ?? 0);
    const times = [record.flowStartMilliseconds ?? '', record.flowEndMilliseconds ?? ''];
    file.put([`${recordKey(record)} ${record.flowId}`, 'S', record.flowEndReason, ...times, ...counters].join('\t'));
  });
  await file.close();
}

/** What the client begins: hosts also have things of their own to say, the probe's own connection among them. */
export const clientsFilter = `src host ${addresses.client.v4} or src host ${addresses.client.v6}`;

function isTheClients({ source }: { source: string }): boolean {
  return source === addresses.client.v4 || source === addresses.client.v6;
}

/** Goes through sorted lines: of one connection all are behind one another, the kernel's before the store's. */
class Found {
  readonly #result: Comparison = {
    kernel: { flows: 0, sums: [0, 0, 0, 0] },
    store: { records: 0, ends: 0, sums: [0, 0, 0, 0] },
    doubled: 0,
    retold: 0,
    exact: 0,
    deviations: [],
  };
  #key = '';
  #last = '';
  /** Apart what was said once more: of an event that was repeated, or of a connection like the one before, with its number, too. */
  #kernel: { sums: Sums; times: number[] } = { sums: [0, 0, 0, 0], times: [] };
  #again: { sums: Sums; times: number[] } = { sums: [0, 0, 0, 0], times: [] };
  #store: { sums: Sums; ends: number; start: number } = { sums: [0, 0, 0, 0], ends: 0, start: Number.NaN };

  take(line: string): void {
    const [key, side, ...fields] = line.split('\t');
    if (key !== this.#key) this.#next(key!);
    if (side === 'K') this.#takeEnd(line, fields);
    else this.#takeRecord(line, fields);
  }

  finish(): Comparison {
    this.#next('');
    return this.#result;
  }

  #takeEnd(line: string, fields: readonly string[]): void {
    const said = line.slice(0, line.lastIndexOf('\t'));
    const into = said === this.#last ? this.#again : this.#kernel;
    this.#last = said;
    add(into.sums, fields.slice(0, 4).map(Number));
    into.times.push(Number(fields[4]));
  }

  #takeRecord(line: string, fields: readonly string[]): void {
    if (line === this.#last) {
      this.#result.doubled++;
      return;
    }
    this.#last = line;
    const [reason, start] = fields;
    add(this.#store.sums, fields.slice(3, 7).map(Number));
    if (Number(reason) !== activeTimeout) this.#store.ends++;
    if (Number.isNaN(this.#store.start)) this.#store.start = Date.parse(start!);
    this.#result.store.records++;
  }

  #next(key: string): void {
    if (this.#key !== '') this.#compare();
    this.#key = key;
    this.#kernel = { sums: [0, 0, 0, 0], times: [] };
    this.#again = { sums: [0, 0, 0, 0], times: [] };
    this.#store = { sums: [0, 0, 0, 0], ends: 0, start: Number.NaN };
  }

  #compare(): void {
    const [kernel, again, store] = [this.#kernel, this.#again, this.#store];
    if (again.times.length > 0 && store.ends === kernel.times.length + again.times.length) {
      // Connections of their own: each has been told of.
      add(kernel.sums, again.sums);
      kernel.times.push(...again.times);
    } else this.#result.retold += again.times.length;
    const ends = kernel.times.length;
    const lacks = kernel.sums.map((each, i) => each - store.sums[i]!) as Sums;
    this.#result.kernel.flows += ends;
    this.#result.store.ends += store.ends;
    add(this.#result.kernel.sums, kernel.sums);
    add(this.#result.store.sums, store.sums);
    if (ends === store.ends && lacks.every(each => each === 0)) this.#result.exact += ends;
    else
      this.#result.deviations.push({
        ...{ key: this.#key, ends, told: store.ends, lacks },
        ...{ endTimes: kernel.times, start: store.start },
      });
  }
}

function add(sums: Sums, more: readonly number[]): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += more[i]!;
}
