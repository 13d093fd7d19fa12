import { sleep } from '../run/wait.js';
import type { StepOf, TrafficKind, TrafficStep } from '../scenario/scenario.js';
import type { Network } from '../topology/network.js';
import type { SentFlow } from '../truth/flow.js';
import { sendFtp } from './steps/ftp.js';
import { sendPing } from './steps/icmp.js';
import { sendReplay } from './steps/replay.js';
import { sendSaturate } from './steps/saturate.js';
import { sendSctp } from './steps/sctp.js';
import { sendScan, sendUnanswered } from './steps/syn.js';
import { sendIdle, sendReset, sendTransfer } from './steps/tcp.js';
import { sendExtensionHeaders, sendFlood, sendRequests } from './steps/udp.js';

/** What the senders of a scenario wrote down. */
export interface Sent {
  /** By their senders' own addresses and ports: translation on the way is not theirs to know. */
  flows: SentFlow[];
  /** Gbit/s of the application, where a step saturates a link. */
  throughput?: number;
}

type Sender<K extends TrafficKind> = (network: Network, step: StepOf<K>) => Promise<Sent>;

const senders: { [K in TrafficKind]: Sender<K> } = {
  transfer: sendTransfer,
  reset: sendReset,
  idle: sendIdle,
  requests: sendRequests,
  flood: sendFlood,
  unanswered: sendUnanswered,
  ping: sendPing,
  sctp: sendSctp,
  ftp: sendFtp,
  scan: sendScan,
  'extension-headers': sendExtensionHeaders,
  replay: sendReplay,
  saturate: sendSaturate,
};

/**
 * Makes the traffic, one step after the other. Who answers is started where needed and, like idle connections, stays until the lab closes.
 */
export async function runTraffic(network: Network, steps: readonly TrafficStep[]): Promise<Sent> {
  const sent: Sent[] = [];
  for (const step of steps) sent.push(await runStep(network, step));
  return merge(sent);
}

async function runStep(network: Network, step: TrafficStep): Promise<Sent> {
  const [kind, content] = Object.entries(step)[0]!;
  if (kind === 'wait') {
    await sleep(content as number);
    return { flows: [] };
  }
  if (kind === 'together')
    return merge(await Promise.all((content as TrafficStep[]).map(each => runStep(network, each))));
  // The key of a step says which kind its content is of; TypeScript cannot see that through Object.entries.
  const sender = senders[kind as TrafficKind] as Sender<TrafficKind>;
  return sender(network, content as StepOf<TrafficKind>);
}

function merge(parts: readonly Sent[]): Sent {
  const throughput = parts.find(part => part.throughput !== undefined)?.throughput;
  return { flows: parts.flatMap(part => part.flows), ...(throughput === undefined ? {} : { throughput }) };
}
