import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import type { SentFlow } from '../../truth/flow.js';
import { runProgram } from '../drive.js';
import type { Sent } from '../run.js';

export async function sendReplay(network: Network, step: StepOf<'replay'>): Promise<Sent> {
  const ends = [step.from, step.to].map(name => ({
    namespace: network.node(name).name,
    addresses: [...network.addresses(name, 4), ...network.addresses(name, 6)],
  }));
  const sent = await runProgram<Omit<SentFlow, 'answered'>[]>(network.node(step.from), 'replay', {
    file: step.file,
    ends,
  });
  return { flows: sent.map(flow => ({ ...flow, answered: flow.reversePackets !== 0 })) };
}
