import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseFilter } from '@weir/flow';
import type { ForwardAddress } from '../config/options/forwarding.js';
import { filterSql, Parameters } from '../flow/filter-sql.js';
import type { Store } from '../store/client.js';
import { recordsWhere } from '../store/queries/records.js';
import { type Destination, destinationOf } from './destination.js';
import { MediatorMessages } from './messages.js';

/** Flow Records that may wait in the store; of more, all that wait are passed over and counted. */
const MAXIMUM_WAITING = 5_000_000;
/** RFC 7011 section 8.4 has Templates sent again over UDP; ten minutes is what RFC 6728 has by default: a collector that starts waits less here. */
const TEMPLATES_MILLISECONDS = 60_000;
const RETRY_MILLISECONDS = [1000, 30_000] as const;
const TURN_RECORDS = 1000;

export interface ForwardCounters {
  readonly url: string;
  messages: number;
  records: number;
  /** Flow Records that were passed over because too many waited, whether the filter fits them or not. */
  droppedRecords: number;
  /** Records that no Message could hold. */
  refusedRecords: number;
  /** Transport Sessions begun. */
  sessions: number;
  connected: boolean;
}

export interface ForwarderOptions {
  readonly to: ForwardAddress;
  readonly filter: string;
  readonly domain: number;
  /** Keeps how far it is. */
  readonly file: string;
  readonly log: (line: string) => void;
  /** For tests; default 5,000,000. */
  readonly maximumWaiting?: number;
}

/**
 * An IPFIX Mediator (RFC 6183): sends what is stored on, batch by batch, by the numbers that the batches have. The store is its queue, so
 * that a collector that is away holds up nobody, and a restart goes on where it was.
 */
export class Forwarder {
  readonly counters: ForwardCounters;
  readonly #store: Store;
  readonly #options: ForwarderOptions;
  readonly #destination: Destination;
  #position: bigint | undefined;
  #session: MediatorMessages | undefined;
  #outgoing: Uint8Array[] = [];
  #templatesSent = 0;
  #wake: () => void = () => {};
  #stopping = false;
  /** More was stored since the last round began. */
  #more = false;
  #running: Promise<void> | undefined;

  constructor(store: Store, options: ForwarderOptions) {
    this.#store = store;
    this.#options = options;
    this.#destination = destinationOf(options.to);
    this.counters = {
      url: options.to.url,
      messages: 0,
      records: 0,
      droppedRecords: 0,
      refusedRecords: 0,
      sessions: 0,
      connected: false,
    };
  }

  /** Begins behind what is stored now, or where an earlier run came to. */
  async start(): Promise<void> {
    this.#position = readPosition(this.#options.file) ?? (await this.#newest()).batch;
    this.#running = this.#run();
  }

  /** There is more in the store. */
  stored(): void {
    this.#more = true;
    this.#wake();
  }

  /** Sends on what is stored, unless the collector is away, then ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#running;
    await this.#destination.close();
  }

  async #run(): Promise<void> {
    let failures = 0;
    for (;;) {
      const last = this.#stopping;
      this.#more = false;
      try {
        await this.#round();
        failures = 0;
      } catch (error) {
        if (failures++ === 0)
          this.#options.log(`cannot forward to ${this.counters.url}, trying on: ${(error as Error).message}`);
        this.counters.connected = false;
        this.#session = undefined;
        await this.#destination.close();
      }
      if (last) return;
      const [shortest, longest] = RETRY_MILLISECONDS;
      await this.#sleep(
        failures === 0 ? TEMPLATES_MILLISECONDS : Math.min(shortest * 2 ** (failures - 1), longest),
        failures > 0,
      );
    }
  }

  /** Until more is stored, or the time is over; after a failure the time counts. */
  async #sleep(milliseconds: number, failed: boolean): Promise<void> {
    if (this.#stopping || (this.#more && !failed)) return;
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        if (failed && !this.#stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }

  async #round(): Promise<void> {
    const position = this.#position!;
    const { batch, rows } = await this.#newest(position);
    if (rows > (this.#options.maximumWaiting ?? MAXIMUM_WAITING)) {
      this.counters.droppedRecords += rows;
      this.#options.log(`${rows} Flow Records are not forwarded to ${this.counters.url}: more than may wait`);
      this.#keep(batch);
      return;
    }
    const session = await this.#open();
    if (Date.now() - this.#templatesSent >= TEMPLATES_MILLISECONDS && this.#destination.datagrams) {
      this.#templatesSent = Date.now();
      session.repeatTemplates(Date.now());
      await this.#drain();
    }
    if (batch <= position) return;
    await this.#forward(session, position, batch);
    this.#keep(batch);
  }

  async #forward(session: MediatorMessages, after: bigint, upTo: bigint): Promise<void> {
    const { filter } = this.#options;
    const parameters = new Parameters();
    const fits = filter.trim() === '' ? 'true' : filterSql(parseFilter(filter), parameters);
    let records = 0;
    for await (const record of recordsWhere(
      this.#store,
      `batch > ${after} AND batch <= ${upTo} AND ${fits}`,
      parameters,
      '',
    )) {
      session.add(record, Date.now());
      if (this.#outgoing.length > 0) await this.#drain();
      if (++records % TURN_RECORDS === 0) await new Promise(resolve => setImmediate(resolve));
    }
    session.flush();
    await this.#drain();
    this.counters.records += records - session.refused;
    this.counters.refusedRecords += session.refused;
    session.refused = 0;
  }

  async #open(): Promise<MediatorMessages> {
    if (this.#session !== undefined) return this.#session;
    await this.#destination.open();
    this.#outgoing = [];
    this.#templatesSent = Date.now();
    this.counters.sessions++;
    this.counters.connected = true;
    const { maximum, datagrams } = this.#destination;
    this.#session = new MediatorMessages(this.#options.domain, maximum, datagrams, message =>
      this.#outgoing.push(message),
    );
    return this.#session;
  }

  async #drain(): Promise<void> {
    for (const message of this.#outgoing.splice(0)) {
      await this.#destination.send(message);
      this.counters.messages++;
    }
  }

  /** The newest batch with none before it that is still to come, and the records behind a position. */
  async #newest(after = 0n): Promise<{ batch: bigint; rows: number }> {
    const [row] = await this.#store.query<{ last: string; n: string }>(
      `SELECT max(batch) AS last, count() AS n FROM flows WHERE batch > ${after} AND batch <= ${this.#store.settled}`,
    );
    const batch = BigInt(row?.last ?? 0);
    return { batch: batch > after ? batch : after, rows: Number(row?.n ?? 0) };
  }

  #keep(position: bigint): void {
    this.#position = position;
    const part = `${this.#options.file}.part`;
    writeFileSync(part, `${position}\n`, { mode: 0o600 });
    renameSync(part, this.#options.file);
  }
}

function readPosition(file: string): bigint | undefined {
  try {
    return BigInt(readFileSync(file, 'utf8').trim());
  } catch {
    return undefined;
  }
}
