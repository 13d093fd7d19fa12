import { createRequire } from 'node:module';

interface PeerCollector {
  nfPktDecode(message: Buffer, sender: { address: string; port: number }): { flows: unknown[] } | undefined;
  readonly server: { close(): void };
}

/** The npm package node-netflowv9: one object a record, by code that it generates for each Template. */
export function peerDecoder(): (message: Buffer) => number {
  const Collector = createRequire(import.meta.url)('node-netflowv9') as new (options: object) => PeerCollector;
  const collector = new Collector({});
  // It opens a socket, which would keep the process alive.
  collector.server.close();
  const sender = { address: '192.0.2.1', port: 2055 };
  return message => collector.nfPktDecode(message, sender)?.flows.length ?? 0;
}
