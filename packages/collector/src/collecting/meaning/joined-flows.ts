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

/** The Flows last joined, by what their halves have in common; bounded. */
export class JoinedFlows {
  readonly #flows = new Map<string, JoinedFlow>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The Flow that what begins then goes on with. */
  of(key: string, begin: number): JoinedFlow | undefined {
    const flow = this.#flows.get(key);
    return flow !== undefined && begin <= flow.end + IDLE ? flow : undefined;
  }

  keep(key: string, flow: JoinedFlow): void {
    this.#flows.delete(key);
    this.#flows.set(key, flow);
    if (this.#flows.size <= this.#capacity) return;
    const [oldest] = this.#flows.keys();
    this.#flows.delete(oldest!);
  }

  forget(key: string): void {
    this.#flows.delete(key);
  }
}
