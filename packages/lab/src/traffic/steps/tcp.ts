import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import type { SentFlow } from '../../truth/flow.js';
import { runProgram } from '../drive.js';
import { endsOf, Ground } from '../ground.js';
import type { Sent } from '../run.js';
import { resetTransfer, silentConnection, type Transfer } from '../traffic.js';

/** What TCP made of it in packets is not the sender's to know; that the header of the transfer came through is. */
function ledger(host: string, port: number, done: Transfer): SentFlow {
  return {
    protocol: 6,
    source: done.localAddress,
    sourcePort: done.localPort,
    destination: host,
    destinationPort: port,
    payload: done.sent,
    reversePayload: done.received,
    answered: true,
  };
}

export async function sendTransfer(network: Network, step: StepOf<'transfer'>): Promise<Sent> {
  const { upload, download, rate, connections } = step;
  const port = await Ground.of(network).responder(step.to);
  const host = endsOf(network, step).destination;
  const order = { host, port, upload, download, connections, ...(rate === undefined ? {} : { rate }) };
  const done = await runProgram<Transfer[]>(network.node(step.from), 'transfer', order);
  return { flows: done.map(each => ledger(host, port, each)) };
}

export async function sendReset(network: Network, step: StepOf<'reset'>): Promise<Sent> {
  const port = await Ground.of(network).responder(step.to);
  const host = endsOf(network, step).destination;
  const done = await resetTransfer(network.node(step.from), { host, port, upload: step.upload });
  return { flows: [ledger(host, port, done)] };
}

/** The connection stays open until the lab closes. */
export async function sendIdle(network: Network, step: StepOf<'idle'>): Promise<Sent> {
  const port = await Ground.of(network).responder(step.to);
  const host = endsOf(network, step).destination;
  const running = await silentConnection(network.node(step.from), { host, port, upload: step.upload });
  network.lab.own(running);
  const [done] = JSON.parse(running.stdout) as Transfer[];
  return { flows: [ledger(host, port, done!)] };
}
