import { type ChdbQueryStream, Session, type StreamChunk } from 'chdb';
import { firstLine, forPeople, QUERY_SECONDS, RESULT_OCTETS } from './engineErrors.js';
import { literal, withLiterals } from './literals.js';
import type { Request } from './messages.js';
import { type Insert, insertStatement } from './schema/flows.js';
import { Slots } from './slots.js';

/** Queries that run at once; more wait, but not so long that together with the query the parent loses patience. */
const QUERIES = 4;
const QUEUE_TIME = 25_000;
/** Streams that are open at once; more are refused, as readers may be slow. */
const STREAMS = 16;
/** Files that are made at once; more are refused. */
const EXPORTS = 2;

type ExportRequest = Extract<Request, { kind: 'export' }>;

interface OpenStream {
  readonly session: Session;
  readonly stream: ChdbQueryStream;
  readonly chunks: AsyncIterator<StreamChunk>;
}

/** The embedded engine on one directory. Lives in a process of its own: see process.ts. */
export class Engine {
  readonly #connect: () => Session;
  /** Keeps the engine open. */
  readonly #first: Session;
  readonly #streams = new Map<number, OpenStream>();
  #exports = 0;
  readonly #slots = new Slots(QUERIES, QUEUE_TIME);

  /** @param memory limit of the whole engine, octets. */
  constructor(directory: string, memory: number) {
    const connectionArgs = engineArguments(memory);
    // A connection runs one query at a time, and costs nothing.
    this.#connect = () => new Session(directory, { connectionArgs });
    this.#first = this.#connect();
  }

  /** @throws Error that begins with the engine's code, on one line: see passes. */
  async insert(file: string, insert: Insert): Promise<void> {
    await this.command(insertStatement(file, insert));
  }

  /** @throws Error as of insert. */
  async command(sql: string): Promise<void> {
    const session = this.#connect();
    try {
      await session.queryAsync(sql);
    } catch (error) {
      throw new Error(firstLine(error as Error));
    } finally {
      session.close();
    }
  }

  async query(id: number, sql: string, parameters: Record<string, unknown>): Promise<Uint8Array> {
    const statement = markOf(id) + withLiterals(sql, parameters);
    await this.#slots.take();
    const session = this.#connect();
    try {
      return (await session.queryAsync(statement, { format: 'JSONEachRow' })).bytes();
    } catch (error) {
      throw forPeople(error as Error);
    } finally {
      session.close();
      this.#slots.give();
    }
  }

  /** Writes the rows into a file, in the memory that the format takes. @throws Error */
  async export(id: number, { sql, parameters, file, format }: ExportRequest): Promise<void> {
    if (this.#exports >= EXPORTS) throw new Error(`${EXPORTS} files are being made already; ask again later`);
    this.#exports++;
    const session = this.#connect();
    try {
      const into = `${markOf(id)}INSERT INTO FUNCTION file(${literal(file)}, ${format})`;
      const unlimited = 'SETTINGS max_execution_time = 0, max_result_bytes = 0, max_threads = 2';
      await session.queryAsync(`${into} ${withLiterals(sql, parameters)} ${unlimited}`);
    } catch (error) {
      throw forPeople(error as Error);
    } finally {
      session.close();
      this.#exports--;
    }
  }

  /** Ends the query or the export of that request, if it runs. */
  async kill(id: number): Promise<void> {
    const session = this.#connect();
    try {
      await session.queryAsync(`KILL QUERY WHERE startsWith(query, ${literal(markOf(id))}) ASYNC`);
    } finally {
      session.close();
    }
  }

  /** The limits of queries do not hold: a stream takes the memory of a chunk, and the time that its reader takes. */
  stream(id: number, sql: string, parameters: Record<string, unknown>): void {
    if (this.#streams.size >= STREAMS)
      throw new Error(`${STREAMS} lists are being read already; ask again in a moment`);
    const session = this.#connect();
    try {
      const unlimited = 'SETTINGS max_execution_time = 0, max_result_bytes = 0';
      const stream = session.queryStream(`${markOf(id)}${withLiterals(sql, parameters)} ${unlimited}`, {
        format: 'JSONEachRow',
      });
      this.#streams.set(id, { session, stream, chunks: stream[Symbol.asyncIterator]() });
    } catch (error) {
      session.close();
      throw forPeople(error as Error);
    }
  }

  /** The next rows, or null behind the last. */
  async next(id: number): Promise<Uint8Array | null> {
    const open = this.#streams.get(id);
    if (open === undefined) return null;
    try {
      const { value, done } = await open.chunks.next();
      if (done !== true) return value.raw();
    } catch (error) {
      this.cancel(id);
      throw forPeople(error as Error);
    }
    this.cancel(id);
    return null;
  }

  cancel(id: number): void {
    const open = this.#streams.get(id);
    if (open === undefined) return;
    this.#streams.delete(id);
    open.stream.cancel();
    open.session.close();
  }

  close(): void {
    for (const id of [...this.#streams.keys()]) this.cancel(id);
    this.#first.close();
  }
}

/** A comment by which a query can be found again. */
function markOf(id: number): string {
  return `/* request ${id} */ `;
}

function engineArguments(memory: number): string[] {
  const aQuery = Math.floor(memory / 2);
  return [
    `--max_server_memory_usage=${memory}`,
    `--max_memory_usage=${aQuery}`,
    `--max_bytes_before_external_group_by=${Math.floor(aQuery / 2)}`,
    `--max_bytes_before_external_sort=${Math.floor(aQuery / 2)}`,
    `--max_execution_time=${QUERY_SECONDS}`,
    `--max_result_bytes=${RESULT_OCTETS}`,
    // 64-bit integers as JSON numbers lose digits in JavaScript.
    '--output_format_json_quote_64bit_integers=1',
    '--output_format_json_escape_forward_slashes=0',
  ];
}
