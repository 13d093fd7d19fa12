import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import { endsOf, Ground } from '../ground.js';
import type { Sent } from '../run.js';
import { ftpSession, startFtpServer } from '../traffic.js';

/** Where helpers of connection tracking look for FTP. */
const port = 21;

export async function sendFtp(network: Network, step: StepOf<'ftp'>): Promise<Sent> {
  const { source, destination } = endsOf(network, { ...step, family: 4 });
  const server = { address: destination, port };
  await Ground.of(network).once(step.to, 'ftp', () => startFtpServer(network.node(step.to), server));
  const done = await ftpSession(network.node(step.from), { host: destination, port, octets: step.octets });
  const ends = { protocol: 6, source, destination, answered: true };
  const control = {
    sourcePort: done.controlPort,
    destinationPort: port,
    payload: done.sent,
    reversePayload: done.answered,
  };
  const data = {
    sourcePort: done.dataSourcePort,
    destinationPort: done.dataPort,
    payload: 0,
    reversePayload: done.received,
  };
  return {
    flows: [
      { ...ends, ...control },
      { ...ends, ...data },
    ],
  };
}
