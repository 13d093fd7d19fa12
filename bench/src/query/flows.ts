import { FlowBatch } from '../../../packages/collector/dist/flow/batch.js';
import { emptyMask, setBit } from '../../../packages/collector/dist/flow/present.js';

/** The month that the Flow Records are of. */
export const MONTH_FROM = Date.parse('2026-03-01T00:00:00Z');
export const MONTH_TO = Date.parse('2026-03-31T00:00:00Z');

const CLIENTS = 20_000;
const SERVERS = 300_000;
/** Rows of a batch: what the collector hands over under load. */
export const BATCH_ROWS = 262_144;
const EXPORTER = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1]);
/** Bits of octetDeltaCount and so on: what every record has. */
const PRESENT = [0, 2, 4, 5, 6, 15, 16, 17, 18, 19, 23, 28, 29, 31, 32];
/** Ports that are asked for so often, of a thousand. */
const services: readonly (readonly [port: number, protocol: number, share: number])[] = [
  [443, 6, 480],
  [53, 17, 230],
  [443, 17, 110],
  [80, 6, 60],
  [123, 17, 20],
  [22, 6, 10],
  [993, 6, 10],
  [25, 6, 5],
];

/** A generator of numbers in [0, 1) that yields the same for the same seed (xorshift). */
function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Flow Records of a month in the order of their ends, as a network of 20,000 clients makes them: few hosts and services have most of
 * the traffic, nights are quiet, flows are mostly small and short. One in fifty is of a flow that goes on for minutes.
 */
export function* monthOfFlows(records: number, seed = 1): Generator<FlowBatch> {
  const next = random(seed);
  const batch = new FlowBatch(Math.min(records, BATCH_ROWS));
  const write = writerOf(batch, next);
  for (let done = 0; done < records; ) {
    const rows = Math.min(batch.capacity, records - done);
    batch.reset();
    for (let row = 0; row < rows; row++) write(row, endOf((done + row) / records));
    const present = emptyMask();
    for (const bit of PRESENT) setBit(present, bit);
    const received = endOf((done + rows) / records) + 1000;
    batch.stamp(rows, {
      exporter: EXPORTER,
      observationDomainId: 1,
      templateId: 256,
      exportTime: received - (received % 1000),
      receivedAt: received,
      present,
    });
    done += rows;
    yield batch;
  }
}

/** When a record ends that is so far in the month: days are busier than nights. */
function endOf(part: number): number {
  const days = ((MONTH_TO - MONTH_FROM) / 86_400_000) * part;
  const phase = 2 * Math.PI * (days % 1);
  return Math.floor(MONTH_FROM + 86_400_000 * (days - (0.7 * Math.sin(phase)) / (2 * Math.PI)));
}

type Write<T> = (column: DataView, row: number, value: T) => void;

const set64: Write<number> = (column, row, value) => {
  column.setUint32(row * 8, value % 2 ** 32, true);
  column.setUint32(row * 8 + 4, Math.floor(value / 2 ** 32), true);
};

const setIPv4Address: Write<number> = (column, row, value) => {
  column.setUint32(row * 16 + 8, 0xffff);
  column.setUint32(row * 16 + 12, value);
};

function writerOf(batch: FlowBatch, next: () => number): (row: number, end: number) => void {
  const view = (name: string) => new DataView(batch.column(name).data.buffer);
  const [source, destination] = [view('sourceAddress'), view('destinationAddress')];
  const [sourcePort, destinationPort, protocol] = [view('sourcePort'), view('destinationPort'), view('protocol')];
  const [octets, packets] = [view('octets'), view('packets')];
  const [reverseOctets, reversePackets] = [view('reverseOctets'), view('reversePackets')];
  const [start, end, reason, id] = [view('flowStart'), view('flowEnd'), view('flowEndReason'), view('flowId')];
  const [inIf, outIf] = [view('ingressInterface'), view('egressInterface')];
  return (row, ends) => {
    const [port, transport] = serviceOf(next);
    const server = Math.floor((port === 53 || port === 123 ? 50 : SERVERS) * next() ** 4);
    setIPv4Address(source, row, 0x0a000000 + Math.floor(CLIENTS * next() ** 2));
    setIPv4Address(destination, row, 0xc6000000 + server * 61);
    sourcePort.setUint16(row * 2, 32_768 + Math.floor(next() * 28_000), true);
    destinationPort.setUint16(row * 2, port, true);
    protocol.setUint8(row, transport);
    const size = port === 53 ? 1 : Math.ceil(Math.exp(next() * next() * 9));
    set64(packets, row, size);
    set64(octets, row, size * (52 + Math.floor(next() * 80)));
    set64(reversePackets, row, size + Math.floor(next() * size));
    set64(reverseOctets, row, size * (60 + Math.floor(next() * 1340)));
    // One in fifty goes on: an interim report.
    const goesOn = row % 50 === 0;
    const lasted = port === 53 ? Math.floor(next() * 40) : Math.floor(Math.exp(next() * 11));
    set64(end, row, ends);
    set64(start, row, ends - lasted - (goesOn ? 60_000 : 0));
    reason.setUint8(row, goesOn ? 2 : transport === 6 ? 3 : 1);
    set64(id, row, Math.floor(next() * 2 ** 32));
    inIf.setUint32(row * 4, 2, true);
    outIf.setUint32(row * 4, 3 + (server % 2), true);
  };
}

function serviceOf(next: () => number): readonly [port: number, protocol: number] {
  let at = next() * 1000;
  for (const [port, protocol, share] of services) {
    at -= share;
    if (at < 0) return [port, protocol];
  }
  return [1024 + Math.floor(next() ** 3 * 60_000), next() < 0.7 ? 6 : 17];
}
