import type { LabProcess } from '../run/process.js';
import type { Network } from '../topology/network.js';
import type { Family } from '../topology/prefix.js';
import { startResponder } from './traffic.js';

/** Where the answering side listens; more ports follow where one is not enough. */
const firstResponderPort = 7000;
/** Source ports that senders bind themselves, below those that the kernel gives out. */
const sourcePorts = { first: 10_000, end: 32_000 };

/** What senders in one network share, so that no two of their flows are one: ports, and who answers. */
export class Ground {
  static readonly #of = new WeakMap<Network, Ground>();
  readonly #started = new Map<string, Promise<unknown>>();
  readonly #next = new Map<string, number>();

  static of(network: Network): Ground {
    let ground = Ground.#of.get(network);
    if (ground === undefined) Ground.#of.set(network, (ground = new Ground(network)));
    return ground;
  }

  private constructor(readonly network: Network) {}

  /** Starts a server once for each name and node; the lab ends it. */
  async once(node: string, name: string, start: () => Promise<LabProcess>): Promise<void> {
    const key = `${node} ${name}`;
    let started = this.#started.get(key);
    if (started === undefined) {
      started = start().then(server => this.network.lab.own(server));
      this.#started.set(key, started);
    }
    await started;
  }

  /** A port of the node on which TCP and UDP are answered. */
  async responder(node: string, port = firstResponderPort): Promise<number> {
    await this.once(node, `responder ${port}`, () => startResponder(this.network.node(node), port));
    return port;
  }

  /**
   * `count` pairs of ports that no flow of this protocol between the two nodes had before, as ranges: for each destination port, the source
   * ports from `first` on.
   */
  pairs(purpose: string, count: number): { port: number; first: number; count: number }[] {
    const width = sourcePorts.end - sourcePorts.first;
    const ranges: { port: number; first: number; count: number }[] = [];
    let at = this.#next.get(purpose) ?? 0;
    this.#next.set(purpose, at + count);
    for (let left = count; left > 0; ) {
      const part = Math.min(left, width - (at % width));
      const port = firstResponderPort + Math.floor(at / width);
      ranges.push({ port, first: sourcePorts.first + (at % width), count: part });
      at += part;
      left -= part;
    }
    return ranges;
  }

  /** The next of numbers that are counted up for this purpose, `count` of them. */
  take(purpose: string, first: number, count: number): number {
    const next = this.#next.get(purpose) ?? first;
    this.#next.set(purpose, next + count);
    return next;
  }
}

/** The two ends of a step's flows: who sends, to whom, and with which addresses. */
export interface Ends {
  source: string;
  destination: string;
  /** Octets of the IP header of each packet. */
  header: number;
}

export function endsOf(network: Network, { from, to, family }: { from: string; to: string; family: Family }): Ends {
  return {
    source: network.sourceAddress(from, to, family),
    destination: network.address(to, family),
    header: family === 4 ? 20 : 40,
  };
}
