import { readFileSync } from 'node:fs';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type {
  AlertTest,
  Bill,
  Bills,
  ErrorResponse,
  ImportRequest,
  ImportResult,
  Selection,
  SessionStatistics,
  TrafficEvent,
} from '@weir/collector/reading';
import { UsageError, WeirError } from './error.js';
import { filterMistake } from './filter-error.js';
import { type BillsAsked, type FileFormat, MOST_EVENTS, type Query, type QuerySource } from './query-source.js';

/** Asks a running collector by its HTTP API. */
export class ApiClient implements QuerySource {
  readonly #where: string;
  readonly #options: RequestOptions;

  private constructor(where: string, options: RequestOptions) {
    this.#where = where;
    this.#options = options;
  }

  /** @throws UsageError where the text is no URL of HTTP */
  static ofUrl(text: string, tokenFile: string | undefined): ApiClient {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
      throw new UsageError(`--url: "${text}" is no URL; write http://HOST:PORT`);
    }
    const token = tokenFile === undefined ? undefined : readToken(tokenFile);
    return new ApiClient(url.origin, {
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  }

  /** The collector whose data directory holds the socket. */
  static ofSocket(path: string): ApiClient {
    return new ApiClient(path, { socketPath: path, headers: { host: 'localhost' } });
  }

  /** Whether anybody listens there. */
  async answers(): Promise<boolean> {
    try {
      (await this.#send('/healthz')).destroy();
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ECONNREFUSED') return false;
      throw this.#failed(error as NodeJS.ErrnoException);
    }
  }

  async *ask(query: Query): AsyncGenerator<unknown> {
    try {
      const response = await this.#send(pathOf(query));
      if (response.statusCode !== 200) throw await errorOf(response, query.selection.filter);
      for await (const line of linesOf(response)) yield JSON.parse(line);
    } catch (error) {
      throw this.#failed(error as NodeJS.ErrnoException);
    }
  }

  async sessions(selection: Selection, stall: number): Promise<SessionStatistics> {
    const parameters = parametersOf(selection);
    parameters.set('stall', String(stall / 1000));
    return await this.#json(this.#send(`/api/v1/sessions/statistics?${parameters}`), selection.filter);
  }

  async *download(query: Query, format: FileFormat): AsyncGenerator<Uint8Array> {
    try {
      const response = await this.#send(pathOf(query, format));
      if (response.statusCode !== 200) throw await errorOf(response, query.selection.filter);
      yield* response as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw this.#failed(error as NodeJS.ErrnoException);
    }
  }

  async *events({ from, to }: { from: number; to: number }): AsyncGenerator<TrafficEvent> {
    const path = `/api/v1/events?from=${from}&to=${to}&limit=${MOST_EVENTS}`;
    yield* (await this.#json<{ events: TrafficEvent[] }>(this.#send(path))).events;
  }

  async take(
    octets: AsyncIterable<Uint8Array>,
    { name, digest, again, exporter }: ImportRequest,
  ): Promise<ImportResult> {
    const parameters = new URLSearchParams({ name, again: String(again), exporter });
    if (digest !== undefined) parameters.set('digest', digest);
    return await this.#json(this.#post(`/api/v1/import?${parameters}`, octets, 'application/octet-stream'));
  }

  /** Has test messages sent by one channel, or by all. */
  async testAlerts(channel: string | undefined): Promise<AlertTest> {
    const body = Buffer.from(JSON.stringify(channel === undefined ? {} : { channel }));
    return await this.#json(this.#post('/api/v1/alerts/test', [body], 'application/json'));
  }

  async bills(asked: BillsAsked): Promise<readonly Bill[]> {
    return (await this.#json<Bills>(this.#send(`/api/v1/billing/bills?${new URLSearchParams({ ...asked })}`)))
      .bills as Bill[];
  }

  /** A report as it is answered. @param path "report" for a page, "report.json" for its data */
  async report(path: 'report' | 'report.json', asked: Readonly<Record<string, string>>): Promise<string> {
    try {
      const response = await this.#send(`/api/v1/${path}?${new URLSearchParams(asked)}`);
      if (response.statusCode !== 200) throw await errorOf(response, asked.filter);
      return await textOf(response);
    } catch (error) {
      throw this.#failed(error as NodeJS.ErrnoException);
    }
  }

  async enter(entry: Required<BillsAsked> & { readonly reason: string }): Promise<void> {
    await this.#json(this.#send(`/api/v1/billing/entries?${new URLSearchParams(entry)}`, 'POST'));
  }

  async close(): Promise<void> {}

  /** What answers, as JSON. @throws UsageError or WeirError */
  async #json<T>(answer: Promise<IncomingMessage>, filter?: string): Promise<T> {
    try {
      const response = await answer;
      if (response.statusCode !== 200) throw await errorOf(response, filter);
      return JSON.parse(await textOf(response)) as T;
    } catch (error) {
      throw this.#failed(error as NodeJS.ErrnoException);
    }
  }

  #send(path: string, method = 'GET'): Promise<IncomingMessage> {
    const request = this.#options.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      request({ ...this.#options, path, method }, resolve)
        .once('error', reject)
        .end();
    });
  }

  /** Sends the octets as they are read. An answer before their end, such as a refusal, is taken. */
  #post(
    path: string,
    octets: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    type: string,
  ): Promise<IncomingMessage> {
    const request = this.#options.protocol === 'https:' ? requestHttps : requestHttp;
    const headers = { ...this.#options.headers, 'content-type': type };
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...this.#options, path, method: 'POST', headers }, resolve).once('error', reject);
      pipeline(Readable.from(octets), outgoing).catch(reject);
    });
  }

  #failed(error: NodeJS.ErrnoException): Error {
    if (error.name === 'WeirError' || error.name === 'UsageError') return error;
    if (error.code === 'EACCES') {
      return new WeirError(`this user may not open ${this.#where}; ask as its owner, or over HTTP with --url`);
    }
    if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT')
      return new WeirError(`no collector answers at ${this.#where}; see whether it runs`);
    const reason = error instanceof SyntaxError ? 'what answers is no collector' : (error.code ?? error.message);
    return new WeirError(`the collector at ${this.#where} gave no full answer: ${reason}; see whether it runs`);
  }
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new WeirError(`cannot read the token file ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function parametersOf({ filter, from, to }: Selection): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ filter, from, to })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters;
}

function pathOf({ selection, by, top }: Query, format?: FileFormat): string {
  const parameters = parametersOf(selection);
  if (by !== undefined) parameters.set('by', by.join(','));
  if (top !== undefined) parameters.set(by === undefined ? 'limit' : 'top', String(top));
  if (format !== undefined) {
    parameters.set('format', format);
    return `/api/v1/export?${parameters}`;
  }
  return `/api/v1/${by === undefined ? 'records' : 'groups'}?${parameters}`;
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return text;
}

async function errorOf(response: IncomingMessage, filter: string | undefined): Promise<Error> {
  const { error, column } = JSON.parse(await textOf(response)) as ErrorResponse;
  if (column !== undefined) return filterMistake(filter ?? '', error, column);
  return response.statusCode === 400 ? new UsageError(error) : new WeirError(error);
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
