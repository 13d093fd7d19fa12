// A stream of Flow Records of 64 octets, as several exporters would send it: datagrams that are prepared, of which only sequence number, times and
// flowId are written before each is sent, up to 32 by one system call. It tells what it sent, and what processor time that took.
import { setTimeout as sleep } from 'node:timers/promises';
import { order, tell } from '../../traffic/programs/tell.js';
import { dataSet, field, message, templateSet, type WireTemplate } from '../../wire/index.js';
import { SegmentingSocket } from './segmenting-socket.js';

interface StreamOrder {
  port: number;
  /** Ends when so many records are sent... */
  records?: number;
  /** ... or after so many seconds, or upon SIGTERM. */
  seconds?: number;
  /** 0: as fast as it goes. */
  recordsPerSecond: number;
  exporters: number;
  /** flowId of the first record; each next has the next. */
  firstId: number;
  /** So many seconds after the last record comes each Template once more: its sequence number tells of records lost at the end. */
  closingSeconds: number;
}

const template: WireTemplate = {
  id: 256,
  fields: [
    ...['sourceIPv4Address', 'destinationIPv4Address', 'sourceTransportPort', 'destinationTransportPort'],
    ...['protocolIdentifier', 'flowEndReason', 'tcpControlBits', 'ingressInterface', 'egressInterface'],
    ...['octetDeltaCount', 'packetDeltaCount', 'flowId', 'flowStartMilliseconds', 'flowEndMilliseconds'],
  ].map(name => field(name)),
};
const RECORD = 64;
/** Where a record has what is written before it is sent. */
const at = { octets: 24, id: 40, start: 48, end: 56 } as const;
const HEADER = 20;
const RECORDS_OF_DATAGRAM = 21;
const DATAGRAM = HEADER + RECORDS_OF_DATAGRAM * RECORD;
const DATAGRAMS = 4096;
const AT_ONCE = 32;
const TEMPLATE_MILLISECONDS = 1000;
const TWO_32 = 2 ** 32;

/** Pseudo-random numbers that are the same each time (Numerical Recipes' generator). */
let seed = 1;
function random(below: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / TWO_32) * below);
}

/** Some thousand hosts of a network to many outside of it, most of it over a few services, small flows more often than large ones. */
function record(): (string | number)[] {
  const host = 10 * 2 ** 24 + random(4096);
  const peer = 11 * 2 ** 24 + random(2 ** 20);
  const packets = 1 + Math.floor(2 ** (random(1000) / 100));
  const service = [443, 443, 443, 53, 53, 80, 22, 1024 + random(60_000)][random(8)]!;
  const dotted = (address: number): string => [24, 16, 8, 0].map(shift => (address >>> shift) & 255).join('.');
  const ends = [dotted(host), dotted(peer), 1024 + random(64_000), service];
  return [...ends, service === 53 ? 17 : 6, 3, 0x1b, 1 + random(4), 5, packets * (60 + random(1200)), packets, 0, 0, 0];
}

function prepare(): Buffer {
  const octets = Buffer.alloc(DATAGRAMS * DATAGRAM);
  for (let i = 0; i < DATAGRAMS; i++) {
    message({}, dataSet(template, Array.from({ length: RECORDS_OF_DATAGRAM }, record))).copy(octets, i * DATAGRAM);
  }
  return octets;
}

const o = order<StreamOrder>();
const octets = prepare();
const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
const definition = message({}, templateSet(template));
const sockets = Array.from({ length: o.exporters }, () => new SegmentingSocket(o.port, DATAGRAM));
const sequences = sockets.map(() => 0);
const told = { records: 0, octets: 0, datagrams: 0 };
let turn = 0;
let next = 0;
let templatesDue = 0;
let stopped = false;

function sendTemplates(now: number): void {
  sockets.forEach((socket, exporter) => {
    definition.writeUInt32BE(Math.floor(now / 1000), 4);
    definition.writeUInt32BE(sequences[exporter]!, 8);
    socket.send(definition);
  });
  templatesDue = now + TEMPLATE_MILLISECONDS;
}

/** Makes a prepared datagram the next of its exporter. */
function stamp(index: number, sequence: number, now: number): void {
  const start = index * DATAGRAM;
  view.setUint32(start + 4, Math.floor(now / 1000));
  view.setUint32(start + 8, sequence);
  const high = Math.floor(now / TWO_32);
  let id = o.firstId + told.records;
  for (let place = start + HEADER; place < start + DATAGRAM; place += RECORD, id++) {
    told.octets += view.getUint32(place + at.octets + 4);
    view.setUint32(place + at.id, Math.floor(id / TWO_32));
    view.setUint32(place + at.id + 4, id);
    view.setUint32(place + at.start, high);
    view.setUint32(place + at.start + 4, now - (id & 1023));
    view.setUint32(place + at.end, high);
    view.setUint32(place + at.end + 4, now);
  }
  told.records += RECORDS_OF_DATAGRAM;
}

function sendSome(count: number, now: number): void {
  if (now >= templatesDue) sendTemplates(now);
  for (let i = 0; i < count; i++) {
    stamp(next + i, sequences[turn]!, now);
    sequences[turn] = (sequences[turn]! + RECORDS_OF_DATAGRAM) >>> 0;
  }
  sockets[turn]!.send(octets.subarray(next * DATAGRAM, (next + count) * DATAGRAM));
  told.datagrams += count;
  next = (next + count) % DATAGRAMS;
  turn = (turn + 1) % sockets.length;
}

/** Datagrams that are due, at most as many as go at once. */
function due(elapsed: number): number {
  const left = o.records === undefined ? AT_ONCE : Math.ceil((o.records - told.records) / RECORDS_OF_DATAGRAM);
  const paced =
    o.recordsPerSecond === 0
      ? AT_ONCE
      : Math.floor(((elapsed / 1000) * o.recordsPerSecond - told.records) / RECORDS_OF_DATAGRAM);
  return Math.min(left, paced, AT_ONCE, DATAGRAMS - next);
}

process.once('SIGTERM', () => {
  stopped = true;
});
tell({ ready: true });
const [begun, cpu] = [performance.now(), process.cpuUsage()];
const idle = new Int32Array(new SharedArrayBuffer(4));
for (let rounds = 1; !stopped; rounds++) {
  const elapsed = performance.now() - begun;
  if (o.seconds !== undefined && elapsed >= o.seconds * 1000) break;
  if (o.records !== undefined && told.records >= o.records) break;
  const count = due(elapsed);
  if (count > 0) sendSome(count, Date.now());
  else Atomics.wait(idle, 0, 0, 1);
  // Signals are heard of between turns of the event loop.
  if (rounds % 64 === 0) await new Promise(resolve => setImmediate(resolve));
}
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - begun) / 1000;
if (o.closingSeconds > 0) {
  await sleep(o.closingSeconds * 1000);
  sendTemplates(Date.now());
}
tell({ ...told, seconds, processorSeconds: (user + system) / 1e6 });
