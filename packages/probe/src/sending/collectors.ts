import { isIP } from 'node:net';
import { join as joinPath } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Target } from '../config/transport.js';
import { WeirError } from '../error.js';
import { COUNTER_WORDS, CollectorCounters } from '../exporting/collector-counters.js';
import { AddressCell } from './address-cell.js';
import { MessageRing } from './message-ring.js';
import { NameResolver } from './name-resolver.js';
import { Spool } from './spool.js';
import { StreamSession } from './stream-session.js';
import type { StreamTarget } from './tls-options.js';

/** Room for what comes while the other thread is busy: about 40,000 records. */
const RING_OCTETS = 4_194_304;

/** What the loop's thread needs of one collector: it opens the sink itself, unless a session is kept for it. */
export interface CollectorInput {
  /** As configured. */
  readonly url: string;
  readonly target: Target;
  /** CollectorCounters. */
  readonly counters: SharedArrayBuffer;
  /** UDP to a name: AddressCell. */
  readonly address?: ArrayBufferLike;
  /** TCP, TLS and SCTP: the MessageRing, and the port to wake its reader by. */
  readonly ring?: ArrayBufferLike;
  readonly bell?: MessagePort;
}

export interface CollectorsOptions {
  readonly collectors: readonly { readonly url: string; readonly target: Target }[];
  /** Directory of the spool; undefined: none. */
  readonly spool: string | undefined;
  /** Octets for each collector. */
  readonly spoolOctets: number;
  readonly log: (line: string) => void;
}

/** The side of the collectors that needs an event loop: sessions over TCP, TLS and SCTP, names. Belongs to one loop. */
export class Collectors {
  readonly inputs: CollectorInput[] = [];
  /** The counters of each collector, in the order of the inputs. */
  readonly counters: CollectorCounters[] = [];
  readonly #sessions: StreamSession[] = [];
  readonly #bells: MessagePort[] = [];
  readonly #resolvers: NameResolver[] = [];

  /** @throws WeirError where the spool cannot be made */
  constructor(private readonly options: CollectorsOptions) {
    for (const { url, target } of options.collectors) {
      const memory = new SharedArrayBuffer(COUNTER_WORDS * 8);
      const counters = new CollectorCounters(new Float64Array(memory));
      this.counters.push(counters);
      this.inputs.push({ url, target, counters: memory, ...this.#open(url, target, counters) });
    }
  }

  /** To be transferred, not copied, to the loop's thread. */
  get transferList(): MessagePort[] {
    return this.inputs.flatMap(({ bell }) => bell ?? []);
  }

  /** After the loop has ended: sends what is left, or keeps it for the next start. */
  async stop(): Promise<void> {
    for (const resolver of this.#resolvers) resolver.close();
    await Promise.all(this.#sessions.map(session => session.stop()));
    for (const bell of this.#bells) bell.close();
  }

  #open(url: string, target: Target, counters: CollectorCounters): Partial<CollectorInput> {
    if (target.kind === 'file') return {};
    if (target.kind === 'udp') {
      if (isIP(target.host) !== 0) return {};
      const cell = new AddressCell();
      this.#resolvers.push(new NameResolver(target.host, cell, this.options.log));
      return { address: cell.memory };
    }
    const ring = MessageRing.allocate(RING_OCTETS);
    const spool = this.#spool(target, counters);
    const session = new StreamSession({ target, url, ring, counters, spool, log: this.options.log });
    this.#sessions.push(session);
    const { port1, port2 } = new MessageChannel();
    port1.on('message', () => session.wake());
    this.#bells.push(port1);
    return { ring: ring.memory, bell: port2 };
  }

  #spool({ kind, host, port }: StreamTarget, counters: CollectorCounters): Spool | undefined {
    const { spool, spoolOctets, log } = this.options;
    if (spool === undefined) return undefined;
    const directory = joinPath(spool, `${kind}-${host.replace(/[^\w.:-]/g, '_')}-${port}`);
    try {
      return new Spool(directory, spoolOctets, counters, log);
    } catch (error) {
      const { code } = error as { code?: string };
      throw new WeirError(
        `the spool ${directory} cannot be used (${code ?? error}): choose another with --spool, or "none"`,
      );
    }
  }
}
