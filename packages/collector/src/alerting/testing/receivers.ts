import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { AlertMessage } from '../message.js';
import { messageOf } from '../message.js';
import { BEGIN, scanOf } from './events.js';

export interface Posted {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that keeps what it gets, and answers as it is told to. */
export class HttpReceiver {
  readonly posted: Posted[] = [];
  /** Of the next answers; 0: none at all. */
  status = 204;
  readonly #server;

  private constructor(tls?: { key: Buffer; cert: Buffer }) {
    this.#server = tls === undefined ? createServer() : createTlsServer(tls);
    this.#server.on('request', (request, response) => {
      let body = '';
      request.on('data', chunk => (body += chunk));
      request.on('end', () => {
        this.posted.push({ url: request.url!, headers: request.headers, body });
        if (this.status !== 0) response.writeHead(this.status, { location: 'http://127.0.0.1:1/' }).end('an answer');
      });
    });
  }

  static async start(port = 0, tls?: { key: Buffer; cert: Buffer }, address = '127.0.0.1'): Promise<HttpReceiver> {
    const receiver = new HttpReceiver(tls);
    receiver.#server.listen(port, address);
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What it got, as JSON. */
  get bodies(): { id: string; title: string; text: string; events: Record<string, unknown>[]; notes: string[] }[] {
    return this.posted.map(({ body }) => JSON.parse(body));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}

/** A message about a scan, whose host is called as nobody should be. */
export function scanMessage(name = '192.0.2.7'): AlertMessage {
  const event = scanOf('192.0.2.7', { subject: { name, filter: 'host 192.0.2.7' } });
  const circumstances = { pages: 'https://weir.example.org/', limit: 20, dropped: 0, heldSince: undefined };
  const news = [{ change: 'begun', event, due: BEGIN, toldAt: undefined } as const];
  return messageOf(news, { ...circumstances, silentUntil: undefined }, BEGIN + 19 * 60_000);
}

export const patience = () => AbortSignal.timeout(10_000);
