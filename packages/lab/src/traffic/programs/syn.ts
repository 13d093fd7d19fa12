// A connection attempt that nobody answers, given up before the first retransmission (RFC 6298: after one second).
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { order, tell } from './tell.js';

const { host, port, localPort } = order<{ host: string; port: number; localPort: number }>();
let connected = false;
const socket = connect({ host, port, localPort });
socket.on('connect', () => {
  connected = true;
});
socket.on('error', () => {});
await sleep(500);
socket.destroy();
tell({ connected });
