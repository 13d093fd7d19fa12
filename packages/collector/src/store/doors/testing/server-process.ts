/**
 * A process that speaks ClickHouse's HTTP interface on the embedded engine, as far as the official client asks for it: for tests of what is
 * asked of servers. Argument: what `start.ts` passes, as JSON. Tells its parent the port. A parent that says {fault} has the next
 * inserts fail in that way.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { HttpEngine } from './engine.js';
import type { Fault, TestServerOptions } from './start.js';

const options = JSON.parse(process.argv[2]!) as TestServerOptions & { readonly port: number };
const engine = new HttpEngine(options.directory);
await engine.open();
const faults: Fault[] = [];

function authorized({ headers }: IncomingMessage): boolean {
  if (options.user === undefined) return true;
  const basic = Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();
  const given =
    headers['x-clickhouse-user'] === undefined
      ? basic
      : `${headers['x-clickhouse-user']}:${headers['x-clickhouse-key']}`;
  return given === `${options.user}:${options.password}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url!, 'http://localhost');
  if (url.pathname === '/ping') {
    response.end('Ok.\n');
    return;
  }
  if (!authorized(request)) {
    const message = 'Code: 516. DB::Exception: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)';
    response.writeHead(403, { 'X-ClickHouse-Exception-Code': '516' }).end(message);
    return;
  }
  const insert = /^\s*INSERT/i.test(url.searchParams.get('query') ?? '');
  await engine.answer(url.searchParams, request, response, insert ? faults.shift() : undefined);
}

const listener = (request: IncomingMessage, response: ServerResponse) => {
  answer(request, response).catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    response.destroy();
  });
};
// The statement is in the URL.
const limits = { maxHeaderSize: 1 << 20 };
const tls = options.tls;
const server =
  tls === undefined
    ? createServer(limits, listener)
    : createTlsServer({ ...limits, cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, listener);
server.listen(options.port, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', ({ fault }: { fault: Fault }) => {
  faults.push(fault);
  process.send?.({ fault });
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
