import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createServer, isIPv6, type Server } from 'node:net';
import { WeirError } from '../../error.js';
import { addressText, type TransportAddress } from '../address.js';
import type { Transport } from '../case.js';

/** Octets as they came: a datagram, or what a connection brought at once. No octets: the connection has ended. */
export interface Arrival {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly transport: Transport;
  /** The other side's address and port, which tell its sessions apart. */
  readonly peer: string;
  readonly octets: Buffer;
}

/** Listens for an Exporting Process and hands on what comes, unjudged. */
export class Listener {
  readonly #sockets: (DatagramSocket | Server)[] = [];

  private constructor(private readonly arrived: (arrival: Arrival) => void) {}

  static async start(addresses: readonly TransportAddress[], arrived: (arrival: Arrival) => void): Promise<Listener> {
    const listener = new Listener(arrived);
    for (const address of addresses) {
      await (address.transport === 'udp' ? listener.#udp(address) : listener.#tcp(address));
    }
    return listener;
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  #udp(address: TransportAddress): Promise<void> {
    const socket = createSocket({ type: isIPv6(address.host) ? 'udp6' : 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    this.#sockets.push(socket);
    socket.on('message', (octets, { address: host, port }) => {
      this.arrived({ time: Date.now(), transport: 'udp', peer: `${host} ${port}`, octets });
    });
    return ready(socket, address, () => socket.bind(address.port, address.host));
  }

  #tcp(address: TransportAddress): Promise<void> {
    const server = createServer(connection => {
      const peer = `${connection.remoteAddress} ${connection.remotePort}`;
      const arrive = (octets: Buffer): void => {
        this.arrived({ time: Date.now(), transport: 'tcp', peer, octets });
      };
      connection.on('data', arrive).on('error', () => {});
      connection.on('close', () => arrive(Buffer.alloc(0)));
    });
    this.#sockets.push(server);
    return ready(server, address, () => server.listen(address.port, address.host));
  }
}

function ready(socket: DatagramSocket | Server, address: TransportAddress, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('listening', () => resolve());
    socket.once('error', problem => {
      reject(
        new WeirError(`cannot listen on ${addressText(address)}: ${problem.message}; choose another with --listen`),
      );
    });
    listen();
  });
}
