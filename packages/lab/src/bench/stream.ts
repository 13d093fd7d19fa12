import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '../error.js';
import type { Namespace } from '../namespaces/namespace.js';
import { addresses, silentUdpPorts } from '../namespaces/topology.js';
import { run } from '../run/command.js';
import { ExportCapture } from '../subjects/capture.js';
import { startSubjectProgram } from '../subjects/programs.js';
import { exportPort } from '../subjects/subject.js';
import { weirSubject } from '../subjects/weir.js';
import { burst } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { exportedFlows } from './exported.js';
import type { Bed } from './network.js';

const FLOWS = 250_000;
const PAYLOAD_OCTETS = 20;
const UDP = 17;

/** Messages of the probe, one behind the other in a file. */
export interface Stream {
  file: string;
  records: number;
  /** What each record counts. */
  octetsOfEach: number;
}

/** Lets the probe export 250,000 flows over UDP, and keeps the datagrams. */
export async function makeStream({ lab, net }: Bed): Promise<Stream> {
  const capture = await ExportCapture.start(lab, net.router);
  const order = { lab, namespace: net.router, link: 'inside', activeTimeout: 300 };
  const probe = await weirSubject('weir probe').start(order);
  const { client, server } = addresses;
  const firstPort = silentUdpPorts.first;
  await burst(net.client, {
    source: client.v4,
    destination: server.v4,
    flows: FLOWS,
    firstPort,
    payload: PAYLOAD_OCTETS,
  });
  destroyKernelFlows(net.router);
  await probe.stop();
  await capture.stop();
  const { records } = await exportedFlows(capture.file, client.v4, UDP);
  const file = join(lab.directory('stream'), 'messages');
  writeFileSync(file, payloads(capture.file));
  return { file, records, octetsOfEach: 28 + PAYLOAD_OCTETS };
}

function payloads(capture: string): Buffer {
  const fields = ['-T', 'fields', '-e', 'udp.payload', '--disable-protocol', 'cflow'];
  return Buffer.from(run(['tshark', '-r', capture, ...fields], 120).replaceAll('\n', ''), 'hex');
}

/** Sends the stream in the namespace to the port of exports, several times over, its sequence numbers going on. */
export async function streamRecords(
  namespace: Namespace,
  { file, records }: Stream,
  pace: { times: number; recordsPerSecond: number },
): Promise<void> {
  const seconds = records / pace.recordsPerSecond;
  const sending = startSubjectProgram(namespace, 'sender', { file, port: exportPort, times: pace.times, seconds });
  if ((await sending.ended()) !== 0) throw new WeirError(`the stream was not sent: ${sending.stderr}`);
}
