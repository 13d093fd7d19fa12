import { readFileSync } from 'node:fs';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { formatHostPort } from '../../config/address.js';
import type { ProbeAddress, ProbePlace } from '../../config/options/probes.js';
import { RequestError } from '../errors.js';

/** A probe takes over collectors as long as former ones take what is left. */
const PATIENCE_MILLISECONDS = 70_000;
const LARGEST_OCTETS = 4_194_304;

/** The setup of a probe, over its own endpoint. */
export class ProbeClient {
  readonly name: string;
  readonly #place: ProbePlace;

  constructor({ name, place }: ProbeAddress) {
    this.name = name;
    this.#place = place;
  }

  /** Where it is asked: for people. */
  get where(): string {
    const place = this.#place;
    return place.kind === 'unix' ? place.path : `${place.kind}://${formatHostPort(place)}`;
  }

  /** The file with the token that it is asked with; undefined for a socket, which needs none. */
  get tokenFile(): string | undefined {
    return this.#place.kind === 'unix' ? undefined : this.#place.tokenFile;
  }

  /** @throws RequestError: what the probe says, 502 and 503 where it says nothing that can be used */
  async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const { status, text } = await this.#send(method, path, body);
    const answer = parse(text);
    if (status === 200 && answer !== undefined) return answer;
    if (status === 401)
      throw new RequestError(
        502,
        `the probe "${this.name}" does not know our token, that of the file ${this.tokenFile}: write that of its control-token-file there`,
      );
    const error = (answer as { error?: unknown } | undefined)?.error;
    if (status >= 400 && status < 500 && typeof error === 'string') throw new RequestError(status, error);
    throw new RequestError(502, `the probe "${this.name}" (${this.where}) failed to answer: see its log`);
  }

  #send(method: string, path: string, body: object | undefined): Promise<{ status: number; text: string }> {
    return new Promise((done, fail) => {
      const unreachable = (error: NodeJS.ErrnoException) => fail(this.#unreachable(error));
      try {
        const request = this.#place.kind === 'https' ? requestHttps : requestHttp;
        const asked = request({ ...this.#options(), method, path }, response => {
          textOf(response).then(text => done({ status: response.statusCode ?? 0, text }), unreachable);
        });
        asked.on('error', unreachable);
        asked.setTimeout(PATIENCE_MILLISECONDS, () => asked.destroy(new Error('no answer')));
        asked.end(body === undefined ? undefined : JSON.stringify(body));
      } catch (error) {
        unreachable(error as NodeJS.ErrnoException);
      }
    });
  }

  /** Files are read for each request, so that a token or certificate that was renewed is used. */
  #options(): RequestOptions & { ca?: Buffer; servername?: string } {
    const place = this.#place;
    if (place.kind === 'unix') return { socketPath: place.path };
    const { host, port, tokenFile } = place;
    const authorization = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`;
    const options = { host, port, headers: { authorization }, agent: false as const };
    if (place.kind === 'http') return options;
    const name = place.name ?? host;
    return {
      ...options,
      ...(place.ca === undefined ? {} : { ca: readFileSync(place.ca) }),
      // SNI carries no addresses (RFC 6066 section 3).
      ...(isIP(name) === 0 ? { servername: name } : {}),
    };
  }

  #unreachable({ code, message }: NodeJS.ErrnoException): RequestError {
    return new RequestError(
      503,
      `the probe "${this.name}" cannot be asked at ${this.where} (${code ?? message}): look whether it runs, at its option control, and at token and certificate`,
    );
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let octets = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    octets += part.length;
    if (octets > LARGEST_OCTETS) throw new Error('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
