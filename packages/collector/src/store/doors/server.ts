import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client';
import { WeirError } from '../../error.js';
import { EngineDied, type FileFormat, type SpooledBlock, type StoreDoor } from '../door.js';
import { firstLine, forPeople, QUERY_SECONDS, RESULT_OCTETS } from '../engineErrors.js';
import { withLiterals } from '../literals.js';
import { clusterInsertSettings } from '../schema/cluster.js';
import { insertBodyStatement } from '../schema/flows.js';
import { adviceOn, clientsOf, reasonOf } from './clients.js';
import { wholeRows } from './rows.js';
import type { ServerSettings } from './settings.js';

export interface ServerDoorOptions extends ServerSettings {
  /** Told in one line that the servers are away, and that one is there again. */
  readonly onDeath: (line: string) => void;
}

/** Milliseconds to wait for servers that are away, of those who can ask again. */
const PATIENCE = 5_000;
const OPEN_TIMEOUT = 10_000;
const PING_TIMEOUT = 5_000;
/** A query's limit ends it at the server; this is for servers that say nothing. */
const QUERY_TIMEOUT = (QUERY_SECONDS + 30) * 1000;
const INSERT_TIMEOUT = 300_000;
const SLOWEST_RETRY = 10_000;
/** Streams that are open at once; more are refused, as readers may be slow. */
const STREAMS = 16;

type Settings = Record<string, string | number>;

const formSettings: Settings = {
  // 64-bit integers as JSON numbers lose digits in JavaScript.
  output_format_json_quote_64bit_integers: 1,
  output_format_json_escape_forward_slashes: 0,
  // An answer that fails midway must not end as rows do.
  http_write_exception_in_output_format: 0,
  cancel_http_readonly_queries_on_client_close: 1,
};
/** The answer is ready before it begins, so that it is whole or an error. */
const WHOLE: Settings = { wait_end_of_query: 1 };
const UNLIMITED: Settings = { max_execution_time: 0, max_result_bytes: 0 };
const LIMITS: Settings = { max_execution_time: QUERY_SECONDS, max_result_bytes: RESULT_OCTETS };

/** What ends a request: milliseconds, or whoever asks. */
interface Ending {
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The door to ClickHouse servers, by their HTTP interface. */
export class ServerDoor implements StoreDoor {
  restarts = 0;
  healthy = false;
  readonly pid = undefined;
  readonly #options: ServerDoorOptions;
  #clients: readonly ClickHouseClient[] = [];
  #current = 0;
  #streams = 0;
  readonly #closing = new AbortController();
  #ready: Promise<void> = Promise.resolve();

  constructor(options: ServerDoorOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#clients = clientsOf(this.#options);
    let why: unknown;
    for (let i = 0; i < this.#clients.length; i++) {
      this.#current = i;
      try {
        await this.#text('SELECT 1', {}, { timeout: OPEN_TIMEOUT });
        this.healthy = true;
        return;
      } catch (error) {
        why = error;
      }
    }
    await this.close();
    throw new WeirError(`cannot use the store at ${this.#at}: ${(why as Error).message}${adviceOn(why)}`);
  }

  async command(sql: string): Promise<void> {
    await this.#up(PATIENCE);
    await this.#text(sql, UNLIMITED);
  }

  /**
   * Takes a block into the table, however long the servers are away. An attempt whose outcome is not known may still be running at the
   * server, which therefore gets the same query id with each: it refuses a second while the first goes on. And each looks for what is there
   * of the batch, also the first, as it may come to its turn after the second.
   */
  async insert({ file, batch, computed }: SpooledBlock): Promise<void> {
    const id = `weir-${batch.toString(16)}`;
    for (let wait = 100; ; wait = Math.min(wait * 2, SLOWEST_RETRY)) {
      await this.#up(Infinity);
      try {
        const body = createReadStream(file, { highWaterMark: 1 << 20 });
        const settings = this.#options.cluster === undefined ? {} : clusterInsertSettings(id);
        const statement = insertBodyStatement({ batch, again: true, computed });
        await this.#text(statement, settings, { timeout: INSERT_TIMEOUT }, { id, body });
        return;
      } catch (error) {
        if (!(error instanceof EngineDied) || this.#closing.signal.aborted) throw error;
        await this.#pause(wait);
      }
    }
  }

  async query(sql: string, parameters: Record<string, unknown>, signal?: AbortSignal): Promise<Uint8Array | null> {
    await this.#up(PATIENCE);
    try {
      return await this.#text(`${withLiterals(sql, parameters)} FORMAT JSONEachRow`, LIMITS, {
        timeout: QUERY_TIMEOUT,
        signal,
      });
    } catch (error) {
      throw error instanceof EngineDied ? error : new WeirError(forPeople(error as Error).message);
    }
  }

  async *stream(sql: string, parameters: Record<string, unknown>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    yield* this.#octets(`${withLiterals(sql, parameters)} FORMAT JSONEachRow`, wholeRows, signal);
  }

  /** A query that fails when its answer has begun breaks off: the file is no whole one then, and its reader sees that. */
  async *download(
    sql: string,
    parameters: Record<string, unknown>,
    format: FileFormat,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    yield* this.#octets(`${withLiterals(sql, parameters)} FORMAT ${format}`, stream => stream, signal);
  }

  /** The limits of queries do not hold: a stream takes the memory of a chunk, and the time that its reader takes. */
  async *#octets(
    statement: string,
    read: (stream: Readable) => AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array> {
    if (this.#streams >= STREAMS) throw new WeirError(`${STREAMS} lists are being read already; ask again in a moment`);
    this.#streams++;
    const given = new AbortController();
    try {
      await this.#up(PATIENCE);
      const signals = signal === undefined ? [given.signal] : [given.signal, signal];
      yield* read(await this.#send(statement, UNLIMITED, AbortSignal.any(signals)));
    } catch (error) {
      if (signal?.aborted) throw new WeirError('nobody waits for the answer any more');
      throw error instanceof EngineDied ? error : new WeirError(forPeople(this.#understood(error)).message);
    } finally {
      this.#streams--;
      given.abort();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.healthy = false;
    await Promise.all(this.#clients.map(client => client.close()));
  }

  get #at(): string {
    return `${this.#options.urls[this.#current]}, database ${this.#options.database}`;
  }

  /** The whole answer. @throws EngineDied where it is not known what became of the statement, else WeirError. */
  async #text(
    sql: string,
    settings: Settings,
    { timeout, signal }: Ending = {},
    insert?: { id: string; body: Readable },
  ): Promise<Uint8Array> {
    const signals = [
      this.#closing.signal,
      timeout === undefined ? undefined : AbortSignal.timeout(timeout),
      signal,
    ].filter(each => each !== undefined);
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of await this.#send(sql, { ...settings, ...WHOLE }, AbortSignal.any(signals), insert))
        chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    } catch (error) {
      if (signal?.aborted) throw new WeirError('nobody waits for the answer any more');
      throw this.#understood(error);
    } finally {
      insert?.body.destroy();
    }
  }

  async #send(
    sql: string,
    settings: Settings,
    signal: AbortSignal,
    insert?: { id: string; body: Readable },
  ): Promise<Readable> {
    const client = this.#clients[this.#current]!;
    const request = { query: sql, clickhouse_settings: { ...formSettings, ...settings }, abort_signal: signal };
    const { stream } = await (insert === undefined
      ? client.exec(request)
      : client.exec({ ...request, query_id: insert.id, values: insert.body }));
    return stream;
  }

  /** What is no word of the server's means that it is away, or that the connection to it broke. */
  #understood(error: unknown): Error {
    if (error instanceof WeirError) return error;
    if (error instanceof ClickHouseError)
      return new WeirError(firstLine(new Error(`Code: ${error.code}. DB::Exception: ${error.message}`)));
    const why = reasonOf(error);
    this.#lost(why);
    return new EngineDied(`the store at ${this.#at} does not answer (${why}); ask again`);
  }

  #lost(why: string): void {
    if (!this.healthy || this.#closing.signal.aborted) return;
    this.healthy = false;
    this.#options.onDeath(`the store at ${this.#at} does not answer (${why}); what is received waits in the spool`);
    this.#ready = this.#find();
  }

  /** Never rejects: it tries one server after the other until one answers or the store is closed. */
  async #find(): Promise<void> {
    for (let wait = 100; !this.#closing.signal.aborted; wait = Math.min(wait * 2, SLOWEST_RETRY)) {
      await this.#pause(wait);
      const ping = await this.#clients[this.#current]!.ping({
        select: false,
        abort_signal: AbortSignal.timeout(PING_TIMEOUT),
      });
      if (ping.success) {
        this.healthy = true;
        this.restarts++;
        this.#options.onDeath(`the store at ${this.#at} answers again`);
        return;
      }
      this.#current = (this.#current + 1) % this.#clients.length;
    }
  }

  async #up(patience: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>(resolve => {
      if (Number.isFinite(patience)) timer = setTimeout(resolve, patience);
    });
    if (!this.healthy) await Promise.race([this.#ready, tooLate]).finally(() => clearTimeout(timer));
    clearTimeout(timer);
    if (!this.healthy) throw new EngineDied(`the store at ${this.#at} does not answer; ask again in a moment`);
  }

  /** Ends early where the door is closed. */
  #pause(milliseconds: number): Promise<void> {
    return pause(milliseconds, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
