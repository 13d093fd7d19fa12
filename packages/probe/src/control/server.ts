import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WeirError } from '../error.js';
import { ControlError } from './error.js';
import { parseControl } from './listen-url.js';
import { listen } from './listener.js';
import type { Setup } from './setup.js';
import { hasToken, readControlToken } from './token.js';
import type { SettingChanges } from './types.js';

const LARGEST_BODY_OCTETS = 65_536;

export interface ControlOptions {
  /** As the key `control`. */
  readonly address: string;
  /** Needed but for a socket. */
  readonly tokenFile: string | undefined;
  readonly setup: Setup;
}

export interface ControlServer {
  /** unix:PATH, http://HOST:PORT, https://HOST:PORT */
  readonly url: string;
  close(): Promise<void>;
}

type Body = Readonly<Record<string, unknown>>;
type Route = (setup: Setup, body: Body) => Promise<object>;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /setup': setup => setup.state(),
  'POST /check': (setup, { changes }) => setup.check(changesIn(changes)),
  'POST /apply': (setup, { changes, revision }) => setup.apply(changesIn(changes), textIn(revision, 'revision')),
  'POST /undo': (setup, { revision }) => setup.undo(textIn(revision, 'revision')),
  'POST /restart': setup => setup.restart(),
  'GET /findings': setup => setup.findings(),
  'POST /mend': (setup, { id, namespace }) =>
    setup.mend(textIn(id, 'id'), namespace === undefined ? undefined : textIn(namespace, 'namespace')),
};

/** Serves the setup. @throws WeirError where it cannot listen, or would be open to others without a token */
export async function serveControl({ address, tokenFile, setup }: ControlOptions): Promise<ControlServer> {
  const place = parseControl(address);
  if (place.kind !== 'unix' && tokenFile === undefined)
    throw new WeirError(`control "${address}" needs a token: give --control-token-file`);
  const file = place.kind === 'unix' ? undefined : tokenFile!;
  if (file !== undefined) readControlToken(file);
  const server = await listen(place, listener(setup, file));
  const bound = server.address() as AddressInfo | string;
  return {
    url: typeof bound === 'string' ? `unix:${bound}` : `${place.kind}://${hostOf(bound)}:${bound.port}`,
    close: async () => {
      const closed = new Promise(done => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

function hostOf({ address, family }: AddressInfo): string {
  return family === 'IPv6' ? `[${address}]` : address;
}

function listener(setup: Setup, tokenFile: string | undefined): RequestListener {
  return (request, response) => {
    answerTo(request, setup, tokenFile).then(
      answer => write(response, 200, answer),
      (error: Error) => writeError(response, error),
    );
  };
}

/** The token is read for each request, so that one that was replaced counts from then on. Nobody is let in by what cannot be read. */
async function answerTo(request: IncomingMessage, setup: Setup, tokenFile: string | undefined): Promise<object> {
  if (tokenFile !== undefined && !isLetIn(request, tokenFile))
    throw new ControlError(401, 'the token is missing or wrong');
  const path = request.url?.split('?', 1)[0];
  const route = Object.hasOwn(ROUTES, `${request.method} ${path}`) ? ROUTES[`${request.method} ${path}`] : undefined;
  if (route === undefined) throw new ControlError(404, `there is no ${request.method} ${path}`);
  return route(setup, request.method === 'GET' ? {} : await bodyOf(request));
}

function isLetIn({ headers }: IncomingMessage, tokenFile: string): boolean {
  try {
    return hasToken(headers.authorization, readControlToken(tokenFile));
  } catch {
    return false;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = [];
  let octets = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    octets += part.length;
    if (octets > LARGEST_BODY_OCTETS)
      throw new ControlError(413, `a request has ${LARGEST_BODY_OCTETS} octets at most`);
    parts.push(part);
  }
  const body: unknown = parse(Buffer.concat(parts).toString('utf8'));
  if (isObject(body)) return body;
  throw new ControlError(400, 'the body must be a JSON object');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function changesIn(value: unknown): SettingChanges {
  if (isObject(value)) return value;
  throw new ControlError(400, '"changes" must be an object of settings');
}

function textIn(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new ControlError(400, `"${name}" must be a text`);
}

function write(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}

function writeError(response: ServerResponse, error: Error): void {
  const status = error instanceof ControlError ? error.status : error.name === 'WeirError' ? 400 : 500;
  const problems = error instanceof ControlError && error.problems.length > 0 ? { problems: error.problems } : {};
  write(response, status, { error: error.message, ...problems });
}
