// An FTP session with one passive data connection: asks for `octets`, reads them, then ends the session.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { order, tell } from './tell.js';

const { host, port, octets } = order<{ host: string; port: number; octets: number }>();

async function ask(socket: Socket, command: string): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(`${command}\r\n`);
  return ((await answer) as [Buffer])[0].toString('latin1');
}

const control = connect({ host, port });
await once(control, 'data');
const passive = await ask(control, 'PASV');
const [high, low] = passive
  .match(/,(\d+),(\d+)\)/)!
  .slice(1)
  .map(Number);
const dataPort = high! * 256 + low!;
const data = connect({ host, port: dataPort });
await once(data, 'connect');
const [controlPort, dataSourcePort] = [control.localPort, data.localPort];
let received = 0;
data.on('data', chunk => {
  received += chunk.length;
});
const ended = once(data, 'end');
await ask(control, `RETR ${octets}`);
await ended;
data.end();
control.end();
await once(control, 'close');
tell({ controlPort, sent: control.bytesWritten, answered: control.bytesRead, dataSourcePort, dataPort, received });
