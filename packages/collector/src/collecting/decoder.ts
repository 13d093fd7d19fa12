import { setImmediate as turn } from 'node:timers/promises';
import { type FilledBatch, filledOf } from './filled-batch.js';
import type { Ingest } from './ingest.js';
import { newSession, type SavedSessions, type Session } from './sessions.js';
import type { BlockFile, SpoolDirectory } from './spool/directory.js';
import { KIND } from './spool/format.js';
import type { Progress } from './spool/progress.js';
import { RawSpoolReader } from './spool/reader.js';
import { newest, restoreStreams, saveStreams } from './spool/saved-state.js';

/** Rows of a batch at most. */
export const BATCH_CAPACITY = 262_144;
/** A Message has at most 65,515 records: a batch is closed between two of them, so that each block ends where a position is. */
const BLOCK_ROWS = BATCH_CAPACITY - 65_536;
/** Rows do not wait longer than this for their batch to fill. */
const BATCH_MILLISECONDS = 1000;
/** Of decoding at a stretch; then timers and messages have their turn. */
const SLICE_MILLISECONDS = 20;
/** Blocks that the main thread has not yet answered for. */
const MAXIMUM_WAITING = 2;
const DISK_RETRY_MILLISECONDS = 500;
/** Of decoding at the end; what is left then is for the next start. */
const STOP_MILLISECONDS = 10_000;
/** Octets between the saved sessions and the position that are decoded again after a crash, at most. */
const REPLAY_OCTETS = 16 << 20;

export interface DecoderEvents {
  block(block: BlockFile): void;
  /** Whether a Message of that connection made sense. */
  judged(connection: number, problem: string | undefined): void;
  /** Something lies before the position that is needed no more. */
  freed(): void;
  log(line: string): void;
}

/** Raw spool -> Transport Sessions -> batches -> block files. */
export class Decoder {
  /** Messages of earlier runs, and octets at the end of their raw spools that were no whole append. */
  readonly recovered = { messages: 0, tornOctets: 0 };
  /** Why no block can be written now. */
  problem: string | undefined;
  readonly #ingest: Ingest;
  readonly #events: DecoderEvents;
  #streams = new Map<number, Session>();
  /** Connections of which the last Message made sense. */
  readonly #sensible = new Set<number>();
  /** Full, and the disk did not take them. */
  readonly #batches: FilledBatch[] = [];
  /** Files that no state names yet. */
  readonly #blocks: BlockFile[] = [];
  #spool!: SpoolDirectory;
  /** Up to this position the records are in blocks already. */
  #doneBefore = 0;
  #position = 0;
  #committed = 0;
  #due = Number.POSITIVE_INFINITY;
  #waiting = 0;
  #saveNotBefore = 0;
  #stopping = false;
  /** What waits for other halves, as it was last written. */
  #heldChange = 0;
  /** All that has arrived is decoded. */
  #isUpToDate = false;
  #stopBy = Number.POSITIVE_INFINITY;
  /** Whether the connections are those that are open now. */
  #isLive = false;
  #wake: (() => void) | undefined;

  constructor(ingest: Ingest, events: DecoderEvents) {
    this.#ingest = ingest;
    this.#events = events;
  }

  /** Takes a batch of the Ingest. */
  deliver(batch: FilledBatch): void {
    this.#batches.push(batch);
    if (!this.#tries(() => this.#writeBlocks())) {
      this.#batches.push({ ...this.#batches.pop()!, block: [Buffer.concat(batch.block)] });
    }
  }

  /** The main thread has answered for a block. */
  taken(): void {
    this.#waiting--;
    this.wake();
  }

  wake(): void {
    this.#wake?.();
  }

  /** To end with what is in the raw spool now. */
  stop(): void {
    this.#stopping = true;
    this.#stopBy = performance.now() + STOP_MILLISECONDS;
    this.wake();
  }

  /** Takes over sessions of earlier runs. */
  restore(sessions: SavedSessions): void {
    this.#ingest.restore(newest(this.#ingest.save(Date.now()), sessions));
  }

  save(): SavedSessions {
    return this.#ingest.save(Date.now());
  }

  /** Decodes what an earlier run left in its raw spool, to the end; whether it got there. */
  async recover(spool: SpoolDirectory): Promise<boolean> {
    const state = spool.state();
    if (state?.saved.datagrams !== undefined) this.restore(state.saved.datagrams);
    this.#streams = restoreStreams(state?.saved.streams ?? [], (session, saved) => this.#ingest.resume(session, saved));
    this.#begin(spool, state?.savedAt ?? 0, state?.position ?? 0);
    const reader = new RawSpoolReader(spool.path, this.#position);
    const before = this.#messages;
    try {
      while (this.#decode(reader)) {
        await this.#commitWhenDue();
        await turn();
        if (this.#stopping) return false;
      }
      for (const [connection, session] of this.#streams) this.#end(connection, session);
      // What comes next lies in another spool, and this one goes.
      this.#ingest.release();
      if (!(await this.#commit())) return false;
    } finally {
      reader.close();
      this.recovered.messages += this.#messages - before;
      this.recovered.tornOctets += reader.torn;
    }
    return true;
  }

  /** Decodes what another thread writes, until it is told to stop. */
  async follow(spool: SpoolDirectory, progress: Progress): Promise<void> {
    this.#begin(spool, 0, 0);
    this.#isLive = true;
    const reader = new RawSpoolReader(spool.path, 0, () => progress.written);
    const freed = () => {
      progress.freed = spool.neededFrom;
      this.#events.freed();
    };
    for (;;) {
      const more = this.#decode(reader);
      this.#isUpToDate = !more;
      if (!(await this.#commitWhenDue(freed))) break;
      if (more ? performance.now() > this.#stopBy : this.#stopping) break;
      if (more) await turn();
      else await this.#sleep(() => progress.written > reader.position, progress);
    }
    reader.close();
    this.#ingest.release();
    await this.#commit(freed);
    const left = progress.written - this.#committed;
    if (left > 0)
      this.#events.log(`${left} octets that have arrived stay in the raw spool, to be decoded at the next start`);
  }

  get #messages(): number {
    const { datagrams, streamMessages } = this.#ingest.counters;
    return datagrams + streamMessages;
  }

  #begin(spool: SpoolDirectory, position: number, doneBefore: number): void {
    this.#spool = spool;
    this.#position = this.#committed = position;
    this.#doneBefore = doneBefore;
    this.#heldChange = this.#ingest.halves?.change ?? 0;
  }

  /** Decodes for a while, or until a batch is full; whether there may be more. */
  #decode(reader: RawSpoolReader): boolean {
    const end = performance.now() + SLICE_MILLISECONDS;
    for (let count = 1; ; count++) {
      if (!reader.next()) return false;
      this.#position = reader.position;
      this.#ingest.skips = this.#position <= this.#doneBefore;
      this.#take(reader);
      if (this.#ingest.waitingRows >= BLOCK_ROWS || this.#position === this.#doneBefore) this.#ingest.flush();
      if (this.#batches.length + this.#blocks.length > 0) return true;
      if (count % 16 === 0 && performance.now() > end) return true;
    }
  }

  #take(reader: RawSpoolReader): void {
    if (this.#due === Number.POSITIVE_INFINITY) this.#due = performance.now() + BATCH_MILLISECONDS;
    if (reader.kind === KIND.datagram) {
      this.#ingest.datagram(reader.octets, reader.peer, reader.time);
      return;
    }
    const session = this.#streams.get(reader.connection);
    if (reader.kind === KIND.message) this.#message(reader, session ?? this.#open(reader));
    else if (session !== undefined) this.#end(reader.connection, session);
  }

  #open({ connection, peer, protocol, time }: RawSpoolReader): Session {
    const session = newSession(peer, protocol, time);
    this.#streams.set(connection, session);
    return session;
  }

  #message({ connection, octets, time, stream }: RawSpoolReader, session: Session): void {
    const problem = this.#ingest.streamMessage(session, octets, time, stream);
    if (problem === undefined && this.#sensible.has(connection)) return;
    if (problem === undefined) this.#sensible.add(connection);
    else this.#sensible.delete(connection);
    if (this.#isLive) this.#events.judged(connection, problem);
  }

  #end(connection: number, session: Session): void {
    this.#ingest.endOfStream(session);
    this.#streams.delete(connection);
    this.#sensible.delete(connection);
  }

  /** Whether decoding may go on. */
  async #commitWhenDue(done?: () => void): Promise<boolean> {
    return this.#batches.length + this.#blocks.length === 0 && performance.now() < this.#due
      ? true
      : await this.#commit(done);
  }

  /** Puts what is decoded into a block, and waits until there is room for the next; whether there is. */
  async #commit(done?: () => void): Promise<boolean> {
    // Until all is decoded the time is that of the Messages: the other half may have arrived.
    this.#ingest.flush(this.#isUpToDate ? Date.now() : undefined);
    this.#due = this.#ingest.halves?.waiting ? performance.now() + BATCH_MILLISECONDS : Number.POSITIVE_INFINITY;
    if (this.#position > this.#committed || this.#batches.length + this.#blocks.length > 0) {
      if (!(await this.#write())) return false;
      this.#spool.free();
      done?.();
    }
    while (this.#waiting >= MAXIMUM_WAITING && !this.#stopping) await this.#woken();
    return this.#waiting < MAXIMUM_WAITING;
  }

  /** Writes blocks and state, however long the disk is full: until then they stay in memory, and nothing more is decoded. */
  async #write(): Promise<boolean> {
    while (!this.#tries(() => this.#commitState())) {
      if (this.#stopping) return false;
      await this.#woken(DISK_RETRY_MILLISECONDS);
    }
    if (this.problem !== undefined) this.#events.log('blocks can be written again');
    this.problem = undefined;
    this.#committed = this.#position;
    this.#waiting += this.#blocks.length;
    for (const block of this.#blocks.splice(0)) this.#events.block(block);
    return true;
  }

  #commitState(): void {
    this.#writeBlocks();
    this.#writeHeld();
    this.#spool.commit(Math.max(this.#position, this.#doneBefore), this.#savedState());
  }

  #writeBlocks(): void {
    for (let [batch] = this.#batches; batch !== undefined; [batch] = this.#batches) {
      this.#blocks.push(this.#spool.write(batch));
      this.#batches.shift();
    }
  }

  /** What waits for other halves is saved with the position behind it. */
  #writeHeld(): void {
    const { halves } = this.#ingest;
    if (halves === undefined || halves.change === this.#heldChange) return;
    this.#spool.hold(halves.waiting === 0 ? undefined : filledOf(halves.held()));
    this.#heldChange = halves.change;
  }

  /** Whether the disk takes it; that it does not is said once. */
  #tries(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      const { message } = error as Error;
      if (this.problem === undefined) {
        this.#events.log(
          `cannot write a block: ${message}; what arrives waits in the raw spool; make room on the disk`,
        );
      }
      this.problem = message;
      return false;
    }
  }

  /** With thousands of Templates saving takes long: it may have a tenth of the time, unless much would have to be decoded again. */
  #savedState(): string | undefined {
    const start = Date.now();
    const isReplaying = this.#position < this.#doneBefore;
    const isLittle = this.#position - this.#spool.neededFrom < REPLAY_OCTETS;
    if (isReplaying || (start < this.#saveNotBefore && isLittle && !this.#stopping)) return undefined;
    const saved = JSON.stringify({
      version: 1,
      datagrams: this.#ingest.save(start),
      streams: saveStreams(this.#streams, session => this.#ingest.saveSession(session)),
    });
    this.#saveNotBefore = start + 10 * (Date.now() - start);
    return saved;
  }

  async #sleep(hasMore: () => boolean, progress: Progress): Promise<void> {
    progress.fallAsleep();
    if (!hasMore()) await this.#woken(this.#due - performance.now());
  }

  /** Waits for what wakes, or so long. */
  async #woken(milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      if (milliseconds < Number.POSITIVE_INFINITY) timer = setTimeout(resolve, milliseconds);
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }
}
