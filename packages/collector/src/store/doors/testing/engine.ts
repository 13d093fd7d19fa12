import { createWriteStream, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { Session } from 'chdb';
import type { Fault } from './start.js';

/** Of the URL's parameters those that are no settings of the engine. */
const OF_HTTP = new Set([
  'query',
  'query_id',
  'database',
  'wait_end_of_query',
  'enable_http_compression',
  'role',
  'session_id',
]);
/** How long an insert whose connection broke goes on. */
const GOES_ON = 1500;
const TAG = 'weirtestserver00';

/** Answers requests as ClickHouse does, each with a connection of its own to the engine. */
export class HttpEngine {
  readonly #directory: string;
  /** Keeps the engine open. */
  readonly #first: Session;
  readonly #running = new Set<string>();
  #files = 0;

  constructor(directory: string) {
    this.#directory = join(directory, 'engine');
    this.#first = this.#connect();
  }

  /** Makes the database that tests ask for. */
  async open(): Promise<void> {
    await this.#first.queryAsync('CREATE DATABASE IF NOT EXISTS weir');
  }

  #connect(): Session {
    return new Session(this.#directory, {
      connectionArgs: ['--max_server_memory_usage=1073741824', '--max_memory_usage=536870912'],
    });
  }

  async answer(
    parameters: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | undefined,
  ): Promise<void> {
    const id = parameters.get('query_id') ?? '';
    response.setHeader('X-ClickHouse-Query-Id', id);
    if (fault === 'bad gateway') {
      request.resume();
      response.writeHead(502).end('<html>502 Bad Gateway</html>');
      return;
    }
    if (this.#running.has(id)) {
      request.resume();
      refuse(
        response,
        new Error(
          `Code: 216. DB::Exception: Query with id = ${id} is already running. (QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING)`,
        ),
      );
      return;
    }
    this.#running.add(id);
    const session = this.#connect();
    try {
      await this.#prepare(session, parameters);
      if (parameters.has('query')) await this.#insert(session, parameters.get('query')!, request, response, fault);
      else await this.#statement(session, parameters, await textOf(bodyOf(request)), request, response);
    } catch (error) {
      refuse(response, error as Error);
    } finally {
      session.close();
      this.#running.delete(id);
    }
  }

  async #prepare(session: Session, parameters: URLSearchParams): Promise<void> {
    const settings = [...parameters].filter(([name]) => !OF_HTTP.has(name));
    if (settings.length > 0)
      await session.queryAsync(`SET ${settings.map(([name, value]) => `${name} = '${value}'`).join(', ')}`);
    const database = parameters.get('database');
    if (database) await session.queryAsync(`USE ${database}`);
  }

  /** The body goes to a file, which the engine reads in place of it. */
  async #insert(
    session: Session,
    query: string,
    request: IncomingMessage,
    response: ServerResponse,
    fault: Fault | undefined,
  ): Promise<void> {
    const name = `body-${this.#files++}.native`;
    try {
      if (fault === 'break in body') {
        request.once('data', () => request.socket.destroy());
        return;
      }
      await pipeline(bodyOf(request), createWriteStream(name));
      if (fault === 'break and go on') {
        request.socket.destroy();
        await new Promise(resolve => setTimeout(resolve, GOES_ON));
      }
      await session.queryAsync(fromFile(query, name));
      if (fault === 'break before answer') request.socket.destroy();
      else response.writeHead(200, { 'X-ClickHouse-Summary': '{"written_rows":"0"}' }).end();
    } finally {
      rmSync(name, { force: true });
    }
  }

  async #statement(
    session: Session,
    parameters: URLSearchParams,
    body: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [, sql, format = 'TabSeparated'] = /^(.*?)(?:\s+FORMAT\s+(\w+))?\s*$/s.exec(body)!;
    if (parameters.get('wait_end_of_query') !== '1') {
      await stream(session, sql!, format, response);
      return;
    }
    const bytes = (await session.queryAsync(sql!, { format })).bytes();
    const compressed =
      parameters.get('enable_http_compression') === '1' && request.headers['accept-encoding']?.includes('gzip');
    response.writeHead(200, { 'X-ClickHouse-Format': format, ...(compressed ? { 'Content-Encoding': 'gzip' } : {}) });
    response.end(compressed ? gzipSync(bytes) : bytes);
  }
}

/** An error behind the first rows comes behind them, as of version 25.11. */
async function stream(session: Session, sql: string, format: string, response: ServerResponse): Promise<void> {
  const rows = session.queryStream(sql, { format });
  response.setHeader('X-ClickHouse-Exception-Tag', TAG);
  try {
    for await (const chunk of rows) {
      if (response.destroyed) return;
      if (!response.write(chunk.raw())) await new Promise<void>(resolve => wakened(response, resolve));
    }
    response.end();
  } catch (error) {
    if (!response.headersSent) throw error;
    const { message } = error as Error;
    response.end(`\r\n__exception__\r\n${TAG}\r\n${message}\n${message.length + 1} ${TAG}\r\n__exception__\r\n`);
  } finally {
    rows.cancel();
  }
}

function wakened(response: ServerResponse, resolve: () => void): void {
  response.once('drain', resolve);
  response.once('close', resolve);
}

function fromFile(query: string, name: string): string {
  const statement = query.replace(/\s+FORMAT\s+Native\s*$/, '');
  if (statement.includes(' FROM input(')) return statement.replace(' FROM input(', ` FROM file('${name}', 'Native', `);
  return `${statement} SELECT * FROM file('${name}', 'Native')`;
}

function bodyOf(request: IncomingMessage): Readable {
  return request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
}

async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const statuses: Readonly<Record<string, number>> = { 60: 404, 62: 400, 81: 404, 115: 404, 159: 408, 497: 403 };

function refuse(response: ServerResponse, error: Error): void {
  const message = error.message.includes('Code: ')
    ? error.message
    : `Code: 1002. DB::Exception: ${error.message}. (UNKNOWN_EXCEPTION)`;
  const code = /Code: (\d+)/.exec(message)![1]!;
  response
    .writeHead(statuses[code] ?? 500, { 'X-ClickHouse-Exception-Code': code })
    .end(`${message} (version 26.7.2.1 (official build))\n`);
}
