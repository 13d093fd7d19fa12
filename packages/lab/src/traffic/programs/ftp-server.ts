// As much of an FTP server (RFC 959) as passive data connections need: PASV opens a port, RETR N sends N octets by it and closes it.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { order, tell } from './tell.js';

const { address, port } = order<{ address: string; port: number }>();

async function passive(control: Socket): Promise<Socket> {
  const data: Server = createServer();
  data.listen(0, address);
  await once(data, 'listening');
  const { port: dataPort } = data.address() as { port: number };
  control.write(`227 Entering Passive Mode (${address.replaceAll('.', ',')},${dataPort >> 8},${dataPort & 255})\r\n`);
  const [peer] = (await once(data, 'connection')) as [Socket];
  peer.on('error', () => {});
  data.close();
  return peer;
}

const server = createServer(control => {
  let data: Promise<Socket> | undefined;
  control.on('error', () => {});
  control.write('220 ready\r\n');
  control.on('data', async command => {
    const [word, argument] = command.toString('latin1').trim().split(' ');
    if (word === 'PASV') data = passive(control);
    if (word !== 'RETR') return;
    (await data)?.end(Buffer.alloc(Number(argument), 0x57));
    control.write('226 done\r\n');
  });
});
server.listen(port, address, () => tell({ ready: true }));
