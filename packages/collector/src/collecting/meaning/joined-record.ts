import { fieldOfElement, fields } from '@weir/flow';
import { type BatchRows, read64, write64 } from '../../flow/batch-rows.js';
import { cell, FINER, reverseOf, reversibles } from './reverse-elements.js';

/** biflowDirection (RFC 5103 section 6.3): which end is the source of a Biflow. */
export const DIRECTION = { arbitrary: 0, initiator: 1 } as const;
export type Direction = (typeof DIRECTION)[keyof typeof DIRECTION];

/** A row of a batch with what it has in `other`: names and values by turns. */
export interface RecordAt {
  readonly rows: BatchRows;
  readonly row: number;
  readonly others: readonly string[] | undefined;
}

/** A Flow whose halves have been joined, as its later records have to tell it. */
export interface FlowIdentity {
  readonly start: number;
  /** Both words; undefined where it has none. */
  readonly flowId: readonly [low: number, high: number] | undefined;
  readonly icmpTypeCode: number | undefined;
  readonly direction: Direction;
}

const ACTIVE_TIMEOUT = 2;
const bit = (element: string): number => fieldOfElement(element)!.bit;
const counters = [
  { forward: 'octets', reverse: 'reverseOctets', bits: [bit('octetDeltaCount'), bit('reverseOctetDeltaCount')] },
  { forward: 'packets', reverse: 'reversePackets', bits: [bit('packetDeltaCount'), bit('reversePacketDeltaCount')] },
] as const;

/** What of these a record has is the same for both halves, seen from either end. */
const ENDS = ['Address', 'Port', 'As', 'Country', 'Network'].map(
  what => [`source${what}`, `destination${what}`] as const,
);

/** Of the Flow's time, and not of a direction. */
const TIMES: ReadonlySet<string> = new Set(['flowStart', 'flowEnd', 'flowEndReason']);

/**
 * Puts two halves of a Flow behind the rows of a batch as one Biflow, whose source is the source of the first. Its interval is that of both. What the second
 * says that has no column of its own for the reverse direction is kept in `other` by its reverse name, where it differs from
 * what the record says already; TCP flags always.
 */
export function join(out: BatchRows, initiator: RecordAt, responder: RecordAt, direction: Direction): void {
  const row = initiator.rows.append(initiator.row, out);
  const { batch } = out;
  for (const { forward, reverse, bits } of counters) {
    copyWords(responder.rows.words(forward), responder.row, out.words(reverse), row);
    out.markAs(row, responder.rows, responder.row, [bits]);
  }
  joinTimes(out, row, initiator, responder);
  out.octets('biflowDirection')[row] = direction;
  batch.mark(row, bit('biflowDirection'));
  joinOthers(out, row, initiator, responder);
}

function joinOthers(out: BatchRows, row: number, initiator: RecordAt, responder: RecordAt): void {
  const { others } = out.batch;
  const said = new Set<string>();
  const say = (name: string, value: string) => {
    others.add(row, name, value);
    said.add(name);
  };
  /** A finer time stands for that in its column, and holds where that is of the same half. */
  const holds = (name: string, { rows, row: at }: RecordAt) => {
    const column = FINER.get(name);
    return column === undefined || read64(rows.words(column), at) === read64(out.words(column), row);
  };
  each(initiator.others, (name, value) => {
    if (holds(name, initiator)) say(name, value);
  });
  for (const { name, column, mirror, bit, reverse, text } of reversibles) {
    if (!responder.rows.has(responder.row, bit) || valueNamed(responder.others, name) !== undefined) continue;
    const value = text(responder.rows, responder.row);
    if (column === 'tcpControlBits' || !sameCell(responder, column, { rows: out, row }, mirror)) say(reverse, value);
  }
  each(responder.others, (name, value) => {
    if (FINER.has(name) && !said.has(name) && holds(name, responder)) say(name, value);
    else if (valueNamed(initiator.others, name) !== value) {
      const reverse = reverseOf(name);
      if (reverse !== undefined) say(reverse, value);
      else if (!said.has(name)) say(name, value);
    }
  });
}

/** Whether one row can say what both do: an element without a reverse, of which they say different things, has room for one of them only. */
export function canJoin(a: RecordAt['others'], b: RecordAt['others']): boolean {
  let can = true;
  each(a, (name, value) => {
    const other = valueNamed(b, name);
    if (other !== undefined && other !== value && reverseOf(name) === undefined) can = false;
  });
  return can;
}

/** Puts the later half of a joined Flow's responder behind the rows of a batch, as a Biflow of that Flow in which nothing came from the initiator. */
export function turn(out: BatchRows, half: RecordAt, begin: number, flow: FlowIdentity): void {
  const row = half.rows.append(half.row, out);
  const { batch } = out;
  for (const [source, destination] of ENDS) swapCells(out, row, half, source, destination);
  for (const { forward, reverse, bits } of counters) {
    copyWords(half.rows.words(forward), half.row, out.words(reverse), row);
    write64(out.words(forward), row, 0);
    out.markAs(row, half.rows, half.row, [bits]);
    batch.unmark(row, bits[0]);
  }
  each(half.others, (name, value) => batch.others.add(row, reverseOf(name) ?? name, value));
  for (const { name, column, bit, reverse, text } of reversibles) {
    if (!half.rows.has(half.row, bit) || (TIMES.has(column) && column !== 'flowStart')) continue;
    if (ENDS.some(ends => (ends as readonly string[]).includes(column))) continue;
    if (valueNamed(half.others, name) === undefined) batch.others.add(row, reverse, text(half.rows, half.row));
    clearCell(out, row, column);
    batch.unmark(row, bit);
  }
  identify(out, row, flow);
  write64(out.words('intervalStart'), row, begin);
  batch.mark(row, bit('monitoringIntervalStartMilliSeconds'));
}

function identify(out: BatchRows, row: number, { start, flowId, icmpTypeCode, direction }: FlowIdentity): void {
  const { batch } = out;
  write64(out.words('flowStart'), row, start);
  batch.mark(row, bit('flowStartMilliseconds'));
  out.words('flowId').set(flowId ?? [0, 0], row * 2);
  if (flowId === undefined) batch.unmark(row, bit('flowId'));
  else batch.mark(row, bit('flowId'));
  if (icmpTypeCode !== undefined) {
    out.shorts('icmpTypeCode')[row] = icmpTypeCode;
    if (!out.has(row, bit('icmpTypeCodeIPv6'))) batch.mark(row, bit('icmpTypeCodeIPv4'));
  }
  out.octets('biflowDirection')[row] = direction;
  batch.mark(row, bit('biflowDirection'));
}

/** What a joined record has that tells its Flow. */
export function identityOf({ rows, row }: Omit<RecordAt, 'others'>, start: number, direction: Direction): FlowIdentity {
  const flowId = rows.words('flowId');
  const hasTypeCode = rows.has(row, bit('icmpTypeCodeIPv4')) || rows.has(row, bit('icmpTypeCodeIPv6'));
  return {
    start,
    flowId: rows.has(row, bit('flowId')) ? [flowId[row * 2]!, flowId[row * 2 + 1]!] : undefined,
    icmpTypeCode: hasTypeCode ? rows.shorts('icmpTypeCode')[row]! : undefined,
    direction,
  };
}

/** From the first packet of either to the last of either; it was exported and received when the later was. */
function joinTimes(out: BatchRows, row: number, a: RecordAt, b: RecordAt): void {
  const intervalStart = bit('monitoringIntervalStartMilliSeconds');
  const time = ({ rows, row: at }: RecordAt, column: string) => read64(rows.words(column), at);
  const beginOf = (half: RecordAt) =>
    time(half, half.rows.has(half.row, intervalStart) ? 'intervalStart' : 'flowStart');
  const write = (column: string, value: number) => write64(out.words(column), row, value);
  write('flowStart', Math.min(time(a, 'flowStart'), time(b, 'flowStart')));
  for (const column of ['flowEnd', 'exportTime', 'receivedAt'])
    write(column, Math.max(time(a, column), time(b, column)));
  if ([a, b].some(half => half.rows.has(half.row, intervalStart))) {
    write('intervalStart', Math.min(beginOf(a), beginOf(b)));
    out.batch.mark(row, intervalStart);
  }
  joinReasons(out, row, a, b);
}

/** As long as one of both goes on, the Flow does; else it ended as the half did that ended last. */
function joinReasons(out: BatchRows, row: number, a: RecordAt, b: RecordAt): void {
  const reason = bit('flowEndReason');
  const halves = [a, b].filter(half => half.rows.has(half.row, reason));
  const ends = halves.map(half => ({
    reason: half.rows.octets('flowEndReason')[half.row]!,
    end: read64(half.rows.words('flowEnd'), half.row),
  }));
  if (ends.length === 0) return;
  const last = ends.find(each => each.reason === ACTIVE_TIMEOUT) ?? ends.reduce((x, y) => (y.end > x.end ? y : x));
  out.octets('flowEndReason')[row] = last.reason;
  out.batch.mark(row, reason);
}

function each(others: RecordAt['others'], take: (name: string, value: string) => void): void {
  for (let i = 0; others !== undefined && i < others.length; i += 2) take(others[i]!, others[i + 1]!);
}

function valueNamed(others: RecordAt['others'], name: string): string | undefined {
  let found: string | undefined;
  each(others, (each, value) => {
    if (each === name) found = value;
  });
  return found;
}

function copyWords(from: Uint32Array, fromRow: number, to: Uint32Array, toRow: number): void {
  to[toRow * 2] = from[fromRow * 2]!;
  to[toRow * 2 + 1] = from[fromRow * 2 + 1]!;
}

function sameCell(a: Omit<RecordAt, 'others'>, column: string, b: Omit<RecordAt, 'others'>, other: string): boolean {
  return Buffer.compare(cell(a.rows, a.row, column), cell(b.rows, b.row, other)) === 0;
}

function clearCell(rows: BatchRows, row: number, column: string): void {
  cell(rows, row, column).fill(0);
}

/** The values of two columns, and the bits of their elements, change places. */
function swapCells(out: BatchRows, row: number, half: RecordAt, a: string, b: string): void {
  cell(out, row, a).set(cell(half.rows, half.row, b));
  cell(out, row, b).set(cell(half.rows, half.row, a));
  const [ofA, ofB] = [a, b].map(column => Object.values(fields.find(field => field.column === column)!.elements));
  for (let i = 0; i < ofA!.length; i++) {
    for (const [from, to] of [
      [ofA![i]!, ofB![i]!],
      [ofB![i]!, ofA![i]!],
    ] as const) {
      if (half.rows.has(half.row, from)) out.batch.mark(row, to);
      else out.batch.unmark(row, to);
    }
  }
}
