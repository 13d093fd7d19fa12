// Holds a UDP port open and reads nothing, until it is ended.
import { createSocket } from 'node:dgram';
import { order, tell } from '../../traffic/programs/tell.js';

const { port } = order<{ port: number }>();
const socket = createSocket({ type: 'udp4', recvBufferSize: 4096 });
socket.bind(port, '127.0.0.1', () => {
  tell({ ready: true });
  // To sleep for good, because a socket that is bound reads; the signal's default action still ends the process.
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});
