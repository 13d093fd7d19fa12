import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WeirError } from '../error.js';
import { metricsText } from './metrics.js';
import type { NamespaceStatus } from './probe.js';

export interface MetricsServer {
  /** Where the metrics are. */
  readonly url: string;
  close(): Promise<void>;
}

export interface MetricsOptions {
  /** HOST:PORT, [HOST]:PORT for IPv6. */
  readonly listen: string;
  /** File of the token that readers have to send, undefined for none. */
  readonly tokenFile: string | undefined;
  readonly version: string;
  status(): readonly NamespaceStatus[];
}

/** Serves /metrics. @throws WeirError where it cannot listen, or would be open to others without a token */
export async function startMetrics(options: MetricsOptions): Promise<MetricsServer> {
  const { host, port } = parseMetricsAddress(options.listen);
  const token = options.tokenFile === undefined ? undefined : readMetricsToken(options.tokenFile);
  if (token === undefined && !isLoopback(host)) {
    throw new WeirError(
      `metrics "${options.listen}" can be reached from elsewhere: give --metrics-token-file, or listen on 127.0.0.1`,
    );
  }
  const startTime = Date.now() / 1000 - process.uptime();
  const server = createServer((request, response) => {
    if (!isAllowed(request, token)) return answer(response, 401, 'the token is missing or wrong\n');
    if (request.url !== '/metrics') return answer(response, 404, 'look at /metrics\n');
    answer(response, 200, metricsText(options.status(), { ...processFigures(), startTime, version: options.version }));
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WeirError(`metrics "${options.listen}": the address cannot be listened on (${code}): choose another`);
  }
  const { address, port: bound, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}/metrics`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Reads the key `metrics`. @throws WeirError saying what is possible */
export function parseMetricsAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[3]) > 65_535) {
    throw new WeirError(`metrics "${text}" is not an address: write HOST:PORT, such as 127.0.0.1:9100`);
  }
  return { host: match[1] ?? match[2], port: Number(match[3]) };
}

/** The token in the file. @throws WeirError where there is none */
export function readMetricsToken(file: string): string {
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (token !== '') return token;
  } catch (error) {
    throw new WeirError(
      `the token file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}): look at its path and rights`,
    );
  }
  throw new WeirError(`the token file ${file} is empty: write a token into it`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function isAllowed(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
}

function processFigures(): { userSeconds: number; systemSeconds: number; residentOctets: number } {
  const { user, system } = process.cpuUsage();
  return { userSeconds: user / 1e6, systemSeconds: system / 1e6, residentOctets: process.memoryUsage.rss() };
}
