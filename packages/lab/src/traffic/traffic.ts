import { WeirError } from '../error.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { LabProcess } from '../run/process.js';
import type { TownSize } from '../weir/town.js';
import { runProgram, startProgram } from './drive.js';

/** Nobody looks longer than that. */
const longestSeconds = 3600;

/** Starts the answering side of all traffic here, on this TCP and UDP port, and waits until it listens. */
export async function startResponder(namespace: Namespace, port: number): Promise<LabProcess> {
  const responder = startProgram(namespace, 'responder', { port });
  await responder.output(/"ready":true/, 30);
  return responder;
}

/**
 * Joins two namespaces by TUN devices of these names, between which IPv4 packets from and to the addresses of `delays` are that many milliseconds late,
 * each way. Waits until the devices are there and up.
 */
export async function startLateLink(
  [a, portA]: readonly [Namespace, string],
  [b, portB]: readonly [Namespace, string],
  delays: Readonly<Record<string, number>>,
): Promise<LabProcess> {
  const link = startProgram(a, 'late-link', { ends: [portA, portB], delays });
  await link.output(/"ready":true/, 30);
  a.ip('link', 'set', 'dev', portB, 'netns', b.name);
  for (const [namespace, port] of [[a, portA] as const, [b, portB] as const]) namespace.ip('link', 'set', port, 'up');
  return link;
}

/** What a transfer did. Octets are of the application; times are milliseconds since the Unix epoch. */
export interface Transfer {
  localAddress: string;
  localPort: number;
  sent: number;
  received: number;
  start: number;
  end: number;
}

/** One TCP connection with exactly this many octets up, then down; at `rate` octets a second upwards if that is given. */
export async function transfer(
  namespace: Namespace,
  order: { host: string; port: number; upload: number; download: number; rate?: number },
): Promise<Transfer> {
  const [done] = await runProgram<Transfer[]>(namespace, 'transfer', order);
  return done!;
}

/** As transfer, but the client ends the connection by RST, with the server waiting for more. */
export async function resetTransfer(
  namespace: Namespace,
  order: { host: string; port: number; upload: number },
): Promise<Transfer> {
  const [done] = await runProgram<Transfer[]>(namespace, 'transfer', { ...order, download: 0, ending: 'reset' });
  return done!;
}

/** A TCP connection that sends `upload` octets and then stays open and silent until the process is ended. */
export async function silentConnection(
  namespace: Namespace,
  order: { host: string; port: number; upload: number },
): Promise<LabProcess> {
  const running = startProgram(namespace, 'transfer', { ...order, download: 0, ending: 'stay' });
  await running.output(/\]\n/, 30);
  return running;
}

/** A TCP connection that sends `rate` octets a second until the process is ended: what pages have to show for as long as somebody looks. */
export function steadyTransfer(namespace: Namespace, order: { host: string; port: number; rate: number }): LabProcess {
  return startProgram(namespace, 'transfer', { ...order, upload: order.rate * longestSeconds, download: 0 });
}

/** Starts an FTP server for `ftpSession`, and waits until it listens. */
export async function startFtpServer(
  namespace: Namespace,
  order: { address: string; port: number },
): Promise<LabProcess> {
  const server = startProgram(namespace, 'ftp-server', order);
  await server.output(/"ready":true/, 30);
  return server;
}

/** What an FTP session did: octets of the application, both ways, of its two connections. */
export interface FtpSession {
  controlPort: number;
  sent: number;
  answered: number;
  dataSourcePort: number;
  dataPort: number;
  received: number;
}

/** An FTP session that gets `octets` by one passive data connection. */
export function ftpSession(
  namespace: Namespace,
  order: { host: string; port: number; octets: number },
): Promise<FtpSession> {
  return runProgram(namespace, 'ftp-client', order);
}

/**
 * UDP flows of one request and one answer each, from source ports `firstPort`, `firstPort` + 1, ... Tells the source ports of those that
 * were not answered within five seconds.
 */
export function requests(
  namespace: Namespace,
  order: { host: string; port: number; flows: number; firstPort: number; octets: number },
): Promise<{ flows: number; answered: number; unanswered: number[] }> {
  return runProgram(namespace, 'requests', order);
}

/** One SYN and no answer: `port` has to be a silent one. */
export function unansweredSyn(
  namespace: Namespace,
  order: { host: string; port: number; localPort: number },
): Promise<{ connected: boolean }> {
  return runProgram(namespace, 'syn', order);
}

/** TCP connections from source ports `firstPort`, `firstPort` + 1, ..., some at a time: a request and an answer of so many octets, then FIN. */
export function shortConnections(
  namespace: Namespace,
  order: { host: string; port: number; connections: number; firstPort: number; upload: number; download: number },
): Promise<{ connections: number }> {
  return runProgram(namespace, 'short-connections', order);
}

/** Where a burst's flows come from: with each destination port all of these. */
export const burstSourcePorts = { first: 1024, count: 60_000 } as const;

/** UDP flows of one packet each that nobody answers, from `source` by raw socket, as fast as the kernel takes them. IPv4. */
export function burst(
  namespace: Namespace,
  order: { source: string; destination: string; flows: number; firstPort: number; payload: number },
): Promise<{ flows: number; octets: number; seconds: number }> {
  return runProgram(namespace, 'burst', { ...order, sourcePorts: burstSourcePorts });
}

/** Destroys every connection of the namespace that has this mark (nft `ct mark`), all at once. */
export async function destroyMarked(namespace: Namespace, mark: number): Promise<void> {
  await runProgram(namespace, 'flush', { mark });
}

/** Octets of an echo request behind its header, and of the header (RFC 792, RFC 4443). */
export const echoPayload = 56;
export const echoHeader = 8;

/** The command that sends `count` echo requests, 50 ms apart. */
export function echoCommand(host: string, count: number): string[] {
  return ['ping', '-n', '-q', '-i', '0.05', '-c', String(count), '-s', String(echoPayload), host];
}

/** ICMP or ICMPv6 echo, `count` times; all have to be answered. Returns the size of each packet, header included. */
export function ping(namespace: Namespace, host: string, count: number): { packets: number; packetOctets: number } {
  const said = namespace.run(echoCommand(host, count));
  const answered = Number(said.match(/(\d+) received/)?.[1]);
  if (answered !== count) throw new WeirError(`${answered} of ${count} echo requests to ${host} were answered`);
  return { packets: count, packetOctets: echoPayload + echoHeader + (host.includes(':') ? 40 : 20) };
}

/** The last minutes of a made-up town's traffic, as Messages over UDP to a port of the namespace's own loopback. */
export async function exportTown(
  namespace: Namespace,
  order: { size: TownSize; port: number; minutes: number },
): Promise<void> {
  await runProgram(namespace, 'town', order);
}

/** Connection attempts to so many ports of a host, one every `pause` milliseconds. */
export function scan(
  namespace: Namespace,
  order: { host: string; ports: { first: number; count: number }; pause: number },
): Promise<{ attempts: number; open: number }> {
  return runProgram(namespace, 'scan', order);
}
