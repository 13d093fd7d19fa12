import type { Side } from './half-columns.js';
import type { FlowIdentity } from './joined-record.js';

/** A Flow whose halves were joined, and that goes on as far as is known. */
export interface JoinedFlow extends FlowIdentity {
  readonly initiator: Side;
  /** flowStart of the half that answers: that of its later records, where they are of this Flow. */
  readonly responderStart: number;
  /** Of what has been told of it. */
  readonly end: number;
}

/** From a Flow's last packet to the next, so that the same addresses and ports are the same Flow: hosts use a port anew later than that. */
const IDLE = 60_000;

/**
 * The Flows last joined, by what their halves have in common; bounded: of two generations the older goes as a whole. (The first entries of one
 * Map could be deleted instead; but to find the first takes the longer, the more have been.)
 */
export class JoinedFlows {
  #young = new Map<string, JoinedFlow>();
  #old = new Map<string, JoinedFlow>();
  readonly #generation: number;

  /** @param capacity Flows remembered at most; at least half of them are */
  constructor(capacity: number) {
    this.#generation = Math.ceil(capacity / 2);
  }

  /** The Flow that what begins then goes on with. */
  of(key: string, begin: number): JoinedFlow | undefined {
    const flow = this.#young.get(key) ?? this.#old.get(key);
    return flow !== undefined && begin <= flow.end + IDLE ? flow : undefined;
  }

  keep(key: string, flow: JoinedFlow): void {
    this.#young.set(key, flow);
    if (this.#young.size < this.#generation) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  forget(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
