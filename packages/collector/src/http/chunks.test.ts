import { connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { until } from '../collecting/testing/exporter.js';
import { asking } from '../store/asking.js';
import { sendChunks } from './chunks.js';
import { askWhileConnected } from './connected.js';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function serve(route: (app: FastifyInstance) => void): Promise<number> {
  const app = fastify({ forceCloseConnections: true });
  apps.push(app);
  askWhileConnected(app);
  route(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as { port: number }).port;
}

test('who goes away ends the queries of its request, and of no other', async () => {
  const signals: AbortSignal[] = [];
  const port = await serve(app => {
    app.get('/slow', async () => {
      await new Promise(resolve => setTimeout(resolve, 10));
      signals.push(asking.getStore()!);
      await new Promise(resolve => asking.getStore()!.addEventListener('abort', resolve));
      return 'too late';
    });
    app.get('/fast', async () => {
      signals.push(asking.getStore()!);
      return 'done';
    });
  });
  const abort = new AbortController();
  const slow = fetch(`http://127.0.0.1:${port}/slow`, { signal: abort.signal }).catch(() => 'gone');
  await until(() => signals.length === 1);
  expect(await (await fetch(`http://127.0.0.1:${port}/fast`)).text()).toBe('done');
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  abort.abort();
  expect(await slow).toBe('gone');
  await until(() => signals[0]!.aborted);
  expect(signals[1]!.aborted).toBe(false);
});

test('who does not read is let go, who reads slowly is not', async () => {
  let ended = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(1 << 20);
    } finally {
      ended++;
    }
  }
  async function* slow(): AsyncGenerator<string> {
    for (let i = 0; i < 5; i++) {
      await new Promise(resolve => setTimeout(resolve, 400));
      yield `${i}\n`;
    }
  }
  const port = await serve(app => {
    app.get('/endless', async (_request, reply) => sendChunks(reply, endless(), 300));
    app.get('/slow', async (_request, reply) => sendChunks(reply, slow(), 300));
  });
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET /endless HTTP/1.1\r\nhost: x\r\n\r\n');
  await until(() => ended === 1);
  socket.destroy();
  // The rows take longer than the patience, but they are read when they come.
  expect(await (await fetch(`http://127.0.0.1:${port}/slow`)).text()).toBe('0\n1\n2\n3\n4\n');
});
