import { fields } from '@weir/flow';
import { type BatchRows, read64 } from '../../flow/batch-rows.js';
import { emptyMask, type PresentMask, setBit } from '../../flow/present.js';
import type { HalfInterval } from './half-interval.js';

/** TCP, UDP, DCCP, SCTP, UDP-Lite. */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
const [ICMP, ICMP6] = [1, 58];
/** Type * 256 + code of echo requests and replies (RFC 792, RFC 4443). */
const ECHO: ReadonlyMap<number, { readonly request: number; readonly reply: number }> = new Map([
  [ICMP, { request: 0x0800, reply: 0 }],
  [ICMP6, { request: 0x8000, reply: 0x8100 }],
]);
const ACTIVE_TIMEOUT = 2;
const KEY_OCTETS = 16 + 4 + 1 + 1 + 2 * 18 + 1;

/** Which end of a Flow a half comes from: the lower by address and port, or the higher. */
export type Side = 0 | 1;

/** What two halves of a Flow have in common, and which of them this one is. */
export interface HalfKey {
  readonly text: string;
  readonly side: Side;
  /** Where that is known by itself: the end that asked. */
  readonly initiator: Side | undefined;
}

/** Elements of these columns, or of those of them that the test fits. */
function maskOf(columns: readonly string[], fits: (element: string) => boolean = () => true): PresentMask {
  const mask = emptyMask();
  for (const { column, elements } of fields) {
    if (!columns.includes(column)) continue;
    for (const [element, bit] of Object.entries(elements)) if (fits(element)) setBit(mask, bit);
  }
  return mask;
}

const isDelta = (element: string): boolean => /DeltaCount$/.test(element);
const NEEDED = ['sourceAddress', 'destinationAddress', 'protocol', 'flowStart', 'flowEnd'].map(column =>
  maskOf([column]),
);
const PORTS = ['sourcePort', 'destinationPort'].map(column => maskOf([column]));
const DELTAS = maskOf(['octets', 'packets'], isDelta);
/** A record that counts from its Flow's beginning repeats what others have told: joined, it would be told under two Flows. */
const TOTALS = maskOf(['octets', 'packets'], element => !isDelta(element));
const BOTH_DIRECTIONS = maskOf(['reverseOctets', 'reversePackets', 'biflowDirection']);
const TYPE_AND_CODE = maskOf(['icmpTypeCode']);
const REASON = maskOf(['flowEndReason']);
const DUPLICATE = maskOf(['duplicate']);
const INTERVAL_START = maskOf(['intervalStart']);

/** Reads of a batch's rows what tells halves, and which belong together. */
export class HalfColumns {
  readonly rows: BatchRows;
  readonly #exporter: Uint8Array;
  readonly #domain: Uint8Array;
  readonly #protocol: Uint8Array;
  readonly #addresses: readonly [source: Uint8Array, destination: Uint8Array];
  readonly #ports: readonly [source: Uint16Array, destination: Uint16Array];
  readonly #typeCode: Uint16Array;
  readonly #reason: Uint8Array;
  readonly #times: { readonly start: Uint32Array; readonly end: Uint32Array; readonly interval: Uint32Array };
  readonly #sampling: Uint32Array;
  readonly #duplicate: Uint8Array;
  readonly #receivedAt: Uint32Array;
  readonly #key = Buffer.alloc(KEY_OCTETS);

  constructor(rows: BatchRows) {
    this.rows = rows;
    this.#exporter = rows.octets('exporter');
    this.#domain = rows.octets('observationDomainId');
    this.#protocol = rows.octets('protocol');
    this.#addresses = [rows.octets('sourceAddress'), rows.octets('destinationAddress')];
    this.#ports = [rows.shorts('sourcePort'), rows.shorts('destinationPort')];
    this.#typeCode = rows.shorts('icmpTypeCode');
    this.#reason = rows.octets('flowEndReason');
    this.#times = {
      start: rows.words('flowStart'),
      end: rows.words('flowEnd'),
      interval: rows.words('intervalStart'),
    };
    this.#sampling = rows.words('samplingInterval');
    this.#duplicate = rows.octets('duplicate');
    this.#receivedAt = rows.words('receivedAt');
  }

  /** The record's key where it is a half: of one direction, with times, and with ports or an echo, so that the other one can be told. */
  key(row: number): HalfKey | undefined {
    const { rows } = this;
    if (!rows.hasAny(row, DELTAS) || rows.hasAny(row, BOTH_DIRECTIONS) || rows.hasAny(row, TOTALS)) return undefined;
    if (!NEEDED.every(mask => rows.hasAny(row, mask))) return undefined;
    const { begin, end } = this.interval(row);
    if (begin <= 0 || begin > end || this.start(row) > begin) return undefined;
    const protocol = this.#protocol[row]!;
    const echo = ECHO.get(protocol);
    if (echo !== undefined) {
      const typeCode = this.typeCode(row);
      return typeCode === echo.request || typeCode === echo.reply
        ? this.#keyOf(row, false, typeCode === echo.request)
        : undefined;
    }
    return WITH_PORTS.has(protocol) && PORTS.every(mask => rows.hasAny(row, mask)) ? this.#keyOf(row, true) : undefined;
  }

  /** What the record's counters count; it begins with the Flow, or where the last report ended. */
  interval(row: number): HalfInterval {
    const { end, interval } = this.#times;
    return {
      begin: this.rows.hasAny(row, INTERVAL_START) ? read64(interval, row) : this.start(row),
      end: read64(end, row),
      goesOn: this.#reason[row] === ACTIVE_TIMEOUT && this.rows.hasAny(row, REASON),
    };
  }

  saysReason(row: number): boolean {
    return this.rows.hasAny(row, REASON);
  }

  start(row: number): number {
    return read64(this.#times.start, row);
  }

  sourcePort(row: number): number {
    return this.#ports[0][row]!;
  }

  /** NetFlow v5, and exporters after its manner, have it in the place of the destination port. */
  typeCode(row: number): number {
    return (this.rows.hasAny(row, TYPE_AND_CODE) ? this.#typeCode : this.#ports[1])[row]!;
  }

  /** The record is not summed up: another exporter tells of this direction. */
  isDuplicate(row: number): boolean {
    return this.rows.hasAny(row, DUPLICATE);
  }

  /** One packet of so many was metered. */
  sampling(row: number): number {
    return Math.max(1, this.#sampling[row]!);
  }

  receivedAt(row: number): number {
    return read64(this.#receivedAt, row);
  }

  #keyOf(row: number, hasPorts: boolean, asks?: boolean): HalfKey | undefined {
    const [sources, destinations] = this.#addresses;
    const source = sources.subarray(row * 16, row * 16 + 16);
    const destination = destinations.subarray(row * 16, row * 16 + 16);
    const [from, to] = hasPorts ? [this.#ports[0][row]!, this.#ports[1][row]!] : [0, 0];
    const order = Buffer.compare(source, destination) || from - to;
    if (order === 0) return undefined;
    const side: Side = order < 0 ? 0 : 1;
    const initiator = asks === undefined ? undefined : asks === (side === 0) ? 0 : 1;
    const key = this.#key;
    key.set(this.#exporter.subarray(row * 16, row * 16 + 16));
    key.set(this.#domain.subarray(row * 4, row * 4 + 4), 16);
    key[20] = this.#protocol[row]!;
    key[21] = initiator ?? 2;
    key.set(source, side === 0 ? 22 : 40);
    key.writeUInt16LE(from, side === 0 ? 38 : 56);
    key.set(destination, side === 0 ? 40 : 22);
    key.writeUInt16LE(to, side === 0 ? 56 : 38);
    // One direction may be told by another exporter, and the other by this one alone.
    key[58] = this.#duplicate[row]!;
    return { text: key.toString('latin1'), side, initiator };
  }
}
