import type { ExporterStatus } from '../http/types.js';
import { newCounters } from './counters.js';
import type { CollectingStatus, DecodingStatus, ExporterIdentity, HalvesStatus, ReceivingStatus } from './messages.js';

type Counters = Readonly<Record<string, number>>;

export const NOTHING_DECODED: DecodingStatus = {
  exporters: [],
  counters: newCounters(),
  diagnostics: {},
  sessions: 0,
  halves: undefined,
  recovered: { messages: 0, tornOctets: 0 },
  problem: undefined,
};

export const NOTHING_RECEIVED: ReceivingStatus = {
  streams: { open: 0, accepted: 0, refused: 0, shutDown: 0 },
  kernelDrops: undefined,
  notAllowed: 0,
  drops: { full: 0, disk: 0 },
  exporterDrops: [],
  spooled: 0,
  problem: undefined,
};

/** What all threads have seen, as if it were one. */
export function joined(
  receiving: readonly ReceivingStatus[],
  decoding: readonly DecodingStatus[],
  limit: number,
): CollectingStatus {
  const streams = sum(receiving.map(each => each.streams));
  const drops = receiving.map(each => each.kernelDrops).filter(each => each !== undefined);
  return {
    exporters: withDrops(joinedExporters(decoding), receiving),
    counters: sum(decoding.map(each => each.counters)),
    diagnostics: sum(decoding.map(each => each.diagnostics)),
    sessions: decoding.reduce((total, each) => total + each.sessions, streams.open),
    halves: joinedHalves(decoding),
    recovered: sum(decoding.map(each => each.recovered)),
    streams,
    kernelDrops: drops.length === 0 ? undefined : drops.reduce((total, each) => total + each),
    notAllowed: receiving.reduce((total, each) => total + each.notAllowed, 0),
    spool: {
      octets: receiving.reduce((total, each) => total + each.spooled, 0),
      limit,
      drops: sum(receiving.map(each => each.drops)),
      problem: [...receiving, ...decoding].find(each => each.problem !== undefined)?.problem,
    },
  };
}

function joinedHalves(decoding: readonly DecodingStatus[]): HalvesStatus | undefined {
  const known = decoding.map(each => each.halves).filter(each => each !== undefined);
  return known.length === 0 ? undefined : sum(known);
}

function sum<T extends object>(all: readonly T[]): T {
  const total: Record<string, number> = {};
  for (const counters of all) {
    for (const [name, count] of Object.entries(counters as Counters)) total[name] = (total[name] ?? 0) + count;
  }
  return total as T;
}

/** An exporter that sends from several ports may be with several threads. */
function joinedExporters(decoding: readonly DecodingStatus[]): ExporterStatus[] {
  const joined = new Map<string, ExporterStatus>();
  for (const exporter of decoding.flatMap(each => each.exporters)) {
    const key = keyOf(exporter);
    const other = joined.get(key);
    joined.set(key, other === undefined ? exporter : joinedExporter(other, exporter));
  }
  return [...joined.values()];
}

/** Those of which nothing was decoded are not listed: of them, and of who pretended to be one, the sum of all tells. */
function withDrops(exporters: ExporterStatus[], receiving: readonly ReceivingStatus[]): ExporterStatus[] {
  const dropped = new Map<string, number>();
  for (const { address, observationDomainId, datagrams } of receiving.flatMap(each => each.exporterDrops)) {
    const key = `${address} ${observationDomainId} udp`;
    dropped.set(key, (dropped.get(key) ?? 0) + datagrams);
  }
  if (dropped.size === 0) return exporters;
  return exporters.map(exporter => {
    const droppedDatagrams = dropped.get(keyOf(exporter));
    return droppedDatagrams === undefined ? exporter : { ...exporter, droppedDatagrams };
  });
}

export function keyOf({ address, observationDomainId, transport }: ExporterIdentity): string {
  return `${address} ${observationDomainId} ${transport}`;
}

function joinedExporter(a: ExporterStatus, b: ExporterStatus): ExporterStatus {
  const newer = a.lastSeen > b.lastSeen ? a : b;
  return {
    ...newer,
    firstSeen: Math.min(a.firstSeen, b.firstSeen),
    messages: a.messages + b.messages,
    records: a.records + b.records,
    octets: a.octets + b.octets,
    lostRecords: a.lostRecords + b.lostRecords,
    ...optionalSum('lostMessages', a, b),
    ...optionalSum('lateSets', a, b),
    ...optionalSum('duplicateRecords', a, b),
    unknownTemplateSets: a.unknownTemplateSets + b.unknownTemplateSets,
    malformedMessages: a.malformedMessages + b.malformedMessages,
  };
}

function optionalSum(
  name: 'lostMessages' | 'lateSets' | 'duplicateRecords',
  a: ExporterStatus,
  b: ExporterStatus,
): Partial<ExporterStatus> {
  const counts = [a[name], b[name]].filter(count => count !== undefined);
  return counts.length === 0 ? {} : { [name]: counts.reduce((total, count) => total + count) };
}
