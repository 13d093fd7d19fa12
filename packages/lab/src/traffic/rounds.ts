import type { Topology } from '../namespaces/topology.js';
import { addresses, silentUdpPorts } from '../namespaces/topology.js';
import { sleep } from '../run/wait.js';
import { burst, destroyMarked } from './traffic.js';

const MARK = 7;
/** Octets of each datagram. */
const PAYLOAD = 20;
/** Octets of one flow at the IP layer. */
export const OCTETS_OF_FLOW = 28 + PAYLOAD;
/** Milliseconds between two rounds. */
const PAUSE = 500;

/** Has the router know the flows of rounds: a probe's own connection to its collector is not to end with them. */
export function markRounds({ router }: Topology): void {
  router.nft(`table inet marks {
    chain forward { type filter hook forward priority filter; iifname "inside" meta l4proto udp ct mark set ${MARK}; }
  }`);
}

/** Flows of one datagram from client to server. @param round no other one is to have this number */
export async function beginRound(net: Topology, flows: number, round: number): Promise<void> {
  const [source, destination] = [addresses.client.v4, addresses.server.v4];
  await burst(net.client, { source, destination, flows, payload: PAYLOAD, firstPort: silentUdpPorts.first + round });
}

export async function endRound(net: Topology): Promise<void> {
  await destroyMarked(net.router, MARK);
}

/** Round after round of flows, until it is told to end. */
export class RoundsOfFlows {
  rounds = 0;
  #ends = false;
  readonly #net: Topology;
  readonly #flowsOfRound: number;
  readonly #done: Promise<void>;

  constructor(net: Topology, flowsOfRound: number) {
    this.#net = net;
    this.#flowsOfRound = flowsOfRound;
    this.#done = this.#run();
  }

  /** @returns how many flows there were */
  async end(): Promise<number> {
    this.#ends = true;
    await this.#done;
    return this.rounds * this.#flowsOfRound;
  }

  async #run(): Promise<void> {
    markRounds(this.#net);
    while (!this.#ends) {
      await beginRound(this.#net, this.#flowsOfRound, this.rounds++);
      await endRound(this.#net);
      await sleep(PAUSE);
    }
  }
}
