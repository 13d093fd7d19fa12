// Connection attempts to one port after the other, as who scans a host makes them: whoever answers, none is used.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { order, tell } from './tell.js';

interface ScanOrder {
  host: string;
  ports: { first: number; count: number };
  /** Milliseconds between two attempts. */
  pause: number;
}

/** Milliseconds after which an attempt is given up. */
const PATIENCE = 900;

const { host, ports, pause } = order<ScanOrder>();
let open = 0;
for (let i = 0; i < ports.count; i++) {
  const socket = connect({ host, port: ports.first + i });
  socket.on('connect', () => {
    open++;
    socket.destroy();
  });
  socket.on('error', () => {});
  setTimeout(() => socket.destroy(), PATIENCE);
  await sleep(pause);
}
await sleep(PATIENCE);
tell({ attempts: ports.count, open });
