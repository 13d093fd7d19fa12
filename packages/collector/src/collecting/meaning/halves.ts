import { FlowBatch } from '../../flow/batch.js';
import { BatchRows } from '../../flow/batch-rows.js';
import { HalfColumns, type HalfKey, type Side } from './half-columns.js';
import { distance } from './half-interval.js';
import { HeldHalves } from './held-halves.js';
import { JoinedFlows } from './joined-flows.js';
import { canJoin, DIRECTION, type Direction, identityOf, join, type RecordAt, turn } from './joined-record.js';

/** What became of halves; every number only grows. */
export interface HalvesCounters {
  /** Pairs that became one Biflow. */
  joined: number;
  /** Halves that went on as they were, because the other did not come. */
  alone: number;
  /** Halves that did not get their time, because too many waited, or names of hosts changed. */
  early: number;
}

export interface HalvesOptions {
  /** Milliseconds that a half waits for the other. */
  readonly wait: number;
  /** Halves that wait at most; default 131,072. */
  readonly capacity?: number;
}

/** Takes a batch whose rows are ready; it is emptied behind it. */
type HandOn = (batch: FlowBatch) => void;

const CAPACITY = 131_072;
/** Of the same addresses and ports wait at most: an exporter that tells of them without end must not have all looked through for each. */
const CAPACITY_OF_KEY = 64;

/**
 * Joins records of one direction to Biflows, where an exporter sends two of them for each Flow. A half waits for the other; all else, and what has waited long
 * enough, goes on as it is.
 */
export class Halves {
  readonly counters: HalvesCounters = { joined: 0, alone: 0, early: 0 };
  readonly #wait: number;
  readonly #held: HeldHalves;
  readonly #flows: JoinedFlows;
  readonly #out: FlowBatch;
  // Of the batch in hand:
  #ready!: BatchRows;
  #readyColumns!: HalfColumns;
  #handOn!: HandOn;

  /** @param capacity rows of the batches that are handed on */
  constructor({ wait, capacity = CAPACITY }: HalvesOptions, batchCapacity: number) {
    this.#wait = wait;
    this.#held = new HeldHalves(capacity);
    this.#flows = new JoinedFlows(capacity);
    this.#out = new FlowBatch(batchCapacity);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#held.rows;
  }

  /** A number that changes when what waits does. */
  get change(): number {
    return this.#held.change;
  }

  /** What waits, as a batch to be written. */
  held(): FlowBatch {
    return this.#held.batch();
  }

  /**
   * Takes all rows of a batch, and hands on what is ready.
   * @param now the time up to which records have come, milliseconds since the epoch
   */
  pass(batch: FlowBatch, now: number, handOn: HandOn): void {
    this.#begin(handOn);
    if (batch.names !== this.#out.names) this.#rename(batch.names);
    const rows = new BatchRows(batch);
    const columns = new HalfColumns(rows);
    const others = batch.others.isEmpty ? undefined : batch.others.read(batch.rows);
    for (let row = 0; row < batch.rows; row++) {
      const record = { rows, row, others: others?.[row] };
      const key = columns.key(row);
      if (key === undefined) this.#goOn(record);
      else if (!this.#join(columns, key, record)) this.#hold(key, record, columns.receivedAt(row));
    }
    this.#expire(now);
    this.#end();
  }

  /** Hands on all that waits, as it is. */
  release(handOn: HandOn): void {
    this.#begin(handOn);
    this.#expire(Number.POSITIVE_INFINITY);
    this.#end();
  }

  #begin(handOn: HandOn): void {
    this.#handOn = handOn;
    this.#ready = new BatchRows(this.#out);
    this.#readyColumns = new HalfColumns(this.#ready);
  }

  /** Rows whose names have other numbers cannot wait for each other. */
  #rename(names: readonly string[]): void {
    this.counters.early += this.#let(() => true);
    this.#end();
    this.#out.names = this.#held.names = names;
  }

  #end(): void {
    if (this.#out.rows === 0) return;
    this.#handOn(this.#out);
    this.#out.reset();
  }

  /** Room for one row more among those that are ready. */
  #room(): BatchRows {
    if (this.#out.rows === this.#out.capacity) this.#end();
    return this.#ready;
  }

  #goOn({ rows, row, others }: RecordAt): void {
    const out = this.#room();
    const at = rows.append(row, out);
    for (let i = 0; others !== undefined && i < others.length; i += 2)
      out.batch.others.add(at, others[i]!, others[i + 1]!);
  }

  /** Joins a half with that of those that wait which is nearest to it in time; whether there was one. */
  #join(columns: HalfColumns, key: HalfKey, record: RecordAt): boolean {
    const held = this.#held;
    const interval = columns.interval(record.row);
    const sampling = columns.sampling(record.row);
    const isDuplicate = columns.isDuplicate(record.row);
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (const row of held.of(key.text)) {
      if (held.side(row) === key.side || held.columns.sampling(row) !== sampling) continue;
      // One row is summed up, or is not.
      if (held.columns.isDuplicate(row) !== isDuplicate) continue;
      const apart = distance(interval, held.columns.interval(row)) ?? Number.POSITIVE_INFINITY;
      if (apart < least && canJoin(record.others, held.record(row).others)) [best, least] = [row, apart];
    }
    if (best < 0) return false;
    this.#write(key, columns, record, best);
    held.remove(best);
    this.counters.joined++;
    return true;
  }

  #write(key: HalfKey, columns: HalfColumns, record: RecordAt, heldRow: number): void {
    const other = { columns: this.#held.columns, record: this.#held.record(heldRow) };
    const own = { columns, record };
    const begin = Math.min(columns.interval(record.row).begin, other.columns.interval(heldRow).begin);
    const known = this.#flows.of(key.text, begin);
    const { initiator, direction } = known ?? directionOf(key, own, other);
    const [first, second] = initiator === key.side ? [own, other] : [other, own];
    const out = this.#room();
    join(out, first.record, second.record, direction);
    const joined = this.#readyColumns;
    const row = out.batch.rows - 1;
    const { end, goesOn } = joined.interval(row);
    // An exporter that does not say why a half ended may go on with it.
    if (!goesOn && joined.saysReason(row)) this.#flows.forget(key.text);
    else {
      const identity = identityOf({ rows: out, row }, joined.start(row), direction);
      const responderStart = second.columns.start(second.record.row);
      this.#flows.keep(key.text, { ...identity, initiator, responderStart, end });
    }
  }

  #hold(key: HalfKey, record: RecordAt, receivedAt: number): void {
    if (this.#held.of(key.text).length >= CAPACITY_OF_KEY) {
      this.counters.early++;
      this.#goOn(record);
      return;
    }
    if (this.#held.isFull) this.#makeRoom();
    this.#held.add(key, record, receivedAt);
  }

  /** Lets the older half of the time go that those which wait have come in: one at least, and rarely so few that it is soon to do again. */
  #makeRoom(): void {
    const { oldest, newest } = this.#held.times();
    this.counters.early += this.#let(time => time <= oldest + (newest - oldest) / 2);
  }

  #expire(now: number): void {
    this.counters.alone += this.#let(time => now - time >= this.#wait || time - now > this.#wait);
  }

  /** Lets those go that came at such times; how many. */
  #let(may: (receivedAt: number) => boolean): number {
    const held = this.#held;
    const before = held.rows;
    // Backwards: into the place of one that is removed comes the last.
    for (let row = held.rows - 1; row >= 0; row--) {
      if (!may(held.receivedAt(row))) continue;
      this.#alone(row);
      held.remove(row);
    }
    return before - held.rows;
  }

  #alone(row: number): void {
    const held = this.#held;
    const record = held.record(row);
    const { begin, end } = held.columns.interval(row);
    const key = held.key(row);
    const flow = this.#flows.of(key, begin);
    const isLater =
      flow !== undefined && flow.initiator !== held.side(row) && flow.responderStart === held.columns.start(row);
    // An interim report of a Flow that was joined before: it must not be told as another Flow.
    if (isLater) {
      turn(this.#room(), record, begin, flow);
      this.#flows.keep(key, { ...flow, end: Math.max(end, flow.end) });
    } else this.#goOn(record);
  }
}

/** Who began first is the initiator; at the same time, it is taken to be the higher port, and not said to be. */
function directionOf(
  { side, initiator }: HalfKey,
  own: { columns: HalfColumns; record: RecordAt },
  other: { columns: HalfColumns; record: RecordAt },
): { initiator: Side; direction: Direction } {
  if (initiator !== undefined) return { initiator, direction: DIRECTION.initiator };
  const opposite: Side = side === 0 ? 1 : 0;
  const later = own.columns.start(own.record.row) - other.columns.start(other.record.row);
  if (later !== 0) return { initiator: later < 0 ? side : opposite, direction: DIRECTION.initiator };
  const lower = own.columns.sourcePort(own.record.row) - other.columns.sourcePort(other.record.row);
  return { initiator: lower < 0 ? opposite : side, direction: DIRECTION.arbitrary };
}
