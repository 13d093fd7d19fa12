/** Minutes that an exporter counts as one on the way, after others have told of the same traffic and it has not. */
const SILENCE = 3;
/** Minutes until all exporters on a way have told of it: their reports come when it suits each. */
const GATHERING = 3;
/** Minutes that an exporter counts as one that tells of what it passes on. */
const PRESENCE = 10;
/** Minutes that a way is kept in mind. */
const MEMORY = 30;
/** Ways that are kept in mind. */
const WAYS = 400_000;

/** Where packets went from an exporter. */
export interface Next {
  /** Id of the node; empty where it is not known. */
  readonly node: string;
  /** Id of the link, where that is known. */
  readonly link: string;
}

export const unknown: Next = { node: '', link: '' };

/** Who has told of traffic from an address to another, or of all between an address and outside. */
export class Way {
  readonly #first: number;
  #newest: number;
  #exporters: ReadonlyMap<string, Next> | undefined;
  readonly #seen = new Map<string, { next: Next; at: number }>();

  constructor(at: number) {
    this.#first = at;
    this.#newest = at;
  }

  get newest(): number {
    return this.#newest;
  }

  /** Somebody who is not on it has told of its traffic. */
  touch(at: number): void {
    if (at <= this.#newest) return;
    this.#newest = at;
    this.#forget();
  }

  /** @param at minute */
  note(node: string, next: Next, at: number): void {
    this.touch(at);
    const before = this.#seen.get(node);
    const known = next.node === '' ? (before?.next ?? next) : next;
    if (before?.next.node !== known.node || before.next.link !== known.link) this.#exporters = undefined;
    this.#seen.set(node, { next: known, at: Math.max(at, before?.at ?? 0) });
  }

  /** Node by node where packets went on; in no order. */
  get exporters(): ReadonlyMap<string, Next> {
    this.#exporters ??= new Map([...this.#seen].map(([node, { next }]) => [node, next]));
    return this.#exporters;
  }

  has(node: string): boolean {
    return this.#seen.has(node);
  }

  /** Whether some on the way may not have told yet. */
  isYoung(now: number): boolean {
    return now - this.#first < GATHERING;
  }

  #forget(): void {
    for (const [node, { at }] of this.#seen) {
      if (this.#newest - at <= SILENCE) continue;
      this.#seen.delete(node);
      this.#exporters = undefined;
    }
  }
}

/** What exporters have told lately, by ids, so that it outlives the states of a topology. Bounded. */
export class Ways {
  /** Minute of the newest record. */
  now = 0;
  readonly #ways = new Map<string, Way>();
  /** By exporter, and interface or MAC address; undefined where an interface leads to several. */
  readonly #neighbours = new Map<string, Next | undefined>();
  /** When each has told so for the last time. */
  readonly #forwarding = new Map<string, number>();
  #changes = 0;

  wayOf(key: string): Way | undefined {
    return this.#ways.get(key);
  }

  /** It is this minute, or later. */
  pass(at: number): void {
    if (at <= this.now) return;
    this.now = at;
    this.#forgetSilent();
  }

  note(key: string, node: string, next: Next, at: number): Way {
    let way = this.#ways.get(key);
    if (way === undefined || this.now - way.newest > MEMORY) {
      if (this.#ways.size >= WAYS) this.#forget();
      way = new Way(at);
      this.#ways.set(key, way);
    }
    way.note(node, next, at);
    return way;
  }

  /**
   * Takes note that packets which go out of an interface, or to a MAC address, go to a node.
   * @param via empty for none
   */
  leads(node: string, via: string, next: Next): void {
    if (via === '') return;
    const key = `${node} ${via}`;
    const known = this.#neighbours.get(key);
    if (known === undefined && this.#neighbours.has(key)) return;
    this.#neighbours.set(key, known === undefined || known.node === next.node ? next : undefined);
  }

  /** The only node that an interface or a MAC address leads to, as far as is known. */
  neighbour(node: string, via: string): Next {
    return this.#neighbours.get(`${node} ${via}`) ?? unknown;
  }

  /** Takes note that an exporter tells of what it passes on for others, and so of all that goes through it. */
  forwards(node: string, at: number): void {
    if (!this.#forwarding.has(node)) this.#changes++;
    this.#forwarding.set(node, at);
  }

  isForwarding(node: string): boolean {
    return this.#forwarding.has(node);
  }

  /** A number that changes with what isForwarding says. */
  get forwarding(): number {
    return this.#changes;
  }

  /** Forgets those that have told nothing for a while. */
  #forgetSilent(): void {
    for (const [node, at] of this.#forwarding) {
      if (this.now - at <= PRESENCE) continue;
      this.#forwarding.delete(node);
      this.#changes++;
    }
  }

  /** Those that are the longest known go, if there are not enough that are over. */
  #forget(): void {
    for (const [key, { newest }] of this.#ways) if (this.now - newest > MEMORY) this.#ways.delete(key);
    for (const key of this.#ways.keys()) {
      if (this.#ways.size <= WAYS / 2) break;
      this.#ways.delete(key);
    }
  }
}
