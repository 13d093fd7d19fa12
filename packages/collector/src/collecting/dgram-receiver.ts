import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type BindAddress, bindError } from './bind-address.js';
import { type Peer, peerOfText } from './peer.js';
import type { OnDatagram, Receiver } from './receiver.js';

/** Peers kept by their text, so that a datagram costs a look-up and no parsing. */
const MAXIMUM_PEERS = 4096;

/** Receives by node:dgram: works everywhere, loses datagrams earlier under load. See `openReceiver` in open-receiver.ts. */
export async function openDgramReceiver(
  addresses: readonly BindAddress[],
  receiveBuffer: number,
  onDatagram: OnDatagram,
): Promise<Receiver> {
  const sockets: Socket[] = [];
  const close = () => {
    for (const socket of sockets) socket.close();
  };
  try {
    for (const address of addresses) sockets.push(await bind(address, receiveBuffer, onDatagram));
  } catch (error) {
    close();
    throw error;
  }
  return {
    kind: 'dgram',
    listening: sockets.map(socket => ({ host: socket.address().address, port: socket.address().port })),
    receiveBuffer: Math.min(...sockets.map(socket => socket.getRecvBufferSize())),
    kernelDrops: () => undefined,
    close,
  };
}

async function bind(at: BindAddress, receiveBuffer: number, onDatagram: OnDatagram): Promise<Socket> {
  const socket = createSocket({ type: at.family === 6 ? 'udp6' : 'udp4', ipv6Only: at.family === 6 });
  try {
    socket.bind({ address: at.address, port: at.port, exclusive: true });
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw bindError('udp', at, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  grow(socket, receiveBuffer);
  const peers = new Map<string, Peer>();
  // An ICMP error of an earlier answer would end the process if nobody listened; a collector never answers.
  socket.on('error', () => {});
  socket.on('message', (datagram, { address, port }) => {
    const key = `${address} ${port}`;
    let peer = peers.get(key);
    if (peer === undefined) {
      if (peers.size >= MAXIMUM_PEERS) peers.clear();
      peers.set(key, (peer = peerOfText(address, port)));
    }
    onDatagram(datagram, peer);
  });
  return socket;
}

/** Some systems refuse a size above their limit instead of granting less: halve until it is taken. */
function grow(socket: Socket, wanted: number): void {
  for (let size = wanted; size >= 65_536; size = Math.floor(size / 2)) {
    try {
      socket.setRecvBufferSize(size);
      return;
    } catch {}
  }
}
