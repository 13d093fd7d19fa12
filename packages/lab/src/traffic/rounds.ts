import type { Topology } from '../namespaces/topology.js';
import { addresses, silentUdpPorts } from '../namespaces/topology.js';
import { sleep } from '../run/wait.js';
import { burst, destroyMarked } from './traffic.js';

const MARK = 7;
/** Octets of each datagram. */
const PAYLOAD = 20;
/** Milliseconds between two rounds. */
const PAUSE = 500;

/** Flows of one datagram from client to server, round after round, each round ended by the router at once, until it is told to end. */
export class RoundsOfFlows {
  rounds = 0;
  /** Of one flow at the IP layer. */
  readonly octetsOfFlow = 28 + PAYLOAD;
  #ends = false;
  readonly #net: Topology;
  readonly #flowsOfRound: number;
  readonly #done: Promise<void>;

  constructor(net: Topology, flowsOfRound: number) {
    this.#net = net;
    this.#flowsOfRound = flowsOfRound;
    // A probe's own connection to its collector is not among those that are ended.
    net.router.nft(`table inet marks {
      chain forward { type filter hook forward priority filter; iifname "inside" meta l4proto udp ct mark set ${MARK}; }
    }`);
    this.#done = this.#run();
  }

  /** @returns how many flows there were */
  async end(): Promise<number> {
    this.#ends = true;
    await this.#done;
    return this.rounds * this.#flowsOfRound;
  }

  async #run(): Promise<void> {
    const [source, destination] = [addresses.client.v4, addresses.server.v4];
    const order = { source, destination, flows: this.#flowsOfRound, payload: PAYLOAD };
    while (!this.#ends) {
      await burst(this.#net.client, { ...order, firstPort: silentUdpPorts.first + this.rounds++ });
      await destroyMarked(this.#net.router, MARK);
      await sleep(PAUSE);
    }
  }
}
