import { fileURLToPath } from 'node:url';
import { WeirError } from '../../error.js';
import { Lab } from '../../namespaces/lab.js';
import { missing } from '../../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../../namespaces/topology.js';
import { sleep } from '../../run/wait.js';
import { ping, requests, startResponder, transfer } from '../../traffic/traffic.js';
import { destroyKernelFlows } from '../../truth/conntrack.js';
import { IPFIX_PORT, type TransportAddress } from '../address.js';
import type { Result, Transport } from '../case.js';
import type { ExporterPeer } from '../peers/exporters.js';
import { judgeExporter } from './cases.js';
import type { Circumstances } from './exporter-case.js';
import { Heard } from './heard.js';
import type { PrintedArrival } from './listen-program.js';
import { Listener } from './listener.js';

/** The largest packet of an Ethernet, and of the lab's own network. */
const ETHERNET: Circumstances = { mtu: 1500 };

export interface ListenOptions {
  readonly listen: readonly TransportAddress[];
  readonly mtu: number;
  /** Resolves when it has been long enough. */
  readonly until: Promise<void>;
  readonly started?: () => void;
}

/** Listens here for an exporter that somebody else runs, and judges what comes, for each transport over which something came. */
export async function conformListening(options: ListenOptions): Promise<Result[]> {
  const heard = { udp: new Heard(), tcp: new Heard() };
  const listener = await Listener.start(options.listen, arrival => heard[arrival.transport].take(arrival));
  options.started?.();
  await options.until;
  listener.close();
  const transports = [...new Set(options.listen.map(({ transport }) => transport))];
  const spoken = transports.filter(each => heard[each].sessions.length > 0);
  const judged = spoken.length > 0 ? spoken : transports.slice(0, 1);
  return judged.flatMap(each => judgeExporter(heard[each], 'exporter', each, options));
}

const responderPort = 7000;

/**
 * Starts an exporter on the router of a network of namespaces, has traffic pass it for so many seconds, and judges what a host
 * behind it hears. Needs root.
 */
export async function conformExporterPeer(
  peer: ExporterPeer,
  transport: Transport,
  seconds: number,
): Promise<Result[]> {
  const reason = missing([]);
  if (reason !== undefined) throw new WeirError(`cannot start ${peer.name} in a network of namespaces: ${reason}`);
  const lab = new Lab();
  try {
    return judgeExporter(await hear(lab, peer, transport, seconds), peer.name, transport, ETHERNET);
  } finally {
    await lab.close();
  }
}

async function hear(lab: Lab, peer: ExporterPeer, transport: Transport, seconds: number): Promise<Heard> {
  const net = lab.topology();
  const program = fileURLToPath(new URL('./listen-program.js', import.meta.url));
  const listening = ['udp', 'tcp'].map(each => `${each}://0.0.0.0:${IPFIX_PORT}`);
  const listener = lab.own(net.server.start([process.execPath, program, ...listening]));
  await listener.output(/listening/, 20);
  lab.own(await startResponder(net.server, responderPort));
  const exporter = await peer.start(lab, net.router, { transport, host: addresses.server.v4, port: IPFIX_PORT });
  const deadline = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < deadline; round++) {
    await pass(net, round);
    await sleep(2000);
  }
  await exporter.stop('SIGTERM', 10);
  await sleep(500);
  const heard = new Heard();
  for (const line of listener.stdout.split('\n')) {
    if (!line.startsWith('{')) continue;
    const printed = JSON.parse(line) as PrintedArrival;
    heard.take({ ...printed, octets: Buffer.from(printed.octets, 'base64') });
  }
  return heard;
}

/** A little of everything: TCP, UDP with and without an answer, ICMP, IPv6. */
async function pass({ client, router }: Topology, round: number): Promise<void> {
  const { v4, v6 } = addresses.server;
  const firstPort = 30_000 + (round % 100) * 100;
  // Readers of packets may be handed them by full blocks of 256 KiB only.
  await transfer(client, { host: v4, port: responderPort, upload: 20_000, download: 2_000_000 });
  await requests(client, { host: v4, port: responderPort, flows: 40, firstPort, octets: 64 });
  await requests(client, { host: v6, port: responderPort, flows: 10, firstPort, octets: 64 });
  await requests(client, { host: v4, port: silentUdpPorts.first, flows: 3, firstPort, octets: 64 });
  ping(client, v4, 2);
  // What the kernel keeps for minutes is to end now, so that exporters of its events have something to tell.
  if (round % 2 === 1) destroyKernelFlows(router);
}
