// As much of an FTP server (RFC 959) as one passive data connection needs: PASV opens a port, which sends `octets` and closes.
import { createServer } from 'node:net';
import { order, tell } from './tell.js';

const { address, port, octets } = order<{ address: string; port: number; octets: number }>();

const control = createServer(socket => {
  socket.on('error', () => {});
  socket.write('220 ready\r\n');
  socket.on('data', command => {
    if (!command.toString('latin1').startsWith('PASV')) return;
    const data = createServer(peer => {
      peer.on('error', () => {});
      peer.end(Buffer.alloc(octets, 0x57));
      data.close();
    });
    data.listen(0, address, () => {
      const { port: dataPort } = data.address() as { port: number };
      const host = address.replaceAll('.', ',');
      socket.write(`227 Entering Passive Mode (${host},${dataPort >> 8},${dataPort & 255})\r\n`);
    });
  });
});
control.listen(port, address, () => tell({ ready: true }));
