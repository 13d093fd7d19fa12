// An FTP session with one passive data connection: reads what the server sends on it, then ends the session.
import { once } from 'node:events';
import { connect } from 'node:net';
import { order, tell } from './tell.js';

const { host, port } = order<{ host: string; port: number }>();
const control = connect({ host, port });
await once(control, 'data');
control.write('PASV\r\n');
const [answer] = (await once(control, 'data')) as [Buffer];
const [high, low] = answer
  .toString('latin1')
  .match(/,(\d+),(\d+)\)/)!
  .slice(1)
  .map(Number);
const data = connect({ host, port: high! * 256 + low! });
let received = 0;
data.on('data', chunk => {
  received += chunk.length;
});
await once(data, 'end');
data.end();
tell({ controlPort: control.localPort, dataPort: high! * 256 + low!, received });
control.end();
